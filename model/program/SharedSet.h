// A set that is cheap to copy: copies share their content until one changes.
#ifndef HEDDLE_MODEL_PROGRAM_SHAREDSET_H
#define HEDDLE_MODEL_PROGRAM_SHAREDSET_H

#include "model/program/SharedContent.h"

#include <algorithm>
#include <vector>

namespace heddle {

/// Value type with the meaning of std::set. The analysis copies such sets at every program point
/// and seldom changes them. Iterators are valid until the set changes. A set and its copies belong
/// to one thread.
template <typename Element> class SharedSet {
public:
  using Elements = std::vector<Element>; ///< Sorted, without repetition.
  using value_type = Element;
  using const_iterator = typename Elements::const_iterator;

  SharedSet() = default;
  SharedSet(std::initializer_list<Element> Elements) {
    for (const Element &Each : Elements)
      insert(Each);
  }
  template <typename Iterator> SharedSet(Iterator Begin, Iterator End) {
    for (; Begin != End; ++Begin)
      insert(*Begin);
  }

  const_iterator begin() const { return elements().begin(); }
  const_iterator end() const { return elements().end(); }
  size_t size() const { return elements().size(); }
  bool empty() const { return size() == 0; }
  size_t count(const Element &Each) const {
    return std::binary_search(begin(), end(), Each) ? 1 : 0;
  }

  /// Returns whether it is new.
  bool insert(const Element &Each) {
    auto Place = std::lower_bound(begin(), end(), Each);
    if (Place != end() && *Place == Each)
      return false;
    size_t Index = Place - begin();
    Elements &Own = Content.change();
    Own.insert(Own.begin() + Index, Each);
    return true;
  }

  /// Adds the other's elements; returns whether that changed anything.
  bool unite(const SharedSet &Other) {
    if (Other.empty() || identity() == Other.identity())
      return false;
    if (empty()) {
      Content = Other.Content;
      return true;
    }
    if (std::includes(begin(), end(), Other.begin(), Other.end()))
      return false;
    if (std::includes(Other.begin(), Other.end(), begin(), end())) {
      Content = Other.Content;
      return true;
    }
    Elements Both;
    Both.reserve(size() + Other.size());
    std::set_union(begin(), end(), Other.begin(), Other.end(), std::back_inserter(Both));
    Content = SharedContent<Elements>(std::move(Both));
    return true;
  }

  /// Drops what the other lacks; returns whether that changed anything.
  bool intersect(const SharedSet &Other) {
    return identity() != Other.identity() &&
           eraseIf([&](const Element &Each) { return !Other.count(Each); });
  }

  void erase(const Element &Each) {
    if (count(Each))
      eraseIf([&](const Element &Mine) { return Mine == Each; });
  }

  /// Returns whether something was dropped.
  template <typename Predicate> bool eraseIf(Predicate Drop) {
    if (std::none_of(begin(), end(), Drop))
      return false;
    std::erase_if(Content.change(), Drop);
    return true;
  }

  /// Equal for sets that share their content, and different from that of all others that live.
  const void *identity() const { return Content.identity(); }
  friend bool operator==(const SharedSet &A, const SharedSet &B) {
    return A.identity() == B.identity() || A.elements() == B.elements();
  }

private:
  const Elements &elements() const { return Content.get(); }

  SharedContent<Elements> Content;
};

} // namespace heddle

#endif
