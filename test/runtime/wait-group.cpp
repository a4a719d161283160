// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// wait returns when every task of the group is done, sees what they did, and works again.
#include "check.h"
#include "heddle/heddle.h"

#include <memory>
#include <vector>

int main() {
  heddle::wait_group group;
  group.wait();

  std::vector<int> results(8);
  group.add(8);
  for (int i = 0; i < 8; ++i)
    heddle::go([&, i] {
      heddle::defer d([&] { group.done(); });
      results[i] = i;
    });
  group.wait();
  for (int i = 0; i < 8; ++i)
    CHECK(results[i] == i);

  // Used again, by several waiters; the plain counter is ordered by the group alone.
  int value = 0;
  auto gate = heddle::make_channel<heddle::unit>();
  group.go([&, gate] {
    (void)gate.receive();
    value = 1;
  });
  std::vector<heddle::task> waiters;
  for (int i = 0; i < 4; ++i)
    waiters.push_back(heddle::go([&] {
      group.wait();
      CHECK(value == 1);
    }));
  gate.close();
  for (heddle::task &waiter : waiters)
    waiter.join();

  // The callable is gone before wait returns, and the group may then go too.
  auto owned = std::make_shared<int>(0);
  for (int i = 0; i < 50; ++i) {
    heddle::wait_group local;
    local.go([copy = owned] { CHECK(copy != nullptr); });
    local.wait();
    CHECK(owned.use_count() == 1);
  }
}
