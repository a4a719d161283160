// RUN: %heddle_verify --checks='missing-unlock,unlock-not-held' %s -- -std=gnu17
// RUN: %clang -std=gnu17 -pthread -DRUN %s -o %t
// RUN: %each_hangs %t other_key_bad other_next_bad below_zero_bad
// RUN: timeout 60 %t ok

// Objects that are returned locked, and locks that are taken in one of two ways.
#include "../scenarios.h"

#include <pthread.h>
#include <stddef.h>

struct slot {
  pthread_mutex_t mutex;
  int key, uses;
  struct slot *next;
};

struct slot *find_in_array_ok(struct slot *all, size_t count, int key) {
  for (struct slot *each = all; each < all + count; ++each) {
    pthread_mutex_lock(&each->mutex);
    if (each->key == key)
      return each;
    pthread_mutex_unlock(&each->mutex);
  }
  return NULL;
}

struct slot *find_in_list_ok(struct slot *head, int key) {
  for (struct slot *each = head; each != NULL; each = each->next) {
    pthread_mutex_lock(&each->mutex);
    if (each->key == key)
      return each;
    pthread_mutex_unlock(&each->mutex);
  }
  return NULL;
}

int uses_bad(struct slot *slot, int key) {
  pthread_mutex_lock(&slot->mutex);
  if (slot->key != key)
    return -1; // expected-warning {{'slot->mutex' stays locked when 'uses_bad' ends here}}
  int uses = slot->uses;
  pthread_mutex_unlock(&slot->mutex);
  return uses;
}

struct slot *next_bad(struct slot *slot, int key) {
  pthread_mutex_lock(&slot->mutex);
  if (slot->key != key)
    return slot->next; // expected-warning {{'slot->mutex' stays locked when 'next_bad' ends here}}
  pthread_mutex_unlock(&slot->mutex);
  return slot;
}

int use_ok(struct slot *slot, int without_waiting) {
  int failed;
  if (without_waiting)
    failed = pthread_mutex_trylock(&slot->mutex);
  else
    failed = pthread_mutex_lock(&slot->mutex);
  if (failed)
    return failed;
  ++slot->uses;
  pthread_mutex_unlock(&slot->mutex);
  return 0;
}

int use_bad(struct slot *slot, int without_waiting) {
  int failed;
  if (without_waiting)
    failed = pthread_mutex_trylock(&slot->mutex);
  else
    failed = pthread_mutex_lock(&slot->mutex);
  if (failed)
    return failed;
  if (slot->uses < 0)
    return -1; // expected-warning {{'slot->mutex' stays locked when 'use_bad' ends here}}
  ++slot->uses;
  pthread_mutex_unlock(&slot->mutex);
  return 0;
}

#ifdef RUN
static struct slot last = {PTHREAD_MUTEX_INITIALIZER, 1, -1, NULL};

static void other_key_bad(void) { uses_bad(&last, 2); }
static void other_next_bad(void) { next_bad(&last, 2); }
static void below_zero_bad(void) { use_bad(&last, 0); }

static void found_ok(void) {
  pthread_mutex_unlock(&find_in_array_ok(&last, 1, 1)->mutex);
  pthread_mutex_unlock(&find_in_list_ok(&last, 1)->mutex);
  use_ok(&last, 0);
  use_ok(&last, 1);
}

SCENARIO_MAIN(SCENARIO_TWICE(other_key_bad), SCENARIO_TWICE(other_next_bad),
              SCENARIO_TWICE(below_zero_bad), SCENARIO(found_ok))
#endif
