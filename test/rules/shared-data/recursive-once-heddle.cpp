// RUN: %heddle_verify --checks=recursive-once %s -- -std=c++20 -I%runtime_include

// The once of Heddle's runtime.
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
