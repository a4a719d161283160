// Callables that are put where other threads find and call them: queues of tasks, handlers.
//
// Who calls what is kept in a place serves that place; who puts a callable there offers it. Where
// both are seen, the callable is a task of the serving thread from then on.
#include "model/facts/ValueFlow.h"
#include "model/program/interpreter/FunctionInterpreter.h"

#include <utility>

using namespace heddle;

namespace {

bool isMember(const AccessPath &P) {
  return !P.isRootOnly() && P.steps().back().What == PathStep::Field;
}

} // namespace

AccessPath FunctionInterpreter::placeOfTasks(const AccessPath &Callable) {
  auto Steps = Callable.steps();
  size_t End = Steps.size();
  while (End > 0 && Steps[End - 1].What == PathStep::Deref)
    --End;
  for (size_t I = 0; I < End; ++I)
    if (Steps[I].isOfArray() || Steps[I].What == PathStep::Chosen) {
      End = I;
      break;
    }
  AccessPath Place = Callable.prefix(End);
  bool IsGlobal = End == 0 && Callable.root() == RootKind::Global;
  return IsGlobal || isMember(Place) ? Place : AccessPath();
}

/// The members that stand beside the callable in its object and are the call's arguments, unknown
/// for others; empty if none is.
static std::vector<EntityId> argumentsBeside(const AccessPath &Callable,
                                             llvm::ArrayRef<Value> Arguments) {
  std::vector<EntityId> Result;
  AccessPath Object = Callable.prefix(Callable.steps().size() - 1);
  bool Any = false;
  for (const Value &Each : Arguments) {
    bool IsBeside = Each.What == Value::Load && isMember(Each.Path) &&
                    Each.Path.prefix(Each.Path.steps().size() - 1) == Object;
    Result.push_back(IsBeside ? Each.Path.subject() : InvalidId);
    Any |= IsBeside;
  }
  if (!Any)
    Result.clear();
  return Result;
}

void FunctionInterpreter::noteServing(const AbstractState &State, const Event &E,
                                      const Value &Called) {
  // Under a lock, or after a choice among threads, tasks may be kept apart.
  bool IsKept = Called.What == Value::Load || Called.What == Value::Function;
  if (!IsRecording || !IsKept || !Called.Path.isKnown() || !State.Held.empty() ||
      !State.Claims.empty() || !State.Assumed.empty())
    return;
  if (isMember(Called.Path) && !E.has(Dispatch)) {
    std::vector<Value> Arguments;
    for (const Value &Given : llvm::drop_begin(E.Values))
      Arguments.push_back(State.resolve(Given));
    if (std::vector<EntityId> Beside = argumentsBeside(Called.Path, Arguments); !Beside.empty()) {
      EntityId Member = Called.Path.subject();
      auto [Known, IsNew] = Program.CallsWithBeside.try_emplace(Member, Beside);
      if (!IsNew && Known->second != Beside)
        Known->second.clear(); // called in several ways
      Result.Serves.insert({RootKind::Global, Member});
      return;
    }
  }
  PathSet Places;
  if (auto Known = State.Fetched.find(Called.Path); Known != State.Fetched.end())
    Places = Known->second;
  if (AccessPath Place = placeOfTasks(Called.Path); Place.isKnown())
    Places.insert(Place);
  for (const AccessPath &Place : Places)
    if (isVisibleOutside(Place))
      Result.Serves.insert(Place);
}

std::vector<Value> FunctionInterpreter::argumentsOf(const OfferedTask &Task) const {
  std::vector<Value> Result;
  auto Known = Task.Place.isRootOnly() ? Program.CallsWithBeside.find(Task.Place.rootId())
                                       : Program.CallsWithBeside.end();
  if (Known != Program.CallsWithBeside.end())
    for (EntityId Member : Known->second) {
      auto Held =
          llvm::find_if(Task.Beside, [&](const auto &Each) { return Each.first == Member; });
      Result.push_back(Held == Task.Beside.end() ? Value() : Held->second);
    }
  return Result;
}

const ProgramModel::KeptCallables &FunctionInterpreter::keptCallables() const {
  if (Program.Kept)
    return *Program.Kept;
  ProgramModel::KeptCallables &Kept = Program.Kept.emplace();
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    forEachEvent(Unit.Functions[Id], [&](const Event &E) {
      bool Takes = E.Kind == EventKind::CallValue ||
                   (E.Kind == EventKind::Store && E.Path.root() == RootKind::Local);
      if (Takes && E.Values[0].What == Value::Load && isMember(E.Values[0].Path))
        Kept.Callers[E.Values[0].Path.subject()].insert(Id);
      for (const Value &V : E.Values)
        if (V.What == Value::PointsTo && (isMember(V.Path) || V.Path.isRootOnly()))
          Kept.PointedTo.insert(V.Path.subject());
    });
  return Kept;
}

