#include "model/program/Operation.h"

#include "model/program/TeamConflict.h"
#include "model/program/interpreter/FlagClaims.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace heddle;

bool heddle::areDistinctLocks(const AccessPath &A, const AccessPath &B) {
  if (!A.isPrecise() || !B.isPrecise())
    return false;
  // One and the same, or an object that is a lock and the lock inside of it.
  if (A.overlaps(B))
    return false;
  // Named objects are distinct from each other; what lies behind a pointer is comparable only
  // with what lies behind the same pointer.
  auto IsNamed = [](const AccessPath &P) {
    return P.derefs() == 0 && (P.root() == RootKind::Global || P.root() == RootKind::Local ||
                               P.root() == RootKind::Heap);
  };
  if (IsNamed(A) && IsNamed(B))
    return true;
  auto IsMember = [](const AccessPath &P) {
    return P.root() == RootKind::Parameter && P.rootId() == 0 && P.derefs() == 1;
  };
  if (IsMember(A) && IsMember(B))
    return true;
  auto IsGlobal = [](const AccessPath &P) { return P.root() == RootKind::Global && !P.derefs(); };
  return (IsMember(A) && IsGlobal(B)) || (IsMember(B) && IsGlobal(A));
}

namespace {

bool concernSameObject(const AccessPath &A, const AccessPath &B) {
  return A.startsWith(B) || B.startsWith(A);
}

bool mayShareLock(const Operation &A, const Operation &B) {
  for (const HeldLock &LockA : A.Locks)
    for (const HeldLock &LockB : B.Locks) {
      if (LockA.Path.isKnown() && LockA.Path == LockB.Path && LockA.Path.isPrecise()) {
        if (!LockA.IsShared || !LockB.IsShared)
          return true;
        continue; // two readers do not exclude each other
      }
      if (!areDistinctLocks(LockA.Path, LockB.Path))
        return true;
    }
  return false;
}

bool isGiven(const AccessPath &P) {
  return !P.steps().empty() && P.steps().back().What == PathStep::Given;
}

/// Whether the operation stands between a call of one unseen function and a call of another, and
/// both calls are given the same number: this is how a lock looks whose code is elsewhere.
template <typename Predicate> bool isInUnseenSection(const Operation &Op, Predicate Counts) {
  for (const AccessPath &Taken : Op.Waited) {
    if (!isGiven(Taken))
      continue;
    AccessPath Number = Taken.prefix(Taken.steps().size() - 1);
    for (const AccessPath &Back : Op.Signals)
      if (isGiven(Back) && !(Back == Taken) && Back.startsWith(Number) && Counts(Taken, Back))
        return true;
  }
  return false;
}

/// Both stand in such a section, or one does while the other holds a lock that code elsewhere can
/// name: that may be the one.
bool mayShareUnseenLock(const UnitFacts &Unit, const Operation &A, const Operation &B) {
  auto HoldsKnown = [&](const Operation &Op) {
    return llvm::any_of(Op.Locks, [&](const HeldLock &Held) {
      return Held.Path.root() == RootKind::Global && Held.Path.isRootOnly() &&
             !Unit.Entities[Held.Path.rootId()].IsLocalToUnit;
    });
  };
  auto Always = [](const AccessPath &, const AccessPath &) { return true; };
  return isInUnseenSection(A,
                           [&](const AccessPath &Taken, const AccessPath &Back) {
                             return B.Waited.count(Taken) && B.Signals.count(Back);
                           }) ||
         (HoldsKnown(A) && isInUnseenSection(B, Always)) ||
         (HoldsKnown(B) && isInUnseenSection(A, Always));
}

/// One is a single number at the place from which the other one counts on, or which is the other's
/// first element if any: nothing says that the other one comes to it.
bool areNeighbours(const Operation &A, const Operation &B) {
  const Operation &Shorter = A.Path.steps().size() <= B.Path.steps().size() ? A : B;
  const Operation &Longer = &Shorter == &A ? B : A;
  size_t Common = Shorter.Path.steps().size();
  if (!(Shorter.Flags & Scalar) || Longer.Path.steps().size() <= Common)
    return false;
  PathStep::Kind Next = Longer.Path.steps()[Common].What;
  return Next == PathStep::Offset || Next == PathStep::Element;
}

bool isAnswer(const AccessPath &Signal, const AccessPath &Wait) {
  if (!isGiven(Signal) && !isGiven(Wait))
    return concernSameObject(Signal, Wait);
  return Signal.isHandedOver() && Wait.isHandedOver() &&
         concernSameObject(Signal.prefix(Signal.steps().size() - 1),
                           Wait.prefix(Wait.steps().size() - 1));
}

/// Whether the one has found, on every way, another value in the atomic than the other one puts
/// there: what is done before a flag is set is not ordered with what is done while it is clear.
bool hasFoundAnother(const Operation &From, const Operation &To, const AccessPath &Object) {
  if (From.Published.isFull() || To.Believed.isFull())
    return false;
  bool IsRead = false, IsStored = false;
  for (const Handover &Read : To.Believed) {
    if (!(Read.Path == Object))
      continue;
    IsRead = true;
    for (const Handover &Store : From.Published)
      if (Store.Path == Object) {
        IsStored = true;
        if (!Read.HasNumber || !Store.HasNumber || Read.has(Relaxed) || Store.has(Relaxed) ||
            (Store.Number == Read.Number) != Read.has(Differs))
          return false;
      }
  }
  return IsRead && IsStored && Object.isPrecise();
}

/// Whether a signal in one thread is waited for in the other. `Counts` says of a signal whether it
/// is one that orders the two.
bool answers(const Operation &From, const Operation &To,
             llvm::function_ref<bool(const AccessPath &)> Counts) {
  for (const AccessPath &Signal : From.Signals)
    for (const AccessPath &Wait : To.Waited)
      if (isAnswer(Signal, Wait) && Counts(Signal) &&
          !(Signal == Wait && hasFoundAnother(From, To, Signal)))
        return true;
  return false;
}

/// Threads of one entry come to a barrier together; between two barriers they are beside each
/// other.
bool areInOnePhase(const Operation &A, const Operation &B) {
  if (!A.Origin || !B.Origin || A.Origin->Entry != B.Origin->Entry)
    return false;
  return std::any_of(A.Phase.begin(), A.Phase.end(), [&](const SourceRange &Last) {
    return Last.isValid() && B.Phase.count(Last);
  });
}

/// Whether the subject is what OpenMP's dependences are made of: see FunctionLowering.
bool isDependence(const Entity &Subject) { return Subject.Name.starts_with("depend("); }

bool isOrderedWithin(const UnitFacts &Unit, const Operation &A, const Operation &B,
                     const AccessPath &Except, bool SameTeam) {
  bool InOnePhase = areInOnePhase(A, B);
  auto Counts = [&](const AccessPath &Signal) {
    if (Except.isKnown() && Signal == Except)
      return false;
    EntityId Subject = Signal.subject();
    if (Subject == InvalidId)
      return true;
    // Tasks of two threads of a team are no siblings, and only those are ordered.
    if (SameTeam && isDependence(Unit.Entities[Subject]))
      return false;
    return !InOnePhase || !Unit.Entities[Subject].IsBarrier;
  };
  return answers(A, B, Counts) || answers(B, A, Counts) ||
         areOrderedByNotice(A.Told, A.Noticed, B.Told, B.Noticed);
}

} // namespace

