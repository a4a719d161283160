// RUN: %heddle_verify --checks=lock-order-inversion %s -- -std=gnu17
// RUN: %tsan_cc -DRUN %s -o %t
// RUN: %deadlock_found %t server_and_connection_bad
// RUN: env TSAN_OPTIONS=detect_deadlocks=1 %t ok

// No thread is in sight: whoever uses these functions has them. Locks go by the kind of object that
// they belong to.

// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>

struct server;

struct connection {
  pthread_mutex_t lock;
  struct server *owner;
  struct connection *next;
  int pending;
};

struct server {
  pthread_mutex_t lock, log_lock, *shared;
  struct connection *current;
  int total;
};

static void count(struct server *s, struct connection *c) {
  pthread_mutex_lock(&s->lock);
  s->total += c->pending;
  pthread_mutex_unlock(&s->lock);
}

void finish_bad(struct connection *c) {
  pthread_mutex_lock(&c->lock);
  count(c->owner, c);
  pthread_mutex_unlock(&c->lock);
}

void flush_bad(struct server *s) {
  pthread_mutex_lock(&s->lock);
  pthread_mutex_lock(&s->current->lock); // expected-warning {{'s->current->lock' is locked here while 's->lock' is held, and in 'count' it is the other way round; threads that do so at the same time wait for each other for ever}}
  s->current->pending = 0;
  pthread_mutex_unlock(&s->current->lock);
  pthread_mutex_unlock(&s->lock);
}

// One after the next, as they stand in the list: two of a kind are no order.
int sum_ok(struct connection *first) {
  int result = 0;
  pthread_mutex_lock(&first->lock);
  for (struct connection *at = first; at->next; at = at->next) {
    pthread_mutex_lock(&at->next->lock);
    result += at->pending;
    pthread_mutex_unlock(&at->lock);
  }
  return result;
}

void move_ok(struct connection *from, struct connection *to) {
  pthread_mutex_lock(&from->lock);
  pthread_mutex_lock(&to->lock);
  to->pending += from->pending;
  from->pending = 0;
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}

// Nobody else has the new one yet.
struct connection *open_ok(struct server *s) {
  struct connection *c = malloc(sizeof *c);
  pthread_mutex_init(&c->lock, NULL);
  pthread_mutex_lock(&c->lock);
  c->owner = s;
  pthread_mutex_lock(&s->log_lock);
  s->current = c;
  pthread_mutex_unlock(&s->log_lock);
  pthread_mutex_unlock(&c->lock);
  return c;
}

void log_ok(struct server *s) {
  pthread_mutex_lock(&s->log_lock);
  pthread_mutex_lock(&s->current->lock);
  s->total += s->current->pending;
  pthread_mutex_unlock(&s->current->lock);
  pthread_mutex_unlock(&s->log_lock);
}

// Where a pointer to a lock leads is not known: the two need not be the same.
void first_of_two_ok(struct server *s, pthread_mutex_t *m) {
  pthread_mutex_lock(m);
  pthread_mutex_lock(s->shared);
  pthread_mutex_unlock(s->shared);
  pthread_mutex_unlock(m);
}

void second_of_two_ok(struct server *s, pthread_mutex_t *m) {
  pthread_mutex_lock(s->shared);
  pthread_mutex_lock(m);
  pthread_mutex_unlock(m);
  pthread_mutex_unlock(s->shared);
}

// One after the other is enough for ThreadSanitizer.
#ifdef RUN
static struct server running = {.lock = PTHREAD_MUTEX_INITIALIZER,
                                .log_lock = PTHREAD_MUTEX_INITIALIZER};
static struct connection only = {.lock = PTHREAD_MUTEX_INITIALIZER, .owner = &running};

static void server_and_connection_bad(void) {
  running.current = &only;
  finish_bad(&only);
  flush_bad(&running);
}

static void opened_ok(void) {
  log_ok((running.current = &only, &running));
  finish_bad(&only);
}

SCENARIO_MAIN(SCENARIO(server_and_connection_bad), SCENARIO(opened_ok))
#endif
