// A generator per thread.
#include "random.h"

#include "sanitizers.h"

#include <atomic>

namespace heddle::detail {
namespace {

constexpr std::uint64_t golden_gamma = 0x9e3779b97f4a7c15;

std::uint64_t mix(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::uint64_t next_seed() noexcept {
  static std::atomic<std::uint64_t> threads = 0;
  return mix(threads.fetch_add(1, std::memory_order_relaxed) + 1);
}

// Apart, so that no address of the thread's is kept while a task waits.
HEDDLE_WORKER_ONLY __attribute__((noinline)) std::uint64_t next_state() noexcept {
  static constinit thread_local std::uint64_t state = 0;
  if (state == 0)
    state = next_seed();
  return state += golden_gamma;
}

} // namespace

std::uint32_t random_below(std::uint32_t bound) noexcept {
  const std::uint64_t bits = mix(next_state()) >> 32;
  return static_cast<std::uint32_t>((bits * bound) >> 32);
}

} // namespace heddle::detail
