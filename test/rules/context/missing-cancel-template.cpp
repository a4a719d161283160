// RUN: %heddle_verify --checks=missing-cancel %s -- -std=c++20 -I%runtime_include

// Templates that derive contexts.
#include "heddle/heddle.h"

#include <chrono>
#include <utility>

using namespace std::chrono_literals;

bool try_fetch(const heddle::context &ctx);

template <typename F> bool with_limit(const heddle::context &parent, F action) {
  auto [ctx, cancel] = heddle::with_timeout(parent, 1s); // expected-warning {{cancel}}
  if (!action(ctx))
    return false;
  cancel();
  return true;
}

bool function_template_bad(const heddle::context &parent) { return with_limit(parent, try_fetch); }

template <typename T> class getter {
public:
  void get(const heddle::context &parent) {
    auto [ctx, cancel] = heddle::with_cancel(parent); // expected-warning {{cancel}}
    if (try_fetch(ctx))
      value_ = T(1);
  }

private:
  T value_ = T();
};

void class_template_bad(const heddle::context &parent) { getter<int>().get(parent); }

template <typename F> void with_cancel_scope(const heddle::context &parent, F action) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  const heddle::defer cancel_on_exit(cancel);
  action(ctx);
}

void function_template_ok(const heddle::context &parent) { with_cancel_scope(parent, try_fetch); }

template <typename Duration>
heddle::cancelable_context limited(const heddle::context &parent, Duration limit) {
  return heddle::with_timeout(parent, limit);
}

void returned_by_a_template_ok(const heddle::context &parent) {
  auto [ctx, cancel] = limited(parent, 5ms);
  try_fetch(ctx);
  cancel();
}

template <typename Canceler> class scope {
public:
  explicit scope(Canceler cancel) : cancel_(std::move(cancel)) {}
  ~scope() { cancel_(); }

private:
  Canceler cancel_;
};

void own_scope_class_ok(const heddle::context &parent) {
  auto [ctx, cancel] = heddle::with_cancel(parent);
  const scope cancel_on_exit(cancel);
  try_fetch(ctx);
}