bool heddle::comesBefore(const Operation &From, const Operation &To,
                         llvm::function_ref<bool(const AccessPath &)> Counts) {
  return answers(From, To, Counts) || isToldOnce(From.Told, To.Noticed);
}

bool heddle::isOrdered(const Operation &A, const Operation &B, const AccessPath &Except) {
  auto Counts = [&](const AccessPath &Signal) { return !(Except.isKnown() && Signal == Except); };
  return answers(A, B, Counts) || answers(B, A, Counts);
}

namespace {

/// Whether what does the one is a thread with the entry that does the other, or that leads to it.
bool haveOneEntry(const Operation &A, const Operation &B) {
  if (A.Origin && B.Origin)
    return A.Origin->Entry == B.Origin->Entry;
  const Operation &Thread = A.Origin ? A : B;
  const Operation &Caller = A.Origin ? B : A;
  return Thread.Origin && llvm::any_of(Caller.Calls, [&](const CallStep &Step) {
           return Step.Callee == Thread.Origin->Entry;
         });
}

/// Whether it ends an object, or is what a destructor does then.
bool isOfEnd(const UnitFacts &Unit, const Operation &Op) {
  return (Op.Flags & Ends) || llvm::any_of(Op.Calls, [&](const CallStep &Step) {
           return Unit.Functions[Step.Callee].IsDestructor;
         });
}

/// Whether the two concern one object and nothing known to the model keeps them apart.
bool mayMeet(const UnitFacts &Unit, const Operation &A, const Operation &B, const PathSet &Stale,
             bool SameTeam, bool IsStarter = false, const AccessPath &Except = {}) {
  if (SameTeam && !meetInTeam(Unit, A, B))
    return false;
  bool KnowsElements = SameTeam || (Unit.TeamContexts.empty() && (A.Team || B.Team));
  bool MeetsInElement =
      KnowsElements && (meetInElement(Unit, A, B) || (IsStarter && meetInGivenElement(A, B)));
  if (!MeetsInElement && (!A.Path.overlaps(B.Path) || areNeighbours(A, B)))
    return false;
  // Both ask under a lock, or an atomic, whether they are the last, and one of them is.
  bool AreEnds =
      isOfEnd(Unit, A) && isOfEnd(Unit, B) && (A.In == B.In || !(A.Flags & B.Flags & Ends));
  if (AreEnds && std::any_of(A.Waited.begin(), A.Waited.end(),
                             [&](const AccessPath &Asked) { return B.Waited.count(Asked); }))
    return false;
  // Of the threads that come to a branch on an atomic update, only one is sent this way.
  if ((A.Flags & B.Flags & Claimed) &&
      (A.In == B.In || (A.ClaimedBy.isKnown() && A.ClaimedBy == B.ClaimedBy)))
    return false;
  // Which thread it is that has found its own name there is not known.
  if ((A.Flags | B.Flags) & OfOneThread)
    return false;
  // Threads of one entry that go where a value of their own sends them need not meet there; nor
  // does who has started them and calls it as well.
  if ((A.Flags & B.Flags & Selective) && A.In == B.In && haveOneEntry(A, B))
    return false;
  // The structure of a container is one thing, what its elements hold another.
  auto ConcernsElement = [](const Operation &Element, const Operation &Structure) {
    return (Structure.Flags & Container) &&
           Element.Path.steps().size() > Structure.Path.steps().size();
  };
  if (ConcernsElement(A, B) || ConcernsElement(B, A))
    return false;
  const AccessPath &Shorter = A.Path.steps().size() <= B.Path.steps().size() ? A.Path : B.Path;
  if (!MeetsInElement && !Shorter.isPrecise())
    return false;
  for (const AccessPath &Root : Stale)
    if (A.Path.startsWith(Root) || B.Path.startsWith(Root))
      return false;
  if (EntityId Subject = Shorter.subject(); Subject != InvalidId) {
    const Entity &E = Unit.Entities[Subject];
    if (E.IsConst)
      return false;
  }
  if (Shorter.root() == RootKind::Global && Unit.Entities[Shorter.rootId()].IsThreadLocal) {
    // Each thread means its own by the name; only through a pointer it can mean another's.
    auto IsByName = [&](const Operation &Op) {
      return Op.LocalPath.root() == RootKind::Global && Op.LocalPath.rootId() == Shorter.rootId();
    };
    if (IsByName(A) == IsByName(B))
      return false;
  }
  return !mayShareLock(A, B) && !mayExclude(A.Claims, B.Claims) &&
         !mayShareUnseenLock(Unit, A, B) && !isOrderedWithin(Unit, A, B, Except, SameTeam);
}

} // namespace

