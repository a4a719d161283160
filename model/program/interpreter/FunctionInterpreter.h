// Runs one function's events over abstract states until nothing changes, and sums it up.
#ifndef HEDDLE_MODEL_PROGRAM_INTERPRETER_FUNCTIONINTERPRETER_H
#define HEDDLE_MODEL_PROGRAM_INTERPRETER_FUNCTIONINTERPRETER_H

#include "model/program/CallBinding.h"
#include "model/program/ProgramModel.h"
#include "model/program/locks/LockWays.h"

#include <deque>

namespace heddle {

/// Single use. Reads the summaries of callees from the model and writes the function's own summary
/// and what it finds on the way (concurrent pairs, missed obligations, lock sets) into it.
///
/// A forward dataflow analysis over the event graph: must for locks, guards and pointers, may for
/// threads, waits and obligations; calls are applied by substitution of parameters.
class FunctionInterpreter {
public:
  /// `Ways`: what LockFlow knows of the function.
  FunctionInterpreter(ProgramModel &Program, FunctionId Function, LockWays Ways);
  void run();

private:
  using Binding = CallBinding;
  struct Position {
    uint32_t Block = 0, Event = 0;
    /// An event of an edge counts after those of its block.
    friend auto operator<=>(const Position &, const Position &) = default;
  };

  /// Numbers of the runs and offers of one position. Those that are made by one have numbers of
  /// their own, of a further thousand each.
  struct Ordinals {
    static constexpr uint32_t OffersOfCallee = 200, Deferred = 500, OffersDeferred = 600,
                              Offers = 700, Served = 800, All = 1000;
    static constexpr uint32_t within(uint32_t Ordinal) { return (Ordinal + 1) * All; }
    static constexpr uint32_t outermost(uint32_t Ordinal) {
      while (Ordinal >= All)
        Ordinal = Ordinal / All - 1;
      return Ordinal;
    }
  };

