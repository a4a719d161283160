#include "model/program/SignalHandlers.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

SignalHandlers::SignalHandlers(const ValueFlow &Values, const ControlFlow &Flow)
    : Values(Values), Unit(Values.unit()), Flow(Flow) {
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    for (const Event *E : Flow.liveEvents(Id))
      if (E->Kind == EventKind::Handler)
        install(Id, E->Values[0], {Id, E->Where, static_cast<uint32_t>(E->Values[1].Number)}, 0);
  llvm::sort(Handlers, [&](const SignalHandler &A, const SignalHandler &B) {
    return Unit.Functions[A.Entry].NameRange < Unit.Functions[B.Entry].NameRange;
  });
  for (SignalHandler &Handler : Handlers)
    follow(Handler);
}

void SignalHandlers::install(FunctionId Frame, const Value &V, const SignalHandler::Install &At,
                             unsigned Depth) {
  if (Depth > MaxDepth)
    return;
  if (FunctionId Entry = Values.callable(Frame, V); Entry != InvalidId) {
    if (!Unit.Functions[Entry].HasBody)
      return;
    auto Known = llvm::find_if(Handlers, [&](const auto &H) { return H.Entry == Entry; });
    SignalHandler &Handler = Known == Handlers.end() ? Handlers.emplace_back() : *Known;
    Handler.Entry = Entry;
    if (llvm::none_of(Handler.Installs, [&](const auto &Known) { return Known.Where == At.Where; }))
      Handler.Installs.push_back(At);
    return;
  }
  // What was put into the object that is handed over. Nothing else in it can be a function of the
  // project's.
  AccessPath Object = V.What == Value::PointsTo ? V.Path : V.Path.deref();
  if (Object.isKnown() && (V.What == Value::PointsTo || V.What == Value::Load))
    for (const Value *Held : valuesIn(Object, At, Frame))
      install(Frame, *Held, At, Depth + 1);
  if (V.What != Value::Load || V.Path.root() != RootKind::Parameter || !V.Path.isRootOnly())
    return;
  for (FunctionId Caller = 0; Caller < Unit.Functions.size(); ++Caller)
    for (const Event *E : Flow.liveEvents(Caller))
      if (E->Kind == EventKind::Call && E->Callee == Frame && V.Path.rootId() < E->Values.size()) {
        // The caller says which handler, and where; the signal may be the caller's as well.
        install(Caller, E->Values[V.Path.rootId()], {Caller, E->Where, At.Index}, Depth + 1);
      }
}

std::vector<const Value *> SignalHandlers::valuesIn(const AccessPath &Object,
                                                    const SignalHandler::Install &At,
                                                    FunctionId Frame) const {
  // One object serves for several signals, one after the other: what was stored since it was handed
  // over last counts, in the order of the source.
  std::vector<const Event *> Events;
  forEachEvent(Unit.Functions[Frame], [&](const Event &E) {
    bool Stores = E.Kind == EventKind::Store && E.Path.startsWith(Object) && !(E.Path == Object);
    bool HandsOver = E.Kind == EventKind::Handler && E.Values[0].pointee() == Object;
    if (Stores || HandsOver)
      Events.push_back(&E);
  });
  llvm::sort(Events, [](const Event *A, const Event *B) {
    return std::tie(A->Where, A->Kind, A->Path) < std::tie(B->Where, B->Kind, B->Path);
  });
  std::vector<const Value *> Held, Since;
  for (const Event *E : Events) {
    if (E->Kind == EventKind::Store) {
      Since.push_back(&E->Values[0]);
      continue;
    }
    if (!Since.empty())
      Held = std::move(Since);
    Since.clear();
    if (E->Where == At.Where)
      return Held;
  }
  return Held;
}

