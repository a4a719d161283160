// Which object, and which function, is meant: captures, parameters and aliases followed to where
// they come from. Sees one unit and decides nothing about what the objects are for.
#ifndef HEDDLE_MODEL_FACTS_VALUEFLOW_H
#define HEDDLE_MODEL_FACTS_VALUEFLOW_H

#include "model/facts/UnitFacts.h"

#include "llvm/ADT/DenseMap.h"

namespace heddle {

/// Calls `Visit(const Event &)` for every event of the function, those on edges included.
template <typename Visitor> void forEachEvent(const FunctionFacts &Function, Visitor Visit) {
  for (const Block &B : Function.Blocks) {
    for (const Event &E : B.Events)
      Visit(E);
    for (const Edge &Out : B.Successors)
      for (const Event &E : Out.Events)
        Visit(E);
  }
}

/// An answer of "unknown" (InvalidId, an unknown path) is always possible and never wrong. Built
/// once per unit, which must outlive it; const and thread-safe afterwards.
class ValueFlow {
public:
  explicit ValueFlow(const UnitFacts &Unit);

  const UnitFacts &unit() const { return Unit; }

  /// The function that a Call, CallValue or Spawn of `Frame` enters.
  FunctionId callee(FunctionId Frame, const Event &E) const;
  FunctionId callable(FunctionId Frame, const Value &V) const { return target(Frame, V, 0); }
  /// The slot of the callee that receives Values[0] of a Call, Values[1] of the others.
  uint32_t firstSlot(const Event &E, FunctionId Callee) const;

  /// The path as the function around the lambda sees it, and so on outwards; also says which
  /// function that is. The path is unknown if a lambda is not seen to be created.
  struct Place {
    FunctionId Frame;
    AccessPath Path;
  };
  Place withoutCaptures(FunctionId Frame, const AccessPath &P) const;

  /// One name for the object wherever in the unit it is used: the variable's path, seen through
  /// captures, reference parameters on which all callers agree, and aliases assigned once. Fields
  /// stand for themselves in all objects of their class: Global(field).
  AccessPath object(FunctionId Frame, const AccessPath &P) const { return resolve(Frame, P, 0); }

private:
  static constexpr unsigned MaxDepth = 12;
  struct Definition {
    FunctionId Frame = InvalidId;
    const Value *What = nullptr; ///< Null once there are two that differ.
  };
  struct CallSite {
    FunctionId Frame;
    std::vector<const Value *> Slots; ///< Null where nothing is known.
  };

  void indexDefinitions(FunctionId Frame);
  void indexCalls(FunctionId Frame);
  void noteClosures(FunctionId Frame, const Value &V);
  void noteLoose(const Value &V);
  FunctionId target(FunctionId Frame, const Value &V, unsigned Depth) const;
  AccessPath resolve(FunctionId Frame, const AccessPath &P, unsigned Depth) const;
  AccessPath throughCallers(FunctionId Frame, const AccessPath &P, unsigned Depth) const;

  const UnitFacts &Unit;
  std::vector<Definition> Closures;            ///< By function: where the lambda is created.
  llvm::DenseMap<EntityId, Definition> Stores; ///< By local variable.
  std::vector<std::vector<CallSite>> Callers;  ///< By function.
  std::vector<bool> Loose;                     ///< By function: may be called from elsewhere too.
};

} // namespace heddle

#endif
