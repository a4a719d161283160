// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t written_before_the_join_bad
// RUN: %race_found %t joined_on_some_ways_bad
// RUN: %race_found %t another_one_joined_bad
// RUN: %race_found %t handle_used_again_bad
// RUN: %t ok

// A thread that joins another one, whose handle it was given, comes after it.
#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static void start(pthread_t *thread, void *(*body)(void *), void *argument) {
  if (pthread_create(thread, NULL, body, argument) != 0)
    abort();
}

static pthread_t first;
static int lines;

static void *write_first(void *unused) {
  ++lines;
  return unused;
}

static void *write_second(void *unused) {
  pthread_join(first, NULL);
  ++lines;
  return unused;
}

void through_a_global_ok(void) {
  pthread_t second;
  pthread_create(&first, NULL, write_first, NULL);
  pthread_create(&second, NULL, write_second, NULL);
  pthread_join(second, NULL);
  ++lines;
}

struct stage {
  pthread_t before;
  int *count;
};

static void *count_first(void *argument) {
  ++*((struct stage *)argument)->count;
  return NULL;
}

static void *count_second(void *argument) {
  struct stage *stage = argument;
  pthread_join(stage->before, NULL);
  ++*stage->count;
  return NULL;
}

void through_a_field_ok(void) {
  static int count;
  struct stage stage = {.count = &count};
  pthread_t second;
  pthread_create(&stage.before, NULL, count_first, &stage);
  pthread_create(&second, NULL, count_second, &stage);
  pthread_join(second, NULL);
}

static int marks;

static void *mark_first(void *unused) {
  ++marks;
  return unused;
}

static void *mark_second(void *argument) {
  pthread_join(*(pthread_t *)argument, NULL);
  ++marks;
  return NULL;
}

void through_a_pointer_ok(void) {
  pthread_t one, other;
  pthread_create(&one, NULL, mark_first, NULL);
  pthread_create(&other, NULL, mark_second, &one);
  pthread_join(other, NULL);
}

static pthread_t too_late;
static int late_lines;

static void *write_late_first(void *unused) {
  ++late_lines; // expected-warning {{'late_lines' is written}}
  return unused;
}

static void *write_late_second(void *unused) {
  ++late_lines;
  pthread_join(too_late, NULL);
  return unused;
}

void written_before_the_join_bad(void) {
  pthread_t second;
  pthread_create(&too_late, NULL, write_late_first, NULL);
  pthread_create(&second, NULL, write_late_second, NULL);
  pthread_join(second, NULL);
}

static pthread_t sometimes;
static int some_lines;

static void *write_some_first(void *unused) {
  ++some_lines; // expected-warning {{'some_lines' is written}}
  return unused;
}

static void *write_some_second(void *argument) {
  if (argument)
    pthread_join(sometimes, NULL);
  ++some_lines;
  return NULL;
}

void joined_on_some_ways_bad(void) {
  pthread_t second;
  pthread_create(&sometimes, NULL, write_some_first, NULL);
  pthread_create(&second, NULL, write_some_second, getenv("HEDDLE_TEST_JOIN"));
  pthread_join(second, NULL);
  usleep(20000);
}

static pthread_t idle, busy;
static int busy_lines;

static void *do_nothing(void *unused) { return unused; }

static void *write_busy_first(void *unused) {
  ++busy_lines; // expected-warning {{'busy_lines' is written}}
  return unused;
}

static void *write_busy_second(void *unused) {
  pthread_join(idle, NULL);
  ++busy_lines;
  return unused;
}

void another_one_joined_bad(void) {
  pthread_t second;
  pthread_create(&idle, NULL, do_nothing, NULL);
  pthread_create(&busy, NULL, write_busy_first, NULL);
  pthread_create(&second, NULL, write_busy_second, NULL);
  pthread_join(second, NULL);
  pthread_join(busy, NULL);
}

static pthread_t last_one;
static int again_lines;

static void *write_again_first(void *unused) {
  ++again_lines; // expected-warning {{'again_lines' is written}}
  return unused;
}

static void *write_again_second(void *unused) {
  pthread_join(last_one, NULL);
  ++again_lines;
  return unused;
}

// By then the handle is another thread's.
void handle_used_again_bad(void) {
  pthread_t second;
  pthread_create(&last_one, NULL, write_again_first, NULL);
  pthread_create(&last_one, NULL, do_nothing, NULL);
  pthread_create(&second, NULL, write_again_second, NULL);
  pthread_join(second, NULL);
  usleep(20000);
}

SCENARIO_MAIN(SCENARIO(through_a_global_ok), SCENARIO(through_a_field_ok),
              SCENARIO(through_a_pointer_ok), SCENARIO(written_before_the_join_bad),
              SCENARIO(joined_on_some_ways_bad), SCENARIO(another_one_joined_bad),
              SCENARIO(handle_used_again_bad))
