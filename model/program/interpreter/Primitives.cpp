// What is done to primitives that calls set up and tear down, and whether their state allows it.
#include "model/program/interpreter/FunctionInterpreter.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

namespace {

/// One certain object: no element of unknown index, nothing that lies some elements further on.
bool isOneObject(const AccessPath &Path) {
  return Path.isPrecise() && llvm::none_of(Path.steps(), [](PathStep Step) {
           return Step.What == PathStep::Offset || Step.What == PathStep::Given;
         });
}

const HeldLock *heldWithin(const AbstractState &State, const AccessPath &Object) {
  for (const HeldLock &Lock : State.Held)
    if (Lock.Path.isKnown() && !Lock.IsConditional && !Lock.IsInferred &&
        Lock.Path.startsWith(Object) && Lock.Path.derefs() == Object.derefs())
      return &Lock;
  return nullptr;
}

} // namespace

void FunctionInterpreter::applyPrimitive(AbstractState &State, const Event &E) {
  auto Use = [&](const AccessPath &Path) {
    applyPrimitiveUse(State, {PrimitiveUse::Use, Path, Id, E.Where, {}, false});
  };
  switch (E.Kind) {
  case EventKind::Write:
  case EventKind::Update:
  case EventKind::ChannelMake:
    applyPrimitiveAccess(State, E);
    break;
  case EventKind::Acquire:
    if (!E.has(Given))
      Use(State.resolve(E.Path));
    break;
  case EventKind::Release:
  case EventKind::Signal:
    Use(State.resolve(E.Path));
    break;
  case EventKind::Send:
  case EventKind::Receive:
    if (E.has(Semaphore))
      Use(State.resolve(E.Path));
    break;
  case EventKind::Wait:
    Use(State.resolve(E.Path));
    if (!E.Values.empty() && E.Values[0].What == Value::PointsTo)
      Use(State.resolve(E.Values[0]).pointee());
    break;
  case EventKind::GuardMake:
    for (const Value &Lock : E.Values)
      if (!E.has(Deferred))
        Use(State.resolve(Lock).pointee());
    break;
  case EventKind::Destroy:
    if (E.has(Primitive) && IsRecording)
      noteEndUnderGuard(State, E);
    break;
  case EventKind::UnknownCall:
    if (!E.has(Library))
      State.Primitives.forgetReachable();
    break;
  case EventKind::Spawn:
    forgetPrimitivesOf(State, E);
    break;
  case EventKind::Copied:
    State.Primitives.nameOutcome(E.Values[0].What == Value::Load ? E.Values[0].Path : AccessPath(),
                                 E.Path);
    break;
  case EventKind::Found:
    State.Primitives.noteOutcome(E.Path, E.Values[0].What == Value::Constant &&
                                             E.Values[0].Number == 0 && !E.has(Differs));
    break;
  case EventKind::Test:
    for (const Value &Source : llvm::drop_begin(E.Values))
      State.Primitives.noteOutcome(Source.Path, false);
    break;
  default:
    break;
  }
}

void FunctionInterpreter::noteEndUnderGuard(const AbstractState &State, const Event &E) {
  SourceRange Taken;
  for (const HeldLock &Held : State.Held)
    if (Held.Path == State.resolve(E.Path))
      Taken = Held.Where;
  // Locked by hand, it may have been unlocked by hand.
  if (E.has(Raw) && !Taken.isValid())
    return;
  // A guard that may have been told something is asked.
  if (!E.Values.empty()) {
    auto Guard = State.Guards.find(State.resolve(E.Values[0].Path));
    if (Guard == State.Guards.end() || Guard->second.Owns != GuardState::Yes)
      return;
  }
  PrimitiveUse Use{PrimitiveUse::Free, E.Path, Id, E.Where, {}, false};
  Program.Misused.push_back({PrimitiveMisuse::FreedLocked, Id, Use, Taken, false});
}

void FunctionInterpreter::applyPrimitiveAccess(AbstractState &State, const Event &E) {
  AccessPath Object = State.resolve(E.Path);
  if (E.has(Primitive)) {
    bool TearsDown = E.has(Ends);
    applyPrimitiveUse(
        State,
        {TearsDown ? PrimitiveUse::TearDown : PrimitiveUse::SetUp, Object, Id, E.Where, {}, false},
        E.Values.empty() ? AccessPath() : E.Values.back().Path);
    if (E.has(Tried))
      State.Primitives.forget(Object);
    return;
  }
  if (E.Kind == EventKind::ChannelMake || E.has(Descriptor) || E.has(Dispatch))
    return;
  if (E.has(Ends)) {
    applyPrimitiveUse(State, {PrimitiveUse::Free, Object, Id, E.Where, {}, false});
    return;
  }
  // Whatever is written there may be what makes it ready.
  if (Object.isKnown() && State.Primitives.knows(Object))
    State.Primitives.forget(Object);
}

