#include "model/program/GuardInference.h"

#include "model/facts/ValueFlow.h"
#include "model/program/ProgramModel.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace heddle;

namespace {

/// The place of a variable within the object that owns it.
struct OwnedPath {
  AccessPath Owner;  ///< Up to the last pointer or element on the way; unknown for globals.
  AccessPath Within; ///< The fields from there, behind a parameter that stands for any owner.
};

AccessPath anyOwner() { return AccessPath(RootKind::Parameter, 0).deref(); }

/// Unknown where the path names no field or global, or an object that nobody else has seen yet.
OwnedPath split(const AccessPath &Path) {
  // An element of a container or array that is a field belongs to the field.
  AccessPath Whole = Path;
  while (!Whole.steps().empty() && Whole.steps().back().isOfArray())
    Whole = Whole.prefix(Whole.steps().size() - 1);
  unsigned Count = Whole.steps().size();
  while (Count > 0 && Whole.steps()[Count - 1].What == PathStep::Field)
    --Count;
  bool IsReached = Path.root() == RootKind::Global || Path.derefs() > 0;
  bool IsOwn = Path.root() != RootKind::Global && !Path.isGiven();
  if (!IsReached || IsOwn)
    return {};
  if (Count == 0)
    return Whole.root() == RootKind::Global ? OwnedPath{{}, Whole} : OwnedPath{};
  if (Count == Whole.steps().size() || Whole.steps()[Count - 1].What == PathStep::Given)
    return {};
  AccessPath Owner = Whole.prefix(Count);
  return {Owner, Whole.rebased(anyOwner(), Count)};
}

/// A lock in the terms in which guards are compared; unknown if it has nothing to do with the
/// owner, so that nobody can say whether it is the guard.
AccessPath relative(const AccessPath &Lock, const AccessPath &Owner) {
  if (!Lock.isKnown() || Lock.subject() == InvalidId)
    return {};
  if (Owner.isKnown() && Lock.startsWith(Owner))
    return Lock.rebased(anyOwner(), Owner.steps().size());
  return Lock.root() == RootKind::Global && Lock.derefs() == 0 && Lock.isPrecise() ? Lock
                                                                                   : AccessPath();
}

struct Collector {
  explicit Collector(const ProgramModel &Program) : Program(Program), Unit(Program.unit()) {}

  const ProgramModel &Program;
  const UnitFacts &Unit;
  struct Seen {
    GuardedAccess Access;
    std::vector<AccessPath> Locks;
    std::vector<AccessPath> OfOthers; ///< Locks of another object that the function was given.
    bool HoldsUnknown = false;
  };
  std::map<AccessPath, std::vector<Seen>> Variables;

  std::set<AccessPath> HandedOut;  ///< Locks that are held when some public member returns.
  std::set<EntityId> TakenOutside; ///< Locks of an object that code takes which is no member.
  std::set<FunctionId> ConstructorHelpers; ///< Called from constructors and from nowhere else.
  std::set<SourceRange> Assertions;        ///< What stands there is asserted.
  std::set<FunctionId> OnLocals; ///< Members, called for variables of functions and nothing else.

