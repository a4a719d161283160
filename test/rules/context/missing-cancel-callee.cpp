// RUN: %heddle_verify --checks=missing-cancel %s -- -std=c++20 -I%runtime_include

// The context is derived, or the cancel called, in a function that is called.
#include "heddle/heddle.h"

#include <chrono>

using namespace std::chrono_literals;

void fetch(const heddle::context &ctx);

heddle::context bounded(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_timeout(parent, 1s); // expected-warning {{cancel}}
  return ctx;
}

void callee_drops_the_cancel_bad(const heddle::context &parent) { fetch(bounded(parent)); }

heddle::cancelable_context derive(const heddle::context &parent) {
  return heddle::with_cancel(parent);
}

void derived_by_a_callee_bad(const heddle::context &parent) {
  auto [ctx, cancel] = derive(parent); // expected-warning {{cancel}}
  fetch(ctx);
}

void derived_by_a_callee_ok(const heddle::context &parent) {
  auto [ctx, cancel] = derive(parent);
  fetch(ctx);
  cancel();
}

void stop(const heddle::cancel_function &cancel) { cancel(); }

void called_by_a_callee_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  fetch(ctx);
  stop(cancel);
}

void finish(const heddle::cancelable_context &child) {
  fetch(child.ctx);
  child.cancel();
}

void pair_finished_by_a_callee_ok(const heddle::context &parent) {
  const auto child = heddle::with_cancel(parent);
  finish(child);
}
