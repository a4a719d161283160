// Which values a thread has tested on its way to writing them, and under which locks.
#include "model/program/interpreter/FlagClaims.h"
#include "model/program/interpreter/FunctionInterpreter.h"

#include <algorithm>

using namespace heddle;

static bool givesUp(const Block &B) {
  return B.Leaves == Leaving::Aborts || B.Leaves == Leaving::GivesUp;
}

bool AbstractState::joinTests(const AbstractState &Other) {
  bool Changed = !Copies.shares(Other.Copies) && Copies.eraseIf([&](const auto &Entry) {
    auto Theirs = Other.Copies.find(Entry.first);
    return Theirs == Other.Copies.end() || !(Theirs->second == Entry.second);
  });
  if (Tests.shares(Other.Tests))
    return Changed;
  Changed |= Tests.eraseIf([&](const auto &Entry) { return !Other.Tests.count(Entry.first); });
  auto Differ = [&](const AccessPath &Path, const std::vector<ValueTest> &Mine) {
    return !(Mine == Other.Tests.find(Path)->second);
  };
  Tests.changeIf(Differ, [&](const AccessPath &Path, std::vector<ValueTest> &All) {
    const std::vector<ValueTest> &Theirs = Other.Tests.find(Path)->second;
    size_t Dropped = std::erase_if(All, [&](ValueTest &Mine) {
      for (const ValueTest &T : Theirs)
        if (T.isSameTest(Mine) && T.Flags == Mine.Flags && T.Locks == Mine.Locks) {
          Changed |= T.HasWork && !Mine.HasWork;
          Mine.HasWork |= T.HasWork;
          return false;
        }
      return true;
    });
    Changed |= Dropped > 0;
  });
  Changed |= Tests.eraseIf([](const auto &Entry) { return Entry.second.empty(); });
  return Changed;
}

std::optional<ValueTest> FunctionInterpreter::readValue(const AbstractState &State, const Event &E,
                                                        const AccessPath &Path) const {
  if (!Path.isKnown())
    return std::nullopt;
  if (auto Copy = State.Copies.find(Path); Copy != State.Copies.end())
    return Copy->second;
  ValueTest Read;
  Read.Of = State.resolve(Path);
  EntityId Subject = Read.Of.subject();
  if (!isVisibleOutside(Read.Of) || Read.Of.root() == RootKind::Return || !Read.Of.isPrecise() ||
      Subject == InvalidId || !Program.IsWritten[Subject])
    return std::nullopt;
  Read.In = Id;
  Read.Where = E.Where;
  Read.Flags = E.Flags & (Atomic | Relaxed);
  Read.Locks = State.Held;
  return Read;
}

void FunctionInterpreter::applyCopied(AbstractState &State, const Event &E) {
  std::optional<ValueTest> Read;
  if (E.Values[0].What == Value::Load)
    Read = readValue(State, E, E.Values[0].Path);
  if (Read)
    State.Copies[E.Path] = std::move(*Read);
  else
    State.Copies.erase(E.Path);
}

void FunctionInterpreter::applyFound(AbstractState &State, const Event &E) {
  if (E.Path.root() == RootKind::Parameter && E.Path.isRootOnly()) {
    State.Conditions.insert({E.Path.rootId(), E.Values[0].Number, E.has(Differs)});
    return;
  }
  bool IsClear = E.Values[0].What == Value::Constant && E.Values[0].Number == 0 && !E.has(Differs);
  if (IsClear && !E.has(Atomic))
    noteFoundClear(Unit, State, State.resolve(E.Path));
  // An assertion states what its author knows already; nothing is decided there.
  const std::vector<Edge> &Ways = Function.Blocks[Now.Block].Successors;
  if (std::any_of(Ways.begin(), Ways.end(),
                  [&](const Edge &Way) { return givesUp(Function.Blocks[Way.To]); }))
    return;
  std::optional<ValueTest> Read = readValue(State, E, E.Path);
  if (!Read)
    return;
  Read->Flags |= E.Flags & Differs;
  Read->Against = E.Values[0];
  std::vector<ValueTest> &Tests = State.Tests[Read->Of];
  // What was found before and no longer holds did not lead here.
  std::erase_if(Tests, [&](const ValueTest &T) {
    return (T.Flags & Differs) != (Read->Flags & Differs) || !(T.Against == Read->Against);
  });
  constexpr size_t MaxTests = 4;
  bool IsKnown = std::any_of(Tests.begin(), Tests.end(),
                             [&](const ValueTest &T) { return T.isSameTest(*Read); });
  if (!IsKnown && Tests.size() < MaxTests)
    Tests.push_back(std::move(*Read));
}

void FunctionInterpreter::addTests(const AbstractState &State, Operation &Op) const {
  if (Op.Kind != EventKind::Write)
    return;
  std::vector<ValueTest> All;
  if (auto Known = State.Tests.find(Op.Path); Known != State.Tests.end())
    All = Known->second;
  bool AddsSome = !All.empty();
  if (Op.Tests)
    for (ValueTest T : *Op.Tests) {
      // Those of the callee: the call has been added to the write already.
      if (!Op.Calls.empty())
        T.Calls.insert(T.Calls.begin(), Op.Calls.front());
      T.Locks.insert(T.Locks.end(), State.Held.begin(), State.Held.end());
      All.push_back(std::move(T));
    }
  if (!All.empty()) {
    Op.Tests = std::make_shared<const std::vector<ValueTest>>(std::move(All));
    if (AddsSome)
      Program.CheckedWrites.push_back({Id, Op});
  }
}

ValueTest FunctionInterpreter::substitute(const AbstractState &State, const Binding &Call,
                                          const ValueTest &T) const {
  ValueTest Result = T;
  Result.Of = substitute(State, Call, T.Of);
  for (HeldLock &Lock : Result.Locks)
    Lock.Path = substitute(State, Call, Lock.Path);
  return Result;
}

void FunctionInterpreter::noteGuarded(const Operation &Op) {
  if (!Op.isAccess() || Op.Origin || Op.Locks.empty() || !Op.Calls.empty() ||
      Function.IsConstructor || Function.IsDestructor)
    return;
  // The lock lies beside the variable: both globals, or both members of one object.
  const AccessPath &Path = Op.Path;
  bool IsGlobal = Path.root() == RootKind::Global && Path.isRootOnly();
  bool IsMember = !Path.isRootOnly() && Path.steps().back().What == PathStep::Field;
  for (const HeldLock &Lock : Op.Locks) {
    bool IsBeside = IsGlobal ? Lock.Path.root() == RootKind::Global && Lock.Path.isRootOnly()
                             : IsMember && !Lock.Path.isRootOnly() &&
                                   Lock.Path.prefix(Lock.Path.steps().size() - 1) ==
                                       Path.prefix(Path.steps().size() - 1);
    if (IsBeside && Op.Path.subject() != InvalidId)
      Program.GuardedBySibling.try_emplace(Op.Path.subject(), Op);
  }
}
