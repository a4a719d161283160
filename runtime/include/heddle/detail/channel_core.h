// Channels without their element type: the state machine that every channel and select runs on.
#pragma once

#include "heddle/detail/internal_mutex.h"
#include "heddle/detail/waiter.h"

#include <cstddef>
#include <source_location>
#include <span>

namespace heddle {
class context;
} // namespace heddle

namespace heddle::detail {

class channel_core;

/// One send or receive that is wanted. Also its place in the channel's queue while it waits.
struct operation : waiter {
  enum class direction { send, receive };

  channel_core *core = nullptr; ///< null: a nil channel, never ready
  direction way = direction::receive;
  void *slot = nullptr;            ///< send: T*, moved from on success; receive: optional<T>*
  std::size_t index = 0;           ///< the caller's name for it
  std::source_location where = {}; ///< for reports
  bool ok = false;                 ///< out: set on success, left when the channel was closed
};

/// What the perform functions return when no operation took place.
inline constexpr std::size_t no_operation = static_cast<std::size_t>(-1);

/// Blocks until one of the operations can go on, performs exactly that one and returns its index.
/// Among those that are ready at once the choice is uniformly random. The operations are reordered.
/// With only nil channels it blocks for ever. At `deadline` it gives up and returns no_operation;
/// with `at_once` it never blocks. `waits_for` is for reports, a literal; null: as the operations
/// say. Errors: channel_error for a send on a closed channel. The performed operation does not
/// touch its channel any more once its partner can go on, so the partner may destroy the channel.
std::size_t perform(std::span<operation> wanted, time_point deadline = time_point::max(),
                    const char *waits_for = nullptr);
inline constexpr time_point at_once = time_point::min();

/// perform() for a single operation, which it does not keep.
void perform_one(operation &&wanted);

/// Performs one operation unless the context is done first (or already). Returns whether it did.
bool perform_unless_done(operation wanted, const context &ctx);

/// A channel's state but for its elements. Thread-safe. Owned by its handles (shared_ptr).
/// Invariants: a receiver waits only while the buffer is empty, a sender only while it is full;
/// a closed channel has no waiters.
class channel_core {
public:
  explicit channel_core(std::size_t capacity) noexcept : capacity_(capacity) {}
  virtual ~channel_core() = default;
  channel_core(const channel_core &) = delete;
  channel_core &operator=(const channel_core &) = delete;

  /// A null core is the nil channel. Errors: channel_error when it is that, or closed already.
  static void close(channel_core *core);

  /// How many elements are buffered; out of date as soon as it is read.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

protected:
  // Moves of elements, always under the lock; `from` is a T*, `to` an optional<T>*.
  virtual void push(void *from) noexcept = 0;
  virtual void pop(void *to) noexcept = 0;
  virtual void hand_over(void *from, void *to) noexcept = 0;

private:
  friend class operation_set;
  friend void perform_one(operation &&wanted);

  bool ready(const operation &wanted) const HEDDLE_REQUIRES(mutex_);
  /// False when a rival claimed the partner first. `partner` is to be woken without the lock.
  bool attempt(operation &wanted, waiter *&partner) HEDDLE_REQUIRES(mutex_);
  bool attempt_send(operation &wanted, waiter *&partner) HEDDLE_REQUIRES(mutex_);
  bool attempt_receive(operation &wanted, waiter *&partner) HEDDLE_REQUIRES(mutex_);
  wait_list &queue(const operation &wanted) HEDDLE_REQUIRES(mutex_);

  mutable internal_mutex mutex_;
  wait_list senders_ HEDDLE_GUARDED_BY(mutex_);
  wait_list receivers_ HEDDLE_GUARDED_BY(mutex_);
  std::size_t count_ HEDDLE_GUARDED_BY(mutex_) = 0;
  bool closed_ HEDDLE_GUARDED_BY(mutex_) = false;
  const std::size_t capacity_;
};

} // namespace heddle::detail
