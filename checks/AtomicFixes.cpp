#include "checks/AtomicFixes.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <map>

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
  if (How == AtomicOperation::Declared)
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
