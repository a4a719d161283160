// RUN: %heddle_verify --checks=lock-order-inversion %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %hangs %t loaded_bad
// RUN: timeout 60 %t ok

// What is called once keeps others waiting until it is done, like a lock that is held.
// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <thread>

using namespace std::chrono_literals;

std::mutex settings_mutex;
std::map<std::string, int> settings;
std::once_flag loaded;

void load() {
  std::this_thread::sleep_for(100ms);
  std::lock_guard<std::mutex> hold(
      settings_mutex);
  settings["a"] = 1;
}

int get(const std::string &name) {
  std::lock_guard<std::mutex> hold(settings_mutex);
  std::this_thread::sleep_for(50ms);
  std::call_once(loaded, [] { settings["b"] = 2; }); // expected-warning {{'loaded' is waited for here while 'settings_mutex' is held, and in 'load' it is the other way round}}
  return settings[name];
}

void preload() { std::call_once(loaded, load); }

void loaded_bad() {
  std::thread first([] { get("a"); });
  std::thread second(preload);
  first.join();
  second.join();
}

// Done before there are any threads.
std::mutex words_mutex;
std::map<std::string, int> words;
std::once_flag words_loaded;

void load_words() {
  std::lock_guard<std::mutex> hold(words_mutex);
  words["a"] = 1;
}

void use_words() {
  std::lock_guard<std::mutex> hold(words_mutex);
  std::call_once(words_loaded, [] {});
  ++words["a"];
}

void loaded_before_ok() {
  std::call_once(words_loaded, load_words);
  std::thread first([] { use_words(); });
  std::thread second([] { std::call_once(words_loaded, load_words); });
  first.join();
  second.join();
}

// One order: nobody calls once with the lock in hand.
std::mutex names_mutex;
std::map<std::string, int> names;
std::once_flag names_loaded;

void load_names() {
  std::lock_guard<std::mutex> hold(names_mutex);
  names["a"] = 1;
}

void use_names() {
  std::call_once(names_loaded, load_names);
  std::lock_guard<std::mutex> hold(names_mutex);
  ++names["a"];
}

void one_order_ok() {
  std::thread first(use_names);
  std::thread second(use_names);
  first.join();
  second.join();
}

// Who comes by a second time waits for nobody.
std::mutex marks_mutex;
int marks;
std::once_flag marked;

void mark() {
  std::call_once(marked, [] {
    std::lock_guard<std::mutex> hold(marks_mutex);
    ++marks;
  });
  std::lock_guard<std::mutex> hold(marks_mutex);
  std::call_once(marked, [] {});
  ++marks;
}

void second_time_ok() {
  std::thread first(mark);
  std::thread second(mark);
  first.join();
  second.join();
}

SCENARIO_MAIN(SCENARIO(loaded_bad), SCENARIO(loaded_before_ok), SCENARIO(one_order_ok),
              SCENARIO(second_time_ok))
