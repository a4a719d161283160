// A compare-and-swap that fails and is not tried again as it should be: weak ones outside of loops,
// and loops that try the same stale value for ever.
#include "checks/Check.h"
#include "model/program/ProgramModel.h"

#include <set>

using namespace heddle;

namespace {

Finding begin(const ProgramModel &Program, const FunctionFacts &In, const AtomicOperation &Op) {
  const UnitFacts &Unit = Program.unit();
  Finding F;
  F.Primary = Unit.resolve(Op.Where);
  EntityId Subject = Op.Path.subject();
  F.Identity = In.Usr + (Subject == InvalidId ? "" : " " + Unit.Entities[Subject].Usr);
  return F;
}

std::string nameOf(const ProgramModel &Program, const AtomicOperation &Op) {
  EntityId Subject = Op.Path.subject();
  return Subject == InvalidId ? "the object" : "'" + Program.unit().Entities[Subject].Name + "'";
}

void reportWeak(const ProgramModel &Program, const FunctionFacts &In, const AtomicOperation &Op,
                Reporter &Out) {
  Finding F = begin(Program, In, Op);
  std::string Name = nameOf(Program, Op);
  F.Message = "this weak compare-and-swap may fail although " + Name +
              " has the expected value, and " +
              (Op.Outcome == AtomicOperation::Ignored
                   ? "nobody looks at the result: the new value is then lost"
                   : "nothing tries again: the failure is taken for a value that did not match");
  if (Op.WeakWritten.isValid() && !Op.StrongForm.empty())
    F.Fixes.push_back({"use the strong form, which fails only if the value differs",
                       FixSafety::Safe,
                       {{Program.unit().resolve(Op.WeakWritten), Op.StrongForm}},
                       {}});
  Out.report(std::move(F));
}

void reportStale(const ProgramModel &Program, const FunctionFacts &In, const AtomicOperation &Op,
                 Reporter &Out) {
  Finding F = begin(Program, In, Op);
  std::string Name = nameOf(Program, Op);
  F.Message = Op.ExpectsStale
                  ? "every attempt expects the same '" + Op.StaleName +
                        "': once another thread has changed " + Name + ", this loop never ends"
                  : "every attempt stores a '" + Op.StaleName +
                        "' that was computed from the first value of " + Name +
                        ": what another thread stored meanwhile is lost";
  F.Notes.push_back({Program.unit().resolve(Op.Stale),
                     Op.ExpectsStale ? "read here, before the loop, and never again"
                                     : "computed here, before the loop, and never again"});
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  std::set<SourceRange> Seen; // instances of a template share their text
  for (const FunctionFacts &Function : Program.unit().Functions)
    for (const AtomicOperation &Op : Function.Atomics) {
      bool Weak = Op.IsWeak && !Op.IsRepeated && Op.Outcome != AtomicOperation::Followed;
      bool IsStale = Op.IsRepeated && Op.Stale.isValid();
      if ((!Weak && !IsStale) || !Seen.insert(Op.Where).second)
        continue;
      if (Weak)
        reportWeak(Program, Function, Op, Out);
      else
        reportStale(Program, Function, Op, Out);
    }
}

} // namespace

namespace heddle::checks {
extern const Check WeakCasWithoutLoop;
const Check WeakCasWithoutLoop{run};
} // namespace heddle::checks
