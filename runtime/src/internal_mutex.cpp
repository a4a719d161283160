// The slow paths of the runtime's own lock.
#include "heddle/detail/internal_mutex.h"

#include "futex.h"

namespace heddle::detail {

void internal_mutex::lock_contended() noexcept {
  // Critical sections are a few instructions long, so a holder that runs is soon done; one that
  // was preempted is not, hence the bound.
  for (int round = 0; round < 64; ++round) {
    spin_pause();
    std::uint32_t seen = open;
    if (word_.load(std::memory_order_relaxed) == open &&
        word_.compare_exchange_weak(seen, held, std::memory_order_acquire,
                                    std::memory_order_relaxed))
      return;
  }
  while (word_.exchange(contended, std::memory_order_acquire) != open)
    futex_wait(word_, contended);
}

void internal_mutex::wake_contender() noexcept { futex_wake(word_); }

} // namespace heddle::detail
