// Numbers that are zero only while there is no thread: a `running` beside the thread's handle.
#ifndef HEDDLE_MODEL_PROGRAM_THREADFLAGS_H
#define HEDDLE_MODEL_PROGRAM_THREADFLAGS_H

#include "model/facts/UnitFacts.h"

namespace heddle {

/// Finds numbers that keep account of threads: globals, members of the object that also holds the
/// handle, and locals of the function that starts the threads. Wherever a function of the unit is
/// left, each is zero only if no thread of the handle was started, or all have been joined. A
/// branch that has found the number zero gets the join that the number tells of.
///
/// Who looks at the number is taken to do so in the order in which it is set; that two threads do
/// so at once is a race of its own.
void settleThreadFlags(UnitFacts &Unit);

} // namespace heddle

#endif
