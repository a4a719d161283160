// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t
// RUN: not --crash %t 2>&1 | FileCheck %s
// Unlocking a free mutex ends the program.
#include "heddle/heddle.h"

int main() {
  heddle::mutex mu;
  mu.lock();
  mu.unlock();
  // CHECK: heddle: unlock of unlocked mutex
  mu.unlock();
}
