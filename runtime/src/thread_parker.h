// The parkers of threads that run no tasks: main, std::thread, the runtime's own.
#pragma once

#include "heddle/detail/scheduler.h"

#include <cstddef>

namespace heddle::detail {

/// One per thread, from the thread's first use of the runtime to its end; then another thread gets
/// it. Thread-safe where noted.
class thread_parker final : public parker {
public:
  /// Makes it at the first call, and counts the thread in the census.
  static thread_parker &of_this_thread();

  /// The calling thread belongs to the runtime and is counted by other means.
  static void do_not_count_this_thread() noexcept;

  void sleep() noexcept;
  void wake() noexcept; ///< any thread

  /// How many threads have one. Any thread.
  [[nodiscard]] static std::size_t count() noexcept;

  /// Calls visit(const thread_parker &) for each that sleeps. REQUIRES: nobody is awake.
  template <typename F> static void for_each(F visit) {
    for (const thread_parker *one = first(); one; one = one->next_)
      if (one->owned_ && one->asleep())
        visit(*one);
  }

  [[nodiscard]] bool is_main() const noexcept { return is_main_; }

private:
  struct owner;
  struct registry;

  explicit thread_parker(bool counted) noexcept : parker(false), counted_(counted) {}
  static const thread_parker *first() noexcept;

  bool counted_;
  bool owned_ = true;
  bool is_main_ = false;
  thread_parker *next_ = nullptr;
};

} // namespace heddle::detail
