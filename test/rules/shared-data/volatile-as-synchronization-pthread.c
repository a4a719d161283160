// RUN: %heddle_verify --checks=volatile-as-synchronization %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t
// clang-format off: expectations stand on their lines

// In C with pthreads.
#include <pthread.h>
#include <sched.h>
#include <stddef.h>

static volatile int ready;
static volatile int counter;

static void *work(void *unused) {
  ready = 1; // expected-warning {{'ready' is written here while a loop in another thread waits for it}}
  return unused;
}

// A counter that nobody waits for is told by unguarded-shared-write.
static void *count(void *unused) {
  counter++;
  return unused;
}

int main(void) {
  pthread_t worker, other;
  pthread_create(&worker, NULL, work, NULL);
  while (!ready)
    sched_yield();
  pthread_create(&other, NULL, count, NULL);
  counter++;
  pthread_join(worker, NULL);
  pthread_join(other, NULL);
  return 0;
}
