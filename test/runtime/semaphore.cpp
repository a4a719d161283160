// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// A semaphore has so many permits, hands them on in order, and a context ends the wait for one.
#include "check.h"
#include "heddle/heddle.h"

using namespace std::chrono_literals;

static void counts() {
  heddle::semaphore permits(2);
  permits.acquire();
  CHECK(permits.try_acquire());
  CHECK(!permits.try_acquire());
  permits.release();
  CHECK(permits.try_acquire());
  permits.release();
  permits.release();
}

static void order() {
  heddle::semaphore permits(1);
  permits.acquire();
  auto got = heddle::make_channel<int>(2);
  const auto take = [&](int who) {
    permits.acquire();
    got.send(who);
    permits.release();
  };
  auto first = heddle::go(take, 1);
  heddle::sleep_for(5ms);
  auto second = heddle::go(take, 2);
  heddle::sleep_for(5ms);
  permits.release();
  first.join();
  second.join();
  CHECK(got.receive() == 1);
  CHECK(got.receive() == 2);
}

static void context_ends_the_wait() {
  heddle::semaphore permits(1);
  permits.acquire();
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  auto waits = heddle::go([&, ctx = ctx] { CHECK(!permits.acquire(ctx)); });
  heddle::sleep_for(1ms);
  cancel();
  waits.join();
  // Who gave up left no trace: the permit is not handed to it.
  permits.release();
  CHECK(!permits.acquire(ctx));
  CHECK(permits.try_acquire());
  permits.release();
  CHECK(permits.acquire(heddle::background()));
  permits.release();
  CHECK(error_of<heddle::context_error>([&] { (void)permits.acquire(heddle::context()); }) ==
        "heddle: use of null context");
}

int main() {
  counts();
  order();
  for (int i = 0; i < 10; ++i)
    context_ends_the_wait();
}
