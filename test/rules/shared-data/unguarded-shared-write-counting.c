// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t counter_from_outside_bad
// RUN: %race_found %t share_of_the_sum_bad
// RUN: %race_found %t counted_down_bad
// RUN: %race_found %t bound_not_reached_bad
// RUN: %race_found %t pointer_moved_on_bad
// RUN: %race_found %t both_conditions_bad
// RUN: %race_found %t doubled_bad
// RUN: %race_found %t behind_the_loop_bad
// RUN: %t ok
// clang-format off: expectations stand on their lines

// Loops that count, however they are written: each thread has rounds of its own, and all of them
// do what stands inside.
#include "../scenarios.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { workers = 4, share = 100 };

static void run_all(void *(*body)(void *)) {
  pthread_t threads[workers];
  for (long i = 0; i < workers; ++i)
    pthread_create(&threads[i], NULL, body, (void *)i);
  for (int i = 0; i < workers; ++i)
    pthread_join(threads[i], NULL);
}

static long events;

static void *count_events(void *arg) {
  long i, n = share + (long)arg;
  for (i = 0; i < n; i++)
    events++; // expected-warning {{'events' is written here by several threads}}
  return NULL;
}

void counter_from_outside_bad(void) { run_all(count_events); }

long readings[workers * share];
static long sum;

static void *sum_share(void *arg) {
  long first = (long)arg * share, last = first + share;
  long i = first;
  while (i < last) {
    sum += readings[i]; // expected-warning {{'sum' is written here by several threads}}
    i++;
  }
  return NULL;
}

void share_of_the_sum_bad(void) { run_all(sum_share); }

static int packets;

static void *send_packets(void *arg) {
  int left = share + (int)(long)arg;
  while (left--)
    ++packets; // expected-warning {{'packets' is written here by several threads}}
  return NULL;
}

void counted_down_bad(void) { run_all(send_packets); }

static int steps;

static void *take_steps(void *arg) {
  int to = share + (int)(long)arg;
  for (int at = 0; at != to; ++at)
    ++steps; // expected-warning {{'steps' is written here by several threads}}
  return NULL;
}

void bound_not_reached_bad(void) { run_all(take_steps); }

static long longest;

static void *find_longest(void *arg) {
  long number = (long)arg;
  const long *at = readings + number * share, *end = readings + (number + 1) * share;
  for (; at < end; at++)
    longest += *at; // expected-warning {{'longest' is written here by several threads}}
  return NULL;
}

void pointer_moved_on_bad(void) { run_all(find_longest); }

static int tries;
static atomic_bool stopped;

static void *keep_trying(void *arg) {
  int left = share + (int)(long)arg;
  do
    ++tries; // expected-warning {{'tries' is written here by several threads}}
  while (--left > 0 && !atomic_load(&stopped));
  return NULL;
}

void both_conditions_bad(void) { run_all(keep_trying); }

static int rounds;

static void *double_up(void *arg) {
  long size = 1 + (long)arg;
  while (size < share) {
    size = size * 2;
    ++rounds; // expected-warning {{'rounds' is written here by several threads}}
  }
  return NULL;
}

void doubled_bad(void) { run_all(double_up); }

static int finished;

static void *finish(void *arg) {
  int left = (int)(long)arg;
  while (left > 0)
    left -= 1;
  ++finished; // expected-warning {{'finished' is written here by several threads}}
  return NULL;
}

void behind_the_loop_bad(void) { run_all(finish); }

// Each works on what is its own.
static long values[workers * share];

static void *fill_share(void *arg) {
  long first = (long)arg * share, last = first + share, i;
  for (i = first; i < last; i++)
    values[i] = i;
  return NULL;
}

void own_elements_ok(void) { run_all(fill_share); }

static void *walk_share(void *arg) {
  long *at = values + (long)arg * share, *end = at + share;
  while (at != end)
    *at++ += 1;
  return NULL;
}

void own_elements_by_pointer_ok(void) { run_all(walk_share); }

static void *every_fourth(void *arg) {
  int i = (int)(long)arg;
  while (i < workers * share) {
    values[i] += 2;
    i += workers;
  }
  return NULL;
}

void every_fourth_element_ok(void) { run_all(every_fourth); }

struct part {
  long *first, *last;
  long sum;
};

static void *sum_part(void *arg) {
  struct part *part = arg;
  long *at = part->first, *end = part->last;
  for (; at < end; at++)
    part->sum += *at;
  return NULL;
}

void own_sum_ok(void) {
  pthread_t threads[workers];
  struct part parts[workers];
  for (int i = 0; i < workers; i++) {
    parts[i] = (struct part){values + i * share, values + (i + 1) * share, 0};
    pthread_create(&threads[i], NULL, sum_part, &parts[i]);
  }
  for (int i = 0; i < workers; i++)
    pthread_join(threads[i], NULL);
}

static long sums[workers];

static void *sum_into_slot(void *arg) {
  long me = (long)arg, left = share;
  while (left-- > 0)
    sums[me] += left;
  return NULL;
}

void own_slot_ok(void) { run_all(sum_into_slot); }

// A value of their own tells the threads apart: it is not the loop that changes it.
static atomic_int turn;
static int board;

static void *write_in_turn(void *arg) {
  int me = (int)(long)arg, left = 10;
  while (left--) {
    while (atomic_load(&turn) != me)
      sched_yield();
    ++board;
    atomic_store(&turn, (me + 1) % workers);
  }
  return NULL;
}

void in_turn_ok(void) { run_all(write_in_turn); }

static int announced;

static void *announce_once(void *arg) {
  int me = (int)(long)arg;
  while (me == 0) {
    announced = 1;
    me = workers;
  }
  return NULL;
}

void only_one_of_them_ok(void) { run_all(announce_once); }

// What the loop reads anew says whose turn it is.
static void *seen_in_turn(void *arg) {
  int me = (int)(long)arg, seen = -1;
  while (seen != me)
    seen = atomic_load(&turn);
  ++board;
  atomic_store(&turn, (me + 1) % workers);
  return NULL;
}

void read_anew_ok(void) {
  atomic_store(&turn, 0);
  run_all(seen_in_turn);
}

SCENARIO_MAIN(SCENARIO(counter_from_outside_bad), SCENARIO(share_of_the_sum_bad),
              SCENARIO(counted_down_bad), SCENARIO(bound_not_reached_bad),
              SCENARIO(pointer_moved_on_bad), SCENARIO(both_conditions_bad), SCENARIO(doubled_bad),
              SCENARIO(behind_the_loop_bad), SCENARIO(own_elements_ok),
              SCENARIO(own_elements_by_pointer_ok), SCENARIO(every_fourth_element_ok),
              SCENARIO(own_sum_ok), SCENARIO(own_slot_ok), SCENARIO(in_turn_ok),
              SCENARIO(only_one_of_them_ok), SCENARIO(read_anew_ok))
