// RUN: %heddle_verify --checks=recursive-once %s -- -std=c++20 -I%runtime_include
// RUN: %runtime_cxx %s %runtime_lib -o %t
// RUN: %exits 70 %t direct_bad
// RUN: timeout 60 %t ok

// The once of Heddle's runtime, which notices that all tasks are asleep.
#include "../scenarios.h"
#include "heddle/heddle.h"

heddle::once setup;
heddle::once other;

void configure() {
  setup.call([] {});
}

void direct_bad() {
  setup.call([] { configure(); }); // expected-warning {{what runs once for 'setup' calls once}}
}

void nested_ok() {
  setup.call([] { other.call([] {}); });
}

void one_after_the_other_ok() {
  configure();
  configure();
}

SCENARIO_MAIN(SCENARIO(direct_bad), SCENARIO(nested_ok), SCENARIO(one_after_the_other_ok))
