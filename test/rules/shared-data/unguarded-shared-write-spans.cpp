// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t the_same_part_bad
// RUN: %t ok

// Parts of an array that are handed to threads as views.
#include "../scenarios.h"

#include <span>
#include <string_view>
#include <thread>

int values[8];

void set_first(std::span<int> part) { part[0] = 1; }

void two_parts_ok() {
  std::span<int> all(values);
  std::thread worker(set_first, all.subspan(4, 4));
  set_first(all.subspan(0, 4));
  worker.join();
}

int others[8];

void set_first_of_others(std::span<int> part) {
  part[0] = 1; // expected-warning {{'others' is written}}
}

void the_same_part_bad() {
  std::span<int> all(others);
  std::thread worker(set_first_of_others, all.subspan(4, 4));
  set_first_of_others(all.subspan(4, 2));
  worker.join();
}

// Where the part begins is not known.
int unknown[8];

void set_first_of_unknown(std::span<int> part) { part[0] = 1; }

void unknown_parts_ok(unsigned from) {
  std::span<int> all(unknown);
  std::thread worker(set_first_of_unknown, all.subspan(from, 1));
  set_first_of_unknown(all.subspan(from + 1, 1));
  worker.join();
}

void unknown_part_ok() { unknown_parts_ok(2); }

SCENARIO_MAIN(SCENARIO(two_parts_ok), SCENARIO(the_same_part_bad), SCENARIO(unknown_part_ok))
