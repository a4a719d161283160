// A lock that is taken and given back with nothing in between, right beside an access to what that
// lock guards elsewhere.
#include "checks/Check.h"
#include "checks/StoryTeller.h"
#include "model/facts/ValueFlow.h"
#include "model/program/ProgramModel.h"

#include <optional>

using namespace heddle;

namespace {

struct EmptySection {
  FunctionId In;
  const Event *Lock, *Unlock;
  AccessPath Path;
};

bool isIdle(const Event &E) {
  switch (E.Kind) {
  case EventKind::Judged:
  case EventKind::Fresh:
  case EventKind::Inputs:
  case EventKind::Copied:
    return true;
  case EventKind::Read:
    return E.has(Usage);
  default:
    return false;
  }
}

std::vector<EmptySection> emptySections(const UnitFacts &Unit) {
  std::vector<EmptySection> Found;
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    for (const Block &B : Unit.Functions[Id].Blocks) {
      const Event *Open = nullptr;
      for (const Event &E : B.Events) {
        bool IsGuard = E.Kind == EventKind::GuardMake && E.Values.size() == 1 &&
                       !E.has(uint64_t(Deferred) | Adopted | Tried);
        if ((E.Kind == EventKind::Acquire && !E.has(Given)) || IsGuard) {
          Open = &E;
          continue;
        }
        if (Open && E.Path == Open->Path &&
            (E.Kind == EventKind::Release || E.Kind == EventKind::Destroy)) {
          bool OfGuard = Open->Kind == EventKind::GuardMake;
          AccessPath Lock = OfGuard ? Open->Values[0].pointee() : Open->Path;
          if (Lock.isKnown() && OfGuard == (E.Kind == EventKind::Destroy))
            Found.push_back({Id, Open, &E, Lock});
        }
        if (!isIdle(E))
          Open = nullptr;
      }
    }
  return Found;
}

/// What the lock guards elsewhere and this function touches right behind the section, before it
/// takes a lock or tells anybody.
const Event *leftOutside(const ProgramModel &Program, const EmptySection &Section,
                         const GuardedVariable *&Of) {
  for (const Block &B : Program.unit().Functions[Section.In].Blocks) {
    bool IsBehind = false;
    for (const Event &E : B.Events) {
      if (&E == Section.Unlock) {
        IsBehind = true;
        continue;
      }
      if (!IsBehind)
        continue;
      if (E.Kind == EventKind::Acquire || E.Kind == EventKind::GuardMake ||
          E.Kind == EventKind::Signal || E.Kind == EventKind::Wait || E.Kind == EventKind::Join)
        return nullptr;
      if ((E.Kind != EventKind::Read && E.Kind != EventKind::Write &&
           E.Kind != EventKind::Update) ||
          E.has(uint64_t(Usage) | Atomic | Ends))
        continue;
      for (const GuardedVariable &Guarded : Program.guardedVariables())
        if (Guarded.Subject == E.Path.subject() && Guarded.Lock == Section.Path.subject()) {
          Of = &Guarded;
          return &E;
        }
    }
  }
  return nullptr;
}

} // namespace

namespace heddle::checks {
extern const Check EmptyCriticalSection;
const Check EmptyCriticalSection{[](const ProgramModel &Program, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  for (const EmptySection &Section : emptySections(Unit)) {
    const GuardedVariable *Of = nullptr;
    const Event *Access = leftOutside(Program, Section, Of);
    if (!Access)
      continue;
    std::string Lock = Program.spell(Section.Path, Section.In);
    std::string Variable = Unit.Entities[Of->Subject].Name;
    Finding F;
    F.Message = "'" + Lock +
                "' is locked and unlocked with nothing in between: it does not guard '" + Variable +
                "' behind it";
    F.Primary = Unit.resolve(Section.Lock->Where);
    F.Identity = Unit.Functions[Section.In].Usr + "#" + Lock + "#" + Unit.Entities[Of->Subject].Usr;
    F.Notes.push_back({Unit.resolve(Section.Unlock->Where), "unlocked here"});
    F.Notes.push_back({Unit.resolve(Access->Where), "used here, without the lock"});
    if (!Of->Inside.empty())
      F.Notes.push_back(
          {Unit.resolve(Of->Inside.front().Op.Where), "used here with the lock held"});
    Out.report(std::move(F));
  }
}};
} // namespace heddle::checks
