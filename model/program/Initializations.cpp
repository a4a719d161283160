// Initialisation by test and write: which of them threads can come to at the same time.
#include "model/program/ProgramModel.h"

#include "model/facts/ValueFlow.h"
#include "model/program/Callees.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace heddle;

namespace {

bool haveCommon(const std::vector<HeldLock> &A, const std::vector<HeldLock> &B) {
  for (const HeldLock &LockA : A)
    for (const HeldLock &LockB : B)
      if (!LockA.Path.isKnown() || !LockB.Path.isKnown() || LockA.Path == LockB.Path)
        return true;
  return false;
}

const HeldLock *commonExclusive(const std::vector<HeldLock> &A, const std::vector<HeldLock> &B) {
  for (const HeldLock &LockA : A)
    for (const HeldLock &LockB : B)
      if (LockA.Path.isKnown() && LockA.Path == LockB.Path && LockA.Path.isPrecise() &&
          !LockA.IsShared && !LockB.IsShared)
        return &LockB;
  return nullptr;
}

bool isZero(const Value &V) {
  return V.What == Value::Null || (V.What == Value::Constant && V.Number == 0);
}

/// Whether the write makes the test come out otherwise the next time, as far as that can be told.
bool endsTest(const Operation &Write, const ValueTest &Test) {
  if (!isZero(Test.Against))
    return (Write.Flags & FixedValue) != 0;
  return (Test.Flags & Differs) ? (Write.Flags & ZeroValue) != 0 : !(Write.Flags & ZeroValue);
}

/// Whether something is made once: a pointer that was null, a flag that says that something else
/// was done, a number that was still to be computed.
bool isInitialization(const UnitFacts &Unit, const Operation &Write, const ValueTest &Test) {
  if ((Test.Flags & Differs) || !endsTest(Write, Test))
    return false;
  if (Unit.Entities[Write.Path.subject()].IsPointer)
    return true;
  return (Write.Flags & FixedValue) ? Test.HasWork : isZero(Test.Against);
}

bool isOwn(const UnitFacts &Unit, const CheckedWrite &Init) {
  const AccessPath &Path = Init.Write.Path;
  EntityId Subject = Path.subject();
  if (Subject == InvalidId || Unit.Entities[Subject].IsThreadLocal ||
      (Path.root() == RootKind::Global && Unit.Entities[Path.rootId()].IsThreadLocal))
    return true;
  // Nobody else knows an object that is being made or taken down.
  const FunctionFacts &Frame = Unit.Functions[Init.Frame];
  return (Frame.IsConstructor || Frame.IsDestructor) && Path.root() == RootKind::Parameter &&
         Path.rootId() == 0;
}

/// Whether the write is made on the way from the test to the one that says that all is done.
bool isMadeAlong(const Operation &Op, const CheckedWrite &Init, const ValueTest &Test) {
  return Op.In == Init.Write.In && Test.In == Init.Write.In && Test.Where < Op.Where &&
         Op.Where < Init.Write.Where;
}

/// Nothing that is read behind the test is seen for certain as it was written before the write.
bool isUnordered(const UnitFacts &Unit, const ValueTest &Outer, const Operation &Write) {
  auto IsStrong = [](uint64_t Flags) { return (Flags & Atomic) && !(Flags & Relaxed); };
  if (IsStrong(Outer.Flags) && IsStrong(Write.Flags))
    return false;
  if (Unit.Functions[Outer.In].HasFence || Unit.Functions[Write.In].HasFence)
    return false;
  // A relaxed number that stands for nothing but itself is right as it is.
  bool IsAtomic = (Outer.Flags & Atomic) && (Write.Flags & Atomic);
  return !IsAtomic || Unit.Entities[Write.Path.subject()].IsPointer ||
         ((Write.Flags & FixedValue) && !(Write.Flags & ZeroValue));
}

std::optional<DoubleCheck> doubleCheck(const UnitFacts &Unit, const CheckedWrite &Init) {
  const std::vector<ValueTest> &Tests = *Init.Write.Tests;
  const ValueTest &Outer = Tests.front();
  if (haveCommon(Outer.Locks, Init.Write.Locks) || !endsTest(Init.Write, Outer) ||
      !isUnordered(Unit, Outer, Init.Write))
    return std::nullopt;
  for (size_t I = 1; I < Tests.size(); ++I) {
    const ValueTest &Inner = Tests[I];
    const HeldLock *Lock = commonExclusive(Init.Write.Locks, Inner.Locks);
    if (Lock && (Inner.Flags & Differs) == (Outer.Flags & Differs) &&
        Inner.Against == Outer.Against)
      return DoubleCheck{Init, Outer, Inner, *Lock};
  }
  return std::nullopt;
}

} // namespace

void ProgramModel::noteWrittenSubjects() {
  IsWritten.resize(Facts.Entities.size());
  IsUpdated.resize(Facts.Entities.size());
  for (const FunctionFacts &Function : Facts.Functions)
    for (const Block &B : Function.Blocks)
      for (const Event &E : B.Events)
        if (EntityId Subject = E.Path.subject(); Subject != InvalidId) {
          if (E.Kind == EventKind::Write)
            IsWritten[Subject] = true;
          if (E.Kind == EventKind::Update)
            IsUpdated[Subject] = true;
        } else if (E.Kind == EventKind::Update && E.has(Atomic)) {
          if (E.Path.root() == RootKind::Capture &&
              Function.Captures[E.Path.rootId()].Variable != InvalidId)
            IsUpdated[Function.Captures[E.Path.rootId()].Variable] = true;
          else // which one that is, the callers know
            IsUpdated.assign(Facts.Entities.size(), true);
        }
}

