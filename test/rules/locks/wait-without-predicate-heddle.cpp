// RUN: %heddle_verify --checks=wait-without-predicate,lost-wakeup,blocking-while-locked %s -- -std=c++20 -I%runtime_include

// The condition of Heddle's runtime, which is given the mutex, and other waits with a lock in hand.
#include "heddle/heddle.h"

class jobs {
public:
  // Not run: take_bad, others_bad: they wait for what others do, here no longer than elsewhere.
  void take_bad() {
    heddle::lock_guard lock(mutex);
    if (count == 0)
      filled.wait(mutex); // expected-warning {{after this wait on 'filled' nothing looks}}
    --count;
  }
  void take_ok() {
    heddle::lock_guard lock(mutex);
    while (count == 0)
      filled.wait(mutex);
    --count;
  }
  void take_with_predicate_ok() {
    heddle::lock_guard lock(mutex);
    filled.wait(mutex, [&] { return count > 0; });
    --count;
  }
  bool take_with_context_ok(const heddle::context &ctx) {
    heddle::lock_guard lock(mutex);
    if (!filled.wait(ctx, mutex, [&] { return count > 0; }))
      return false;
    --count;
    return true;
  }
  void put_ok() {
    {
      heddle::lock_guard lock(mutex);
      ++count;
    }
    filled.notify_one();
  }
  void others_bad(heddle::error_group &group, heddle::rate_limiter &limiter) {
    heddle::lock_guard lock(mutex);
    limiter.wait();    // expected-warning {{waits for its turn while 'mutex' is held}}
    permits.acquire(); // expected-warning {{waits for a semaphore while 'mutex' is held}}
    permits.release();
    group.wait(); // expected-warning {{waits for the tasks of a group while 'mutex' is held}}
  }

private:
  heddle::mutex mutex;
  heddle::cond filled;
  heddle::semaphore permits{2};
  int count = 0;
};

void several(jobs &queue) {
  heddle::wait_group tasks;
  for (int i = 0; i < 3; ++i)
    tasks.go([&] {
      queue.take_bad();
      queue.take_ok();
      queue.take_with_predicate_ok();
      (void)queue.take_with_context_ok(heddle::background());
      queue.put_ok();
    });
  tasks.wait();
}