  void collect();
  void findOpenLocks();
  /// Whether only the functions at hand can know the lock, so that no caller holds it already.
  bool isKeptInside(const AccessPath &Guard) const;
  void findConstructorHelpers();
  void findAssertions();
  void findOnLocals();
  void note(FunctionId Frame, const Operation &Op, const std::set<AccessPath> &SetUp);
  std::set<AccessPath> ownersSetUp(const Summary &S) const;
  static bool isBeforeStart(const Summary &S, const Operation &Op);
  void infer(const std::vector<Seen> &Accesses, std::vector<GuardedVariable> &Out) const;
  bool isTakenBy(FunctionId Id, const SourceRange &Taken) const;
  AccessPath usualGuard(const std::vector<Seen> &Accesses) const;
  AccessPath declaredGuard(const AccessPath &Within) const;
};

std::set<AccessPath> Collector::ownersSetUp(const Summary &S) const {
  // Who initialises or destroys a lock knows that nobody else is there.
  std::set<AccessPath> Result;
  for (const Operation &Op : S.Operations) {
    if (!Op.isWrite() || Op.Origin || Op.Path.subject() == InvalidId)
      continue;
    if (Unit.Entities[Op.Path.subject()].IsMutex || (Op.Flags & Ends)) {
      if (OwnedPath Place = split(Op.Path); Place.Owner.isKnown())
        Result.insert(Place.Owner);
      if (Op.Flags & Ends)
        Result.insert(Op.Path);
    }
  }
  return Result;
}

bool Collector::isBeforeStart(const Summary &S, const Operation &Op) {
  if (Op.Origin)
    return false;
  const SourceRange &Own = Op.Calls.empty() ? Op.Where : Op.Calls.front().Where;
  return std::any_of(S.Running.begin(), S.Running.end(), [&](const ThreadRun &Run) {
    const SourceRange &Start =
        Run.Origin->Calls.empty() ? Run.Origin->Spawn : Run.Origin->Calls.front().Where;
    return Start.File == Own.File && Own.Begin < Start.Begin;
  });
}

void Collector::note(FunctionId Frame, const Operation &Op, const std::set<AccessPath> &SetUp) {
  if (!Op.isAccess() || (Op.Flags & (Atomic | Usage | Ends | Descriptor)) || !Op.Joined.empty())
    return;
  OwnedPath Place = split(Op.Path);
  if (!Place.Within.isKnown() ||
      llvm::any_of(SetUp, [&](const AccessPath &Own) { return Place.Owner.startsWith(Own); }))
    return;
  const FunctionFacts &In = Unit.Functions[Op.In];
  bool OnThis = Op.LocalPath.root() == RootKind::Parameter && Op.LocalPath.rootId() == 0;
  if ((In.IsConstructor || In.IsDestructor) && OnThis)
    return;
  EntityId Subject = Place.Within.subject();
  if (Subject == InvalidId)
    return;
  const Entity &E = Unit.Entities[Subject];
  if (E.IsMutex || E.IsConst || E.IsThreadLocal)
    return;
  // Who gives a lock back that it has not taken holds it before. An assertion says what its author
  // knows to be so, whoever else is there.
  bool HoldsUnknown = !Op.Claims.empty() || (Op.Flags & OfOneThread) ||
                      (!Op.Origin && !Program.summary(Frame).Released.empty()) ||
                      (!Op.isWrite() && Assertions.count(Op.Where));
  Seen Found{{Frame, Op}, {}, {}, HoldsUnknown};
  for (const HeldLock &Lock : Op.Locks) {
    AccessPath Known = relative(Lock.Path, Place.Owner);
    bool IsOfOther = !Known.isKnown() && Lock.Path.isOfOther(Op.Path) && Lock.Path.isPrecise() &&
                     Op.Path.isPrecise();
    if (Known.isKnown())
      Found.Locks.push_back(Known);
    if (IsOfOther)
      Found.OfOthers.push_back(Lock.Path);
    Found.HoldsUnknown |= (!Known.isKnown() && !IsOfOther) || Lock.IsConditional;
  }
  Variables[Place.Within].push_back(std::move(Found));
}

void Collector::findOpenLocks() {
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id) {
    const FunctionFacts &F = Unit.Functions[Id];
    if (F.HasThis && F.IsPublic && !F.IsAssignment && !F.IsConstructor && !F.IsDestructor)
      for (const HeldLock &Lock : Program.summary(Id).Acquired)
        HandedOut.insert(Lock.Path);
  }
  for (const LockSetAt &At : Program.lockSets()) {
    const FunctionFacts &F = Unit.Functions[At.In];
    bool OnThis = F.HasThis && At.Taken.root() == RootKind::Parameter && At.Taken.rootId() == 0;
    if (At.Taken.isKnown() && At.Taken.root() != RootKind::Global && !OnThis && !F.IsLambda)
      TakenOutside.insert(At.Taken.subject());
  }
}

void Collector::findConstructorHelpers() {
  std::set<FunctionId> CalledOtherwise;
  for (const FunctionFacts &Caller : Unit.Functions)
    for (const Block &B : Caller.Blocks)
      for (const Event &E : B.Events)
        if (E.Kind == EventKind::Call && E.Callee != InvalidId &&
            Unit.Functions[E.Callee].IsLocalToUnit)
          (Caller.IsConstructor ? ConstructorHelpers : CalledOtherwise).insert(E.Callee);
  for (FunctionId Id : CalledOtherwise)
    ConstructorHelpers.erase(Id);
}

