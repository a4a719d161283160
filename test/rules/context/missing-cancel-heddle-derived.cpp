// RUN: %heddle_verify --checks=missing-cancel %s -- -std=c++20 -I%runtime_include

// Contexts that follow a stop token, or carry a value.
#include "heddle/heddle.h"

#include <stop_token>

struct request_id {
  friend bool operator==(request_id, request_id) = default;
};

void work(const heddle::context &ctx);

void follows_bad(std::stop_token token) {
  auto [ctx, cancel] = // expected-warning@+1 {{'cancel' cancels the context made here}}
      heddle::with_stop_token(heddle::background(), token);
  work(ctx);
}

void follows_ok(std::stop_token token) {
  auto [ctx, cancel] = heddle::with_stop_token(heddle::background(), token);
  heddle::defer d(cancel);
  work(ctx);
}

void value_ok(const heddle::context &parent) { work(heddle::with_value(parent, request_id(), 7)); }

void value_below_bad(const heddle::context &parent) {
  auto [ctx, cancel] = // expected-warning@+1 {{'cancel' cancels the context made here}}
      heddle::with_cancel(heddle::with_value(parent, request_id(), 7));
  work(heddle::with_value(ctx, request_id(), 8));
}
