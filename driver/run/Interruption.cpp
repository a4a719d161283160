#include "driver/run/Interruption.h"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <unistd.h>

namespace heddle {

// A signal handler can reach nothing but static objects, and only lock-free atomics safely.
static std::atomic<bool> Interrupted = false;
static std::atomic<int> Signal = 0;
static std::atomic<int64_t> FirstAt = 0; // 0: none yet
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free &&
              std::atomic<int64_t>::is_always_lock_free);

// timeout(1) and others send a signal to the process and to its group: one request that comes
// twice.
constexpr int64_t OneRequest = 500; // milliseconds

static int64_t milliseconds() {
  timespec Now = {};
  clock_gettime(CLOCK_MONOTONIC, &Now);
  return Now.tv_sec * 1000 + Now.tv_nsec / 1000000 + 1;
}

static void interrupt(int Number) {
  int SavedErrno = errno;
  int64_t Now = milliseconds(), First = 0;
  if (FirstAt.compare_exchange_strong(First, Now)) {
    Signal.store(Number);
    Interrupted.store(true);
  } else if (Now - First >= OneRequest) {
    static constexpr char Text[] = "heddle: interrupted again; what is not reported yet is lost\n";
    (void)!write(STDERR_FILENO, Text, sizeof(Text) - 1);
    signal(Number, SIG_DFL);
    raise(Number);
  }
  errno = SavedErrno;
}

const std::atomic<bool> &watchForInterruption() {
  struct sigaction Action = {};
  Action.sa_handler = interrupt;
  Action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &Action, nullptr);
  sigaction(SIGTERM, &Action, nullptr);
  return Interrupted;
}

int interruptingSignal() { return Signal.load(); }

} // namespace heddle
