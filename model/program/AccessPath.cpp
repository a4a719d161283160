#include "model/program/AccessPath.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace heddle;

AccessPath AccessPath::with(PathStep Step) const {
  if (!isKnown() || Steps.size() >= MaxSteps)
    return {};
  AccessPath Result = *this;
  if (Step.What == PathStep::Offset) {
    // Going on from an element leads to another of the same array.
    if (Step.Id == 0)
      return Result;
    if (!Steps.empty() && Steps.back().What == PathStep::Element)
      return Result;
    if (!Steps.empty() &&
        (Steps.back().What == PathStep::ElementAt || Steps.back().What == PathStep::Offset)) {
      Result.Steps.back().Id += Step.Id;
      if (Result.Steps.back() == PathStep{PathStep::Offset, 0})
        Result.Steps.pop_back();
      return Result;
    }
  }
  Result.Steps.push_back(Step);
  return Result;
}

AccessPath AccessPath::someNeighbour() const {
  bool IsInArray = !Steps.empty() && (Steps.back().What == PathStep::ElementAt ||
                                      Steps.back().What == PathStep::Offset ||
                                      Steps.back().What == PathStep::Element);
  return IsInArray ? prefix(Steps.size() - 1).element() : element();
}

AccessPath AccessPath::prefix(unsigned Count) const {
  AccessPath Result(Root, Id);
  Result.Steps.append(Steps.begin(), Steps.begin() + std::min<size_t>(Count, Steps.size()));
  return Result;
}

AccessPath AccessPath::rebased(const AccessPath &Base, unsigned From) const {
  if (!Base.isKnown() || Base.Steps.size() + (Steps.size() - From) > MaxSteps)
    return {};
  AccessPath Result = Base;
  if (From < Steps.size() && Steps[From].What == PathStep::Offset)
    Result = Result.with(Steps[From++]);
  Result.Steps.append(Steps.begin() + From, Steps.end());
  return Result;
}

bool AccessPath::startsWith(const AccessPath &Prefix) const {
  return Root == Prefix.Root && Id == Prefix.Id && Steps.size() >= Prefix.Steps.size() &&
         std::equal(Prefix.Steps.begin(), Prefix.Steps.end(), Steps.begin());
}

bool AccessPath::overlaps(const AccessPath &Other) const {
  if (!isKnown())
    return false;
  const AccessPath &Longer = Steps.size() >= Other.Steps.size() ? *this : Other;
  const AccessPath &Shorter = &Longer == this ? Other : *this;
  if (!Longer.startsWith(Shorter))
    return false;
  return std::none_of(Longer.Steps.begin() + Shorter.Steps.size(), Longer.Steps.end(),
                      [](PathStep S) { return S.What == PathStep::Deref; });
}

bool AccessPath::isPrecise() const {
  return isKnown() && std::none_of(Steps.begin(), Steps.end(),
                                   [](PathStep S) { return S.What == PathStep::Element; });
}

unsigned AccessPath::derefs() const {
  return std::count_if(Steps.begin(), Steps.end(),
                       [](PathStep S) { return S.What == PathStep::Deref; });
}

EntityId AccessPath::subject() const {
  for (const PathStep &Step : llvm::reverse(Steps))
    if (Step.What == PathStep::Field)
      return Step.Id;
  return Root == RootKind::Global || Root == RootKind::Local ? Id : InvalidId;
}
