// Memory for stacks.
#pragma once

#include "fiber.h"
#include "heddle/detail/internal_mutex.h"

#include <array>
#include <atomic>
#include <cstddef>

namespace heddle::detail {

inline constexpr std::size_t page_size = 4096;

/// What nobody can touch below a stack: no frame that is smaller gets past it unnoticed.
inline constexpr std::size_t guard_size = std::size_t{64} * 1024;

/// Address space per stack, with its guard; memory is taken page by page as the task touches it.
/// Sanitizers make frames larger.
inline constexpr std::size_t stack_size =
    guard_size +
    std::size_t{1024} * (under_thread_sanitizer || under_address_sanitizer ? 512 : 256);

/// Under ThreadSanitizer, makes a stack as if fresh from the system: what its next task does is no
/// race with what the last one did.
void forget_stack_contents(char *bottom, std::size_t size) noexcept;

/// All stacks of the process. They are cut from slabs of address space that are reserved without
/// memory behind them, and never given back; so 100 000 stacks are a few hundred mappings, far
/// below the 65 530 of vm.max_map_count. Below each lie guard pages: such that Linux 6.13 and
/// later keep in the page table (MADV_GUARD_INSTALL), so that they split no mapping; on older
/// kernels protected ones, which do split them: so many stacks have some as half of
/// vm.max_map_count allows, and for the later ones an overflow is found when the task next waits.
/// Thread-safe. One per process, never destroyed.
class stack_pool {
public:
  static stack_pool &instance();

  /// A chain (through next_free) of `count` free stacks. Ends the program when there is no more
  /// address space.
  HEDDLE_WORKER_ONLY fiber *take(std::size_t count);

  /// Takes back a chain. The memory of all but the topmost pages returns to the system.
  HEDDLE_WORKER_ONLY void put(fiber *chain);

  /// Calls visit(fiber &) for every stack that ever was in use. Fibers may run meanwhile.
  template <typename F> void for_each(F visit) {
    const std::size_t count = carved_.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < count; ++i)
      visit(at(i));
  }

private:
  stack_pool() noexcept;

  static constexpr std::size_t stacks_per_slab = 256;
  static constexpr std::size_t max_slabs = 16384;

  fiber &at(std::size_t index) noexcept;
  fiber &carve() HEDDLE_REQUIRES(mutex_);
  bool guard(char *pages) HEDDLE_REQUIRES(mutex_);

  internal_mutex mutex_;
  fiber *free_ HEDDLE_GUARDED_BY(mutex_) = nullptr;
  bool kernel_guards_ HEDDLE_GUARDED_BY(mutex_) = true;
  std::size_t protectable_ HEDDLE_GUARDED_BY(mutex_); ///< how many stacks more
  std::atomic<std::size_t> carved_ = 0;
  std::array<std::atomic<char *>, max_slabs> slabs_{};
};

/// One worker's stacks at hand, the warmest first. Used by that worker's thread alone.
class stack_cache {
public:
  HEDDLE_WORKER_ONLY fiber &take();
  HEDDLE_WORKER_ONLY void put(fiber &unused);

private:
  static constexpr std::size_t batch = 16;

  fiber *first_ = nullptr;
  std::size_t count_ = 0;
};

} // namespace heddle::detail
