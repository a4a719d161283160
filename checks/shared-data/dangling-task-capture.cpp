// A5: a task that may still use a variable of its giver's when that variable is gone.
#include "checks/Check.h"
#include "checks/SharedOwnership.h"
#include "checks/StoryTeller.h"
#include "checks/TaskCaptures.h"
#include "model/facts/ValueFlow.h"

#include "llvm/ADT/StringExtras.h"

#include <map>

using namespace heddle;

namespace {

std::string nameOf(const ProgramModel &Program, const OutlivedObject &Each) {
  return "'" + Program.spell(Each.Object, Each.Frame) + "'";
}

std::string whyNobodyWaits(const ProgramModel &Program, const OutlivedObject &Each) {
  if (Each.IsDetached)
    return "nobody waits for a detached thread";
  std::string Handle = Program.spell(Each.Handle, Each.Frame);
  if (Each.JoinsLater && !Handle.empty())
    return "'" + Handle + "' waits for the thread only after that";
  return "the thread is not joined by then";
}

/// The object changes elsewhere while the thread runs: a copy would not show that.
bool isChangedMeanwhile(const ProgramModel &Program, const OutlivedObject &Each) {
  return llvm::any_of(Program.races(), [&](const ConcurrentPair &Race) {
    return Race.Frame == Each.Frame && Race.First.Path.startsWith(Each.Object);
  });
}

bool names(const Value &V, const AccessPath &Variable) {
  return V.Path.startsWith(Variable) ||
         llvm::any_of(V.Bound, [&](const Value &Bound) { return names(Bound, Variable); });
}

/// What happens to the local handle of a thread. Nothing but a start and a detach leaves it to a
/// handle that joins to wait for the thread instead.
struct DetachedHandle {
  AccessPath Variable;
  const Statement *Detach = nullptr;
  bool IsUsedOtherwise = false;
};

DetachedHandle detachedHandle(const FunctionFacts &Frame, const UnitFacts &Unit,
                              const SourceRange &Spawn) {
  DetachedHandle Result;
  forEachEvent(Frame, [&](const Event &E) {
    if (E.Kind == EventKind::Spawn && E.Where == Spawn)
      Result.Variable = E.Path;
  });
  forEachEvent(Frame, [&](const Event &E) {
    bool IsGiven =
        llvm::any_of(E.Values, [&](const Value &V) { return names(V, Result.Variable); });
    if (!IsGiven && !(E.Path == Result.Variable))
      return;
    bool IsKept = E.Kind == EventKind::Spawn && !IsGiven && E.Where == Spawn;
    bool IsOver =
        E.Kind == EventKind::Fresh || E.Kind == EventKind::Destroy || E.Kind == EventKind::End;
    bool IsFirst = E.Kind == EventKind::Detach && E.Statement != InvalidId && !Result.Detach;
    if (IsFirst)
      Result.Detach = &Unit.Statements[E.Statement];
    Result.IsUsedOtherwise |= !IsKept && !IsOver && !IsFirst;
  });
  return Result;
}

/// Makes the handle one that joins at the end of its scope, which comes before the objects' end.
std::optional<Fix> joinInTime(const ProgramModel &Program,
                              const std::vector<const OutlivedObject *> &Objects,
                              llvm::ArrayRef<std::string> Names) {
  const UnitFacts &Unit = Program.unit();
  const OutlivedObject &First = *Objects.front();
  const ThreadOrigin &Origin = *First.Use.Origin;
  if (!Unit.IsCPlusPlus20 || Origin.Parent || !Origin.Calls.empty())
    return std::nullopt;
  DetachedHandle Handle = detachedHandle(Unit.Functions[First.Frame], Unit, Origin.Spawn);
  if (Handle.Variable.root() != RootKind::Local || !Handle.Variable.isRootOnly() ||
      Handle.IsUsedOtherwise || !Handle.Detach || !Handle.Detach->IsExpression ||
      !Handle.Detach->InBlock || !Handle.Detach->Lines.isValid())
    return std::nullopt;
  const Entity &Variable = Unit.Entities[Handle.Variable.rootId()];
  bool EndsFirst = llvm::all_of(Objects, [&](const OutlivedObject *Each) {
    return Each->Object.root() == RootKind::Parameter ||
           (Each->Object.root() == RootKind::Local &&
            Unit.Entities[Each->Object.rootId()].Declaration < Variable.Declaration);
  });
  if (Variable.StoppableReplacement.empty() || !Variable.TypeWritten.isValid() ||
      Variable.TypeIsDeduced || !EndsFirst)
    return std::nullopt;
  return Fix{"make '" + Variable.Name + "' a " + Variable.StoppableReplacement +
                 ", which waits for the thread before " + llvm::join(Names, " and ") +
                 (Names.size() > 1 ? " end" : " ends"),
             FixSafety::Unsafe,
             {{Unit.resolve(Variable.TypeWritten), Variable.StoppableReplacement},
              {Unit.resolve(Handle.Detach->Lines), ""}},
             {}};
}

void report(const ProgramModel &Program, const std::vector<const OutlivedObject *> &Objects,
            Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const OutlivedObject &First = *Objects.front();
  StoryTeller Teller(Program);
  std::vector<std::string> Names;
  std::vector<const Operation *> Uses;
  FixSafety Safety = FixSafety::Safe;
  Finding F;
  for (const OutlivedObject *Each : Objects) {
    std::string Name = nameOf(Program, *Each);
    if (llvm::is_contained(Names, Name))
      continue;
    Names.push_back(Name);
    Uses.push_back(&Each->Use);
    if (isChangedMeanwhile(Program, *Each))
      Safety = FixSafety::Unsafe;
    if (EntityId Variable = Each->Object.subject(); Variable != InvalidId) {
      F.Notes.push_back({Unit.resolve(Unit.Entities[Variable].Declaration),
                         Name + " is declared here and ends with its scope"});
      F.Identity += Unit.Entities[Variable].Usr;
    }
  }
  F.Message = llvm::join(Names, " and ") + " may be gone while " +
              Teller.nameThread(First.Use, First.Frame) + " still uses " +
              (Names.size() > 1 ? "them" : "it") + "; " + whyNobodyWaits(Program, First);
  F.Primary = Unit.resolve(placeGiven(Unit, First.Frame, First.Use));
  F.Sureness = First.Use.Waited.empty() ? Confidence::Certain : Confidence::Likely;
  Operation End;
  End.In = First.Frame;
  End.Where = First.Ends;
  F.Threads.push_back(Teller.tell(End, First.Frame, Names.front() + " ends here"));
  F.Threads.push_back(Teller.tell(First.Use, First.Frame, "may use " + Names.front() + " later"));
  if (std::optional<Fix> Copies = captureCopies(Unit, Uses, Safety))
    F.Fixes.push_back(std::move(*Copies));
  if (std::optional<Fix> Joins = joinInTime(Program, Objects, Names))
    F.Fixes.push_back(std::move(*Joins));
  if (std::optional<Fix> Shared = F.Fixes.empty() ? ownTogether(Unit, Objects) : std::nullopt)
    F.Fixes.push_back(std::move(*Shared));
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  LoopVariables Looping = racingLoopVariables(Program);
  std::map<std::pair<SourceRange, FunctionId>, std::vector<const OutlivedObject *>> ByTask;
  for (const OutlivedObject &Each : Program.outlivedObjects()) {
    // What lives for one round of a loop has a rule of its own.
    EntityId Variable = Each.Object.root() == RootKind::Local ? Each.Object.rootId() : InvalidId;
    if (Variable != InvalidId && (Looping.count({Each.Frame, Variable}) ||
                                  isOfOneRound(Unit, Each.Frame, Variable, Each.Use)))
      continue;
    ByTask[{placeStarted(Each.Use), Each.Use.Origin->Entry}].push_back(&Each);
  }
  for (const auto &[Task, Objects] : ByTask)
    report(Program, Objects, Out);
}

} // namespace

namespace heddle::checks {
extern const Check DanglingTaskCapture;
const Check DanglingTaskCapture{run};
} // namespace heddle::checks
