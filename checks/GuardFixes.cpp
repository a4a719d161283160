#include "checks/GuardFixes.h"

#include "checks/WaysWithLock.h"

#include <algorithm>
#include <map>

using namespace heddle;

namespace {

/// The guarding lock in the terms of the function that lacks it. `Guarded` holds it; both paths of
/// an operation (in its own function and in the frame) end alike, which shows what the common
/// object is called in either place.
AccessPath translateLock(const UnitFacts &Unit, const AccessPath &Lock, const Operation &Lacking) {
  const AccessPath &Here = Lacking.LocalPath, &There = Lacking.Path;
  unsigned Common = 0;
  while (Common < Here.steps().size() && Common < There.steps().size() &&
         Here.steps()[Here.steps().size() - 1 - Common] ==
             There.steps()[There.steps().size() - 1 - Common] &&
         Here.steps()[Here.steps().size() - 1 - Common].What == PathStep::Field)
    ++Common;
  if (Common > 0) {
    AccessPath ObjectHere = Here.prefix(Here.steps().size() - Common);
    AccessPath ObjectThere = There.prefix(There.steps().size() - Common);
    if (Lock.startsWith(ObjectThere))
      return Lock.rebased(ObjectHere, ObjectThere.steps().size());
  }
  if (Lock.root() == RootKind::Global && Lock.derefs() == 0) {
    // The function may be called for others of the kind, which have locks of their own.
    bool IsOfOneObject = There.root() == RootKind::Global && There.rootId() == Lock.rootId() &&
                         !Lock.isRootOnly() && Here.root() != RootKind::Global;
    return IsOfOneObject ? AccessPath() : Lock;
  }
  if (Lock.root() == RootKind::Local && Lock.derefs() == 0) {
    // A lambda knows its maker's variables by its captures.
    const FunctionFacts &Function = Unit.Functions[Lacking.In];
    for (uint32_t Slot = 0; Slot < Function.Captures.size(); ++Slot)
      if (Function.Captures[Slot].Variable == Lock.rootId() && Function.Captures[Slot].IsReference)
        return Lock.rebased(AccessPath(RootKind::Capture, Slot).deref(), 0);
    if (!Lacking.Origin && Lacking.Calls.empty())
      return Lock;
  }
  return {};
}

/// The lock that most of the guarded accesses hold, exclusively.
const HeldLock *usualLock(const std::vector<const ConcurrentPair *> &Races) {
  std::map<AccessPath, std::pair<unsigned, const HeldLock *>> Votes;
  for (const ConcurrentPair *Race : Races)
    for (const Operation *Op : {&Race->First, &Race->Second})
      for (const HeldLock &Lock : Op->Locks)
        if (Lock.Path.isPrecise() && !Lock.IsShared) {
          auto &[Count, First] = Votes[Lock.Path];
          ++Count;
          First = First ? First : &Lock;
        }
  const HeldLock *Best = nullptr;
  unsigned Most = 0;
  for (const auto &[Path, Vote] : Votes)
    if (Vote.first > Most)
      std::tie(Most, Best) = Vote;
  return Best;
}

/// Whether only the class of a member of the owner's can name the lock.
bool isHiddenInside(const UnitFacts &Unit, const AccessPath &Lock) {
  llvm::ArrayRef<PathStep> Steps = Lock.steps();
  return Steps.size() > 1 && Steps.back().What == PathStep::Field &&
         Steps[Steps.size() - 2].What == PathStep::Field &&
         Unit.Entities[Steps.back().Id].IsPrivate;
}

} // namespace

std::string heddle::declareGuard(const Entity &Mutex, llvm::StringRef Name, llvm::StringRef Lock) {
  std::string Result = "const " + Mutex.GuardForm;
  auto Fill = [&](llvm::StringRef Blank, llvm::StringRef Text) {
    if (size_t At = Result.find(Blank.str()); At != std::string::npos)
      Result.replace(At, Blank.size(), Text.str());
  };
  Fill("{name}", Name);
  Fill("{lock}", Lock);
  return Result;
}