std::optional<PrimitiveMisuse> FunctionInterpreter::judge(const AbstractState &State,
                                                          const PrimitiveUse &Use) const {
  PrimitiveState Now = State.Primitives.at(Use.Object);
  auto Wrong = [&](PrimitiveMisuse::Kind What, SourceRange Before) {
    return PrimitiveMisuse{What, Id, Use, Before, Now.IsFreed};
  };
  auto WhileHeld = [&](PrimitiveMisuse::Kind What, const HeldLock &Lock) {
    PrimitiveMisuse Result = Wrong(What, Lock.Where);
    Result.Use.Object = Lock.Path;
    return Result;
  };
  const HeldLock *Held = heldWithin(State, Use.Object);
  switch (Use.What) {
  case PrimitiveUse::SetUp:
    if (Now.is(PrimitiveState::Ready))
      return Wrong(PrimitiveMisuse::SetUpTwice, Now.Since);
    break;
  case PrimitiveUse::TearDown:
    if (Held && !Use.IsReleased)
      return WhileHeld(PrimitiveMisuse::TornDownLocked, *Held);
    if (Now.is(PrimitiveState::Gone))
      return Wrong(Now.IsFreed ? PrimitiveMisuse::UsedAfterEnd : PrimitiveMisuse::TornDownTwice,
                   Now.Since);
    if (Now.is(PrimitiveState::NotYet))
      return Wrong(PrimitiveMisuse::NeverSetUp, Now.Since);
    break;
  case PrimitiveUse::Free:
    if (Held && !Use.IsReleased)
      return WhileHeld(PrimitiveMisuse::FreedLocked, *Held);
    break;
  case PrimitiveUse::Use:
    if (Now.is(PrimitiveState::Gone))
      return Wrong(PrimitiveMisuse::UsedAfterEnd, Now.Since);
    if (Now.is(PrimitiveState::NotYet))
      return Wrong(PrimitiveMisuse::NeverSetUp, Now.Since);
    break;
  }
  return std::nullopt;
}

void FunctionInterpreter::applyPrimitiveUse(AbstractState &State, const PrimitiveUse &Use,
                                            const AccessPath &Outcome) {
  if (!Use.Object.isKnown())
    return;
  bool Changes = Use.What != PrimitiveUse::Use;
  if (!isOneObject(Use.Object)) {
    if (Changes)
      State.Primitives.forget(Use.Object.prefix(
          llvm::find_if(Use.Object.steps(),
                        [](PathStep Step) {
                          return Step.What == PathStep::Element || Step.What == PathStep::Offset ||
                                 Step.What == PathStep::Given;
                        }) -
          Use.Object.steps().begin()));
    return;
  }
  if (IsRecording)
    notePrimitiveUse(State, Use);
  std::optional<PrimitiveMisuse> Wrong = judge(State, Use);
  if (Wrong && IsRecording)
    Program.Misused.push_back(*Wrong);
  if (!Changes) {
    if (Wrong) // told once
      State.Primitives.forget(Use.Object);
    return;
  }
  PrimitiveState Now;
  Now.May = Use.What == PrimitiveUse::SetUp ? PrimitiveState::Ready : PrimitiveState::Gone;
  Now.IsFreed = Use.What == PrimitiveUse::Free;
  Now.Since = Use.Where;
  Now.Outcome = Outcome;
  State.Primitives.set(Use.Object, Now);
}

void FunctionInterpreter::notePrimitiveUse(const AbstractState &State, const PrimitiveUse &Use) {
  // What the caller left is for the caller to judge.
  bool IsFirst = State.Primitives.at(Use.Object).is(PrimitiveState::AsBefore) &&
                 llvm::none_of(Result.PrimitiveUses, [&](const PrimitiveUse &Known) {
                   return Known.What == Use.What && Known.Object == Use.Object;
                 });
  if (!IsFirst || !isVisibleOutside(Use.Object) ||
      Result.PrimitiveUses.size() >= Summary::MaxPrimitiveUses)
    return;
  Result.PrimitiveUses.push_back(Use);
  Result.PrimitiveUses.back().IsReleased |=
      llvm::any_of(State.Released, [&](const AccessPath &Lock) {
        return !Lock.isKnown() || Lock.startsWith(Use.Object);
      });
}

