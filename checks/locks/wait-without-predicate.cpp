// B9: a wait at a condition after which nothing asks again whether what was waited for is there.
#include "checks/Check.h"
#include "checks/StoryTeller.h"

#include <set>

using namespace heddle;

namespace {

std::string quoted(const std::string &Name, const char *Otherwise) {
  return Name.empty() ? Otherwise : "'" + Name + "'";
}

std::vector<Fix> fixes(const UnitFacts &Unit, const UncheckedWait &Wait) {
  std::vector<Fix> Result;
  if (!Wait.Text)
    return Result;
  const GuardedWait &Text = *Wait.Text;
  if (!Text.WithPredicate.empty())
    Result.push_back({"give the condition to the wait as its predicate",
                      FixSafety::Safe,
                      {{Unit.resolve(Text.Whole), Text.WithPredicate}},
                      {}});
  Result.push_back({"ask again after each wake-up: turn 'if' into 'while'",
                    Text.IsAlone ? FixSafety::Safe : FixSafety::Unsafe,
                    {{Unit.resolve(Text.Keyword), "while"}},
                    {}});
  return Result;
}

void report(const ProgramModel &Program, const UncheckedWait &Wait, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  std::string Condition = quoted(Program.spell(Wait.Condition, Wait.In), "the condition");
  std::string Asked = quoted(Program.spell(Wait.Asked, Wait.Frame), "what it waits for");
  Finding F;
  F.Primary = Unit.resolve(Wait.Where);
  if (Wait.Gate.isValid())
    F.Message = "after this wait on " + Condition + " nothing looks at " + Asked +
                " again: it may wake up without a notification, or find that another thread was "
                "faster";
  else
    F.Message = "this wait on " + Condition +
                " does not say what it waits for: it may wake up without a notification, and a "
                "notification that comes before it is lost";
  for (const CallStep &Call : Wait.Calls)
    F.Notes.push_back({Unit.resolve(Call.Where), "called here by " +
                                                     quoteFunction(Unit, Wait.Frame) +
                                                     ", which does not look again either"});
  if (Wait.Gate.isValid())
    F.Notes.push_back(
        {Unit.resolve(Wait.Gate), Asked + " is looked at here, once, before the wait"});
  if (Wait.Acts.isValid())
    F.Notes.push_back({Unit.resolve(Wait.Acts),
                       Wait.Gate.isValid() ? "the thread goes on here as if it had come about"
                                           : "the thread goes on here"});
  F.Fixes = fixes(Unit, Wait);
  EntityId Subject = Wait.Condition.subject();
  F.Identity =
      Unit.Functions[Wait.In].Usr + (Subject == InvalidId ? "" : " " + Unit.Entities[Subject].Usr);
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  std::set<SourceRange> Told; // instances of a template share their text
  for (const UncheckedWait &Wait : Program.uncheckedWaits())
    if (Told.insert(Wait.Where).second)
      report(Program, Wait, Out);
}

} // namespace

namespace heddle::checks {
extern const Check WaitWithoutPredicate;
const Check WaitWithoutPredicate{run};
} // namespace heddle::checks
