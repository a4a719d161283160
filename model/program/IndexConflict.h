// Whether two array accesses with affine subscripts, made by two threads, can be to one element.
#ifndef HEDDLE_MODEL_PROGRAM_INDEXCONFLICT_H
#define HEDDLE_MODEL_PROGRAM_INDEXCONFLICT_H

#include "model/facts/TeamFacts.h"

namespace heddle {

/// One access on either side. Variables of loops have values of their own on each side; symbols
/// have one value for both.
struct IndexProblem {
  std::vector<std::pair<AffineIndex, AffineIndex>> Subscripts; ///< One pair for each dimension.
  std::vector<IterationRange> Ranges;
  /// Variables that say which thread it is: (first side, second side). In a solution, at least one
  /// pair is in different rounds. Empty if the sides may be in any.
  std::vector<std::pair<uint32_t, uint32_t>> Distinct;
  /// The first side is done by who gives the element to the second one, a thread that it starts: in
  /// a later round of a loop that both count with, or (IsBehind) in the same.
  bool IsGiven = false, IsBehind = false;
};

/// True only if there is a solution for certain: a subscript that is not known, or a symbol that
/// does not cancel out, makes it false. Where the number of rounds is not known, a few are assumed.
/// Source: the GCD test and Banerjee's bounds (Banerjee, Dependence Analysis for Supercomputing,
/// 1988) to exclude solutions, then a search for one, with what is left to one variable solved
/// exactly.
bool canMeet(const IndexProblem &Problem);

} // namespace heddle

#endif
