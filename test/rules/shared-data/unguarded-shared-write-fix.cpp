// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=unguarded-shared-write %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=unguarded-shared-write %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=unguarded-shared-write %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %tsan_cxx %t.cpp -o %t
// RUN: %t

// Counters and flags become atomic when every use allows it; load() goes where a type is deduced.
#include <algorithm>
#include <cstdio>
#include <thread>

// CHECK: #include <atomic>

// CHECK: std::atomic<int> hits = 0;
int hits = 0;

void count_hit() { ++hits; }

void counter() {
  std::thread worker(count_hit);
  count_hit();
  hits += 2;
  // CHECK: std::printf("%d\n", hits.load());
  std::printf("%d\n", hits);
  // CHECK: {{const auto seen = hits.load\(\);}}
  const auto seen = hits;
  // CHECK: std::max({{hits.load\(\)}}, seen)
  std::printf("%d\n", std::max(hits, seen));
  const int copy = hits;
  worker.join();
  std::printf("%d\n", copy);
}

// CHECK: std::atomic<bool> finished = false;
bool finished = false;

void flag() {
  std::thread worker([] { finished = true; });
  // CHECK: if (finished)
  if (finished)
    std::puts("finished");
  worker.join();
}

class sampler {
public:
  void run() {
    std::thread worker([this] { samples_++; });
    samples_++;
    worker.join();
  }

private:
  // CHECK: std::atomic<long> samples_
  long samples_ = 0;
};

void local() {
  // CHECK: {{std::atomic<unsigned( int)?> sum = 0;}}
  unsigned int sum = 0;
  std::thread worker([&sum] { sum += 1; });
  sum += 2;
  worker.join();
}

int main() {
  counter();
  flag();
  sampler().run();
  local();
}
