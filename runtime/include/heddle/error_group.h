// Tasks that work for one result: the first failure ends them all.
#pragma once

#include "heddle/annotations.h"
#include "heddle/context.h"
#include "heddle/defer.h"
#include "heddle/detail/internal_mutex.h"
#include "heddle/semaphore.h"
#include "heddle/wait_group.h"

#include <concepts>
#include <cstddef>
#include <exception>
#include <limits>
#include <source_location>
#include <system_error>
#include <type_traits>
#include <utility>

namespace heddle {

/// A group of tasks with a context of their own, a child of the one it was made with. The first
/// task that throws, or returns a std::error_code that is not zero, cancels that context; the
/// others should look at it. wait() waits for all, cancels, and rethrows that first failure (a code
/// as std::system_error). No task outlives the group: the destructor cancels and waits too, and
/// drops a failure that nobody waited for. go is thread-safe, wait is called once, by the owner,
/// after the last go; then the group is done. Not copyable. Errors: context_error if the parent is
/// null; std::invalid_argument if the limit is zero.
class error_group {
public:
  /// With at most `limit` tasks at a time.
  explicit error_group(const context &parent,
                       std::size_t limit = std::numeric_limits<std::size_t>::max());
  ~error_group();
  error_group(const error_group &) = delete;
  error_group &operator=(const error_group &) = delete;

  /// The context of the tasks; done at the first failure and after wait().
  [[nodiscard]] const context &ctx() const noexcept { return own_.ctx; }

  /// Starts a task of the group, which calls callable(ctx()) or callable(). At the limit it blocks
  /// until a task has ended. Returns false, without starting it, when the context is done.
  template <typename F>
    requires std::invocable<F, const context &> || std::invocable<F>
  bool go(F callable, std::source_location where = std::source_location::current()) {
    if (!free_.acquire(ctx(), where))
      return false;
    try {
      tasks_.go(
          [this, call = std::move(callable)]() mutable {
            defer d([this] { free_.release(); });
            run(call);
          },
          where);
    } catch (...) {
      free_.release();
      throw;
    }
    return true;
  }

  /// Blocks until all tasks have ended; rethrows the first failure.
  void wait(std::source_location where = std::source_location::current());

private:
  template <typename F> void run(F &callable) noexcept {
    try {
      const auto call = [&]() -> decltype(auto) {
        if constexpr (std::invocable<F, const context &>)
          return std::move(callable)(ctx());
        else
          return std::move(callable)();
      };
      if constexpr (std::is_same_v<decltype(call()), std::error_code>) {
        if (const std::error_code failure = call())
          throw std::system_error(failure);
      } else {
        call();
      }
    } catch (...) {
      fail(std::current_exception());
    }
  }
  void fail(std::exception_ptr failure) noexcept;

  const cancelable_context own_;
  semaphore free_;
  detail::internal_mutex mutex_;
  std::exception_ptr first_ HEDDLE_GUARDED_BY(mutex_);
  wait_group tasks_;
};

} // namespace heddle