void Collector::findAssertions() {
  for (const FunctionFacts &F : Unit.Functions)
    Assertions.insert(F.Assertions.begin(), F.Assertions.end());
}

void Collector::findOnLocals() {
  std::set<FunctionId> OnOthers;
  for (const FunctionFacts &Caller : Unit.Functions)
    forEachEvent(Caller, [&](const Event &E) {
      for (const Value &V : E.Values)
        if (V.isCallable())
          OnOthers.insert(V.Callee);
      if (E.Kind != EventKind::Call || E.Values.empty() || !Unit.Functions[E.Callee].HasThis)
        return;
      const AccessPath &Object = E.Values[0].Path;
      bool IsLocal = E.Values[0].What == Value::PointsTo && Object.root() == RootKind::Local &&
                     Object.derefs() == 0;
      (IsLocal ? OnLocals : OnOthers).insert(E.Callee);
    });
  for (FunctionId Id : OnOthers)
    OnLocals.erase(Id);
}

bool Collector::isKeptInside(const AccessPath &Guard) const {
  if (HandedOut.count(Guard))
    return false;
  // Others can take a public lock of a class that they can see.
  if (Guard.root() == RootKind::Global || Unit.IsC)
    return true;
  // What a lock class is made of may be anybody's; a member of that class is its owner's.
  if (llvm::any_of(Guard.steps(), [&](PathStep Step) {
        return Step.What == PathStep::Field &&
               (Unit.Entities[Step.Id].IsPrivate || Unit.Entities[Step.Id].IsOfPrivateClass);
      }))
    return true;
  EntityId Lock = Guard.subject();
  return Unit.Entities[Lock].IsLocalToUnit && !TakenOutside.count(Lock);
}

void Collector::collect() {
  findOpenLocks();
  findConstructorHelpers();
  findAssertions();
  findOnLocals();
  bool HasMain = std::any_of(Unit.Functions.begin(), Unit.Functions.end(),
                             [](const FunctionFacts &F) { return F.IsMain; });
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id) {
    const FunctionFacts &F = Unit.Functions[Id];
    if (F.IsMain || !F.IsPublic || F.IsAssignment || Program.isEnteredWithLock(Id) ||
        ConstructorHelpers.count(Id))
      continue;
    const Summary &S = Program.summary(Id);
    std::set<AccessPath> SetUp = ownersSetUp(S);
    if (F.IsConstructor || F.IsDestructor)
      SetUp.insert(anyOwner());
    for (const Operation &Op : S.Operations)
      if (!isBeforeStart(S, Op))
        note(Id, Op, Op.Origin ? std::set<AccessPath>() : SetUp);
    for (const ThreadRun &Run : S.Running)
      for (const Operation &Op : Run.Operations)
        note(Id, Op, {});
  }
  // With the main function in sight, the threads that there are decide on globals.
  if (HasMain)
    std::erase_if(Variables,
                  [](const auto &Entry) { return Entry.first.root() == RootKind::Global; });
}

/// Given back and taken again around the access: nobody does that by mistake.
bool isInOpenedWindow(const ProgramModel &Program, const Operation &Op,
                      const std::vector<AccessPath> &LocksOfGuard) {
  bool Before = false, After = false;
  auto IsGuard = [&](const AccessPath &Lock) { return llvm::is_contained(LocksOfGuard, Lock); };
  for (const LockSetAt &At : Program.lockSets())
    if (At.In == Op.In && At.Where.File == Op.Where.File) {
      bool IsAfter = Op.Where.Begin < At.Where.Begin;
      After |= IsAfter && IsGuard(At.Taken);
      for (const HeldLock &Lock : At.Held)
        (IsAfter ? After : Before) |= IsGuard(Lock.Path);
    }
  return Before && After;
}

/// Which of several objects is meant is not known, nor then whether it is the one whose lock the
/// function has taken.
bool mayHoldElementsLock(const ProgramModel &Program, const Collector::Seen &Access,
                         const AccessPath &Guard) {
  const Operation &Op = Access.Access.Op;
  return !Op.Path.isPrecise() && llvm::any_of(Program.lockSets(), [&](const LockSetAt &At) {
    return At.In == Op.In && At.Where < Op.Where &&
           (!At.Taken.isKnown() || At.Taken.subject() == Guard.subject());
  });
}

