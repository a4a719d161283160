// RUN: %heddle_verify --checks=unguarded-shared-write,dangling-task-capture %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t before_end_of_array_bad
// RUN: %race_found %t before_end_of_joiners_bad
// RUN: %race_found %t detached_by_pointer_bad
// RUN: %race_found %t detached_by_name_bad
// RUN: %race_found %t only_listed_bad
// RUN: %race_found %t detaching_deleter_bad
// RUN: %race_found %t before_deleter_bad
// RUN: %t ok

// Threads that are joined by arrays of handles at their end, through pointers to the handle, by the
// name of the member, and by what a smart pointer does with what it owns.
#include "../scenarios.h"

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

void wait_for_the_thread() { std::this_thread::sleep_for(std::chrono::milliseconds(300)); }

void array_ok() {
  int x = 0;
  {
    std::jthread threads[] = {std::jthread([&] { ++x; })};
  }
  ++x;
}

void array_of_library_ok() {
  int x = 0;
  {
    std::array<std::jthread, 1> threads{std::jthread([&] { ++x; })};
  }
  ++x;
}

void array_filled_later_ok() {
  int x = 0;
  {
    std::jthread threads[2];
    threads[1] = std::jthread([&] { ++x; });
  }
  ++x;
}

struct joiner {
  std::thread thread;
  ~joiner() { thread.join(); }
};

void array_of_joiners_ok() {
  int x = 0;
  {
    joiner threads[] = {{std::thread([&] { ++x; })}};
  }
  ++x;
}

void before_end_of_array_bad() {
  int x = 0;
  std::jthread threads[] = {std::jthread([&] {
    ++x; // expected-warning {{'x' is written here while another thread}}
  })};
  ++x;
}

void before_end_of_joiners_bad() {
  int x = 0;
  joiner threads[] = {{std::thread([&] {
    ++x; // expected-warning {{'x' is written here while another thread}}
  })}};
  ++x;
}

void by_pointer_ok() {
  int x = 0, y = 0;
  std::thread t([&] { ++x; }), u([&] { ++y; });
  for (std::thread *each : {&t, &u})
    each->join();
  x += y;
}

void by_pushed_pointer_ok() {
  int x = 0;
  std::thread t([&] { ++x; });
  std::vector<std::thread *> all;
  all.push_back(&t);
  for (std::thread *each : all)
    each->join();
  ++x;
}

void by_reference_ok() {
  int x = 0;
  std::thread t([&] { ++x; });
  for (std::thread &each : {std::ref(t)})
    each.join();
  ++x;
}

int kept; // outlives its threads

void detached_by_pointer_bad() {
  std::thread t([] {
    ++kept; // expected-warning {{'kept' is written here while another thread}}
  });
  for (std::thread *each : {&t})
    each->detach();
  ++kept;
  wait_for_the_thread();
}

void only_listed_bad() {
  int x = 0;
  std::thread t([&] {
    ++x; // expected-warning {{'x' is written here while another thread}}
  });
  int known = 0;
  for (std::thread *each : {&t})
    known += each->joinable();
  ++x;
  t.join();
}

void by_name_ok() {
  int x = 0;
  std::thread t([&] { ++x; });
  std::invoke(&std::thread::join, t);
  ++x;
  std::thread u([&] { ++x; });
  std::invoke(&std::thread::join, &u);
  ++x;
}

int told; // outlives its threads

void detached_by_name_bad() {
  std::thread t([] {
    ++told; // expected-warning {{'told' is written here while another thread}}
  });
  std::invoke(&std::thread::detach, t);
  ++told;
  wait_for_the_thread();
}

struct joins {
  void operator()(std::thread *thread) const {
    thread->join();
    delete thread;
  }
};

void deleter_ok() {
  int x = 0;
  {
    std::unique_ptr<std::thread, joins> t(new std::thread([&] { ++x; }));
  }
  ++x;
}

void deleter_told_ok() {
  int x = 0;
  std::unique_ptr<std::thread, joins> t(new std::thread([&] { ++x; }));
  t.reset();
  ++x;
}

void shared_deleter_ok() {
  int x = 0;
  std::shared_ptr<std::thread> t(new std::thread([&] { ++x; }), [](std::thread *thread) {
    thread->join();
    delete thread;
  });
  t.reset();
  ++x;
}

void before_deleter_bad() {
  int x = 0;
  std::unique_ptr<std::thread, joins> t(new std::thread([&] {
    ++x; // expected-warning {{'x' is written here while another thread}}
  }));
  ++x;
  t.reset();
}

struct detaches {
  void operator()(std::thread *thread) const {
    thread->detach();
    delete thread;
  }
};

int left; // outlives its threads

void detaching_deleter_bad() {
  std::unique_ptr<std::thread, detaches> t(new std::thread([] {
    ++left; // expected-warning {{'left' is written here while another thread}}
  }));
  t.reset();
  ++left;
  wait_for_the_thread();
}

SCENARIO_MAIN(SCENARIO(array_ok), SCENARIO(array_of_library_ok), SCENARIO(array_filled_later_ok),
              SCENARIO(array_of_joiners_ok), SCENARIO(before_end_of_array_bad),
              SCENARIO(before_end_of_joiners_bad), SCENARIO(by_pointer_ok),
              SCENARIO(by_pushed_pointer_ok), SCENARIO(by_reference_ok),
              SCENARIO(detached_by_pointer_bad), SCENARIO(only_listed_bad), SCENARIO(by_name_ok),
              SCENARIO(detached_by_name_bad), SCENARIO(deleter_ok), SCENARIO(deleter_told_ok),
              SCENARIO(shared_deleter_ok), SCENARIO(before_deleter_bad),
              SCENARIO(detaching_deleter_bad))
