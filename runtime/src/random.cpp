// A generator per thread, seeded by the program's seed and the thread's number.
#include "random.h"

#include "heddle/detail/internal_mutex.h"
#include "heddle/scheduling.h"
#include "sanitizers.h"

#include <atomic>
#include <cstdlib>

namespace heddle {
namespace detail {
namespace {

constexpr std::uint64_t golden_gamma = 0x9e3779b97f4a7c15;

std::uint64_t mix(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

struct seeding {
  internal_mutex mutex;
  std::uint64_t seed HEDDLE_GUARDED_BY(mutex) = 0;
  std::uint64_t threads HEDDLE_GUARDED_BY(mutex) = 0; ///< that have asked since it was sown
  std::atomic<std::uint32_t> count = 1;               ///< of seeds so far; the first is no call's

  std::uint64_t first_state() {
    internal_lock lock(mutex);
    if (const char *wanted = std::getenv("HEDDLE_SEED"); wanted && count.load() == 1)
      seed = std::strtoull(wanted, nullptr, 0);
    return mix(seed + golden_gamma * ++threads);
  }
};
constinit seeding all;

// Apart, so that no address of the thread's is kept while a task waits.
HEDDLE_WORKER_ONLY __attribute__((noinline)) std::uint64_t next_state() noexcept {
  static constinit thread_local std::uint64_t state = 0;
  static constinit thread_local std::uint32_t seed_of_state = 0;
  if (const std::uint32_t latest = all.count.load(std::memory_order_relaxed);
      seed_of_state != latest) {
    seed_of_state = latest;
    state = all.first_state();
  }
  return state += golden_gamma;
}

} // namespace

std::uint32_t random_below(std::uint32_t bound) noexcept {
  const std::uint64_t bits = mix(next_state()) >> 32;
  return static_cast<std::uint32_t>((bits * bound) >> 32);
}

} // namespace detail

void seed_choices(std::uint64_t seed) noexcept {
  using detail::all;
  detail::internal_lock lock(all.mutex);
  all.seed = seed;
  all.threads = 0;
  all.count.fetch_add(1, std::memory_order_relaxed);
}

} // namespace heddle
