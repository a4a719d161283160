// RUN: %heddle_verify --checks=missing-cancel %s -- -std=c++20 -I%runtime_include

// Contexts of Heddle's runtime whose cancel is called on every path, or is not.
#include "heddle/heddle.h"

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <utility>

using namespace std::chrono_literals;

void fetch(const heddle::context &ctx);
bool try_fetch(const heddle::context &ctx);

// [example: bad]
bool fetch_with_early_return_bad(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_timeout(parent, 1s); // expected-warning {{cancel}}
  if (!try_fetch(ctx))
    return false;
  fetch(ctx);
  cancel();
  return true;
}
// [end]

// [example: good]
bool fetch_with_defer_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_timeout(parent, 1s);
  const heddle::defer cancel_on_exit(cancel);
  if (!try_fetch(ctx))
    return false;
  fetch(ctx);
  return true;
}
// [end]

void never_called_bad(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent); // expected-warning {{cancel}}
  fetch(ctx);
}

void marked_unused_bad(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent); // expected-warning {{cancel}}
  (void)cancel;
  fetch(ctx);
}

void on_one_branch_bad(const heddle::context &parent, bool quick) {
  auto [ctx, cancel] = heddle::with_cancel(parent); // expected-warning {{cancel}}
  fetch(ctx);
  if (quick)
    cancel();
}

void deadline_bad(const heddle::context &parent, heddle::time_point end) {
  auto [ctx, cancel] = heddle::with_deadline(parent, end); // expected-warning {{cancel}}
  if (try_fetch(ctx))
    cancel();
}

void throw_before_the_call_bad(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent); // expected-warning {{cancel}}
  if (!try_fetch(ctx))
    throw std::runtime_error("fetch");
  cancel();
}

void continue_skips_it_bad(const heddle::context &parent) {
  for (int i = 0; i < 3; ++i) {
    auto [ctx, cancel] = heddle::with_cancel(parent); // expected-warning {{cancel}}
    if (!try_fetch(ctx))
      continue;
    cancel();
  }
}

void missing_in_one_case_bad(const heddle::context &parent, int kind) {
  auto [ctx, cancel] = heddle::with_cancel(parent); // expected-warning {{cancel}}
  switch (kind) {
  case 0:
    fetch(ctx);
    cancel();
    break;
  case 1:
    cancel();
    break;
  case 2:
    fetch(ctx);
    break;
  default:
    cancel();
    break;
  }
}

void only_inside_a_loop_bad(const heddle::context &parent, int rounds) {
  auto [ctx, cancel] = heddle::with_cancel(parent); // expected-warning {{cancel}}
  for (int i = 0; i < rounds; ++i) {
    fetch(ctx);
    cancel();
  }
}

void not_unpacked_bad(const heddle::context &parent) {
  auto child = heddle::with_cancel(parent); // expected-warning {{cancel}}
  fetch(child.ctx);
}

void cancel_dropped_at_once_bad(const heddle::context &parent) {
  const heddle::context ctx = heddle::with_timeout(parent, 1s).ctx; // expected-warning {{cancel}}
  fetch(ctx);
}

void deferred_too_late_bad(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent); // expected-warning {{cancel}}
  if (!try_fetch(ctx))
    return;
  const heddle::defer cancel_on_exit(cancel);
  fetch(ctx);
}

void outer_cancelled_inner_not_bad(const heddle::context &parent) {
  auto [outer, cancel_outer] = heddle::with_cancel(parent);
  const heddle::defer cancel_on_exit(cancel_outer);
  auto [inner, cancel_inner] = heddle::with_timeout(parent, 1s); // expected-warning {{cancel}}
  fetch(outer);
  fetch(inner);
}

void called_on_all_paths_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  if (!try_fetch(ctx)) {
    cancel();
    return;
  }
  fetch(ctx);
  cancel();
}

void called_twice_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  const heddle::defer cancel_on_exit(cancel);
  fetch(ctx);
  cancel();
}

void deferred_by_a_lambda_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  const heddle::defer cancel_on_exit([&cancel] { cancel(); });
  fetch(ctx);
}

void member_of_the_pair_ok(const heddle::context &parent) {
  auto child = heddle::with_cancel(parent);
  const heddle::defer cancel_on_exit(child.cancel);
  fetch(child.ctx);
}

void member_of_the_pair_called_ok(const heddle::context &parent) {
  const heddle::cancelable_context child = heddle::with_timeout(parent, 1s);
  fetch(child.ctx);
  child.cancel();
}

void every_iteration_ok(const heddle::context &parent) {
  for (int i = 0; i < 3; ++i) {
    auto [ctx, cancel] = heddle::with_cancel(parent);
    const heddle::defer cancel_on_exit(cancel);
    if (!try_fetch(ctx))
      continue;
    fetch(ctx);
  }
}

void called_before_the_throw_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  const bool fetched = try_fetch(ctx);
  cancel();
  if (!fetched)
    throw std::runtime_error("fetch");
}

void path_that_ends_the_program_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  if (!try_fetch(ctx))
    std::abort();
  cancel();
}

void only_derived_on_one_path_ok(const heddle::context &parent, bool bounded) {
  if (!bounded) {
    fetch(parent);
    return;
  }
  auto [ctx, cancel] = heddle::with_timeout(parent, 1s);
  fetch(ctx);
  cancel();
}

void nothing_derived_ok(const heddle::context &parent) {
  fetch(parent);
  fetch(heddle::background());
}
