// RUN: %heddle_verify --checks=missing-cancel %s -- -std=c++20 -I%runtime_include

// Contexts that lambdas derive, and cancels that lambdas call.
#include "heddle/heddle.h"

#include <chrono>

using namespace std::chrono_literals;

void fetch(const heddle::context &ctx);
bool try_fetch(const heddle::context &ctx);

void derived_in_a_task_bad(const heddle::context &parent) {
  heddle::task worker = heddle::go([parent] {
    auto [ctx, cancel] = heddle::with_timeout(parent, 1s); // expected-warning {{cancel}}
    if (!try_fetch(ctx))
      return;
    cancel();
  });
  worker.join();
}

void derived_in_a_local_lambda_bad(const heddle::context &parent) {
  const auto get = [&parent] {
    auto [ctx, cancel] = heddle::with_cancel(parent); // expected-warning {{cancel}}
    fetch(ctx);
  };
  get();
}

void only_the_context_is_captured_bad(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent); // expected-warning {{cancel}}
  heddle::task worker = heddle::go([ctx = ctx] { fetch(ctx); });
  worker.join();
}

void called_in_a_local_lambda_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  const auto finish = [&cancel] { cancel(); };
  fetch(ctx);
  finish();
}

void deferred_in_a_task_ok(const heddle::context &parent) {
  heddle::task worker = heddle::go([parent] {
    auto [ctx, cancel] = heddle::with_cancel(parent);
    const heddle::defer cancel_on_exit(cancel);
    fetch(ctx);
  });
  worker.join();
}

void return_of_a_lambda_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  const auto get = [ctx = ctx] {
    if (!try_fetch(ctx))
      return; // leaves the lambda, not the function
    fetch(ctx);
  };
  get();
  cancel();
}

void deferred_with_other_work_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  heddle::task worker = heddle::go([ctx = ctx] { fetch(ctx); });
  const heddle::defer finish([&] {
    cancel();
    worker.join();
  });
  fetch(ctx);
}
