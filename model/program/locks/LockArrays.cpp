// Circles of locks within one array, or one collection of objects: which element is meant shows in
// the subscripts, and in what callers give for them.
#include "model/facts/UnitFacts.h"
#include "model/facts/ValueFlow.h"
#include "model/program/locks/LockOrder.h"

#include "llvm/ADT/STLExtras.h"

#include <optional>

using namespace heddle;

static bool isArrayStep(PathStep Step) {
  return Step.What == PathStep::Element || Step.What == PathStep::ElementAt ||
         Step.What == PathStep::Offset;
}

AccessPath heddle::arrayOf(const AccessPath &Lock) {
  AccessPath Result(Lock.root(), Lock.rootId());
  bool IsInArray = false;
  for (PathStep Step : Lock.steps()) {
    IsInArray |= isArrayStep(Step);
    Result = isArrayStep(Step) ? Result.element() : Result.with(Step);
  }
  return IsInArray ? Result : AccessPath();
}

namespace {

const LockIndex *indexAt(const UnitFacts &Unit, SourceRange Where) {
  auto Found = llvm::lower_bound(Unit.LockIndices, Where,
                                 [](const LockIndex &A, SourceRange B) { return A.Where < B; });
  return Found != Unit.LockIndices.end() && Found->Where == Where ? &*Found : nullptr;
}

bool isSameIndex(const LockIndex *A, const LockIndex *B) {
  return A && B && A->Variable == B->Variable && A->Offset == B->Offset && A->Wraps == B->Wraps;
}

/// The only subscript on the way to the lock, if it is a number.
std::optional<int64_t> numberIn(const AccessPath &Lock) {
  std::optional<int64_t> Result;
  for (PathStep Step : Lock.steps()) {
    if (!isArrayStep(Step))
      continue;
    if (Result || Step.What != PathStep::ElementAt)
      return std::nullopt;
    Result = Step.number();
  }
  return Result;
}

/// The event by which the function that takes the second lock was entered.
const Event *entranceOf(const UnitFacts &Unit, const LockEdge &Edge) {
  const Operation &Use = Edge.Taken;
  SourceRange Where;
  FunctionId Caller = InvalidId;
  if (!Use.Calls.empty()) {
    Where = Use.Calls.back().Where;
    Caller = Use.Calls.size() > 1 ? Use.Calls[Use.Calls.size() - 2].Callee
             : Use.Origin         ? Use.Origin->Entry
                                  : Edge.Frame;
  } else if (Use.Origin) {
    Where = Use.Origin->Spawn;
    Caller = Use.Origin->Spawner;
  }
  const Event *Found = nullptr;
  if (Caller != InvalidId)
    forEachEvent(Unit.Functions[Caller], [&](const Event &E) {
      bool Enters = E.Kind == EventKind::CallValue || E.Kind == EventKind::Spawn ||
                    (E.Kind == EventKind::Call && E.Callee == Use.In);
      if (Enters && E.Where == Where)
        Found = &E;
    });
  return Found;
}

/// Two elements, in the terms of the function that takes them, or as numbers if its caller gives
/// those.
class ElementPair {
public:
  enum Direction { Unknown, Up, Down, Round };

  ElementPair(const UnitFacts &Unit, const LockEdge &Edge) : Unit(Unit) {
    // Two elements that are seen, whoever has chosen them.
    std::optional<int64_t> From = numberIn(Edge.From), To = numberIn(Edge.To);
    if (From && To) {
      IsKnown = true;
      Held.Offset = *From;
      Taken.Offset = *To;
      return;
    }
    const LockIndex *First = indexAt(Unit, Edge.Held.Where);
    const LockIndex *Second = indexAt(Unit, Edge.Taken.Where);
    IsKnown = First && Second && First != Second;
    if (!IsKnown)
      return;
    Held = *First;
    Taken = *Second;
    if ((Held.Slot == InvalidId && Taken.Slot == InvalidId) ||
        !Unit.Functions[Edge.Taken.In].BodyRange.encloses(Held.Where))
      return;
    Entrance = entranceOf(Unit, Edge);
    // A method that a thread runs is given its object as the first argument.
    Skipped =
        Entrance && Entrance->Kind == EventKind::Spawn && Unit.Functions[Edge.Taken.In].HasThis;
    resolve(Held);
    resolve(Taken);
  }

