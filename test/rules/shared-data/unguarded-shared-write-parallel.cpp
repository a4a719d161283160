// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20

// Algorithms of the standard library: with a parallel policy, what they call may run at the same
// time as itself; with none, or a sequential one, it runs here.
#include <algorithm>
#include <atomic>
#include <execution>
#include <functional>
#include <mutex>
#include <numeric>
#include <thread>
#include <vector>

std::vector<int> in(100), out(100), rest(100);

int visited = 0;

void for_each_bad() {
  std::for_each(std::execution::par, in.begin(), in.end(), [](int) {
    ++visited; // expected-warning {{'visited' is written here by several threads}}
  });
}

int generated = 0;

void unsequenced_bad() {
  std::generate_n(std::execution::par_unseq, in.begin(), 10, [] {
    return ++generated; // expected-warning {{'generated' is written}}
  });
}

int scanned = 0;

void scan_bad() {
  std::transform_inclusive_scan(std::execution::par, in.begin(), in.end(), out.begin(),
                                std::plus<>(), [](int x) {
                                  ++scanned; // expected-warning {{'scanned' is written}}
                                  return x;
                                });
}

int scanned_from = 0;

void scan_from_a_value_bad() {
  std::transform_exclusive_scan(std::execution::par, in.begin(), in.end(), out.begin(), 0,
                                std::plus<>(), [](int x) {
                                  ++scanned_from; // expected-warning {{'scanned_from' is written}}
                                  return x;
                                });
}

int reduced = 0;

void reduction_bad() {
  std::transform_reduce(
      std::execution::par, in.begin(), in.end(), 0,
      [](int a, int b) {
        ++reduced; // expected-warning {{'reduced' is written}}
        return a + b;
      },
      [](int x) { return x; });
}

int parted = 0;

void partition_bad() {
  std::partition_copy(std::execution::par, in.begin(), in.end(), out.begin(), rest.begin(),
                      [](int x) {
                        ++parted; // expected-warning {{'parted' is written}}
                        return x > 1;
                      });
}

int replaced = 0;

void replace_bad() {
  std::replace_copy_if(
      std::execution::par, in.begin(), in.end(), out.begin(),
      [](int x) {
        ++replaced; // expected-warning {{'replaced' is written}}
        return x > 1;
      },
      0);
}

int compared = 0;

void comparison_bad() {
  std::equal(std::execution::par, in.begin(), in.end(), out.begin(), out.end(), [](int a, int b) {
    ++compared; // expected-warning {{'compared' is written}}
    return a == b;
  });
}

void collect_bad() {
  std::vector<int> found;
  std::for_each(std::execution::par, in.begin(), in.end(), [&](int x) {
    found.push_back(x); // expected-warning {{'found' is written}}
  });
}

int sequenced = 0, plain = 0, scanned_here = 0, unsequenced = 0;

void in_this_thread_ok() {
  std::for_each(std::execution::seq, in.begin(), in.end(), [](int) { ++sequenced; });
  std::for_each(in.begin(), in.end(), [](int) { ++plain; });
  std::transform_inclusive_scan(in.begin(), in.end(), out.begin(), std::plus<>(), [](int x) {
    ++scanned_here;
    return x;
  });
  std::transform_reduce(std::execution::seq, in.begin(), in.end(), 0, std::plus<>(), [](int x) {
    ++unsequenced;
    return x;
  });
}

std::atomic<int> atomic = 0;

void atomic_ok() {
  std::for_each(std::execution::par, in.begin(), in.end(), [](int) { ++atomic; });
}

std::mutex mutex;
int locked = 0;

void locked_ok() {
  std::for_each(std::execution::par, in.begin(), in.end(), [](int) {
    std::lock_guard lock(mutex);
    ++locked;
  });
}

void own_element_ok() {
  std::for_each(std::execution::par, in.begin(), in.end(), [](int &x) { x += 1; });
  std::transform(std::execution::par, in.begin(), in.end(), out.begin(), [](int x) {
    int twice = x;
    twice += x;
    return twice;
  });
}

int before_and_after = 0;

void before_and_after_ok() {
  before_and_after = 1;
  std::for_each(std::execution::par, in.begin(), in.end(), [](int) {});
  before_and_after = 2;
}

int beside = 0;

void meets_another_thread_bad() {
  std::thread worker([] {
    ++beside; // expected-warning {{'beside' is written}}
  });
  std::partition_copy(in.begin(), in.end(), out.begin(), rest.begin(), [](int x) {
    ++beside;
    return x > 1;
  });
  worker.join();
}
