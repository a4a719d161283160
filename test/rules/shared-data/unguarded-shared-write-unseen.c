// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17

// Functions whose code is elsewhere: what they are given may be a lock or a barrier; a number is
// one only if they treat it like a lock.
#include <pthread.h>

struct gate;
void gate_wait(struct gate *gate);
void gate_open(struct gate *gate);
extern struct gate *the_gate;

typedef unsigned ticket;
void ticket_lock(ticket *lock);
void ticket_unlock(ticket *lock);
void count_down(unsigned *number);

static void run_both(void *(*first)(void *), void *(*second)(void *)) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, first, NULL);
  pthread_create(&threads[1], NULL, second, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
}

static unsigned countdown;
static int counted;

static void *count_first(void *unused) {
  counted = 1; // expected-warning {{'counted' is written}}
  count_down(&countdown);
  return unused;
}

static void *count_second(void *unused) {
  count_down(&countdown);
  counted = 2;
  return unused;
}

void a_number_is_no_barrier_bad(void) { run_both(count_first, count_second); }

static ticket lock;
static int locked;

static void *add_locked(void *unused) {
  ticket_lock(&lock);
  ++locked;
  ticket_unlock(&lock);
  return unused;
}

void unseen_lock_ok(void) { run_both(add_locked, add_locked); }

static int half_locked;

static void *add_half(void *unused) {
  ticket_lock(&lock);
  ++half_locked; // expected-warning {{'half_locked' is written}}
  ticket_unlock(&lock);
  return unused;
}

static void *add_unlocked(void *unused) {
  ++half_locked;
  return unused;
}

void one_side_unlocked_bad(void) { run_both(add_half, add_unlocked); }

static int gated;

static void *before_gate(void *unused) {
  gated = 1;
  gate_open(the_gate);
  return unused;
}

static void *behind_gate(void *unused) {
  gate_wait(the_gate);
  gated = 2;
  return unused;
}

void unseen_gate_ok(void) { run_both(before_gate, behind_gate); }