void FunctionInterpreter::applyPrimitiveUses(AbstractState &State, const Event &E,
                                             const Summary &Callee, const Binding &Call) {
  for (const PrimitiveUse &Done : Callee.PrimitiveUses) {
    PrimitiveUse Use = Done;
    Use.Object = substitute(State, Call, Done.Object);
    if (!Use.Object.isKnown() || !isOneObject(Use.Object))
      continue;
    Use.Calls.insert(Use.Calls.begin(), {E.Where, Call.Callee});
    if (IsRecording)
      notePrimitiveUse(State, Use);
    if (std::optional<PrimitiveMisuse> Wrong = judge(State, Use)) {
      if (IsRecording)
        Program.Misused.push_back(*Wrong);
      State.Primitives.forget(Use.Object);
    }
  }
}

void FunctionInterpreter::applyPrimitivesLeft(AbstractState &State, const Summary &Callee,
                                              const Binding &Call) {
  if (Callee.Primitives.hasMetUnseen())
    State.Primitives.forgetReachable();
  for (const auto &[Path, Left] : Callee.Primitives.all()) {
    AccessPath Object = substitute(State, Call, Path);
    if (!Object.isKnown())
      continue;
    PrimitiveState Now = Left;
    Now.Outcome = Now.KnownAs = AccessPath();
    if (Now.May & PrimitiveState::AsBefore)
      Now.May = (Now.May & ~PrimitiveState::AsBefore) | State.Primitives.at(Object).May;
    if (isOneObject(Object) && Now.May != PrimitiveState::Unclear)
      State.Primitives.set(Object, Now);
    else
      State.Primitives.forget(Object);
  }
}

void FunctionInterpreter::forgetPrimitivesOf(AbstractState &State, const Event &Spawn) {
  std::vector<Value> Arguments;
  for (const Value &Argument : llvm::drop_begin(Spawn.Values))
    Arguments.push_back(State.resolve(Argument));
  Binding Call = bind(State.resolve(Spawn.Values[0]), Arguments);
  if (Call.Callee == InvalidId || !Program.Summaries[Call.Callee].IsComputed) {
    State.Primitives.forgetReachable();
    for (const Value &Argument : Arguments)
      State.Primitives.forget(Argument.pointee());
    return;
  }
  for (const auto &[Path, Left] : Program.Summaries[Call.Callee].Primitives.all())
    State.Primitives.forget(substitute(State, Call, Path));
}

void FunctionInterpreter::notePrimitivesLeft(const AbstractState &State, SourceRange Where) {
  for (const HeldLock &Lock : State.Held) {
    bool IsLocal = Lock.Path.root() == RootKind::Local && Lock.Path.derefs() == 0;
    bool IsMember = Function.IsDestructor && Lock.Path.derefs() == 1 &&
                    Lock.Path.startsWith(AccessPath(RootKind::Parameter, 0).deref()) &&
                    !Lock.Path.steps().empty() && Lock.Path.steps().size() == 2;
    // At the end of the program nothing comes after it.
    bool IsTold = State.Primitives.at(Lock.Path).May & PrimitiveState::Gone;
    if ((!IsLocal && !IsMember) || Lock.IsGiven || Lock.IsConditional || Lock.IsInferred ||
        IsTold || Function.IsMain || !isOneObject(Lock.Path))
      continue;
    PrimitiveUse Use{PrimitiveUse::Free, Lock.Path, Id, Where, {}, false};
    Program.Misused.push_back({PrimitiveMisuse::LeftLocked, Id, Use, Lock.Where, false});
  }
}

void FunctionInterpreter::collectTeardown(const Operation &A, const Operation &B,
                                          const PathSet &Stale) {
  const Operation &End = A.Flags & Ends ? A : B, &Use = &End == &A ? B : A;
  bool IsBarrier = (End.Flags & Ends) && (End.Flags & Primitive) && Use.isAccess() &&
                   (Use.Flags & Usage) && (Use.Flags & Meeting) && End.Path == Use.Path &&
                   End.Path.isPrecise();
  if (!IsBarrier ||
      llvm::any_of(Stale, [&](const AccessPath &Root) { return End.Path.startsWith(Root); }))
    return;
  // That both were there says only that both have come, not that both have left.
  if (isOrdered(End, Use, End.Path))
    return;
  PrimitiveUse Done{PrimitiveUse::TearDown, End.Path, End.In, End.Where, End.Calls, false};
  Program.Misused.push_back({PrimitiveMisuse::TornDownInUse, Id, Done, Use.Where, false});
}
