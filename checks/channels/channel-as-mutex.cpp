// E4: a channel of capacity one, or a semaphore with one permit, that does the work of a mutex.
#include "checks/Check.h"
#include "model/program/ChannelLocks.h"
#include "model/program/ProgramModel.h"

#include "llvm/ADT/STLExtras.h"

#include <optional>

using namespace heddle;

namespace {

/// What code in a function would write to name the holder; empty if it is not simply its name.
std::string spelling(const ValueFlow &Values, const LockPair &P, bool IsSemaphore) {
  ValueFlow::Place Origin = Values.withoutCaptures(P.Function, P.Lock->Path);
  llvm::ArrayRef<PathStep> Steps = Origin.Path.steps();
  if (!IsSemaphore)
    Steps = Steps.drop_back(!Steps.empty());
  bool IsMember = Origin.Path.root() == RootKind::Parameter && Origin.Path.rootId() == 0 &&
                  Steps.size() == 2 && Steps[0].What == PathStep::Deref &&
                  Steps[1].What == PathStep::Field;
  bool IsVariable =
      (Origin.Path.root() == RootKind::Global || Origin.Path.root() == RootKind::Local) &&
      Steps.empty();
  if (!IsMember && !IsVariable)
    return "";
  return Values.unit().Entities[IsMember ? Steps[1].Id : Origin.Path.rootId()].Name;
}

bool isNameTaken(const UnitFacts &Unit, llvm::StringRef Name) {
  return llvm::any_of(Unit.Entities, [&](const Entity &E) { return E.Name == Name; });
}

/// Turns one pair into a guard; false if the statements do not allow it.
bool addGuard(const ValueFlow &Values, const ChannelLock &Lock, const LockPair &P, Fix &Out) {
  const UnitFacts &Unit = Values.unit();
  const Entity &Holder = Unit.Entities[Lock.Holder];
  std::string Name = spelling(Values, P, Lock.IsSemaphore);
  if (Name.empty() || P.Lock->Statement == InvalidId || P.Unlock->Statement == InvalidId)
    return false;
  const Statement &Enter = Unit.Statements[P.Lock->Statement];
  const Statement &Leave = Unit.Statements[P.Unlock->Statement];
  auto IsSimple = [](const Statement &S) {
    return S.IsExpression && S.InBlock && S.Whole.isValid() && S.Enclosing.isValid();
  };
  if (!IsSimple(Enter) || !IsSimple(Leave) || !(Enter.Enclosing == Leave.Enclosing))
    return false;
  std::string Guard = isNameTaken(Unit, "lock") ? "guard" : "lock";
  std::string Enters = "const " + Holder.GuardReplacement + " " + Guard + "(" + Name + ");";
  std::string Leaves;
  if (!Leave.IsLast && Enter.DeclarationsBefore == Leave.DeclarationsBefore) {
    Enters = "{ " + Enters;
    Leaves = "}";
  } else if (!Leave.IsLast && !Leave.IsQuietBehind) {
    // What the section declares may be used behind it: the guard has to hold for longer.
    Out.Safety = FixSafety::Unsafe;
  }
  Out.Edits.push_back({Unit.resolve(Enter.Whole), Enters});
  Out.Edits.push_back({Unit.resolve(Leaves.empty() ? Leave.Lines : Leave.Whole), Leaves});
  return true;
}

/// Two guards of one name in one block would clash.
bool guardsClash(const ChannelLock &Lock, const UnitFacts &Unit) {
  std::vector<SourceRange> Open;
  for (const LockPair &P : Lock.Pairs) {
    const Statement &Enter = Unit.Statements[P.Lock->Statement];
    const Statement &Leave = Unit.Statements[P.Unlock->Statement];
    if (Leave.IsLast || Enter.DeclarationsBefore != Leave.DeclarationsBefore)
      Open.push_back(Enter.Enclosing);
  }
  llvm::sort(Open);
  return std::adjacent_find(Open.begin(), Open.end()) != Open.end();
}

std::optional<Fix> mutexFix(const ValueFlow &Values, const ChannelLock &Lock) {
  const UnitFacts &Unit = Values.unit();
  const Entity &Holder = Unit.Entities[Lock.Holder];
  if (Unit.IsC || Lock.IsCopied || !Lock.IsOneToOne || !Lock.IsMadeWhereDeclared ||
      Holder.LockReplacement.empty() || Holder.GuardReplacement.empty() ||
      !Holder.TypeWritten.isValid() || !Holder.WholeType.isValid())
    return std::nullopt;
  Fix Result{"make '" + Holder.Name + "' a " + Holder.LockReplacement + " and lock it with a guard",
             Lock.IsWhollyVisible ? FixSafety::Safe : FixSafety::Unsafe,
             {{Unit.resolve(Holder.WholeType), Holder.LockReplacement}},
             {}};
  if (Holder.Initializer.isValid() && Holder.Initializer.End > Holder.Initializer.Begin)
    Result.Edits.push_back({Unit.resolve(Holder.Initializer), ""});
  for (const LockPair &P : Lock.Pairs)
    if (!addGuard(Values, Lock, P, Result))
      return std::nullopt;
  if (guardsClash(Lock, Unit))
    return std::nullopt;
  if (Lock.InitialToken) {
    if (Lock.InitialToken->Statement == InvalidId)
      return std::nullopt;
    const Statement &Token = Unit.Statements[Lock.InitialToken->Statement];
    if (!Token.IsExpression || !Token.InBlock || !Token.Whole.isValid())
      return std::nullopt;
    Result.Edits.push_back({Unit.resolve(Token.Lines), ""});
  }
  for (const std::string &Header : {Holder.LockReplacementHeader, Holder.GuardReplacementHeader})
    if (!Header.empty() && !llvm::is_contained(Result.Includes, Header))
      Result.Includes.push_back(Header);
  return Result;
}

void report(const ValueFlow &Values, const ChannelLock &Lock, Reporter &Out) {
  const UnitFacts &Unit = Values.unit();
  const Entity &Holder = Unit.Entities[Lock.Holder];
  bool SendLocks = Lock.Pairs[0].Lock->Kind == EventKind::Send;
  std::string Locks = Lock.IsSemaphore ? "acquiring" : SendLocks ? "sending" : "receiving";
  std::string Unlocks = Lock.IsSemaphore ? "releasing" : SendLocks ? "receiving" : "sending";
  Finding F;
  F.Message = (Lock.IsSemaphore ? "semaphore '" : "channel '") + Holder.Name +
              "' is used as a mutex: " + Locks + " locks, " + Unlocks + " unlocks";
  F.Primary = Unit.resolve(Holder.Declaration);
  F.Sureness = Lock.IsWhollyVisible ? Confidence::Certain : Confidence::Likely;
  F.Identity = Holder.Usr;
  if (Lock.InitialToken)
    F.Notes.push_back({Unit.resolve(Lock.InitialToken->Where),
                       "the value sent here is the key that is passed around"});
  for (const LockPair &P : Lock.Pairs) {
    F.Notes.push_back({Unit.resolve(P.Lock->Where), "locked here"});
    F.Notes.push_back({Unit.resolve(P.Unlock->Where), "unlocked here"});
  }
  F.Notes.erase(std::unique(F.Notes.begin(), F.Notes.end(),
                            [](const Note &A, const Note &B) { return A.Where == B.Where; }),
                F.Notes.end());
  if (std::optional<Fix> Mutex = mutexFix(Values, Lock))
    F.Fixes.push_back(std::move(*Mutex));
  Out.report(std::move(F));
}

} // namespace

namespace heddle::checks {
extern const Check ChannelAsMutex;
const Check ChannelAsMutex{[](const ProgramModel &Program, Reporter &Out) {
  ValueFlow Values(Program.unit());
  for (const ChannelLock &Lock : channelLocks(Values))
    report(Values, Lock, Out);
}};
} // namespace heddle::checks