  bool startsThreads() const;
  void reachFixpoint();
  void record();
  AbstractState transfer(uint32_t Block);
  void apply(AbstractState &State, const Event &E, Position At);
  // Handovers.cpp
  void applyPassed(AbstractState &State, const Event &E);
  /// The thread may have seen there what another one has done; which value it was is not known.
  void noteSeen(AbstractState &State, const AccessPath &Path, const SourceRange &Where);
  void notePublished(const Event &E, const AccessPath &Path);
  void addPublishedAfter();
  Handovers substitute(const AbstractState &State, const Binding &Call, const Handovers &All) const;
  bool seesFence() const;
  // Notices.cpp: flags that are set and found set under locks
  void noteSource(AbstractState &State, const Event &E);
  /// Whether something else than its name may lead to the variable.
  bool isPointedTo(const AccessPath &Variable);
  std::optional<std::set<uint32_t>> PointedTo; ///< By entity.
  void noteFound(AbstractState &State, const Event &E);
  void noteFlagChanged(AbstractState &State, const Event &E, const AccessPath &Path);
  void addChange(AbstractState &State, const Notice &Change);
  /// What was done in sections that are over is known to others.
  void tell(AbstractState &State, Position At);
  void noteTold(AbstractState &State, const Notice &Told, Position At);
  /// What a callee found out under the locks of its caller, with those that are held here.
  static NoticeSet foundUnderLocks(const AbstractState &State, const NoticeSet &Found);
  /// What a callee tells after what it does, seen from here.
  static NoticeSet tellAgain(const NoticeSet &Told, const NoticeSet &Before);
  void addToldAfter();
  void markToldByMany();
  NoticeSet substitute(const AbstractState &State, const Binding &Call, const NoticeSet &All) const;
  void adoptNotices(AbstractState &State, const Summary &Callee, const Binding &Call, Position At);
  void summarizeNotices(const AbstractState &Exit);
  void applyAccess(AbstractState &State, const Event &E);
  void applyChannel(AbstractState &State, const Event &E, const AccessPath &Path);
  // ExitCalls.cpp: what is called when the program ends
  void noteAtExit(const Value &Callable);
  void callAtExit();
  void applyGuard(AbstractState &State, const Event &E);
  /// Whether a caller may know what the guard owns.
  bool isGivenGuard(const AccessPath &Guard) const {
    return Guard.isPrecise() && isHandedOver(Guard);
  }
  void applyGuardsLeft(AbstractState &State, const Summary &Callee, const Binding &Call);
  std::vector<AccessPath> locksOfGuard(const AbstractState &State, const Binding &Call,
                                       const AccessPath &Lock) const;
  /// What a guard that is given it takes: of a class of the project's, the lock inside.
  HeldLock guardedLock(const AbstractState &State, const Value &Given) const;
  void applyThread(AbstractState &State, const Event &E, Position At);
  void noteTaken(const AccessPath &Lock);
  void noteWorkUnderLocalLocks(const AbstractState &State, const Event &E);
  void noteReleased(const AccessPath &Lock);
  void noteGuardReleased(const AbstractState &State, const AccessPath &Guard);
  void applyLockPoll(AbstractState &State, const Event &E);
  void applyCallOutcome(AbstractState &State, const Event &E);
  void noteOutcome(const AbstractState &State, const Value &Returned);
  void summarizeLocks(const AbstractState &Exit);
  /// Who calls something once waits for whoever does so at the time, as if that one held a lock.
  void noteOnceWait(const AbstractState &State, const Event &E, const AccessPath &Flag);
  void noteOnceRun(const AbstractState &State, const Event &E, size_t FirstUse);
  void applyCallOfValue(AbstractState &State, const Event &E, Position At);
  void noteEnteredWithLock(FunctionId Callee);
  void applyDeferredCalls(AbstractState &State, llvm::ArrayRef<DeferredCall> Calls,
                          const Binding &Call, Position At);
  void signalContext(const AbstractState &State, const AccessPath &Cancel);
  /// `IsEnd`: the handle's own end waits, and for nothing that went elsewhere.
  void joinThread(AbstractState &State, const AccessPath &Path, bool IsEnd = false);
  void applySpawn(AbstractState &State, const Event &E, Position At);
  /// Starts the run with all that its callable does, if that is known.
  void startTask(AbstractState &State, ThreadRun Run, Position At, uint32_t Ordinal,
                 bool IsParallel);
  /// What the callable of a thread calls through its arguments, as parts of that thread.
  /// Returns the objects that those are given of which nobody knows what they are.
  PathSet startDeferredCalls(AbstractState &State, const ThreadRun &Part, const Summary &Entry,
                             const Binding &Call, Position At, uint32_t Ordinal, bool IsParallel);
  /// What the later part of a thread does, for all that is known, lets others go on.
  static void goesOnAs(const ThreadRun &Later, ThreadRun &Part);
  void applyCall(AbstractState &State, const Event &E, const Binding &Call, Position At);
  /// How a callee's threads come to be from here: through a call, or started by another thread.
  struct Via {
    CallStep Step;
    std::shared_ptr<const ThreadOrigin> Parent = nullptr;
    bool IsTeam = false;        ///< Parent is a team, of which its operations know the place.
    AccessPath TaskHandle = {}; ///< Of Parent, if it is a task of a team.
  };
  /// The threads that the callee leaves running, in the caller's terms. Those that it has joined
  /// but whose callables only the caller knows run and end here.
  void adoptRuns(AbstractState &State, const Summary &Callee, const Binding &Call, const Via &How,
                 Position At, uint32_t Ordinal);
  /// Whether one thread alone ever comes there, and once.
  bool isOnce(const AbstractState &State, const SourceRange &Where) const;
  void adoptRun(AbstractState &State, const ThreadRun &Left, const Binding &Call, const Via &How,
                Position At, uint32_t Ordinal);
  static std::shared_ptr<const ThreadOrigin> rooted(const ThreadOrigin &Origin, const Via &How);
  // OfferedTasks.cpp: callables that are kept for others to call
  struct Server {
    uint32_t Run;
    AccessPath Alone; ///< What it serves, if it does so alone; else unknown.
  };
  /// The thread that runs the tasks that are put there. None if there is none yet.
  std::optional<Server> findServer(const AbstractState &State, const AccessPath &Place) const;
  /// The place whose tasks whoever calls what is there runs: a container with all that it holds.
  static AccessPath placeOfTasks(const AccessPath &Callable);
  void applyOffer(AbstractState &State, const Event &E, Position At);
  void adoptOffers(AbstractState &State, const Summary &Callee, const Binding &Call, const Via &How,
                   Position At, uint32_t Ordinal);
  /// Passes the task on to the callers, and starts it with the threads that serve its place, now
  /// and later.
  void giveTask(AbstractState &State, OfferedTask Task, Position At, uint32_t Ordinal);
  void serveTask(AbstractState &State, OfferedTask &Task, Position At, uint32_t Ordinal);
  void startOffered(AbstractState &State, const PathSet &Served, Position At, uint32_t Ordinal);
  void noteServing(const AbstractState &State, const Event &E, const Value &Called);
  /// What is known to call a task with what stands beside it: in which member each argument is.
  std::vector<Value> argumentsOf(const OfferedTask &Task) const;
  const ProgramModel::KeptCallables &keptCallables() const;
  /// Whether nothing else than the task can be what is called there.
  bool isOnlyTask(const AbstractState &State, const OfferedTask &Task) const;
  /// What the task calls through what it was given, where that is known here alone.
  void offerDeferred(AbstractState &State, const OfferedTask &Task, Position At, uint32_t Ordinal);
  /// The index in Offers; none beyond the limit.
  std::optional<uint32_t> offerNumber(Position At, uint32_t Ordinal);
  void applyCallEffects(AbstractState &State, const Event &E, const Summary &Callee,
                        const Binding &Call);
  void applyUnknown(AbstractState &State, const Event &E);
  /// What is owed through the object is done, or somebody else's from now on.
  void meet(AbstractState &State, const AccessPath &Object);
  void owe(AbstractState &State, const AccessPath &Object, const Event &E);
  void applyStore(AbstractState &State, const Event &E);
  // ValueTests.cpp
  void applyCopied(AbstractState &State, const Event &E);
  void applyFound(AbstractState &State, const Event &E);
  /// The value that the path stands for: itself, or what a local was read from.
  std::optional<ValueTest> readValue(const AbstractState &State, const Event &E,
                                     const AccessPath &Path) const;
  void addTests(const AbstractState &State, Operation &Op) const;
  void noteGuarded(const Operation &Op);
  ValueTest substitute(const AbstractState &State, const Binding &Call, const ValueTest &T) const;
  Binding bindDirect(const AbstractState &State, const Event &E) const;
  Binding bind(const Value &Target, llvm::ArrayRef<Value> Arguments) const;
  /// What stands there where it is loaded from a constant object; the same value otherwise.
  Value constantCallable(const Value &Target) const;
  Binding bindValue(const AbstractState &State, const Event &E) const;

