// RUN: %heddle_verify --checks=double-lock,missing-unlock,unlock-not-held,unguarded-shared-write,blocking-while-locked %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %each_hangs %t array_bad c_array_bad second_bad
// RUN: timeout 60 %t ok
// RUN: %tsan_cxx %s -o %t.tsan
// RUN: %race_found %t.tsan ended_bad
// RUN: %t.tsan threads_ok

// Guards in arrays, and in what a library's container holds beside other things.
#include "../scenarios.h"

#include <array>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace {

using Guard = std::unique_lock<std::mutex>;

std::mutex m, other;
int counter, ended;

struct Hold {
  Guard guards[1];
};

void in_array() {
  std::array<Guard, 1> held{Guard(m)};
  ++counter;
}

void in_c_array() {
  Guard held[] = {Guard(m)};
  ++counter;
}

void in_fixed_array() {
  std::lock_guard<std::mutex> held[] = {std::lock_guard<std::mutex>(other),
                                        std::lock_guard<std::mutex>(m)};
  ++counter;
}

void in_member() {
  Hold held{{Guard(m)}};
  ++counter;
}

void put_later() {
  Guard held[2];
  held[0] = Guard(m);
  ++counter;
}

void put_somewhere(int where) {
  Guard held[2];
  held[where] = Guard(m);
  ++counter;
}

void in_map() {
  std::map<int, Guard> held;
  held.emplace(1, m);
  ++counter;
}

void in_variants() {
  std::map<int, std::variant<int, Guard>> held;
  held.emplace(1, Guard(m));
  ++counter;
}

void in_pairs() {
  std::vector<std::pair<int, Guard>> held;
  held.emplace_back(1, Guard(m));
  ++counter;
}

void plainly() {
  std::lock_guard<std::mutex> held(m);
  ++counter;
}

void each() {
  in_array();
  in_c_array();
  in_fixed_array();
  in_member();
  put_later();
  put_somewhere(1);
  in_map();
  in_variants();
  in_pairs();
  plainly();
}

void threads_ok() {
  std::thread thread(each);
  each();
  thread.join();
}

void array_bad() {
  std::array<Guard, 1> held{Guard(m)};
  plainly(); // expected-warning {{the call of 'plainly' locks 'm' while this thread holds it}}
}

void c_array_bad() {
  Guard held[] = {Guard(m)};
  plainly(); // expected-warning {{the call of 'plainly' locks 'm' while this thread holds it}}
}

void second_bad() {
  std::lock_guard<std::mutex> held[] = {std::lock_guard<std::mutex>(other),
                                        std::lock_guard<std::mutex>(m)};
  plainly(); // expected-warning {{the call of 'plainly' locks 'm' while this thread holds it}}
}

// Behind the end of the array nothing is held.
void end_of_array() {
  {
    Guard held[] = {Guard(m)};
    ++counter;
  }
  ++ended; // expected-warning {{'ended' is written here by several threads at the same time}}
}

void ended_bad() {
  std::thread thread(end_of_array);
  end_of_array();
  thread.join();
}

} // namespace

SCENARIO_MAIN(SCENARIO(array_bad), SCENARIO(c_array_bad), SCENARIO(second_bad), SCENARIO(ended_bad),
              SCENARIO(threads_ok))
