// Runs one function for LockFlow.
#ifndef HEDDLE_MODEL_PROGRAM_LOCKS_LOCKINTERPRETER_H
#define HEDDLE_MODEL_PROGRAM_LOCKS_LOCKINTERPRETER_H

#include "model/program/CallBinding.h"
#include "model/program/locks/LockFlow.h"

namespace heddle {

/// Single use. Reads the summaries of callees from the flow, writes the function's own and the
/// faults that it finds, and returns what is held where.
class LockInterpreter {
public:
  LockInterpreter(LockFlow &Flow, FunctionId Id);
  LockWays run();

private:
  using States = std::vector<LockState>;
  static constexpr size_t MaxStates = 24, MaxOutcomes = 8, MaxTouches = 32, MaxLockedCalls = 16;
  static constexpr unsigned MaxRounds = 3; ///< In which a number may grow; see arrive.

  struct Call : CallBinding {
    std::map<AccessPath, AccessPath> AtEntry; ///< By names of that kind: before the callee ran.
  };
  /// What is known where a block begins, on one of the ways there.
  struct Arrival {
    LockState State;
    bool IsPending = true; ///< The block has not been run with it.
    unsigned Rounds = 0;   ///< How often a loop has changed it.
  };
  struct Exit {
    LockState State;
    SourceRange Place;
    Leaving How = Leaving::Normally;
    bool isEarly() const { return How != Leaving::Normally; }
  };

  // LockFixpoint.cpp
  bool reachFixpoint();
  void record();
  /// The way to a handler: objects of the try block are destroyed.
  void unwind(LockState &State, uint32_t To, const struct Block &From);
  /// Whether somebody to whom callees may jump can be counted on to give the lock back.
  bool isLeftToJumpTarget(const AccessPath &Lock) const;
  /// Whether a destructor may give the lock back where an exception is on its way.
  bool isLeftToDestructor(const LockFact &Fact) const;
  /// False if the way cannot be taken.
  bool decideAll(LockState &State, const Edge &Way, uint32_t From) const;
  /// Returns whether the block has to be run (again).
  bool arrive(uint32_t Block, LockState State, bool ClosesLoop);
  States transfer(uint32_t Block, LockState From);
  /// Calls after which the ways may hold other locks than before.
  bool changesLocks(const Event &E) const;

  // LockInterpreter.cpp
  /// What each state becomes; a way that ends here becomes none.
  void apply(States &All, const Event &E);
  void applyToOne(LockState &State, const Event &E, States &Out);

  /// The element that the subscript at an operation on a lock chooses: the same one as long as
  /// nothing has changed that the subscript reads.
  AccessPath chosenLock(LockState &State, const AccessPath &Lock, const SourceRange &Where) const;
  /// Whether the subscript still means the element that was taken: nothing that it reads has
  /// changed.
  static bool isStillMeant(const LockState &State, const AccessPath &Lock);
  /// A pointer to the object that a held lock is a part of is returned: that comes locked.
  void noteHandedOut(LockState &State, const Event &E);
  LockFact look(const LockState &State, const AccessPath &Lock) const;
  /// Held by the caller as declared here, rather than given back and taken again.
  bool isDeclaredHeld(const LockFact &Fact) const {
    return Fact.FromCaller && Fact.Taken == Function.NameRange;
  }
  bool acquire(LockState &State, const AccessPath &Lock, uint64_t Flags, const Event &E);
  void release(LockState &State, const AccessPath &Lock, uint64_t Flags, const Event &E,
               const LockFact *Through = nullptr);
  void giveBack(LockState &State, const AccessPath &Lock, uint64_t Flags, SourceRange Where);
  void tryLock(LockState &State, const Event &E, States &Out);
  /// All or none of several; false if that cannot be followed.
  bool tryTogether(LockState &State, const Event &E, States &Out);
  /// What a guard that is given it takes: of a class of the project's, the lock inside, of which it
  /// adds the kind.
  AccessPath guardedLock(const LockState &State, const Value &Given, uint64_t &Kind) const;
  bool makeGuard(LockState &State, const Event &E, States &Out);
  /// Whether only a caller knows what the guard owns.
  bool isGiven(const LockState &State, const AccessPath &Guard) const;
  /// Such a guard takes its locks, or gives them back.
  static void setGiven(LockState &State, const AccessPath &Guard, bool Owns);
  bool lockGuard(LockState &State, const AccessPath &Guard, const Event &E);
  /// The guard owns already, or does not own.
  void reportGuard(const LockState &State, LockFault::Kind What,
                   const std::pair<const AccessPath, GuardFact> &Guard, const Event &E);
  void unlockGuard(LockState &State, const AccessPath &Guard, const Event &E);
  void tryGuard(LockState &State, const Event &E, States &Out);
  void disownGuard(LockState &State, const AccessPath &Guard);
  void endGuard(LockState &State, const AccessPath &Guard, SourceRange Where);
  void moveGuard(LockState &State, const Event &E);
  /// A callee leaves a guard that it was given in that state.
  void applyGiven(LockState &State, const AccessPath &Guard, const LockFact &Left, const Event &E);
  /// What a callee does to guards.
  void applyGuards(LockState &State, const Call &C, const LockSummary::Outcome &Outcome,
                   const Event &E);
  static bool mayBeSame(const AccessPath &A, const AccessPath &B);
  /// Locks that the name may stand for as well are lost; whether there were any.
  bool loseSimilar(LockState &State, const AccessPath &Lock);
  void touch(const LockState &State, const AccessPath &Lock, uint64_t Flags, SourceRange Where);

