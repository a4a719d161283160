// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Result and done channels of one task, and the signal for the first of several.
#include "check.h"
#include "heddle/heddle.h"

#include <memory>

static void results() {
  auto result = heddle::async([] { return std::make_unique<int>(7); });
  auto value = result.receive();
  CHECK(value && **value == 7);
  CHECK(!result.receive());
  int written = 0; // no atomic: the race detector checks that the end is seen after the work
  auto done = heddle::async([&] { written = 1; });
  CHECK(!done.receive());
  CHECK(written == 1);
}

// The task of an abandoned result ends: it needs no receiver.
static void abandoned_result() {
  heddle::wait_group ended;
  ended.add();
  {
    auto [ctx, cancel] = heddle::with_cancel(heddle::background());
    cancel();
    auto result = heddle::async([&] {
      heddle::defer d([&] { ended.done(); });
      return 1;
    });
    (void)result.receive(ctx);
  }
  ended.wait();
}

static void first_of_several() {
  const heddle::context ctx = heddle::background();
  auto a = heddle::make_channel<heddle::unit>();
  auto b = heddle::make_channel<heddle::unit>();
  auto any = heddle::any_done(ctx, {a, b, heddle::receiver<heddle::unit>()});
  CHECK(!any.try_receive());
  b.close();
  CHECK(!any.receive());
  // Of signals that are closed already, and of one that sends.
  CHECK(!heddle::any_done(ctx, {b}).receive());
  auto sent = heddle::any_done(ctx, {a});
  a.send({});
  CHECK(!sent.receive());
}

static void context_ends_the_wait() {
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  auto never = heddle::make_channel<heddle::unit>();
  auto any = heddle::any_done(ctx, {never});
  cancel();
  CHECK(!any.receive());
}

int main() {
  for (int i = 0; i < 20; ++i) {
    results();
    abandoned_result();
    first_of_several();
    context_ends_the_wait();
  }
}