bool heddle::isRace(const UnitFacts &Unit, const Operation &A, const Operation &B,
                    const PathSet &Stale, bool SameTeam, bool IsStarter) {
  if (!A.isAccess() || !B.isAccess() || (!A.isWrite() && !B.isWrite()))
    return false;
  bool AtomicA = A.Flags & Atomic, AtomicB = B.Flags & Atomic;
  if (AtomicA && AtomicB)
    return false;
  // A use needs the object to be there, whatever others write into it.
  if (((A.Flags | B.Flags) & Usage) && !((A.Flags | B.Flags) & Ends) && !(A.Path == B.Path))
    return false;
  // The beginning of a destructor concerns virtual calls alone.
  auto BeginsEnd = [](const Operation &Op) { return Op.isWrite() && (Op.Flags & Dispatch); };
  if ((BeginsEnd(A) && !(B.Flags & Usage && B.Flags & Dispatch)) ||
      (BeginsEnd(B) && !(A.Flags & Usage && A.Flags & Dispatch)))
    return false;
  // An atomic write beside a plain read of something around it tells nothing.
  bool PlainIsRead = (AtomicA && !B.isWrite()) || (AtomicB && !A.isWrite());
  const Operation &Plain = AtomicA ? B : A;
  if (PlainIsRead && (!(A.Path == B.Path) || !(Plain.Flags & Scalar) || (Plain.Flags & Usage)))
    return false;
  return mayMeet(Unit, A, B, Stale, SameTeam, IsStarter);
}

bool heddle::isBlamedBefore(const Operation &Op, const Operation &Other) {
  if (Op.isWrite() != Other.isWrite())
    return Op.isWrite();
  if ((Op.Flags & Ends) != (Other.Flags & Ends))
    return Op.Flags & Ends;
  if (Op.Locks.empty() != Other.Locks.empty())
    return Op.Locks.empty();
  return !(Other.Where < Op.Where);
}

bool heddle::isAtomicConflict(const UnitFacts &Unit, const Operation &A, const Operation &B,
                              const PathSet &Stale, bool SameTeam) {
  if (!A.isAccess() || !B.isAccess() || !(A.Flags & B.Flags & Atomic) || !(A.Path == B.Path))
    return false;
  auto Undoes = [](const Operation &Store, const Operation &Other) {
    return (Store.Flags & Split) && (Other.Kind == EventKind::Update || (Other.Flags & Split));
  };
  auto HandsOver = [](const Operation &Store, const Operation &Load) {
    return (Store.Flags & MakesPublic) && (Load.Flags & UsesPointee) &&
           ((Store.Flags | Load.Flags) & Relaxed);
  };
  if (!Undoes(A, B) && !Undoes(B, A) && !HandsOver(A, B) && !HandsOver(B, A))
    return false;
  // That each of them orders the threads on this very object does not keep them apart.
  return mayMeet(Unit, A, B, Stale, SameTeam, /*IsStarter=*/false, A.Path);
}
