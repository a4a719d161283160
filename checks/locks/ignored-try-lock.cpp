// An attempt to lock whose outcome nobody looks at, and a lock that is then given back all the
// same, or work that is done behind it all the same.
#include "checks/Check.h"
#include "checks/LockWords.h"

#include <algorithm>
#include <set>

using namespace heddle;

namespace {

/// Whether anything is done behind the place that others may have to do with.
bool isFollowedByWork(const FunctionFacts &In, const SourceRange &Where) {
  auto IsWork = [&](const Event &E) {
    bool IsAccess =
        (E.Kind == EventKind::Read || E.Kind == EventKind::Write || E.Kind == EventKind::Update) &&
        (E.Path.root() != RootKind::Local || E.Path.derefs() > 0);
    bool IsCall = E.Kind == EventKind::Call || E.Kind == EventKind::CallValue ||
                  (E.Kind == EventKind::UnknownCall && !E.has(Library));
    return (IsAccess || IsCall) && E.Where.File == Where.File && E.Where.Begin > Where.End;
  };
  return std::any_of(In.Blocks.begin(), In.Blocks.end(), [&](const Block &B) {
    return std::any_of(B.Events.begin(), B.Events.end(), IsWork);
  });
}

void reportGuards(const UnitFacts &Unit, Reporter &Out) {
  std::set<SourceRange> Seen; // instances of a template share their text
  for (const FunctionFacts &Function : Unit.Functions)
    for (const IdleGuard &Guard : Function.IdleGuards) {
      if (Guard.How != IdleGuard::Tried || !Guard.IsLeftAlone ||
          !isFollowedByWork(Function, Guard.Where) || !Seen.insert(Guard.Where).second)
        continue;
      const std::string &Name = Unit.Entities[Guard.Variable].Name;
      Finding F;
      F.Message = "nobody asks whether the guard '" + Name +
                  "' got its lock: what follows is done without it as well";
      F.Primary = Unit.resolve(Guard.Where);
      F.Identity = Function.Usr + " " + Name;
      Out.report(std::move(F));
    }
}

void run(const ProgramModel &Program, Reporter &Out) {
  for (const LockFault &Fault : Program.lockFaults()) {
    if (Fault.What != LockFault::UncheckedTry)
      continue;
    Finding F = lockFinding(Program, Fault,
                            "nobody looks whether this attempt to lock " +
                                quoteLock(Program, Fault) + " succeeds, and it is unlocked anyway");
    F.Notes.push_back({Program.unit().resolve(Fault.Before), "taken to be held here"});
    Out.report(std::move(F));
  }
  reportGuards(Program.unit(), Out);
}

} // namespace

namespace heddle::checks {
extern const Check IgnoredTryLock;
const Check IgnoredTryLock{run};
} // namespace heddle::checks
