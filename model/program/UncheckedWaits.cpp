#include "model/program/UncheckedWaits.h"

#include "model/facts/ValueFlow.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace heddle;

namespace {

struct Place {
  uint32_t Block = 0, Event = 0;
};

/// The wait, or a call that waits and leaves the lock to its caller.
struct Candidate {
  FunctionId Function = InvalidId;
  Place At;
  Value Lock; ///< PointsTo the lock, or Load of a guard.
};

/// One function's graph around a wait.
class Section {
public:
  Section(const UnitFacts &Unit, const Candidate &Wait)
      : Function(Unit.Functions[Wait.Function]), Wait(Wait) {
    collectOwnValues();
    collectGuard();
  }

  /// Whether the function itself has taken the lock, rather than its caller.
  bool isOwn() const { return TakesLock; }
  const Value &lock() const { return Lock; }

  void lookBehind();
  void lookBefore();

  bool IsChecked = false;
  bool IsRepeated = false; ///< Some way leads back to the wait.
  bool ReachesExit = false;
  SourceRange FirstAct;            ///< The first access to shared data behind it.
  std::vector<AccessPath> Touched; ///< What is accessed there.
  SourceRange Takes;               ///< Where an element is taken out of a container.
  bool Writes = false, ReturnsData = false;
  bool GoesOn = false; ///< Something is called or accessed before the function is left.
  SourceRange Gate;
  std::vector<AccessPath> Asked;

private:
  void collectOwnValues();
  void collectGuard();
  bool isShared(const AccessPath &Path) const;
  bool asksForData(const Edge &Way, std::vector<AccessPath> *What) const;
  bool branchesOnData(const Block &B, std::vector<AccessPath> *What, SourceRange *Where) const;
  bool endsSection(const Event &E) const;
  bool beginsSection(const Event &E) const;
  void look(const Event &E, bool InSection);
  void walk(Place From, bool InSection);

