// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// A value is replaced whole: readers see one version, and updates are not lost.
#include "check.h"
#include "heddle/heddle.h"

#include <string>

struct config {
  std::string host;
  std::size_t length = 0; // of host
};

int main() {
  heddle::atomic_value<config> current;
  CHECK(!current.load());
  current.store({"a", 1});
  const auto before = current.load();
  CHECK(current.exchange({"bb", 2}) == before);
  CHECK(before->host == "a" && current.load()->host == "bb");
  CHECK(!current.compare_exchange(before, {"c", 1}));
  CHECK(current.compare_exchange(current.load(), {"c", 1}));

  heddle::wait_group group;
  for (int t = 0; t < 3; ++t) {
    group.go([&] {
      for (std::size_t i = 0; i < 300; ++i)
        current.store({std::string(i % 40, 'x'), i % 40});
    });
    group.go([&] {
      for (int i = 0; i < 300; ++i) {
        const auto seen = current.load();
        CHECK(seen->host.size() == seen->length);
      }
    });
  }
  group.wait();

  heddle::atomic_value<int> counter(0);
  for (int t = 0; t < 4; ++t)
    group.go([&] {
      for (int i = 0; i < 200; ++i) {
        auto seen = counter.load();
        while (!counter.compare_exchange(seen, *seen + 1))
          seen = counter.load();
      }
    });
  group.wait();
  CHECK(*counter.load() == 800);
}
