// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t
// RUN: not --crash %t 2>&1 | FileCheck %s
// A count below zero ends the program.
#include "heddle/heddle.h"

int main() {
  heddle::wait_group group;
  group.add();
  group.done();
  // CHECK: heddle: negative wait_group counter
  group.done();
}
