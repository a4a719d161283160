// One worker's queue of what is ready to run.
#pragma once

#include "heddle/detail/scheduler.h"
#include "sanitizers.h"

#include <array>
#include <atomic>
#include <cstdint>

namespace heddle::detail {

/// A ring of fixed size, first in, first out: the owner adds at the tail, the owner and thieves
/// take at the head. It is the run queue of a processor in Go's scheduler (Vyukov, 2012). Owner
/// means the worker's thread; all other members of any thread are noted.
class run_queue {
public:
  static constexpr std::uint32_t capacity = 256;

  /// False if it is full. Owner only.
  bool push(runnable &task) noexcept {
    const std::uint32_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_acquire) == capacity)
      return false;
    slots_[tail % capacity].store(&task, std::memory_order_relaxed);
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  /// The oldest, or null. Any thread.
  runnable *pop() noexcept {
    runnable *taken = nullptr;
    return take(&taken, 1) ? taken : nullptr;
  }

  /// Moves the older half, at least one, into `batch`; returns how many. Any thread.
  std::uint32_t take_half(std::array<runnable *, capacity / 2> &batch) noexcept {
    return take(batch.data(), capacity / 2);
  }

  /// A guess for all but the owner.
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] std::uint32_t size() const noexcept {
    const std::uint32_t head = head_.load(std::memory_order_acquire);
    return tail_.load(std::memory_order_acquire) - head;
  }

private:
  std::uint32_t take(runnable **batch, std::uint32_t most) noexcept {
    std::uint32_t head = head_.load(std::memory_order_acquire);
    for (;;) {
      const std::uint32_t used = tail_.load(std::memory_order_acquire) - head;
      if (used == 0)
        return 0;
      std::uint32_t count = most == 1 ? 1 : used - used / 2;
      if (count > most) {
        // The two ends were read at different times and do not belong together.
        head = head_.load(std::memory_order_acquire);
        continue;
      }
      for (std::uint32_t i = 0; i < count; ++i)
        batch[i] = slots_[(head + i) % capacity].load(std::memory_order_relaxed);
      // Nobody else took them meanwhile, so the owner did not reuse their slots either.
      if (head_.compare_exchange_weak(head, head + count, std::memory_order_acq_rel,
                                      std::memory_order_acquire))
        return count;
    }
  }

  std::atomic<std::uint32_t> head_ = 0;
  std::atomic<std::uint32_t> tail_ = 0;
  std::array<std::atomic<runnable *>, capacity> slots_{};
};

/// A queue of any length, linked through runnable::next. Not thread-safe. Its links lie in objects
/// that tasks delete, and a race detector is not told what orders a worker before its tasks.
class runnable_list {
public:
  runnable_list() = default;
  runnable_list(runnable &only) noexcept { push(only); } // implicit: one is some

  HEDDLE_WORKER_ONLY void push(runnable &task) noexcept {
    task.next = nullptr;
    (last_ ? last_->next : first_) = &task;
    last_ = &task;
    ++size_;
  }

  HEDDLE_WORKER_ONLY runnable *pop() noexcept {
    runnable *task = first_;
    if (!task)
      return nullptr;
    first_ = task->next;
    if (!first_)
      last_ = nullptr;
    --size_;
    return task;
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  HEDDLE_WORKER_ONLY void append(runnable_list &&other) noexcept {
    if (!other.first_)
      return;
    (last_ ? last_->next : first_) = other.first_;
    last_ = other.last_;
    size_ += other.size_;
    other = {};
  }

private:
  runnable *first_ = nullptr;
  runnable *last_ = nullptr;
  std::size_t size_ = 0;
};

} // namespace heddle::detail
