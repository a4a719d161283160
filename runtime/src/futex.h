// How a thread waits for a word in memory to change: the system call under everything that blocks a
// thread, and the pause of a loop that spins.
#pragma once

#include "heddle/time_point.h"

#include <atomic>
#include <cstdint>

namespace heddle::detail {

using futex_word = std::atomic<std::uint32_t>;

/// Sleeps while the word has the value `seen`, and not beyond the deadline. May return early: look
/// again.
void futex_wait(const futex_word &word, std::uint32_t seen,
                time_point deadline = time_point::max()) noexcept;

/// Wakes one sleeper, if there is any. Uses only the word's address, so it may be gone.
void futex_wake(const futex_word &word) noexcept;

/// Tells the processor that a loop waits for memory.
inline void spin_pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

} // namespace heddle::detail
