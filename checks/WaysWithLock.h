// Where in a function a lock may be held already.
#ifndef HEDDLE_CHECKS_WAYSWITHLOCK_H
#define HEDDLE_CHECKS_WAYSWITHLOCK_H

#include "model/facts/UnitFacts.h"

#include "llvm/ADT/STLExtras.h"

#include <set>

namespace heddle {

/// The places at which a lock, as its function names it, is held on some ways: by hand, by an
/// attempt, or by a guard.
class WaysWithLock {
public:
  WaysWithLock(const FunctionFacts &Function, const AccessPath &Lock);
  bool lead(SourceRange To) const { return llvm::is_contained(Reached, To); }

private:
  bool takes(const Event &E) const;
  bool givesBack(const Event &E) const;
  void follow(const Block &B, size_t From);

  const FunctionFacts &Function;
  const AccessPath Lock;
  std::vector<AccessPath> Guards;
  std::vector<SourceRange> Reached;
  std::set<uint32_t> Entered;
};

} // namespace heddle

#endif
