#include "model/program/locks/LockOrder.h"

#include "model/facts/ValueFlow.h"
#include "model/program/ProgramModel.h"
#include "model/program/locks/LockFlow.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace heddle;

bool heddle::lackCommonLock(const Operation &A, const Operation &B) {
  for (const HeldLock &LockA : A.Locks)
    for (const HeldLock &LockB : B.Locks)
      if (!LockA.Path.isKnown() || !LockB.Path.isKnown() ||
          (LockA.Path == LockB.Path && !(LockA.IsShared && LockB.IsShared)))
        return false;
  return true;
}

void LockGraph::add(LockEdge Edge) {
  if (!Edge.From.isKnown() || !Edge.To.isKnown() || Edge.Held.IsOrdered)
    return;
  AccessPath Array = arrayOf(Edge.From);
  if (Array.isKnown() && Array == arrayOf(Edge.To) &&
      !(Edge.From.isPrecise() && Edge.From == Edge.To)) {
    // What else is held may keep the threads apart; other elements do not.
    std::erase_if(Edge.Taken.Locks, [&](const HeldLock &Held) {
      return arrayOf(Held.Path) == arrayOf(Edge.Held.Path);
    });
    InArrays.push_back(std::move(Edge));
    return;
  }
  if (Edge.From == Edge.To)
    return;
  std::vector<LockEdge> &Known = Edges[Edge.From];
  // Of one thread, one witness is enough.
  size_t Witnesses = 0;
  for (const LockEdge &Other : Known) {
    if (!(Other.To == Edge.To))
      continue;
    ++Witnesses;
    if (Other.Frame == Edge.Frame && Other.Run == Edge.Run &&
        Other.Taken.Where == Edge.Taken.Where && Other.Taken.Locks == Edge.Taken.Locks)
      return;
  }
  if (Witnesses < MaxWitnesses)
    Known.push_back(std::move(Edge));
}

namespace {

/// Whether who waits at the end of `Before` waits for who holds the beginning of `After`.
bool blocks(const LockEdge &Before, const LockEdge &After) {
  return Before.To == After.From && !((Before.Taken.Flags & Shared) && After.Held.IsShared);
}

} // namespace

void LockGraph::extend(std::vector<const LockEdge *> &Way, size_t Limit, Compatible AreCompatible,
                       std::vector<LockCycle> &Out, std::set<std::set<AccessPath>> &Known,
                       size_t &Budget) const {
  const AccessPath &Start = Way.front()->From;
  auto Next = Edges.find(Way.back()->To);
  if (Next == Edges.end())
    return;
  for (const LockEdge &Edge : Next->second) {
    if (Budget == 0)
      return;
    --Budget;
    bool Closes = Edge.To == Start;
    if (Closes != (Way.size() + 1 == Limit) || (!Closes && Edge.To < Start) ||
        !blocks(*Way.back(), Edge) || (Closes && !blocks(Edge, *Way.front())))
      continue;
    if (llvm::any_of(Way, [&](const LockEdge *Other) {
          return (!Closes && Other->From == Edge.To) || !AreCompatible(*Other, Edge);
        }))
      continue;
    Way.push_back(&Edge);
    if (!Closes) {
      extend(Way, Limit, AreCompatible, Out, Known, Budget);
    } else {
      std::set<AccessPath> Locks;
      for (const LockEdge *Each : Way)
        Locks.insert(Each->From);
      // A longer way round says nothing new.
      bool IsNew = llvm::none_of(Known, [&](const std::set<AccessPath> &Shorter) {
        return std::includes(Locks.begin(), Locks.end(), Shorter.begin(), Shorter.end());
      });
      if (IsNew) {
        Known.insert(std::move(Locks));
        LockCycle &Found = Out.emplace_back();
        for (const LockEdge *Each : Way)
          Found.Edges.push_back(*Each);
      }
    }
    Way.pop_back();
  }
}

