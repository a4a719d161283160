// Elements of arrays that a loop chooses: which one an operation reaches by a pointer that was set,
// or given to a thread, in some round. And threads of earlier rounds, where another one cannot be
// started.
#include "model/program/interpreter/FunctionInterpreter.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

static size_t elementSteps(llvm::ArrayRef<PathStep> Steps) {
  return llvm::count_if(Steps, [](PathStep Step) { return Step.isOfArray(); });
}

static bool isOfArray(const AccessPath &Path) { return elementSteps(Path.steps()) > 0; }

/// Puts the subscripts by which a pointer was chosen behind those of what `Path` reaches from it.
static void append(Subscripts &To, const AccessPath &Path, const Subscripts &Chosen) {
  To.Indices.resize(elementSteps(Path.steps()));
  To.Indices.insert(To.Indices.end(), Chosen.Indices.begin(), Chosen.Indices.end());
  for (const IterationRange &Range : Chosen.Ranges)
    if (!llvm::is_contained(To.Ranges, Range))
      To.Ranges.push_back(Range);
  llvm::sort(To.Ranges);
}

/// Whether `Path`, which begins with a pointer that is `Held`, goes on from there in `Seen`, and
/// not to a neighbour.
static bool goesOnFrom(const Value &Held, const AccessPath &Path, const AccessPath &Seen) {
  llvm::ArrayRef<PathStep> Steps = Path.steps();
  return Held.Chosen && !Steps.empty() && Steps[0].What == PathStep::Deref &&
         (Steps.size() < 2 || !Steps[1].isOfArray()) && Seen == Path.rebased(Held.pointee(), 1);
}

Subscripts FunctionInterpreter::subscriptsOf(const AbstractState &State, const Event &E,
                                             const AccessPath &Path) const {
  Subscripts Result = E.Elements;
  Result.Place = E.Where;
  if (!isOfArray(Path)) {
    Result.IsSometimes = false; // of no interest
    return Result;
  }
  if (Path == E.Path)
    return Result;
  auto Known = State.Pointers.find(E.Path.prefix(0));
  bool HasAll = Result.Indices.size() >= elementSteps(Path.steps());
  if (!HasAll && Known != State.Pointers.end() && goesOnFrom(Known->second, E.Path, Path)) {
    append(Result, E.Path, *Known->second.Chosen);
    return Result;
  }
  // What the pointers on the way to the element lead to does not matter; others do.
  llvm::ArrayRef<PathStep> Own = E.Path.steps();
  Own = Own.drop_until([](PathStep Step) { return Step.isOfArray(); });
  bool IsUnchanged = Path.steps().size() >= Own.size() && Path.steps().take_back(Own.size()) == Own;
  auto CountsRounds = [](const AffineIndex &Index) {
    return llvm::any_of(Index.Terms,
                        [](const AffineTerm &T) { return T.What == AffineTerm::Round; });
  };
  if (!IsUnchanged && llvm::any_of(Result.Indices, CountsRounds))
    Result.Indices.clear();
  return Result;
}

void FunctionInterpreter::noteGiven(const Operation &Op, Subscripts &Elements) const {
  // What a function gets to by itself, or hands to a callee, is not given to a thread.
  Elements.IsGiven |= Op.Origin || (Current && Current->Kind == EventKind::Spawn);
  Elements.IsSometimes = Current && Current->Elements.IsSometimes;
  Elements.Place = Current ? Current->Where : SourceRange();
}

bool FunctionInterpreter::addChosenNumber(const Binding &Call, AffineIndex &Index,
                                          Subscripts &Elements) const {
  constexpr int64_t Limit = int64_t(1) << 31; // numbers of this size are no subscripts
  if (Index.Terms.size() != 1)
    return false;
  const AffineTerm Given = Index.Terms[0];
  const std::vector<Value> &Values =
      Given.What == AffineTerm::Captured ? Call.Captures : Call.Slots;
  if (Given.Variable >= Values.size() || !Values[Given.Variable].Chosen)
    return false;
  const Subscripts &Chosen = *Values[Given.Variable].Chosen;
  if (Chosen.Indices.size() != 1 || !Chosen.Indices[0].IsKnown || std::abs(Given.Factor) > Limit)
    return false;
  AffineIndex Result = Chosen.Indices[0];
  if (std::abs(Result.Constant) > Limit)
    return false;
  Result.Constant = Index.Constant + Given.Factor * Result.Constant;
  for (AffineTerm &T : Result.Terms) {
    if (std::abs(T.Factor) > Limit)
      return false;
    T.Factor *= Given.Factor;
  }
  Index = std::move(Result);
  for (const IterationRange &Range : Chosen.Ranges)
    if (!llvm::is_contained(Elements.Ranges, Range))
      Elements.Ranges.push_back(Range);
  llvm::sort(Elements.Ranges);
  return true;
}

void FunctionInterpreter::addGivenElement(const Binding &Call, const Operation &Op,
                                          Operation &Seen) const {
  const Value *Given = Call.given(Op.Path);
  const bool IsGiven = Given && goesOnFrom(*Given, Op.Path, Seen.Path);
  const bool IsSometimes = Current && Current->Elements.IsSometimes && isOfArray(Seen.Path);
  if (!IsGiven && (!IsSometimes || (Seen.Team && Seen.Team->Elements.IsSometimes)))
    return;
  auto Place = Seen.Team ? std::make_shared<TeamPlace>(*Seen.Team) : std::make_shared<TeamPlace>();
  if (!Seen.Team)
    Place->Phases = {0};
  if (IsGiven) {
    append(Place->Elements, Op.Path, *Given->Chosen);
    noteGiven(Op, Place->Elements);
  } else {
    Place->Elements.IsSometimes = true;
  }
  Seen.Team = std::move(Place);
}

void AbstractState::dropThread(const AccessPath &Handle, bool HasFailed) {
  std::vector<uint32_t> Ended = endedBy(Handle);
  Live.eraseIf([&](const auto &Entry) {
    return llvm::is_contained(Ended, Entry.first) && !(HasFailed && Entry.second.IsAgain);
  });
  Live.changeIf([&](uint32_t Run, const LiveThread &) { return llvm::is_contained(Ended, Run); },
                [&](uint32_t, LiveThread &Thread) {
                  Thread.Stale = Thread.StaleBefore;
                  Thread.HasFailed = true;
                });
}

void AbstractState::dropFailed() {
  Live.eraseIf([](const auto &Entry) { return Entry.second.HasFailed; });
}