  const FunctionFacts &Function;
  const Candidate &Wait;
  Value Lock;
  AccessPath Guard;
  bool TakesLock = false;
  std::set<EntityId> Reached; ///< Locals that others may know.
  std::set<EntityId> Derived; ///< Locals computed from shared data.
  std::set<std::pair<uint32_t, bool>> Seen;
};

void Section::collectOwnValues() {
  std::function<void(const Value &)> Note = [&](const Value &V) {
    if (V.What == Value::PointsTo && V.Path.root() == RootKind::Local && V.Path.derefs() == 0)
      Reached.insert(V.Path.rootId());
    for (const Value &Bound : V.Bound)
      Note(Bound);
  };
  forEachEvent(Function, [&](const Event &E) {
    for (const Value &V : E.Values)
      Note(V);
  });
  for (bool Changed = true; Changed;) {
    Changed = false;
    forEachEvent(Function, [&](const Event &E) {
      if (E.Kind == EventKind::Derive && E.Path.root() == RootKind::Local &&
          llvm::any_of(E.Values, [&](const Value &V) { return isShared(V.Path); }))
        Changed |= Derived.insert(E.Path.rootId()).second;
    });
  }
}

void Section::collectGuard() {
  Lock = Wait.Lock;
  if (Lock.What == Value::Load) {
    Guard = Lock.Path;
    forEachEvent(Function, [&](const Event &E) {
      if (!(E.Path == Guard))
        return;
      if (E.Kind == EventKind::GuardLock)
        TakesLock = true;
      if (E.Kind != EventKind::GuardMake)
        return;
      if (E.Values.size() == 1)
        Lock = E.Values[0];
      TakesLock |= !E.has(Adopted);
    });
  }
  AccessPath Named = Lock.pointee();
  if (Named.isKnown() && Lock.What == Value::PointsTo)
    forEachEvent(Function, [&](const Event &E) { TakesLock |= beginsSection(E); });
}

bool Section::isShared(const AccessPath &Path) const {
  switch (Path.root()) {
  case RootKind::Unknown:
    return false;
  case RootKind::Local:
    return Path.derefs() > 0 || Reached.count(Path.rootId()) || Derived.count(Path.rootId());
  case RootKind::Parameter:
    return Path.derefs() > 0;
  default:
    return true;
  }
}

bool Section::asksForData(const Edge &Way, std::vector<AccessPath> *What) const {
  bool IsOwnValue = false, IsData = false;
  for (const Event &E : Way.Events) {
    if (E.Kind != EventKind::Test)
      continue;
    IsOwnValue = true;
    for (const Value &Source : llvm::drop_begin(E.Values))
      if (isShared(Source.Path)) {
        IsData = true;
        if (What && !llvm::is_contained(*What, Source.Path))
          What->push_back(Source.Path);
      }
  }
  // A branch of which nothing is known may ask for anything.
  return IsData || !IsOwnValue;
}

bool Section::branchesOnData(const Block &B, std::vector<AccessPath> *What,
                             SourceRange *Where) const {
  if (B.Successors.size() < 2)
    return false;
  bool Result = false;
  for (const Edge &Way : B.Successors) {
    Result |= asksForData(Way, What);
    for (const Event &E : Way.Events)
      if (Where && E.Kind == EventKind::Test)
        *Where = E.Where;
  }
  return Result;
}

bool Section::endsSection(const Event &E) const {
  switch (E.Kind) {
  case EventKind::Destroy:
  case EventKind::GuardUnlock:
  case EventKind::GuardDisown:
    return Guard.isKnown() && E.Path == Guard;
  case EventKind::Release:
    return Lock.What == Value::PointsTo && E.Path == Lock.Path;
  default:
    return false;
  }
}

bool Section::beginsSection(const Event &E) const {
  switch (E.Kind) {
  case EventKind::Acquire:
    return !E.has(Given) && Lock.What == Value::PointsTo && E.Path == Lock.Path;
  case EventKind::GuardMake:
    return !E.has(Adopted) &&
           ((Guard.isKnown() && E.Path == Guard) || llvm::is_contained(E.Values, Lock));
  case EventKind::GuardLock:
    return Guard.isKnown() && E.Path == Guard;
  default:
    return false;
  }
}

void Section::look(const Event &E, bool InSection) {
  switch (E.Kind) {
  case EventKind::Read:
  case EventKind::Write:
  case EventKind::Update:
    if (!isShared(E.Path) || E.has(Usage))
      return;
    GoesOn = true;
    if (!InSection)
      return;
    Touched.push_back(E.Path);
    Writes |= E.Kind != EventKind::Read;
    if (!FirstAct.isValid())
      FirstAct = E.Where;
    if (E.has(Removes) && !Takes.isValid())
      Takes = E.Where;
    break;
  case EventKind::Call:
  case EventKind::CallValue:
  case EventKind::Spawn:
  case EventKind::Join:
  case EventKind::Send:
  case EventKind::Receive:
    GoesOn = true;
    break;
  case EventKind::UnknownCall:
    GoesOn |= !E.has(Library);
    break;
  case EventKind::Derive:
  case EventKind::Copied:
    ReturnsData |= E.Path.root() == RootKind::Return &&
                   llvm::any_of(E.Values, [&](const Value &V) { return isShared(V.Path); });
    break;
  default:
    break;
  }
}

void Section::walk(Place From, bool InSection) {
  std::vector<std::pair<Place, bool>> Work{{From, InSection}};
  while (!Work.empty()) {
    auto [At, Within] = Work.back();
    Work.pop_back();
    const Block &B = Function.Blocks[At.Block];
    for (; At.Event < B.Events.size(); ++At.Event) {
      if (At.Block == Wait.At.Block && At.Event == Wait.At.Event) {
        IsRepeated = true;
        break;
      }
      Within &= !endsSection(B.Events[At.Event]);
      look(B.Events[At.Event], Within);
    }
    if (At.Event < B.Events.size())
      continue;
    if (Within)
      IsChecked |= branchesOnData(B, nullptr, nullptr);
    ReachesExit |= At.Block == FunctionFacts::ExitBlock;
    for (const Edge &Way : B.Successors)
      if (Seen.insert({Way.To, Within}).second)
        Work.push_back({{Way.To, 0}, Within});
  }
}

void Section::lookBehind() { walk({Wait.At.Block, Wait.At.Event + 1}, true); }

void Section::lookBefore() {
  std::vector<std::vector<uint32_t>> Before(Function.Blocks.size());
  for (uint32_t B = 0; B < Function.Blocks.size(); ++B)
    for (const Edge &Way : Function.Blocks[B].Successors)
      Before[Way.To].push_back(B);
  // Backwards to where the section begins; of several branches the nearest counts.
  auto Begins = [&](uint32_t Block, size_t End) {
    const auto &Events = Function.Blocks[Block].Events;
    return std::any_of(Events.begin(), Events.begin() + End,
                       [&](const Event &E) { return beginsSection(E); });
  };
  std::set<uint32_t> Visited;
  std::vector<uint32_t> Work;
  if (!Begins(Wait.At.Block, Wait.At.Event))
    Work.push_back(Wait.At.Block);
  while (!Work.empty()) {
    uint32_t Block = Work.back();
    Work.pop_back();
    for (uint32_t Previous : Before[Block]) {
      if (!Visited.insert(Previous).second)
        continue;
      if (branchesOnData(Function.Blocks[Previous], &Asked, Gate.isValid() ? nullptr : &Gate))
        continue;
      if (!Begins(Previous, Function.Blocks[Previous].Events.size()))
        Work.push_back(Previous);
    }
  }
}

struct Finder {
  const UnitFacts &Unit;
  std::vector<std::vector<Candidate>> CallsOf; ///< By callee.
  std::vector<bool> IsEntry;                   ///< By function: of a thread.
  std::vector<UncheckedWait> Found;

  explicit Finder(const UnitFacts &Unit)
      : Unit(Unit), CallsOf(Unit.Functions.size()), IsEntry(Unit.Functions.size()) {}

