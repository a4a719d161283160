// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17
// RUN: %tsan_cc -pthread %s -o %t
// RUN: %race_found %t listed_bad
// RUN: %race_found %t copied_bad
// RUN: %t ok

// Threads whose ids are kept in lists and copied, as numbers are.
#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>

struct task {
  pthread_t id;
  int amount;
  struct task *next;
};

static long finished;

static void *work(void *given) {
  struct task *task = given;
  finished += task->amount;
  return NULL;
}

static struct task *start(void) {
  struct task *task = malloc(sizeof *task);
  task->amount = 3;
  task->next = NULL;
  if (pthread_create(&task->id, NULL, work, task))
    abort();
  return task;
}

void listed_bad(void) {
  struct task *all = start();
  finished++; // expected-warning@-15 {{'finished' is written}}
  for (struct task *each = all; each; each = each->next)
    pthread_join(each->id, NULL);
}

static long done;

static void *count(void *unused) {
  done++;
  return NULL;
}

void listed_ok(void) {
  struct task *all = NULL;
  struct task *task = malloc(sizeof *task);
  if (pthread_create(&task->id, NULL, count, NULL))
    abort();
  task->next = all;
  all = task;
  for (struct task *each = all; each; each = each->next)
    pthread_join(each->id, NULL);
  done++;
}

static int copies;

static void *copy(void *unused) {
  copies++;
  return NULL;
}

void copied_bad(void) {
  pthread_t ids[2], id;
  if (pthread_create(&id, NULL, copy, NULL))
    abort();
  ids[0] = id;
  copies++; // expected-warning@-9 {{'copies' is written}}
  pthread_join(ids[0], NULL);
}

void copied_ok(void) {
  pthread_t ids[2], id;
  if (pthread_create(&id, NULL, copy, NULL))
    abort();
  ids[0] = id;
  pthread_join(ids[0], NULL);
  copies++;
}

static long in_table;

static pthread_mutex_t table_mutex = PTHREAD_MUTEX_INITIALIZER;

static void *count_in_table(void *unused) {
  pthread_mutex_lock(&table_mutex);
  in_table++;
  pthread_mutex_unlock(&table_mutex);
  return unused;
}

// A table of pointers that is allocated itself.
static void tabled(int n) {
  struct task **table = malloc(n * sizeof *table);
  for (int i = 0; i < n; i++) {
    table[i] = malloc(sizeof **table);
    if (pthread_create(&table[i]->id, NULL, count_in_table, NULL))
      abort();
  }
  for (int i = 0; i < n; i++)
    pthread_join(table[i]->id, NULL);
  in_table++;
}

void tabled_ok(void) { tabled(2); }

SCENARIO_MAIN(SCENARIO(tabled_ok), SCENARIO(listed_bad), SCENARIO(listed_ok), SCENARIO(copied_bad),
              SCENARIO(copied_ok))
