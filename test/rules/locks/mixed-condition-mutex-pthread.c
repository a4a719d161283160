// RUN: %heddle_verify --checks=mixed-condition-mutex %s -- -std=gnu17
// clang-format off: expectations stand on their lines

// The same with pthreads: mutexes that are handed to threads, and mutexes that nobody has taken.
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t noticed = PTHREAD_COND_INITIALIZER;
static int done;

// Not run: waits_bad, takes_nothing_bad, put_bad, get_bad: nobody can tell what waiting so does; what becomes of two
// mutexes mixed-condition-mutex.cpp shows.
static void *waits_bad(void *given) {
  pthread_mutex_lock(given);
  while (!done)
    pthread_cond_wait(&changed, given); // expected-warning {{'changed' is waited on here with 'first', and elsewhere with 'second'}}
  pthread_mutex_unlock(given);
  return NULL;
}

static void *takes_nothing_bad(void *unused) {
  (void)unused;
  while (!done)
    pthread_cond_wait(&noticed, &other); // expected-warning {{gives back 'other', which the thread does not hold}}
  return NULL;
}

static void *takes_it_ok(void *unused) {
  (void)unused;
  pthread_mutex_lock(&other);
  while (!done)
    pthread_cond_wait(&noticed, &other);
  pthread_mutex_unlock(&other);
  return NULL;
}

static void *perhaps_ok(void *careful) {
  if (careful)
    pthread_mutex_lock(&other);
  while (!done)
    pthread_cond_wait(&noticed, &other);
  if (careful)
    pthread_mutex_unlock(&other);
  return NULL;
}

void lock_elsewhere(pthread_mutex_t *mutex);
void unlock_elsewhere(pthread_mutex_t *mutex);

static void *unseen_ok(void *unused) {
  (void)unused;
  lock_elsewhere(&other);
  while (!done)
    pthread_cond_wait(&noticed, &other);
  unlock_elsewhere(&other);
  return NULL;
}

static void waits_for_its_caller(void) {
  while (!done)
    pthread_cond_wait(&noticed, &other);
}

static void *caller_holds_ok(void *unused) {
  (void)unused;
  pthread_mutex_lock(&other);
  waits_for_its_caller();
  pthread_mutex_unlock(&other);
  return NULL;
}

// What is handed to both belongs to both.
struct channel {
  pthread_mutex_t reads, writes;
  pthread_cond_t changed, has_room;
  int items, room;
};

void put_bad(struct channel *c) {
  pthread_mutex_lock(&c->writes);
  while (c->room == 0)
    pthread_cond_wait(&c->changed, &c->writes); // expected-warning {{'c->changed' is waited on here with 'c->writes', and elsewhere with 'c->reads'}}
  --c->room;
  pthread_cond_broadcast(&c->changed);
  pthread_mutex_unlock(&c->writes);
}

void get_bad(struct channel *c) {
  pthread_mutex_lock(&c->reads);
  while (c->items == 0)
    pthread_cond_wait(&c->changed, &c->reads);
  --c->items;
  pthread_cond_broadcast(&c->changed);
  pthread_mutex_unlock(&c->reads);
}

void get_ok(struct channel *c) {
  pthread_mutex_lock(&c->reads);
  while (c->room == 0)
    pthread_cond_wait(&c->has_room, &c->reads);
  pthread_mutex_unlock(&c->reads);
}

// Which lock it is its callers say.
void wait_one_ok(pthread_cond_t *what, pthread_mutex_t *with) { pthread_cond_wait(what, with); }
void wait_other_ok(pthread_cond_t *what, pthread_mutex_t *with) { pthread_cond_wait(what, with); }

void borrowed_ok(struct channel *c, struct channel *of) {
  pthread_mutex_lock(&of->writes);
  while (of->room == 0)
    pthread_cond_wait(&c->has_room, &of->writes);
  pthread_mutex_unlock(&of->writes);
}

int main(void) {
  pthread_t threads[7];
  pthread_create(&threads[0], NULL, waits_bad, &first);
  pthread_create(&threads[1], NULL, waits_bad, &second);
  pthread_create(&threads[2], NULL, takes_nothing_bad, NULL);
  pthread_create(&threads[3], NULL, takes_it_ok, NULL);
  pthread_create(&threads[4], NULL, perhaps_ok, &done);
  pthread_create(&threads[5], NULL, unseen_ok, NULL);
  pthread_create(&threads[6], NULL, caller_holds_ok, NULL);
  for (int i = 0; i < 7; ++i)
    pthread_join(threads[i], NULL);
  return 0;
}
