// The channel's state machine, and the one algorithm behind send, receive and select: lock all
// channels in one order, take a ready operation at random, else wait in all queues at once.
#include "heddle/detail/channel_core.h"

#include "heddle/channel.h"
#include "heddle/context.h"
#include "heddle/errors.h"
#include "random.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace heddle::detail {

bool channel_core::ready(const operation &wanted) const {
  if (closed_)
    return true;
  if (wanted.way == operation::direction::send)
    return count_ < capacity_ || receivers_.has_unclaimed();
  return count_ > 0 || senders_.has_unclaimed();
}

wait_list &channel_core::queue(const operation &wanted) {
  return wanted.way == operation::direction::send ? senders_ : receivers_;
}

bool channel_core::attempt(operation &wanted, waiter *&partner) {
  return wanted.way == operation::direction::send ? attempt_send(wanted, partner)
                                                  : attempt_receive(wanted, partner);
}

bool channel_core::attempt_send(operation &wanted, waiter *&partner) {
  if (closed_)
    return true;
  if ((partner = receivers_.take())) {
    auto &other = static_cast<operation &>(*partner);
    hand_over(wanted.slot, other.slot);
    other.ok = true;
    wanted.ok = true;
    return true;
  }
  if (count_ == capacity_)
    return false;
  push(wanted.slot);
  ++count_;
  wanted.ok = true;
  return true;
}

bool channel_core::attempt_receive(operation &wanted, waiter *&partner) {
  if (count_ > 0) {
    wanted.ok = true;
    pop(wanted.slot);
    --count_;
    // A sender waits only for room; give it the place so that the order of sends is kept.
    if ((partner = senders_.take())) {
      auto &other = static_cast<operation &>(*partner);
      push(other.slot);
      ++count_;
      other.ok = true;
    }
    return true;
  }
  if ((partner = senders_.take())) {
    auto &other = static_cast<operation &>(*partner);
    hand_over(other.slot, wanted.slot);
    other.ok = true;
    wanted.ok = true;
    return true;
  }
  return closed_;
}

void channel_core::close(channel_core *core) {
  if (!core)
    throw channel_error("heddle: close of nil channel");
  waiter *receivers = nullptr;
  waiter *senders = nullptr;
  {
    internal_lock lock(core->mutex_);
    if (core->closed_)
      throw channel_error("heddle: close of closed channel");
    core->closed_ = true;
    // Their `ok` is false from the start, which is what close means to both.
    receivers = core->receivers_.take_all();
    senders = core->senders_.take_all();
  }
  wake_all(receivers);
  wake_all(senders);
}

std::size_t channel_core::size() const {
  internal_lock lock(mutex_);
  return count_;
}

/// The operations of one call, on channels that are locked together.
class operation_set {
public:
  explicit operation_set(std::span<operation> wanted) : all_(wanted) {
    // One order for all callers, so that two selects over the same channels cannot deadlock; equal
    // channels come together and are locked once; nil channels come first and are left out.
    std::sort(all_.begin(), all_.end(), [](const operation &a, const operation &b) {
      return std::less<const channel_core *>()(a.core, b.core);
    });
    const auto nil = [](const operation &one) { return one.core == nullptr; };
    all_ = all_.subspan(std::find_if_not(all_.begin(), all_.end(), nil) - all_.begin());
  }

  void lock() { for_each_mutex<&internal_mutex::lock>(); }
  void unlock() { for_each_mutex<&internal_mutex::unlock>(); }

  /// Performs one of the ready operations; null when none is. REQUIRES: locked.
  operation *attempt_any(waiter *&partner) {
    for (;;) {
      operation *chosen = choose_ready();
      if (!chosen)
        return nullptr;
      chosen->core->mutex_.assert_held();
      if (chosen->core->attempt(*chosen, partner))
        return chosen;
      // A rival ended the partner's wait through another channel: it is out of the queue now.
    }
  }