std::vector<LockCycle> LockGraph::cycles(Compatible AreCompatible) const {
  std::vector<LockCycle> Result;
  std::set<std::set<AccessPath>> Known;
  size_t Budget = MaxSteps;
  for (size_t Length = 2; Length <= std::min(MaxLength, Edges.size()); ++Length)
    for (const auto &[From, Leaving] : Edges)
      for (const LockEdge &First : Leaving) {
        if (First.To < From)
          continue;
        std::vector<const LockEdge *> Way{&First};
        extend(Way, Length, AreCompatible, Result, Known, Budget);
      }
  return Result;
}

namespace {

/// Locks as all objects of their class have them.
class LockClasses {
public:
  explicit LockClasses(const ProgramModel &Program);
  /// The fields from the last pointer or element on the way, behind a parameter that stands for any
  /// owner; global locks as they are. Unknown where nothing but the function can tell which lock it
  /// is. `Owner` is the path of the object that the fields belong to.
  AccessPath classOf(const AccessPath &Lock, AccessPath &Owner) const;
  AccessPath classOf(const AccessPath &Lock) const {
    AccessPath Owner;
    return classOf(Lock, Owner);
  }

private:
  const UnitFacts &Unit;
  std::set<EntityId> Wrapped; ///< Locks of classes that are nothing but a lock.
};

/// The class that a field belongs to, by its USR.
llvm::StringRef ownerOf(const Entity &Field) {
  return llvm::StringRef(Field.Usr).rsplit("@FI@").first;
}

LockClasses::LockClasses(const ProgramModel &Program) : Unit(Program.unit()) {
  std::set<EntityId> HandedOut;
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    for (const HeldLock &Lock : Program.summary(Id).Acquired)
      if (EntityId Subject = Lock.Path.subject();
          Subject != InvalidId && Unit.Entities[Subject].IsField)
        HandedOut.insert(Subject);
  if (HandedOut.empty())
    return;
  std::set<llvm::StringRef> HoldData;
  for (const Entity &E : Unit.Entities)
    if (E.IsField && !E.IsMutex)
      HoldData.insert(ownerOf(E));
  for (EntityId Lock : HandedOut)
    if (!HoldData.count(ownerOf(Unit.Entities[Lock])))
      Wrapped.insert(Lock);
}

AccessPath LockClasses::classOf(const AccessPath &Lock, AccessPath &Owner) const {
  bool IsNamed = Lock.root() == RootKind::Global && Lock.derefs() == 0;
  if (IsNamed)
    return Lock;
  bool IsReached = Lock.root() == RootKind::Global || Lock.isGiven();
  if (!IsReached)
    return {};
  llvm::ArrayRef<PathStep> Steps = Lock.steps();
  size_t First = Steps.size();
  auto IsField = [&](size_t I) { return Steps[I].What == PathStep::Field; };
  // A pointer to a lock, or to an object that is nothing else, belongs to who holds the pointer.
  while (true) {
    while (First > 0 && !IsField(First - 1))
      --First;
    bool OnlyWrapped = true;
    while (First > 0 && IsField(First - 1)) {
      --First;
      OnlyWrapped &= Wrapped.count(Steps[First].Id) > 0;
    }
    if (First == 0 || (IsField(First) && !OnlyWrapped))
      break;
  }
  if (First == 0 || !IsField(First))
    return {};
  Owner = Lock.prefix(First);
  return Lock.rebased(AccessPath(RootKind::Parameter, 0).deref(), First);
}

/// The edges of all entry points, in terms of lock classes.
struct PromisedEdges {
  explicit PromisedEdges(const ProgramModel &Program) : Program(Program), Classes(Program) {
    for (const FunctionFacts &Function : Program.unit().Functions)
      for (const OnceCall &Once : Function.OnceCalls)
        OnceCalls.insert(Once.Where);
  }

  const ProgramModel &Program;
  LockClasses Classes;
  std::set<SourceRange> OnceCalls; ///< Usually done before there are threads: they promise nothing.
  LockGraph Graph;

