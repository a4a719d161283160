// A cancel function that some way out of the function leaves uncalled, and a stop source that
// nobody ever asks to stop.
#include "checks/Check.h"
#include "model/program/ProgramModel.h"

#include "llvm/ADT/StringExtras.h"

#include <algorithm>

using namespace heddle;

namespace {

FileRange behind(FileRange R) {
  R.Column += R.End - R.Begin;
  R.Begin = R.End;
  return R;
}

/// A name for the guard that nothing in the unit bears.
std::string guardName(const UnitFacts &Unit, llvm::StringRef Cancel) {
  std::string Base;
  for (char C : Cancel)
    if (llvm::isAlnum(C) || C == '_')
      Base += C;
    else if (!Base.empty() && Base.back() != '_')
      Base += '_';
  Base += "_on_exit";
  std::string Name = Base;
  auto IsTaken = [&](const Entity &E) { return E.Name == Name; };
  for (unsigned Next = 2; std::any_of(Unit.Entities.begin(), Unit.Entities.end(), IsTaken); ++Next)
    Name = Base + std::to_string(Next);
  return Name;
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
  Result.Edits.push_back({Place, "\n" + Indent + Unit.Entities[Field].Deferrer + " " +
                                     guardName(Unit, Name) + "(" + Name + ");"});
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

/// What happens to one stop source: does a task wait for it, and does anybody stop it?
struct StopSource {
  SourceRange Made;
  bool IsWaitedFor = false, TaskStarted = false;
  bool Stopped = false; ///< Or given to somebody else: what becomes of it is not seen here.
};

/// Adds what one function does to the source that it knows by the path.
void follow(const UnitFacts &Unit, FunctionId Id, const AccessPath &Path, StopSource &Source,
            unsigned Depth = 0) {
  for (const Block &B : Unit.Functions[Id].Blocks)
    for (const Event &E : B.Events) {
      Source.TaskStarted |= E.Kind == EventKind::Spawn;
      if (E.Path.startsWith(Path)) {
        // A lambda that asks the source itself waits for it like one that has a token.
        Source.IsWaitedFor |= E.Kind == EventKind::TokenTaken ||
                              (E.Kind == EventKind::Read && Unit.Functions[Id].IsLambda);
        Source.Stopped |= E.Kind == EventKind::Cancel || E.Kind == EventKind::Escape;
      }
      for (const Value &V : E.Values) {
        Source.Stopped |= V.isKnown() && V.Path.startsWith(Path);
        for (uint32_t Slot = 0; Slot < V.Bound.size(); ++Slot) {
          const Value &Bound = V.Bound[Slot];
          if (!Bound.isKnown() || !Bound.Path.startsWith(Path))
            continue;
          if (Bound.What == Value::PointsTo && Bound.Path == Path && V.Callee != InvalidId &&
              Unit.Functions[V.Callee].IsLambda && Depth < 4)
            follow(Unit, V.Callee, AccessPath(RootKind::Capture, Slot).deref(), Source, Depth + 1);
          else
            Source.Stopped = true;
        }
      }
    }
}

void reportStopSource(const UnitFacts &Unit, const StopSource &Source, const std::string &Name,
                      const std::string &Owner, Reporter &Out) {
  if (!Source.IsWaitedFor || !Source.TaskStarted || Source.Stopped)
    return;
  Finding F;
  F.Message = "stop source '" + Name +
              "' never requests a stop: nothing cancels the tasks that wait for its token";
  F.Primary = Unit.resolve(Source.Made);
  F.Sureness = Confidence::Likely;
  F.Identity = Owner + "#" + Name;
  Out.report(std::move(F));
}

/// Members that nothing outside of the unit can name: every use is in a function that is seen.
void reportMemberStopSources(const UnitFacts &Unit, Reporter &Out) {
  std::map<EntityId, StopSource> Members;
  auto LastField = [&](const AccessPath &Path) {
    bool IsField = !Path.steps().empty() && Path.steps().back().What == PathStep::Field;
    return IsField && Unit.Entities[Path.steps().back().Id].IsLocalToUnit ? Path.steps().back().Id
                                                                          : InvalidId;
  };
  for (const FunctionFacts &Function : Unit.Functions)
    for (const Block &B : Function.Blocks)
      for (const Event &E : B.Events)
        if (EntityId Field = LastField(E.Path);
            E.Kind == EventKind::TokenTaken && Field != InvalidId)
          Members[Field].Made = Unit.Entities[Field].Declaration;
  for (FunctionId Id = 0; Id < Unit.Functions.size() && !Members.empty(); ++Id) {
    std::set<AccessPath> Paths;
    auto Note = [&](const AccessPath &Path) {
      if (Members.count(LastField(Path)))
        Paths.insert(Path);
    };
    for (const Block &B : Unit.Functions[Id].Blocks)
      for (const Event &E : B.Events) {
        Note(E.Path);
        for (const Value &V : E.Values)
          Note(V.Path);
      }
    for (const AccessPath &Path : Paths)
      follow(Unit, Id, Path, Members[LastField(Path)]);
  }
  for (const auto &[Field, Source] : Members)
    reportStopSource(Unit, Source, Unit.Entities[Field].Name, Unit.Entities[Field].Usr, Out);
}

void reportLocalStopSources(const ProgramModel &Program, FunctionId Id, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  std::map<AccessPath, StopSource> Sources;
  for (const Block &B : Unit.Functions[Id].Blocks)
    for (const Event &E : B.Events)
      if (E.Kind == EventKind::CancelMake && E.has(Stops) && E.Path.root() == RootKind::Local)
        Sources[E.Path].Made = E.Where;
  for (auto &[Path, Source] : Sources) {
    follow(Unit, Id, Path, Source);
    reportStopSource(Unit, Source, Program.spell(Path, Id), Unit.Functions[Id].Usr, Out);
  }
}

void run(const ProgramModel &Program, Reporter &Out) {
  for (const MissedObligation &Owed : Program.missedObligations())
    reportCancel(Program, Owed, Out);
  for (FunctionId Id = 0; Id < Program.unit().Functions.size(); ++Id)
    reportLocalStopSources(Program, Id, Out);
  reportMemberStopSources(Program.unit(), Out);
}

} // namespace

namespace heddle::checks {
extern const Check MissingCancel;
const Check MissingCancel{run};
} // namespace heddle::checks
