// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// go runs its callable with its arguments, join waits and sees all that the task did.
#include "check.h"
#include "heddle/heddle.h"

#include <atomic>
#include <concepts>
#include <functional>
#include <memory>
#include <stdexcept>

static_assert(std::movable<heddle::task> && !std::copyable<heddle::task>);

static void store(int *to, int value) { *to = value; }

struct adder {
  int sum = 0;
  void add(int n) { sum += n; }
};

int main() {
  int plain = 0;
  heddle::go(store, &plain, 3).join();
  CHECK(plain == 3);
  heddle::go([](int &to) { to = 4; }, std::ref(plain)).join();
  CHECK(plain == 4);
  adder sums;
  heddle::go(&adder::add, &sums, 2).join();
  CHECK(sums.sum == 2);

  heddle::go([](std::unique_ptr<int> box) { CHECK(*box == 5); }, std::make_unique<int>(5)).join();

  // What the task owns is gone when join returns, though the handle lives.
  auto owned = std::make_shared<int>(0);
  heddle::task held = heddle::go([copy = owned] { CHECK(copy); });
  held.join();
  CHECK(owned.use_count() == 1);

  CHECK(!held.joinable());
  CHECK(error_of<heddle::task_error>([&] { held.join(); }) ==
        "heddle: join of a task that is not joinable");
  CHECK(!heddle::task().joinable());

  heddle::task failing = heddle::go([] { throw std::runtime_error("from the task"); });
  CHECK(error_of<std::runtime_error>([&] { failing.join(); }) == "from the task");

  // Dropped handles leave their tasks running.
  auto done = heddle::make_channel<int>();
  heddle::go([done] { done.send(1); });
  heddle::task replaced = heddle::go([done] { done.send(2); });
  replaced = heddle::go([] {});
  CHECK(*done.receive() + *done.receive() == 3);
  heddle::task moved = std::move(replaced);
  CHECK(moved.joinable() && !replaced.joinable());
  moved.join();
}
