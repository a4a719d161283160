// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17
// RUN: %tsan_cc -pthread %s -o %t
// RUN: %race_found %t looked_at_bad
// RUN: %race_found %t taken_too_late_bad
// RUN: %t ok

// What a thread takes off a list under its lock is the thread's own from then on: the list begins
// with another element, whatever way the head is set.
#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>

struct task {
  struct task *next;
  int result;
};

enum { tasks = 40, threads = 3 };
static struct task all[tasks];
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static struct task *fill(void) {
  for (int i = 0; i + 1 < tasks; ++i)
    all[i].next = &all[i + 1];
  all[tasks - 1].next = NULL;
  return all;
}

#define RUN(body)                                                                                  \
  do {                                                                                             \
    pthread_t ids[threads];                                                                        \
    for (int i = 0; i < threads; ++i)                                                              \
      pthread_create(&ids[i], NULL, body, NULL);                                                   \
    for (int i = 0; i < threads; ++i)                                                              \
      pthread_join(ids[i], NULL);                                                                  \
  } while (0)

static struct task *if_any;

static void *take_if_any(void *unused) {
  for (;;) {
    pthread_mutex_lock(&m);
    struct task *mine = if_any;
    if (mine)
      if_any = mine->next;
    pthread_mutex_unlock(&m);
    if (!mine)
      return NULL;
    mine->result += 1;
  }
}

void taken_if_there_is_one_ok(void) {
  if_any = fill();
  RUN(take_if_any);
}

static struct task *by_callee;

static struct task *take(void) {
  pthread_mutex_lock(&m);
  struct task *first = by_callee;
  if (first)
    by_callee = first->next;
  pthread_mutex_unlock(&m);
  return first;
}

static void *take_by_callee(void *unused) {
  struct task *mine;
  while ((mine = take()))
    mine->result += 1;
  return NULL;
}

void taken_by_a_callee_ok(void) {
  by_callee = fill();
  RUN(take_by_callee);
}

static struct {
  struct task *first;
  int length;
} queue;

static void *take_from_queue(void *unused) {
  for (;;) {
    pthread_mutex_lock(&m);
    struct task *mine = queue.first;
    if (queue.length > 0) {
      queue.first = queue.first->next;
      --queue.length;
    } else {
      mine = NULL;
    }
    pthread_mutex_unlock(&m);
    if (!mine)
      return NULL;
    mine->result += 1;
  }
}

void taken_from_a_member_ok(void) {
  queue.first = fill();
  queue.length = tasks;
  RUN(take_from_queue);
}

static struct task *whole;

static void *take_whole(void *unused) {
  pthread_mutex_lock(&m);
  struct task *mine = whole;
  whole = NULL;
  pthread_mutex_unlock(&m);
  for (; mine; mine = mine->next)
    mine->result += 1;
  return NULL;
}

void whole_list_taken_ok(void) {
  whole = fill();
  RUN(take_whole);
}

static struct task *left_there;

static void *look(void *unused) {
  pthread_mutex_lock(&m);
  struct task *first = left_there;
  pthread_mutex_unlock(&m);
  if (first)
    first->result += 1; // expected-warning {{is written here by several threads}}
  return NULL;
}

void looked_at_bad(void) {
  left_there = fill();
  RUN(look);
}

static struct task *late;

static void *take_late(void *unused) {
  struct task *first = late;
  if (!first)
    return NULL;
  first->result += 1;
  pthread_mutex_lock(&m);
  late = NULL; // expected-warning {{'late' is written here while another thread reads it}}
  pthread_mutex_unlock(&m);
  return NULL;
}

void taken_too_late_bad(void) {
  late = fill();
  RUN(take_late);
}

SCENARIO_MAIN(SCENARIO(taken_if_there_is_one_ok), SCENARIO(taken_by_a_callee_ok),
              SCENARIO(taken_from_a_member_ok), SCENARIO(whole_list_taken_ok),
              SCENARIO(looked_at_bad), SCENARIO(taken_too_late_bad))
