// The user's Ctrl-C and a CI system's SIGTERM: the first one asks the run to come to an end and
// keep what it has; another one, later, says so and ends the process at once.
#ifndef HEDDLE_DRIVER_RUN_INTERRUPTION_H
#define HEDDLE_DRIVER_RUN_INTERRUPTION_H

#include <atomic>

namespace heddle {

/// Installs the handler for SIGINT and SIGTERM, once per process, and returns the flag that it
/// sets. The flag lives as long as the process; any thread may read it.
const std::atomic<bool> &watchForInterruption();

/// The signal that set the flag; 0 as long as it is not set.
int interruptingSignal();

} // namespace heddle

#endif
