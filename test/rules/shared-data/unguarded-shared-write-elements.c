// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t member_of_each_bad
// RUN: %race_found %t member_of_one_bad
// RUN: %race_found %t same_number_for_both_bad
// RUN: %race_found %t number_passed_on_bad
// RUN: %race_found %t one_without_the_lock_bad
// RUN: %t ok

// Arrays of structures, and elements that the caller chooses by a number.
#include "../scenarios.h"

#include <pthread.h>

enum { size = 16 };

static pthread_t start(void *(*body)(void *)) {
  pthread_t worker;
  pthread_create(&worker, NULL, body, NULL);
  return worker;
}

struct entry {
  int uses;
  int hits;
  struct {
    int seconds;
  } times[2];
  int *shared;
};

static struct entry cache[size];

static void *use_all(void *unused) {
  for (int i = 0; i < size; i++)
    cache[i].uses++; // expected-warning {{'uses' is written here by several threads}}
  return unused;
}

static void use_all_here(void) { use_all(NULL); }

void member_of_each_bad(void) {
  pthread_t worker = start(use_all);
  use_all_here();
  pthread_join(worker, NULL);
}

static void *start_clocks(void *unused) {
  for (int i = 0; i < size; i++)
    cache[i].times[1].seconds = 0; // expected-warning {{'seconds' is written here while another}}
  return unused;
}

static void stop_one_clock(void) { cache[5].times[1].seconds = 9; }

void member_of_one_bad(void) {
  pthread_t worker = start(start_clocks);
  stop_one_clock();
  pthread_join(worker, NULL);
}

int levels[size];

static void raise_level(int at) {
  levels[at]++; // expected-warning {{'levels' is written here while another thread writes it}}
}

static void *raise_third(void *unused) {
  raise_level(3);
  return unused;
}

static void raise_third_here(void) { levels[3]++; }

void same_number_for_both_bad(void) {
  pthread_t worker = start(raise_third);
  raise_third_here();
  pthread_join(worker, NULL);
}

struct entry users[2 * size];

static void note_user(int at) {
  users[2 * at + 1].uses = 1; // expected-warning {{'uses' is written here by several threads}}
}

static void note_next_user(int at) { note_user(at); }

static void *note_fourth(void *unused) {
  note_next_user(4);
  return unused;
}

static void note_fourth_here(void) { note_user(4); }

void number_passed_on_bad(void) {
  pthread_t worker = start(note_fourth);
  note_fourth_here();
  pthread_join(worker, NULL);
}

int balances[size];
static pthread_mutex_t locks[size] = {[0 ... size - 1] = PTHREAD_MUTEX_INITIALIZER};

static void pay(int account) {
  pthread_mutex_lock(&locks[account]);
  balances[account]++;
  pthread_mutex_unlock(&locks[account]);
}

static void *pay_second(void *unused) {
  pay(2);
  return unused;
}

static void clear_second(void) {
  balances[2] = 0; // expected-warning {{'balances' is written here while another thread writes it}}
}

void one_without_the_lock_bad(void) {
  pthread_t worker = start(pay_second);
  clear_second();
  pthread_join(worker, NULL);
}

// Other members, other elements.
static void *hit_all(void *unused) {
  for (int i = 0; i < size; i++)
    cache[i].hits++;
  return unused;
}

static void clear_other_times(void) {
  for (int i = 0; i < size; i++)
    cache[i].times[0].seconds = 0;
}

void other_members_ok(void) {
  pthread_t worker = start(hit_all);
  clear_other_times();
  pthread_join(worker, NULL);
}

static struct entry halves[2 * size];

static void *use_lower_half(void *unused) {
  for (int i = 0; i < size; i++)
    halves[i].uses++;
  return unused;
}

static void use_upper_half(void) {
  for (int i = size; i < 2 * size; i++)
    halves[i].uses++;
}

void halves_ok(void) {
  pthread_t worker = start(use_lower_half);
  use_upper_half();
  pthread_join(worker, NULL);
}

// What pointers in the elements lead to is told apart by nobody.
static int numbers[2];
static struct entry first[size], second[size];

static void *write_through_first(void *unused) {
  for (int i = 0; i < size; i++)
    *first[i].shared = i;
  return unused;
}

static void write_through_second(void) {
  for (int i = 0; i < size; i++)
    *second[i].shared = i;
}

void pointers_in_elements_ok(void) {
  for (int i = 0; i < size; i++) {
    first[i].shared = &numbers[0];
    second[i].shared = &numbers[1];
  }
  pthread_t worker = start(write_through_first);
  write_through_second();
  pthread_join(worker, NULL);
}

static int marks[size];

static void mark(int at) { marks[at]++; }

static void *mark_sixth(void *unused) {
  mark(6);
  return unused;
}

static void mark_seventh(void) { mark(7); }

void other_number_ok(void) {
  pthread_t worker = start(mark_sixth);
  mark_seventh();
  pthread_join(worker, NULL);
}

static void mark_behind(int at) {
  at += 4;
  marks[at]++;
}

static void *mark_behind_tenth(void *unused) {
  mark_behind(10);
  return unused;
}

static void mark_tenth(void) { mark(10); }

void number_changed_on_the_way_ok(void) {
  pthread_t worker = start(mark_behind_tenth);
  mark_tenth();
  pthread_join(worker, NULL);
}

static void pay_second_here(void) { pay(2); }

void own_lock_of_each_ok(void) {
  pthread_t worker = start(pay_second);
  pay_second_here();
  pthread_join(worker, NULL);
}

SCENARIO_MAIN(SCENARIO(member_of_each_bad), SCENARIO(member_of_one_bad),
              SCENARIO(same_number_for_both_bad), SCENARIO(number_passed_on_bad),
              SCENARIO(one_without_the_lock_bad), SCENARIO(other_members_ok), SCENARIO(halves_ok),
              SCENARIO(pointers_in_elements_ok), SCENARIO(other_number_ok),
              SCENARIO(number_changed_on_the_way_ok), SCENARIO(own_lock_of_each_ok))