bool holds(const Collector::Seen &Access, const AccessPath &Guard) {
  return std::find(Access.Locks.begin(), Access.Locks.end(), Guard) != Access.Locks.end();
}

/// Whether all that is held beside the guard is known not to be it: the guard of another object of
/// the kind. What is only written there may be an object that nobody else knows yet.
bool holdsOthersGuard(const Collector::Seen &Access, const AccessPath &Guard) {
  return Access.Access.Op.Kind != EventKind::Write &&
         llvm::all_of(Access.OfOthers, [&](const AccessPath &Lock) {
           return Lock.rebased(AccessPath(RootKind::Parameter, 0), 0) == Guard;
         });
}

/// Whether a lock that is no part of the owner, but stands by itself, was seen to guard what this
/// owner has: of two objects of one kind each may have a global lock of its own.
bool isGuardedThere(const Collector::Seen &Access, const std::vector<Collector::Seen> &All,
                    const AccessPath &Guard) {
  AccessPath Owner = split(Access.Access.Op.Path).Owner;
  return Guard.root() != RootKind::Global || Owner.root() != RootKind::Global ||
         llvm::any_of(All, [&](const Collector::Seen &Other) {
           AccessPath Theirs = split(Other.Access.Op.Path).Owner;
           return holds(Other, Guard) &&
                  (Theirs.root() != RootKind::Global || Theirs.rootId() == Owner.rootId());
         });
}

/// Whether one thread of an object does all there is to do with the variable: each reaches only
/// its own.
bool isOfOneThread(const std::vector<Collector::Seen> &All) {
  const std::shared_ptr<const ThreadOrigin> &First = All.front().Access.Op.Origin;
  return First && llvm::all_of(All, [&](const Collector::Seen &Each) {
           const auto &Origin = Each.Access.Op.Origin;
           return Origin && Origin->Spawn == First->Spawn && Origin->Entry == First->Entry;
         });
}

/// A public member of a class may be called by any thread; a static one is seen by the private
/// variables that it gets at. Whether a free function may, or only with the lock held, is known
/// only where it takes the lock itself for the very same thing; in C, where no guard can hold the
/// lock under another name, also for something else of the object.
bool isPromised(const ProgramModel &Program, const Collector::Seen &Access,
                const std::vector<Collector::Seen> &All, const AccessPath &Guard) {
  const UnitFacts &Unit = Program.unit();
  const Operation &Op = Access.Access.Op;
  bool IsStaticMember = Op.Path.root() == RootKind::Global && Op.In == Access.Access.Frame &&
                        Unit.Entities[Op.Path.rootId()].IsPrivate;
  if (Unit.Functions[Access.Access.Frame].HasThis || Op.Origin || IsStaticMember)
    return true;
  AccessPath Owner = split(Op.Path).Owner;
  auto HoldsForIt = [&](const Collector::Seen &Other) {
    return Other.Access.Op.In == Op.In && holds(Other, Guard);
  };
  auto Takes = [&](const LockSetAt &At) {
    return At.In == Op.In && At.Taken.isKnown() && relative(At.Taken, Owner) == Guard;
  };
  return llvm::any_of(All, HoldsForIt) || (Unit.IsC && llvm::any_of(Program.lockSets(), Takes));
}

/// Whether a guard was handed on before, in the same function: it may have come back.
bool mayHoldMovedGuard(const UnitFacts &Unit, const Operation &Op) {
  bool Result = false;
  forEachEvent(Unit.Functions[Op.In], [&](const Event &E) {
    Result |= E.Kind == EventKind::Move && E.has(OfGuard) && E.Where.File == Op.Where.File &&
              E.Where.Begin < Op.Where.Begin;
  });
  return Result;
}

/// Gives a lock back afterwards that somebody else has taken.
bool handsOver(const Operation &Op) {
  return llvm::any_of(Op.Signals, [](const AccessPath &Signal) { return Signal.isHandedOver(); });
}

AccessPath Collector::declaredGuard(const AccessPath &Within) const {
  for (const AnnotatedLock &Lock : Unit.Entities[Within.subject()].GuardedBy) {
    if (Lock.OfPointee || Lock.Path.subject() == InvalidId)
      continue;
    // The annotation speaks of the object that the field is in, which may be a member itself.
    return Lock.Path.root() == RootKind::Parameter
               ? Lock.Path.rebased(Within.prefix(Within.steps().size() - 1), 1)
               : Lock.Path;
  }
  return {};
}