  void indexCalls();
  void examine(const Candidate &Wait, UncheckedWait So, unsigned Depth);
  bool isCalledInLoop(FunctionId Id) const;
  bool isWrong(const Section &S, const Candidate &Wait, UncheckedWait &So) const;
};

void Finder::indexCalls() {
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id) {
    const auto &Blocks = Unit.Functions[Id].Blocks;
    for (uint32_t B = 0; B < Blocks.size(); ++B)
      for (uint32_t I = 0; I < Blocks[B].Events.size(); ++I) {
        const Event &E = Blocks[B].Events[I];
        if (E.Callee == InvalidId)
          continue;
        if (E.Kind == EventKind::Call)
          CallsOf[E.Callee].push_back({Id, {B, I}, Value()});
        if (E.Kind == EventKind::Spawn)
          IsEntry[E.Callee] = true;
      }
  }
}

bool Finder::isCalledInLoop(FunctionId Id) const {
  return llvm::any_of(CallsOf[Id], [&](const Candidate &Call) {
    Section Around(Unit, Call);
    Around.lookBehind();
    return Around.IsRepeated;
  });
}

bool Finder::isWrong(const Section &S, const Candidate &Wait, UncheckedWait &So) const {
  const FunctionFacts &Function = Unit.Functions[Wait.Function];
  auto TouchesAsked = [&] {
    return llvm::any_of(S.Touched, [&](const AccessPath &Path) {
      return llvm::any_of(S.Asked, [&](const AccessPath &Asked) {
        return Asked.startsWith(Path) || Path.startsWith(Asked);
      });
    });
  };
  if (S.ReturnsData && !S.Writes)
    return false; // the caller looks at it
  if (S.Takes.isValid() || (S.Gate.isValid() && TouchesAsked())) {
    So.Acts = S.Takes.isValid() ? S.Takes : S.FirstAct;
    return true;
  }
  if (S.IsRepeated || isCalledInLoop(Wait.Function))
    return false;
  if (S.Gate.isValid())
    return true;
  // Something has to rely on the wait: what comes behind it, or the end of a thread.
  So.Acts = S.FirstAct;
  return S.GoesOn || Function.IsMain || IsEntry[Wait.Function];
}

void Finder::examine(const Candidate &Wait, UncheckedWait So, unsigned Depth) {
  Section S(Unit, Wait);
  S.lookBehind();
  if (S.IsChecked)
    return;
  S.lookBefore();
  So.Frame = Wait.Function;
  if (S.isOwn()) {
    So.Gate = S.Gate;
    So.Asked = S.Asked.empty() ? AccessPath() : S.Asked.front();
    if (isWrong(S, Wait, So))
      Found.push_back(std::move(So));
    return;
  }
  // Its caller may ask; so may the function itself have, before it waited.
  if (S.IsRepeated || Depth == 0)
    return;
  for (const Candidate &Call : CallsOf[Wait.Function]) {
    const Event &E = Unit.Functions[Call.Function].Blocks[Call.At.Block].Events[Call.At.Event];
    const Value &Lock = S.lock();
    Candidate Outer = Call;
    Outer.Lock = Lock;
    if (Lock.Path.root() == RootKind::Parameter && !Lock.Path.isRootOnly() &&
        Lock.Path.rootId() < E.Values.size()) {
      AccessPath Base = E.Values[Lock.Path.rootId()].pointee();
      Outer.Lock.Path = Base.isKnown() ? Lock.Path.rebased(Base, 1) : AccessPath();
    } else if (Lock.Path.root() != RootKind::Global) {
      continue;
    }
    if (!Outer.Lock.Path.isKnown())
      continue;
    UncheckedWait Here = So;
    Here.Calls.insert(Here.Calls.begin(), {E.Where, Wait.Function});
    Here.Text = nullptr;
    examine(Outer, std::move(Here), Depth - 1);
  }
}

} // namespace

std::vector<UncheckedWait> heddle::findUncheckedWaits(const UnitFacts &Unit) {
  constexpr unsigned MaxDepth = 4;
  Finder Search(Unit);
  bool IsIndexed = false;
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id) {
    const FunctionFacts &Function = Unit.Functions[Id];
    for (uint32_t B = 0; B < Function.Blocks.size(); ++B)
      for (uint32_t I = 0; I < Function.Blocks[B].Events.size(); ++I) {
        const Event &E = Function.Blocks[B].Events[I];
        if (E.Kind != EventKind::Wait || E.Values.size() != 1 || !E.Values[0].isKnown() ||
            E.has(Bounded))
          continue;
        if (!IsIndexed)
          Search.indexCalls();
        IsIndexed = true;
        UncheckedWait So;
        So.In = Id;
        So.Where = E.Where;
        So.Condition = E.Path;
        for (const GuardedWait &Text : Function.GuardedWaits)
          if (Text.Wait == E.Where)
            So.Text = &Text;
        Search.examine({Id, {B, I}, E.Values[0]}, std::move(So), MaxDepth);
      }
  }
  llvm::sort(Search.Found, [](const UncheckedWait &A, const UncheckedWait &B) {
    return std::tie(A.Where, A.Frame) < std::tie(B.Where, B.Frame);
  });
  return std::move(Search.Found);
}
