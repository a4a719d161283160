// RUN: %heddle_verify --checks=missing-cancel %s -- -std=c++20 -I%runtime_include

// expected-no-diagnostics
// Ways to keep, pass on and call a cancel that are easily taken for a lost one.
#include "heddle/heddle.h"

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

void fetch(const heddle::context &ctx);
bool try_fetch(const heddle::context &ctx);

void chosen_by_a_condition_ok(const heddle::context &parent, bool timed) {
  auto child = timed ? heddle::with_timeout(parent, 1s) : heddle::with_cancel(parent);
  fetch(child.ctx);
  child.cancel();
}

void unpacked_by_reference_ok(const heddle::context &parent) {
  auto &&[ctx, cancel] = heddle::with_cancel(parent);
  fetch(ctx);
  cancel();
}

void bound_to_a_reference_ok(const heddle::context &parent) {
  const auto &child = heddle::with_cancel(parent);
  const heddle::defer cancel_on_exit(child.cancel);
  fetch(child.ctx);
}

void set_on_one_way_ok(const heddle::context &parent, bool bounded) {
  std::function<void()> stop;
  if (bounded) {
    auto [ctx, cancel] = heddle::with_timeout(parent, 1s);
    stop = cancel;
    fetch(ctx);
  }
  if (stop)
    stop();
}

void assigned_on_one_way_ok(const heddle::context &parent, bool bounded) {
  heddle::cancelable_context child{parent, {}};
  if (bounded)
    child = heddle::with_timeout(parent, 1s);
  fetch(child.ctx);
  if (bounded)
    child.cancel();
}

void in_an_optional_ok(const heddle::context &parent, bool bounded) {
  std::optional<heddle::cancelable_context> child;
  if (bounded)
    child = heddle::with_timeout(parent, 1s);
  fetch(child ? child->ctx : parent);
  if (child)
    child->cancel();
}

void emplaced_ok(const heddle::context &parent) {
  std::vector<heddle::cancelable_context> children;
  for (int i = 0; i < 3; ++i)
    children.push_back(heddle::with_cancel(parent));
  for (const auto &child : children)
    child.cancel();
}

void in_an_array_ok(const heddle::context &parent) {
  std::array<heddle::cancelable_context, 2> children{heddle::with_cancel(parent),
                                                     heddle::with_cancel(parent)};
  for (auto &child : children)
    child.cancel();
}

void on_the_heap_ok(const heddle::context &parent) {
  auto child = std::make_unique<heddle::cancelable_context>(heddle::with_cancel(parent));
  fetch(child->ctx);
  child->cancel();
}

void bound_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  const auto stop = std::bind(cancel);
  fetch(ctx);
  stop();
}

void moved_twice_ok(const heddle::context &parent) {
  auto child = heddle::with_cancel(parent);
  auto next = std::move(child);
  auto last = std::move(next);
  fetch(last.ctx);
  last.cancel();
}

void copied_and_the_original_called_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  const auto spare = cancel;
  fetch(ctx);
  cancel();
}

void through_a_pointer_ok(const heddle::context &parent, bool first) {
  auto a = heddle::with_cancel(parent);
  const heddle::defer cancel_a(a.cancel);
  auto b = heddle::with_cancel(parent);
  const heddle::defer cancel_b(b.cancel);
  const auto *chosen = first ? &a : &b;
  chosen->cancel();
}

void in_another_thread_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  std::thread stopper(cancel);
  fetch(ctx);
  stopper.join();
}

void joined_in_another_thread_ok(const heddle::context &parent) {
  auto child = heddle::with_cancel(parent);
  std::jthread stopper([&] { child.cancel(); });
  fetch(child.ctx);
}

void deferred_before_a_throw_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  const heddle::defer cancel_on_exit(cancel);
  if (!try_fetch(ctx))
    throw std::runtime_error("fetch");
}

void in_a_handler_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  try {
    if (!try_fetch(ctx))
      throw std::runtime_error("fetch");
  } catch (const std::exception &) {
    cancel();
    return;
  }
  cancel();
}

void by_goto_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  if (!try_fetch(ctx))
    goto out;
  fetch(ctx);
out:
  cancel();
}

void in_every_case_ok(const heddle::context &parent, int kind) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  switch (kind) {
  case 0:
    fetch(ctx);
    [[fallthrough]];
  default:
    cancel();
  }
}

void in_a_do_loop_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  do {
    cancel();
  } while (try_fetch(ctx));
}

struct request {
  heddle::context ctx;
  heddle::cancel_function cancel;
  void finish() const { cancel(); }
};

request make_request(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_timeout(parent, 1s);
  return {ctx, cancel};
}

request prepare(const heddle::context &parent) {
  request made = make_request(parent);
  fetch(made.ctx);
  return made;
}

void through_several_callees_ok(const heddle::context &parent) {
  const request made = prepare(parent);
  fetch(made.ctx);
  made.finish();
}

void by_value_ok(const heddle::context &parent) {
  const auto finish = [](heddle::cancelable_context child) { child.cancel(); };
  finish(heddle::with_cancel(parent));
}

class keeper_ok {
public:
  void start(const heddle::context &parent) {
    auto [ctx, cancel] = heddle::with_cancel(parent);
    keep(cancel);
    fetch(ctx);
  }
  void keep(heddle::cancel_function cancel) { cancels_.push_back(std::move(cancel)); }
  void stop() {
    for (auto &cancel : cancels_)
      cancel();
  }

private:
  std::vector<heddle::cancel_function> cancels_;
};

void as_stop_callback_ok(const heddle::context &parent, std::stop_token token) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  const std::stop_callback on_stop(token, cancel);
  fetch(ctx);
}

void sent_on_a_channel_ok(const heddle::context &parent,
                          heddle::sender<heddle::cancel_function> out) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  out.send(cancel);
  fetch(ctx);
}

void selected_ok(const heddle::context &parent, heddle::receiver<int> numbers) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  heddle::select(heddle::on_receive(ctx.done(), [] {}),
                 heddle::on_receive(numbers, [&](std::optional<int>) { cancel(); }));
  cancel();
}
