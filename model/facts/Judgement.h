// What is known of values where ways part: what a variable is set to, and what a branch says.
#ifndef HEDDLE_MODEL_FACTS_JUDGEMENT_H
#define HEDDLE_MODEL_FACTS_JUDGEMENT_H

#include "model/facts/AccessPath.h"

#include <map>
#include <vector>

namespace heddle {

enum class Relation : uint8_t { Equal, Differs, Less, LessEqual, Greater, GreaterEqual };

/// What holds where the relation does not.
Relation opposite(Relation How);

/// Of a single number or pointer; null counts as zero. The subject is memory, the result of a call
/// (a temporary), or a condition that is computed from several values: {Return, N} with N > 0, the
/// same number for the same text about the same variables. Conditions that are put together by
/// logical operators have names of their own, see AccessPath::wholeCondition.
struct Judgement {
  enum Kind : uint8_t {
    Assigned, ///< From here on Subject holds what Right says.
    Captured, ///< From here on closures that are not seen may change Subject.
    Decided,  ///< On an edge: Subject stands in relation How to Against.
  };
  enum Source : uint8_t {
    Unknown,
    Constant, ///< Against
    Address,  ///< Some number other than zero.
    Copy,     ///< What From holds.
    Truth,    ///< One if From stands in relation How to Against, else zero.
    Shifted,  ///< What it held before, and Against on top.
    WithBits, ///< What it held before, with the bits of Against set.
  };
  Kind What = Assigned;
  Source Right = Unknown;
  Relation How = Relation::Equal;
  int64_t Against = 0;
  int64_t Mask = 0; ///< Of a decision: it is about these bits of From; zero otherwise.
  AccessPath Subject, From;
  std::vector<AccessPath> Reads; ///< Of a computed condition: the memory that it depends on.
};

/// By number of a whole condition: where that does not hold, neither do these.
using ConditionParts = std::map<uint32_t, std::vector<Judgement>>;

} // namespace heddle

#endif
