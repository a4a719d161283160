// How the threads of a team (an OpenMP parallel region) share out the work between them, and which
// elements of an array each of them touches.
//
// Every thread of a team runs the same code, so where an event stands says which threads get there:
// all of them, one of them, or each for other iterations of a loop. Plain data, as UnitFacts is.
#ifndef HEDDLE_MODEL_FACTS_TEAMFACTS_H
#define HEDDLE_MODEL_FACTS_TEAMFACTS_H

#include "model/facts/AccessPath.h"
#include "model/facts/Source.h"

#include <optional>
#include <set>
#include <utility>

namespace heddle {

/// Why a function has no declaration of its own: it is the body of a directive.
enum class RegionKind : uint8_t {
  None,
  Team,  ///< Run by every thread of a team.
  Tasks, ///< Run by several tasks, each for a part of a loop.
  Task,  ///< Run once for each time that the directive is reached.
};

/// How a construct shares out what stands in it among the threads of the team.
enum class WorkKind : uint8_t {
  Everybody, ///< It does not.
  Loop,      ///< Each thread runs iterations that no other runs.
  Section,   ///< Each part is run by one thread.
  Single,    ///< Run by one thread.
  Master,    ///< Run by one thread, which is the same for all such constructs.
};

/// A place among the constructs of a function.
struct TeamContext {
  WorkKind Work = WorkKind::Everybody;
  uint32_t Construct = InvalidId;  ///< Equal for what stands in the same construct.
  uint32_t Part = 0;               ///< Of sections.
  bool IsOrdered = false;          ///< The iterations say themselves which of them wait for which.
  std::vector<EntityId> Variables; ///< The loop variables whose values differ between threads.
  std::vector<AccessPath> Locks;   ///< Of the critical sections around.
};

/// What a number in a subscript depends on.
struct AffineTerm {
  enum Kind : uint8_t {
    Distributed,  ///< A loop variable; other threads have other values.
    Inner,        ///< A variable of a loop that each thread runs for itself.
    ThreadNumber, ///< Each thread has its own.
    Symbol,       ///< The same for all threads of the team.
    Parameter,    ///< What the caller gives; Variable is the slot.
    Captured,     ///< What a lambda has a copy of; Variable is the capture.
    Round,        ///< A loop's variable, of use only where one thread gives another the element.
  };
  Kind What = Symbol;
  /// EntityId; for symbols, a number that is unique for the value; for parameters, the slot.
  uint32_t Variable = InvalidId;
  int64_t Factor = 0;
  friend auto operator<=>(const AffineTerm &, const AffineTerm &) = default;
};

/// Constant + sum of factor * variable; what is not of that form is unknown.
struct AffineIndex {
  bool IsKnown = false;
  int64_t Constant = 0;
  std::vector<AffineTerm> Terms; ///< Sorted, each variable once, no factor is zero.
  friend bool operator==(const AffineIndex &, const AffineIndex &) = default;
};

/// The values that a loop variable takes: First, First + Step, …
struct IterationRange {
  uint32_t Variable = InvalidId;
  int64_t Step = 1;
  std::optional<int64_t> First; ///< Unknown, but the same for all threads, if not set.
  std::optional<int64_t> Count; ///< Rounds; unknown if not set.
  friend auto operator<=>(const IterationRange &, const IterationRange &) = default;
};

/// The subscripts of an access and the loops that their variables belong to.
struct Subscripts {
  std::vector<AffineIndex> Indices; ///< For the last element steps of the path, the last one first.
  std::vector<IterationRange> Ranges;
  bool IsSometimes = false; ///< There are loops around, and it is not done in every round of them.
  bool IsGiven = false;     ///< A caller or starter has chosen the element.
  SourceRange Place;        ///< In the function of the loops: its place in a round.
  friend bool operator==(const Subscripts &, const Subscripts &) = default;
};

/// A branch that one thread alone takes: the variable that was compared and with what. An unknown
/// variable stands for a comparison that cannot be told from others.
using ThreadChoice = std::pair<uint32_t, int64_t>;

/// Where a team is when one of its threads performs an operation.
struct TeamPlace {
  uint32_t Context = InvalidId; ///< Index into UnitFacts::TeamContexts.
  std::set<uint32_t> Phases;    ///< The barriers that may be the last one passed; 0 is none yet.
  std::set<ThreadChoice> Choices;
  Subscripts Elements;
  friend bool operator==(const TeamPlace &, const TeamPlace &) = default;
};

} // namespace heddle

#endif
