#include "model/program/locks/LockWays.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

static constexpr uint32_t AtEntryOf = InvalidId;

void LockWays::addAtEntry(uint32_t Block, SourceRange Where, const LockState &State) {
  add({Block, AtEntryOf}, Where, State);
}

void LockWays::addBehind(uint32_t Block, uint32_t Event, SourceRange Where,
                         const LockState &State) {
  add({Block, Event}, Where, State);
}

void LockWays::addExit(const LockState &State) {
  HasExits = true;
  add({FunctionFacts::ExitBlock, AtEntryOf}, {}, State);
  for (const auto &[Lock, Fact] : State.Locks)
    if (Fact.State == LockFact::Free ? Fact.FromCaller : Fact.State != LockFact::Held)
      GivenBack.insert(Lock.isAtEntry() ? Lock.prefix(Lock.steps().size() - 1) : Lock);
}

void LockWays::add(Place At, SourceRange Where, const LockState &State) {
  Way New;
  for (const auto &[Lock, Fact] : State.Locks) {
    if (Lock.isOfGuard())
      continue;
    Standing Now;
    Now.Lock = Lock;
    Now.IsHeld = Fact.State == LockFact::Held;
    Now.IsShared = Fact.Exclusive == 0;
    Now.IsGiven = Fact.FromCaller;
    Now.IsLost = Fact.State == LockFact::Unknown;
    Now.IsInDoubt = Fact.IsInDoubt;
    Now.IsInferred = Fact.Kind & Claimed;
    Now.Since = Now.IsHeld ? Fact.Taken : Fact.Freed;
    New.Locks.push_back(std::move(Now));
  }
  New.Given = State.Entry;
  Point &To = Points[At];
  To.Where = Where;
  To.Ways.push_back(std::move(New));
}

const LockWays::Standing *LockWays::find(const Way &On, const AccessPath &Lock) {
  auto Known = llvm::lower_bound(On.Locks, Lock, [](const Standing &Each, const AccessPath &Path) {
    return Each.Lock < Path;
  });
  return Known == On.Locks.end() || !(Known->Lock == Lock) ? nullptr : &*Known;
}

LockWays::Apart LockWays::compare(const Point &At, const AccessPath &Lock) {
  Apart Result;
  for (const Way &Each : At.Ways)
    for (const auto &[Path, Range] : Each.Given)
      if (Path.isRootOnly())
        Result[Path];
  for (auto &[Path, Known] : Result)
    for (const Way &Each : At.Ways) {
      const Standing *Now = find(Each, Lock);
      std::optional<Bounds> &Mine = Now && Now->IsHeld ? Known.first : Known.second;
      auto Said = Each.Given.find(Path);
      Bounds Range = Said == Each.Given.end() ? Bounds() : Said->second;
      if (Mine)
        Mine->widen(Range);
      else
        Mine = Range;
    }
  std::erase_if(Result, [](const auto &Entry) {
    const auto &[With, Without] = Entry.second;
    return !With || !Without || With->meets(*Without);
  });
  return Result;
}

std::optional<HeldLock> LockWays::judge(const Point &At, const AccessPath &Lock,
                                        const std::set<EntityId> &Open) {
  HeldLock Result{Lock, /*IsShared=*/true, {}};
  Result.IsGiven = true;
  unsigned Held = 0, Doubts = 0;
  for (const Way &Each : At.Ways)
    if (const Standing *Now = find(Each, Lock)) {
      Doubts += Now->IsInDoubt;
      if (Now->IsLost && !Now->IsInDoubt)
        return std::nullopt;
      if (!Now->IsHeld)
        continue;
      ++Held;
      Result.IsInferred |= Now->IsInferred;
      Result.IsShared &= Now->IsShared;
      Result.IsGiven &= Now->IsGiven;
      if (!Result.Where.isValid() || Now->Since < Result.Where)
        Result.Where = Now->Since;
    }
  if (Held == At.Ways.size())
    return Result;
  if (Held == 0) { // a call may have taken it
    Result.Where = At.Where;
    Result.IsGiven = Result.IsShared = false;
  }
  // Who has taken it and given it back by now goes on without it; who gives it back further down
  // has done so in an earlier round of a loop.
  for (const Way &Each : At.Ways)
    if (const Standing *Now = find(Each, Lock); Now && !Now->IsHeld && !Now->IsInDoubt)
      if (!(Now->Since < Result.Where) && Now->Since < At.Where)
        return std::nullopt;
  Result.IsConditional = true;
  if (Doubts > 0)
    return Result;
  for (const auto &[Path, Known] : compare(At, Lock)) {
    const auto &[With, Without] = Known;
    if (Path.root() == RootKind::Global && Open.count(Path.rootId()))
      return std::nullopt;
    if (Path.root() != RootKind::Parameter || Result.Condition)
      continue;
    if (Without->isOne())
      Result.Condition = {Path.rootId(), Without->Low, /*Differs=*/true};
    else if (With->isOne())
      Result.Condition = {Path.rootId(), With->Low, /*Differs=*/false};
  }
  return Result;
}

void LockWays::finish(const std::set<EntityId> &Open) {
  for (const auto &[At, Known] : Points) {
    std::set<AccessPath> Locks;
    for (const Way &Each : Known.Ways)
      for (const Standing &Now : Each.Locks)
        if (Now.IsHeld || Now.IsInDoubt)
          Locks.insert(Now.Lock);
    std::vector<HeldLock> &Verdict = Verdicts[At];
    Followed.insert(Locks.begin(), Locks.end());
    for (const AccessPath &Lock : Locks)
      if (std::optional<HeldLock> Held = judge(Known, Lock, Open))
        Verdict.push_back(std::move(*Held));
  }
  Points.clear();
}

void LockWays::correct(Place At, std::vector<HeldLock> &Held) const {
  auto Verdict = Verdicts.find(At);
  if (Verdict == Verdicts.end())
    return;
  std::erase_if(
      Held, [&](const HeldLock &Lock) { return Lock.IsConditional && Followed.count(Lock.Path); });
  for (const HeldLock &Lock : Verdict->second) {
    auto After =
        llvm::lower_bound(Held, Lock.Path, [](const HeldLock &Other, const AccessPath &Path) {
          return Other.Path < Path;
        });
    if (After != Held.end() && After->Path == Lock.Path)
      continue;
    // What only the ways show keeps threads apart; nobody is blamed for holding it.
    Held.insert(After, Lock)->IsConditional = true;
  }
}

void LockWays::correctAtEntry(uint32_t Block, std::vector<HeldLock> &Held) const {
  correct({Block, AtEntryOf}, Held);
}

void LockWays::correctBehind(uint32_t Block, uint32_t Event, std::vector<HeldLock> &Held) const {
  correct({Block, Event}, Held);
}

bool LockWays::isLeftToCaller(const AccessPath &Lock) const {
  return HasExits && Lock.isKnown() && !GivenBack.count(Lock);
}
