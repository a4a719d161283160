// Names of memory that stay meaningful outside of the function that uses them.
//
// An access path is a root (a variable, a parameter, an allocation) and the steps from there to
// the memory meant: fields, dereferences, elements. Lock identity, shared data and thread handles
// are all access paths. At a call the callee's parameters are replaced by the caller's values.
#ifndef HEDDLE_MODEL_FACTS_ACCESSPATH_H
#define HEDDLE_MODEL_FACTS_ACCESSPATH_H

#include "llvm/ADT/ArrayRef.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <tuple>
#include <vector>

namespace heddle {

using EntityId = uint32_t;   ///< Index into UnitFacts::Entities.
using FunctionId = uint32_t; ///< Index into UnitFacts::Functions.
constexpr uint32_t InvalidId = ~0u;
struct Subscripts;

/// What a path starts from. `Id` is an EntityId for variables, a slot for parameters and captures,
/// and otherwise a number that is unique for the place in the source.
enum class RootKind : uint8_t {
  Unknown,
  Global,    ///< Namespace-scope variable, static member, static local.
  Local,     ///< Automatic variable.
  Parameter, ///< Slot 0 is `this`; the first parameter is slot 1.
  Capture,   ///< Captured variable of a lambda, by its position.
  Heap,      ///< Object made by new or an allocating call.
  Temporary, ///< Unnamed object, or the result of a call.
  Return,    ///< What the function returns.
};

struct PathStep {
  enum Kind : uint8_t {
    Field,     ///< Id: the field's EntityId
    Deref,     ///< through a pointer, reference or handle
    Element,   ///< some element; which one is not known
    ElementAt, ///< Id: constant index
    Offset,    ///< Id: so many elements behind the one meant so far, as pointers count
    Chosen,    ///< Id: the element that some expression chooses, within one run of a function
    Given,     ///< last only; Id: the function without a visible body that was given the memory;
               ///< HandedOver: a thread gives the lock back that another one has taken;
               ///< OfGuard: the locks of a guard that a caller gave; AtEntry: what the path
               ///< named where the function began
    Outer,     ///< Id: the object of which the memory meant so far is this field
  };
  static constexpr unsigned IdBits = 29;
  static constexpr uint32_t HandedOver = (1u << IdBits) - 1, OfGuard = HandedOver - 1,
                            AtEntry = OfGuard - 1;

  constexpr PathStep() : PathStep(Field) {}
  constexpr PathStep(Kind What, uint32_t Id = 0) : Id(Id), What(What) {}

  uint32_t Id : IdBits;
  Kind What : 32 - IdBits;

  /// The Id of ElementAt and Offset as a number, which may be negative.
  int32_t number() const { return static_cast<int32_t>(Id << (32 - IdBits)) >> (32 - IdBits); }
  /// Whether it chooses among the elements of an array.
  bool isOfArray() const { return What == Element || What == ElementAt || What == Offset; }
  /// By kind, then by Id. With the members in this order it is the step's memory as it stands.
  constexpr uint32_t rank() const { return uint32_t(What) << IdBits | Id; }
  friend bool operator==(PathStep A, PathStep B) { return A.rank() == B.rank(); }
  friend auto operator<=>(PathStep A, PathStep B) { return A.rank() <=> B.rank(); }
};

/// Value type, small and trivial to copy: the analysis does little else. Paths that grow past
/// MaxSteps become unknown, so that loops over linked data end.
class AccessPath {
public:
  static constexpr unsigned MaxSteps = 8;

  AccessPath() = default;
  AccessPath(RootKind Root, uint32_t Id) : Id(Id), Root(Root) {}

  RootKind root() const { return Root; }
  uint32_t rootId() const { return Id; }
  llvm::ArrayRef<PathStep> steps() const { return {Steps.data(), Count}; }
  bool isKnown() const { return Root != RootKind::Unknown; }
  bool isRootOnly() const { return Count == 0; }
  /// Starts at what a caller, or who made the closure, has given.
  bool isGiven() const { return Root == RootKind::Parameter || Root == RootKind::Capture; }