  // Primitives.cpp: what is set up and torn down by calls
  void applyPrimitive(AbstractState &State, const Event &E);
  void noteEndUnderGuard(const AbstractState &State, const Event &E);
  void applyPrimitiveAccess(AbstractState &State, const Event &E);
  void applyPrimitiveUse(AbstractState &State, const PrimitiveUse &Use,
                         const AccessPath &Outcome = {});
  std::optional<PrimitiveMisuse> judge(const AbstractState &State, const PrimitiveUse &Use) const;
  void notePrimitiveUse(const AbstractState &State, const PrimitiveUse &Use);
  void applyPrimitiveUses(AbstractState &State, const Event &E, const Summary &Callee,
                          const Binding &Call);
  void applyPrimitivesLeft(AbstractState &State, const Summary &Callee, const Binding &Call);
  void forgetPrimitivesOf(AbstractState &State, const Event &Spawn);
  void collectTeardown(const Operation &A, const Operation &B, const PathSet &Stale);
  /// Locks of this function's own whose life ends here.
  void notePrimitivesLeft(const AbstractState &State, SourceRange Where);
  // ConditionWaits.cpp: which condition is waited on with which lock
  void applyConditionWait(const AbstractState &State, const Event &E);
  void addPredicate(const AbstractState &State, const Event &E, Operation &Wait) const;
  void excuseWait(const AbstractState &State, Operation &Wait) const;
  /// What a loop around a wait asks for is asked once before anything was waited for.
  void askBeforeWaits();
  void askBeforeWait(Position Wait);
  void collectConditionPairs(const Operation &A, const Operation &B, const PathSet &Stale);
  void checkWaitLocks(const Operation &Wait);
  // LostWakeups.cpp: changes that waiters can miss
  void collectLostWakeups();
  void collectLostWakeup(const Operation &Change, const Operation &Wait, const PathSet &Stale);

