#include "checks/TeamFixes.h"

#include "checks/TestedWrites.h"

#include <set>

using namespace heddle;

std::optional<Fix> heddle::makeUpdatesAtomic(const ProgramModel &Program,
                                             const std::vector<const ConcurrentPair *> &Races) {
  const UnitFacts &Unit = Program.unit();
  if (isTestedByWriters(Program, Races))
    return std::nullopt;
  std::set<SourceRange> Places;
  for (const ConcurrentPair *Race : Races)
    for (const Operation *Op : {&Race->First, &Race->Second}) {
      // Who holds a critical section would still meet the others.
      if (Op->Kind != EventKind::Update || !(Op->Flags & Scalar) || !Op->Locks.empty() ||
          Op->Statement == InvalidId || Unit.Functions[Op->In].Region == RegionKind::None)
        return std::nullopt;
      const Statement &S = Unit.Statements[Op->Statement];
      if (!S.IsExpression || S.HasCalls || !S.Whole.isValid() || S.Whole.Begin != Op->Where.Begin ||
          S.Whole.File != Op->Where.File)
        return std::nullopt;
      Places.insert(S.Whole);
    }
  Fix Result;
  Result.Title = "make the update atomic";
  for (const SourceRange &Place : Places)
    Result.Edits.push_back({Unit.resolve(Place).before(), "\n#pragma omp atomic\n"});
  return Result;
}