std::vector<const Event *> SignalHandlers::eventsOf(const SignalHandler &Handler,
                                                    FunctionId Id) const {
  // In a handler that comes back, helpers that end the program do so where something has failed.
  std::vector<const Event *> Result =
      Flow.liveEvents(Id, Id != Handler.Entry && Flow.mayReturn(Handler.Entry));
  std::vector<bool> Enterable = enterable(Handler, Id);
  const std::vector<Block> &Blocks = Unit.Functions[Id].Blocks;
  llvm::erase_if(Result, [&](const Event *E) {
    for (size_t B = 0; B < Blocks.size(); ++B)
      if (!Enterable[B] && !Blocks[B].Events.empty() && E >= &Blocks[B].Events.front() &&
          E <= &Blocks[B].Events.back())
        return true;
    return false;
  });
  return Result;
}

namespace {

bool holds(const Judgement &J, int64_t Number) {
  switch (J.How) {
  case Relation::Equal:
    return Number == J.Against;
  case Relation::Differs:
    return Number != J.Against;
  case Relation::Less:
    return Number < J.Against;
  case Relation::LessEqual:
    return Number <= J.Against;
  case Relation::Greater:
    return Number > J.Against;
  case Relation::GreaterEqual:
    return Number >= J.Against;
  }
  llvm_unreachable("all relations are listed");
}

bool pointsInto(const Value &V, const AccessPath &Variable) {
  return (V.What == Value::PointsTo && V.Path.startsWith(Variable)) ||
         llvm::any_of(V.Bound, [&](const Value &Bound) { return pointsInto(Bound, Variable); });
}

} // namespace

std::vector<bool> SignalHandlers::enterable(const SignalHandler &Handler, FunctionId Id) const {
  const FunctionFacts &Function = Unit.Functions[Id];
  auto IsOpen = [&](const Edge &Way) {
    return llvm::none_of(Way.Events, [&](const Event &E) {
      if (E.Kind != EventKind::Judged)
        return false;
      const Judgement &J = Function.Judgements[E.Values[0].Number];
      if (J.What != Judgement::Decided || J.Subject.root() != RootKind::Global ||
          !J.Subject.isRootOnly())
        return false;
      const Numbers &May = numbers(Handler, J.Subject.rootId());
      return May && llvm::none_of(*May, [&](int64_t Number) { return holds(J, Number); });
    });
  };
  std::vector<bool> Result(Function.Blocks.size());
  std::vector<uint32_t> Work{FunctionFacts::EntryBlock};
  if (!Result.empty())
    Result[FunctionFacts::EntryBlock] = true;
  for (const TryBlock &Try : Function.TryBlocks)
    if (Try.Dispatch < Result.size() && !Result[Try.Dispatch]) {
      Result[Try.Dispatch] = true;
      Work.push_back(Try.Dispatch);
    }
  while (!Work.empty()) {
    uint32_t From = Work.back();
    Work.pop_back();
    for (const Edge &Way : Function.Blocks[From].Successors)
      if (!Result[Way.To] && IsOpen(Way)) {
        Result[Way.To] = true;
        Work.push_back(Way.To);
      }
  }
  return Result;
}

const SignalHandlers::Numbers &SignalHandlers::numbers(const SignalHandler &Handler,
                                                       EntityId Variable) const {
  auto [Found, IsNew] = Known.try_emplace({Handler.Entry, Variable});
  if (IsNew)
    Found->second = findNumbers(Handler, Variable);
  return Found->second;
}

