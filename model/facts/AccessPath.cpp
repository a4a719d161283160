#include "model/facts/AccessPath.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

AccessPath AccessPath::with(PathStep Step) const {
  if (!isKnown())
    return {};
  AccessPath Result = *this;
  // From the object to its field and back, or the other way round.
  auto Undoes = [&](PathStep::Kind What, PathStep::Kind Before) {
    return Step.What == What && Count > 0 && Steps[Count - 1] == PathStep(Before, Step.Id);
  };
  if (Undoes(PathStep::Outer, PathStep::Field) || Undoes(PathStep::Field, PathStep::Outer)) {
    --Result.Count;
    return Result;
  }
  if (Count >= MaxSteps)
    return {};
  if (Step.What == PathStep::Offset) {
    // Going on from an element leads to another of the same array.
    if (Step.Id == 0)
      return Result;
    PathStep *Last = Count > 0 ? &Result.Steps[Count - 1] : nullptr;
    if (Last && Last->What == PathStep::Element)
      return Result;
    if (Last && (Last->What == PathStep::ElementAt || Last->What == PathStep::Offset)) {
      Last->Id += Step.Id;
      if (*Last == PathStep(PathStep::Offset, 0))
        --Result.Count;
      return Result;
    }
  }
  Result.append(Step);
  return Result;
}

AccessPath AccessPath::numbered(PathStep::Kind What, int32_t Number) const {
  // What is so far away that a step cannot hold it is some element.
  PathStep Step(What, static_cast<uint32_t>(Number));
  return Step.number() == Number ? with(Step) : someNeighbour();
}

AccessPath AccessPath::someNeighbour() const {
  bool IsInArray = Count > 0 && (Steps[Count - 1].What == PathStep::ElementAt ||
                                 Steps[Count - 1].What == PathStep::Offset ||
                                 Steps[Count - 1].What == PathStep::Element);
  return IsInArray ? prefix(Count - 1).element() : element();
}

AccessPath AccessPath::chosenBy(uint32_t Expression) const {
  AccessPath Result = *this;
  PathStep *Open = nullptr;
  for (unsigned I = 0; I < Count; ++I)
    if (Steps[I].What == PathStep::Element) {
      if (Open)
        return {};
      Open = &Result.Steps[I];
    }
  PathStep Step(PathStep::Chosen, Expression);
  if (!Open || Step.Id != Expression)
    return {};
  *Open = Step;
  return Result;
}

AccessPath AccessPath::prefix(unsigned Length) const {
  AccessPath Result = *this;
  Result.Count = std::min<unsigned>(Length, Count);
  return Result;
}

AccessPath AccessPath::rebased(const AccessPath &Base, unsigned From) const {
  if (!Base.isKnown() || Base.Count + (Count - From) > MaxSteps)
    return {};
  AccessPath Result = Base;
  while (From < Count &&
         (Steps[From].What == PathStep::Offset || Steps[From].What == PathStep::Outer))
    Result = Result.with(Steps[From++]);
  while (From < Count)
    Result.append(Steps[From++]);
  return Result;
}

/// Behind the step lies memory that is not a part of what is before it.
static bool leavesObject(PathStep Step) {
  return Step.What == PathStep::Deref || Step.What == PathStep::Outer;
}

bool AccessPath::startsWith(const AccessPath &Prefix) const {
  return Id == Prefix.Id && Root == Prefix.Root && Count >= Prefix.Count &&
         std::equal(Prefix.Steps.begin(), Prefix.Steps.begin() + Prefix.Count, Steps.begin());
}

bool AccessPath::overlaps(const AccessPath &Other) const {
  if (!isKnown())
    return false;
  const AccessPath &Longer = Count >= Other.Count ? *this : Other;
  const AccessPath &Shorter = &Longer == this ? Other : *this;
  return Longer.startsWith(Shorter) &&
         llvm::none_of(Longer.steps().drop_front(Shorter.Count), leavesObject);
}

bool AccessPath::mayOverlap(const AccessPath &Other) const {
  if (!isKnown() || Root != Other.Root || Id != Other.Id)
    return false;
  auto IsIndex = [](PathStep S) {
    return S.What == PathStep::Element || S.What == PathStep::ElementAt ||
           S.What == PathStep::Chosen || S.What == PathStep::Offset;
  };
  const AccessPath &Longer = Count >= Other.Count ? *this : Other;
  const AccessPath &Shorter = &Longer == this ? Other : *this;
  for (unsigned I = 0; I < Shorter.Count; ++I) {
    PathStep A = Longer.Steps[I], B = Shorter.Steps[I];
    bool AreFixed = A.What == PathStep::ElementAt && B.What == PathStep::ElementAt;
    if (!(A == B) && (AreFixed || !IsIndex(A) || !IsIndex(B)))
      return false;
  }
  return llvm::none_of(Longer.steps().drop_front(Shorter.Count), leavesObject);
}

bool AccessPath::isPrecise() const {
  return isKnown() &&
         llvm::none_of(steps(), [](PathStep S) { return S.What == PathStep::Element; });
}

bool AccessPath::isChosen() const {
  return llvm::any_of(steps(), [](PathStep S) { return S.What == PathStep::Chosen; });
}

AccessPath AccessPath::anyElement() const {
  AccessPath Result = *this;
  for (unsigned I = 0; I < Count; ++I)
    if (Steps[I].What == PathStep::Chosen)
      Result.Steps[I] = PathStep(PathStep::Element);
  return Result;
}

unsigned AccessPath::derefs() const {
  return llvm::count_if(steps(), [](PathStep S) { return S.What == PathStep::Deref; });
}

EntityId AccessPath::subject() const {
  for (const PathStep &Step : llvm::reverse(steps()))
    if (Step.What == PathStep::Field || Step.What == PathStep::Outer)
      return Step.What == PathStep::Field ? Step.Id : InvalidId;
  return Root == RootKind::Global || Root == RootKind::Local ? Id : InvalidId;
}
