// What ThreadSanitizer and AddressSanitizer must hear about stacks that are switched by hand. In
// other builds all of it is empty.
#pragma once

#include <cstddef>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HEDDLE_TSAN 1
#endif
#if __has_feature(address_sanitizer)
#define HEDDLE_ASAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__) && !defined(HEDDLE_TSAN)
#define HEDDLE_TSAN 1
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(HEDDLE_ASAN)
#define HEDDLE_ASAN 1
#endif

/// For functions on data that belongs to one worker's thread. Several tasks use it one after the
/// other on that thread, which no race detector that knows only tasks can see; were it told, it
/// would take every two tasks of one worker as ordered and miss the races between them.
/// No instrumentation at all: on entry and exit it would count frames of two tasks as one's.
#if defined(HEDDLE_TSAN) && defined(__clang__)
#define HEDDLE_WORKER_ONLY __attribute__((disable_sanitizer_instrumentation, noinline))
#elif defined(HEDDLE_TSAN)
#define HEDDLE_WORKER_ONLY __attribute__((no_sanitize("thread"), noinline))
#else
#define HEDDLE_WORKER_ONLY
#endif

#if defined(HEDDLE_TSAN)
#include <sanitizer/tsan_interface.h>
// No header has them. NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" {
void __tsan_ignore_thread_begin();
void __tsan_ignore_thread_end();
void AnnotateIgnoreSyncBegin(const char *file, int line);
void AnnotateIgnoreSyncEnd(const char *file, int line);
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
#endif
#if defined(HEDDLE_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#endif

namespace heddle::detail {

#if defined(HEDDLE_TSAN)
inline constexpr bool under_thread_sanitizer = true;
#else
inline constexpr bool under_thread_sanitizer = false;
#endif
#if defined(HEDDLE_ASAN)
inline constexpr bool under_address_sanitizer = true;
#else
inline constexpr bool under_address_sanitizer = false;
#endif

/// While it lives, ThreadSanitizer neither looks at what the calling stack does nor takes it to
/// order anything. Workers choose and hand over tasks on the stacks of tasks and of the threads
/// that wake them; none of that makes one task come before another. All uses of what belongs to the
/// workers alone lie in such scopes, or else it would be a race. Ends before the stack is left.
class unobserved {
public:
  unobserved() noexcept {
#if defined(HEDDLE_TSAN)
    __tsan_ignore_thread_begin();
    AnnotateIgnoreSyncBegin(__FILE__, __LINE__);
#endif
  }
  ~unobserved() {
#if defined(HEDDLE_TSAN)
    AnnotateIgnoreSyncEnd(__FILE__, __LINE__);
    __tsan_ignore_thread_end();
#endif
  }
  unobserved(const unobserved &) = delete;
  unobserved &operator=(const unobserved &) = delete;
};

/// What lies there may be all that refers to an allocation.
inline void scan_for_leaks([[maybe_unused]] char *bottom,
                           [[maybe_unused]] std::size_t size) noexcept {
#if defined(HEDDLE_ASAN)
  __lsan_register_root_region(bottom, size);
#endif
}

/// The sanitizers' view of one stack. Not thread-safe; it goes where its stack goes.
class sanitizer_stack {
public:
  /// This is the stack of the calling thread itself.
  void adopt_thread() noexcept {
#if defined(HEDDLE_TSAN)
    fiber_ = __tsan_get_current_fiber();
#endif
  }

  /// A task starts on this memory, which may still be marked by a task that ended on it.
  HEDDLE_WORKER_ONLY void begin([[maybe_unused]] char *bottom,
                                [[maybe_unused]] std::size_t size) noexcept {
#if defined(HEDDLE_TSAN)
    fiber_ = __tsan_create_fiber(0);
#endif
#if defined(HEDDLE_ASAN)
    __asan_unpoison_memory_region(bottom, size);
    bottom_ = bottom;
    size_ = size;
    fake_stack_ = nullptr;
#endif
  }

  /// Its task has ended and the thread is on another stack.
  HEDDLE_WORKER_ONLY void end() noexcept {
#if defined(HEDDLE_TSAN)
    __tsan_destroy_fiber(fiber_);
#endif
  }

  /// The last thing on this stack before a switch to `to`.
  HEDDLE_WORKER_ONLY void leave([[maybe_unused]] const sanitizer_stack &to,
                                [[maybe_unused]] bool for_ever) noexcept {
#if defined(HEDDLE_ASAN)
    __sanitizer_start_switch_fiber(for_ever ? nullptr : &fake_stack_, to.bottom_, to.size_);
#endif
#if defined(HEDDLE_TSAN)
    __tsan_switch_to_fiber(to.fiber_, __tsan_switch_to_fiber_no_sync);
#endif
  }

  /// The first thing on this stack after a switch from `from`.
  HEDDLE_WORKER_ONLY void arrive([[maybe_unused]] sanitizer_stack &from) noexcept {
#if defined(HEDDLE_ASAN)
    __sanitizer_finish_switch_fiber(fake_stack_, &from.bottom_, &from.size_);
#endif
  }

private:
#if defined(HEDDLE_TSAN)
  void *fiber_ = nullptr;
#endif
#if defined(HEDDLE_ASAN)
  const void *bottom_ = nullptr;
  std::size_t size_ = 0;
  void *fake_stack_ = nullptr;
#endif
};

} // namespace heddle::detail
