// A lock that a coroutine still holds when it is suspended.
#include "checks/Check.h"
#include "checks/StoryTeller.h"

#include <algorithm>
#include <set>

using namespace heddle;

namespace {

template <typename Function> void forEachEvent(const FunctionFacts &In, Function Look) {
  for (const Block &B : In.Blocks) {
    for (const Event &E : B.Events)
      Look(E);
    for (const Edge &Way : B.Successors)
      for (const Event &E : Way.Events)
        Look(E);
  }
}

/// What was locked by awaiting it is no lock of a thread; a guard only adopts it.
bool isThreadLock(const UnitFacts &Unit, const FunctionFacts &In, const HeldLock &Lock) {
  EntityId Subject = Lock.Path.isKnown() ? Lock.Path.subject() : InvalidId;
  if (Lock.IsGiven)
    return false;
  bool IsAdopted = false;
  forEachEvent(In, [&](const Event &E) {
    IsAdopted |= E.Where == Lock.Where && E.Kind == EventKind::GuardMake && E.has(Adopted);
  });
  return !IsAdopted || (Subject != InvalidId && Unit.Entities[Subject].IsMutex);
}

/// Ends the scope of the guard before the statement that suspends, if nothing that the lock could
/// guard comes later.
std::optional<Fix> closeScope(const UnitFacts &Unit, const FunctionFacts &In, const HeldLock &Lock,
                              const SourceRange &Suspension) {
  const Event *Made = nullptr, *Suspends = nullptr;
  forEachEvent(In, [&](const Event &E) {
    if (E.Where == Lock.Where && E.Kind == EventKind::GuardMake)
      Made = &E;
    if (E.Where == Suspension && E.Kind == EventKind::Suspend)
      Suspends = &E;
  });
  if (!Made || !Suspends || Made->Statement == InvalidId || Suspends->Statement == InvalidId)
    return std::nullopt;
  const Statement &Guard = Unit.Statements[Made->Statement];
  const Statement &Wait = Unit.Statements[Suspends->Statement];
  bool IsSimple = Guard.Whole.isValid() && Wait.Whole.isValid() && Guard.Enclosing.isValid() &&
                  Guard.Enclosing == Wait.Enclosing && Guard.Whole.Begin < Wait.Whole.Begin &&
                  Wait.DeclarationsBefore == Guard.DeclarationsBefore + 1;
  bool IsQuiet = true, GuardsAny = false;
  forEachEvent(In, [&](const Event &E) {
    bool IsAccess = E.Kind == EventKind::Read || E.Kind == EventKind::Write ||
                    E.Kind == EventKind::Update || E.Kind == EventKind::Call ||
                    E.Kind == EventKind::CallValue;
    bool OfGuard = E.Path == Made->Path && E.Kind != EventKind::Destroy;
    if (Guard.Enclosing.encloses(E.Where) && E.Where.Begin >= Wait.Whole.Begin)
      IsQuiet &= !OfGuard && !(IsAccess && !(E.Where == Suspension) &&
                               E.Path.derefs() + (E.Path.root() == RootKind::Global) > 0);
    else if (Guard.Enclosing.encloses(E.Where) && E.Where.Begin > Guard.Whole.End)
      GuardsAny = true;
  });
  if (!IsSimple || !IsQuiet || !GuardsAny)
    return std::nullopt;
  Fix Result;
  Result.Title = "let the lock go before the coroutine is suspended";
  Result.Safety = FixSafety::Safe;
  Result.Edits.push_back({Unit.resolve(Guard.Whole).before(), "{ "});
  Result.Edits.push_back({Unit.resolve(Wait.Whole).before(), "} "});
  return Result;
}

void report(const ProgramModel &Program, const LockSetAt &At, const HeldLock &Lock, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const FunctionFacts &In = Unit.Functions[At.In];
  std::string Name = Lock.Path.isKnown() ? Program.spell(Lock.Path, At.In) : std::string();
  Finding F;
  F.Primary = Unit.resolve(At.Where);
  F.Identity = In.Usr + " " + Name;
  F.Message = "the coroutine may be suspended here while it holds " +
              (Name.empty() ? "a lock" : "'" + Name + "'") +
              ": it stays locked for as long as that takes, and may be unlocked by another thread";
  F.Notes.push_back({Unit.resolve(Lock.Where), "the lock is taken here"});
  if (std::optional<Fix> Close = closeScope(Unit, In, Lock, At.Where))
    F.Fixes.push_back(std::move(*Close));
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  std::set<std::pair<SourceRange, SourceRange>> Seen; // instances of a template share their text
  for (const LockSetAt &At : Program.lockedSuspensions())
    for (const HeldLock &Lock : At.Held)
      if (isThreadLock(Unit, Unit.Functions[At.In], Lock) &&
          Seen.insert({At.Where, Lock.Where}).second)
        report(Program, At, Lock, Out);
}

} // namespace

namespace heddle::checks {
extern const Check LockAcrossSuspend;
const Check LockAcrossSuspend{run};
} // namespace heddle::checks
