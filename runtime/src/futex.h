// Sleeping until a word in memory changes: the system call under everything that blocks a thread.
#ifndef HEDDLE_SRC_FUTEX_H
#define HEDDLE_SRC_FUTEX_H

#include "heddle/time_point.h"

#include <atomic>
#include <cstdint>

namespace heddle::detail {

using futex_word = std::atomic<std::uint32_t>;

/// Sleeps while the word has the value `seen`. May return early: look again.
void futex_wait(const futex_word &word, std::uint32_t seen) noexcept;

/// As futex_wait, but not beyond the deadline.
void futex_wait_until(const futex_word &word, std::uint32_t seen, time_point deadline) noexcept;

/// Wakes one sleeper, if there is any. Uses only the word's address, so it may be gone.
void futex_wake(const futex_word &word) noexcept;

} // namespace heddle::detail

#endif
