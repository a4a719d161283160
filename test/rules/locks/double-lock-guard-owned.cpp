// RUN: %heddle_verify --checks=double-lock,missing-unlock,unlock-not-held,inconsistent-guard,unguarded-shared-write %s -- -std=c++20
// RUN: %clangxx -std=c++17 -pthread %s -o %t
// RUN: %hangs %t optional_bad
// RUN: %hangs %t in_place_bad
// RUN: %hangs %t pointer_bad
// RUN: %hangs %t swapped_bad
// RUN: timeout 60 %t ok
// RUN: %tsan_cxx %s -o %t.tsan
// RUN: %race_found %t.tsan early_bad

// Guards that lie in optionals, behind smart pointers and in containers, and guards that are
// swapped.
#include "../scenarios.h"

#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

std::mutex m, table_lock, total_lock;
int counter, table, total;
bool threaded = true;

int get() {
  std::lock_guard<std::mutex> lock(m);
  return counter;
}

void optional_ok() {
  {
    std::optional<std::lock_guard<std::mutex>> lock;
    lock.emplace(m);
    ++counter;
  }
  get();
  std::optional<std::unique_lock<std::mutex>> again(std::in_place, m);
  ++counter;
  again.reset();
  get();
  again.emplace(m);
  again = std::nullopt;
  get();
  again = std::unique_lock<std::mutex>(m);
  again->unlock();
  get();
}

void optional_bad() {
  std::optional<std::lock_guard<std::mutex>> lock;
  lock.emplace(m);
  get(); // expected-warning {{the call of 'get' locks 'm' while this thread holds it}}
}

void in_place_bad() {
  std::optional<std::unique_lock<std::mutex>> lock(std::in_place, m);
  get(); // expected-warning {{the call of 'get' locks 'm' while this thread holds it}}
}

void pointer_ok() {
  {
    auto lock = std::make_unique<std::lock_guard<std::mutex>>(m);
    ++counter;
  }
  get();
  std::unique_ptr<std::lock_guard<std::mutex>> lock(new std::lock_guard<std::mutex>(m));
  ++counter;
  lock.reset();
  get();
}

void pointer_bad() {
  auto lock = std::make_unique<std::lock_guard<std::mutex>>(m);
  ++counter;
  get(); // expected-warning {{the call of 'get' locks 'm' while this thread holds it}}
}

// A factory hands the lock to its caller.
std::unique_ptr<std::lock_guard<std::mutex>> hold() {
  return std::make_unique<std::lock_guard<std::mutex>>(m);
}

void factory_ok() {
  {
    auto lock = hold();
    ++counter;
  }
  get();
}

// Where it is locked only if there are threads, others are kept away all the same.
void chosen_add() {
  std::optional<std::lock_guard<std::mutex>> lock;
  if (threaded)
    lock.emplace(table_lock);
  ++table;
}

void chosen_ok() {
  std::thread one(chosen_add), other(chosen_add);
  one.join();
  other.join();
}

void early_add() {
  std::optional<std::lock_guard<std::mutex>> lock;
  if (threaded)
    lock.emplace(total_lock);
  lock.reset();
  ++total; // expected-warning {{'total' is written here}}
}

void early_bad() {
  std::thread one(early_add), other(early_add);
  one.join();
  other.join();
}

// Which locks many guards hold is not followed.
struct Part {
  std::mutex lock;
  int n = 0;
};

class Parts {
public:
  void add(unsigned at) {
    std::lock_guard<std::mutex> lock(parts_[at].lock);
    ++parts_[at].n;
  }
  int sum() {
    std::vector<std::unique_lock<std::mutex>> held;
    for (Part &part : parts_)
      held.emplace_back(part.lock);
    int result = 0;
    for (Part &part : parts_)
      result += part.n;
    return result;
  }

private:
  std::vector<Part> parts_ = std::vector<Part>(4);
};

void many_ok() {
  Parts parts;
  std::thread other([&] { parts.add(1); });
  parts.add(2);
  parts.sum();
  other.join();
}

void swapped_ok() {
  std::unique_lock<std::mutex> first(m), second;
  ++counter;
  first.swap(second);
  second.unlock();
  get();
  second.lock();
  std::swap(first, second);
  first.unlock();
  get();
}

void swapped_bad() {
  std::unique_lock<std::mutex> first(m), second;
  {
    std::unique_lock<std::mutex> inner;
    std::swap(second, inner);
  }
  std::swap(first, second);
  get(); // expected-warning {{the call of 'get' locks 'm' while this thread holds it}}
}

const scenario all[] = {
    {"optional_ok", optional_ok}, {"optional_bad", optional_bad}, {"in_place_bad", in_place_bad},
    {"pointer_ok", pointer_ok},   {"pointer_bad", pointer_bad},   {"factory_ok", factory_ok},
    {"chosen_ok", chosen_ok},     {"early_bad", early_bad},       {"many_ok", many_ok},
    {"swapped_ok", swapped_ok},   {"swapped_bad", swapped_bad},
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