  // TeamEffects.cpp: where in a team of threads something is done
  void applyPlaced(AbstractState &State, const Event &E, Position At);
  /// The place with what this function knows of it: constructs around, barriers passed.
  std::shared_ptr<const TeamPlace> placeInTeam(const AbstractState &State,
                                               const std::shared_ptr<const TeamPlace> &Inner) const;
  /// Whether the run stands for all threads of a team.
  bool isTeam(const ThreadRun &Run) const;
  static PhaseSet phasesAfter(const PhaseSet &Before, const PhaseSet &Inner);

  // StaleChecks.cpp: what values and branches depend on, and writes for which it may be outdated
  /// Whether what it reads could be read under a lock.
  bool touchesLocks();
  std::optional<bool> TouchesLocks;
  void applyDerive(AbstractState &State, const Event &E);
  void applyTest(AbstractState &State, const Event &E);
  ObservationList observe(const AbstractState &State, llvm::ArrayRef<Value> Sources,
                          SourceRange Where) const;
  void adoptObserved(AbstractState &State, const Event &E, const Summary &Callee,
                     const Binding &Call);
  /// The callee's writes as far as they end what was known before.
  void noteWrites(AbstractState &State, const Summary &Callee, const Binding &Call);
  void findStaleCheck(const AbstractState &State, Operation &Op) const;
  ObservationList given(const AbstractState &State, Operation &Op) const;
  void collectStaleActs(const Operation &A, const Operation &B, const PathSet &Stale);
  void summarizeObserved(const AbstractState &Exit);

  // EscapedReferences.cpp: ways into guarded memory that outlive the critical section
  void borrow(AbstractState &State, const Event &E, const AccessPath &Holder, const Value &Held);
  void claimBorrows(AbstractState &State, const AccessPath &Written) const;
  void applyUse(const AbstractState &State, const Event &E);
  void noteEscape(const AbstractState &State, EscapedReference::Way How, const Value &Held,
                  SourceRange Where);
  void dropEscapesUnderLock();

  // LockUses.cpp: locks that are waited for and calls that block, with the locks held meanwhile
  /// What the event does to the object, as an operation of the function's own.
  Operation operationOf(const Event &E, EventKind Kind, AccessPath Path) const;
  void noteTaken(const AbstractState &State, const Event &E, const AccessPath &Lock, bool IsShared);
  void noteGuardTaken(const AbstractState &State, const Event &E, const AccessPath &Guard);
  void applyBlock(const AbstractState &State, const Event &E);
  void noteCancelPoint(const AbstractState &State, const Event &E);
  /// A call of something that the class or a caller keeps, and that is not known here.
  void noteCallback(const AbstractState &State, const Event &E, const Value &Target);
  void noteJoinUnder(const AbstractState &State, const AccessPath &Handle);
  void noteEndOfHandle(const AbstractState &State, const Event &E, const AccessPath &Handle);
  void addUse(const AbstractState &State, Operation Use);
  std::optional<Operation> substituteUse(const AbstractState &State, const Binding &Call,
                                         const Operation &Use) const;
  void adoptUses(const AbstractState &State, const Summary &Callee, const Binding &Call,
                 const CallStep &Step);
  void adoptUses(const AbstractState &State, ThreadRun &Run, const std::vector<Operation> &Uses,
                 const Binding &Call, const Via &How);
  bool isChosenOrder(const HeldLock &Held, const Operation &Taken, Position At) const;
  void dropChosenOrders();
  bool areAlternatives(Position A, Position B) const;
  void summarizeUses();
  void findNeededLocks();
  void giveBack(const AbstractState &State, Operation &Use) const;
  void findLockCycles();

