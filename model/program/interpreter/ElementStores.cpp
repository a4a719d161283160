// What the elements of an array or a container hold, as far as it is the same for all of them.
//
// A path with an element of unknown index stands for any of them. As long as it is known what has
// been put there, its value is one of: nothing yet, one element that holds this, or several that
// all hold the same. Only the last is told to others: a single element says nothing of a loop that
// does something with each.
#include "model/program/interpreter/AbstractState.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

namespace {

constexpr int64_t Few = 1, Unsettled = 2; // the Number of a null that says so

Value few(std::vector<Value> Held) { return {Value::Null, {}, InvalidId, Few, std::move(Held)}; }

/// No element yet, or just the one in Bound.
bool isFew(const Value &V) { return V.What == Value::Null && V.Number == Few; }

bool isNone(const Value &V) { return isFew(V) && V.Bound.empty(); }

/// Whether the value leads to the same object in all rounds of a loop.
bool isOneObject(const Value &V) {
  switch (V.What) {
  case Value::PointsTo: {
    bool IsNamed = V.Path.root() == RootKind::Local || V.Path.root() == RootKind::Global;
    return V.Path.isPrecise() &&
           ((IsNamed && V.Path.derefs() == 0) || (V.Path.isGiven() && V.Path.derefs() <= 1));
  }
  case Value::Function:
    return true;
  case Value::Closure:
    return llvm::all_of(V.Bound, [](const Value &Bound) {
      return !Bound.isKnown() || Bound.What == Value::Constant || isOneObject(Bound);
    });
  default:
    return false;
  }
}

Value ifOneObject(const Value &V) {
  if (!V.isKnown() || isNone(V) || isOneObject(isFew(V) ? V.Bound.front() : V))
    return V;
  return {Value::Null, {}, InvalidId, Unsettled, {}};
}

bool isOfArray(const AccessPath &Path) {
  return llvm::any_of(Path.steps(), [](PathStep Step) { return Step.isOfArray(); });
}

} // namespace

Value heddle::onEitherWay(const Value &A, const Value &B) {
  if (isNone(A) || isNone(B))
    return ifOneObject(isNone(A) ? B : A);
  const Value &OfA = isFew(A) ? A.Bound.front() : A, &OfB = isFew(B) ? B.Bound.front() : B;
  return OfA == OfB ? OfA : Value();
}

bool heddle::isUnsettled(const Value &V) { return V.What == Value::Null && V.Number == Unsettled; }

bool heddle::isOfElements(const Value &V) { return isFew(V); }

Value heddle::withElement(const Value &Before, const Value &Added) {
  if (isNone(Before))
    return few({Added});
  const Value &Known = isFew(Before) ? Before.Bound.front() : Before;
  return Known == Added ? Known : Value();
}

void AbstractState::noteNoElements(const AccessPath &Element) {
  if (Element.isKnown())
    Pointers[Element] = few({});
}

void AbstractState::addElement(const AccessPath &Element, const Value &Held) {
  if (Pointers.count(Element))
    store(Element, Held);
}

Value AbstractState::storeAmong(const AccessPath &Where, const Value &Held) {
  if (!isOfArray(Where))
    return Held;
  Value Result = Held;
  if (auto Known = Pointers.find(Where); Known != Pointers.end() && !Where.isPrecise())
    Result = withElement(Known->second, Held);
  // The same element may go by another name.
  Pointers.changeIf(
      [&](const AccessPath &Other, const Value &) {
        return !(Other == Where) && Other.steps().size() == Where.steps().size() &&
               !(Other.isPrecise() && Where.isPrecise()) && Other.mayOverlap(Where);
      },
      [&](const AccessPath &Other, Value &Content) {
        if (!Other.isPrecise())
          Content = withElement(Content, Held);
        else if (!(Content == Held))
          Content = Value();
      });
  return Result;
}

void AbstractState::forgetElementsAt(const AccessPath &Root) {
  Pointers.changeIf(
      [&](const AccessPath &Element, const Value &Held) {
        return !Element.isPrecise() &&
               (isFew(Held) && !isNone(Held) ? Held.Bound.front() : Held).Path.startsWith(Root);
      },
      [](const AccessPath &, Value &Held) { Held = Value(); });
}

SharedMap<AccessPath, Value> AbstractState::elementsAfterMove(const AccessPath &From,
                                                              const AccessPath &To) const {
  SharedMap<AccessPath, Value> Result;
  if (To.isPrecise() || To.startsWith(From))
    return Result;
  for (const auto &[Element, Before] : Pointers) {
    if (!Element.startsWith(To))
      continue;
    bool IsFollowed = isFew(Before), IsPart = Element.steps().size() > To.steps().size();
    auto Moved = Pointers.find(Element.rebased(From, To.steps().size()));
    if (Moved == Pointers.end()) {
      if (IsFollowed || (IsPart && isOneObject(Before)))
        Result[Element] = Value();
    } else if (IsFollowed || Moved->second.isCallable() || isOneObject(Before)) {
      // Of several that a container holds, nobody knows which one an element is.
      Result[Element] = withElement(Before, Moved->second);
    }
  }
  return Result;
}
