// RUN: %heddle_verify --checks=relaxed-publication %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t
// clang-format off: expectations stand on their lines

// In C with pthreads.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

int data;
atomic_bool ready;
int safe;
atomic_bool safe_ready;

void *produce(void *unused) {
  data = 1;
  atomic_store_explicit(&ready, 1, memory_order_relaxed); // expected-warning {{'ready' is stored with relaxed order}}
  safe = 1;
  atomic_store_explicit(&safe_ready, 1, memory_order_release);
  return unused;
}

int main(void) {
  pthread_t producer;
  pthread_create(&producer, NULL, produce, NULL);
  while (!atomic_load_explicit(&ready, memory_order_relaxed))
    ;
  printf("%d\n", data);
  while (!atomic_load_explicit(&safe_ready, memory_order_acquire))
    ;
  printf("%d\n", safe);
  pthread_join(producer, NULL);
  return 0;
}
