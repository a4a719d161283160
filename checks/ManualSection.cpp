#include "checks/ManualSection.h"

#include "checks/GuardFixes.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace heddle;

namespace {

/// What another thread, or the lock's owner itself, would notice if it came under the lock.
bool mayWait(const Event &E) {
  switch (E.Kind) {
  case EventKind::Call:
  case EventKind::CallValue:
  case EventKind::Spawn:
  case EventKind::Join:
  case EventKind::Acquire:
  case EventKind::TryLock:
  case EventKind::GuardMake:
  case EventKind::GuardLock:
  case EventKind::GuardTry:
  case EventKind::Wait:
  case EventKind::Signal:
  case EventKind::Send:
  case EventKind::Receive:
  case EventKind::Suspend:
  case EventKind::Block:
    return true;
  case EventKind::UnknownCall:
    return !E.has(Library);
  default:
    return false;
  }
}

/// Whether the event's statement does that and nothing else, with this lock alone.
bool isAlone(const UnitFacts &Unit, const Event &E) {
  const SourceRange &Whole = statementOf(Unit, E)->Whole;
  return !E.has(Together) && Whole.Begin == E.Where.Begin && Whole.End <= E.Where.End + 1;
}

/// Whether nothing runs between the unlock and the end of the guard's scope that used to run
/// without the lock: a destructor, or what is computed to be returned.
bool endsThere(const UnitFacts &Unit, const ManualSection &Section, const Event &Unlock) {
  if (Section.Lock->Where < statementOf(Unit, Unlock)->LastDestroyed)
    return false;
  for (const Block &B : Unit.Functions[Section.In].Blocks)
    for (const Event &E : B.Events)
      if (&E == &Unlock)
        return std::none_of(&E + 1, B.Events.data() + B.Events.size(), [&](const Event &Behind) {
          return Unlock.Where < Behind.Where && mayWait(Behind);
        });
  return false;
}

/// Another section that has only begun, or only ended, when this one has.
bool cross(const ManualSection &A, const ManualSection &B) {
  return A.Lock->Where < B.Lock->Where && B.Lock->Where < A.Unlock->Where &&
         A.Unlock->Where < B.Unlock->Where;
}

/// A name for the section's guard that no guard around it has.
std::string guardName(const UnitFacts &Unit, const ManualSection &Section,
                      llvm::ArrayRef<ManualSection> All) {
  auto Around = llvm::count_if(All, [&](const ManualSection &Other) {
    return Other.Lock->Where < Section.Lock->Where && Section.Lock->Where < Other.Unlock->Where;
  });
  for (unsigned Number = 1;; ++Number) {
    std::string Name = Number == 1 ? "guard" : "guard" + std::to_string(Number);
    bool IsTaken = llvm::any_of(Unit.Entities, [&](const Entity &E) { return E.Name == Name; });
    if (!IsTaken && Around-- == 0)
      return Name;
  }
}

} // namespace

const Statement *heddle::statementOf(const UnitFacts &Unit, const Event &E) {
  if (E.Statement == InvalidId)
    return nullptr;
  const Statement &S = Unit.Statements[E.Statement];
  return S.IsExpression && S.InBlock && S.Whole.isValid() && S.Enclosing.isValid() ? &S : nullptr;
}

std::optional<Fix> heddle::holdByGuard(const ProgramModel &Program, const ManualSection &Section,
                                       llvm::ArrayRef<ManualSection> All) {
  const UnitFacts &Unit = Program.unit();
  const Statement &Enter = *statementOf(Unit, *Section.Lock);
  const Statement &Leave = *statementOf(Unit, *Section.Unlock);
  std::string Name = Program.spellForCode(Section.Lock->Path, Section.In);
  const Entity &Mutex = Unit.Entities[Section.Lock->Path.subject()];
  if (Name.empty() || Mutex.IsPointer || Mutex.Type.empty())
    return std::nullopt;
  std::vector<const Event *> Ends = Section.Early;
  if (Leave.IsLast)
    Ends.push_back(Section.Unlock);
  if (!isAlone(Unit, *Section.Lock) || !isAlone(Unit, *Section.Unlock) ||
      !llvm::all_of(
          Ends,
          [&](const Event *E) { return isAlone(Unit, *E) && endsThere(Unit, Section, *E); }) ||
      llvm::any_of(All, [&](const ManualSection &Other) {
        return cross(Section, Other) || cross(Other, Section);
      }))
    return std::nullopt;
  std::string Guard = guardName(Unit, Section, All);
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
  }
  Result.Edits.push_back({Unit.resolve(Enter.Whole), Enters});
  Result.Edits.push_back({Unit.resolve(Leaves.empty() ? Leave.Lines : Leave.Whole), Leaves});
  for (const Event *Early : Section.Early)
    Result.Edits.push_back({Unit.resolve(statementOf(Unit, *Early)->Lines), ""});
  return Result;
}
