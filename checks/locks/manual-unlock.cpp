// A lock that is taken and given back by hand within one block, where a guard would do.
#include "checks/Check.h"
#include "checks/GuardFixes.h"
#include "checks/StoryTeller.h"
#include "model/facts/ValueFlow.h"
#include "model/program/ProgramModel.h"

#include "llvm/ADT/STLExtras.h"

#include <optional>

using namespace heddle;

namespace {

struct ManualSection {
  FunctionId In;
  const Event *Lock, *Unlock;
  std::vector<const Event *> Early; ///< Unlocks before a return or throw in between.
};

bool leavesBehind(const Block &B, const Event &Unlock) {
  return llvm::any_of(B.Events,
                      [&](const Event &E) {
                        return E.Kind == EventKind::Return && Unlock.Where < E.Where;
                      }) ||
         B.Leaves == Leaving::Throws;
}

const Statement *statementOf(const UnitFacts &Unit, const Event &E) {
  if (E.Statement == InvalidId)
    return nullptr;
  const Statement &S = Unit.Statements[E.Statement];
  return S.IsExpression && S.InBlock && S.Whole.isValid() && S.Enclosing.isValid() ? &S : nullptr;
}

/// The section that the lock opens; nothing if it is not closed in the same block, or if the lock
/// is given back and taken again on the way.
std::optional<ManualSection> sectionOf(const UnitFacts &Unit, FunctionId Id, const Event &Lock) {
  const FunctionFacts &Function = Unit.Functions[Id];
  const Statement *Enter = statementOf(Unit, Lock);
  EntityId Subject = Lock.Path.subject();
  if (!Enter || Lock.has(uint64_t(Given) | Shared) || Subject == InvalidId ||
      !Unit.Entities[Subject].IsMutex || !Lock.Path.isPrecise())
    return std::nullopt;
  ManualSection Result{Id, &Lock, nullptr, {}};
  std::vector<std::pair<const Block *, const Event *>> Unlocks;
  std::vector<const Event *> Others;
  for (const Block &B : Function.Blocks)
    for (const Event &E : B.Events)
      if (E.Path == Lock.Path && Lock.Where < E.Where) {
        if (E.Kind == EventKind::Release)
          Unlocks.emplace_back(&B, &E);
        else if (E.Kind == EventKind::Acquire || E.Kind == EventKind::TryLock)
          Others.push_back(&E);
      }
  for (auto [B, E] : Unlocks) {
    const Statement *Leave = statementOf(Unit, *E);
    if (Leave && Leave->Enclosing == Enter->Enclosing &&
        (!Result.Unlock || E->Where < Result.Unlock->Where))
      Result.Unlock = E;
  }
  if (!Result.Unlock)
    return std::nullopt;
  for (const Event *E : Others)
    if (E->Where < Result.Unlock->Where)
      return std::nullopt;
  for (auto [B, E] : Unlocks) {
    if (!(E->Where < Result.Unlock->Where))
      continue;
    if (!leavesBehind(*B, *E) || !statementOf(Unit, *E))
      return std::nullopt;
    Result.Early.push_back(E);
  }
  return Result;
}

/// The guard in the lock's place; the unlock goes, or closes a block of its own.
std::optional<Fix> guardFix(const ProgramModel &Program, const ManualSection &Section,
                            unsigned GuardsInBlock) {
  const UnitFacts &Unit = Program.unit();
  const Statement &Enter = *statementOf(Unit, *Section.Lock);
  const Statement &Leave = *statementOf(Unit, *Section.Unlock);
  std::string Name = Program.spellForCode(Section.Lock->Path, Section.In);
  const Entity &Mutex = Unit.Entities[Section.Lock->Path.subject()];
  if (Name.empty() || Mutex.IsPointer || Mutex.Type.empty())
    return std::nullopt;
  std::string Guard = "guard";
  auto IsTaken = [&](const Entity &E) { return E.Name == Guard; };
  for (unsigned Next = 2; llvm::any_of(Unit.Entities, IsTaken); ++Next)
    Guard = "guard" + std::to_string(Next);
  Fix Result;
  llvm::StringRef Type =
      llvm::StringRef(Mutex.GuardForm).take_until([](char C) { return C == '<' || C == ' '; });
  Result.Title = "hold '" + Name + "' by a " + Type.str();
  Result.Safety = FixSafety::Safe;
  Result.Includes.push_back(Mutex.GuardFormHeader);
  std::string Enters = declareGuard(Mutex, Guard, Name) + ";";
  std::string Leaves;
  if (!Leave.IsLast) {
    // What the section declares may be used behind it.
    if (Enter.DeclarationsBefore != Leave.DeclarationsBefore)
      return std::nullopt;
    Enters = "{ " + Enters;
    Leaves = "}";
  } else if (GuardsInBlock > 1) {
    return std::nullopt; // two guards of one name
  }
  Result.Edits.push_back({Unit.resolve(Enter.Whole), Enters});
  Result.Edits.push_back({Unit.resolve(Leaves.empty() ? Leave.Lines : Leave.Whole), Leaves});
  for (const Event *Early : Section.Early)
    Result.Edits.push_back({Unit.resolve(statementOf(Unit, *Early)->Lines), ""});
  return Result;
}

/// Whether the model has something against the way in which the function treats its locks.
bool isFaulty(const ProgramModel &Program, FunctionId In) {
  return llvm::any_of(Program.lockFaults(), [&](const LockFault &F) {
    return F.In == In && F.What != LockFault::LeftLocked;
  });
}

} // namespace

namespace heddle::checks {
extern const Check ManualUnlock;
const Check ManualUnlock{[](const ProgramModel &Program, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  if (Unit.IsC)
    return;
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id) {
    std::vector<ManualSection> Sections;
    for (const Block &B : Unit.Functions[Id].Blocks)
      for (const Event &E : B.Events)
        if (E.Kind == EventKind::Acquire)
          if (std::optional<ManualSection> Found = sectionOf(Unit, Id, E))
            Sections.push_back(std::move(*Found));
    if (Sections.empty() || isFaulty(Program, Id))
      continue;
    for (const ManualSection &Section : Sections) {
      const SourceRange &Around = statementOf(Unit, *Section.Lock)->Enclosing;
      unsigned Together = llvm::count_if(Sections, [&](const ManualSection &Other) {
        return statementOf(Unit, *Other.Lock)->Enclosing == Around;
      });
      std::string Name = Program.spell(Section.Lock->Path, Id);
      Finding F;
      F.Message = "'" + Name + "' is unlocked by hand: a guard would do it on every way out";
      F.Primary = Unit.resolve(Section.Lock->Where);
      F.Sureness = Confidence::Certain;
      F.Identity = Unit.Functions[Id].Usr + "#" + Name;
      F.Notes.push_back({Unit.resolve(Section.Unlock->Where), "unlocked here"});
      for (const Event *Early : Section.Early)
        F.Notes.push_back({Unit.resolve(Early->Where), "and here"});
      if (std::optional<Fix> Guarded = guardFix(Program, Section, Together))
        F.Fixes.push_back(std::move(*Guarded));
      Out.report(std::move(F));
    }
  }
}};
} // namespace heddle::checks
