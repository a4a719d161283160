// RUN: %heddle_verify --checks=unnamed-guard %s -- -std=c++20 -Wno-unused-value
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t temporary_bad
// RUN: %race_found %t shadow_bad
// RUN: %race_found %t prototype_bad
// RUN: %race_found %t result_bad
// RUN: %race_found %t condition_bad
// RUN: %t ok

// Guards that end before what they were to guard, or that are none. Each is run in two threads.
#include "../scenarios.h"

#include <mutex>
#include <shared_mutex>
#include <thread>

std::mutex m;
std::shared_mutex rw;
long counter;

template <typename Function> void twice(Function work) {
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i)
      work();
  });
  for (int i = 0; i < 1000; ++i)
    work();
  other.join();
}

// [example: bad]
void add_bad() {
  std::lock_guard<std::mutex>{m}; // expected-warning {{this guard has no name}}
  ++counter;
}

void subtract_bad() {
  std::unique_lock<std::mutex>(
      m); // expected-warning {{declares a guard called 'm' that has no lock}}
  --counter;
}
// [end]

void temporary_bad() { twice(add_bad); }
void shadow_bad() { twice(subtract_bad); }

void prototype_bad() {
  twice([] {
    std::lock_guard<std::mutex> guard(); // expected-warning {{declares a function called 'guard'}}
    ++counter;
  });
}

std::unique_lock<std::mutex> locked() { return std::unique_lock(m); }

void result_bad() {
  twice([] {
    locked(); // expected-warning {{nobody keeps the guard that 'locked' returns}}
    ++counter;
  });
}

void condition_bad() {
  twice([] {
    if (std::scoped_lock{m}; counter >= 0) // expected-warning {{this guard has no name}}
      ++counter;
  });
}

class account {
public:
  void deposit_bad(long amount) {
    std::scoped_lock(this->mutex_); // expected-warning {{this guard has no name}}
    balance_ += amount;
  }
  void withdraw_bad(long amount) {
    std::scoped_lock(
        mutex_); // expected-warning {{declares a guard called 'mutex_' that has no lock}}
    balance_ -= amount;
  }
  long read_bad() const {
    std::shared_lock<std::shared_mutex>(readers_); // expected-warning {{called 'readers_'}}
    return balance_;
  }
  void clear_ok() {
    std::scoped_lock lock(mutex_);
    balance_ = 0;
  }

private:
  mutable std::mutex mutex_;
  mutable std::shared_mutex readers_;
  long balance_ = 0;
};

void with_tags_bad(int *p) {
  (void)std::unique_lock<std::mutex>(m, std::try_to_lock); // expected-warning {{has no name}}
  ++*p;
  m.lock();
  std::lock_guard(m, std::adopt_lock); // expected-warning {{gives its lock back at once}}
  ++*p;
}

void in_switch_bad(int which) {
  switch (which) {
  case 1:
    std::lock_guard{m}; // expected-warning {{this guard has no name}}
    ++counter;
    break;
  default:
    break;
  }
}

template <typename Mutex> void in_template_bad(Mutex &mutex) {
  std::unique_lock<Mutex>{mutex}; // expected-warning {{this guard has no name}}
  ++counter;
}
template void in_template_bad(std::mutex &);
template void in_template_bad(std::shared_mutex &);

#define GUARD(M)                                                                                   \
  std::lock_guard<std::mutex> { M }
void in_macro_bad() {
  GUARD(m); // expected-warning {{this guard has no name}}
  ++counter;
}

// [example: good]
void add_ok() {
  std::lock_guard<std::mutex> lock{m};
  ++counter;
}
// [end]

void named_ok() { twice(add_ok); }

void comma_ok() {
  twice([] { std::lock_guard<std::mutex>{m}, ++counter; });
}

void extended_ok() {
  twice([] {
    auto &&lock = std::lock_guard<std::mutex>(m);
    ++counter;
    (void)lock;
  });
}

void kept_ok() {
  twice([] {
    const auto lock = locked();
    ++counter;
  });
}

long plus_one(const std::lock_guard<std::mutex> &) { return ++counter; }

void given_to_a_call_ok() {
  twice([] {
    plus_one(std::lock_guard<std::mutex>(m));
    plus_one(std::lock_guard<std::mutex>(m));
  });
}

void wait_for_others_ok() {
  // Comes out once nobody is in the critical section.
  {
    std::lock_guard<std::mutex>{m};
  }
  if (counter < 0) {
    std::lock_guard<std::mutex>{m};
  }
}

void used_in_condition_ok() {
  if (std::unique_lock<std::mutex>(m, std::try_to_lock).owns_lock())
    (void)m;
  if (std::lock_guard lock{m}; counter > 0)
    --counter;
}

void declared_and_called_ok() {
  std::unique_lock<std::mutex> locked();
  auto lock = locked();
  ++counter;
}

void assigned_ok() {
  std::unique_lock<std::mutex> lock;
  lock = std::unique_lock<std::mutex>(m);
  ++counter;
}

struct holder {
  explicit holder(std::mutex &of) : lock(of) {}
  std::unique_lock<std::mutex> lock;
};

void reference_ok() {
  std::unique_lock<std::mutex> lock(m);
  auto same = [&]() -> std::unique_lock<std::mutex> & { return lock; };
  same();
  ++counter;
}

SCENARIO_MAIN(SCENARIO(temporary_bad), SCENARIO(shadow_bad), SCENARIO(prototype_bad),
              SCENARIO(result_bad), SCENARIO(condition_bad), SCENARIO(named_ok), SCENARIO(comma_ok),
              SCENARIO(extended_ok), SCENARIO(kept_ok), SCENARIO(given_to_a_call_ok),
              SCENARIO(wait_for_others_ok))
