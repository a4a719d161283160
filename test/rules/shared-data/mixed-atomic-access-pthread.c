// RUN: %heddle_verify --checks=mixed-atomic-access %s -- -std=gnu17
// RUN: %heddle check --quiet --checks=unguarded-shared-write %s -- -std=gnu17
// clang-format off: expectations stand on their lines

// In C: the builtins, and a volatile variable beside them. Told once, by this rule alone.
#include <pthread.h>
#include <stddef.h>

volatile int references;
int hits;

void *work(void *unused) {
  __sync_fetch_and_add(&references, 1);
  __sync_fetch_and_add(&hits, 1);
  return unused;
}

int main(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, work, NULL);
  references--; // expected-warning {{'references' is written here without an atomic operation}}
  __sync_fetch_and_sub(&hits, 1);
  pthread_join(worker, NULL);
  return hits + references;
}
