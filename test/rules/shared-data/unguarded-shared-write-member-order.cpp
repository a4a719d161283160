// RUN: %heddle_verify --checks=shared-data/* %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t in_the_class_bad
// RUN: %race_found %t in_the_list_bad
// RUN: %race_found %t by_default_bad
// RUN: %race_found %t number_bad
// RUN: %race_found %t text_bad
// RUN: %race_found %t atomic_bad
// RUN: %t ok

// Members are made in the order of their declarations: a thread that is one of them may meet those
// behind it before they are made.
#include "../scenarios.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

std::atomic<size_t> total{0};

void add(size_t size) { total.fetch_add(size, std::memory_order_relaxed); }

struct InTheClass {
  std::thread worker{[this] { add(values.size()); }};
  std::vector<int> values; // expected-warning {{'values' is written here}}
  ~InTheClass() { worker.join(); }
};

void in_the_class_bad() { InTheClass object; }

struct InTheList {
  // expected-warning@+1 {{'values' is written here}}
  InTheList() : worker([this] { add(values.size()); }), values(3) {}
  ~InTheList() { worker.join(); }
  std::thread worker;
  std::vector<int> values;
};

void in_the_list_bad() { InTheList object; }

struct ByDefault {
  ByDefault() : worker(&ByDefault::run, this) {}
  ~ByDefault() { worker.join(); }
  void run() { add(values.size()); }
  std::thread worker;
  std::vector<int> values; // expected-warning {{'values' is written here}}
};

void by_default_bad() { ByDefault object; }

struct Number {
  Number() : worker(&Number::run, this) {}
  ~Number() { worker.join(); }
  void run() { ++number; } // expected-warning {{'number' is written here}}
  std::thread worker;
  int number = 0;
};

void number_bad() { Number object; }

struct Text {
  // expected-warning@+1 {{'text' is written here}}
  explicit Text(const char *given) : worker(&Text::run, this), text(given) {}
  ~Text() { worker.join(); }
  void run() { add(text.size()); }
  std::thread worker;
  std::string text;
};

void text_bad() { Text object("text"); }

struct Stop {
  Stop() : worker(&Stop::run, this) {}
  ~Stop() {
    stop = true;
    worker.join();
  }
  void run() {
    while (!stop)
      std::this_thread::yield();
  }
  std::thread worker;
  std::atomic<bool> stop{false}; // expected-warning {{'stop' is written here}}
};

void atomic_bad() { Stop object; }

struct Last {
  Last() : worker(&Last::run, this) {}
  ~Last() { worker.join(); }
  void run() { values.push_back(++number); }
  int number = 0;
  std::vector<int> values;
  std::thread worker;
};

void declared_last_ok() { Last object; }

struct InTheBody {
  InTheBody() : values(3) { worker = std::thread(&InTheBody::run, this); }
  ~InTheBody() { worker.join(); }
  void run() { values.push_back(++number); }
  std::thread worker;
  int number = 0;
  std::vector<int> values;
};

void started_in_the_body_ok() { InTheBody object; }

struct Others {
  Others() : worker(&Others::run, this) {}
  ~Others() { worker.join(); }
  void run() { ++number; }
  int number = 0;
  std::thread worker;
  std::vector<int> values;
};

void of_no_use_to_the_thread_ok() { Others object; }

static std::atomic<int> runs{0};

struct Elsewhere {
  Elsewhere() : worker([] { ++runs; }) {}
  ~Elsewhere() { worker.join(); }
  std::thread worker;
  int number = 0;
};

void knows_nothing_of_it_ok() { Elsewhere object; }

SCENARIO_MAIN(SCENARIO(in_the_class_bad), SCENARIO(in_the_list_bad), SCENARIO(by_default_bad),
              SCENARIO(number_bad), SCENARIO(text_bad), SCENARIO(atomic_bad),
              SCENARIO(declared_last_ok), SCENARIO(started_in_the_body_ok),
              SCENARIO(of_no_use_to_the_thread_ok), SCENARIO(knows_nothing_of_it_ok))
