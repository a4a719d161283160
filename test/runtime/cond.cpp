// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// RUN: %runtime_cxx -O1 -gline-tables-only -fsanitize=address %s %asan_runtime_lib -o %t.asan && %t.asan
// Waiting for a state: no notification is lost, the mutex is held afterwards, a context ends it.
#include "check.h"
#include "heddle/heddle.h"

#include <vector>

// A queue with room for two between many producers and consumers.
static void bounded_queue() {
  heddle::mutex mu;
  heddle::cond not_empty;
  heddle::cond not_full;
  std::vector<int> items;
  heddle::wait_group group;
  long sum = 0;
  for (int t = 0; t < 4; ++t) {
    group.go([&] {
      for (int i = 1; i <= 200; ++i) {
        heddle::lock_guard lock(mu);
        not_full.wait(mu, [&] { return items.size() < 2; });
        items.push_back(i);
        not_empty.notify_one();
      }
    });
    group.go([&] {
      for (int i = 1; i <= 200; ++i) {
        heddle::lock_guard lock(mu);
        while (items.empty())
          not_empty.wait(mu);
        sum += items.back();
        items.pop_back();
        not_full.notify_one();
      }
    });
  }
  group.wait();
  CHECK(sum == 4 * 200 * 201 / 2);
}

static void notify_all_wakes_all() {
  heddle::mutex mu;
  heddle::cond changed;
  bool open = false;
  heddle::wait_group group;
  for (int i = 0; i < 5; ++i)
    group.go([&] {
      heddle::lock_guard lock(mu);
      changed.wait(mu, [&] { return open; });
      CHECK(!mu.try_lock());
    });
  {
    heddle::lock_guard lock(mu);
    open = true;
  }
  changed.notify_all();
  group.wait();
}

static void context_ends_the_wait() {
  heddle::mutex mu;
  heddle::cond never;
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  auto waits = heddle::go([&, ctx = ctx] {
    heddle::lock_guard lock(mu);
    CHECK(!never.wait(ctx, mu, [] { return false; }));
    CHECK(!mu.try_lock());
  });
  heddle::sleep_for(std::chrono::milliseconds(1));
  cancel();
  waits.join();
  // Who gave up takes no notification away.
  never.notify_one();
  heddle::lock_guard lock(mu);
  CHECK(never.wait(ctx, mu, [] { return true; }));
  CHECK(!never.wait(ctx, mu, [] { return false; }));
}

// One notification for two waiters of which one gives up: it goes to the other or came too late for
// neither.
static void notification_against_cancellation() {
  heddle::mutex mu;
  heddle::cond ready;
  int tokens = 0;
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  auto patient = heddle::go([&] {
    heddle::lock_guard lock(mu);
    ready.wait(mu, [&] { return tokens > 0; });
    --tokens;
  });
  auto hasty = heddle::go([&, ctx = ctx] {
    heddle::lock_guard lock(mu);
    if (ready.wait(ctx, mu, [&] { return tokens > 0; })) {
      --tokens;
      ++tokens;
      ready.notify_one();
    }
  });
  auto canceler = heddle::go(cancel);
  {
    heddle::lock_guard lock(mu);
    ++tokens;
  }
  ready.notify_one();
  hasty.join();
  patient.join();
  canceler.join();
  heddle::lock_guard lock(mu);
  CHECK(tokens == 0);
}

int main() {
  bounded_queue();
  for (int i = 0; i < 10; ++i)
    notify_all_wakes_all();
  for (int i = 0; i < 10; ++i)
    context_ends_the_wait();
  for (int i = 0; i < 200; ++i)
    notification_against_cancellation();
}