SignalHandlers::Numbers SignalHandlers::findNumbers(const SignalHandler &Handler,
                                                    EntityId Variable) const {
  const Entity &Asked = Unit.Entities[Variable];
  if (!Asked.FirstNumber || !Asked.IsLocalToUnit || Asked.IsThreadLocal)
    return std::nullopt;
  std::set<int64_t> Result;
  if (!llvm::all_of(Handler.Installs, [&](const auto &At) { return isSetBefore(At, Variable); }))
    Result.insert(*Asked.FirstNumber);
  AccessPath Path(RootKind::Global, Variable);
  bool IsKnown = true;
  for (FunctionId Id = 0; Id < Unit.Functions.size() && IsKnown; ++Id) {
    const FunctionFacts &Function = Unit.Functions[Id];
    size_t Writes = 0, Judged = 0;
    bool IsOff = keepsSignalsOff(Id);
    forEachEvent(Function, [&](const Event &E) {
      bool IsOpen = E.Kind == EventKind::Escape && E.Path.startsWith(Path);
      for (const Value &V : E.Values)
        IsOpen |= pointsInto(V, Path);
      IsKnown &= !IsOpen;
      bool Writing = E.Kind == EventKind::Write || E.Kind == EventKind::Update;
      Writes += Writing && E.Path == Path;
      if (E.Kind != EventKind::Judged)
        return;
      const Judgement &J = Function.Judgements[E.Values[0].Number];
      if (J.What == Judgement::Decided || !(J.Subject == Path))
        return;
      ++Judged;
      IsKnown &= J.What == Judgement::Assigned && J.Right == Judgement::Constant;
      if (!IsOff)
        Result.insert(J.Against);
    });
    IsKnown &= Writes <= Judged;
  }
  return IsKnown ? Numbers(std::move(Result)) : std::nullopt;
}

bool SignalHandlers::isSetBefore(const SignalHandler::Install &At, EntityId Variable) const {
  const FunctionFacts &Function = Unit.Functions[At.In];
  AccessPath Path(RootKind::Global, Variable);
  // Ways from the entry end where the variable is set.
  std::vector<bool> Seen(Function.Blocks.size());
  std::vector<uint32_t> Work{FunctionFacts::EntryBlock};
  while (!Work.empty()) {
    uint32_t Next = Work.back();
    Work.pop_back();
    if (Seen[Next])
      continue;
    Seen[Next] = true;
    bool IsSet = false;
    for (const Event &E : Function.Blocks[Next].Events) {
      IsSet = IsSet || (E.Kind == EventKind::Write && E.Path == Path);
      if (!IsSet && E.Kind == EventKind::Handler && E.Where == At.Where)
        return false;
    }
    if (!IsSet)
      for (const Edge &Way : Function.Blocks[Next].Successors)
        Work.push_back(Way.To);
  }
  // Installed on the way to a condition, say: not among the blocks' own events.
  return llvm::any_of(Function.Blocks, [&](const Block &B) {
    return llvm::any_of(B.Events, [&](const Event &E) {
      return E.Kind == EventKind::Handler && E.Where == At.Where;
    });
  });
}

bool SignalHandlers::keepsSignalsOff(FunctionId Id) const {
  return llvm::any_of(Flow.liveEvents(Id), [&](const Event *E) {
    const SignalHazard *H = hazard(*E);
    return H && H->What == SignalHazard::Blocks;
  });
}

void SignalHandlers::follow(SignalHandler &Handler) {
  Handler.Reached[Handler.Entry] = {};
  Handler.Order.push_back(Handler.Entry);
  for (size_t Next = 0; Next < Handler.Order.size(); ++Next) {
    FunctionId Id = Handler.Order[Next];
    Running.insert(Id);
    for (const Event *E : eventsOf(Handler, Id)) {
      FunctionId Callee = E->Kind == EventKind::Spawn ? InvalidId : Values.callee(Id, *E);
      if (Callee < Unit.Functions.size() && Unit.Functions[Callee].HasBody &&
          Handler.Reached.insert({Callee, {Id, E->Where}}).second)
        Handler.Order.push_back(Callee);
    }
  }
}

std::vector<HandlerEvent> SignalHandlers::events(const SignalHandler &Handler) const {
  std::vector<HandlerEvent> Result;
  for (FunctionId Id : Handler.Order)
    for (const Event *E : eventsOf(Handler, Id))
      Result.push_back({Id, E});
  return Result;
}

