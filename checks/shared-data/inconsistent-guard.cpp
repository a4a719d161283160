// A field or global that is touched without the lock under which the others touch it.
#include "checks/Check.h"
#include "checks/GuardFixes.h"
#include "checks/RaceGroups.h"
#include "checks/RepeatedNotes.h"
#include "checks/StoryTeller.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <set>

using namespace heddle;

namespace {

std::set<FunctionId> functionsOf(const std::vector<GuardedAccess> &Accesses) {
  std::set<FunctionId> Result;
  for (const GuardedAccess &Access : Accesses)
    Result.insert(Access.Op.In);
  return Result;
}

/// The access under the guard that tells best what can go wrong: in another function, a write.
const GuardedAccess *partner(const GuardedAccess &Outside, const GuardedVariable &Variable) {
  const GuardedAccess *Best = nullptr;
  auto Worth = [&](const GuardedAccess &A) {
    return 2 * (A.Op.In != Outside.Op.In) + A.Op.isWrite();
  };
  for (const GuardedAccess &Inside : Variable.Inside) {
    // What a function sets only as long as it is unset stays as it is once it has come by there.
    bool IsSetOnce = Inside.Op.isWrite() && Inside.Op.Tests && Inside.Op.In == Outside.Op.In &&
                     Inside.Op.Where < Outside.Op.Where;
    bool Conflicts = (Inside.Op.isWrite() && !IsSetOnce) || Outside.Op.isWrite();
    if (Conflicts && !isHandedOver(Inside.Op, Outside.Op) &&
        (!Best || Worth(Inside) > Worth(*Best)))
      Best = &Inside;
  }
  return Best;
}

/// Looked at without the lock, and again under it further down, or in what is called; no container
/// may be looked at so.
bool isFirstLook(const GuardedAccess &Outside, const GuardedVariable &Variable) {
  if (Outside.Op.isWrite() || (Outside.Op.Flags & Container))
    return false;
  auto Behind = Variable.CalledToWrite.find(Outside.Frame);
  bool IsCalledBehind = Outside.Op.In == Outside.Frame && Outside.Op.Locks.empty() &&
                        Behind != Variable.CalledToWrite.end() && Outside.Op.Where < Behind->second;
  return IsCalledBehind ||
         std::any_of(Variable.Inside.begin(), Variable.Inside.end(), [&](const auto &Inside) {
           return Inside.Op.In == Outside.Op.In && Outside.Op.Where < Inside.Op.Where;
         });
}

/// "written", "read"; of containers "changed", "used".
std::string touched(const Operation &Op) {
  if (Op.Flags & Container)
    return Op.isWrite() ? "changed" : "used";
  return Op.isWrite() ? "written" : "read";
}

/// In how many functions the guard is held: "'push'", "'push' and 'pop'", "'push' and 2 other
/// functions".
std::string usersOf(const UnitFacts &Unit, const std::set<FunctionId> &Functions,
                    const GuardedAccess &First) {
  std::string Text = quoteFunction(Unit, First.Op.In);
  size_t Others = Functions.size() - 1;
  if (Others == 0)
    return Text;
  if (Others > 1)
    return Text + " and " + std::to_string(Others) + " other functions";
  auto Other = llvm::find_if(Functions, [&](FunctionId Id) { return Id != First.Op.In; });
  return Text + " and " + quoteFunction(Unit, *Other);
}

std::string reason(const UnitFacts &Unit, const GuardedVariable &Variable,
                   const GuardedAccess *Holding) {
  if (Variable.IsDeclared || !Holding)
    return ", which guards it by its declaration";
  return ", which guards it in " + usersOf(Unit, functionsOf(Variable.Inside), *Holding);
}

/// What a copy is made from without its lock: that has a rule of its own.
bool isCopied(const UnitFacts &Unit, const Operation &Op) {
  const FunctionFacts &In = Unit.Functions[Op.In];
  return In.CopiedSlot != 0 && !Op.isWrite() && Op.LocalPath.root() == RootKind::Parameter &&
         Op.LocalPath.rootId() == In.CopiedSlot;
}

/// Whether some function calls both: it knows which of them needs the lock at that point.
bool haveCommonCaller(const UnitFacts &Unit, FunctionId A, FunctionId B) {
  return std::any_of(Unit.Functions.begin(), Unit.Functions.end(),
                     [&](const FunctionFacts &Caller) {
                       bool CallsA = false, CallsB = false;
                       for (const Block &Each : Caller.Blocks)
                         for (const Event &E : Each.Events) {
                           CallsA |= E.Kind == EventKind::Call && E.Callee == A;
                           CallsB |= E.Kind == EventKind::Call && E.Callee == B;
                         }
                       return CallsA && CallsB;
                     });
}

/// Most of its users know which lock it is, or all of those that change it; otherwise nobody can
/// tell what was meant.
bool isConvention(const UnitFacts &Unit, const GuardedVariable &Variable) {
  if (Variable.IsDeclared)
    return true;
  std::set<FunctionId> Knowing = functionsOf(Variable.Inside);
  std::set<FunctionId> Unaware = functionsOf(Variable.Outside);
  if (Knowing.empty())
    return false;
  bool OnlyReads =
      llvm::none_of(Variable.Outside, [](const GuardedAccess &Each) { return Each.Op.isWrite(); });
  size_t Leeway = OnlyReads ? 2 : 0;
  if (Unaware.size() != 1 || Knowing.size() > 1)
    return Knowing.size() + Leeway > Unaware.size() ||
           Variable.CallersInside.size() + Leeway > Variable.CallersOutside.size();
  // One against one, in a class that the unit keeps to itself: its callers are all in sight.
  return !Unit.Entities[Variable.Subject].IsLocalToUnit ||
         !haveCommonCaller(Unit, *Knowing.begin(), *Unaware.begin());
}

/// Whether the lock of another object is held, which does not help.
bool holdsAnothers(const Operation &Op, const GuardedVariable &Variable) {
  return llvm::any_of(Op.Locks, [&](const HeldLock &Lock) {
    return Lock.Path.subject() == Variable.Lock && !Lock.IsConditional;
  });
}

void report(const ProgramModel &Program, const GuardedVariable &Variable,
            const std::vector<const GuardedAccess *> &Outside, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const Entity &Subject = Unit.Entities[Variable.Subject];
  const GuardedAccess &Lacking = *Outside.front();
  const GuardedAccess *Holding = partner(Lacking, Variable);
  StoryTeller Teller(Program);

  Finding F;
  std::string Lock = "'" + nameOfGuard(Unit, Variable) + "'";
  bool HoldsAnothers = holdsAnothers(Lacking.Op, Variable);
  F.Message =
      "'" + Subject.Name + "' is " + touched(Lacking.Op) + " here " +
      (HoldsAnothers ? "with the " + Lock + " of another object, not its own" : "without " + Lock) +
      reason(Unit, Variable, Holding);
  F.Primary = Unit.resolve(Lacking.Op.Where);
  F.Sureness = Variable.IsDeclared ? Confidence::Certain : Confidence::Likely;
  F.Identity = Subject.Usr;
  for (const GuardedAccess *Access : {&Lacking, Holding})
    if (Access)
      F.Threads.push_back(
          Teller.tell(Access->Op, Access->Frame, verb(Access->Op) + " '" + Subject.Name + "'"));
  if (Subject.Declaration.isValid())
    F.Notes.push_back(
        {Unit.resolve(Subject.Declaration), "'" + Subject.Name + "' is declared here"});
  std::vector<ConcurrentPair> Pairs;
  RepeatedNotes Places(F);
  for (const GuardedAccess *Access : Outside) {
    if (Holding)
      Pairs.push_back({Access->Frame, Access->Op, Holding->Op});
    if (Access != &Lacking)
      Places.add(
          touched(Access->Op) + " without it",
          {Unit.resolve(Access->Op.Where),
           "also " + touched(Access->Op) + " without it in " + quoteFunction(Unit, Access->Op.In)});
  }
  Places.finish();
  std::vector<const ConcurrentPair *> Races;
  for (const ConcurrentPair &Pair : Pairs)
    Races.push_back(&Pair);
  if (!Races.empty() && !HoldsAnothers) // which of the two comes first is not for us to say
    if (std::optional<Fix> Guarded = takeGuardingLock(Program, Races))
      F.Fixes.push_back(std::move(*Guarded));
  if (std::optional<Fix> Annotated = annotateGuard(Program, Variable))
    F.Fixes.push_back(std::move(*Annotated));
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  std::set<SourceRange> Told; // as races between threads that are seen
  for (const ConcurrentPair &Race : Program.races())
    Told.insert({Race.First.Where, Race.Second.Where});
  for (const GuardedVariable &Variable : Program.guardedVariables()) {
    std::vector<const GuardedAccess *> Outside;
    for (const GuardedAccess &Access : Variable.Outside)
      if (!Told.count(Access.Op.Where) && !isCopied(Program.unit(), Access.Op) &&
          (Variable.IsDeclared || (partner(Access, Variable) && !isFirstLook(Access, Variable))))
        Outside.push_back(&Access);
    if (!Outside.empty() && isConvention(Program.unit(), Variable))
      report(Program, Variable, Outside, Out);
  }
}

} // namespace

namespace heddle::checks {
extern const Check InconsistentGuard;
const Check InconsistentGuard{run};
} // namespace heddle::checks