bool FunctionInterpreter::isOnlyTask(const AbstractState &State, const OfferedTask &Task) const {
  return !keptCallables().PointedTo.count(Task.Place.subject()) &&
         llvm::all_of(State.Offers, [&](uint32_t Index) {
           const OfferedTask &Other = Offers[Index];
           return !(Other.Place == Task.Place) || Other.Callable == Task.Callable;
         });
}

std::optional<FunctionInterpreter::Server>
FunctionInterpreter::findServer(const AbstractState &State, const AccessPath &Place) const {
  std::optional<uint32_t> Found;
  bool IsOne = true, IsAmbiguous = false;
  for (const auto &[Index, Thread] : State.Live)
    if (Place.isKnown() && Thread.Serves.count(Place)) {
      IsAmbiguous |= Found.has_value();
      IsOne &= !Found && !Thread.IsMany;
      Found = Index;
    }
  if (!Found)
    return std::nullopt;
  Server Result{*Found, {}};
  // Which of several objects a member belongs to is not known: one kind of thread has to do it all,
  // in one function.
  const bool IsOfAny = Place.root() == RootKind::Global && Place.isRootOnly() &&
                       Program.CallsWithBeside.count(Place.rootId());
  if (IsOfAny) {
    auto Callers = keptCallables().Callers.find(Place.subject());
    bool IsCalledInOne = Callers != keptCallables().Callers.end() && Callers->second.size() == 1;
    if (IsAmbiguous || !IsCalledInOne)
      return std::nullopt;
  }
  if (IsOne) {
    Result.Alone = IsOfAny ? State.Live.find(*Found)->second.Handle : Place;
    if (!Result.Alone.isKnown())
      return std::nullopt;
  }
  return Result;
}

void FunctionInterpreter::serveTask(AbstractState &State, OfferedTask &Task, Position At,
                                    uint32_t Ordinal) {
  constexpr unsigned MaxDepth = 3; // tasks may give tasks
  const std::optional<Server> Found = findServer(State, Task.Place);
  if (!Found || ServedDepth >= MaxDepth || (Task.IsOnly && !isOnlyTask(State, Task)))
    return;
  // Once the thread has ended, nothing is left to be done.
  const LiveThread &Thread = State.Live.find(Found->Run)->second;
  ThreadRun Run;
  Run.Handle = Thread.Handle;
  Run.IsDetached = Thread.IsDetached;
  Run.IsCertain = Thread.IsCertain;
  Run.IsLost = Thread.IsLost;
  Run.ServedBy = Found->Alone;
  Run.Callable = Task.Callable;
  Run.Arguments = argumentsOf(Task);
  Run.Origin = Task.Origin;
  Run.Signals = Task.Signals;
  Run.IsServed = true;
  Task.IsServed = true;
  ++ServedDepth;
  const bool IsParallel = Task.IsRepeated && !Run.ServedBy.isKnown();
  startTask(State, std::move(Run), At, Ordinal, IsParallel);
  --ServedDepth;
  if (!IsRecording)
    return;
  if (auto Started = RunIndex.find({At, Ordinal}); Started != RunIndex.end())
    goesOnAs(Runs[Found->Run], Runs[Started->second]);
}

std::optional<uint32_t> FunctionInterpreter::offerNumber(Position At, uint32_t Ordinal) {
  if (auto Known = OfferIndex.find({At, Ordinal}); Known != OfferIndex.end())
    return Known->second;
  if (Offers.size() >= MaxOffersMade)
    return std::nullopt;
  const uint32_t Index = Offers.size();
  OfferIndex[{At, Ordinal}] = Index;
  Offers.emplace_back();
  return Index;
}

void FunctionInterpreter::giveTask(AbstractState &State, OfferedTask Task, Position At,
                                   uint32_t Ordinal) {
  if (Task.Self.isKnown() && Task.Callable.What == Value::Function) {
    Task.Callable.What = Value::Closure;
    Task.Callable.Bound = {Value::pointsTo(std::exchange(Task.Self, {}))};
  }
  const bool IsCalled = Task.Callable.isCallable() || Task.Callable.isGiven();
  // One that is not known may stand where another one stood.
  if (!IsCalled && (!Task.IsOnly || Task.Callable.What == Value::Null))
    return;
  const std::optional<uint32_t> Index = offerNumber(At, Ordinal);
  if (!Index)
    return;
  auto IsOwn = [](const Value &Bound) {
    return Bound.What == Value::PointsTo && Bound.Path.root() != RootKind::Global &&
           !Bound.Path.isGiven();
  };
  Task.IsRepeated |= State.Offers.count(*Index) && llvm::none_of(Task.Callable.Bound, IsOwn);
  Offers[*Index] = Task;
  State.Offers.insert(*Index);
  if (!IsCalled)
    return;
  offerDeferred(State, Task, At, Ordinal);
  serveTask(State, Task, At, Ordinal);
  Offers[*Index].IsServed = Task.IsServed;
}

