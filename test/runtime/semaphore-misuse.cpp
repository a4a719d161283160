// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t
// RUN: not --crash %t 2>&1 | FileCheck %s
// Giving back more than was taken ends the program.
#include "heddle/heddle.h"

int main() {
  heddle::semaphore permits(2);
  permits.acquire();
  permits.release();
  // CHECK: heddle: release of a semaphore that is not held
  permits.release();
}
