// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t
// RUN: env HEDDLE_MAX_PROCS=1 %exits 66 %t go
// RUN: env HEDDLE_MAX_PROCS=1 %exits 66 %t within
// RUN: env HEDDLE_MAX_PROCS=1 %exits 66 %t yield
// RUN: env HEDDLE_MAX_PROCS=1 %t ordered
// ThreadSanitizer sees a race of two tasks that run one after the other on the only worker: that
// they share its thread orders nothing. What a channel or a mutex orders is no race there either.
#include "heddle/heddle.h"

#include <string>

static int n = 0;

static void increment_both(bool yields) {
  heddle::wait_group group;
  for (int i = 0; i < 2; ++i)
    group.go([yields] {
      if (yields)
        heddle::yield();
      ++n;
    });
  group.wait();
}

static void increment_in_order() {
  heddle::mutex mu;
  heddle::wait_group group;
  for (int i = 0; i < 200; ++i)
    group.go([&mu] {
      heddle::lock_guard lock(mu);
      ++n;
      heddle::yield();
    });
  group.wait();
  auto ch = heddle::make_channel<int>();
  heddle::task other = heddle::go([ch] { n = *ch.receive(); });
  ++n;
  ch.send(1);
  other.join();
  ++n;
}

int main(int, char **arguments) {
  const std::string how = arguments[1];
  if (how == "within")
    heddle::go([] { increment_both(false); }).join();
  else if (how == "ordered")
    increment_in_order();
  else
    increment_both(how == "yield");
}
