// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17
// RUN: %tsan_cc -DRUN %s -o %t && not %t 2>&1 | %FileCheck %s
// CHECK: data race

// Functions and variables that constants of the file lead to.
#include <pthread.h>
#include <stddef.h>

static int opened, closed, guarded, asked;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

struct driver {
  const char *name;
  void (*open)(void);
  void (*close)(void);
  int *users;
};

static void open_disk(void) {
  ++opened; // expected-warning {{'opened' is written here by several threads at the same time}}
}
static void close_disk(void) {
  pthread_mutex_lock(&mutex);
  ++closed;
  pthread_mutex_unlock(&mutex);
}
static void open_tape(void) {
  pthread_mutex_lock(&mutex);
  ++guarded;
  pthread_mutex_unlock(&mutex);
}

static const struct driver disk = {"disk", open_disk, close_disk, &asked};
static const struct driver tape = {.name = "tape", .open = open_tape};
static const struct driver *const drivers[] = {&disk, &tape};

static void *use_bad(void *given) {
  (void)given;
  disk.open();
  disk.close();
  ++*disk.users; // expected-warning {{'asked' is written here by several threads at the same time}}
  return NULL;
}

static void *use_by_table_ok(void *given) {
  (void)given;
  drivers[1]->open();
  return NULL;
}

// May be set to something else.
static struct driver chosen = {"chosen", open_disk, close_disk, &asked};
void choose(void (*open)(void)) { chosen.open = open; }
static void *use_chosen_ok(void *given) {
  (void)given;
  chosen.open();
  return NULL;
}

static void run_twice(void *(*entry)(void *)) {
  pthread_t first, second;
  pthread_create(&first, NULL, entry, NULL);
  pthread_create(&second, NULL, entry, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

int run_all(void) {
  run_twice(use_bad);
  run_twice(use_by_table_ok);
  run_twice(use_chosen_ok);
  return opened + closed + guarded + asked;
}

#ifdef RUN
int main(void) { return run_all() == 0; }
#endif
