// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t every_round_bad
// RUN: %t ok

// A barrier orders what lies before it against what lies behind it, and nothing else.
#include "../scenarios.h"

#include <pthread.h>
#include <thread>

pthread_barrier_t barrier;

void run_two(void *(*entry)(void *)) {
  pthread_barrier_init(&barrier, nullptr, 2);
  pthread_t one, other;
  pthread_create(&one, nullptr, entry, nullptr);
  pthread_create(&other, nullptr, entry, nullptr);
  pthread_join(one, nullptr);
  pthread_join(other, nullptr);
  pthread_barrier_destroy(&barrier);
}

int together = 0;

void *add_between(void *unused) {
  pthread_barrier_wait(&barrier);
  ++together; // expected-warning {{'together' is written}}
  pthread_barrier_wait(&barrier);
  return unused;
}

void one_phase_bad() { run_two(add_between); }

int rounds = 0;

void *add_every_round(void *unused) {
  for (int i = 0; i < 100; ++i) {
    ++rounds; // expected-warning {{'rounds' is written}}
    pthread_barrier_wait(&barrier);
  }
  return unused;
}

void every_round_bad() { run_two(add_every_round); }

int by_the_last = 0;

// One of those that come to the barrier is told so.
void *add_as_the_last(void *unused) {
  for (int i = 0; i < 100; ++i) {
    if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
      ++by_the_last;
    pthread_barrier_wait(&barrier);
  }
  return unused;
}

void one_is_chosen_ok() { run_two(add_as_the_last); }

int handed_over = 0;

void *read_behind(void *unused) {
  pthread_barrier_wait(&barrier);
  int seen = handed_over;
  (void)seen;
  return unused;
}

void written_before_ok() {
  pthread_barrier_init(&barrier, nullptr, 2);
  pthread_t reader;
  pthread_create(&reader, nullptr, read_behind, nullptr);
  handed_over = 1;
  pthread_barrier_wait(&barrier);
  pthread_join(reader, nullptr);
}

int shared_result = 0;

void *first_writes_all_read(void *index) {
  for (int i = 0; i < 100; ++i) {
    if (index == nullptr)
      shared_result = i;
    pthread_barrier_wait(&barrier);
    int seen = shared_result;
    (void)seen;
    pthread_barrier_wait(&barrier);
  }
  return nullptr;
}

void write_phase_read_phase_ok() {
  pthread_barrier_init(&barrier, nullptr, 2);
  pthread_t one, other;
  pthread_create(&one, nullptr, first_writes_all_read, nullptr);
  pthread_create(&other, nullptr, first_writes_all_read, &barrier);
  pthread_join(one, nullptr);
  pthread_join(other, nullptr);
}

SCENARIO_MAIN(SCENARIO(one_phase_bad), SCENARIO(every_round_bad), SCENARIO(one_is_chosen_ok),
              SCENARIO(written_before_ok), SCENARIO(write_phase_read_phase_ok))
