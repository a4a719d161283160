// Runs one function's events over abstract states until nothing changes, and sums it up.
#ifndef HEDDLE_MODEL_PROGRAM_FUNCTIONINTERPRETER_H
#define HEDDLE_MODEL_PROGRAM_FUNCTIONINTERPRETER_H

#include "model/program/ProgramModel.h"

namespace heddle {

/// Single use. Reads the summaries of callees from the model and writes the function's own summary
/// and what it finds on the way (concurrent pairs, missed obligations, lock sets) into it.
///
/// A forward dataflow analysis over the event graph: must for locks, guards and pointers, may for
/// threads, waits and obligations; calls are applied by substitution of parameters.
class FunctionInterpreter {
public:
  FunctionInterpreter(ProgramModel &Program, FunctionId Function);
  void run();

private:
  /// Slots and captures of a call, in the caller's terms.
  struct Binding {
    FunctionId Callee = InvalidId;
    std::vector<Value> Slots;
    std::vector<Value> Captures;
    AccessPath Result;
  };
  struct Position {
    uint32_t Block = 0, Event = 0;
    /// An event of an edge counts after those of its block.
    friend auto operator<=>(const Position &, const Position &) = default;
  };

  void reachFixpoint();
  void record();
  AbstractState transfer(uint32_t Block);
  void apply(AbstractState &State, const Event &E, Position At);
  void applyAccess(AbstractState &State, const Event &E);
  void applyChannel(AbstractState &State, const Event &E, const AccessPath &Path);
  void applyGuard(AbstractState &State, const Event &E);
  void applyThread(AbstractState &State, const Event &E, Position At);
  void noteTaken(const AccessPath &Lock);
  void noteReleased(const AccessPath &Lock);
  void noteGuardReleased(const AbstractState &State, const AccessPath &Guard);
  void applyLockPoll(AbstractState &State, const Event &E);
  void applyCallOfValue(AbstractState &State, const Event &E, Position At);
  void applyDeferredCalls(AbstractState &State, const Summary &Callee, const Binding &Call,
                          Position At);
  void signalContext(const AbstractState &State, const AccessPath &Cancel);
  void joinThread(AbstractState &State, const AccessPath &Path);
  void applySpawn(AbstractState &State, const Event &E, Position At);
  /// Starts the run with all that its callable does, if that is known.
  void startTask(AbstractState &State, ThreadRun Run, Position At, uint32_t Ordinal,
                 bool IsParallel);
  void applyCall(AbstractState &State, const Event &E, const Binding &Call, Position At);
  void applyCallEffects(AbstractState &State, const Event &E, const Summary &Callee,
                        const Binding &Call);
  /// Threads that the callee has started: they run here as well.
  void adoptRuns(AbstractState &State, const Event &E, const Summary &Callee, const Binding &Call,
                 Position At);
  void adoptRun(AbstractState &State, const Event &E, const ThreadRun &Left, const Binding &Call,
                Position At, uint32_t Ordinal);
  void applyUnknown(AbstractState &State, const Event &E);
  /// What is owed through the object is done, or somebody else's from now on.
  void meet(AbstractState &State, const AccessPath &Object);
  void owe(AbstractState &State, const AccessPath &Object, const Event &E);
  void applyStore(AbstractState &State, const Event &E);
  Binding bindDirect(const AbstractState &State, const Event &E) const;
  Binding bind(const Value &Target, llvm::ArrayRef<Value> Arguments) const;
  Binding bindValue(const AbstractState &State, const Event &E) const;

  // TeamEffects.cpp: where in a team of threads something is done
  void applyPlaced(AbstractState &State, const Event &E, Position At);
  /// The place with what this function knows of it: constructs around, barriers passed.
  std::shared_ptr<const TeamPlace> placeInTeam(const AbstractState &State,
                                               const std::shared_ptr<const TeamPlace> &Inner) const;
  /// Whether the run stands for all threads of a team.
  bool isTeam(const ThreadRun &Run) const;
  static std::set<uint32_t> phasesAfter(const std::set<uint32_t> &Before,
                                        const std::set<uint32_t> &Inner);

  // Substitution of a callee's names by the caller's
  AccessPath substitute(const AbstractState &State, const Binding &Call,
                        const AccessPath &Path) const;
  /// For objects that are followed when they are handed over by value: handles of threads, futures,
  /// promises.
  AccessPath substituteHandle(const AbstractState &State, const Binding &Call,
                              const AccessPath &Path) const;
  Value substitute(const AbstractState &State, const Binding &Call, const Value &V) const;
  PathSet substitute(const AbstractState &State, const Binding &Call, const PathSet &Paths) const;
  Operation substitute(const AbstractState &State, const Binding &Call, const Operation &Op) const;

  // Recording
  /// The event as an operation of this function itself.
  void performHere(const AbstractState &State, const Event &E, const AccessPath &Path);
  void perform(const AbstractState &State, Operation Op);
  void startRun(AbstractState &State, ThreadRun Run, Position At, uint32_t Ordinal,
                bool IsParallel);
  void collectPairs(const Operation &Op, const PathSet &Stale, const std::vector<Operation> &Others,
                    bool SameTeam = false);
  void addSignalsAfter();
  void describeClose(ConcurrentPair &Pair) const;
  void summarize();
  void collectMissedObligations();
  /// Visible, or handed over by value: for what is followed by substituteHandle.
  bool isHandedOver(const AccessPath &Path) const;
  bool isVisibleOutside(const AccessPath &Path) const;

  struct PendingOperation {
    Operation Op;
    Position At;
    std::vector<std::pair<uint32_t, PathSet>> Live; ///< Runs beside it, and what is stale there.
  };

  ProgramModel &Program;
  const UnitFacts &Unit;
  FunctionId Id;
  const FunctionFacts &Function;
  Summary Result;
  std::vector<AbstractState> In;
  static constexpr unsigned MaxDeferredDepth = 8;
  unsigned DeferredDepth = 0;
  bool IsRecording = false;
  Position Now;
  const Event *Current = nullptr;
  std::vector<std::shared_ptr<const TeamPlace>> RunPlace; ///< Where in the team each run started.
  /// The runs that this function knows, found by the place that starts them.
  std::map<std::pair<Position, uint32_t>, uint32_t> RunIndex;
  std::vector<ThreadRun> Runs;
  std::vector<std::map<uint32_t, LiveThread>> RunLive; ///< What ran when each run started.
  std::map<uint32_t, Position> JoinPosition;           ///< Where runs were joined.
  std::vector<PendingOperation> Pending;
  std::vector<std::pair<Position, AccessPath>> SignalEvents;
  uint32_t Exits = 0; ///< Ways out of the function.
  struct Owing {
    SourceRange Made;
    uint32_t Statement = InvalidId;
    uint32_t Slot = InvalidId;
    std::vector<SourceRange> Places; ///< Where the function is left owing it.
  };
  std::map<AccessPath, Owing> PendingAtExit;
  PathSet Met; ///< Obligations that some way meets.
  bool HasReturned = false;
};

} // namespace heddle

#endif
