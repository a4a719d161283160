// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// The bridge to std::stop_token: a token of a context is stopped when the context is done.
#include "check.h"
#include "heddle/heddle.h"

#include <atomic>
#include <stop_token>

int main() {
  auto [parent, cancel] = heddle::with_cancel(heddle::background());
  auto [ctx, cancel_ctx] = heddle::with_cancel(parent);
  const std::stop_token token = ctx.stop_token();
  CHECK(token.stop_possible() && !token.stop_requested());
  CHECK(token == ctx.stop_token());
  std::atomic<int> calls = 0;
  std::stop_callback on_stop(token, [&] { ++calls; });
  cancel();
  CHECK(token.stop_requested() && calls == 1);
  CHECK(ctx.stop_token().stop_requested());
  CHECK(parent.stop_token().stop_requested());
}
