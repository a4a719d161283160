// Objects that end while a thread that was given them may still use them.
#include "model/program/interpreter/FunctionInterpreter.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

void FunctionInterpreter::noteGiven(ThreadRun &Run, const Binding &Call) const {
  const FunctionFacts &Entry = Unit.Functions[Call.Callee];
  auto Note = [&](const Value &V, AccessPath Through, SourceRange Used) {
    if (AccessPath Object = V.pointee(); Object.isKnown())
      Run.Given.push_back({Object, std::move(Through), Used});
  };
  for (uint32_t Slot = 0; Slot < Call.Slots.size(); ++Slot)
    Note(Call.Slots[Slot], {RootKind::Parameter, Slot}, {});
  for (uint32_t Slot = 0; Slot < Call.Captures.size(); ++Slot)
    Note(Call.Captures[Slot], {RootKind::Capture, Slot},
         Slot < Entry.CaptureTexts.size() ? Entry.CaptureTexts[Slot].Used : SourceRange());
}

void FunctionInterpreter::renameSignals(const AccessPath &From, const AccessPath &To) {
  auto Rename = [&](PathSet &Signals) {
    if (Signals.count(From))
      Signals.insert(To);
  };
  for (ThreadRun &Run : Runs) {
    if (!Run.Signals.count(From))
      continue;
    Rename(Run.Signals);
    for (Operation &Op : Run.Operations)
      Rename(Op.Signals);
  }
  for (OfferedTask &Task : Offers)
    Rename(Task.Signals);
}

void FunctionInterpreter::noteUnknownCall(AbstractState &State) {
  State.Live.changeIf([](uint32_t, const LiveThread &Thread) { return !Thread.MetUnknown; },
                      [](uint32_t, LiveThread &Thread) { Thread.MetUnknown = true; });
  if (IsRecording)
    Result.CallsUnknown = true;
}

void FunctionInterpreter::applyEnd(const AbstractState &State, const Event &E) {
  if (!IsRecording || State.Live.empty())
    return;
  // When the program ends, what is left running is not this object's affair.
  bool IsLast = Now.Block == FunctionFacts::ExitBlock ||
                llvm::any_of(Function.Blocks[Now.Block].Successors,
                             [](const Edge &Way) { return Way.To == FunctionFacts::ExitBlock; });
  if (Function.IsMain && IsLast)
    return;
  PathSet Waited = State.Waited;
  for (const AccessPath &Object : waitedBriefly(State))
    Waited.erase(Object);
  LifeEnds.push_back({E.Path, E.Where, IsLast, State.Live, std::move(Waited), State.Joined});
}

PathSet FunctionInterpreter::waitedBriefly(const AbstractState &State) const {
  // Once the time is up the wait ends, come what may; in a loop it is made again.
  PathSet Briefly, AtLength;
  for (const Block &B : Function.Blocks)
    for (const Event &E : B.Events) {
      if (E.Kind != EventKind::Wait)
        continue;
      bool IsRepeated = llvm::any_of(Function.Loops, [&](const Loop &L) {
        return L.Body.encloses(E.Where) || L.Condition.encloses(E.Where);
      });
      (E.has(Bounded) && !IsRepeated ? Briefly : AtLength).insert(State.syncObject(E.Path));
    }
  Briefly.eraseIf([&](const AccessPath &Object) { return AtLength.count(Object) > 0; });
  return Briefly;
}

namespace {

/// Whether the object's memory is touched, rather than what a pointer in it leads to.
bool isWithin(const AccessPath &Path, const AccessPath &Object) {
  return Path.startsWith(Object) && Path.derefs() == Object.derefs();
}

/// Whether whoever waited for all of `Waited` may know that the thread is done with it.
bool isSettled(const Operation &Use, const ThreadRun &Run, const LiveThread &Thread,
               const PathSet &Waited) {
  Operation Ending;
  Ending.Waited = Waited;
  Operation Last = Use;
  if ((Use.Flags & Atomic) || Use.isChannelOperation()) // it signals by what it does
    Last.Signals.insert(Use.Path);
  auto IsGlobal = [](const AccessPath &P) { return P.root() == RootKind::Global; };
  bool MaySignalUnseen = Run.CallsUnknown || llvm::any_of(Run.Signals, IsGlobal);
  return isOrdered(Last, Ending) || (Thread.MetUnknown && MaySignalUnseen);
}

/// The operation, or the mention of a captured object, by which the thread may still need the
/// object when it ends.
std::optional<Operation> findUse(const ThreadRun &Run, const LiveThread &Thread,
                                 const AccessPath &Object, const PathSet &Waited) {
  bool IsTouched = false;
  for (const Operation &Op : Run.Operations)
    if ((Op.isAccess() || Op.isChannelOperation()) && isWithin(Op.Path, Object)) {
      if (!isSettled(Op, Run, Thread, Waited))
        return Op;
      IsTouched = true;
    }
  if (IsTouched)
    return std::nullopt;
  for (const GivenObject &Given : Run.Given) {
    if (!isWithin(Given.Object, Object) || !Given.Used.isValid())
      continue;
    Operation Op;
    Op.In = Run.Origin->Entry;
    Op.Path = Given.Object;
    Op.LocalPath = Given.Through.deref();
    Op.Where = Given.Used;
    Op.Signals = Run.Signals;
    Op.Origin = Run.Origin;
    Op.Through = Given.Through;
    if (!isSettled(Op, Run, Thread, Waited))
      return Op;
  }
  return std::nullopt;
}

} // namespace

bool FunctionInterpreter::endsWith(const PendingEnd &End, const AccessPath &Handle) const {
  auto DeclaredAt = [&](const AccessPath &P) {
    return P.root() == RootKind::Local ? Unit.Entities[P.rootId()].Declaration : SourceRange();
  };
  SourceRange Object = DeclaredAt(End.Object), Other = DeclaredAt(Handle);
  return End.IsLast || !Object.isValid() || !(Other < Object);
}

void FunctionInterpreter::collectOutlived() {
  for (const PendingEnd &End : LifeEnds)
    for (const auto &[Index, Thread] : End.Live) {
      const ThreadRun &Run = Runs[Index];
      // Where some way has joined it, that may be the only one on which it was started.
      bool IsJoined = llvm::any_of(End.Joined, [&](const AccessPath &Handle) {
        return Handle.startsWith(Thread.Handle) || Thread.Handle.startsWith(Handle);
      });
      if (!Thread.IsDetached && !Thread.IsCertain && IsJoined)
        continue;
      // A handle within the object is for the object's destructor to look after.
      bool IsOwn =
          Thread.Handle.root() == RootKind::Local || Thread.Handle.root() == RootKind::Temporary;
      bool IsLost = !Thread.Handle.isKnown() || Thread.Handle.startsWith(End.Object) ||
                    (Run.Terminates && IsOwn && endsWith(End, Thread.Handle));
      if (!Thread.IsDetached && IsLost)
        continue;
      if (std::optional<Operation> Use = findUse(Run, Thread, End.Object, End.Waited))
        Program.Outlived.push_back({Id, End.Object, End.Where, *Use, Thread.Handle,
                                    Thread.IsDetached,
                                    Run.JoinsAtEnd && IsOwn && !Thread.IsDetached});
    }
}