void FunctionInterpreter::offerDeferred(AbstractState &State, const OfferedTask &Task, Position At,
                                        uint32_t Ordinal) {
  const Binding Call = bind(Task.Callable, {});
  if (Call.Callee == InvalidId || Ordinal >= Ordinals::All)
    return;
  const Summary &Entry = Program.Summaries[Call.Callee];
  uint32_t Next = Ordinals::within(Ordinal) + Ordinals::OffersDeferred;
  for (const DeferredCall &Later : Entry.DeferredCalls) {
    // Of what the closure holds, only this function knows where it lies.
    if (Later.Callable.What != Value::Load || Later.Callable.Path.root() != RootKind::Capture ||
        !Later.Held.empty() || !Later.Claims.empty())
      continue;
    OfferedTask Inner = Task;
    Inner.Callable = substitute(State, Call, Later.Callable);
    Inner.Signals.unite(substitute(State, Call, Entry.Signals));
    AccessPath Holder = substitute(State, Call, Later.Callable.Path);
    if (Holder.root() != RootKind::Heap ||
        (!Inner.Callable.isCallable() && !Inner.Callable.isGiven()))
      continue;
    const std::optional<uint32_t> Index = offerNumber(At, Next++);
    if (!Index)
      return;
    // With the task itself, should a thread be there already.
    Inner.IsServed = findServer(State, Task.Place).has_value();
    Offers[*Index] = std::move(Inner);
    State.Offers.insert(*Index);
  }
}

void FunctionInterpreter::applyOffer(AbstractState &State, const Event &E, Position At) {
  OfferedTask Task;
  Task.Callable = State.resolve(E.Values[0]);
  // Who has the future of a packaged task waits for its end, by the name that it had or has now.
  if (E.Values[0].What == Value::Load)
    for (const AccessPath &End : {State.syncObject(E.Values[0].Path), State.resolve(E.Path)})
      if (End.isKnown())
        Task.Signals.insert(End);
  if (E.has(Dispatch))
    Task.Self = State.resolve(E.Values[0].Path.prefix(E.Values[0].Path.steps().size() - 1));
  const AccessPath Where = State.resolve(E.Path);
  Task.Place = placeOfTasks(Where);
  if (Task.Callable.What == Value::Load) {
    PathSet Places;
    if (auto Known = State.Fetched.find(Task.Callable.Path); Known != State.Fetched.end())
      Places = Known->second;
    AccessPath From = placeOfTasks(Task.Callable.Path);
    if (From.isKnown() && isVisibleOutside(From) && !(From == Task.Place))
      Places.insert(From);
    if (!Places.empty())
      State.Fetched[Where].unite(Places);
  }
  auto Origin = std::make_shared<ThreadOrigin>();
  Origin->Spawn = E.Where;
  Origin->Spawner = Id;
  Origin->IsServed = true;
  Task.Origin = Origin;
  Task.IsOnly = llvm::none_of(Where.steps(), [](PathStep Step) {
    return Step.isOfArray() || Step.What == PathStep::Chosen;
  });
  if (Task.Place.isKnown())
    giveTask(State, Task, At, 0);
  if (E.Values.size() < 2 || !isMember(Where))
    return;
  for (size_t I = 1; I + 1 < E.Values.size(); I += 2)
    Task.Beside.emplace_back(E.Values[I].Path.rootId(), State.resolve(E.Values[I + 1]));
  Task.Place = {RootKind::Global, Where.subject()};
  Task.IsOnly = false;
  giveTask(State, std::move(Task), At, 1);
}

void FunctionInterpreter::adoptOffers(AbstractState &State, const Summary &Callee,
                                      const Binding &Call, const Via &How, Position At,
                                      uint32_t Ordinal) {
  for (const OfferedTask &Offered : Callee.Offers) {
    OfferedTask Task;
    Task.Place = substitute(State, Call, Offered.Place);
    if (!Task.Place.isKnown())
      continue;
    Task.Callable = substitute(State, Call, Offered.Callable);
    if (!Task.Callable.isKnown() && Offered.Callable.What == Value::Load) // in an object by value
      Task.Callable =
          State.resolve(Value::load(substituteHandle(State, Call, Offered.Callable.Path)));
    if (Offered.Self.isKnown())
      Task.Self = substitute(State, Call, Offered.Self);
    for (const auto &[Member, Held] : Offered.Beside)
      Task.Beside.emplace_back(Member, substitute(State, Call, Held));
    Task.Signals = substitute(State, Call, Offered.Signals);
    Task.IsRepeated = Offered.IsRepeated;
    Task.IsOnly = Offered.IsOnly;
    Task.Origin = rooted(*Offered.Origin, How);
    giveTask(State, std::move(Task), At, Ordinal++);
  }
}

void FunctionInterpreter::startOffered(AbstractState &State, const PathSet &Served, Position At,
                                       uint32_t Ordinal) {
  const SharedSet<uint32_t> Known = State.Offers;
  for (uint32_t Index : Known)
    if (Served.count(Offers[Index].Place)) {
      OfferedTask Task = Offers[Index];
      serveTask(State, Task, At, Ordinals::within(Ordinal) + Ordinals::Served + Index);
      Offers[Index].IsServed |= Task.IsServed;
    }
}
