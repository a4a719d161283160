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
class PathSetMemo {
public:
  /// `Treat(Set)`, remembered by the content of the set.
  template <typename Function> const PathSet &of(const PathSet &Set, Function Treat) {
    auto [Known, IsNew] = Results.try_emplace(Set.identity());
    if (IsNew)
      Known->second = {Set, Treat(Set)};
    return Known->second.second;
  }
  void clear() { Results.clear(); }

private:
  /// The sets are kept, so that no other one can get their identity.
  llvm::DenseMap<const void *, std::pair<PathSet, PathSet>> Results;
};

} // namespace heddle

#endif
