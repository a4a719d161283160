// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// A semaphore has so many permits, hands them on in order, and a context ends the wait for one.
#include "check.h"
#include "heddle/heddle.h"

#include <atomic>

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

// A task that takes the permit again and again gets no further than to the end of the queue.
static void hands_on() {
  heddle::semaphore permits(1);
  std::atomic<int> served = 0;
  heddle::wait_group group;
  for (int i = 0; i < 3; ++i)
    group.go([&] {
      permits.acquire();
      ++served;
      permits.release();
    });
  while (served < 3) {
    permits.acquire();
    permits.release();
  }
  group.wait();
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
  for (int i = 0; i < 20; ++i)
    hands_on();
  for (int i = 0; i < 10; ++i)
    context_ends_the_wait();
}
