// The threads of the runtime that run no tasks, from their first use to the end of the program.
#pragma once

#include "futex.h"
#include "heddle/annotations.h"
#include "heddle/detail/internal_mutex.h"

#include <sys/types.h>
#include <thread>

namespace heddle::detail {

/// One thread that is asked to stop, and joined, once all static objects are destroyed: what they
/// and main wait for can still come. Later starts do nothing. The body loops until stopping().
/// Thread-safe. It is part of an object that is never destroyed.
class service_thread {
public:
  /// Starts it, once. Errors: std::system_error; the next call tries again.
  void start(void (*body)());

  [[nodiscard]] bool stopping() const noexcept { return stopping_.load() != 0; }

  /// Sleeps until the instant or, at the latest, until it has to stop. For the body.
  void pause_until(time_point end) const noexcept { futex_wait(stopping_, 0, end); }

  /// From now on stopping() is true.
  void ask_to_stop() noexcept;

  /// Waits for its end; or does not, if it is in code of the user, which may never return. Not
  /// twice. REQUIRES: it was asked to stop, and is awake or was woken.
  void finish(bool in_user_code) noexcept;

private:
  internal_mutex mutex_;
  std::thread thread_ HEDDLE_GUARDED_BY(mutex_);
  pid_t process_ HEDDLE_GUARDED_BY(mutex_) = 0; ///< a fork has no threads but its caller's
  std::atomic<bool> started_ = false;
  futex_word stopping_ = 0;
};

} // namespace heddle::detail
