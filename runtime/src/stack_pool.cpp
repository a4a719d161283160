// Slabs of stacks, and what the kernel must be told about them.
#include "stack_pool.h"

#include "heddle/detail/fatal.h"

#include <fstream>
#include <new>
#include <sys/mman.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102 // Linux 6.13; newer than many C libraries' headers
#endif

namespace heddle::detail {
namespace {

constexpr int stack_flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;

// What a stack keeps when it lies unused: the fiber, and the first frames of any task.
constexpr std::size_t kept_size = 2 * page_size;

constexpr std::size_t fiber_offset = stack_size - (sizeof(fiber) + 63) / 64 * 64;

// How many mappings the process may have.
std::size_t max_mappings() noexcept {
  std::size_t count = 0;
  std::ifstream("/proc/sys/vm/max_map_count") >> count;
  return count != 0 ? count : 65530;
}

} // namespace

// Each guard makes two mappings more, and half of all are the program's.
stack_pool::stack_pool() noexcept : protectable_(max_mappings() / 4) {}

void forget_stack_contents([[maybe_unused]] char *bottom,
                           [[maybe_unused]] std::size_t size) noexcept {
#if defined(HEDDLE_TSAN)
  // Where that fails the old pages do as well; only a report could then be one too many.
  [[maybe_unused]] const void *renewed =
      mmap(bottom, size, PROT_READ | PROT_WRITE, stack_flags | MAP_FIXED, -1, 0);
#endif
}

stack_pool &stack_pool::instance() {
  static stack_pool &pool = *new stack_pool;
  return pool;
}

fiber &stack_pool::at(std::size_t index) noexcept {
  char *slab = slabs_[index / stacks_per_slab].load(std::memory_order_acquire);
  char *stack = slab + index % stacks_per_slab * stack_size;
  return *std::launder(reinterpret_cast<fiber *>(stack + fiber_offset));
}

fiber &stack_pool::carve() {
  const std::size_t index = carved_.load(std::memory_order_relaxed);
  const std::size_t slab = index / stacks_per_slab;
  if (index % stacks_per_slab == 0) {
    constexpr std::size_t size = stacks_per_slab * stack_size;
    void *memory = slab == max_slabs
                       ? MAP_FAILED
                       : mmap(nullptr, size, PROT_READ | PROT_WRITE, stack_flags, -1, 0);
    if (memory == MAP_FAILED)
      fatal("no address space for the stack of a task");
    // A huge page would make eight stacks resident when one is touched.
    madvise(memory, size, MADV_NOHUGEPAGE);
    slabs_[slab].store(static_cast<char *>(memory), std::memory_order_release);
  }
  char *stack = slabs_[slab].load(std::memory_order_relaxed) + index % stacks_per_slab * stack_size;
  const bool guarded = guard(stack);
  fiber *made = new (stack + fiber_offset) fiber(stack + guard_size, guarded);
  scan_for_leaks(stack + guard_size, stack_size - guard_size);
  carved_.store(index + 1, std::memory_order_release);
  return *made;
}

bool stack_pool::guard(char *pages) {
  kernel_guards_ = kernel_guards_ && madvise(pages, guard_size, MADV_GUARD_INSTALL) == 0;
  if (kernel_guards_)
    return true;
  if (protectable_ == 0 || mprotect(pages, guard_size, PROT_NONE) != 0)
    return false;
  --protectable_;
  return true;
}

fiber *stack_pool::take(std::size_t count) {
  fiber *chain = nullptr;
  internal_lock lock(mutex_);
  for (; count > 0; --count) {
    fiber *one = free_;
    if (one)
      free_ = one->next_free;
    else
      one = &carve();
    one->next_free = chain;
    chain = one;
  }
  return chain;
}

void stack_pool::put(fiber *chain) {
  fiber *last = nullptr;
  for (fiber *one = chain; one; one = one->next_free) {
    const auto used = static_cast<std::size_t>(one->top() - one->bottom());
    madvise(one->bottom(), (used - kept_size) & ~(page_size - 1), MADV_DONTNEED);
    last = one;
  }
  internal_lock lock(mutex_);
  last->next_free = free_;
  free_ = chain;
}

fiber &stack_cache::take() {
  if (!first_) {
    first_ = stack_pool::instance().take(batch);
    count_ = batch;
  }
  fiber &taken = *first_;
  first_ = taken.next_free;
  --count_;
  return taken;
}

void stack_cache::put(fiber &unused) {
  unused.next_free = first_;
  first_ = &unused;
  if (++count_ < 4 * batch)
    return;
  // The colder half goes back.
  fiber *last_kept = first_;
  for (count_ = 1; count_ < 2 * batch; ++count_)
    last_kept = last_kept->next_free;
  stack_pool::instance().put(last_kept->next_free);
  last_kept->next_free = nullptr;
}

} // namespace heddle::detail
