// A set of access paths that is cheap to copy.
#ifndef HEDDLE_MODEL_PROGRAM_PATHSET_H
#define HEDDLE_MODEL_PROGRAM_PATHSET_H

#include "model/facts/AccessPath.h"
#include "model/program/SharedSet.h"

#include "llvm/ADT/DenseMap.h"

namespace heddle {

using PathSet = SharedSet<AccessPath>;

/// What became of sets that were all treated alike. Most operations of a function share their sets,
/// so that each of these is treated once.
template <typename Set> class SetMemo {
public:
  /// `Treat(Set)`, remembered by the content of the set.
  template <typename Function> const Set &of(const Set &Given, Function Treat) {
    auto [Known, IsNew] = Results.try_emplace(Given.identity());
    if (IsNew)
      Known->second = {Given, Treat(Given)};
    return Known->second.second;
  }
  void clear() { Results.clear(); }

private:
  /// The sets are kept, so that no other one can get their identity.
  llvm::DenseMap<const void *, std::pair<Set, Set>> Results;
};

using PathSetMemo = SetMemo<PathSet>;

/// Likewise of two sets that were put together. Who unites shared sets by such a memo gets shared
/// sets again.
template <typename Set> class PairMemo {
public:
  /// `Combine(First, Second)`, remembered by the content of both.
  template <typename Function>
  const Set &of(const Set &First, const Set &Second, Function Combine) {
    auto [Known, IsNew] = Results.try_emplace({First.identity(), Second.identity()});
    if (IsNew)
      Known->second = {First, Second, Combine(First, Second)};
    return Known->second.Result;
  }
  const Set &unite(const Set &First, const Set &Second) {
    return of(First, Second, [](Set Both, const Set &Other) {
      Both.unite(Other);
      return Both;
    });
  }

private:
  struct Combined {
    Set First, Second; ///< Kept, as in SetMemo.
    Set Result;
  };
  llvm::DenseMap<std::pair<const void *, const void *>, Combined> Results;
};

} // namespace heddle

#endif
