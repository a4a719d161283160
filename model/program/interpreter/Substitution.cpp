// What a call binds, and a callee's names in the terms of its caller.
#include "model/program/interpreter/FunctionInterpreter.h"

using namespace heddle;

FunctionInterpreter::Binding FunctionInterpreter::bindDirect(const AbstractState &State,
                                                             const Event &E) const {
  Binding Call;
  Call.Callee = E.Callee;
  Call.Result = E.Path;
  for (const Value &Slot : E.Values)
    Call.Slots.push_back(State.resolve(Slot));
  return Call;
}

Value FunctionInterpreter::constantCallable(const Value &Target) const {
  auto Constant = Target.What == Value::Load ? Unit.ConstantCallables.find(Target.Path)
                                             : Unit.ConstantCallables.end();
  return Constant == Unit.ConstantCallables.end() ? Target : Constant->second;
}

FunctionInterpreter::Binding FunctionInterpreter::bind(const Value &Target,
                                                       llvm::ArrayRef<Value> Arguments) const {
  return bindCallable(Unit, constantCallable(Target), Arguments);
}

FunctionInterpreter::Binding FunctionInterpreter::bindValue(const AbstractState &State,
                                                            const Event &E) const {
  std::vector<Value> Arguments;
  for (size_t I = 1; I < E.Values.size(); ++I)
    Arguments.push_back(State.resolve(E.Values[I]));
  Binding Call = bind(State.resolve(E.Values[0]), Arguments);
  Call.Result = E.Path;
  return Call;
}

/// What a member of an object leads to that was given as a copy. Where nobody knows what the member
/// holds, it may be something else the next time.
static AccessPath behindCopy(const AbstractState &State, const Value &Given,
                             const AccessPath &Path) {
  if (Given.What != Value::Load || Path.derefs() == 0)
    return {};
  AccessPath Original = Path.rebased(Given.Path, 0);
  AccessPath Seen = State.resolve(Original);
  bool IsKnown = Seen.root() != Original.root() || Seen.rootId() != Original.rootId();
  return IsKnown || Given.Path.isGiven() ? Seen : AccessPath();
}

AccessPath FunctionInterpreter::substitute(const AbstractState &State, const Binding &Call,
                                           const AccessPath &Path) const {
  if (Path.root() == RootKind::Global || Path.root() == RootKind::Heap)
    return State.resolve(Path);
  if (Path.root() == RootKind::Return)
    return Call.Result.isKnown() ? State.resolve(Path.rebased(Call.Result, 0)) : AccessPath();
  const Value *Given = Call.given(Path);
  if (!Given || Path.isRootOnly())
    return {};
  if (Path.steps()[0].What != PathStep::Deref)
    return behindCopy(State, *Given, Path);
  AccessPath Base = Given->pointee();
  return Base.isKnown() ? State.resolve(Path.rebased(Base, 1)) : AccessPath();
}

AccessPath FunctionInterpreter::substituteHandle(const AbstractState &State, const Binding &Call,
                                                 const AccessPath &Path) const {
  if (!Path.isGiven())
    return substitute(State, Call, Path);
  if (!Path.isRootOnly() && Path.steps()[0].What == PathStep::Deref)
    return State.syncObject(substitute(State, Call, Path));
  const Value *Given = Call.given(Path);
  if (Given && Given->What == Value::PointsTo) // it stands for the object already
    return State.resolve(Path.rebased(Given->Path, 0));
  if (Given && Given->What == Value::Load)
    return State.syncObject(Path.rebased(Given->Path, 0));
  return {};
}

Value FunctionInterpreter::substitute(const AbstractState &State, const Binding &Call,
                                      const Value &V) const {
  if (V.What == Value::Load && V.Path.isAtEntry())
    return substitute(State, Call, Value::load(V.Path.prefix(V.Path.steps().size() - 1)));
  Value Result = V;
  if (V.What == Value::Load && V.Path.isGiven()) {
    const Value *Given = Call.given(V.Path);
    // A callable bound to a reference is given as itself.
    bool IsBound = Given && Given->isCallable() && V.Path.steps().size() == 1 &&
                   V.Path.steps()[0].What == PathStep::Deref;
    if (!Given || V.Path.isRootOnly() || IsBound)
      return Given ? *Given : Value();
  }
  if (V.What == Value::Load || V.What == Value::PointsTo) {
    Result.Path = substitute(State, Call, V.Path);
    if (!Result.Path.isKnown())
      return {};
    return State.resolve(Result);
  }
  for (Value &Bound : Result.Bound)
    Bound = substitute(State, Call, Bound);
  return Result;
}

