// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t
// RUN: not --crash %t 2>&1 | FileCheck %s --check-prefix=WRITE
// RUN: not --crash %t read 2>&1 | FileCheck %s --check-prefix=READ
// Freeing what is not held in that mode ends the program.
#include "heddle/heddle.h"

int main(int argc, char **) {
  heddle::rw_mutex mu;
  if (argc > 1) {
    mu.lock();
    // READ: heddle: unlock_shared of an rw_mutex that nobody reads
    mu.unlock_shared();
  } else {
    mu.lock_shared();
    // WRITE: heddle: unlock of unlocked rw_mutex
    mu.unlock();
  }
}
