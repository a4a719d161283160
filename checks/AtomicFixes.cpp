#include "checks/AtomicFixes.h"

#include "checks/TestedWrites.h"
#include "checks/WaitedState.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <map>
#include <set>

using namespace heddle;

namespace {

AtomicOperation::Spelling spellingOf(const UnitFacts &Unit, const Operation &Op) {
  for (const AtomicOperation &Atomic : Unit.Functions[Op.In].Atomics)
    if (Atomic.Where == Op.Where)
      return Atomic.How;
  return AtomicOperation::Declared;
}

const PlainAccess *textOf(const UnitFacts &Unit, const Operation &Op) {
  PlainAccess::Kind Wanted = Op.Kind == EventKind::Read    ? PlainAccess::Read
                             : Op.Kind == EventKind::Write ? PlainAccess::Store
                                                           : PlainAccess::Update;
  auto Found = llvm::lower_bound(
      Unit.PlainAccesses, Op.Where,
      [](const PlainAccess &Access, const SourceRange &Where) { return Access.Where < Where; });
  for (; Found != Unit.PlainAccesses.end() && Found->Where == Op.Where; ++Found)
    if (Found->What == Wanted)
      return &*Found;
  return nullptr;
}

/// The compiler's functions take the address, and leave the operator out.
bool callBuiltin(const UnitFacts &Unit, const PlainAccess &Access, std::vector<Edit> &Edits) {
  const std::string End = ", __ATOMIC_SEQ_CST)";
  FileRange Object = Unit.resolve(Access.Object);
  if (Access.What == PlainAccess::Read) {
    Edits.push_back({Object.before(), "__atomic_load_n(&"});
    Edits.push_back({Object.behind(), End});
    return true;
  }
  if (Access.What == PlainAccess::Store && Access.IsResultUsed)
    return false;
  std::string Call = Access.What == PlainAccess::Store ? "__atomic_store_n(&"
                     : Access.IsPostfix                ? "__atomic_fetch_" + Access.Combines + "(&"
                                                       : "__atomic_" + Access.Combines + "_fetch(&";
  FileRange Operator = Unit.resolve(Access.Operator);
  if (Access.Operand.isValid()) {
    Edits.push_back({Object.before(), Call});
    Edits.push_back({Operator, ", "});
    Edits.push_back({Unit.resolve(Access.Operand).behind(), End});
  } else if (Access.IsPostfix) {
    Edits.push_back({Object.before(), Call});
    Edits.push_back({Operator, ", 1" + End});
  } else {
    Edits.push_back({Operator, Call});
    Edits.push_back({Object.behind(), ", 1" + End});
  }
  return true;
}

/// A reference has the operators of the object itself.
bool goByReference(const UnitFacts &Unit, const PlainAccess &Access, std::vector<Edit> &Edits) {
  if (Access.IsConst)
    return false;
  FileRange Object = Unit.resolve(Access.Object);
  Edits.push_back({Object.before(), "std::atomic_ref{"});
  Edits.push_back({Object.behind(), Access.What == PlainAccess::Read ? "}.load()" : "}"});
  return true;
}

} // namespace

std::optional<Fix> heddle::makeAccessesAtomic(const ProgramModel &Program,
                                              const std::vector<const ConcurrentPair *> &Races,
                                              const Operation &Like) {
  const UnitFacts &Unit = Program.unit();
  AtomicOperation::Spelling How = spellingOf(Unit, Like);
  if (How == AtomicOperation::Declared || isTestedByWriters(Program, Races))
    return std::nullopt;
  std::map<SourceRange, const PlainAccess *> Accesses;
  for (const ConcurrentPair *Race : Races)
    for (const Operation *Op : {&Race->First, &Race->Second}) {
      if (Op->Flags & Atomic)
        continue;
      const PlainAccess *Access = textOf(Unit, *Op);
      if (!Access)
        return std::nullopt;
      Accesses[Op->Where] = Access;
    }
  Fix Result;
  Result.Title = "make this access atomic as well";
  if (Accesses.size() > 1)
    Result.Title = "make these accesses atomic as well";
  Result.Safety = FixSafety::Safe;
  for (const auto &[Where, Access] : Accesses)
    if (!(How == AtomicOperation::Reference ? goByReference : callBuiltin)(Unit, *Access,
                                                                           Result.Edits))
      return std::nullopt;
  return Result.Edits.empty() ? std::nullopt : std::optional<Fix>(std::move(Result));
}

std::optional<Fix> heddle::makeAtomic(const ProgramModel &Program,
                                      const std::vector<const ConcurrentPair *> &Races) {
  const UnitFacts &Unit = Program.unit();
  EntityId Subject = Races.front()->First.Path.subject();
  if (Subject == InvalidId || isAskedByCondition(Program, Subject) ||
      isTestedByWriters(Program, Races))
    return std::nullopt;
  for (const ConcurrentPair *Race : Races)
    for (const Operation *Op : {&Race->First, &Race->Second}) {
      // The variable itself, not what it points to or holds.
      bool IsItself = Op->Path.isRootOnly() || (Op->Path.steps().back().What == PathStep::Field &&
                                                Op->Path.steps().back().Id == Subject);
      if (!IsItself || (Op->Flags & Container))
        return std::nullopt;
    }
  return makeAtomic(Unit, Subject);
}

std::optional<Fix> heddle::makeAtomic(const UnitFacts &Unit, EntityId Subject) {
  const Entity &Variable = Unit.Entities[Subject];
  if (!Variable.AllowsAtomic || !Variable.TypeWritten.isValid())
    return std::nullopt;
  Fix Result;
  FileRange Type = Unit.resolve(Variable.TypeWritten);
  if (Variable.IsC) {
    Result.Title = "make '" + Variable.Name + "' _Atomic";
    bool IsPointer = !Variable.Type.empty() && Variable.Type.back() == '*';
    Result.Edits.push_back({Type.before(), IsPointer ? "_Atomic(" : "_Atomic "});
    if (IsPointer)
      Result.Edits.push_back({Type.behind(), ")"});
  } else {
    Result.Title = "make '" + Variable.Name + "' a std::atomic<" + Variable.Type + ">";
    Result.Edits.push_back({Type.before(), "std::atomic<"});
    Result.Edits.push_back({Type.behind(), ">"});
    Result.Includes.emplace_back("<atomic>");
  }
  if (Variable.VolatileWritten.isValid()) // an atomic is reloaded without it
    Result.Edits.push_back({Unit.resolve(Variable.VolatileWritten), ""});
  std::set<SourceRange> Loads(Variable.AtomicLoads.begin(), Variable.AtomicLoads.end());
  for (const SourceRange &Use : Loads)
    Result.Edits.push_back({Unit.resolve(Use).behind(), ".load()"});
  Result.Safety = Variable.IsLocalToUnit ? FixSafety::Safe : FixSafety::Unsafe;
  return Result;
}