  void add(FunctionId Frame, const Operation &Use, uint32_t Run);
};

void PromisedEdges::add(FunctionId Frame, const Operation &Use, uint32_t Run) {
  if (Use.Kind != EventKind::Acquire || Use.Locks.empty() || OnceCalls.count(Use.Where))
    return;
  LockEdge Edge;
  Edge.Frame = Frame;
  Edge.To = Classes.classOf(Use.Path);
  Edge.Run = Run;
  if (!Edge.To.isKnown())
    return;
  for (const HeldLock &Held : Use.Locks) {
    Edge.From = Classes.classOf(Held.Path);
    if (!Edge.From.isKnown() || OnceCalls.count(Held.Where))
      continue;
    Edge.Held = Held;
    Edge.Taken = Use;
    Graph.add(Edge);
  }
}

/// 0: the locks of the edge do not both belong to objects; 1: to the same one; 2: to two.
int ownership(const LockClasses &Classes, const LockEdge &Edge) {
  AccessPath From, To;
  Classes.classOf(Edge.Held.Path, From);
  Classes.classOf(Edge.Taken.Path, To);
  return !From.isKnown() || !To.isKnown() ? 0 : From == To ? 1 : 2;
}

bool mayCross(const ProgramModel &Program, const LockClasses &Classes, const LockEdge &A,
              const LockEdge &B) {
  if (A.Frame == B.Frame) {
    // Who starts threads shows which of them meet; that is judged there.
    if (A.Taken.Origin || B.Taken.Origin || A.Run != InvalidId || B.Run != InvalidId)
      return false;
    const Summary &S = Program.summary(A.Frame);
    bool StartsThreads = !S.Running.empty() || llvm::any_of(S.LockUses, [](const Operation &Use) {
      return Use.Origin != nullptr;
    });
    if (StartsThreads)
      return false;
  }
  auto InClasses = [&](const Operation &Use) {
    Operation Result;
    for (const HeldLock &Held : Use.Locks)
      Result.Locks.push_back({Classes.classOf(Held.Path), Held.IsShared, Held.Where});
    return Result;
  };
  if (!lackCommonLock(InClasses(A.Taken), InClasses(B.Taken)))
    return false;
  int OfA = ownership(Classes, A), OfB = ownership(Classes, B);
  return OfA == 0 || OfB == 0 || OfA == OfB;
}

/// Which locks a circle is about, for a reader. Two objects of one class are told apart by their
/// names, unless it is at the same places that others are locked.
class ToldCycles {
public:
  bool insert(const LockCycle &Cycle) {
    Names Subjects, Objects;
    std::set<SourceRange> Places;
    for (const LockEdge &Edge : Cycle.Edges) {
      EntityId Subject = Edge.From.subject();
      Subjects.emplace_back(Subject, Subject == InvalidId ? Edge.From.rootId() : 0);
      bool IsVariable = Edge.From.derefs() == 0 && (Edge.From.root() == RootKind::Global ||
                                                    Edge.From.root() == RootKind::Local);
      Objects.emplace_back(Subject, IsVariable ? Edge.From.rootId() : 0);
      Places.insert(Edge.Taken.Where);
    }
    if (Subjects.front().first != InvalidId && llvm::all_equal(Subjects)) {
      bool IsSamePlace = !ByPlace.insert({Subjects.front().first, std::move(Places)}).second;
      Subjects = std::move(Objects);
      if (IsSamePlace)
        return false;
    }
    llvm::sort(Subjects);
    return Known.insert(std::move(Subjects)).second;
  }

private:
  using Names = std::vector<std::pair<EntityId, uint32_t>>;
  std::set<Names> Known;
  std::set<std::pair<EntityId, std::set<SourceRange>>> ByPlace;
};

} // namespace