PathSet FunctionInterpreter::substitute(const AbstractState &State, const Binding &Call,
                                        const PathSet &Paths) const {
  PathSet Result;
  for (const AccessPath &Path : Paths)
    if (Path.isOfGuard()) {
      for (const AccessPath &Lock : locksOfGuard(State, Call, Path))
        Result.insert(Lock);
    } else if (AccessPath Seen = substituteHandle(State, Call, Path); Seen.isKnown())
      Result.insert(Seen);
  return Result;
}

PathSet FunctionInterpreter::substituteJoined(const AbstractState &State, const Binding &Call,
                                              const PathSet &Handles) const {
  PathSet Result;
  for (const AccessPath &Handle : Handles) {
    AccessPath Seen = substituteHandle(State, Call, Handle);
    // Of the callee's own threads nothing is to be said here.
    if (Seen.isKnown() || !Handle.isKnown() || Handle.isGiven())
      Result.insert(Seen);
  }
  return Result;
}

std::optional<bool> FunctionInterpreter::settle(const Binding &Call, const SlotCondition &Of,
                                                std::optional<SlotCondition> &Here) const {
  const Value Slot = Of.Slot < Call.Slots.size() ? Call.Slots[Of.Slot] : Value();
  if (Slot.What == Value::Constant || Slot.What == Value::Null)
    return (Slot.Number == Of.Number) != Of.Differs;
  bool IsAddress = Slot.What == Value::PointsTo || Slot.isCallable();
  if (IsAddress && Of.Number == 0)
    return Of.Differs;
  bool IsOwn = Slot.What == Value::Load && Slot.Path.root() == RootKind::Parameter &&
               Slot.Path.isRootOnly() && Slot.Path.rootId() < Function.Parameters.size() &&
               Function.Parameters[Slot.Path.rootId()].IsFixed;
  if (IsOwn)
    Here = {Slot.Path.rootId(), Of.Number, Of.Differs};
  return std::nullopt;
}

void FunctionInterpreter::substituteLocks(const AbstractState &State, const Binding &Call,
                                          std::vector<HeldLock> &Locks) const {
  std::erase_if(Locks, [&](HeldLock &Lock) {
    Lock.Path = substitute(State, Call, Lock.Path);
    if (!Lock.Condition)
      return false;
    std::optional<SlotCondition> Here;
    std::optional<bool> IsHeld = settle(Call, *Lock.Condition, Here);
    // Who computes what it starts a thread with gives one what the other is not given.
    bool IsStart = !Call.Result.isKnown();
    uint32_t Slot = Lock.Condition->Slot;
    if (!IsHeld && IsStart && Slot < Call.Slots.size() && !Call.Slots[Slot].isKnown())
      IsHeld = false;
    Lock.IsConditional = !IsHeld.has_value();
    Lock.Condition = Here;
    return IsHeld == false;
  });
}

bool FunctionInterpreter::substituteIndex(const Binding &Call, AffineIndex &Index) const {
  constexpr int64_t Limit = int64_t(1) << 31; // numbers of this size are no subscripts
  for (AffineTerm &T : Index.Terms) {
    if (T.What == AffineTerm::Captured)
      return false;
    if (T.What != AffineTerm::Parameter)
      continue;
    const Value Slot = T.Variable < Call.Slots.size() ? Call.Slots[T.Variable] : Value();
    if (Slot.What == Value::Constant && std::abs(Slot.Number) < Limit &&
        std::abs(T.Factor) < Limit) {
      Index.Constant += T.Factor * Slot.Number;
      T.Factor = 0;
      continue;
    }
    bool IsOwn = Slot.What == Value::Load && Slot.Path.root() == RootKind::Parameter &&
                 Slot.Path.isRootOnly() && Slot.Path.rootId() < Function.Parameters.size() &&
                 Function.Parameters[Slot.Path.rootId()].IsFixed;
    if (!IsOwn || Index.Terms.size() > 1)
      return false;
    T.Variable = Slot.Path.rootId();
  }
  std::erase_if(Index.Terms, [](const AffineTerm &T) { return T.Factor == 0; });
  return true;
}

