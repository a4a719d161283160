// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Each call on a concurrent map is one step.
#include "check.h"
#include "heddle/heddle.h"

#include <string>

static void calls() {
  heddle::concurrent_map<std::string, int> map;
  CHECK(!map.load("a"));
  map.store("a", 1);
  map.store("a", 2);
  CHECK(map.load("a") == 2);
  CHECK(map.load_or_store("a", 3) == std::pair(2, true));
  CHECK(map.load_or_store("b", 4) == std::pair(4, false));
  map.update("b", [](int &n) { n *= 10; });
  map.update("c", [](int &n) { ++n; });
  CHECK(map.load("b") == 40 && map.load("c") == 1);
  CHECK(map.size() == 3);
  int sum = 0;
  for (const auto &[key, value] : map.snapshot())
    sum += value;
  CHECK(sum == 43);
  CHECK(map.erase("a") == 2);
  CHECK(!map.erase("a"));
  CHECK(map.size() == 2);
}

static void stress() {
  heddle::concurrent_map<int, int> map;
  heddle::concurrent_map<int, int> owners;
  heddle::wait_group group;
  auto firsts = heddle::make_channel<int>(6);
  for (int t = 0; t < 6; ++t)
    group.go([&, t] {
      int first = 0;
      for (int i = 0; i < 300; ++i) {
        map.update(i % 50, [](int &n) { ++n; });
        first += owners.load_or_store(i, t).second ? 0 : 1;
        (void)map.load(i);
        map.store(1000 + t, i);
        if (i % 100 == 0)
          CHECK(map.snapshot().size() <= 56);
      }
      map.erase(1000 + t);
      firsts.send(first);
    });
  group.wait();
  firsts.close();
  int claimed = 0;
  for (int first : firsts)
    claimed += first;
  CHECK(claimed == 300);
  CHECK(map.size() == 50);
  for (const auto &[key, count] : map.snapshot())
    CHECK(count == 6 * 6);
}

int main() {
  calls();
  stress();
}
