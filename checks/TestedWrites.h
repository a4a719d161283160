// Writes that come after a test of what they write: two steps, however whole each of them is.
#ifndef HEDDLE_CHECKS_TESTEDWRITES_H
#define HEDDLE_CHECKS_TESTEDWRITES_H

#include "model/program/ProgramModel.h"

namespace heddle {

/// Whether the function looks at the memory before it comes to the write, and comes there or not as
/// that says. Not so where a loop goes on until somebody sets a constant, nor where only a failed
/// assertion lies on the other way.
bool isTestedBeforeWrite(const UnitFacts &Unit, FunctionId In, const AccessPath &Path,
                         SourceRange Write);

/// Whether two threads may pass such a test and then both write.
bool isTestedByWriters(const ProgramModel &Program,
                       const std::vector<const ConcurrentPair *> &Races);

} // namespace heddle

#endif
