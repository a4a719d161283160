// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17
// RUN: %tsan_cc -pthread %s -o %t
// RUN: %race_found %t other_condition_bad
// RUN: %race_found %t condition_changes_bad
// RUN: %race_found %t before_the_join_bad
// RUN: %t ok

// Threads that are started under a condition, and joined where the same condition holds again.
#include "../scenarios.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static int total;

static void *add(void *unused) {
  total += 1;
  return NULL;
}

static void if_wanted(bool wanted) {
  pthread_t id;
  if (wanted)
    pthread_create(&id, NULL, add, NULL);
  puts("at work");
  if (wanted)
    pthread_join(id, NULL);
  total += 2;
}

void same_condition_ok(void) {
  if_wanted(true);
  if_wanted(false);
}

static void several(int threads) {
  pthread_t id;
  if (threads > 1)
    pthread_create(&id, NULL, add, NULL);
  else
    total = 0;
  if (threads <= 1)
    return;
  pthread_join(id, NULL);
  total += 2;
}

void opposite_condition_ok(void) {
  several(1);
  several(2);
}

static void remembered(bool wanted) {
  pthread_t id;
  int started = 0;
  if (wanted && pthread_create(&id, NULL, add, NULL) == 0)
    started = 1;
  puts("at work");
  if (started)
    pthread_join(id, NULL);
  total += 2;
}

void remembered_in_a_flag_ok(void) {
  remembered(true);
  remembered(false);
}

struct options {
  bool parallel;
  int rounds;
};

static void by_options(const struct options *o) {
  pthread_t id;
  if (o->parallel)
    pthread_create(&id, NULL, add, NULL);
  for (int i = 0; i < o->rounds; ++i)
    puts("at work");
  if (o->parallel)
    pthread_join(id, NULL);
  total += 2;
}

void condition_in_a_member_ok(void) {
  struct options o = {true, 2};
  by_options(&o);
}

static void gives_up_early(bool wanted) {
  pthread_t id;
  if (wanted)
    pthread_create(&id, NULL, add, NULL);
  if (!wanted) {
    total = 0;
    return;
  }
  pthread_join(id, NULL);
}

void only_where_it_is_not_started_ok(void) {
  gives_up_early(true);
  gives_up_early(false);
}

static int other;

static void *add_other(void *unused) {
  other += 1; // expected-warning {{'other' is written here while another thread}}
  return NULL;
}

static void other_condition(bool wanted, bool waits) {
  pthread_t id;
  if (wanted)
    pthread_create(&id, NULL, add_other, NULL);
  if (waits)
    pthread_join(id, NULL);
  other += 2;
}

void other_condition_bad(void) { other_condition(true, false); }

static int changed;

static void *add_changed(void *unused) {
  changed += 1; // expected-warning {{'changed' is written here while another thread}}
  return NULL;
}

static void condition_changes(int left) {
  pthread_t id;
  if (left)
    pthread_create(&id, NULL, add_changed, NULL);
  left = rand() < 0;
  if (left)
    pthread_join(id, NULL);
  changed += 2;
}

void condition_changes_bad(void) { condition_changes(1); }

static int early;

static void *add_early(void *unused) {
  early += 1; // expected-warning {{'early' is written here while another thread}}
  return NULL;
}

static void before_the_join(bool wanted) {
  pthread_t id;
  if (wanted)
    pthread_create(&id, NULL, add_early, NULL);
  if (wanted)
    early += 2;
  if (wanted)
    pthread_join(id, NULL);
}

void before_the_join_bad(void) { before_the_join(true); }

SCENARIO_MAIN(SCENARIO(same_condition_ok), SCENARIO(opposite_condition_ok),
              SCENARIO(remembered_in_a_flag_ok), SCENARIO(condition_in_a_member_ok),
              SCENARIO(only_where_it_is_not_started_ok), SCENARIO(other_condition_bad),
              SCENARIO(condition_changes_bad), SCENARIO(before_the_join_bad))
