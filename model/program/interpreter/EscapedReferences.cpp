#include "model/program/interpreter/EscapedReferences.h"

#include "model/program/interpreter/FunctionInterpreter.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <map>

using namespace heddle;

namespace {

/// The variable or member in which the memory lies; InvalidId if it lies behind a pointer.
EntityId ownerOf(const AccessPath &Path) {
  bool IsNamed = Path.root() == RootKind::Global;
  if (IsNamed)
    return Path.derefs() == 0 ? Path.rootId() : InvalidId;
  if (!Path.isGiven() || Path.derefs() != 1 || Path.steps().size() < 2 ||
      Path.steps()[0].What != PathStep::Deref || Path.steps()[1].What != PathStep::Field)
    return InvalidId;
  return Path.steps()[1].Id;
}

bool isElementStep(const PathStep &Step) {
  return Step.What == PathStep::Element || Step.What == PathStep::ElementAt;
}

/// The container of which the memory is an element, or part of one.
EntityId containerOf(const AccessPath &Path) {
  for (unsigned I = Path.steps().size(); I-- > 0;)
    if (isElementStep(Path.steps()[I]))
      return Path.prefix(I).subject();
  return InvalidId;
}

} // namespace

void FunctionInterpreter::borrow(AbstractState &State, const Event &E, const AccessPath &Holder,
                                 const Value &Held) {
  State.Borrows.erase(Holder);
  if (State.Held.empty() || Held.What != Value::PointsTo || ownerOf(Held.Path) == InvalidId)
    return;
  if (Holder.root() == RootKind::Local && Holder.isRootOnly())
    State.Borrows[Holder] = {Held.Path, State.Held, E.Where};
  if (Holder.root() == RootKind::Parameter && Holder.rootId() != 0 && Holder.derefs() == 1 &&
      Holder.steps().size() == 1)
    noteEscape(State, EscapedReference::Stored, Held, E.Where);
}

void FunctionInterpreter::claimBorrows(AbstractState &State, const AccessPath &Written) const {
  // Who marks an element while the lock is held tells the others to leave it alone.
  State.Borrows.eraseIf([&](const auto &Entry) {
    return containerOf(Entry.second.Object) != InvalidId &&
           Written.startsWith(Entry.second.Object) && !State.Held.empty();
  });
}

void FunctionInterpreter::applyUse(const AbstractState &State, const Event &E) {
  auto Known = State.Borrows.find(E.Path);
  if (!IsRecording || Known == State.Borrows.end())
    return;
  const Borrow &Held = Known->second;
  for (const HeldLock &Lock : State.Held)
    if (!Lock.Path.isKnown() ||
        llvm::any_of(Held.Locks, [&](const HeldLock &Then) { return Then.Path == Lock.Path; }))
      return;
  Escapes.push_back({EscapedReference::Used,
                     Id,
                     Held.Object,
                     Held.Locks,
                     E.Path,
                     Held.Where,
                     E.Where,
                     {},
                     InvalidId});
}

void FunctionInterpreter::noteEscape(const AbstractState &State, EscapedReference::Way How,
                                     const Value &Held, SourceRange Where) {
  if (!IsRecording || State.Held.empty() || Held.What != Value::PointsTo ||
      ownerOf(Held.Path) == InvalidId)
    return;
  if (How == EscapedReference::Returned && Function.ReturnsSynchronized)
    return;
  Escapes.push_back({How, Id, Held.Path, State.certainlyHeld(), {}, {}, Where, {}, InvalidId});
}

void FunctionInterpreter::dropEscapesUnderLock() {
  // Still held at the end: it goes to the caller together with what it guards.
  for (EscapedReference &Escape : Escapes)
    std::erase_if(Escape.Locks, [&](const HeldLock &Lock) {
      return Lock.IsGiven || llvm::any_of(Result.Acquired, [&](const HeldLock &Kept) {
               return Kept.Path == Lock.Path;
             });
    });
  Program.Escapes.insert(Program.Escapes.end(), Escapes.begin(), Escapes.end());
}

namespace {

/// Whether the write, by another thread, makes the reference wrong or its reader see half of it.
bool endangers(const UnitFacts &Unit, const Operation &Write, const EscapedReference &Escape) {
  EntityId Container = containerOf(Escape.Object);
  EntityId Changed = containerOf(Write.Path);
  if (Container == InvalidId || !Unit.Entities[Container].HasStableElements || Changed == Container)
    return true;
  // What is put into such a container leaves the others where they are. What is taken out is taken
  // out by whoever knows that nobody uses it, if that is the user's own function.
  return !(Write.Flags & Inserts) && !(Write.In == Escape.In && Escape.How == Escape.Used);
}

/// The variables of which the object is a part, or which it is itself: of its own owner alone.
std::vector<EntityId> partsAround(const AccessPath &Object) {
  std::vector<EntityId> Result{ownerOf(Object)};
  unsigned First = Object.root() == RootKind::Global ? 0 : 2;
  for (unsigned I = First; I < Object.steps().size(); ++I) {
    if (Object.steps()[I].What != PathStep::Field)
      break;
    Result.push_back(Object.steps()[I].Id);
  }
  return Result;
}

bool isDangerousWrite(const UnitFacts &Unit, const GuardedAccess &Access,
                      const EscapedReference &Escape) {
  const Operation &Op = Access.Op;
  const FunctionFacts &In = Unit.Functions[Op.In];
  bool IsExclusive = llvm::any_of(Op.Locks, [&](const HeldLock &Lock) { return !Lock.IsShared; });
  return Op.isWrite() && IsExclusive && !In.IsConstructor && !In.IsDestructor &&
         endangers(Unit, Op, Escape);
}

} // namespace

void ProgramModel::findGuardsOfEscapes() {
  std::map<EntityId, std::vector<const GuardedVariable *>> BySubject;
  for (const GuardedVariable &Variable : Guarded)
    BySubject[Variable.Subject].push_back(&Variable);
  auto FindGuard = [&](EscapedReference &Escape, EntityId Part) {
    auto Known = BySubject.find(Part);
    if (Known == BySubject.end())
      return false;
    for (const GuardedVariable *Variable : Known->second)
      for (const HeldLock &Mine : Escape.Locks)
        for (const GuardedAccess &Access : Variable->Inside)
          if (Mine.Path.subject() == Variable->Lock && isDangerousWrite(Facts, Access, Escape)) {
            Escape.WrittenAt = Access.Op.Where;
            Escape.WrittenIn = Access.Op.In;
            Escape.Locks = {HeldLock(Mine)};
            return true;
          }
    return false;
  };
  std::erase_if(Escapes, [&](EscapedReference &Escape) {
    const FunctionFacts &In = Facts.Functions[Escape.In];
    if (EnteredWithLock.count(Escape.In) || In.IsConstructor || In.IsDestructor)
      return true;
    if (Escape.How == Escape.Used && Facts.Entities[Escape.Holder.rootId()].IsSynchronized)
      return true;
    return llvm::none_of(partsAround(Escape.Object),
                         [&](EntityId Part) { return FindGuard(Escape, Part); });
  });
  llvm::sort(Escapes, [](const EscapedReference &A, const EscapedReference &B) {
    return std::tie(A.Where, A.How) < std::tie(B.Where, B.How);
  });
}
