// RUN: %heddle_verify --checks=copied-lock %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t bad
// RUN: %t ok

// Copies of structures in C.
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <string.h>
#include <threads.h>

struct account {
  long balance;
  pthread_mutex_t lock;
  char name[16];
};

struct queue {
  struct account inner[2];
  mtx_t guard;
};

static struct account shared = {0, PTHREAD_MUTEX_INITIALIZER, "shared"};
static long total;

static void add_bad(struct account a) { // expected-warning {{'a' is passed by value}}
  pthread_mutex_lock(&a.lock);
  ++total;
  pthread_mutex_unlock(&a.lock);
}

static void add_ok(struct account *a) {
  pthread_mutex_lock(&a->lock);
  ++total;
  pthread_mutex_unlock(&a->lock);
}

static void *adds_bad(void *unused) {
  for (int i = 0; i < 1000; ++i)
    add_bad(shared);
  return unused;
}

static void *adds_ok(void *unused) {
  for (int i = 0; i < 1000; ++i)
    add_ok(&shared);
  return unused;
}

void snapshot_bad(struct account *a) {
  struct account copy = *a; // expected-warning {{this copies a 'struct account'}}
  pthread_mutex_lock(&copy.lock);
}

void swap_bad(struct account *list, int i, int j) {
  struct account held = list[i]; // expected-warning {{this copies}}
  list[i] = list[j];             // expected-warning {{this copies}}
  list[j] = held;
}

void bytes_bad(struct account *to, struct account *from) {
  memcpy(to, from, sizeof *to); // expected-warning {{these bytes are a 'struct account'}}
}

void shift_bad(struct account *list, size_t count) {
  memmove(list, list + 1, count * sizeof *list); // expected-warning {{these bytes are a 'struct}}
}

struct account make_bad(void) {
  struct account made;
  pthread_mutex_init(&made.lock, NULL);
  made.balance = 0;
  return made; // expected-warning {{returning this by value copies}}
}

void nested_bad(struct queue *to, struct queue *from) {
  *to = *from; // expected-warning {{this copies a 'struct queue'}}
}

void primitives_bad(sem_t *s, pthread_cond_t *c) {
  sem_t mine = *s; // expected-warning {{this copies a 'sem_t'}}
  sem_wait(&mine);
  pthread_cond_t other = *c; // expected-warning {{this copies a 'pthread_cond_t'}}
  pthread_cond_signal(&other);
}

__attribute__((weak)) void library(struct account a);
void argument_bad(struct account *a) {
  library(*a); // expected-warning {{passing this by value to 'library'}}
}

static const struct account blank = {0, PTHREAD_MUTEX_INITIALIZER, ""};
static struct account defaults = {1, PTHREAD_MUTEX_INITIALIZER, "default"};

void templates_ok(struct account *a, struct account *b) {
  *a = blank;
  *b = defaults;
}

void literals_ok(struct account *a, pthread_mutex_t *m) {
  *a = (struct account){.lock = PTHREAD_MUTEX_INITIALIZER};
  *m = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
}

void built_before_init_ok(struct account *out) {
  struct account a;
  memset(&a, 0, sizeof a);
  a.balance = 3;
  *out = a;
  pthread_mutex_init(&out->lock, NULL);
}

void zero_ok(struct account *a) { memset(a, 0, sizeof *a); }

void renewed_ok(struct account *to, const struct account *from) {
  memcpy(to, from, sizeof *to);
  pthread_mutex_init(&to->lock, NULL);
}

struct worker {
  pthread_mutex_t queue, per_address; // the second is the master's, whoever asks
  struct worker *master;
};

void workers_ok(struct worker *to, struct worker *master) {
  memcpy(to, master, sizeof *to);
  to->master = master;
  pthread_mutex_init(&to->queue, NULL);
}

void workers_by_assignment_ok(struct worker *to, struct worker *master) {
  *to = *master;
  to->master = master;
  pthread_mutex_init(&to->queue, NULL);
}

void workers_bad(struct worker *to, struct worker *master) {
  pthread_mutex_init(&to->queue, NULL);
  memcpy(to, master, sizeof *to); // expected-warning {{these bytes are a 'struct worker'}}
}

void up_to_the_lock_ok(struct account *to, const struct account *from) {
  memcpy(to, from, offsetof(struct account, lock));
}

void parts_ok(struct account *to, const struct account *from) {
  to->balance = from->balance;
  memcpy(to->name, from->name, sizeof to->name);
}

void pointers_ok(struct account **list, struct account *a) {
  struct account *same = a;
  list[0] = same;
  memcpy(&list[1], &same, sizeof same);
}

int main(int argc, char **argv) {
  void *(*run)(void *) = argc > 1 && strcmp(argv[1], "bad") == 0 ? adds_bad : adds_ok;
  pthread_t other;
  pthread_create(&other, NULL, run, NULL);
  run(NULL);
  pthread_join(other, NULL);
  return 0;
}
