// Tickets and queues of waiters.
#include "heddle/detail/waiter.h"

#include "timer_queue.h"

namespace heddle::detail {

bool ticket::wait_until(time_point deadline) {
  if (deadline == time_point::max()) {
    wait();
    return true;
  }
  if (deadline <= std::chrono::steady_clock::now()) {
    if (claim())
      return false;
    // Someone claimed it at the last moment, and its permit must not be left for a later wait.
    wait();
    return true;
  }
  alarm at_deadline(*this);
  timer_queue &timers = timer_queue::instance();
  const timer_queue::key timer = timers.schedule(deadline, at_deadline);
  wait();
  timers.cancel(timer);
  return !at_deadline.rang;
}

void wait_list::push_back(waiter &place) noexcept {
  place.previous = last_;
  place.next = nullptr;
  place.queued = true;
  (last_ ? last_->next : first_) = &place;
  last_ = &place;
}

void wait_list::push_front(waiter &place) noexcept {
  place.previous = nullptr;
  place.next = first_;
  place.queued = true;
  (first_ ? first_->previous : last_) = &place;
  first_ = &place;
}

void wait_list::remove(waiter &place) noexcept {
  if (!place.queued)
    return;
  (place.previous ? place.previous->next : first_) = place.next;
  (place.next ? place.next->previous : last_) = place.previous;
  place.previous = place.next = nullptr;
  place.queued = false;
}

waiter *wait_list::take() noexcept {
  while (first_) {
    waiter *place = first_;
    remove(*place);
    if (place->owner->claim()) {
      place->owner->winner = place;
      return place;
    }
  }
  return nullptr;
}

waiter *wait_list::take_all() noexcept {
  waiter *chain = nullptr;
  waiter **end = &chain;
  while (waiter *place = take()) {
    *end = place;
    end = &place->next;
  }
  return chain;
}

bool wait_list::has_unclaimed() const noexcept {
  for (const waiter *place = first_; place; place = place->next)
    if (!place->owner->claimed())
      return true;
  return false;
}

void wake_all(waiter *chain) noexcept {
  while (chain) {
    // Read first: the waiter is gone when its owner wakes.
    waiter *next = chain->next;
    chain->owner->wake();
    chain = next;
  }
}

} // namespace heddle::detail
