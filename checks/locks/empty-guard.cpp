// A guard that never holds a lock: made over none, told to take it later and never asked to, told
// that it is held when nobody took it.
#include "checks/Check.h"
#include "checks/StoryTeller.h"

#include <algorithm>
#include <set>

using namespace heddle;

namespace {

bool mentions(const Event &E, const AccessPath &Lock) {
  return E.Path == Lock || std::any_of(E.Values.begin(), E.Values.end(), [&](const Value &V) {
           return V.What == Value::PointsTo && V.Path == Lock;
         });
}

/// Whether something in the function may have taken the lock before a guard adopts it.
bool mayTake(const ProgramModel &Program, FunctionId Id, const AccessPath &Lock) {
  const FunctionFacts &In = Program.unit().Functions[Id];
  auto Takes = [&](const Event &E) {
    if (E.Kind == EventKind::GuardMake && E.has(Adopted))
      return false;
    if (E.Kind == EventKind::UnknownCall && !E.has(Library))
      return true;
    if (E.Kind == EventKind::CallValue || E.Kind == EventKind::GuardLock ||
        E.Kind == EventKind::CallOutcome)
      return true;
    if (E.Kind == EventKind::Call && E.Callee != InvalidId) {
      const Summary &S = Program.summary(E.Callee);
      return !S.Taken.empty() || !S.Acquired.empty() || S.CallsUnknown || !S.IsComputed ||
             mentions(E, Lock);
    }
    return (E.Kind == EventKind::Acquire && !Lock.isKnown()) || mentions(E, Lock);
  };
  for (const Block &B : In.Blocks) {
    if (std::any_of(B.Events.begin(), B.Events.end(), Takes))
      return true;
    for (const Edge &Way : B.Successors)
      if (std::any_of(Way.Events.begin(), Way.Events.end(), Takes))
        return true;
  }
  return false;
}

/// Whether the unit shows who enters the function, and that none of them holds a lock.
bool isEnteredUnlocked(const ProgramModel &Program, FunctionId Id) {
  const UnitFacts &Unit = Program.unit();
  if (Program.isEnteredWithLock(Id) || !Unit.Functions[Id].Requires.empty())
    return false;
  if (Unit.Functions[Id].IsMain)
    return true;
  for (const FunctionFacts &Caller : Unit.Functions)
    for (const Block &B : Caller.Blocks)
      for (const Event &E : B.Events)
        if ((E.Kind == EventKind::Call || E.Kind == EventKind::Spawn) && E.Callee == Id)
          return true;
  return false;
}

/// The place where the guard variable is made, with its lock.
const Event *makingOf(const FunctionFacts &In, EntityId Guard) {
  for (const Block &B : In.Blocks)
    for (const Event &E : B.Events)
      if (E.Kind == EventKind::GuardMake && E.Path == AccessPath(RootKind::Local, Guard))
        return &E;
  return nullptr;
}

std::string describe(const ProgramModel &Program, FunctionId Id, const IdleGuard &Guard) {
  const FunctionFacts &In = Program.unit().Functions[Id];
  std::string Name = "'" + Program.unit().Entities[Guard.Variable].Name + "'";
  switch (Guard.How) {
  case IdleGuard::Empty:
    if (Guard.IsLeftAlone)
      return "the guard " + Name + " is given no lock, here or later: nothing is locked";
    break;
  case IdleGuard::Deferred:
    if (Guard.IsLeftAlone)
      return "the guard " + Name +
             " was told to take its lock later, and never is asked to: " + "nothing is locked";
    break;
  case IdleGuard::Tried:
    break; // ignored-try-lock
  case IdleGuard::Adopted: {
    const Event *Made = makingOf(In, Guard.Variable);
    if (!Made || Made->Values.size() != 1 || Made->Values[0].What != Value::PointsTo)
      break;
    AccessPath Lock = Made->Values[0].Path;
    bool IsHeld = std::any_of(In.Requires.begin(), In.Requires.end(),
                              [&](const AnnotatedLock &L) { return L.Path == Lock; });
    if (Lock.isKnown() && !IsHeld && !mayTake(Program, Id, Lock) && isEnteredUnlocked(Program, Id))
      return "the guard " + Name + " takes the lock for held, but nobody has taken it: it is " +
             "unlocked in the end without ever having been locked";
    break;
  }
  }
  return {};
}

void addFix(const ProgramModel &Program, FunctionId Id, const IdleGuard &Guard, Finding &F) {
  const UnitFacts &Unit = Program.unit();
  bool IsFree = Program.summary(Id).Taken.empty() && !Program.isEnteredWithLock(Id) &&
                Unit.Functions[Id].Requires.empty();
  if (!Guard.OnlyLock.empty())
    F.Fixes.push_back({"hold '" + Guard.OnlyLock + "', the only lock in scope",
                       IsFree ? FixSafety::Safe : FixSafety::Unsafe,
                       {{Unit.resolve(Guard.LockBelongs), "(" + Guard.OnlyLock + ")"}},
                       {}});
  if (Guard.How == IdleGuard::Empty || !Guard.Tag.isValid())
    return;
  F.Fixes.push_back({"let the guard take its lock at once",
                     FixSafety::Safe,
                     {{Unit.resolve(Guard.Tag), ""}},
                     {}});
}

void run(const ProgramModel &Program, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  std::set<SourceRange> Seen; // instances of a template share their text
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    for (const IdleGuard &Guard : Unit.Functions[Id].IdleGuards) {
      std::string Message = describe(Program, Id, Guard);
      if (Message.empty() || !Seen.insert(Guard.Where).second)
        continue;
      Finding F;
      F.Message = std::move(Message);
      F.Primary = Unit.resolve(Guard.Where);
      F.Sureness = Guard.How == IdleGuard::Adopted ? Confidence::Likely : Confidence::Certain;
      F.Identity = Unit.Functions[Id].Usr + " " + Unit.Entities[Guard.Variable].Name;
      addFix(Program, Id, Guard, F);
      Out.report(std::move(F));
    }
  for (const auto &[Where, In] : Program.nullGuards())
    if (Seen.insert(Where).second) {
      Finding F;
      F.Message = "this guard is made over a null pointer: there is no lock to hold";
      F.Primary = Unit.resolve(Where);
      F.Identity = Unit.Functions[In].Usr;
      Out.report(std::move(F));
    }
}

} // namespace

namespace heddle::checks {
extern const Check EmptyGuard;
const Check EmptyGuard{run};
} // namespace heddle::checks
