// The futex system call of Linux (Drepper, "Futexes are tricky", 2011).
#include "futex.h"

#include <ctime>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace heddle::detail {
namespace {

long futex(const futex_word &word, int operation, std::uint32_t value, const timespec *deadline) {
  return syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, deadline, nullptr,
                 FUTEX_BITSET_MATCH_ANY);
}

} // namespace

void futex_wait(const futex_word &word, std::uint32_t seen, time_point deadline) noexcept {
  // The steady clock is CLOCK_MONOTONIC, which is what this operation takes, as an instant.
  const auto since = deadline.time_since_epoch();
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(since);
  timespec at;
  at.tv_sec = whole.count();
  at.tv_nsec = std::chrono::nanoseconds(since - whole).count();
  futex(word, FUTEX_WAIT_BITSET, seen, deadline == time_point::max() ? nullptr : &at);
}

void futex_wake(const futex_word &word) noexcept { futex(word, FUTEX_WAKE, 1, nullptr); }

} // namespace heddle::detail
