// RUN: not %heddle --checks=unguarded-shared-write %s -- -std=c++20 2>&1 | %FileCheck %s --implicit-check-not='std::atomic<'

// Objects that a container keeps by value are copied by it, and atomics are not copied.
#include <thread>
#include <vector>

struct slot {
  int hits = 0;
  int id = 0;
};

int count() {
  std::vector<slot> history;
  slot current;
  // CHECK: error: 'hits' is written here
  std::thread other([&current] { ++current.hits; });
  ++current.hits;
  other.join();
  history.push_back(current);
  return static_cast<int>(history.size());
}
