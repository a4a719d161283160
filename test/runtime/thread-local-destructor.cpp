// RUN: %runtime_cxx -O1 %s %runtime_lib -o %t
// RUN: %exits 70 %t 2>&1 | FileCheck %s
// A thread may use the runtime up to the destructors of its thread_local objects, also of those
// that come after the runtime has let go of it; and it counts as awake no longer than it lives.
#include "check.h"
#include "heddle/heddle.h"

#include <thread>

static std::atomic<int> served = 0;

static void serve() {
  auto ch = heddle::make_channel<int>();
  heddle::go([ch] { ch.send(1); });
  served += *ch.receive();
}

struct late {
  ~late() { serve(); }
};

int main() {
  for (int i = 0; i < 3; ++i)
    std::thread([] {
      // Made before the thread's first use of the runtime, and so destroyed after its last part.
      static thread_local late object;
      (void)&object;
      serve();
    }).join();
  CHECK(served == 6);
  // CHECK: heddle: all tasks are asleep
  // CHECK-NEXT: the main thread, waits for a receive from a nil channel
  // CHECK-NOT: a thread
  (void)heddle::channel<int>().receive();
}
