// RUN: %heddle_verify --checks=thread-without-exit-path %s -- -std=c++20

// Bodies that are templates.
#include <atomic>
#include <thread>
#include <utility>

void work();
bool more_work();

template <typename T> void repeat(T value) {
  while (true) { // expected-warning {{never ends}}
    work();
    ++value;
  }
}

void function_template_bad() {
  std::thread worker(repeat<int>, 1);
  worker.join();
}

template <typename F> void repeat_call(F action) {
  for (;;) // expected-warning {{never ends}}
    action();
}

void callable_parameter_bad() {
  std::thread worker([] { repeat_call(work); });
  worker.join();
}

template <typename Policy> class looper {
public:
  void run() {
    while (true) // expected-warning {{never ends}}
      policy_.step();
  }

private:
  Policy policy_;
};

struct stepper {
  void step() { work(); }
};

void class_template_bad() {
  looper<stepper> l;
  std::thread worker([&l] { l.run(); });
  worker.join();
}

template <typename F> void repeat_until(F done) {
  while (true) {
    if (done())
      return;
    work();
  }
}

void predicate_parameter_ok() {
  std::thread worker([] { repeat_until([] { return !more_work(); }); });
  worker.join();
}

template <bool Endless> void loop_once_or_more() {
  while (Endless)
    work();
}

void false_for_this_argument_ok() {
  std::thread worker(loop_once_or_more<false>);
  worker.join();
}

template <typename T> void never_instantiated_ok() {
  while (true)
    work();
}

template <int Rounds> void bounded() {
  for (int i = 0; i < Rounds; ++i)
    work();
}

void bound_is_an_argument_ok() {
  std::thread worker(bounded<10>);
  worker.join();
}
