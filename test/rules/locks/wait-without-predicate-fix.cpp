// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=wait-without-predicate %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=wait-without-predicate %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=wait-without-predicate %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %tsan_cxx %t.cpp -o %t && timeout 20 %t

// The condition of the `if` becomes the wait's predicate.
#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>

struct channel {
  std::mutex mutex;
  std::condition_variable changed;
  std::queue<int> items;
  int room = 2;

  void put(int item) {
    std::unique_lock lock(mutex);
    // CHECK: changed.wait(lock, [&] { return room != 0; });
    if (room == 0)
      changed.wait(lock);
    --room;
    items.push(item);
    changed.notify_all();
  }
  int get() {
    std::unique_lock lock(mutex);
    // CHECK: changed.wait(lock, [&] { return !items.empty(); });
    if (items.empty()) {
      changed.wait(lock);
    }
    int item = items.front();
    items.pop();
    ++room;
    changed.notify_all();
    return item;
  }
};

int main() {
  channel c;
  std::thread writer([&] {
    for (int i = 0; i < 1000; ++i)
      c.put(i);
  });
  int sum = 0;
  for (int i = 0; i < 1000; ++i)
    sum += c.get();
  writer.join();
  return sum == 999 * 500 ? 0 : 1;
}
