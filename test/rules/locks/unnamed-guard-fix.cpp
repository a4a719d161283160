// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=unnamed-guard %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Wextra -Werror -Wshadow %t.cpp
// RUN: %heddle check --checks=unnamed-guard %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=unnamed-guard %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %tsan_cxx %t.cpp -o %t
// RUN: %t

// The guard gets a name that nothing else has.
#include <mutex>
#include <thread>

std::mutex m;
long counter;

class account {
public:
  void deposit(long amount) {
    // CHECK: {{^}}    std::unique_lock<std::mutex> lock(mutex_);
    std::unique_lock<std::mutex>(mutex_);
    balance_ += amount;
  }
  void withdraw(long amount) {
    // CHECK: {{^}}    std::scoped_lock lock(this->mutex_);
    std::scoped_lock(this->mutex_);
    balance_ -= amount;
  }

private:
  std::mutex mutex_;
  long balance_ = 0;
};

std::unique_lock<std::mutex> acquire() { return std::unique_lock(m); }

long add(long lock) {
  // CHECK: {{^}}  std::lock_guard<std::mutex> guard{m};
  std::lock_guard<std::mutex>{m};
  return counter += lock;
}

void increment() {
  // CHECK: {{^}}  const auto lock = acquire();
  acquire();
  ++counter;
}

void first_negative() {
  // CHECK: {{^}}  if (std::lock_guard lock{m}; counter < 0)
  if (std::lock_guard{m}; counter < 0)
    counter = 0;
}

int main() {
  account a;
  auto work = [&a] {
    for (int i = 0; i < 1000; ++i) {
      a.deposit(2);
      a.withdraw(1);
      add(1);
      increment();
      first_negative();
    }
  };
  std::thread other(work);
  work();
  other.join();
  return counter == 4000 ? 0 : 1;
}
