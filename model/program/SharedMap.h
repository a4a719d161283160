// A map and a list that are cheap to copy: copies share their content until one changes.
#ifndef HEDDLE_MODEL_PROGRAM_SHAREDMAP_H
#define HEDDLE_MODEL_PROGRAM_SHAREDMAP_H

#include "model/program/SharedContent.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace heddle {

/// Value type. Reading never copies; changing copies the elements if another list has them too.
template <typename Element> class SharedList {
public:
  using Elements = std::vector<Element>;
  using value_type = Element;
  using const_iterator = typename Elements::const_iterator;

  SharedList() = default;
  SharedList(std::initializer_list<Element> Elements) {
    if (Elements.size() > 0)
      change().assign(Elements);
  }

  explicit SharedList(Elements Given) {
    if (!Given.empty())
      Content = SharedContent<Elements>(std::move(Given));
  }

  const_iterator begin() const { return elements().begin(); }
  const_iterator end() const { return elements().end(); }
  size_t size() const { return elements().size(); }
  bool empty() const { return size() == 0; }
  const Element &operator[](size_t Index) const { return elements()[Index]; }
  void push_back(Element Each) { change().push_back(std::move(Each)); }

  /// Returns whether something was dropped.
  template <typename Predicate> bool eraseIf(Predicate Drop) {
    size_t First = std::find_if(begin(), end(), Drop) - begin();
    if (First == size())
      return false;
    Elements &Own = change();
    Own.erase(std::remove_if(Own.begin() + First, Own.end(), Drop), Own.end());
    return true;
  }

  /// The elements, for changing them; invalid once this list is copied.
  Elements &change() { return Content.change(); }

  /// Equal for lists that share their content, and different from that of all others that live.
  const void *identity() const { return Content.identity(); }
  /// True only of lists that have the same elements; false tells nothing.
  bool shares(const SharedList &Other) const { return identity() == Other.identity(); }
  friend bool operator==(const SharedList &A, const SharedList &B) {
    return A.shares(B) || A.elements() == B.elements();
  }

private:
  const Elements &elements() const { return Content.get(); }

  SharedContent<Elements> Content;
};