std::set<FunctionId> ProgramModel::runUnderLock() const {
  std::set<FunctionId> Result = EnteredWithLock;
  addCallees(Facts, Result, [](const FunctionFacts &) { return true; });
  return Result;
}

void ProgramModel::sortInitializations() {
  std::erase_if(Races, [&](ConcurrentPair &Race) {
    const AccessPath &Path = Race.First.Path;
    if (Path.root() != RootKind::Global || !Facts.Entities[Path.rootId()].IsLibraryState)
      return false;
    LibraryRaces.push_back(std::move(Race));
    return true;
  });
  if (CheckedWrites.empty())
    return;
  llvm::sort(CheckedWrites, [](const CheckedWrite &A, const CheckedWrite &B) {
    return std::make_tuple(A.Write.Where, A.Write.Calls.size(), A.Frame) <
           std::make_tuple(B.Write.Where, B.Write.Calls.size(), B.Frame);
  });
  std::set<FunctionId> Locked = runUnderLock();
  std::set<SourceRange> Told;
  for (const CheckedWrite &Init : CheckedWrites) {
    if (Init.Write.Tests->size() < 2 || isOwn(Facts, Init) || Locked.count(Init.Frame) ||
        Told.count(Init.Write.Where))
      continue;
    if (std::optional<DoubleCheck> Found = doubleCheck(Facts, Init)) {
      Told.insert(Init.Write.Where);
      DoubleChecks.push_back(std::move(*Found));
    }
  }
  std::erase_if(Races, [&](const ConcurrentPair &Race) {
    return Told.count(Race.First.Where) > 0 || llvm::any_of(DoubleChecks, [&](const auto &Known) {
             return isMadeAlong(Race.First, Known.Init, Known.Inner);
           });
  });
  collectLazyInits(Locked);
}

void ProgramModel::collectLazyInits(const std::set<FunctionId> &Locked) {
  std::map<SourceRange, LazyInit> Found;
  for (const DoubleCheck &Known : DoubleChecks)
    std::erase_if(CheckedWrites, [&](const CheckedWrite &Init) {
      return Init.Write.Where == Known.Init.Write.Where;
    });
  for (const CheckedWrite &Init : CheckedWrites) {
    const Operation &Write = Init.Write;
    if (isOwn(Facts, Init) || (Write.Flags & Atomic))
      continue;
    // A test under the lock that the write holds as well makes all of it one step.
    const std::vector<ValueTest> &Tests = *Write.Tests;
    if (std::any_of(Tests.begin(), Tests.end(), [&](const ValueTest &T) {
          return haveCommon(T.Locks, Write.Locks) || !isInitialization(Facts, Write, T);
        }))
      continue;
    LazyInit Lazy;
    Lazy.Init = Init;
    Lazy.Test = Tests.front();
    const Entity &Variable = Facts.Entities[Write.Path.subject()];
    auto Guarded = GuardedBySibling.find(Write.Path.subject());
    bool IsBare = Tests.front().Locks.empty() && Write.Claims.empty() && !Locked.count(Init.Frame);
    // A flag may be set and taken back for many a reason; a pointer that was null is being made.
    // Who calls a free function, or one of C, may hold the lock already.
    if (IsBare && Variable.IsPointer && Guarded != GuardedBySibling.end() &&
        Facts.Functions[Init.Frame].HasThis)
      Lazy.Guarded = Guarded->second;
    const FunctionFacts &Frame = Facts.Functions[Init.Frame];
    Lazy.IsPromised = IsBare && Frame.IsConst && Frame.IsInLockOwner && Variable.IsMutable;
    LazyInit &Known = Found.try_emplace(Write.Where, Lazy).first->second;
    if (!Known.Guarded && !Known.IsPromised)
      Known = Lazy;
  }
  // Somebody else's plain write of the variable is the greater trouble: see races().
  std::set<EntityId> WrittenOtherwise;
  for (const ConcurrentPair &Race : Races)
    for (const Operation *Op : {&Race.First, &Race.Second})
      if (Op->isWrite() && Op->Path.subject() != InvalidId && !Found.count(Op->Where))
        WrittenOtherwise.insert(Op->Path.subject());
  std::erase_if(Races, [&](ConcurrentPair &Race) {
    auto Lazy = Found.find(Race.First.Where);
    if (Lazy == Found.end() || WrittenOtherwise.count(Race.First.Path.subject()))
      return false;
    Lazy->second.Races.push_back(std::move(Race));
    return true;
  });
  for (auto &[Where, Lazy] : Found)
    if (Lazy.Guarded || Lazy.IsPromised || !Lazy.Races.empty())
      LazyInits.push_back(std::move(Lazy));
  std::erase_if(Races, [&](const ConcurrentPair &Race) {
    return llvm::any_of(LazyInits, [&](const LazyInit &Known) {
      return isMadeAlong(Race.First, Known.Init, Known.Test);
    });
  });
}
