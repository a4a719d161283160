// Cancellation through the tree of contexts.
#include "context_state.h"

#include <utility>
#include <vector>

namespace heddle::detail {

context_state::context_state(std::shared_ptr<context_state> parent,
                             std::optional<time_point> deadline)
    : parent_(std::move(parent)), deadline_(deadline) {}

context_state::~context_state() {
  if (is_root())
    return;
  parent_->remove_child(*this);
  if (timer_)
    timer_queue::instance().cancel(*timer_);
  // One after the other: the chain may be longer than what a task's stack has room for.
  std::shared_ptr<context_state> last = std::move(parent_);
  while (last && last.use_count() == 1)
    last = std::shared_ptr<context_state>(last->parent_);
}

void context_state::attach() {
  parent_->add_child(*this);
  // An inherited deadline needs no timer: the parent's reaches this node too.
  if (deadline_ && deadline_ != parent_->deadline_)
    start_timer();
}

void context_state::start_timer() {
  if (*deadline_ <= std::chrono::steady_clock::now()) {
    cancel(context_errc::deadline_exceeded);
    return;
  }
  internal_lock lock(mutex_);
  if (reason_.load(std::memory_order_relaxed) != 0)
    return;
  timer_ = timer_queue::instance().schedule(*deadline_, canceler(context_errc::deadline_exceeded));
}

void context_state::follow(std::stop_token token) {
  followed_.emplace(std::move(token), canceler(context_errc::canceled));
}

std::function<void()> context_state::canceler(context_errc reason) {
  return [node = weak_from_this(), reason] {
    if (const std::shared_ptr<context_state> live = node.lock())
      live->cancel(reason);
  };
}

void context_state::add_child(context_state &child) {
  if (is_root())
    return;
  int reason = 0;
  {
    internal_lock lock(mutex_);
    reason = reason_.load(std::memory_order_relaxed);
    if (reason == 0)
      children_.emplace(&child, child.weak_from_this());
  }
  if (reason != 0)
    child.cancel(static_cast<context_errc>(reason));
}

void context_state::remove_child(context_state &child) {
  if (is_root())
    return;
  internal_lock lock(mutex_);
  children_.erase(&child);
}

void context_state::cancel(context_errc reason) {
  // The generations one after the other, as above.
  std::vector<family> left;
  left.push_back(cancel_alone(reason));
  while (!left.empty()) {
    const family children = std::move(left.back());
    left.pop_back();
    for (const auto &[address, node] : children)
      if (const std::shared_ptr<context_state> child = node.lock())
        if (family younger = child->cancel_alone(reason); !younger.empty())
          left.push_back(std::move(younger));
  }
}

context_state::family context_state::cancel_alone(context_errc reason) {
  family children;
  std::optional<std::stop_source> stop;
  std::optional<timer_queue::key> timer;
  waiter *waiting = nullptr;
  {
    internal_lock lock(mutex_);
    if (reason_.load(std::memory_order_relaxed) != 0)
      return {};
    // Before done_ closes: who sees it closed must see why.
    reason_.store(static_cast<int>(reason), std::memory_order_release);
    children.swap(children_);
    stop = stop_;
    waiting = waiting_.take_all();
    timer = std::exchange(timer_, std::nullopt);
  }
  wake_all(waiting);
  channel_core::close(&done_);
  if (stop)
    stop->request_stop();
  if (timer)
    timer_queue::instance().cancel(*timer);
  parent_->remove_child(*this);
  return children;
}

bool context_state::wait_unless_done(ticket &mine) {
  waiter place;
  place.owner = &mine;
  {
    internal_lock lock(mutex_);
    if (reason_.load(std::memory_order_relaxed) == 0)
      waiting_.push_back(place);
    else if (mine.claim())
      return false;
  }
  mine.wait();
  internal_lock lock(mutex_);
  waiting_.remove(place);
  return mine.winner != &place;
}

std::error_code context_state::err() const noexcept {
  const int reason = reason_.load(std::memory_order_acquire);
  return reason == 0 ? std::error_code() : make_error_code(static_cast<context_errc>(reason));
}

std::stop_token context_state::stop_token() {
  if (is_root())
    return {};
  std::optional<std::stop_source> source;
  {
    internal_lock lock(mutex_);
    if (!stop_)
      stop_.emplace();
    source = stop_;
  }
  // If cancel() came first it did not see the source.
  if (err())
    source->request_stop();
  return source->get_token();
}

receiver<unit> context_state::done() {
  if (is_root())
    return {};
  return access::make<receiver<unit>>(
      std::shared_ptr<channel_state<unit>>(shared_from_this(), &done_));
}

} // namespace heddle::detail
