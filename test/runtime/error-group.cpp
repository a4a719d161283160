// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// The first failure cancels the group and comes out of wait; no task outlives it.
#include "check.h"
#include "heddle/heddle.h"

#include <atomic>
#include <stdexcept>

using heddle::context;
using heddle::context_errc;

static void all_succeed() {
  heddle::error_group group(heddle::background());
  std::atomic<int> ran = 0;
  for (int i = 0; i < 5; ++i)
    CHECK(group.go([&] { ++ran; }));
  CHECK(group.go([&](const context &ctx) {
    CHECK(ctx == group.ctx());
    ++ran;
  }));
  CHECK(group.go([&]() -> std::error_code {
    ++ran;
    return {};
  }));
  group.wait();
  CHECK(ran == 7);
  CHECK(group.ctx().err() == context_errc::canceled);
  CHECK(!group.go([&] { ++ran; }));
}

static void first_failure_cancels() {
  heddle::error_group group(heddle::background());
  for (int i = 0; i < 3; ++i)
    group.go([](const context &ctx) {
      (void)ctx.done().receive();
      throw std::runtime_error("second");
    });
  group.go([] { throw std::runtime_error("first"); });
  CHECK(error_of<std::runtime_error>([&] { group.wait(); }) == "first");
}

static void codes() {
  heddle::error_group group(heddle::background());
  group.go([] { return std::make_error_code(std::errc::timed_out); });
  std::error_code code;
  try {
    group.wait();
  } catch (const std::system_error &error) {
    code = error.code();
  }
  CHECK(code == std::errc::timed_out);
}

static void limit() {
  heddle::error_group group(heddle::background(), 2);
  std::atomic<int> inside = 0;
  for (int i = 0; i < 50; ++i)
    CHECK(group.go([&] {
      CHECK(++inside <= 2);
      --inside;
    }));
  group.wait();
}

// A failure also ends the wait for a place.
static void failure_at_the_limit() {
  heddle::error_group group(heddle::background(), 1);
  group.go([] { throw std::runtime_error("full"); });
  bool started = true;
  while (started)
    started = group.go([] {});
  CHECK(error_of<std::runtime_error>([&] { group.wait(); }) == "full");
}

static void down_not_up() {
  auto [parent, cancel] = heddle::with_cancel(heddle::background());
  {
    heddle::error_group failed(parent);
    failed.go([] { throw std::runtime_error("mine"); });
    CHECK(error_of<std::runtime_error>([&] { failed.wait(); }) == "mine");
  }
  CHECK(!parent.err());
  heddle::error_group group(parent);
  group.go([](const context &ctx) { (void)ctx.done().receive(); });
  cancel();
  group.wait();
}

static void destructor_waits() {
  std::atomic<bool> ended = false;
  {
    heddle::error_group group(heddle::background());
    group.go([&](const context &ctx) {
      (void)ctx.done().receive();
      ended = true;
      throw std::runtime_error("dropped");
    });
  }
  CHECK(ended);
}

int main() {
  for (int i = 0; i < 10; ++i) {
    all_succeed();
    first_failure_cancels();
    codes();
    limit();
    failure_at_the_limit();
    down_not_up();
    destructor_waits();
  }
}
