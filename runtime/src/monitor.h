// The monitor: a thread that finds workers that are stuck in one task.
#pragma once

#include "futex.h"
#include "heddle/time_point.h"
#include "service_thread.h"
#include "worker.h"

#include <atomic>
#include <cstdint>
#include <vector>

namespace heddle::detail {

/// Nobody has to announce a blocking call: a worker that stays in one task while its thread uses no
/// processor is replaced after 10 ms, one that computes after 100 ms, and another worker is woken
/// for what waits beside it. Looks come every 100 us at first, then up to every 2 ms while nobody
/// has to be woken, and never while no worker is active. The idea is that of sysmon in Go's
/// runtime. One per process, never destroyed. Thread-safe.
class monitor {
public:
  static monitor &instance();

  /// Starts its thread, once. Errors: std::system_error.
  void start() {
    thread_.start([] { instance().run(); });
  }

  /// Ends its thread.
  void end() noexcept;

  /// A worker becomes active, or something is suspicious: look.
  void wake_up() noexcept;

private:
  /// When a worker began the task that it is in, as far as looks can tell.
  struct observation {
    worker::glance seen;
    std::chrono::nanoseconds used{};
  };

  void run();
  void sleep() noexcept;
  bool look_at_all();
  bool look_at(worker &observed, observation &last);

  service_thread thread_;
  futex_word asleep_ = 0;
  std::vector<observation> last_; ///< used by its thread alone
};

} // namespace heddle::detail