  AccessPath field(EntityId Field) const { return with({PathStep::Field, Field}); }
  AccessPath deref() const { return with({PathStep::Deref, 0}); }
  /// The object that this is the field of.
  AccessPath outer(EntityId Field) const { return with({PathStep::Outer, Field}); }
  AccessPath element() const { return with({PathStep::Element, 0}); }
  /// `Count` elements further on (negative: back) in the array in which this one lies, if any.
  AccessPath offset(int32_t Count) const { return numbered(PathStep::Offset, Count); }
  /// The same place in an array, but who knows at which index.
  AccessPath someNeighbour() const;
  AccessPath given(EntityId Function) const { return with({PathStep::Given, Function}); }
  /// Names what orders threads that hand a lock over, beside the lock itself.
  AccessPath handedOver() const { return with(handover()); }
  bool isHandedOver() const { return Count > 0 && steps().back() == handover(); }
  /// Names the locks of this guard where only a caller knows which they are.
  AccessPath locksOfGuard() const { return with({PathStep::Given, PathStep::OfGuard}); }
  bool isOfGuard() const {
    return Count > 0 && steps().back() == PathStep(PathStep::Given, PathStep::OfGuard);
  }
  /// Names what the path named where the function began, before it was set.
  AccessPath atEntry() const { return with({PathStep::Given, PathStep::AtEntry}); }
  bool isAtEntry() const {
    return Count > 0 && steps().back() == PathStep(PathStep::Given, PathStep::AtEntry);
  }
  /// The guard whose locks the path names.
  AccessPath guard() const { return prefix(Count - 1); }
  AccessPath elementAt(uint32_t Index) const { return numbered(PathStep::ElementAt, Index); }
  /// The only element on the way whose index is not known becomes the one that the expression of
  /// that number chooses; unknown if there is no such element, or more than one.
  AccessPath chosenBy(uint32_t Expression) const;
  /// A condition that is put together from others, by its number; see Judgement.
  static AccessPath wholeCondition(uint32_t Number) {
    return AccessPath(RootKind::Return, Number).elementAt(0);
  }
  bool isWholeCondition() const {
    return Root == RootKind::Return && Id > 0 && Count == 1 && Steps[0].What == PathStep::ElementAt;
  }
  /// Without saying by what the elements on the way are chosen.
  AccessPath anyElement() const;
  AccessPath with(PathStep Step) const;
  /// This path's first `Count` steps.
  AccessPath prefix(unsigned Count) const;
  /// Base followed by this path's steps from `From` on.
  AccessPath rebased(const AccessPath &Base, unsigned From) const;

  bool startsWith(const AccessPath &Prefix) const;
  /// Same memory or one inside the other: equal, or one extends the other without a Deref.
  bool overlaps(const AccessPath &Other) const;
  /// The same for all that is known: indices that are not known may be any.
  bool mayOverlap(const AccessPath &Other) const;
  /// True if the path says exactly which object is meant within one run of its function: no
  /// element of unknown index on the way.
  bool isPrecise() const;
  /// Whether the two lie in different objects that the function was given.
  bool isOfOther(const AccessPath &Path) const {
    return Root == RootKind::Parameter && Path.Root == RootKind::Parameter && Id != Path.Id;
  }
  /// Whether some expression of the function says which element is meant.
  bool isChosen() const;
  unsigned derefs() const;
  /// The entity that a reader would name: the last field, or the root variable; InvalidId if none.
  EntityId subject() const;

  friend bool operator==(const AccessPath &A, const AccessPath &B) {
    return A.Id == B.Id && A.Root == B.Root && A.steps() == B.steps();
  }
  friend bool operator<(const AccessPath &A, const AccessPath &B) {
    if (A.Root != B.Root || A.Id != B.Id)
      return std::tie(A.Root, A.Id) < std::tie(B.Root, B.Id);
    return std::lexicographical_compare(A.Steps.begin(), A.Steps.begin() + A.Count, B.Steps.begin(),
                                        B.Steps.begin() + B.Count);
  }

private:
  static constexpr PathStep handover() { return {PathStep::Given, PathStep::HandedOver}; }
  AccessPath numbered(PathStep::Kind What, int32_t Number) const;
  void append(PathStep Step) { Steps[Count++] = Step; }

  uint32_t Id = 0;
  RootKind Root = RootKind::Unknown;
  uint8_t Count = 0; ///< Of the steps that are in use.
  std::array<PathStep, MaxSteps> Steps;
};

/// What an expression of pointer, handle or callable type evaluates to.
struct Value {
  enum Kind : uint8_t {
    Unknown,
    Null,
    Constant, ///< `Number`
    PointsTo, ///< the address of `Path`
    Load,     ///< the value stored in `Path`
    Function, ///< `Callee`; of a virtual call through `Path`
    Closure,  ///< lambda or bound call: `Callee` with `Bound` captures or leading arguments
  };
  Kind What = Unknown;
  AccessPath Path;
  FunctionId Callee = InvalidId;
  /// Of a constant; of an argument of an UnknownCall that leads to a number: one more than the
  /// EntityId of the function called.
  int64_t Number = 0;
  std::vector<Value> Bound;
  /// Of what points into an array: by which subscripts, in terms of the loops around; may be null.
  std::shared_ptr<const Subscripts> Chosen = nullptr;

  static Value pointsTo(AccessPath P) {
    return P.isKnown() ? Value{PointsTo, std::move(P), InvalidId, 0, {}} : Value{};
  }
  static Value load(AccessPath P) {
    return P.isKnown() ? Value{Load, std::move(P), InvalidId, 0, {}} : Value{};
  }
  static Value constant(int64_t N) { return {Constant, {}, InvalidId, N, {}}; }
  /// The memory that this pointer-like value refers to.
  AccessPath pointee() const {
    return What == PointsTo ? Path : What == Load ? Path.deref() : AccessPath();
  }
  bool isKnown() const { return What != Unknown; }
  /// It is known what runs when it is called.
  bool isCallable() const { return What == Function || What == Closure; }
  /// Only a caller, or who made the closure, may know what it is.
  bool isGiven() const { return (What == Load || What == PointsTo) && Path.isGiven(); }
  /// By whatever subscripts: these say more of the same name.
  friend bool operator==(const Value &A, const Value &B) {
    return A.What == B.What && A.Path == B.Path && A.Callee == B.Callee && A.Number == B.Number &&
           A.Bound == B.Bound;
  }
};

} // namespace heddle

#endif
