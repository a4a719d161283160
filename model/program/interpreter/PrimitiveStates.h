// Whether primitives that calls set up and tear down (mutexes, conditions, barriers and semaphores
// of C) are there, gone, or not there yet; and what is done to them in the wrong state.
#ifndef HEDDLE_MODEL_PROGRAM_INTERPRETER_PRIMITIVESTATES_H
#define HEDDLE_MODEL_PROGRAM_INTERPRETER_PRIMITIVESTATES_H

#include "model/program/Operation.h"

namespace heddle {

/// What may be the case at some point; several at once where ways meet.
struct PrimitiveState {
  enum Possibility : uint8_t {
    AsBefore = 1, ///< As it was when the function was entered.
    NotYet = 2,   ///< The memory is there, but nothing was set up in it.
    Ready = 4,
    Gone = 8,
    Unclear = 16,
  };
  uint8_t May = AsBefore;
  bool IsFreed = false;  ///< Gone with the memory that it was in.
  bool HasTwins = false; ///< The name stands for several objects of the heap.
  SourceRange Since;     ///< Where it became so.
  AccessPath Outcome;    ///< What the call returned that made it so; a test of that may undo it.
  /// The variable that holds the outcome. Of memory that is NotYet set up: the one pointer to it.
  AccessPath KnownAs;

  bool is(Possibility Only) const { return May == Only; }
  friend bool operator==(const PrimitiveState &A, const PrimitiveState &B) {
    return A.May == B.May && A.IsFreed == B.IsFreed && A.HasTwins == B.HasTwins &&
           A.Since == B.Since && A.Outcome == B.Outcome && A.KnownAs == B.KnownAs;
  }
};

/// By the object. What is said of an object holds for all that lies in it, up to the next pointer.
class PrimitiveStates {
public:
  using Map = std::map<AccessPath, PrimitiveState>;

  PrimitiveState at(const AccessPath &Object) const;
  /// Whether anything is known of it or of something in it or behind it.
  bool knows(const AccessPath &Object) const;
  void set(const AccessPath &Object, PrimitiveState State);
  /// The root is a new object.
  void fresh(const AccessPath &Root);
  /// Something may have happened to the object, to what is in it and to what it leads to.
  void forget(const AccessPath &Object);
  /// The same for whatever code that is not seen can reach.
  void forgetReachable();
  /// The variable holds what a call returned.
  void nameOutcome(const AccessPath &Outcome, const AccessPath &Variable);
  /// The branch that looks at an outcome (or at the variable that holds it) says that the call has
  /// worked; or has not, or may not have.
  void noteOutcome(const AccessPath &Tested, bool HasWorked);
  /// The pointer `Holder` now leads to `Object` as well.
  void addAlias(const AccessPath &Holder, const AccessPath &Object);
  /// Both may be the case; returns whether this changed.
  bool join(const PrimitiveStates &Other);

  const Map &all() const {
    static const Map None;
    return Content ? *Content : None;
  }
  bool hasMetUnseen() const { return MetUnseen; }
  /// Keeps the objects for which the predicate holds.
  template <typename Predicate> void keepIf(Predicate Keep) {
    eraseIf([&](const AccessPath &Path) { return !Keep(Path); });
  }
  friend bool operator==(const PrimitiveStates &A, const PrimitiveStates &B) {
    return A.MetUnseen == B.MetUnseen && A.Made == B.Made &&
           (A.Content == B.Content || A.all() == B.all());
  }

private:
  /// The states, for changing them: copies share them until one changes.
  Map &change();
  template <typename Predicate> void eraseIf(Predicate Drop) {
    for (const auto &[Path, State] : all())
      if (Drop(Path)) {
        std::erase_if(change(), [&](const auto &Entry) { return Drop(Entry.first); });
        return;
      }
  }
  /// Nothing is known any more of those for which the predicate holds.
  template <typename Predicate> void loseIf(Predicate Loses);

  std::shared_ptr<Map> Content;
  PathSet Made; ///< Objects of the heap that have come into being, and are still there (may).
  bool MetUnseen = false; ///< Code that is not seen may have changed what it can reach.
};

/// Something done to a primitive, or to memory around it.
struct PrimitiveUse {
  enum Kind : uint8_t { SetUp, TearDown, Free, Use };
  Kind What = Use;
  AccessPath Object;
  FunctionId In = InvalidId;
  SourceRange Where;
  std::vector<CallStep> Calls; ///< From the frame to In.
  bool IsReleased = false;     ///< The function itself has given the lock back before.
};

/// A use in a state that does not allow it.
struct PrimitiveMisuse {
  enum Kind : uint8_t {
    SetUpTwice,
    NeverSetUp,
    UsedAfterEnd,
    TornDownTwice,
    TornDownLocked,
    FreedLocked,   ///< The memory around a lock that is held.
    LeftLocked,    ///< The scope of a lock ends while it is held.
    TornDownInUse, ///< A barrier that another thread may not have left; Before: where it came
                   ///< there.
  };
  Kind What = SetUpTwice;
  FunctionId Frame = InvalidId;
  PrimitiveUse Use;
  SourceRange Before; ///< Where it was set up, torn down or locked before; may be invalid.
  bool IsFreed = false;
};

} // namespace heddle

#endif
