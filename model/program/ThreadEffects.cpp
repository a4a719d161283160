// Threads that start, end and are joined.
#include "model/program/FunctionInterpreter.h"

#include <algorithm>

using namespace heddle;

void FunctionInterpreter::applyThread(AbstractState &State, const Event &E, Position At) {
  AccessPath Path = State.resolve(E.Path);
  switch (E.Kind) {
  case EventKind::Spawn:
    applySpawn(State, E, At);
    break;
  case EventKind::Join:
    joinThread(State, Path);
    break;
  case EventKind::Detach:
    // Still running, but nothing joins it by this name any more.
    for (auto &[Run, Thread] : State.Live)
      if (Thread.Handle == Path)
        Thread.Handle = AccessPath();
    break;
  case EventKind::Destroy:
    if (E.has(Joins))
      joinThread(State, Path);
    noteGuardReleased(State, Path);
    State.unlockGuard(Path, /*Forget=*/true);
    break;
  default:
    break;
  }
}

void FunctionInterpreter::joinThread(AbstractState &State, const AccessPath &Path) {
  AccessPath Handle = State.syncObject(Path);
  if (IsRecording && Handle.isKnown()) {
    Result.Joined.insert(Handle);
    for (const auto &[Run, Thread] : State.Live)
      if (Thread.Handle == Handle)
        JoinPosition.emplace(Run, Now);
  }
  State.joinThread(Handle);
}

void FunctionInterpreter::applySpawn(AbstractState &State, const Event &E, Position At) {
  ThreadRun Run;
  Run.Handle = State.syncObject(E.Path);
  Run.Callable = State.resolve(E.Values[0]);
  for (size_t I = 1; I < E.Values.size(); ++I)
    Run.Arguments.push_back(State.resolve(E.Values[I]));
  auto Origin = std::make_shared<ThreadOrigin>();
  Origin->Spawn = E.Where;
  Origin->Spawner = Id;
  Run.Origin = Origin;
  for (const Value &Argument : E.Values) {
    // What a task was given is its own affair from now on.
    Value Given = State.resolve(Argument);
    meet(State, Given.Path);
  }
  if (E.Values[0].What == Value::Load)
    Run.Finished = State.syncObject(E.Values[0].Path);
  startTask(State, std::move(Run), At, 0, E.has(Parallel));
}

void FunctionInterpreter::startTask(AbstractState &State, ThreadRun Run, Position At,
                                    uint32_t Ordinal, bool IsParallel) {
  Binding Call = bind(Run.Callable, Run.Arguments);
  if (Call.Callee == InvalidId) {
    // A callable that a parameter brings: the caller will know.
    startRun(State, std::move(Run), At, Ordinal, IsParallel);
    return;
  }
  auto Origin = std::make_shared<ThreadOrigin>(*Run.Origin);
  Origin->Entry = Call.Callee;
  Run.Origin = Origin;
  Run.Callable = Value();
  Run.Arguments.clear();
  const Summary &Entry = Program.Summaries[Call.Callee];
  auto Adopt = [&](Operation InThread) {
    InThread.Waited.unite(State.Waited);
    InThread.Joined.unite(State.Joined);
    if (!isTeam(Run))
      InThread.Team = placeInTeam(State, InThread.Team);
    if (!InThread.Origin) {
      InThread.Origin = Origin;
    } else if (!InThread.Origin->Parent) {
      auto Nested = std::make_shared<ThreadOrigin>(*InThread.Origin);
      Nested->Parent = Origin;
      InThread.Origin = Nested;
    }
    return InThread;
  };
  if (IsRecording) {
    Run.HeapSites = Entry.HeapSites;
    for (const Operation &Op : Entry.Operations)
      if (Operation Seen = substitute(State, Call, Op); Seen.Path.isKnown()) {
        if (Run.Finished.isKnown())
          Seen.Signals.insert(Run.Finished);
        if (Run.Handle.isKnown()) // a future that is waited for tells of the end as well
          Seen.Signals.insert(Run.Handle);
        Run.Operations.push_back(Adopt(std::move(Seen)));
      }
  }
  startRun(State, std::move(Run), At, Ordinal, IsParallel);
  uint32_t Next = Ordinal + 1000;
  for (const ThreadRun &Left : Entry.Running) {
    ThreadRun Nested;
    Nested.Handle = substitute(State, Call, Left.Handle);
    // Who waits for its tasks does not wait for theirs.
    if (Unit.Functions[Call.Callee].Region == RegionKind::Task && Nested.Handle == Run.Handle)
      Nested.Handle = Nested.Handle.deref();
    auto NestedOrigin = std::make_shared<ThreadOrigin>(*Left.Origin);
    if (!NestedOrigin->Parent)
      NestedOrigin->Parent = Origin;
    Nested.Origin = NestedOrigin;
    if (IsRecording)
      for (const Operation &Op : Left.Operations)
        if (Operation Seen = substitute(State, Call, Op); Seen.Path.isKnown())
          Nested.Operations.push_back(Adopt(std::move(Seen)));
    startRun(State, std::move(Nested), At, Next++, false);
  }
}

void FunctionInterpreter::startRun(AbstractState &State, ThreadRun Run, Position At,
                                   uint32_t Ordinal, bool IsParallel) {
  auto [Known, IsNew] = RunIndex.try_emplace({At, Ordinal}, Runs.size());
  uint32_t Index = Known->second;
  if (IsNew) {
    Runs.emplace_back();
    RunLive.emplace_back();
    RunPlace.emplace_back();
  }
  if (IsRecording) {
    RunLive[Index] = State.Live;
    RunPlace[Index] = placeInTeam(State, nullptr);
    if (IsParallel)
      RunLive[Index][Index] = {};
  }
  State.Live[Index] = {Run.Handle, {}};
  if (IsRecording)
    Runs[Index] = std::move(Run);
}
