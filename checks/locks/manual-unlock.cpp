// A lock that is taken and given back by hand within one block, where a guard would do.
#include "checks/Check.h"
#include "checks/ManualSection.h"
#include "model/facts/ValueFlow.h"
#include "model/program/ProgramModel.h"

#include "llvm/ADT/STLExtras.h"

#include <optional>

using namespace heddle;

namespace {

bool leavesBehind(const Block &B, const Event &Unlock) {
  return llvm::any_of(B.Events,
                      [&](const Event &E) {
                        return E.Kind == EventKind::Return && Unlock.Where < E.Where;
                      }) ||
         B.Leaves == Leaving::Throws;
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
  const Event *Next = nullptr;
  for (const Event *E : Others) {
    if (E->Where < Result.Unlock->Where)
      return std::nullopt;
    if (!Next || E->Where < Next->Where)
      Next = E;
  }
  for (auto [B, E] : Unlocks) {
    if (!(E->Where < Result.Unlock->Where)) {
      // Who leaves the block without unlocking does it there.
      if (Result.Unlock->Where < E->Where && (!Next || E->Where < Next->Where))
        return std::nullopt;
      continue;
    }
    if (!leavesBehind(*B, *E) || !statementOf(Unit, *E))
      return std::nullopt;
    Result.Early.push_back(E);
  }
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
      std::string Name = Program.spell(Section.Lock->Path, Id);
      Finding F;
      F.Message = "'" + Name + "' is unlocked by hand: a guard would do it on every way out";
      F.Primary = Unit.resolve(Section.Lock->Where);
      F.Sureness = Confidence::Certain;
      F.Identity = Unit.Functions[Id].Usr + "#" + Name;
      F.Notes.push_back({Unit.resolve(Section.Unlock->Where), "unlocked here"});
      for (const Event *Early : Section.Early)
        F.Notes.push_back({Unit.resolve(Early->Where), "and here"});
      if (std::optional<Fix> Guarded = holdByGuard(Program, Section, Sections))
        F.Fixes.push_back(std::move(*Guarded));
      Out.report(std::move(F));
    }
  }
}};
} // namespace heddle::checks
