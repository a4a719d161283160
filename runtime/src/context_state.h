// A node in the tree of contexts.
#pragma once

#include "heddle/channel.h"
#include "heddle/context_error.h"
#include "heddle/detail/internal_mutex.h"
#include "heddle/detail/waiter.h"
#include "heddle/time_point.h"
#include "timer_queue.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <system_error>
#include <unordered_map>

namespace heddle::detail {

/// Thread-safe. A root has no parent and is never done. A child holds its parent; the parent, and
/// the timer, only know the child, so a dropped child leaves no trace. No two nodes are ever
/// locked together.
class context_state : public std::enable_shared_from_this<context_state> {
public:
  context_state(std::shared_ptr<context_state> parent, std::optional<time_point> deadline);
  ~context_state();

  /// Joins the tree and starts the timer. Once, right after construction.
  void attach();

  /// Also ends with the token. Once, right after attach().
  void follow(std::stop_token token);

  /// Ends this node and its descendants; the first reason stays.
  void cancel(context_errc reason);

  /// As mine.wait(), but the end of this node claims the ticket too; returns whether another did.
  [[nodiscard]] bool wait_unless_done(ticket &mine);

  [[nodiscard]] std::error_code err() const noexcept;
  [[nodiscard]] std::stop_token stop_token();
  /// Shares ownership of the node, so that whoever waits on it keeps it in the tree.
  [[nodiscard]] receiver<unit> done();
  [[nodiscard]] std::optional<time_point> deadline() const noexcept { return deadline_; }

private:
  using family = std::unordered_map<context_state *, std::weak_ptr<context_state>>;

  [[nodiscard]] bool is_root() const noexcept { return parent_ == nullptr; }
  /// Ends this node alone; returns its children.
  family cancel_alone(context_errc reason);
  void add_child(context_state &child);
  void remove_child(context_state &child);
  void start_timer();
  /// What cancels the node, if it is still there.
  std::function<void()> canceler(context_errc reason);

  std::shared_ptr<context_state> parent_; ///< only the destructor changes it
  const std::optional<time_point> deadline_;
  channel_state<unit> done_{0};
  std::optional<std::stop_callback<std::function<void()>>>
      followed_;                ///< set before the node is shared
  std::atomic<int> reason_ = 0; ///< a context_errc, or 0 while live; written under mutex_

  internal_mutex mutex_;
  family children_ HEDDLE_GUARDED_BY(mutex_);
  wait_list waiting_ HEDDLE_GUARDED_BY(mutex_);
  std::optional<std::stop_source> stop_ HEDDLE_GUARDED_BY(mutex_);
  std::optional<timer_queue::key> timer_ HEDDLE_GUARDED_BY(mutex_);
};

} // namespace heddle::detail
