// A coroutine that goes on to use an object of its caller's, or a capture of its lambda, when that
// is gone.
#include "checks/Check.h"
#include "checks/StoryTeller.h"

#include <algorithm>
#include <set>

using namespace heddle;

namespace {

const LateUse *lateUse(const FunctionFacts &Callee, const CoroutineCall &Call) {
  bool OfLambda = Call.How == CoroutineCall::Closure || Call.How == CoroutineCall::Variable;
  auto Use = std::find_if(Callee.LateUses.begin(), Callee.LateUses.end(), [&](const LateUse &U) {
    return U.IsCapture == OfLambda && (OfLambda || U.Slot == Call.Slot);
  });
  return Use == Callee.LateUses.end() ? nullptr : &*Use;
}

std::string describe(const UnitFacts &Unit, const CoroutineCall &Call) {
  std::string Callee = quoteFunction(Unit, Call.Callee);
  switch (Call.How) {
  case CoroutineCall::Temporary:
    return "this temporary is gone at the end of the statement, and the coroutine " + Callee +
           " still uses it when it is resumed";
  case CoroutineCall::Local:
    return "'" + Call.Name + "' is gone when this function returns, and the coroutine " + Callee +
           ", which is returned, still uses it when it is resumed";
  case CoroutineCall::Closure:
    return "this lambda is gone at the end of the statement, and the coroutine still uses its "
           "captures when it is resumed";
  case CoroutineCall::Variable:
    return "the lambda '" + Call.Name +
           "' is gone when this function returns, and the coroutine, which is returned, still "
           "uses its captures when it is resumed";
  }
  return {};
}

void report(const UnitFacts &Unit, const FunctionFacts &In, const CoroutineCall &Call,
            const LateUse &Use, Reporter &Out) {
  Finding F;
  F.Primary = Unit.resolve(Call.Object);
  F.Identity = In.Usr + " " + Unit.Functions[Call.Callee].Usr;
  F.Message = describe(Unit, Call);
  if (Use.Suspended.isValid())
    F.Notes.push_back({Unit.resolve(Use.Suspended), "the coroutine may be suspended here"});
  else
    F.Notes.push_back({Unit.resolve(Unit.Functions[Call.Callee].NameRange),
                       "the coroutine is taken to be suspended before it begins: whoever awaits "
                       "it starts it"});
  F.Notes.push_back({Unit.resolve(Use.Where), "used here, after that"});
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  std::set<SourceRange> Seen; // instances of a template share their text
  for (const FunctionFacts &Function : Unit.Functions)
    for (const CoroutineCall &Call : Function.CoroutineCalls)
      if (const LateUse *Use = lateUse(Unit.Functions[Call.Callee], Call))
        if (Seen.insert(Call.Object).second)
          report(Unit, Function, Call, *Use, Out);
}

} // namespace

namespace heddle::checks {
extern const Check DanglingCoroutineReference;
const Check DanglingCoroutineReference{run};
} // namespace heddle::checks