/// By the function itself, or by one that it calls: a guard of the project's, one that returns it.
bool Collector::isTakenBy(FunctionId Id, const SourceRange &Taken) const {
  // From the name on: a constructor may take it in its initialisers.
  auto IsWithin = [&](const FunctionFacts &F) {
    return F.NameRange.File == Taken.File && F.NameRange.Begin <= Taken.Begin &&
           Taken.End <= F.BodyEnd.End;
  };
  bool Result = IsWithin(Unit.Functions[Id]);
  if (!Result)
    forEachEvent(Unit.Functions[Id], [&](const Event &E) {
      Result |= E.Kind == EventKind::Call && IsWithin(Unit.Functions[E.Callee]);
    });
  return Result;
}

AccessPath Collector::usualGuard(const std::vector<Seen> &Accesses) const {
  struct Vote {
    std::set<SourceRange> Places;
    SourceRange Latest; ///< Of several that are always held together, the last one is meant.
    bool IsTakenNear = false;
  };
  std::map<AccessPath, Vote> Votes;
  bool IsWritten = false;
  for (const Seen &Access : Accesses) {
    const Operation &Op = Access.Access.Op;
    IsWritten |= Op.isWrite();
    AccessPath Owner = split(Op.Path).Owner;
    for (const HeldLock &Lock : Op.Locks)
      if (AccessPath Known = relative(Lock.Path, Owner); Known.isKnown() && !Lock.IsConditional) {
        Vote &Mine = Votes[Known];
        Mine.Places.insert(Op.Where);
        Mine.Latest = std::max(Mine.Latest, Lock.Where);
        // What a lambda does under a lock, such as the one that a condition asks, may be part of
        // the function that takes the lock.
        Mine.IsTakenNear =
            Mine.IsTakenNear || isTakenBy(Op.In, Lock.Where) ||
            (Unit.Functions[Op.In].IsLambda && isTakenBy(Access.Access.Frame, Op.Where) &&
             isTakenBy(Access.Access.Frame, Lock.Where));
      }
  }
  if (Votes.empty() || !IsWritten)
    return {};
  auto Best = std::max_element(Votes.begin(), Votes.end(), [](const auto &A, const auto &B) {
    return std::pair(A.second.Places.size(), A.second.Latest) <
           std::pair(B.second.Places.size(), B.second.Latest);
  });
  // A lock that was only ever taken far away may be there for something else.
  return Best->second.IsTakenNear ? Best->first : AccessPath();
}

