// RUN: %heddle_verify --checks=missing-cancel %s -- -std=c++20 -I%runtime_include

// Lost all the same: through callees, copies and loops.
#include "heddle/heddle.h"

#include <chrono>
#include <functional>
#include <utility>

using namespace std::chrono_literals;

void fetch(const heddle::context &ctx);
bool try_fetch(const heddle::context &ctx);

void only_looks(const heddle::cancelable_context &child) { fetch(child.ctx); }

void given_to_who_only_looks_bad(const heddle::context &parent) {
  const auto child = heddle::with_cancel(parent); // expected-warning {{'child.cancel'}}
  only_looks(child);
}

void cancel_if(heddle::cancel_function cancel, bool wanted) {
  if (wanted)
    cancel();
}

void called_on_some_way_of_a_callee_bad(const heddle::context &parent, bool wanted) {
  auto [ctx, cancel] = heddle::with_cancel(parent); // expected-warning {{'cancel'}}
  fetch(ctx);
  cancel_if(cancel, wanted);
}

void copied_and_never_called_bad(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent); // expected-warning {{'cancel'}}
  const std::function<void()> stop = cancel;
  fetch(ctx);
}

struct request {
  heddle::context ctx;
  heddle::cancel_function cancel;
  void run() const { fetch(ctx); }
};

request make_request(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_timeout(parent, 1s);
  return {ctx, cancel};
}

void through_a_callee_bad(const heddle::context &parent) {
  const request made = make_request(parent); // expected-warning {{'made.cancel'}}
  made.run();
}

void moved_on_bad(const heddle::context &parent) {
  auto child = heddle::with_cancel(parent); // expected-warning {{'child.cancel'}}
  const auto last = std::move(child);
  fetch(last.ctx);
}

void dropped_statement_bad(const heddle::context &parent) {
  (void)heddle::with_cancel(parent); // expected-warning {{dropped}}
}

void unpacked_by_reference_bad(const heddle::context &parent) {
  auto &&[ctx, cancel] = heddle::with_cancel(parent); // expected-warning {{'cancel'}}
  if (try_fetch(ctx))
    cancel();
}