void heddle::addPromisedCycles(const ProgramModel &Program, const std::vector<FunctionId> &Entries,
                               std::vector<LockCycle> &Cycles) {
  PromisedEdges Promised(Program);
  for (FunctionId Entry : Entries) {
    const Summary &S = Program.summary(Entry);
    for (const Operation &Use : S.LockUses)
      Promised.add(Entry, Use, InvalidId);
    for (uint32_t Run = 0; Run < S.Running.size(); ++Run)
      for (const Operation &Use : S.Running[Run].LockUses)
        Promised.add(Entry, Use, Run);
  }
  for (LockCycle &Cycle : Promised.Graph.cycles([&](const LockEdge &A, const LockEdge &B) {
         return mayCross(Program, Promised.Classes, A, B);
       }))
    Cycles.push_back(std::move(Cycle));
  for (LockCycle &Cycle :
       Promised.Graph.arrayCycles(Program.unit(), [&](const LockEdge &A, const LockEdge &B) {
         return mayCross(Program, Promised.Classes, A, B);
       }))
    Cycles.push_back(std::move(Cycle));
  // Those between threads that are in sight come first.
  llvm::sort(Cycles, [](const LockCycle &A, const LockCycle &B) {
    auto Key = [](const LockCycle &Cycle) {
      const LockEdge &First = Cycle.Edges.front();
      return std::tuple(!Cycle.IsBetweenThreads, First.Taken.Where, First.Frame,
                        Cycle.Edges.size());
    };
    return Key(A) < Key(B);
  });
  ToldCycles Told;
  std::erase_if(Cycles, [&](const LockCycle &Cycle) { return !Told.insert(Cycle); });
}

namespace {

/// Where the function that took the lock goes on to the call.
SourceRange placeOf(const UnitFacts &Unit, FunctionId Frame, const Operation &Use,
                    const HeldLock &Held) {
  if (Unit.Functions[Use.In].BodyRange.encloses(Held.Where))
    return Use.Where;
  for (size_t I = Use.Calls.size(); I-- > 0;) {
    FunctionId Caller = I > 0 ? Use.Calls[I - 1].Callee : Use.Origin ? Use.Origin->Entry : Frame;
    if (Caller != InvalidId && Unit.Functions[Caller].BodyRange.encloses(Held.Where))
      return Use.Calls[I].Where;
  }
  return Use.Calls.empty() ? Use.Where : Use.Calls.front().Where;
}

/// Where a thread that is left running and known by the same member as the one that is waited for
/// takes the lock.
std::optional<Operation> findNeeded(const ProgramModel &Program, const LockClasses &Classes,
                                    const Operation &Join, const HeldLock &Held) {
  AccessPath Owner, HandleOwner, RunOwner, UseOwner;
  AccessPath Handle = Classes.classOf(Join.Path, HandleOwner);
  AccessPath Lock = Classes.classOf(Held.Path, Owner);
  if (!Handle.isKnown() || !Lock.isKnown())
    return std::nullopt;
  for (FunctionId Id = 0; Id < Program.unit().Functions.size(); ++Id)
    for (const ThreadRun &Run : Program.summary(Id).Running) {
      if (!(Classes.classOf(Run.Handle, RunOwner) == Handle))
        continue;
      for (const Operation &Use : Run.LockUses)
        if (Use.Kind == EventKind::Acquire && Classes.classOf(Use.Path, UseOwner) == Lock &&
            (UseOwner == RunOwner) == (Owner == HandleOwner) &&
            !(Held.IsShared && (Use.Flags & Shared)))
          return Use;
    }
  return std::nullopt;
}

/// Who waits for locks that only this unit can name.
class Waiters {
public:
  explicit Waiters(const UnitFacts &Unit) : Unit(Unit) {
    for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id) {
      forEachEvent(Unit.Functions[Id], [&](const Event &E) { noteNames(E); });
      // On edges stand attempts that went well: those do not wait.
      for (const Block &B : Unit.Functions[Id].Blocks)
        for (const Event &E : B.Events)
          noteWait(Id, E);
    }
  }