/// Value type with the meaning of std::map. Iterators are for reading; what changes an entry says
/// so by its name. Both are valid until the map changes or is copied.
template <typename Key, typename Mapped> class SharedMap {
public:
  using value_type = std::pair<Key, Mapped>;
  using const_iterator = typename SharedList<value_type>::const_iterator;

  const_iterator begin() const { return Entries.begin(); }
  const_iterator end() const { return Entries.end(); }
  size_t size() const { return Entries.size(); }
  bool empty() const { return Entries.empty(); }
  size_t count(const Key &K) const { return find(K) != end() ? 1 : 0; }
  const_iterator find(const Key &K) const {
    auto Place = lowerBound(K);
    return Place != end() && Place->first == K ? Place : end();
  }

  Mapped &operator[](const Key &K) { return *try_emplace(K, Mapped()).first; }
  /// Returns the entry's content and whether it is new.
  std::pair<Mapped *, bool> try_emplace(const Key &K, Mapped Content) {
    auto Place = lowerBound(K);
    size_t Index = Place - begin();
    bool IsNew = Place == end() || !(Place->first == K);
    auto &Own = Entries.change();
    if (IsNew)
      Own.insert(Own.begin() + Index, value_type(K, std::move(Content)));
    return {&Own[Index].second, IsNew};
  }
  void insert(value_type Entry) { try_emplace(Entry.first, std::move(Entry.second)); }
  /// The content, for changing it; null if there is none.
  Mapped *change(const Key &K) {
    auto Place = find(K);
    size_t Index = Place - begin();
    return Place == end() ? nullptr : &Entries.change()[Index].second;
  }
  /// `Apply(Key, Mapped &)` to those entries for which `Concerns(Key, Mapped)`.
  template <typename Predicate, typename Change> void changeIf(Predicate Concerns, Change Apply) {
    for (size_t I = 0; I < Entries.size(); ++I)
      if (Concerns(Entries[I].first, Entries[I].second)) {
        value_type &Own = Entries.change()[I];
        Apply(Own.first, Own.second);
      }
  }

  /// Adds the other's entries, as long as there are fewer than `Most`. Where both have one,
  /// `Merge(Mapped &Mine, const Mapped &Theirs)` brings theirs in and tells whether that changed
  /// mine. Returns whether this map changed.
  template <typename Merger>
  bool unite(const SharedMap &Other, Merger Merge, size_t Most = SIZE_MAX) {
    if (Other.empty() || shares(Other))
      return false;
    if (empty() && Other.size() <= Most) {
      *this = Other;
      return true;
    }
    bool Changed = false;
    size_t Index = 0;
    for (const value_type &Theirs : Other) {
      while (Index < size() && Entries[Index].first < Theirs.first)
        ++Index;
      if (Index < size() && Entries[Index].first == Theirs.first) {
        Mapped Both = Entries[Index].second;
        if (Merge(Both, Theirs.second)) {
          Entries.change()[Index].second = std::move(Both);
          Changed = true;
        }
      } else if (size() < Most) {
        auto &Own = Entries.change();
        Own.insert(Own.begin() + Index, Theirs);
        Changed = true;
      }
    }
    return Changed;
  }
  /// Brings in the other map. Entries that are equal stay; for any other, `Both(const Mapped *Mine,
  /// const Mapped *Theirs)`, null where there is none, says what becomes of it, or nothing to drop
  /// it. Returns whether this map changed.
  template <typename Merger> bool merge(const SharedMap &Other, Merger Both) {
    if (shares(Other))
      return false;
    typename SharedList<value_type>::Elements Merged;
    bool Changed = false;
    auto Mine = begin();
    auto Put = [&](const Key &K, const Mapped *Content) {
      if (Changed && Content)
        Merged.emplace_back(K, *Content);
    };
    auto Decide = [&](const Key &K, const Mapped *Own, const Mapped *Their) {
      std::optional<Mapped> Result = Both(Own, Their);
      bool IsSame = Result ? Own && *Result == *Own : !Own;
      if (!IsSame && !Changed) {
        Merged.reserve(size() + 1);
        Merged.assign(begin(), Mine);
        Changed = true;
      }
      Put(K, IsSame ? Own : Result ? &*Result : nullptr);
    };
    for (auto Their = Other.begin(); Mine != end() || Their != Other.end();) {
      if (Their == Other.end() || (Mine != end() && Mine->first < Their->first)) {
        Decide(Mine->first, &Mine->second, nullptr);
        ++Mine;
      } else if (Mine == end() || Their->first < Mine->first) {
        Decide(Their->first, nullptr, &Their->second);
        ++Their;
      } else {
        if (Mine->second == Their->second)
          Put(Mine->first, &Mine->second);
        else
          Decide(Mine->first, &Mine->second, &Their->second);
        ++Mine;
        ++Their;
      }
    }
    if (Changed)
      Entries = SharedList<value_type>(std::move(Merged));
    return Changed;
  }
  /// Drops the entries that the other lacks; where both have one, `Merge` as above. Returns
  /// whether this map changed.
  template <typename Merger> bool intersect(const SharedMap &Other, Merger Merge) {
    if (shares(Other))
      return false;
    auto Their = Other.begin();
    auto Find = [&](const Key &K) {
      while (Their != Other.end() && Their->first < K)
        ++Their;
      return Their != Other.end() && Their->first == K;
    };
    bool Changed = Entries.eraseIf([&](const value_type &Mine) { return !Find(Mine.first); });
    Their = Other.begin();
    for (size_t Index = 0; Index < size(); ++Index)
      if (Find(Entries[Index].first)) {
        Mapped Both = Entries[Index].second;
        if (Merge(Both, Their->second)) {
          Entries.change()[Index].second = std::move(Both);
          Changed = true;
        }
      }
    return Changed;
  }

  void erase(const Key &K) {
    if (auto Place = find(K); Place != end()) {
      size_t Index = Place - begin();
      auto &Own = Entries.change();
      Own.erase(Own.begin() + Index);
    }
  }
  /// Drops the entries (pairs of key and content) for which `Drop` holds; returns whether there
  /// were any.
  template <typename Predicate> bool eraseIf(Predicate Drop) { return Entries.eraseIf(Drop); }

  /// True only of equal maps; false tells nothing.
  bool shares(const SharedMap &Other) const { return Entries.shares(Other.Entries); }
  friend bool operator==(const SharedMap &A, const SharedMap &B) { return A.Entries == B.Entries; }

private:
  const_iterator lowerBound(const Key &K) const {
    return std::lower_bound(begin(), end(), K, [](const value_type &Entry, const Key &Wanted) {
      return Entry.first < Wanted;
    });
  }

  SharedList<value_type> Entries; ///< Sorted by key.
};

} // namespace heddle

#endif
