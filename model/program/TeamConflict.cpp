#include "model/program/TeamConflict.h"

#include "model/program/IndexConflict.h"

#include <algorithm>

using namespace heddle;

namespace {

const TeamContext *contextOf(const UnitFacts &Unit, const Operation &Op) {
  return Op.Team && Op.Team->Context != InvalidId ? &Unit.TeamContexts[Op.Team->Context] : nullptr;
}

bool shareElement(const auto &A, const auto &B) {
  return std::any_of(A.begin(), A.end(), [&](const auto &Each) { return B.count(Each); });
}

bool hasUnknownChoice(const TeamPlace &Place) {
  return std::any_of(Place.Choices.begin(), Place.Choices.end(),
                     [](const ThreadChoice &Choice) { return Choice.first == InvalidId; });
}

} // namespace

bool heddle::meetInTeam(const UnitFacts &Unit, const Operation &A, const Operation &B) {
  if (A.Team && B.Team) {
    if (!shareElement(A.Team->Phases, B.Team->Phases) ||
        shareElement(A.Team->Choices, B.Team->Choices))
      return false;
    // Which thread gets here is not known, and it may be the one that gets there.
    if ((hasUnknownChoice(*A.Team) && !B.Team->Choices.empty()) ||
        (hasUnknownChoice(*B.Team) && !A.Team->Choices.empty()))
      return false;
  }
  const TeamContext *WorkA = contextOf(Unit, A), *WorkB = contextOf(Unit, B);
  if (!WorkA || !WorkB)
    return true;
  if (WorkA->Work == WorkKind::Master && WorkB->Work == WorkKind::Master)
    return false;
  if (WorkA->Work == WorkKind::Everybody || WorkA->Construct != WorkB->Construct)
    return true;
  switch (WorkA->Work) {
  case WorkKind::Section:
    return WorkA->Part != WorkB->Part;
  case WorkKind::Single:
  case WorkKind::Master:
    return false;
  default:
    return !WorkA->IsOrdered;
  }
}

namespace {

/// The subscript of the path's step, of which `FromEnd` element steps follow.
AffineIndex indexOf(const Operation &Op, const PathStep &Step, size_t FromEnd) {
  if (Step.What != PathStep::Element)
    return {true, Step.number(), {}};
  if (!Op.Team || FromEnd >= Op.Team->Elements.Indices.size())
    return {};
  return Op.Team->Elements.Indices[FromEnd];
}

const std::vector<IterationRange> &rangesOf(const Operation &Op) {
  static const std::vector<IterationRange> None;
  return Op.Team ? Op.Team->Elements.Ranges : None;
}

} // namespace

/// The subscripts of both paths, in pairs; nothing if the paths are not of one shape.
static std::optional<IndexProblem> subscriptsOf(const Operation &A, const Operation &B) {
  auto StepsA = A.Path.steps(), StepsB = B.Path.steps();
  if (A.Path.root() != B.Path.root() || A.Path.rootId() != B.Path.rootId() ||
      StepsA.size() != StepsB.size() || (A.Path == B.Path && A.Path.isPrecise()))
    return std::nullopt;
  IndexProblem Problem;
  size_t Elements = 0;
  for (size_t I = StepsA.size(); I-- > 0;) {
    if (!StepsA[I].isOfArray() || !StepsB[I].isOfArray()) {
      if (StepsA[I] != StepsB[I])
        return std::nullopt;
      continue;
    }
    Problem.Subscripts.emplace_back(indexOf(A, StepsA[I], Elements),
                                    indexOf(B, StepsB[I], Elements));
    ++Elements;
  }
  for (const Operation *Op : {&A, &B})
    Problem.Ranges.insert(Problem.Ranges.end(), rangesOf(*Op).begin(), rangesOf(*Op).end());
  if (Elements == 0)
    return std::nullopt;
  return Problem;
}

bool heddle::meetInElement(const UnitFacts &Unit, const Operation &A, const Operation &B) {
  std::optional<IndexProblem> Problem = subscriptsOf(A, B);
  if (!Problem)
    return false;
  const TeamContext *WorkA = contextOf(Unit, A), *WorkB = contextOf(Unit, B);
  if (WorkA && WorkB && WorkA->Work == WorkKind::Loop && WorkB->Work == WorkKind::Loop) {
    // Loops over the same values are commonly divided among the threads in the same way.
    if (WorkA->Construct != WorkB->Construct &&
        (WorkA->Variables.size() != 1 || WorkB->Variables.size() != 1))
      return false;
    for (size_t I = 0; I < WorkA->Variables.size() && I < WorkB->Variables.size(); ++I)
      Problem->Distinct.emplace_back(WorkA->Variables[I], WorkB->Variables[I]);
    if (Problem->Distinct.empty())
      return false;
  }
  return canMeet(*Problem);
}

bool heddle::meetInGivenElement(const Operation &Here, const Operation &There) {
  if (!There.Team || !There.Team->Elements.IsGiven || There.Team->Elements.IsSometimes ||
      (Here.Team && Here.Team->Elements.IsSometimes))
    return false;
  std::optional<IndexProblem> Problem = subscriptsOf(Here, There);
  if (!Problem)
    return false;
  const SourceRange Given = There.Team->Elements.Place;
  const SourceRange Used = Here.Team ? Here.Team->Elements.Place : SourceRange();
  Problem->IsGiven = true;
  Problem->IsBehind = Used.isValid() && Used.File == Given.File && Used.Begin >= Given.End;
  return canMeet(*Problem);
}
