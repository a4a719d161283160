// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t function_template_bad
// RUN: %race_found %t class_template_bad
// RUN: %race_found %t callable_passed_on_bad
// RUN: %race_found %t variable_template_bad
// RUN: %race_found %t variadic_template_bad
// RUN: %t ok

// Templates: bodies that exist only once instantiated, and variables that exist once per argument.
#include "../scenarios.h"

#include <cstdio>
#include <mutex>
#include <thread>
#include <utility>

template <typename T> void add_one(T *sum) {
  *sum += 1; // expected-warning {{sum' is written}}
}

void function_template_bad() {
  int sum = 0;
  std::thread first(add_one<int>, &sum);
  std::thread second(add_one<int>, &sum);
  first.join();
  second.join();
}

template <typename T> class box {
public:
  void put(T value) {
    value_ = value; // expected-warning {{value_' is written}}
  }
  T get() const { return value_; }

private:
  T value_ = T();
};

void class_template_bad() {
  box<int> b;
  std::thread worker([&b] { b.put(1); });
  std::printf("%d\n", b.get());
  worker.join();
}

int by_callable = 0;

template <typename F> std::thread start(F body) { return std::thread(std::move(body)); }

void callable_passed_on_bad() {
  std::thread worker = start([] {
    by_callable = 1; // expected-warning {{'by_callable' is written}}
  });
  std::printf("%d\n", by_callable);
  worker.join();
}

template <typename T> T shared_of = T();

template <typename T> void set_shared() {
  shared_of<T> = T(1); // expected-warning {{shared_of}}
}

void variable_template_bad() {
  std::thread worker(set_shared<int>);
  std::printf("%d\n", shared_of<int>);
  worker.join();
}

int folded = 0;

template <typename... Numbers> void add_all(Numbers... numbers) {
  folded += (numbers + ... + 0); // expected-warning {{'folded' is written}}
}

void variadic_template_bad() {
  std::thread worker([] { add_all(1, 2); });
  add_all(3);
  worker.join();
}

template <typename T, typename Mutex> class guarded {
public:
  void add(T n) {
    const std::lock_guard<Mutex> lock(mutex_);
    value_ += n;
  }

private:
  Mutex mutex_;
  T value_ = T();
};

void class_template_with_lock_ok() {
  guarded<int, std::mutex> g;
  std::thread worker([&g] { g.add(1); });
  g.add(2);
  worker.join();
}

std::recursive_mutex any_mutex;
int under_any = 0;

template <typename Lockable> void add_under(Lockable &lockable) {
  const std::lock_guard lock(lockable);
  ++under_any;
}

void lockable_as_parameter_ok() {
  std::thread worker([] { add_under(any_mutex); });
  add_under(any_mutex);
  worker.join();
}

template <typename T> int instances = 0;

template <typename T> void count_instance() { ++instances<T>; }

void one_variable_per_argument_ok() {
  std::thread worker(count_instance<int>);
  count_instance<long>();
  worker.join();
}

template <typename T> int next_of() {
  static int last = 0;
  return ++last;
}

void one_static_local_per_argument_ok() {
  std::thread worker([] { std::printf("%d\n", next_of<int>()); });
  std::printf("%d\n", next_of<long>());
  worker.join();
}

int optionally_locked = 0;
std::mutex optional_mutex;

template <bool Threaded> void add_optionally() {
  if constexpr (Threaded) {
    const std::lock_guard lock(optional_mutex);
    ++optionally_locked;
  } else {
    ++optionally_locked;
  }
}

void discarded_branch_ok() {
  std::thread worker(add_optionally<true>);
  add_optionally<true>();
  worker.join();
  add_optionally<false>();
}

template <typename T> T largest(T a, T b) {
  T result = a;
  if (result < b)
    result = b;
  return result;
}

void locals_of_a_template_ok() {
  std::thread worker([] { std::printf("%d\n", largest(1, 2)); });
  std::printf("%d\n", largest(3, 4));
  worker.join();
}

SCENARIO_MAIN(SCENARIO(function_template_bad), SCENARIO(class_template_bad),
              SCENARIO(callable_passed_on_bad), SCENARIO(variable_template_bad),
              SCENARIO(variadic_template_bad), SCENARIO(class_template_with_lock_ok),
              SCENARIO(lockable_as_parameter_ok), SCENARIO(one_variable_per_argument_ok),
              SCENARIO(one_static_local_per_argument_ok), SCENARIO(discarded_branch_ok),
              SCENARIO(locals_of_a_template_ok))
