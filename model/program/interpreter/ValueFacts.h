// What branches and assignments say about values on all ways to a point, kept where threads are
// started: a thread that runs only if a flag is set is joined where the flag is found to be set.
#ifndef HEDDLE_MODEL_PROGRAM_INTERPRETER_VALUEFACTS_H
#define HEDDLE_MODEL_PROGRAM_INTERPRETER_VALUEFACTS_H

#include "model/facts/Judgement.h"
#include "model/program/SharedSet.h"

#include <optional>

namespace heddle {

/// The subject stands in that relation to a number; see Judgement.
struct ValueFact {
  AccessPath Subject;
  Relation How = Relation::Equal;
  int64_t Against = 0;
  std::vector<AccessPath> Reads;

  /// What the judgement lets one know, if that is about something that keeps its value until it is
  /// seen to change.
  static std::optional<ValueFact> from(const Judgement &Said);
  /// Whether both cannot hold at once.
  bool excludes(const ValueFact &Other) const;
  /// Whether it may no longer hold when that memory changes.
  bool dependsOn(const AccessPath &Changed) const;

  friend bool operator==(const ValueFact &A, const ValueFact &B) {
    return A.How == B.How && A.Against == B.Against && A.Subject == B.Subject;
  }
  friend bool operator<(const ValueFact &A, const ValueFact &B) {
    return std::tie(A.Subject, A.How, A.Against) < std::tie(B.Subject, B.How, B.Against);
  }
};

using ValueFacts = SharedSet<ValueFact>;

} // namespace heddle

#endif