std::optional<Fix> heddle::takeGuardingLock(const ProgramModel &Program,
                                            const std::vector<const ConcurrentPair *> &Races) {
  const UnitFacts &Unit = Program.unit();
  const HeldLock *Lock = usualLock(Races);
  if (!Lock || Unit.IsC)
    return std::nullopt;
  EntityId Mutex = Lock->Path.subject();
  if (Mutex == InvalidId || !Unit.Entities[Mutex].IsMutex || isHiddenInside(Unit, Lock->Path))
    return std::nullopt;
  Fix Result;
  Result.Title = "hold '" + Unit.Entities[Mutex].Name + "' here, as elsewhere";
  Result.Includes.push_back(Unit.Entities[Mutex].GuardFormHeader);
  Result.Safety = FixSafety::Safe;
  std::map<SourceRange, std::string> Wrapped;
  for (const ConcurrentPair *Race : Races)
    for (const Operation *Op : {&Race->First, &Race->Second}) {
      bool Holds = std::any_of(Op->Locks.begin(), Op->Locks.end(), [&](const HeldLock &Held) {
        return Held.Path == Lock->Path && !Held.IsShared;
      });
      if (Holds)
        continue;
      // Another lock already held would be taken in a new order.
      if (Op->Statement == InvalidId || !Op->Locks.empty())
        return std::nullopt;
      const Statement &S = Unit.Statements[Op->Statement];
      AccessPath Here = translateLock(Unit, Lock->Path, *Op);
      std::string Name = Program.spellForCode(Here, Op->In);
      if (!S.IsExpression || S.HasCalls || !S.Whole.isValid() || Name.empty())
        return std::nullopt;
      if (WaysWithLock(Unit.Functions[Op->In], Here).lead(Op->Where))
        return std::nullopt; // there it would be taken twice
      Wrapped[S.Whole] = Name;
    }
  for (const auto &[Whole, Name] : Wrapped) {
    FileRange Place = Unit.resolve(Whole);
    Result.Edits.push_back(
        {Place.before(), "{ " + declareGuard(Unit.Entities[Mutex], "lock", Name) + "; "});
    Result.Edits.push_back({Place.behind(), " }"});
  }
  return Result.Edits.empty() ? std::nullopt : std::optional<Fix>(std::move(Result));
}

std::optional<Fix> heddle::lockWholeBody(const ProgramModel &Program, FunctionId Id,
                                         const AccessPath &Lock, EntityId MutexId,
                                         EntityId Source) {
  const UnitFacts &Unit = Program.unit();
  const FunctionFacts &F = Unit.Functions[Id];
  const Entity &Mutex = Unit.Entities[MutexId];
  std::string Name = Program.spellForCode(Lock, Id);
  bool IsConst = Source != InvalidId && Unit.Entities[Source].IsConst;
  if (Unit.IsC || !Mutex.IsMutex || Name.empty() || !F.BodyRange.isValid() ||
      !Program.summary(Id).Taken.empty() || (IsConst && !Mutex.IsMutable))
    return std::nullopt;
  Fix Result;
  Result.Title = "hold '" + Name + "' while copying";
  Result.Safety = FixSafety::Safe;
  FileRange Brace = Unit.resolve(F.BodyRange);
  Brace.End = Brace.Begin + 1;
  Result.Edits.push_back({Brace.behind(), " " + declareGuard(Mutex, "lock", Name) + ";"});
  Result.Includes.push_back(Mutex.GuardFormHeader);
  return Result;
}

std::string heddle::nameOfGuard(const UnitFacts &Unit, const GuardedVariable &Variable) {
  std::string Name;
  for (PathStep Step : Variable.Guard.steps())
    if (Step.What == PathStep::Field && (Name.empty() || !Unit.Entities[Step.Id].IsPrivate))
      Name += (Name.empty() ? "" : ".") + Unit.Entities[Step.Id].Name;
  return Name.empty() || Variable.Guard.root() == RootKind::Global
             ? Unit.Entities[Variable.Lock].Name
             : Name;
}

std::optional<Fix> heddle::annotateGuard(const ProgramModel &Program,
                                         const GuardedVariable &Variable) {
  const UnitFacts &Unit = Program.unit();
  const Entity &Subject = Unit.Entities[Variable.Subject];
  const Entity &Lock = Unit.Entities[Variable.Lock];
  bool IsArray = Subject.Type.find('[') != std::string::npos;
  auto Fields = llvm::count_if(Variable.Guard.steps(),
                               [](PathStep Step) { return Step.What == PathStep::Field; });
  if (Fields > 1 && Variable.Guard.root() != RootKind::Global)
    return std::nullopt; // the name is that of the owner around both
  if (!Lock.IsCapability || !Subject.GuardedBy.empty() || !Subject.Initializer.isValid() ||
      !Subject.TypeWritten.isValid() || IsArray)
    return std::nullopt;
  if (Variable.Guard.root() == RootKind::Global &&
      (Lock.Declaration.File != Subject.Declaration.File ||
       Subject.Declaration.Begin < Lock.Declaration.Begin))
    return std::nullopt; // a global's annotation can only name what comes before it
  std::string Name;
  for (PathStep Step : Variable.Guard.steps())
    if (Step.What == PathStep::Field)
      Name += (Name.empty() ? "" : ".") + Unit.Entities[Step.Id].Name;
  if (Variable.Guard.root() == RootKind::Global)
    Name = Name.empty() ? Lock.Name : Unit.Entities[Variable.Guard.rootId()].Name + "." + Name;
  std::string Annotation = Unit.GuardMacro.empty() ? "__attribute__((guarded_by(" + Name + ")))"
                                                   : Unit.GuardMacro + "(" + Name + ")";
  Fix Result;
  Result.Title = "say that '" + Lock.Name + "' guards '" + Subject.Name + "'";
  Result.Safety = FixSafety::Safe;
  Result.Edits.push_back({Unit.resolve(Subject.Initializer).before(), " " + Annotation});
  return Result;
}
