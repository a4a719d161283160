// RUN: %heddle_verify --checks=split-atomic-update %s -- -std=gnu17
// clang-format off: expectations stand on their lines

// The same in C, with _Atomic and pthreads.
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

_Atomic int hits;
atomic_int total;
atomic_int ready;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
atomic_int guarded;

void *count_bad(void *unused) {
  hits = hits + 1; // expected-warning {{'hits' is loaded and stored in two steps}}
  atomic_store(&total, atomic_load(&total) + 1); // expected-warning {{'total' is loaded and stored in two steps}}
  return unused;
}

void *count_ok(void *unused) {
  ++ready;
  pthread_mutex_lock(&lock);
  guarded = guarded + 1;
  pthread_mutex_unlock(&lock);
  return unused;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, count_bad, NULL);
  pthread_create(&second, NULL, count_bad, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  pthread_create(&first, NULL, count_ok, NULL);
  pthread_create(&second, NULL, count_ok, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}