  // Substitution of a callee's names by the caller's
  AccessPath substitute(const AbstractState &State, const Binding &Call,
                        const AccessPath &Path) const;
  /// For objects that are followed when they are handed over by value: handles of threads, futures,
  /// promises.
  AccessPath substituteHandle(const AbstractState &State, const Binding &Call,
                              const AccessPath &Path) const;
  Value substitute(const AbstractState &State, const Binding &Call, const Value &V) const;
  PathSet substitute(const AbstractState &State, const Binding &Call, const PathSet &Paths) const;
  /// Handles that were joined; unknown is one that the callee was given, but nobody knows as what.
  PathSet substituteJoined(const AbstractState &State, const Binding &Call,
                           const PathSet &Handles) const;
  /// Whether the condition holds in this call; if that depends on the caller's own parameter, Here
  /// says on what.
  std::optional<bool> settle(const Binding &Call, const SlotCondition &Of,
                             std::optional<SlotCondition> &Here) const;
  void substituteLocks(const AbstractState &State, const Binding &Call,
                       std::vector<HeldLock> &Locks) const;
  /// Puts what the call gives in the places of parameters; false if that is not known.
  bool substituteIndex(const Binding &Call, AffineIndex &Index) const;
  void substituteElements(const Binding &Call, Operation &Op) const;
  // Rounds.cpp: elements of arrays that a loop chooses, handed on by pointer
  /// By which subscripts the event reaches the path, which its own path stands for in the state.
  Subscripts subscriptsOf(const AbstractState &State, const Event &E, const AccessPath &Path) const;
  /// What the call says of the element in which the callee's operation `Op` becomes `Seen`.
  void addGivenElement(const Binding &Call, const Operation &Op, Operation &Seen) const;
  /// Puts the number that a loop has chosen and the call gives in the place of the parameter or
  /// capture; false if it is another kind of number.
  bool addChosenNumber(const Binding &Call, AffineIndex &Index, Subscripts &Elements) const;
  /// The element in which the operation is done was chosen by what is done now.
  void noteGiven(const Operation &Op, Subscripts &Elements) const;
  /// For all operations of one callee in one state.
  struct SubstitutionMemo {
    PathSetMemo Paths;
    PathSetMemo Joined;
    SetMemo<NoticeSet> Notices;
    SetMemo<Handovers> Stores;
  };
  Operation substitute(const AbstractState &State, const Binding &Call, const Operation &Op,
                       SubstitutionMemo &Memo) const;

  // Recording
  /// The event as an operation of this function itself.
  void performHere(const AbstractState &State, const Event &E, const AccessPath &Path);
  void perform(const AbstractState &State, Operation Op);
  /// For functions that start themselves: what leads from one of them to another.
  void noteGoesOn(const AbstractState &State, FunctionId Callee);
  // Lifetimes.cpp: objects that end while threads may use them
  /// What tells of the end of a task, its future, has another name from here on.
  void renameSignals(const AccessPath &From, const AccessPath &To);
  void noteGiven(ThreadRun &Run, const Binding &Call) const;
  void noteUnknownCall(AbstractState &State);
  void applyEnd(const AbstractState &State, const Event &E);
  /// Conditions that the function only waits for until a time is up.
  PathSet waitedBriefly(const AbstractState &State) const;
  void collectOutlived();
  void startRun(AbstractState &State, ThreadRun Run, Position At, uint32_t Ordinal,
                bool IsParallel);
  /// `Others`: operations whose paths start from where that of `Op` does. `IsStarter`: they are
  /// done by a thread that was started before, and runs.
  void collectPairs(const Operation &Op, const PathSet &AllStale,
                    llvm::ArrayRef<const Operation *> Others, bool SameTeam = false,
                    bool IsStarter = false);
  void collectPairs();
  /// Whether both come from one place, of which one at a time can be there.
  bool areNeverBoth(uint32_t Run, uint32_t Other, const LiveThread &Thread) const;
  /// Of the races from that one on, those whose threads a third one keeps in order.
  void dropRelayed(size_t FirstRace);
  /// Whether nothing but this one thread can be meant by its handle.
  bool isOnlyHandle(uint32_t Run) const;
  /// Whether the run has joined the thread of that handle before the operation, or another one that
  /// has.
  bool hasBehind(uint32_t Run, const Operation &Op, const AccessPath &Handle) const;
  /// What the thread does, as others than its starter see it.
  std::vector<Operation> coveredOperations(uint32_t Run) const;
  void summarizeRuns(const AbstractState &Exit);
  void addSignalsAfter();
  void describeClose(ConcurrentPair &Pair) const;
  void summarize();
  void collectMissedObligations();
  /// Visible, or handed over by value: for what is followed by substituteHandle.
  bool isHandedOver(const AccessPath &Path) const;
  bool isVisibleOutside(const AccessPath &Path) const;

  struct RunBeside {
    uint32_t Run;
    PathSet Stale; ///< Roots that mean something else there.
    PathSet Gates; ///< As in LiveThread.
    /// Nothing that was done by now may have waited for it, nor may code that is not seen.
    bool IsSurelyRunning = false;
  };
  struct PendingOperation {
    Operation Op;
    Position At;
    SharedList<RunBeside> Live;
    NoticeSet ToldBefore = {}; ///< To other threads, on some way to here.
  };