  Direction direction() const {
    if (!IsKnown || Held.IsObject || Taken.IsObject)
      return Unknown;
    if (Held.Variable == Taken.Variable) {
      if (Held.Wraps != Taken.Wraps)
        return Round;
      return Held.Wraps || Held.Offset == Taken.Offset ? Unknown
             : Held.Offset < Taken.Offset              ? Up
                                                       : Down;
    }
    // Nothing comes before the first element.
    if (Held.Variable == InvalidId && Held.Offset == 0 && !Taken.Wraps)
      return Up;
    if (Taken.Variable == InvalidId && Taken.Offset == 0 && !Held.Wraps)
      return Down;
    return Unknown;
  }

  /// Whether the caller gives one element or the other first, as it comes.
  bool isDrawn() const {
    if (!IsKnown || !Entrance || Entrance->Kind != EventKind::Call || Held.Slot == InvalidId ||
        Taken.Slot == InvalidId || Held.IsObject != Taken.IsObject || Held.Offset != Taken.Offset ||
        Held.Wraps || Taken.Wraps)
      return false;
    std::pair<uint32_t, uint32_t> Slots = std::minmax({Held.Slot, Taken.Slot});
    return llvm::any_of(Unit.Drawn, [&](const DrawnArguments &Call) {
      return Call.Where == Entrance->Where && std::pair(Call.First, Call.Second) == Slots;
    });
  }

  /// Whether the elements of the other pair may be the same two. Numbers tell.
  bool mayMeet(const ElementPair &Other) const {
    auto AreApart = [](const LockIndex &A, const LockIndex &B) {
      return A.Variable == InvalidId && B.Variable == InvalidId && A.Offset != B.Offset;
    };
    return !AreApart(Held, Other.Taken) && !AreApart(Taken, Other.Held);
  }

private:
  void resolve(LockIndex &Index) const {
    if (!Entrance || Index.Slot == InvalidId || Index.IsObject || Index.Wraps ||
        Index.Slot + Skipped >= Entrance->Values.size())
      return;
    const Value &Given = Entrance->Values[Index.Slot + Skipped];
    if (Given.What != Value::Constant)
      return;
    Index.Variable = Index.Slot = InvalidId;
    Index.Offset += Given.Number;
  }

  const UnitFacts &Unit;
  bool IsKnown = false;
  LockIndex Held, Taken;
  const Event *Entrance = nullptr;
  uint32_t Skipped = 0;
};

/// Some threads go the other way round, or not all of them are let in at once: nobody closes the
/// ring then.
bool isBroken(const UnitFacts &Unit, const LockEdge &Edge, const std::vector<LockEdge> &All) {
  for (const Block &B : Unit.Functions[Edge.Taken.In].Blocks)
    for (const Event &E : B.Events)
      if (E.Kind == EventKind::Receive && E.has(Semaphore))
        return true;
  const LockIndex *Held = indexAt(Unit, Edge.Held.Where);
  const LockIndex *Taken = indexAt(Unit, Edge.Taken.Where);
  return llvm::any_of(All, [&](const LockEdge &Other) {
    return isSameIndex(Held, indexAt(Unit, Other.Taken.Where)) &&
           isSameIndex(Taken, indexAt(Unit, Other.Held.Where));
  });
}

} // namespace

std::vector<LockCycle> LockGraph::arrayCycles(const UnitFacts &Unit,
                                              Compatible AreCompatible) const {
  std::vector<LockCycle> Result;
  std::set<AccessPath> Known;
  for (const LockEdge &Edge : InArrays) {
    AccessPath Array = arrayOf(Edge.From);
    bool IsExclusive = !Edge.Held.IsShared && !(Edge.Taken.Flags & Shared);
    if (!IsExclusive || Known.count(Array))
      continue;
    ElementPair Pair(Unit, Edge);
    ElementPair::Direction Way = Pair.direction();
    if (Way == ElementPair::Round && AreCompatible(Edge, Edge) && !isBroken(Unit, Edge, InArrays)) {
      Result.push_back({{Edge}, false, LockCycle::Ring});
      Known.insert(Array);
    }
    bool IsDrawn = Pair.isDrawn();
    if (Way != ElementPair::Up && !IsDrawn)
      continue;
    for (const LockEdge &Other : InArrays) {
      if (!(arrayOf(Other.From) == Array) || Other.Held.IsShared || (Other.Taken.Flags & Shared) ||
          !AreCompatible(Edge, Other))
        continue;
      ElementPair Theirs(Unit, Other);
      bool Crosses = IsDrawn ? Theirs.isDrawn()
                             : Theirs.direction() == ElementPair::Down && Pair.mayMeet(Theirs);
      if (!Crosses || !Known.insert(Array).second)
        continue;
      if (IsDrawn)
        Result.push_back({{Edge}, false, LockCycle::Drawn});
      else
        Result.push_back({{Edge, Other}, false, LockCycle::Array});
    }
  }
  return Result;
}
