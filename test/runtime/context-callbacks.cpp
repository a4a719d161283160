// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Callbacks of a context's stop token cancel it again, cancel its parent, derive from it, start
// tasks; a token is stopped by a thread that the runtime has never met; a context ends with its
// last handle gone, inside the callback that ends it.
#include "check.h"
#include "heddle/heddle.h"

#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

using heddle::background;

static void cancel_inside(bool from_above) {
  auto [parent, cancel_parent] = heddle::with_cancel(background());
  auto [ctx, cancel] = heddle::with_cancel(parent);
  int calls = 0;
  std::stop_callback inside(ctx.stop_token(),
                            [&, above = parent, cancel = cancel, cancel_above = cancel_parent] {
                              ++calls;
                              cancel();
                              cancel_above();
                              auto [derived, cancel_derived] = heddle::with_cancel(above);
                              CHECK(derived.err() == heddle::context_errc::canceled);
                              cancel_derived();
                              heddle::go([] {}).join();
                            });
  from_above ? cancel_parent() : cancel();
  CHECK(calls == 1 && parent.err() && ctx.err());
}

static void stopped_by_a_stranger() {
  std::stop_source source;
  auto [ctx, cancel] = heddle::with_stop_token(background(), source.get_token());
  std::thread stranger([&] { source.request_stop(); });
  CHECK(!heddle::make_channel<int>().receive(ctx));
  CHECK(ctx.err() == heddle::context_errc::canceled);
  stranger.join();
  cancel();
}

static void last_handle_gone() {
  std::stop_source source;
  std::optional held(heddle::with_stop_token(background(), source.get_token()));
  heddle::task waiting = heddle::go([done = held->ctx.done()] { (void)done.receive(); });
  held.reset();
  source.request_stop();
  waiting.join();
}

static void thousands() {
  auto [root, cancel] = heddle::with_cancel(background());
  std::vector<heddle::cancelable_context> all{{root, cancel}};
  for (int i = 0; i < 10'000; ++i)
    all.push_back(heddle::with_timeout(all[all.size() / 2].ctx, std::chrono::hours(1)));
  std::atomic<int> ended = 0;
  heddle::wait_group group;
  for (int i = 0; i < 1000; ++i)
    group.go([&ended, ctx = all[i * 10].ctx] {
      (void)ctx.done().receive();
      ++ended;
    });
  cancel();
  group.wait();
  CHECK(ended == 1000);
  for (const heddle::cancelable_context &one : all)
    CHECK(one.ctx.err() == heddle::context_errc::canceled);
}

int main() {
  for (int i = 0; i < 50; ++i) {
    cancel_inside(i % 2 == 0);
    stopped_by_a_stranger();
    last_handle_gone();
  }
  thousands();
}
