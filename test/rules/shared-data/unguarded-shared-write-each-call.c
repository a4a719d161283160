// RUN: %heddle_verify --checks=unguarded-shared-write,thread-unsafe-call %s -- -std=gnu11
// clang-format off: expectations stand on their lines

// A thread that is left to itself, started for what each call is given: several are there at once.
#include <pthread.h>
#include <string.h>

static int served;

static void *serve(void *line) {
  ++served; // expected-warning {{'served' is written here by several threads at the same time; none of them holds a lock}}
  return strtok(line, " "); // expected-warning {{'strtok' is not safe in threads}}
}

int start_serving(char *line) {
  pthread_t thread;
  if (pthread_create(&thread, 0, serve, line))
    return -1;
  return pthread_detach(thread);
}

// One for all: nothing is given.
static int ticks;

static void *tick(void *unused) {
  ++ticks;
  return unused;
}

int start_ticking_ok(void) {
  pthread_t thread;
  if (pthread_create(&thread, 0, tick, 0))
    return -1;
  return pthread_detach(thread);
}

// Each its own.
struct client {
  int requests;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int clients;

static void *attend(void *given) {
  struct client *self = given;
  ++self->requests;
  pthread_mutex_lock(&lock);
  ++clients;
  pthread_mutex_unlock(&lock);
  return 0;
}

int attend_to_ok(struct client *each) {
  pthread_t thread;
  if (pthread_create(&thread, 0, attend, each))
    return -1;
  return pthread_detach(thread);
}
