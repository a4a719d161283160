#include "model/program/ChannelLocks.h"

#include "llvm/ADT/STLExtras.h"

#include <map>
#include <optional>
#include <set>

using namespace heddle;

namespace {

bool isOperation(const Event &E) {
  return E.Kind == EventKind::Send || E.Kind == EventKind::Receive;
}

struct Candidate {
  ChannelLock Lock;
  bool IsExcluded = false;
  FunctionId Maker = InvalidId;
  std::set<FunctionId> Users; ///< Functions with operations on it.
};

/// What may be the case at a point of a function.
struct State {
  bool IsReached = false, MayBeFree = false;
  std::set<const Event *> Held; ///< Locks that may still hold; null: taken by the caller.

  bool join(const State &Other) {
    State Before = *this;
    IsReached |= Other.IsReached;
    MayBeFree |= Other.MayBeFree;
    Held.insert(Other.Held.begin(), Other.Held.end());
    return IsReached != Before.IsReached || MayBeFree != Before.MayBeFree || Held != Before.Held;
  }
};

/// Functions that do one half of the pair for their caller.
struct Helpers {
  std::set<FunctionId> Lock, Unlock;

  bool contains(FunctionId Id) const { return Lock.count(Id) || Unlock.count(Id); }
};

/// Pairs locks and unlocks of one candidate over one function's graph.
class Pairing {
public:
  Pairing(const ValueFlow &Values, const Candidate &Subject, EventKind LockKind, Helpers Halves)
      : Values(Values), Unit(Values.unit()), Subject(Subject), LockKind(LockKind),
        Halves(std::move(Halves)) {}

  /// False if some way through the function breaks the protocol. `Start` holds at the entry; at the
  /// exit the object must be free, or held if that is what is wanted.
  bool run(FunctionId Id, const State &Start, bool EndsHeld = false);

  std::vector<LockPair> Pairs;
  bool HasSection = false;

private:
  enum class Step { None, Lock, Unlock };
  Step step(FunctionId Id, const Event &E) const;
  bool apply(FunctionId Id, const Event &E, State &Now, bool Record);