  /// REQUIRES: locked.
  void enqueue(ticket &owner) {
    for (operation &one : all_) {
      one.owner = &owner;
      one.core->mutex_.assert_held();
      one.core->queue(one).push_back(one);
    }
  }

  /// Leaves all queues. REQUIRES: not locked. The partner took out the winner, if there is one, and
  /// may have destroyed its channel since.
  void leave(const waiter *winner) {
    for (operation &one : all_) {
      if (&one == winner)
        continue;
      internal_lock lock(one.core->mutex_);
      one.core->queue(one).remove(one);
    }
  }

private:
  // The analysis cannot follow a set of locks whose size is known only at run time.
  template <auto Call> void for_each_mutex() HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
    const channel_core *last = nullptr;
    for (operation &one : all_)
      if (one.core != std::exchange(last, one.core))
        (one.core->mutex_.*Call)();
  }

  /// Uniform over the ready ones, in one pass (reservoir sampling).
  operation *choose_ready() {
    operation *chosen = nullptr;
    std::uint32_t seen = 0;
    for (operation &one : all_) {
      one.core->mutex_.assert_held();
      if (one.core->ready(one) && random_below(++seen) == 0)
        chosen = &one;
    }
    return chosen;
  }

  std::span<operation> all_;
};

namespace {

std::size_t finish(const operation &done) {
  if (done.way == operation::direction::send && !done.ok)
    throw channel_error("heddle: send on closed channel");
  return done.index;
}

// What the calling task waits for, for reports.
const char *describe(const operation &only) {
  if (only.way == operation::direction::send)
    return only.core ? "a receiver" : "a send on a nil channel";
  return only.core ? "a sender" : "a receive from a nil channel";
}

} // namespace

std::size_t perform(std::span<operation> wanted, time_point deadline, const char *waits_for) {
  if (!waits_for)
    waits_for = wanted.size() == 1 ? describe(wanted.front()) : "a select";
  // Before the operations are put into their order.
  const std::source_location where = wanted.empty() ? std::source_location() : wanted.front().where;
  operation_set set(wanted);
  set.lock();
  waiter *partner = nullptr;
  if (const operation *done = set.attempt_any(partner)) {
    set.unlock();
    if (partner)
      partner->owner->wake();
    return finish(*done);
  }
  if (deadline == at_once) {
    set.unlock();
    return no_operation;
  }

  ticket mine(waits_for, where);
  set.enqueue(mine);
  set.unlock();
  if (!mine.wait_until(deadline)) {
    set.leave(nullptr);
    return no_operation;
  }
  set.leave(mine.winner);
  return finish(static_cast<const operation &>(*mine.winner));
}

void perform_one(operation &&wanted) {
  channel_core *core = wanted.core;
  if (!core) {
    perform({&wanted, 1});
    return;
  }
  core->mutex_.lock();
  waiter *partner = nullptr;
  if (core->attempt(wanted, partner)) {
    core->mutex_.unlock();
    if (partner)
      partner->owner->wake();
    finish(wanted);
    return;
  }
  ticket mine(describe(wanted), wanted.where);
  wanted.owner = &mine;
  core->queue(wanted).push_back(wanted);
  core->mutex_.unlock();
  // Who wakes this task has taken the operation out of its queue.
  mine.wait();
  finish(wanted);
}

bool perform_unless_done(operation wanted, const context &ctx) {
  if (ctx.err())
    return false;
  const receiver<unit> done = ctx.done();
  std::optional<unit> signal;
  wanted.index = 0;
  const char *waits_for = describe(wanted);
  if (done && !wanted.core)
    waits_for = "the end of a context";
  else if (done)
    waits_for = wanted.way == operation::direction::send ? "a receiver or the end of a context"
                                                         : "a sender or the end of a context";
  operation both[] = {wanted, receive_operation(access::core(done), signal, wanted.where, 1)};
  return perform(both, time_point::max(), waits_for) == 0;
}

} // namespace heddle::detail