  /// False if it is only main that ever waits for the lock: then nobody waits while main holds it.
  bool mayWait(const AccessPath &Lock) const {
    EntityId Subject = Lock.subject();
    if (Subject == InvalidId || !Unit.Entities[Subject].IsLocalToUnit || Elsewhere.count(Subject))
      return true;
    auto Found = In.find(Subject);
    return Found != In.end() &&
           llvm::any_of(Found->second, [&](FunctionId Id) { return !Unit.Functions[Id].IsMain; });
  }

private:
  static bool takesLocks(const Event &E) {
    return E.Kind == EventKind::GuardMake || E.Kind == EventKind::Wait ||
           E.Kind == EventKind::Block;
  }
  void noteWait(FunctionId Id, const Event &E) {
    if (E.Kind == EventKind::Acquire && !E.has(Given))
      In[E.Path.subject()].insert(Id);
    if (takesLocks(E))
      for (const Value &V : E.Values)
        In[V.pointee().subject()].insert(Id);
  }
  void noteNames(const Event &E) {
    if (E.Kind == EventKind::Escape)
      Elsewhere.insert(E.Path.subject());
    if (!takesLocks(E))
      for (const Value &V : E.Values)
        noteGiven(V);
  }
  void noteGiven(const Value &V) {
    if (V.What == Value::PointsTo)
      Elsewhere.insert(V.Path.subject());
    for (const Value &Bound : V.Bound)
      noteGiven(Bound);
  }

  const UnitFacts &Unit;
  std::map<EntityId, std::set<FunctionId>> In;
  std::set<EntityId> Elsewhere; ///< May be known by other names.
};

} // namespace

std::vector<BlockedHolder> heddle::findBlockedHolders(const ProgramModel &Program,
                                                      const std::vector<FunctionId> &Entries) {
  std::vector<BlockedHolder> Result;
  LockClasses Classes(Program);
  const UnitFacts &Unit = Program.unit();
  Waiters Wanted(Unit);
  std::set<EntityId> Robust = findRobustLocks(Unit);
  auto Note = [&](FunctionId Frame, const Operation &Use) {
    // An unknown lock may be the very one that is given back.
    if (Use.Kind != EventKind::Block || Use.Locks.empty() || Use.GivenBack.isKnown() ||
        llvm::any_of(Use.Locks, [](const HeldLock &Held) { return !Held.Path.isKnown(); }))
      return;
    bool IsOfMain = Unit.Functions[Frame].IsMain && !Use.Origin;
    if (IsOfMain &&
        llvm::none_of(Use.Locks, [&](const HeldLock &Held) { return Wanted.mayWait(Held.Path); }))
      return;
    // The thread that is waited for may have ended with the lock in hand.
    if (Use.Needed && Robust.count(Use.Needed->Path.subject()))
      return;
    BlockedHolder Found{Frame, Use, Use.Locks.front(), std::nullopt, {}};
    if (Use.Needed)
      Found.Needed = *Use.Needed;
    for (const HeldLock &Held : Use.Locks) {
      bool IsNeeded = Use.Needed && Held.Path == Use.Needed->Path;
      if (!Found.Needed)
        if ((Found.Needed = findNeeded(Program, Classes, Use, Held)))
          IsNeeded = true;
      if (IsNeeded)
        Found.Held = Held;
    }
    // That elements end which wait for their threads counts only if those can be waited for.
    if ((Use.Flags & Ends) && !Found.Needed)
      return;
    Found.Place = placeOf(Unit, Frame, Use, Found.Held);
    Result.push_back(std::move(Found));
  };
  // Who waits for a thread that needs what it holds itself, waits whoever calls it.
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    for (const Operation &Use : Program.summary(Id).LockUses)
      if (Use.Needed && Use.Calls.empty())
        Note(Id, Use);
  for (FunctionId Entry : Entries) {
    for (const Operation &Use : Program.summary(Entry).LockUses)
      Note(Entry, Use);
    for (const ThreadRun &Run : Program.summary(Entry).Running)
      for (const Operation &Use : Run.LockUses)
        Note(Entry, Use);
  }
  llvm::sort(Result, [](const BlockedHolder &A, const BlockedHolder &B) {
    auto Key = [](const BlockedHolder &Each) {
      return std::tuple(Each.Place, !Each.Needed, (Each.Call.Flags & Bounded) != 0,
                        Each.Call.Calls.size(), Each.Call.Where, Each.Frame);
    };
    return Key(A) < Key(B);
  });
  // One for each place; the one that surely never ends, if there is one.
  auto Last = std::unique(Result.begin(), Result.end(),
                          [](const auto &A, const auto &B) { return A.Place == B.Place; });
  Result.erase(Last, Result.end());
  return Result;
}