  const ValueFlow &Values;
  const UnitFacts &Unit;
  const Candidate &Subject;
  EventKind LockKind;
  Helpers Halves;
  std::set<uint32_t> Statements; ///< That hold operations themselves.
};

Pairing::Step Pairing::step(FunctionId Id, const Event &E) const {
  if (&E == Subject.Lock.InitialToken)
    return Step::None;
  if (isOperation(E))
    return !(Values.object(Id, E.Path) == Subject.Lock.Object) ? Step::None
           : E.Kind == LockKind                                ? Step::Lock
                                                               : Step::Unlock;
  bool IsCall = E.Kind == EventKind::Call || E.Kind == EventKind::CallValue;
  FunctionId Callee = IsCall ? Values.callee(Id, E) : InvalidId;
  return Halves.Lock.count(Callee)     ? Step::Lock
         : Halves.Unlock.count(Callee) ? Step::Unlock
                                       : Step::None;
}

bool Pairing::apply(FunctionId Id, const Event &E, State &Now, bool Record) {
  switch (step(Id, E)) {
  case Step::Lock: {
    bool IsFine = Now.Held.empty();
    Now.Held.insert(&E);
    Now.MayBeFree = false;
    return IsFine;
  }
  case Step::Unlock: {
    bool IsFine = !Now.MayBeFree;
    if (Record)
      for (const Event *Lock : Now.Held)
        Pairs.push_back({Id, Lock, &E});
    Now.Held.clear();
    Now.MayBeFree = true;
    return IsFine;
  }
  case Step::None:
    break;
  }
  bool IsWork = E.Kind == EventKind::Read || E.Kind == EventKind::Write ||
                E.Kind == EventKind::Update || E.Kind == EventKind::Call ||
                E.Kind == EventKind::CallValue || E.Kind == EventKind::UnknownCall;
  if (Record && IsWork && !Now.Held.empty() && !Statements.count(E.Statement))
    HasSection = true;
  return true;
}

bool Pairing::run(FunctionId Id, const State &Start, bool EndsHeld) {
  const FunctionFacts &Function = Unit.Functions[Id];
  Statements.clear();
  for (const Block &B : Function.Blocks)
    for (const Event &E : B.Events)
      if (E.Statement != InvalidId && step(Id, E) != Step::None)
        Statements.insert(E.Statement);
  std::vector<State> In(Function.Blocks.size());
  In[FunctionFacts::EntryBlock] = Start;
  auto Flow = [&](uint32_t Index, bool Record, bool &IsFine) {
    State Now = In[Index];
    for (const Event &E : Function.Blocks[Index].Events)
      IsFine &= apply(Id, E, Now, Record);
    return Now;
  };
  std::vector<uint32_t> Pending{FunctionFacts::EntryBlock};
  while (!Pending.empty()) {
    uint32_t Index = Pending.back();
    Pending.pop_back();
    bool Ignored = true;
    State Out = Flow(Index, false, Ignored);
    for (const Edge &Next : Function.Blocks[Index].Successors) {
      // A guard would have unlocked on the way out; that this one does not, is another bug.
      if (Next.To == FunctionFacts::ExitBlock && Function.Blocks[Index].Leaves != Leaving::Normally)
        continue;
      if (In[Next.To].join(Out))
        Pending.push_back(Next.To);
    }
  }
  const State &AtExit = In[FunctionFacts::ExitBlock];
  bool IsFine = EndsHeld ? !AtExit.MayBeFree : AtExit.Held.empty();
  for (uint32_t Index = 0; Index < In.size(); ++Index)
    if (In[Index].IsReached)
      Flow(Index, true, IsFine);
  return IsFine;
}

/// Finds the candidates of a unit and strikes out those with other uses.
class Search {
public:
  explicit Search(const ValueFlow &Values) : Values(Values), Unit(Values.unit()) {}
  std::vector<ChannelLock> run();

private:
  void findMakes(FunctionId Id);
  void addMake(FunctionId Id, const AccessPath &Holder, bool IsSemaphore, const Value &Capacity,
               const Event *Where);
  void findUses(FunctionId Id);
  void checkUse(FunctionId Id, const Event &E, std::map<EntityId, AccessPath> &Spellings);
  void checkValue(FunctionId Id, const Event &E, size_t Index);
  void checkBound(FunctionId Id, const Value &V);
  Candidate *mentioned(FunctionId Id, const Value &V);
  Candidate *find(const AccessPath &Object);
  bool isCopyForCall(FunctionId Id, const Event &Copy, const Candidate &C);
  bool pair(Candidate &C);
  bool tryMode(Candidate &C, EventKind LockKind);
  Helpers findHelpers(const Candidate &C, EventKind LockKind) const;
  const Event *initialToken(const Candidate &C) const;

