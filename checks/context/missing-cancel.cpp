// A cancel function that some way out of the function leaves uncalled, and a stop source that
// nobody ever asks to stop.
#include "checks/Check.h"
#include "model/program/ProgramModel.h"

#include <algorithm>

using namespace heddle;

namespace {

FileRange behind(FileRange R) {
  R.Column += R.End - R.Begin;
  R.Begin = R.End;
  return R;
}

/// Runs the cancel at the end of the scope, from the line after its creation. Calling it twice is
/// harmless, so the calls that are there can stay.
std::optional<Fix> deferCancel(const ProgramModel &Program, const MissedObligation &Owed) {
  const UnitFacts &Unit = Program.unit();
  EntityId Field = Owed.Object.subject();
  std::string Name = Program.spellForCode(Owed.Object, Owed.In);
  if (Field == InvalidId || Unit.Entities[Field].Deferrer.empty())
    return std::nullopt;
  if (Owed.Object.root() != RootKind::Local || Owed.Statement == InvalidId)
    return std::nullopt;
  const Statement &Made = Unit.Statements[Owed.Statement];
  if (!Made.InBlock || !Made.Whole.isValid() || Name.empty())
    return std::nullopt;
  Fix Result;
  Result.Title = "call '" + Name + "' when the scope ends";
  Result.Safety = FixSafety::Safe;
  Result.Includes.push_back(Unit.Entities[Field].DeferrerHeader);
  FileRange Place = behind(Unit.resolve(Made.Whole));
  std::string Indent(Made.Whole.Column - 1, ' ');
  Result.Edits.push_back(
      {Place, "\n" + Indent + Unit.Entities[Field].Deferrer + " cancel_on_exit(" + Name + ");"});
  return Result;
}

void reportCancel(const ProgramModel &Program, const MissedObligation &Owed, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const FunctionFacts &Function = Unit.Functions[Owed.In];
  std::string Name = Program.spellForCode(Owed.Object, Owed.In);
  Finding F;
  if (Owed.Object.root() == RootKind::Temporary || Name.empty())
    F.Message = "the cancel function made here is dropped: the context lives until its parent ends";
  else if (Owed.NeverMet)
    F.Message = "'" + Name + "' cancels the context made here and is never called";
  else
    F.Message = "'" + Name + "' cancels the context made here and is not called on every way out";
  F.Primary = Unit.resolve(Owed.Made);
  F.Sureness = Confidence::Certain;
  std::set<SourceRange> Told;
  for (const SourceRange &Exit : Owed.Exits)
    if (Told.insert(Exit).second && !Owed.NeverMet)
      F.Notes.push_back({Unit.resolve(Exit), "the function is left here without calling it"});
  F.Notes.push_back({Unit.resolve(Owed.Made),
                     "until then the context, its timer and every task that waits for it stay"});
  F.Identity = Function.Usr + "#" + Name;
  if (auto Deferred = deferCancel(Program, Owed))
    F.Fixes.push_back(std::move(*Deferred));
  Out.report(std::move(F));
}

/// A stop source made in a function: does a task get its token, and does anybody stop it?
struct StopSource {
  SourceRange Made;
  bool TokenTaken = false, TaskStarted = false, Stopped = false;
};

void reportStopSources(const ProgramModel &Program, FunctionId Id, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const FunctionFacts &Function = Unit.Functions[Id];
  std::map<AccessPath, StopSource> Sources;
  for (const Block &B : Function.Blocks)
    for (const Event &E : B.Events)
      if (E.Kind == EventKind::CancelMake && E.has(Stops) && E.Path.root() == RootKind::Local)
        Sources[E.Path].Made = E.Where;
  if (Sources.empty())
    return;
  for (const Block &B : Function.Blocks)
    for (const Event &E : B.Events)
      for (auto &[Path, Source] : Sources) {
        bool Concerns = E.Path.startsWith(Path);
        Source.TokenTaken |= Concerns && E.Kind == EventKind::TokenTaken;
        Source.TaskStarted |= E.Kind == EventKind::Spawn;
        Source.Stopped |=
            Concerns && (E.Kind == EventKind::Cancel || E.Kind == EventKind::Escape);
        // Given to somebody else: what becomes of it is not seen here.
        Source.Stopped |= std::any_of(E.Values.begin(), E.Values.end(), [&](const Value &V) {
          return V.isKnown() && V.Path.startsWith(Path);
        });
      }
  for (const auto &[Path, Source] : Sources) {
    if (!Source.TokenTaken || !Source.TaskStarted || Source.Stopped)
      continue;
    std::string Name = Program.spell(Path, Id);
    Finding F;
    F.Message = "stop source '" + Name +
                "' never requests a stop: nothing cancels the tasks that wait for its token";
    F.Primary = Unit.resolve(Source.Made);
    F.Sureness = Confidence::Likely;
    F.Identity = Function.Usr + "#" + Name;
    Out.report(std::move(F));
  }
}

void run(const ProgramModel &Program, Reporter &Out) {
  for (const MissedObligation &Owed : Program.missedObligations())
    reportCancel(Program, Owed, Out);
  for (FunctionId Id = 0; Id < Program.unit().Functions.size(); ++Id)
    reportStopSources(Program, Id, Out);
}

} // namespace

namespace heddle::checks {
extern const Check MissingCancel;
const Check MissingCancel{run};
} // namespace heddle::checks
