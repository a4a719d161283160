#include "driver/run/Interruption.h"

#include <csignal>

namespace heddle {

// A signal handler can reach nothing but a static object, and only a lock-free atomic safely.
static std::atomic<bool> Interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

const std::atomic<bool> &watchForInterruption() {
  struct sigaction Action = {};
  Action.sa_handler = [](int) { Interrupted.store(true); };
  // The default action comes back with the first signal, so the second one ends the process.
  Action.sa_flags = SA_RESETHAND | SA_RESTART;
  sigaction(SIGINT, &Action, nullptr);
  sigaction(SIGTERM, &Action, nullptr);
  return Interrupted;
}

} // namespace heddle