  const ValueFlow &Values;
  const UnitFacts &Unit;
  std::map<EntityId, Candidate> Candidates;
};

Candidate *Search::find(const AccessPath &Object) {
  if (Object.root() != RootKind::Global && Object.root() != RootKind::Local)
    return nullptr;
  auto Found = Candidates.find(Object.rootId());
  return Found == Candidates.end() ? nullptr : &Found->second;
}

void Search::addMake(FunctionId Id, const AccessPath &Holder, bool IsSemaphore,
                     const Value &Capacity, const Event *Where) {
  AccessPath Variable = Values.object(Id, Holder);
  if ((Variable.root() != RootKind::Global && Variable.root() != RootKind::Local) ||
      !Variable.isRootOnly())
    return;
  Candidate &C = Candidates[Variable.rootId()];
  C.Lock.Holder = Variable.rootId();
  C.Lock.Object = IsSemaphore ? Variable : Variable.deref();
  C.Lock.IsSemaphore = IsSemaphore;
  C.Maker = Id;
  if (Capacity.What != Value::Constant || Capacity.Number != 1 || !Holder.isPrecise())
    C.IsExcluded = true;
  const SourceRange &Declared = Unit.Entities[C.Lock.Holder].Initializer;
  bool IsDeclared = Declared.isValid() && Where->Where.File == Declared.File &&
                    Where->Where.End > Declared.Begin && Where->Where.End <= Declared.End;
  C.Lock.IsMadeWhereDeclared &= IsDeclared;
}

void Search::findMakes(FunctionId Id) {
  std::map<AccessPath, const Event *> Made;
  forEachEvent(Unit.Functions[Id], [&](const Event &E) {
    if (E.Kind != EventKind::ChannelMake)
      return;
    if (E.has(Semaphore))
      addMake(Id, E.Path, true, E.Values.empty() ? Value() : E.Values[0], &E);
    else
      Made[E.Path] = &E;
  });
  forEachEvent(Unit.Functions[Id], [&](const Event &E) {
    if (E.Kind != EventKind::Store || E.Values.empty() || E.Values[0].What != Value::PointsTo)
      return;
    if (auto Make = Made.find(E.Values[0].Path); Make != Made.end())
      addMake(Id, E.Path, false, Make->second->Values.empty() ? Value() : Make->second->Values[0],
              Make->second);
  });
}

Candidate *Search::mentioned(FunctionId Id, const Value &V) {
  return V.What == Value::Load || V.What == Value::PointsTo ? find(Values.object(Id, V.Path))
                                                            : nullptr;
}

void Search::checkBound(FunctionId Id, const Value &V) {
  for (size_t Slot = 0; Slot < V.Bound.size(); ++Slot) {
    checkBound(Id, V.Bound[Slot]);
    Candidate *C = mentioned(Id, V.Bound[Slot]);
    if (!C || V.Callee >= Unit.Functions.size())
      continue;
    const FunctionFacts &Callee = Unit.Functions[V.Callee];
    C->IsExcluded |=
        !Callee.HasBody ||
        (!Callee.hasCaptures() &&
         C != find(Values.object(V.Callee, AccessPath(RootKind::Parameter, Slot).deref())));
    if (!Callee.hasCaptures() ||
        (Slot < Callee.Captures.size() && !Callee.Captures[Slot].IsReference))
      C->Lock.IsCopied = true;
  }
}

/// A temporary copy is fine if it goes into a capture or an argument whose further way is known.
bool Search::isCopyForCall(FunctionId Id, const Event &Copy, const Candidate &C) {
  bool IsFound = false;
  auto Mentions = [&](const Value &V) { return mentioned(Id, V) == &C; };
  forEachEvent(Unit.Functions[Id], [&](const Event &E) {
    if (&E == &Copy || E.Path == Copy.Path || !E.Where.encloses(Copy.Where))
      return;
    for (const Value &V : E.Values)
      IsFound |= llvm::any_of(V.Bound, Mentions) ||
                 (E.Kind != EventKind::Move && E.Kind != EventKind::Store && Mentions(V));
  });
  return IsFound;
}

void Search::checkValue(FunctionId Id, const Event &E, size_t Index) {
  const Value &V = E.Values[Index];
  checkBound(Id, V);
  Candidate *C = mentioned(Id, V);
  if (!C)
    return;
  C->Lock.IsCopied = true;
  FunctionId Callee = Values.callee(Id, E);
  if (Callee < Unit.Functions.size()) {
    bool HasCallable = E.Kind != EventKind::Call;
    uint32_t Slot = Values.firstSlot(E, Callee) + Index - (HasCallable ? 1 : 0);
    AccessPath Passed = AccessPath(RootKind::Parameter, Slot).deref();
    if ((HasCallable && Index == 0) || !Unit.Functions[Callee].HasBody ||
        find(Values.object(Callee, Passed)) != C)
      C->IsExcluded = true;
  } else if ((E.Kind == EventKind::Move || E.Kind == EventKind::Store) &&
             E.Path.root() == RootKind::Temporary) {
    C->IsExcluded |= !isCopyForCall(Id, E, *C);
  } else if (E.Kind != EventKind::Store || E.Path.root() != RootKind::Local ||
             find(Values.object(Id, E.Path.deref())) != C) {
    C->IsExcluded = true;
  }
}

void Search::checkUse(FunctionId Id, const Event &E, std::map<EntityId, AccessPath> &Spellings) {
  for (size_t Index = 0; Index < E.Values.size(); ++Index)
    checkValue(Id, E, Index);
  AccessPath Object = Values.object(Id, E.Path);
  Candidate *C = find(Object);
  if (!C)
    return;
  switch (E.Kind) {
  case EventKind::Fresh:
  case EventKind::Destroy:
  case EventKind::End:
  case EventKind::ChannelMake:
  case EventKind::Block: // beside the operation itself
    return;
  case EventKind::Write:
    C->IsExcluded |= !E.has(Ends); // sem_destroy
    return;
  case EventKind::Read: // of the handle, on the way to an operation
    C->IsExcluded |= Object == C->Lock.Object;
    return;
  case EventKind::Store: // creations, or aliases that lead here
    C->IsExcluded |= E.Values.empty() ||
                     (E.Values[0].Path.root() != RootKind::Heap && mentioned(Id, E.Values[0]) != C);
    return;
  case EventKind::Send:
  case EventKind::Receive: {
    bool IsPlain = C->Lock.IsSemaphore || E.has(UnitValue) || E.has(ResultUnused) ||
                   (!E.Values.empty() && E.Values[0].What == Value::Constant);
    AccessPath &Spelling = Spellings.try_emplace(C->Lock.Holder, E.Path).first->second;
    if (!IsPlain || E.has(NonBlocking) || E.has(Ranged) || !(Object == C->Lock.Object) ||
        !(Spelling == E.Path))
      C->IsExcluded = true;
    C->Users.insert(Id);
    return;
  }
  default:
    C->IsExcluded = true;
  }
}

void Search::findUses(FunctionId Id) {
  std::map<EntityId, AccessPath> Spellings;
  for (const Block &B : Unit.Functions[Id].Blocks) {
    for (const Event &E : B.Events)
      checkUse(Id, E, Spellings);
    // What happens only on one way out of a condition was tried, not done.
    for (const Edge &Out : B.Successors)
      for (const Event &E : Out.Events)
        if (Candidate *C = find(Values.object(Id, E.Path)))
          C->IsExcluded = true;
  }
}

const Event *Search::initialToken(const Candidate &C) const {
  if (C.Maker == InvalidId)
    return nullptr;
  for (const Block &B : Unit.Functions[C.Maker].Blocks)
    for (const Event &E : B.Events)
      if (isOperation(E) && Values.object(C.Maker, E.Path) == C.Lock.Object)
        return E.Kind == EventKind::Send ? &E : nullptr;
  return nullptr;
}

/// Functions that only lock or only unlock, on all their ways.
Helpers Search::findHelpers(const Candidate &C, EventKind LockKind) const {
  Helpers Found;
  auto Has = [&](FunctionId Id, bool Locks) {
    bool IsFound = false;
    forEachEvent(Unit.Functions[Id], [&](const Event &E) {
      IsFound |= isOperation(E) && &E != C.Lock.InitialToken && (E.Kind == LockKind) == Locks &&
                 Values.object(Id, E.Path) == C.Lock.Object;
    });
    return IsFound;
  };
  for (FunctionId Id : C.Users)
    if (!Has(Id, true) && Pairing(Values, C, LockKind, {}).run(Id, {true, false, {nullptr}}))
      Found.Unlock.insert(Id);
  // A function that locks and leaves the rest to one of those is no half.
  for (FunctionId Id : C.Users)
    if (!Has(Id, false) && Pairing(Values, C, LockKind, Found).run(Id, {true, true, {}}, true))
      Found.Lock.insert(Id);
  return Found;
}

bool Search::tryMode(Candidate &C, EventKind LockKind) {
  Helpers Halves = findHelpers(C, LockKind);
  std::set<FunctionId> Functions;
  for (FunctionId Id : C.Users)
    if (!Halves.contains(Id))
      Functions.insert(Id);
  bool IsFine = true;
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    forEachEvent(Unit.Functions[Id], [&](const Event &E) {
      bool IsCalled = Halves.contains(Values.callee(Id, E));
      if (IsCalled)
        Functions.insert(Id);
      // A thread that does one half, or one that anybody may be given, belongs to no pair.
      IsFine &= !IsCalled || E.Kind != EventKind::Spawn;
      for (const Value &V : E.Values)
        IsFine &= V.What != Value::Function || !Halves.contains(V.Callee);
    });
  Pairing Pairs(Values, C, LockKind, Halves);
  for (FunctionId Id : Functions)
    IsFine = IsFine && Pairs.run(Id, {true, true, {}});
  C.Lock.Pairs = std::move(Pairs.Pairs);
  return IsFine && Pairs.HasSection;
}

bool Search::pair(Candidate &C) {
  if (C.IsExcluded || C.Users.empty())
    return false;
  if (C.Lock.IsSemaphore)
    return tryMode(C, EventKind::Receive);
  if (tryMode(C, EventKind::Send))
    return true;
  C.Lock.InitialToken = initialToken(C);
  return C.Lock.InitialToken && tryMode(C, EventKind::Receive);
}

std::vector<ChannelLock> Search::run() {
  for (EntityId Id = 0; Id < Unit.Entities.size(); ++Id) {
    const Entity &Declared = Unit.Entities[Id];
    if (Declared.DeclaredCapacity < 0)
      continue;
    Candidate &C = Candidates[Id];
    C.Lock.Holder = Id;
    C.IsExcluded = Declared.DeclaredCapacity != 1;
    // Locals are found by their events as well; what they are follows from how they are used.
    C.Lock.Object = AccessPath(RootKind::Global, Id).deref();
  }
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id) {
    findMakes(Id);
    forEachEvent(Unit.Functions[Id], [&](const Event &E) {
      if (!isOperation(E) || !E.has(Semaphore))
        return;
      AccessPath Object = Values.object(Id, E.Path);
      if (Candidate *C = find(Object); C && Object.isRootOnly()) {
        C->Lock.IsSemaphore = true;
        C->Lock.Object = Object;
      }
    });
  }
  std::vector<ChannelLock> Result;
  if (Candidates.empty())
    return Result;
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    findUses(Id);
  for (auto &[Holder, C] : Candidates) {
    const Entity &Declared = Unit.Entities[Holder];
    C.Lock.IsWhollyVisible = Declared.IsLocalToUnit || C.Lock.Object.root() == RootKind::Local;
    if (!pair(C))
      continue;
    // A local that only its own function uses keeps nobody out.
    bool IsContended = C.Lock.Object.root() != RootKind::Local ||
                       llvm::any_of(C.Users, [&](FunctionId Id) { return Id != C.Maker; });
    bool IsAllHere = C.Lock.IsWhollyVisible || C.Lock.Pairs.size() > 1 ||
                     C.Lock.Pairs[0].Lock->Where.File == Declared.Declaration.File;
    if (!IsContended || !IsAllHere)
      continue;
    std::set<const Event *> Seen;
    for (const LockPair &P : C.Lock.Pairs)
      C.Lock.IsOneToOne &= Seen.insert(P.Lock).second && Seen.insert(P.Unlock).second &&
                           isOperation(*P.Lock) && isOperation(*P.Unlock);
    Result.push_back(C.Lock);
  }
  return Result;
}

} // namespace

std::vector<ChannelLock> heddle::channelLocks(const ValueFlow &Values) {
  return Search(Values).run();
}
