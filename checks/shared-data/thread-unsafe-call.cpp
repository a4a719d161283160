// Calls of library functions that keep something between calls, made by threads that run at the
// same time.
#include "checks/Check.h"
#include "checks/RepeatedNotes.h"
#include "checks/StoryTeller.h"

#include <algorithm>
#include <map>

using namespace heddle;

namespace {

const UnsafeCall *callAt(const UnitFacts &Unit, SourceRange Where) {
  auto Known = std::find_if(Unit.UnsafeCalls.begin(), Unit.UnsafeCalls.end(),
                            [&](const UnsafeCall &Call) { return Call.Where == Where; });
  return Known == Unit.UnsafeCalls.end() ? nullptr : &*Known;
}

FileRange insertionAt(FileRange R, uint32_t Offset) {
  R.Begin += Offset;
  R.Column += Offset;
  R.End = R.Begin;
  return R;
}

/// All calls of the same function in the function that makes this one, so that they go on sharing
/// what they shared; what they share is declared at its beginning.
std::optional<Fix> useReentrant(const UnitFacts &Unit, const Operation &Op,
                                const UnsafeCall &Call) {
  const FunctionFacts &Function = Unit.Functions[Op.In];
  if (Call.Edits.empty() || Call.Declaration.empty())
    return std::nullopt;
  Fix Result;
  Result.Title = "call '" + Call.Replacement + "' with an object of this function's";
  FileRange Body = Unit.resolve(Function.BodyRange);
  Result.Edits.push_back({insertionAt(Body, 1), "\n  " + Call.Declaration + ";"});
  for (const UnsafeCall &Each : Unit.UnsafeCalls) {
    if (Each.Name != Call.Name || !Function.BodyRange.encloses(Each.Where))
      continue;
    if (Each.Edits.empty())
      return std::nullopt;
    for (const auto &[Where, Text] : Each.Edits)
      Result.Edits.push_back({Unit.resolve(Where), Text});
  }
  return Result;
}

void reportState(const ProgramModel &Program, const std::vector<const ConcurrentPair *> &Races,
                 Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const ConcurrentPair &Pair = *Races.front();
  const UnsafeCall *First = callAt(Unit, Pair.First.Where);
  const UnsafeCall *Second = callAt(Unit, Pair.Second.Where);
  if (!First || !Second)
    return;
  StoryTeller Teller(Program);
  Finding F;
  F.Primary = Unit.resolve(Pair.First.Where);
  F.Message = "'" + First->Name + "' is not safe in threads: another thread may call '" +
              Second->Name + "' at the same time, and both use " + First->State;
  F.Threads.push_back(Teller.tell(Pair.First, Pair.Frame, "calls '" + First->Name + "'"));
  F.Threads.push_back(Teller.tell(Pair.Second, Pair.Frame, "calls '" + Second->Name + "'"));
  F.Identity = Unit.Functions[Pair.First.In].Usr + First->Name;
  RepeatedNotes Places(F);
  std::set<SourceRange> Told{Pair.First.Where, Pair.Second.Where};
  for (const ConcurrentPair *Each : Races)
    for (const Operation *Op : {&Each->First, &Each->Second})
      if (Told.insert(Op->Where).second)
        Places.add("called", {Unit.resolve(Op->Where),
                              "also called in " + Teller.nameThread(*Op, Each->Frame)});
  Places.finish();
  for (const UnsafeCall *Call : {First, Second == First ? nullptr : Second}) {
    const Operation &Op = Call == First ? Pair.First : Pair.Second;
    if (Call)
      if (std::optional<Fix> Reentrant = useReentrant(Unit, Op, *Call)) {
        F.Fixes.push_back(std::move(*Reentrant));
        break;
      }
  }
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  // One finding for each call; what it meets is told along with it.
  std::map<SourceRange, std::vector<const ConcurrentPair *>> ByPlace;
  for (const ConcurrentPair &Race : Program.libraryRaces())
    ByPlace[Race.First.Where].push_back(&Race);
  for (const auto &[Where, Races] : ByPlace)
    reportState(Program, Races, Out);
}

} // namespace

namespace heddle::checks {
extern const Check ThreadUnsafeCall;
const Check ThreadUnsafeCall{run};
} // namespace heddle::checks
