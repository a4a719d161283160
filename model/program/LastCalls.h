// Calls that nothing comes after, because the callee does not come back.
#ifndef HEDDLE_MODEL_PROGRAM_LASTCALLS_H
#define HEDDLE_MODEL_PROGRAM_LASTCALLS_H

#include "model/facts/UnitFacts.h"

namespace heddle {

/// Ends the blocks of all functions behind calls of functions that only throw, end the program or
/// the thread, or loop for ever: from there the way leads to the handlers around the call, or out
/// of the function. A function that may be overridden, one that is not seen, and a recursive one of
/// which nothing else is known come back. `BottomUp`: all functions, callees first.
void endWaysAtLastCalls(UnitFacts &Unit, const std::vector<FunctionId> &BottomUp);

} // namespace heddle

#endif