  ProgramModel &Program;
  const UnitFacts &Unit;
  FunctionId Id;
  const FunctionFacts &Function;
  const LockWays Ways;
  Summary Result;
  std::vector<AbstractState> In;
  static constexpr unsigned MaxDeferredDepth = 8;
  unsigned DeferredDepth = 0;
  unsigned ServedDepth = 0;
  bool IsRecording = false;
  bool StartsThreads = false;       ///< Itself, or by calling who leaves some behind.
  const Event *Described = nullptr; ///< The Inputs of the event that comes next.
  Position Now;
  const Event *Current = nullptr;
  std::vector<std::shared_ptr<const TeamPlace>> RunPlace; ///< Where in the team each run started.
  /// The runs that this function knows, found by the place that starts them.
  std::map<std::pair<Position, uint32_t>, uint32_t> RunIndex;
  std::vector<ThreadRun> Runs;
  static constexpr size_t MaxOffersMade = Ordinals::All - Ordinals::Served;
  std::vector<OfferedTask> Offers;
  std::map<std::pair<Position, uint32_t>, uint32_t> OfferIndex; ///< By the place that makes them.
  std::vector<SharedMap<uint32_t, LiveThread>> RunLive;         ///< What ran when each run started.
  std::vector<Position> RunPosition;                            ///< Where each run is started.
  std::map<uint32_t, Position> JoinPosition;                    ///< Where runs were joined.
  std::map<uint32_t, PathSet> Covered; ///< Locks held here for as long as the run lasts.
  std::deque<PendingOperation> Pending;
  /// The runs that an operation has beside it in a state.
  SharedList<RunBeside> besides(const AbstractState &State, const Operation &Op);
  /// The last answer of besides(), with what it was asked for; operations in a row share it.
  struct {
    SharedMap<uint32_t, LiveThread> Live;
    PathSet Joined, JoinedHere;
    bool IsEnd = false;
    SharedList<RunBeside> Answer;
  } LastBeside;
  /// What operations of callees know, with what is known here: many share their sets.
  struct {
    PairMemo<PathSet> Paths;
    PairMemo<Handovers> Believed;
    PairMemo<NoticeSet> Noticed, Told;
  } United;
  std::vector<PendingOperation> Uses; ///< Of locks, and calls that block.
  std::vector<std::pair<Position, Binding>> SelfCalls;
  /// Pairs of which the first is taken before the second on some ways only.
  std::set<std::pair<AccessPath, AccessPath>> SometimesFirst;
  struct JoinUse {
    size_t Index; ///< Among Uses.
    uint32_t Run;
    PathSet Waited; ///< What was waited for before.
  };
  std::vector<JoinUse> JoinUses;
  std::set<uint32_t> Repeated; ///< Runs that whoever starts them starts again beside them.
  struct PendingEnd {
    AccessPath Object;
    SourceRange Where;
    bool IsLast; ///< The function is left.
    SharedMap<uint32_t, LiveThread> Live;
    PathSet Waited, Joined;
  };
  /// Whether the handle, a variable of this function, may end at the same time.
  bool endsWith(const PendingEnd &End, const AccessPath &Handle) const;
  std::vector<PendingEnd> LifeEnds;
  std::vector<std::pair<Position, AccessPath>> SignalEvents;
  std::vector<std::pair<Position, Handover>> PublishEvents;
  std::vector<std::pair<Position, Notice>> ToldEvents;
  /// Held at every return of zero ([0]) and of anything else ([1]) seen so far.
  std::optional<std::vector<HeldLock>> HeldOn[2];
  std::optional<std::set<uint32_t>> LiveOn[2]; ///< Runs, likewise.
  uint32_t Exits = 0;                          ///< Ways out of the function.
  struct Owing {
    SourceRange Made;
    uint32_t Statement = InvalidId;
    uint32_t Slot = InvalidId;
    std::vector<SourceRange> Places; ///< Where the function is left owing it.
  };
  std::map<AccessPath, Owing> PendingAtExit;
  PathSet Met; ///< Obligations that some way meets.
  bool HasReturned = false;
  std::vector<EscapedReference> Escapes;
};

} // namespace heddle

#endif