  // LockCalls.cpp
  Call bindDirect(const LockState &State, const Event &E) const;
  /// Without a callee if the target is not known.
  Call bindValue(const LockState &State, const Event &E) const;
  AccessPath substitute(const LockState &State, const Call &C, const AccessPath &Path) const;
  Value substitute(const LockState &State, const Call &C, const Value &V) const;
  void applyCall(LockState &State, const Call &C, const Event &E, States &Out);
  void applyUnknown(LockState &State, const Event &E);
  /// Of the locks that the callable takes or gives back nothing is known from now on.
  void loseTouched(LockState &State, const Value &Callable, llvm::ArrayRef<Value> Arguments = {});
  bool applyTouches(LockState &State, const Call &C, const Event &E);
  bool isPossible(const LockState &State, const Call &C, const LockSummary::Outcome &Result) const;
  /// A callee takes some element of an array of locks, or gives it back.
  static void applyToSome(LockState &State, const AccessPath &Lock, const LockFact &Change,
                          SourceRange Where);
  void applyOutcome(LockState &State, const Call &C, const LockSummary::Outcome &Outcome,
                    const PathSet &Proven, const Event &E);
  // LockedCalls.cpp: what is called while locks are held by who knows it
  void noteLockedCall(const LockState &State, const Event &E);
  /// False if the thread gets no further.
  bool applyLockedCalls(const LockState &State, const Call &C, const Event &E);
  bool runLocked(const LockState &State, const Call &C, const LockedCall &Later, const Call &Inner,
                 const Event &E);
  /// Whether what a callee does on a condition happens at a call, as far as that can be said.
  enum class Happens : uint8_t { Never, Perhaps, Surely };
  Happens happens(const LockState &State, const Call &C,
                  const SharedMap<AccessPath, Bounds> &Conditions) const;
  void applyMemory(LockState &State, const Call &C);
  void forgetWritten(LockState &State, const Call &C);
  /// What is known of a condition of the callee's; nothing if it cannot be said here.
  std::optional<Bounds> given(const LockState &State, const Call &C, const AccessPath &Path,
                              AccessPath &Here) const;
  Bounds givenComputed(const LockState &State, const Call &C, const AccessPath &Path,
                       AccessPath &Here) const;
  Bounds givenWhole(const LockState &State, const Call &C, const AccessPath &Path,
                    AccessPath &Here) const;

  // LockExits.cpp
  /// What the caller gave that led here; with an unknown path in it if something else did too.
  SharedMap<AccessPath, Bounds> conditions(const LockState &State);
  /// Whether every branch that decides for the block says something about a value.
  bool isExplained(uint32_t Block);
  void summarize();
  void judgeExits();
  void judgeExits(const AccessPath &Lock);
  bool isTold(const Exit &Held, const Exit &Other) const;

  void report(LockFault Fault);
  /// Every lock that is held for certain.
  void reportHeld(const LockState &State, LockFault::Kind What, const Event &E);
  bool isVisible(const AccessPath &Path) const;

  LockFlow &Flow;
  const UnitFacts &Unit;
  FunctionId Id;
  const FunctionFacts &Function;
  bool StartsFree; ///< At the entry the thread holds nothing.
  std::vector<std::vector<Arrival>> In;
  std::vector<Exit> Exits;
  LockSummary Result;
  LockWays Ways;
  uint32_t Block = 0;
  bool IsRecording = false;
  bool IsOpaque = false;
  std::map<uint32_t, bool> Explained;                     ///< See isExplained.
  std::set<std::pair<SourceRange, AccessPath>> HandedOut; ///< By return, locked.
  /// Likewise, where it is something beside the lock that is returned.
  std::set<std::pair<SourceRange, AccessPath>> PartOut;
  std::set<std::tuple<int, SourceRange, AccessPath>> Reported;
};

} // namespace heddle

#endif
