// A fiber's start, and its part of the parking protocol.
#include "fiber.h"

#include "heddle/detail/fatal.h"
#include "stack_pool.h"

namespace heddle::detail {

HEDDLE_WORKER_ONLY void fiber::begin(job &work, void (*entry)(transfer_t)) noexcept {
  const auto size = static_cast<std::size_t>(top() - bottom_);
  forget_stack_contents(bottom_, size);
  sanitizer.begin(bottom_, size);
  exceptions = {};
  context = boost::context::detail::make_fcontext(top(), size, entry);
  adopt(work);
}

HEDDLE_WORKER_ONLY void fiber::adopt(job &work) noexcept {
  work_ = &work;
  name_.store(work.origin().name, std::memory_order_relaxed);
  started_at_.store(work.origin().where, std::memory_order_relaxed);
  alive_.store(true, std::memory_order_release);
}

// An unguarded page below the stack is never written to but by an overflow.
HEDDLE_WORKER_ONLY void fiber::check_overflow() const noexcept {
  if (guarded_)
    return;
  for (int i = 1; i <= 16; ++i)
    if (reinterpret_cast<const std::uintptr_t *>(bottom_)[-i] != 0)
      fatal("stack overflow in a task");
}

bool fiber::take_permit() noexcept {
  if (state_.load(std::memory_order_acquire) != permit)
    return false;
  state_.store(awake, std::memory_order_relaxed);
  return true;
}

bool fiber::fall_asleep() noexcept {
  std::uint32_t seen = awake;
  return state_.compare_exchange_strong(seen, parked, std::memory_order_acq_rel);
}

bool fiber::give_permit() noexcept {
  return state_.exchange(permit, std::memory_order_acq_rel) == parked;
}

task_origin fiber::origin() const noexcept {
  return {name_.load(std::memory_order_relaxed), started_at_.load(std::memory_order_relaxed)};
}

char *fiber::top() noexcept {
  auto address = reinterpret_cast<std::uintptr_t>(this);
  // ThreadSanitizer forgets whole pages at a time, and must not forget this object.
  constexpr std::uintptr_t alignment = under_thread_sanitizer ? page_size : 64;
  return reinterpret_cast<char *>(address & ~(alignment - 1));
}

} // namespace heddle::detail
