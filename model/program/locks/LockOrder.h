// The order in which locks are taken: who waits for one lock while holding another.
#ifndef HEDDLE_MODEL_PROGRAM_LOCKS_LOCKORDER_H
#define HEDDLE_MODEL_PROGRAM_LOCKS_LOCKORDER_H

#include "model/program/Operation.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>

namespace heddle {

class ProgramModel;

/// A thread waits for `Taken` while it holds `Held`, one of Taken.Locks; as seen from `Frame`.
struct LockEdge {
  FunctionId Frame = InvalidId;
  AccessPath From, To; ///< The two locks, in the terms in which edges are compared.
  HeldLock Held;
  Operation Taken;
  uint32_t Run = InvalidId; ///< Of the frame, that does it; invalid for the frame's own thread.
  std::map<uint32_t, PathSet> Live; ///< Runs beside it, and what is stale there.
};

/// Each edge's thread holds what the one before waits for, and the last one closes the circle.
struct LockCycle {
  std::vector<LockEdge> Edges;
  /// The threads are seen to run at the same time. Otherwise the order alone is inconsistent, in
  /// functions that any thread may call.
  bool IsBetweenThreads = false;
  enum Kind : uint8_t {
    Circle,
    Array, ///< Elements of one array, upwards by the first edge and downwards by the second.
    Ring,  ///< Each takes an element and the next one, and behind the last comes the first.
    Drawn, ///< Two elements in the order in which the caller happens to give them.
  } Shape = Circle;
};

/// A call that may not return for long while locks are held, as seen from `Frame`.
struct BlockedHolder {
  FunctionId Frame = InvalidId;
  Operation Call;
  HeldLock Held; ///< The lock that was taken last.
  /// For joins: where the thread that is waited for takes the lock, so that neither goes on.
  std::optional<Operation> Needed;
  SourceRange Place; ///< In the function that took the lock, if that is on the way.
};

/// Collects edges and looks for circles among them. Values of the caller's decide which edges can
/// happen at the same time. Single use.
/// Source: lock-order graphs with gate locks and thread segments (Bensalem and Havelund, 2005).
class LockGraph {
public:
  using Compatible = llvm::function_ref<bool(const LockEdge &, const LockEdge &)>;

  void add(LockEdge Edge);
  bool empty() const { return Edges.empty() && InArrays.empty(); }
  /// Circles of at most MaxLength edges that are pairwise compatible, shortest first, one for each
  /// set of locks.
  std::vector<LockCycle> cycles(Compatible AreCompatible) const;
  /// Circles within one array of locks.
  std::vector<LockCycle> arrayCycles(const UnitFacts &Unit, Compatible AreCompatible) const;

private:
  static constexpr size_t MaxLength = 8, MaxWitnesses = 8, MaxSteps = 20000;
  void extend(std::vector<const LockEdge *> &Way, size_t Limit, Compatible AreCompatible,
              std::vector<LockCycle> &Out, std::set<std::set<AccessPath>> &Known,
              size_t &Budget) const;

  std::map<AccessPath, std::vector<LockEdge>> Edges; ///< By From.
  std::vector<LockEdge> InArrays;                    ///< From one element to another.
};

/// The lock with any index in place of those that it has; unknown if it is in no array.
AccessPath arrayOf(const AccessPath &Lock);

/// Whether no lock that both hold keeps the two apart. Locks that cannot be named may be any.
bool lackCommonLock(const Operation &A, const Operation &B);

/// Adds circles between functions of which any thread may call any one at any time.
void addPromisedCycles(const ProgramModel &Program, const std::vector<FunctionId> &Entries,
                       std::vector<LockCycle> &Cycles);

std::vector<BlockedHolder> findBlockedHolders(const ProgramModel &Program,
                                              const std::vector<FunctionId> &Entries);

} // namespace heddle

#endif
