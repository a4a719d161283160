// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=gnu11
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t by_offset_bad
// RUN: %race_found %t by_null_bad
// RUN: %race_found %t by_statement_bad
// RUN: %race_found %t inner_bad
// RUN: %t ok

// From a member to the object around it: lists and work items that are parts of what they stand
// for.
#include "../scenarios.h"

#include <pthread.h>
#include <stddef.h>

struct link {
  struct link *next;
  int mark;
};

struct item {
  int count;
  int other;
  pthread_mutex_t lock;
  struct {
    struct link link;
  } in;
  struct link link;
};

#define by_offset(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))

static void *count_by_offset(void *given) {
  struct link *link = given;
  struct item *item = by_offset(link, struct item, link);
  item->count++; // expected-warning {{count' is changed here by a task that was handed}}
  return NULL;
}

static void by_offset_bad(void) {
  struct item item = {0};
  pthread_t thread;
  pthread_create(&thread, NULL, count_by_offset, &item.link);
  item.count++;
  pthread_join(thread, NULL);
}

#define by_null(pointer, type, member) ((type *)((char *)(pointer) - (size_t)&((type *)0)->member))

static void *count_by_null(void *given) {
  struct item *item = by_null(given, struct item, link);
  item->count++; // expected-warning {{count' is changed here by a task that was handed}}
  return NULL;
}

static void by_null_bad(void) {
  struct item item = {0};
  pthread_t thread;
  pthread_create(&thread, NULL, count_by_null, &item.link);
  item.count++;
  pthread_join(thread, NULL);
}

#define by_statement(pointer, type, member)                                                        \
  ({                                                                                               \
    const __typeof__(((type *)0)->member) *its = (pointer);                                        \
    (type *)((char *)its - offsetof(type, member));                                                \
  })

static void *count_by_statement(void *given) {
  struct link *link = given;
  struct item *item = by_statement(link, struct item, link);
  item->count++; // expected-warning {{count' is changed here by a task that was handed}}
  return NULL;
}

static void by_statement_bad(void) {
  struct item item = {0};
  pthread_t thread;
  pthread_create(&thread, NULL, count_by_statement, &item.link);
  item.count++;
  pthread_join(thread, NULL);
}

static void *count_from_inside(void *given) {
  struct item *item = by_offset(given, struct item, in.link);
  item->count++; // expected-warning {{count' is changed here by a task that was handed}}
  return NULL;
}

static void inner_bad(void) {
  struct item item = {0};
  pthread_t thread;
  pthread_create(&thread, NULL, count_from_inside, &item.in.link);
  item.count++;
  pthread_join(thread, NULL);
}

static void *count_locked(void *given) {
  struct item *item = by_offset(given, struct item, link);
  pthread_mutex_lock(&item->lock);
  item->count++;
  pthread_mutex_unlock(&item->lock);
  return NULL;
}

static void locked_ok(void) {
  struct item item = {.lock = PTHREAD_MUTEX_INITIALIZER};
  pthread_t thread;
  pthread_create(&thread, NULL, count_locked, &item.link);
  pthread_mutex_lock(&item.lock);
  item.count++;
  pthread_mutex_unlock(&item.lock);
  pthread_join(thread, NULL);
}

static void *count_other(void *given) {
  by_offset(given, struct item, link)->other++;
  return NULL;
}

static void other_member_ok(void) {
  struct item item = {0};
  pthread_t thread;
  pthread_create(&thread, NULL, count_other, &item.link);
  item.count++;
  item.link.mark++;
  pthread_join(thread, NULL);
}

static void *add(void *given) {
  by_offset(given, struct item, link)->count++;
  return NULL;
}

static void other_object_ok(void) {
  struct item first = {0}, second = {0};
  pthread_t thread;
  pthread_create(&thread, NULL, add, &first.link);
  second.count++;
  pthread_join(thread, NULL);
}

static void each_its_own_ok(void) {
  struct item all[2] = {{0}, {0}};
  pthread_t threads[2];
  for (int i = 0; i < 2; i++)
    pthread_create(&threads[i], NULL, add, &all[i].link);
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
}

SCENARIO_MAIN(SCENARIO(by_offset_bad), SCENARIO(by_null_bad), SCENARIO(by_statement_bad),
              SCENARIO(inner_bad), SCENARIO(locked_ok), SCENARIO(other_member_ok),
              SCENARIO(other_object_ok), SCENARIO(each_its_own_ok))
