// The handles to contexts and the functions that make them.
#include "heddle/context.h"

#include "context_state.h"
#include "heddle/errors.h"

#include <algorithm>
#include <utility>

namespace heddle {
namespace detail {

struct context_access {
  static context_state &state(const context &ctx) {
    if (!ctx)
      throw context_error("heddle: use of null context");
    return *ctx.state_;
  }

  static context make_root() {
    context root;
    root.state_ = std::make_shared<context_state>(nullptr, std::nullopt);
    return root;
  }

  static cancelable_context make_child(const context &parent, std::optional<time_point> deadline) {
    cancelable_context child;
    child.ctx.state_ = std::make_shared<context_state>(state(parent).shared_from_this(), deadline);
    child.ctx.values_ = parent.values_;
    child.ctx.state_->attach();
    child.cancel.state_ = child.ctx.state_;
    return child;
  }

  static context with_entry(const context &parent, std::shared_ptr<context_value> entry) {
    context child;
    child.state_ = state(parent).shared_from_this();
    entry->older = parent.values_;
    child.values_ = std::move(entry);
    return child;
  }
};

context with_entry(const context &parent, std::shared_ptr<context_value> entry) {
  return context_access::with_entry(parent, std::move(entry));
}

bool wait_unless_done(ticket &mine, const context &ctx) {
  return context_access::state(ctx).wait_unless_done(mine);
}

} // namespace detail

using detail::context_access;

receiver<unit> context::done() const { return context_access::state(*this).done(); }

std::error_code context::err() const { return context_access::state(*this).err(); }

std::optional<time_point> context::deadline() const {
  return context_access::state(*this).deadline();
}

std::stop_token context::stop_token() const { return context_access::state(*this).stop_token(); }

const detail::context_value *context::values() const {
  (void)context_access::state(*this);
  return values_.get();
}

void cancel_function::operator()() const {
  // Null only after a move: then the new owner cancels.
  if (state_)
    state_->cancel(context_errc::canceled);
}

context background() {
  // Never destroyed: tasks may still run while static destructors do.
  static const context &root = *new context(context_access::make_root());
  return root;
}

context todo() {
  static const context &root = *new context(context_access::make_root());
  return root;
}

cancelable_context with_cancel(const context &parent) {
  return context_access::make_child(parent, parent.deadline());
}

cancelable_context with_deadline(const context &parent, time_point deadline) {
  const std::optional<time_point> inherited = parent.deadline();
  return context_access::make_child(parent, inherited ? std::min(*inherited, deadline) : deadline);
}

cancelable_context with_stop_token(const context &parent, std::stop_token token) {
  cancelable_context child = with_cancel(parent);
  context_access::state(child.ctx).follow(std::move(token));
  return child;
}

} // namespace heddle
