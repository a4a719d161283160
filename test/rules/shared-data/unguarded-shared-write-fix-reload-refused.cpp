// RUN: cp %s %t.cpp
// RUN: %exits 1 %heddle check --quiet --fix-unsafe --checks=unguarded-shared-write %t.cpp -- -std=c++20
// RUN: cmp %s %t.cpp

// Pointers that an atomic cannot stand for: what is looked at would end with the handle, the
// members are not there, or the initialiser does not fit.
#include <cstdio>
#include <memory>
#include <thread>

namespace {

struct config {
  int limit = 0;
};

std::shared_ptr<config> referred = std::make_shared<config>();

void refer() {
  std::thread reader([] {
    const config &mine = *referred;
    std::printf("%d\n", mine.limit);
  });
  referred = std::make_shared<config>();
  reader.join();
}

std::shared_ptr<config> pointed = std::make_shared<config>();

void point() {
  std::thread reader([] {
    const config *mine = pointed.get();
    std::printf("%d\n", mine->limit);
  });
  pointed = std::make_shared<config>();
  reader.join();
}

std::shared_ptr<config> swapped = std::make_shared<config>();

void swap() {
  std::thread reader([] {
    const std::shared_ptr<config> mine = swapped;
    std::printf("%d\n", mine->limit);
  });
  std::shared_ptr<config> fresh = std::make_shared<config>();
  swapped.swap(fresh);
  reader.join();
}

std::shared_ptr<const config> converted = std::make_shared<config>();

void convert() {
  std::thread reader([] {
    const std::shared_ptr<const config> mine = converted;
    std::printf("%d\n", mine->limit);
  });
  converted = std::make_shared<config>();
  reader.join();
}

} // namespace

int main() {
  refer();
  point();
  swap();
  convert();
}