std::vector<CallStep> SignalHandlers::calls(const SignalHandler &Handler, FunctionId In) const {
  std::vector<CallStep> Result;
  while (In != Handler.Entry) {
    const HandlerArrival &How = Handler.Reached.at(In);
    Result.insert(Result.begin(), {How.Site, In});
    In = How.Caller;
  }
  return Result;
}

SourceRange SignalHandlers::ownCall(const SignalHandler &Handler, FunctionId In) const {
  std::vector<CallStep> Way = calls(Handler, In);
  return Way.empty() ? SourceRange() : Way.front().Where;
}

bool SignalHandlers::does(const SignalHandler &Handler, SignalHazard::Kind What) const {
  return llvm::any_of(events(Handler), [&](const HandlerEvent &E) {
    const SignalHazard *H = hazard(*E.What);
    return H && H->What == What;
  });
}

bool SignalHandlers::endWait(FunctionId In, const Trap &Loop) const {
  bool Waits = llvm::any_of(Loop.Blocks, [&](uint32_t Index) {
    return llvm::any_of(Unit.Functions[In].Blocks[Index].Events, [](const Event &E) {
      return E.Kind == EventKind::Block && E.has(UntilSignal);
    });
  });
  return Waits && llvm::any_of(Handlers, [&](const SignalHandler &Handler) {
           return !Flow.mayReturn(Handler.Entry);
         });
}

bool SignalHandlers::endsProgram(const SignalHandler &Handler) const {
  bool AllFaults = true, AllUnknown = true;
  for (const SignalHandler::Install &At : Handler.Installs) {
    const HandlerInstall &Install = Unit.HandlerInstalls[At.Index];
    AllFaults &= Install.IsFault;
    AllUnknown &= !Install.IsKnown;
  }
  bool GivesUp = llvm::any_of(Unit.Functions[Handler.Entry].Blocks, [](const Block &B) {
    return B.Leaves == Leaving::GivesUp || B.Leaves == Leaving::Aborts;
  });
  bool Returns = Flow.mayReturn(Handler.Entry);
  return AllFaults || does(Handler, SignalHazard::Raises) || (!Returns && (GivesUp || AllUnknown));
}

bool SignalHandlers::isPlainWrite(const Event &E) const {
  bool Writes = E.Kind == EventKind::Write || E.Kind == EventKind::Update;
  if (!Writes || E.has(Atomic | Ends | Primitive) || E.Path.root() != RootKind::Global)
    return false;
  auto IsPlain = [&](EntityId Id) {
    const Entity &Named = Unit.Entities[Id];
    return !Named.IsVolatile && !Named.IsSynchronized && !Named.IsThreadLocal &&
           !Named.IsLibraryState;
  };
  return IsPlain(E.Path.rootId()) && llvm::all_of(E.Path.steps(), [&](PathStep Step) {
           return Step.What == PathStep::Field && IsPlain(Step.Id);
         });
}

bool SignalHandlers::setsFlag(const SignalHandler &Handler) const {
  return llvm::any_of(events(Handler), [&](const HandlerEvent &At) {
    const Event &E = *At.What;
    bool Writes = E.Kind == EventKind::Write || E.Kind == EventKind::Update;
    EntityId Subject = E.Path.subject();
    return Writes && (E.has(Atomic) || (Subject != InvalidId && Unit.Entities[Subject].IsVolatile));
  });
}

std::optional<HandlerEvent> SignalHandlers::readElsewhere(const AccessPath &Path) const {
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id) {
    if (runs(Id))
      continue;
    std::vector<const Event *> Events = Flow.liveEvents(Id);
    bool Blocks = keepsSignalsOff(Id);
    for (const Event *E : Events)
      if (!Blocks && E->Kind == EventKind::Read && !E->has(Usage) && E->Path.overlaps(Path))
        return HandlerEvent{Id, E};
  }
  return std::nullopt;
}