void Collector::infer(const std::vector<Seen> &Accesses, std::vector<GuardedVariable> &Out) const {
  GuardedVariable Result;
  AccessPath Within = split(Accesses.front().Access.Op.Path).Within;
  Result.Subject = Within.subject();
  Result.Guard = declaredGuard(Within);
  Result.IsDeclared = Result.Guard.isKnown();
  if (!Result.IsDeclared && !isOfOneThread(Accesses))
    Result.Guard = usualGuard(Accesses);
  // A lock in what a pointer leads to guards that object, not the pointer.
  if (!Result.Guard.isKnown() || Result.Guard.startsWith(Within))
    return;
  Result.Lock = Result.Guard.subject();
  if (!Result.IsDeclared && !isKeptInside(Result.Guard))
    return;
  // Where others than the class itself take its lock to touch its members, they may call it then.
  bool IsOpen = llvm::any_of(Accesses, [&](const Seen &Access) {
    const Operation &Op = Access.Access.Op;
    bool OnThis = Op.LocalPath.root() == RootKind::Parameter && Op.LocalPath.rootId() == 0;
    const Entity &Subject = Unit.Entities[Result.Subject];
    return !Unit.IsC && !OnThis && !Subject.IsPrivate && !Subject.IsOfPrivateClass &&
           !Unit.Functions[Op.In].IsLambda && Op.LocalPath.root() != RootKind::Global &&
           holds(Access, Result.Guard);
  });
  if (IsOpen && !Result.IsDeclared)
    return;
  std::vector<AccessPath> Spellings;
  for (const Seen &Access : Accesses)
    for (const HeldLock &Lock : Access.Access.Op.Locks)
      if (relative(Lock.Path, split(Access.Access.Op.Path).Owner) == Result.Guard)
        Spellings.push_back(Lock.Path);
  // The lock of another object promises nothing about what this one does by itself.
  const bool IsOfOtherObject = !Result.IsDeclared && Result.Guard.derefs() > 1 &&
                               Unit.Entities[Result.Subject].IsLocalToUnit;
  std::set<std::pair<SourceRange, bool>> Told;
  for (const Seen &Access : Accesses) {
    const Operation &Op = Access.Access.Op;
    if (IsOfOtherObject && OnLocals.count(Access.Access.Frame))
      continue;
    bool IsInside = holds(Access, Result.Guard);
    bool IsPromised = Result.IsDeclared ? !Unit.Functions[Op.In].IsExemptFromAnnotations
                                        // What was waited for may keep the others away.
                                        : Op.Waited.empty() && !handsOver(Op) &&
                                              isPromised(Program, Access, Accesses, Result.Guard) &&
                                              !isInOpenedWindow(Program, Op, Spellings);
    // A lock class and the lock that it is made of may be the same by two names.
    bool HoldsUnknown =
        Access.HoldsUnknown ||
        llvm::any_of(Access.Locks,
                     [&](const AccessPath &Lock) { return Lock.overlaps(Result.Guard); }) ||
        (!Access.OfOthers.empty() && !holdsOthersGuard(Access, Result.Guard));
    // Whoever holds a lock of the object itself has that for its guard, whatever else others hold.
    bool HoldsOwn = Result.Guard.root() == RootKind::Global && Within.root() != RootKind::Global &&
                    !Access.Locks.empty();
    if (!IsInside &&
        (HoldsUnknown || HoldsOwn || !IsPromised ||
         !isGuardedThere(Access, Accesses, Result.Guard) ||
         mayHoldElementsLock(Program, Access, Result.Guard) || mayHoldMovedGuard(Unit, Op)))
      continue;
    (IsInside ? Result.CallersInside : Result.CallersOutside).insert(Access.Access.Frame);
    if (IsInside && Op.isWrite() && !Op.Origin && !Op.Calls.empty()) {
      SourceRange &Last = Result.CalledToWrite[Access.Access.Frame];
      Last = std::max(Last, Op.Calls.front().Where);
    }
    if (!Told.insert({Op.Where, IsInside}).second)
      continue;
    (IsInside ? Result.Inside : Result.Outside).push_back(Access.Access);
  }
  auto BySource = [](const GuardedAccess &A, const GuardedAccess &B) {
    return std::tie(A.Op.Where, A.Frame) < std::tie(B.Op.Where, B.Frame);
  };
  llvm::sort(Result.Inside, BySource);
  llvm::sort(Result.Outside, BySource);
  // Who holds a lock that is no part of the object, and only looks at this, may hold it for
  // something else.
  bool IsFromElsewhere = !Result.IsDeclared && Result.Guard.root() == RootKind::Global &&
                         Within.root() != RootKind::Global;
  if (IsFromElsewhere &&
      llvm::none_of(Result.Inside, [](const GuardedAccess &A) { return A.Op.isWrite(); }))
    return;
  // One function that holds the lock of what the object leads to may do so for what it finds there.
  bool IsOfReached = !Result.IsDeclared && Result.Guard.derefs() > 1 &&
                     Result.Guard.steps().back().What == PathStep::Field;
  if (IsOfReached && !Result.Inside.empty() &&
      llvm::all_of(Result.Inside,
                   [&](const GuardedAccess &A) { return A.Op.In == Result.Inside.front().Op.In; }))
    return;
  Out.push_back(std::move(Result));
}

} // namespace

std::vector<GuardedVariable> heddle::inferGuards(const ProgramModel &Program) {
  std::vector<GuardedVariable> Result;
  bool IsAnnotated =
      llvm::any_of(Program.unit().Entities, [](const Entity &E) { return !E.GuardedBy.empty(); });
  if (Program.lockSets().empty() && !IsAnnotated)
    return Result;
  Collector All(Program);
  All.collect();
  for (const auto &[Path, Accesses] : All.Variables)
    All.infer(Accesses, Result);
  return Result;
}