void FunctionInterpreter::substituteElements(const Binding &Call, Operation &Op) const {
  auto IsGiven = [](const AffineIndex &Index) {
    return std::any_of(Index.Terms.begin(), Index.Terms.end(), [](const AffineTerm &T) {
      return T.What == AffineTerm::Parameter || T.What == AffineTerm::Captured;
    });
  };
  if (!Op.Team ||
      std::none_of(Op.Team->Elements.Indices.begin(), Op.Team->Elements.Indices.end(), IsGiven))
    return;
  auto Place = std::make_shared<TeamPlace>(*Op.Team);
  std::vector<AffineIndex> &Indices = Place->Elements.Indices;
  for (AffineIndex &Index : Indices)
    if (IsGiven(Index) && addChosenNumber(Call, Index, Place->Elements))
      noteGiven(Op, Place->Elements);
    else if (IsGiven(Index) && !substituteIndex(Call, Index))
      Index = AffineIndex();
  // A subscript that is a number now names the element.
  size_t Left = std::count_if(Op.Path.steps().begin(), Op.Path.steps().end(),
                              [](PathStep Step) { return Step.isOfArray(); });
  AccessPath Named(Op.Path.root(), Op.Path.rootId());
  for (PathStep Step : Op.Path.steps()) {
    Left -= Step.isOfArray();
    const AffineIndex *Index =
        Step.What == PathStep::Element && Left < Indices.size() ? &Indices[Left] : nullptr;
    bool IsNumber = Index && Index->IsKnown && Index->Terms.empty() && Index->Constant >= 0 &&
                    Index->Constant < PathStep::HandedOver / 2;
    Named = IsNumber ? Named.elementAt(Index->Constant) : Named.with(Step);
  }
  Op.Path = Named;
  Op.Team = std::move(Place);
}

Operation FunctionInterpreter::substitute(const AbstractState &State, const Binding &Call,
                                          const Operation &Op, SubstitutionMemo &Memo) const {
  Operation Result = Op;
  Result.Path = substitute(State, Call, Op.Path);
  if (!Result.Path.isKnown())
    return Result;
  Result.Conditions = {};
  for (const SlotCondition &Given : Op.Conditions) {
    std::optional<SlotCondition> Here;
    if (settle(Call, Given, Here) == false) {
      Result.Path = AccessPath(); // this call never comes there
      return Result;
    }
    if (Here)
      Result.Conditions.insert(*Here);
  }
  substituteElements(Call, Result);
  addGivenElement(Call, Op, Result);
  substituteLocks(State, Call, Result.Locks);
  for (FlagClaim &Claim : Result.Claims)
    Claim.Flag = substitute(State, Call, Claim.Flag);
  auto Here = [&](const PathSet &Paths) { return substitute(State, Call, Paths); };
  Result.Waited = Memo.Paths.of(Op.Waited, Here);
  Result.Signals = Memo.Paths.of(Op.Signals, Here);
  Result.Past = Memo.Paths.of(Op.Past, Here);
  Result.Joined = Memo.Joined.of(
      Op.Joined, [&](const PathSet &Handles) { return substituteJoined(State, Call, Handles); });
  if (Op.isConditionWait()) {
    Result.WaitLock = substitute(State, Call, Op.WaitLock);
    Result.Predicate = Here(Op.Predicate);
  }
  if (Op.Tests) {
    std::vector<ValueTest> Tests;
    for (const ValueTest &T : *Op.Tests)
      Tests.push_back(substitute(State, Call, T));
    Result.Tests = std::make_shared<const std::vector<ValueTest>>(std::move(Tests));
  }
  auto Passed = [&](const Handovers &All) { return substitute(State, Call, All); };
  Result.Published = Memo.Stores.of(Op.Published, Passed);
  Result.Believed = Memo.Stores.of(Op.Believed, Passed);
  auto Notices = [&](const NoticeSet &All) { return substitute(State, Call, All); };
  Result.Told = Memo.Notices.of(Op.Told, Notices);
  Result.Noticed = Memo.Notices.of(Op.Noticed, Notices);
  return Result;
}
