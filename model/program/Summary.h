// What a call of a function does, in terms of its parameters, captures and globals.
#ifndef HEDDLE_MODEL_PROGRAM_SUMMARY_H
#define HEDDLE_MODEL_PROGRAM_SUMMARY_H

#include "model/program/interpreter/AbstractState.h"

namespace heddle {

/// A cancel function or stop source that some way through the function leaves uncalled.
struct MissedObligation {
  FunctionId In = InvalidId;
  AccessPath Object;
  SourceRange Made;               ///< Where the obligation arose.
  std::vector<SourceRange> Exits; ///< Where the function is left without meeting it.
  uint32_t Statement = InvalidId; ///< That makes it, in `In`.
  bool NeverMet = false;          ///< On no way at all, rather than on some.
};

/// A call of something that the function was given: the caller knows what it is.
struct DeferredCall {
  Value Callable;
  std::vector<Value> Arguments;
  std::vector<HeldLock> Held;    ///< Meanwhile.
  std::vector<FlagClaim> Claims; ///< Likewise.
  SourceRange Where;
  std::vector<uint32_t> Beside; ///< Threads that run meanwhile: indices into Summary::Running.
  PathSet Joined;               ///< Handles of threads that have been joined before (may).
  bool IsOfOneThread = false;   ///< See OfOneThread.
};

/// A callable that is put where other threads may find and call it.
struct OfferedTask {
  /// The member or global, or the container that holds it. Global(field): a member of any object,
  /// called with what stands beside it.
  AccessPath Place;
  Value Callable;
  AccessPath Self; ///< The object whose virtual function it is, until it is known which function.
  std::vector<std::pair<EntityId, Value>> Beside; ///< What other members of the object hold.
  std::shared_ptr<const ThreadOrigin> Origin;     ///< Where it is put there.
  PathSet Signals;                                ///< Once it is done.
  bool IsServed = false;                          ///< A thread is known that calls it.
  bool IsOnly = false;     ///< The place has room for one: what was there before is there no more.
  bool IsRepeated = false; ///< Put there again, for the same objects, while others may run it.
};

/// Computed once per function, after those of its callees.
struct Summary {
  /// Bounds what one function passes on; beyond it the rest stays unknown.
  static constexpr size_t MaxOperations = 1500;
  static constexpr size_t MaxDeferredCalls = 16;
  static constexpr size_t MaxCalls = 32; ///< Between the function and what is done.
  static constexpr size_t MaxOffers = 32;
  static constexpr size_t MaxPrimitiveUses = 64;
  static constexpr size_t MaxLockUses = 400;

  /// What the calling thread does, and threads that are joined again before the return.
  std::vector<Operation> Operations;
  PathSet Written; ///< The paths of those of Operations by which the calling thread itself writes.
  /// Threads that may still run when the function returns, and those whose callables only the
  /// caller knows.
  std::vector<ThreadRun> Running;
  std::vector<HeldLock> Acquired; ///< Held at every return and not before.
  /// Beyond those, held at every return of zero ([0]) and of anything else ([1]).
  std::vector<HeldLock> AcquiredIf[2];
  PathSet Released;                         ///< Given back without having been taken here.
  SharedMap<AccessPath, GuardState> Guards; ///< Of the result and of objects reached from outside.
  SharedMap<AccessPath, Value> Pointers;    ///< Likewise.
  Value Returned;
  PathSet Waited, Signals;
  /// Objects of which it runs the tasks meanwhile: contexts of Asio, containers of callables.
  PathSet Serves;
  std::vector<OfferedTask> Offers; ///< That no thread is known to serve.
  /// Variables to which a callable may have come from such a place.
  SharedMap<AccessPath, PathSet> Fetched;
  SharedSet<SourceRange> Phase; ///< At the return.
  Handovers Published, Believed;
  NoticeSet Told, Noticed, Writing;           ///< As in Notices, and at the return.
  FlagSources ResultSources;                  ///< Of the result.
  bool HasFence = false;                      ///< Orders atomic operations with a fence.
  PathSet Joined;                             ///< Handles joined on the way.
  std::set<uint32_t> HeapSites;               ///< Objects made here.
  std::map<AccessPath, Obligation> Returning; ///< Obligations that the result carries.
  std::set<uint32_t> Discharged;              ///< Slots whose obligations every way meets.
  std::vector<DeferredCall> DeferredCalls;
  /// Threads handed from one place to another: a parameter that becomes a member.
  std::vector<std::pair<AccessPath, AccessPath>> Moves;
  PhaseSet Phases;           ///< At the return; 0 stands for those at the call. Empty: those alone.
  PathSet Taken;             ///< Locks that are taken at some point.
  PathSet Past;              ///< Locks taken and threads joined at every return.
  std::vector<Value> AtExit; ///< What it leaves to be called when the program ends.
  bool CallsUnknown = false; ///< Calls code of the project that is not seen.
  std::optional<ValueTest> ResultCopy; ///< What the result was read from.
  /// What the result and what was given by reference tell about guarded data.
  SharedMap<AccessPath, ObservationList> Observed;
  /// What is left of the caller's primitives, and what was done to them as they were found.
  PrimitiveStates Primitives;
  std::vector<PrimitiveUse> PrimitiveUses;
  /// Acquire: locks that are waited for, with those that are held meanwhile. Block: calls that
  /// may keep the thread waiting. Of the calling thread, and of threads that are joined again.
  std::vector<Operation> LockUses;
  bool IsComputed = false;
};

} // namespace heddle

#endif
