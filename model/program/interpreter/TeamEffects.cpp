// Where in a team of threads an operation is done: in which construct, after which barrier.
#include "model/program/interpreter/FunctionInterpreter.h"

using namespace heddle;

void FunctionInterpreter::applyPlaced(AbstractState &State, const Event &E, Position At) {
  Current = &E;
  if (E.Context == InvalidId)
    return apply(State, E, At);
  // Critical sections are held for as long as what stands in them.
  const std::vector<AccessPath> &Locks = Unit.TeamContexts[E.Context].Locks;
  for (const AccessPath &Lock : Locks)
    State.acquire(Lock, false, E.Where);
  apply(State, E, At);
  for (const AccessPath &Lock : Locks)
    State.release(Lock);
  tell(State, At);
}

PhaseSet FunctionInterpreter::phasesAfter(const PhaseSet &Before, const PhaseSet &Inner) {
  bool IsUnchanged = Inner.empty() || (Inner.size() == 1 && Inner.count(0));
  if (IsUnchanged || !Inner.count(0))
    return IsUnchanged ? Before : Inner;
  PhaseSet Result = Inner;
  Result.erase(0);
  Result.unite(Before);
  return Result;
}

std::shared_ptr<const TeamPlace>
FunctionInterpreter::placeInTeam(const AbstractState &State,
                                 const std::shared_ptr<const TeamPlace> &Inner) const {
  if (Unit.TeamContexts.empty())
    return Inner;
  TeamPlace Result;
  Result.Phases = {0};
  if (Inner)
    Result = *Inner;
  if (Result.Phases.erase(0))
    Result.Phases.insert(State.Phases.begin(), State.Phases.end());
  Result.Choices.insert(State.Choices.begin(), State.Choices.end());
  // An inner construct says more, unless it does not share anything out.
  if (Current && Current->Context != InvalidId &&
      (Result.Context == InvalidId ||
       Unit.TeamContexts[Result.Context].Work == WorkKind::Everybody))
    Result.Context = Current->Context;
  if (Inner && *Inner == Result)
    return Inner;
  return std::make_shared<const TeamPlace>(std::move(Result));
}

bool FunctionInterpreter::isTeam(const ThreadRun &Run) const {
  if (!Run.Origin || Run.Origin->Entry == InvalidId)
    return false;
  RegionKind Kind = Unit.Functions[Run.Origin->Entry].Region;
  return Kind == RegionKind::Team || Kind == RegionKind::Tasks;
}
