// Which functions come back to their caller, and which loops nobody ever leaves.
#ifndef HEDDLE_MODEL_PROGRAM_CONTROLFLOW_H
#define HEDDLE_MODEL_PROGRAM_CONTROLFLOW_H

#include "model/facts/ValueFlow.h"

#include "llvm/ADT/SmallVector.h"

namespace heddle {

/// A loop from which no way leads to the exit of its function.
struct Trap {
  uint32_t Loop;                ///< Index into FunctionFacts::Loops.
  std::vector<uint32_t> Blocks; ///< All that runs once the loop is entered, sorted.
};

/// Reachability over the unit's functions, to a fixpoint over its call graph. A call of a function
/// that never returns ends the way; one that may throw or end the thread opens a way to the exit
/// or to the handler around it; a call of unknown code comes back. Failed assertions and aborts
/// of callees lead nowhere. Const and thread-safe once built; the ValueFlow and its unit must
/// outlive it.
class ControlFlow {
public:
  explicit ControlFlow(const ValueFlow &Values);

  /// False if no call of the function comes back: it loops, exits or throws on every path.
  bool mayReturn(FunctionId Id) const { return Effects[Id].Returns; }
  /// Whether the exit is reached at all: by return, by throwing, or by ending the thread.
  bool exitReachable(FunctionId Id) const;

  /// Reachable from the entry, by block.
  std::vector<bool> reachable(FunctionId Id) const;
  /// Reachable from the entry, but with no way to the exit, by block.
  std::vector<bool> trapped(FunctionId Id) const;
  /// The loops to blame for trapped blocks, in source order: loops that do not end and are not
  /// left; of nested ones the outermost that goes round. Cycles made of goto blame nobody.
  const std::vector<Trap> &traps(FunctionId Id) const { return Traps[Id]; }

  /// A call in `Caller` that can be reached, and whose callee is known.
  struct Call {
    const Event *Site;
    FunctionId Callee;
    bool IsCaught; ///< What the callee throws is taken by a handler from which the exit is near.
  };
  /// All of them, in block order.
  const std::vector<Call> &calls(FunctionId Caller) const { return Calls[Caller]; }

  /// The events of the function's blocks that can be reached, in block order. `Returning`: only of
  /// those from which the function can return.
  std::vector<const Event *> liveEvents(FunctionId Id, bool Returning = false) const;

  /// What runs in the given blocks, callees included.
  struct Contents {
    bool HasUnknownCalls = false;
    bool HasWaits = false; ///< Joins, waits, channel operations: nobody knows for how long.
  };
  Contents contents(FunctionId Id, const std::vector<uint32_t> &Blocks) const;

private:
  struct Effect {
    bool Returns = false, Throws = false, Ends = false;
    friend bool operator==(const Effect &, const Effect &) = default;
  };
  /// Where a block leads, callees taken into account.
  struct Ways {
    llvm::SmallVector<uint32_t, 4> Next;
    Effect Out; ///< How the function is left from here.
    /// The function itself decides to end the program. That it does so deep inside a callee, like
    /// an assertion that fails, is nobody's plan for the end of a thread.
    bool GivesUp = false;
    size_t Executed = 0; ///< Events that can be reached, if the block can.
  };
  void findEffects();
  std::vector<Trap> findTraps(FunctionId Id) const;
  std::vector<Call> findCalls(FunctionId Caller) const;
  Ways ways(FunctionId Id, uint32_t Block) const;
  std::vector<bool> from(FunctionId Id, uint32_t Start) const;
  std::vector<bool> reachingExit(FunctionId Id) const;
  void collect(FunctionId Id, const std::vector<uint32_t> &Blocks, std::vector<bool> &Seen,
               Contents &Out) const;

  const ValueFlow &Values;
  const UnitFacts &Unit;
  std::vector<Effect> Effects; ///< These three by function.
  std::vector<std::vector<Trap>> Traps;
  std::vector<std::vector<Call>> Calls;
};

} // namespace heddle

#endif
