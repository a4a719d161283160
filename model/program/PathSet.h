// A set of access paths that is cheap to copy: copies share their content until one changes.
#ifndef HEDDLE_MODEL_PROGRAM_PATHSET_H
#define HEDDLE_MODEL_PROGRAM_PATHSET_H

#include "model/program/AccessPath.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace heddle {

/// Value type with the meaning of std::set<AccessPath>. The analysis copies such sets at every
/// program point and seldom changes them. Iterators are valid until the set changes. Distinct sets
/// may be used from distinct threads.
class PathSet {
public:
  using Paths = std::vector<AccessPath>; ///< Sorted, without repetition.
  using const_iterator = Paths::const_iterator;

  PathSet() = default;
  PathSet(std::initializer_list<AccessPath> Paths) {
    for (const AccessPath &Path : Paths)
      insert(Path);
  }
  template <typename Iterator> PathSet(Iterator Begin, Iterator End) {
    for (; Begin != End; ++Begin)
      insert(*Begin);
  }

  const_iterator begin() const { return paths().begin(); }
  const_iterator end() const { return paths().end(); }
  size_t size() const { return Content ? Content->size() : 0; }
  bool empty() const { return size() == 0; }
  size_t count(const AccessPath &Path) const {
    return std::binary_search(begin(), end(), Path) ? 1 : 0;
  }

  void insert(const AccessPath &Path) {
    auto Place = std::lower_bound(begin(), end(), Path);
    if (Place != end() && *Place == Path)
      return;
    size_t Index = Place - begin();
    Paths &Own = change();
    Own.insert(Own.begin() + Index, Path);
  }

  /// Adds the other's paths; returns whether that changed anything.
  bool unite(const PathSet &Other) {
    if (Other.empty() || Content == Other.Content)
      return false;
    if (empty()) {
      Content = Other.Content;
      return true;
    }
    if (std::includes(begin(), end(), Other.begin(), Other.end()))
      return false;
    auto Both = std::make_shared<Paths>();
    std::set_union(begin(), end(), Other.begin(), Other.end(), std::back_inserter(*Both));
    Content = std::move(Both);
    return true;
  }

  void erase(const AccessPath &Path) {
    if (count(Path))
      eraseIf([&](const AccessPath &P) { return P == Path; });
  }

  template <typename Predicate> void eraseIf(Predicate Drop) {
    if (std::any_of(begin(), end(), Drop))
      std::erase_if(change(), Drop);
  }

  friend bool operator==(const PathSet &A, const PathSet &B) {
    return A.Content == B.Content || A.paths() == B.paths();
  }

private:
  const Paths &paths() const {
    static const Paths None;
    return Content ? *Content : None;
  }
  Paths &change() {
    auto Own = std::make_shared<Paths>(paths());
    Paths &Result = *Own;
    Content = std::move(Own);
    return Result;
  }

  std::shared_ptr<const Paths> Content;
};

} // namespace heddle

#endif
