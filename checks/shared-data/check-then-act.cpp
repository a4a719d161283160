// A10, F2: what was seen in one critical section decides about a write in the next one.
#include "checks/Check.h"
#include "checks/SectionFixes.h"
#include "checks/StoryTeller.h"

using namespace heddle;

namespace {

std::string quoted(const std::string &Name) {
  return Name.empty() ? "an object" : "'" + Name + "'";
}

std::string subject(const ProgramModel &Program, const AccessPath &Path, FunctionId In) {
  EntityId Subject = Path.subject();
  return quoted(Subject == InvalidId ? Program.spell(Path, In)
                                     : Program.unit().Entities[Subject].Name);
}

std::string message(const StaleCheck &Check, const std::string &Object, const std::string &Lock) {
  std::string Where = Check.Calls.empty() ? " here" : " by this call";
  std::string Before = " before " + Lock + " was unlocked; ";
  if (Check.IsLost)
    return Object + " is set" + Where + " from a value that was read" + Before +
           "what other threads do to it in between is lost";
  return Object + " is changed" + Where + " after a check that was made" + Before +
         "another thread can change it in between";
}

/// The thread of the finding: it checks, lets go, and writes.
ThreadStory ownStory(const ProgramModel &Program, const StaleAct &Act, const std::string &Object,
                     const std::string &Lock) {
  const UnitFacts &Unit = Program.unit();
  const StaleCheck &Check = *Act.Check;
  StoryTeller Teller(Program);
  ThreadStory Story =
      Teller.tell(Act.Act, Act.Frame, (Check.IsLost ? "sets " : "changes ") + Object);
  // Before the write, and after the calls that lead to the function that does both.
  size_t Place = Story.Steps.size() - 1 - std::min(Check.Calls.size(), Story.Steps.size() - 1);
  std::vector<ThreadStep> Checks{
      {Unit.resolve(Check.Seen.Where), "reads " + Object + " holding " + Lock, false},
      {Unit.resolve(Check.LockedAgain), "has given back " + Lock + " and takes it again", false}};
  Story.Steps.insert(Story.Steps.begin() + Place, Checks.begin(), Checks.end());
  return Story;
}

void report(const ProgramModel &Program, const StaleAct &Act, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const StaleCheck &Check = *Act.Check;
  std::string Object = subject(Program, Check.Object, Check.In);
  std::string Lock = subject(Program, Check.Lock, Check.In);
  StoryTeller Teller(Program);
  Finding F;
  F.Message = message(Check, Object, Lock);
  F.Primary = Unit.resolve(Check.WrittenAt);
  F.Notes.push_back({Unit.resolve(Check.Seen.Where),
                     Object + " is read here, in a critical section that ends before the write"});
  if (!Check.Calls.empty())
    F.Notes.push_back({Unit.resolve(Act.Act.Where), Object + " is written here"});
  F.Notes.push_back({Unit.resolve(Check.LockedAgain),
                     Lock + " is taken again here: look once more before you rely on it"});
  F.Threads.push_back(ownStory(Program, Act, Object, Lock));
  if (Act.Other) {
    F.Threads.push_back(
        Teller.tell(*Act.Other, Act.Frame, "changes " + Object + " between the two"));
  } else {
    // Whoever else comes this way.
    ThreadStory Other = Teller.tell(Act.Act, Act.Frame, "changes " + Object + " between the two");
    Other.Name = "another thread that does the same";
    F.Threads.push_back(std::move(Other));
  }
  EntityId Subject = Check.Object.subject();
  F.Identity =
      Unit.Functions[Check.In].Usr + (Subject == InvalidId ? "" : " " + Unit.Entities[Subject].Usr);
  if (std::optional<Fix> Merged = mergeSections(Program, Check))
    F.Fixes.push_back(std::move(*Merged));
  Out.report(std::move(F));
}

} // namespace

namespace heddle::checks {
extern const Check CheckThenAct;
const Check CheckThenAct{[](const ProgramModel &Program, Reporter &Out) {
  for (const StaleAct &Act : Program.staleActs())
    report(Program, Act, Out);
}};
} // namespace heddle::checks
