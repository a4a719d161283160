// RUN: %heddle_verify --checks=missing-cancel %s -- -std=c++20 -I%runtime_include

// expected-no-diagnostics
// The cancel leaves the function: calling it is someone else's duty from then on.
#include "heddle/heddle.h"

#include <chrono>
#include <functional>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

void fetch(const heddle::context &ctx);
void keep(heddle::cancel_function cancel);
void keep_callback(std::function<void()> callback);

heddle::cancelable_context returned_at_once_ok(const heddle::context &parent) {
  return heddle::with_cancel(parent);
}

heddle::cancelable_context returned_later_ok(const heddle::context &parent) {
  auto child = heddle::with_timeout(parent, 1s);
  fetch(child.ctx);
  return child;
}

heddle::cancel_function returned_alone_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  fetch(ctx);
  return cancel;
}

std::pair<heddle::context, heddle::cancel_function>
returned_in_a_pair_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  return {ctx, cancel};
}

void passed_to_a_function_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  keep(cancel);
  fetch(ctx);
}

void whole_pair_moved_away_ok(const heddle::context &parent,
                              std::vector<heddle::cancelable_context> &children) {
  auto child = heddle::with_cancel(parent);
  fetch(child.ctx);
  children.push_back(std::move(child));
}

void out_parameter_ok(const heddle::context &parent, heddle::cancel_function &out) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  out = cancel;
  fetch(ctx);
}

struct request {
  heddle::context ctx;
  heddle::cancel_function cancel;
};

request stored_in_a_struct_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  return request{ctx, cancel};
}

void captured_by_a_callback_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  keep_callback([stop = cancel] { stop(); });
  fetch(ctx);
}

void captured_by_a_task_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  heddle::task worker = heddle::go([stop = cancel, ctx = ctx] {
    fetch(ctx);
    stop();
  });
  worker.join();
}

void collected_ok(const heddle::context &parent, std::vector<heddle::cancel_function> &cancels) {
  for (int i = 0; i < 3; ++i) {
    auto [ctx, cancel] = heddle::with_cancel(parent);
    cancels.push_back(cancel);
    fetch(ctx);
  }
}

void copied_then_called_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  const heddle::cancel_function stop = cancel;
  fetch(ctx);
  stop();
}

void held_in_std_function_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  const std::function<void()> stop = cancel;
  fetch(ctx);
  stop();
}
