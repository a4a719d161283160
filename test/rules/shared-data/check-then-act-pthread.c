// RUN: %heddle_verify --checks=check-then-act %s -- -std=gnu17

// The same in C.
#include <pthread.h>
#include <stdlib.h>

enum { capacity = 16 };
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;
static int items[capacity];
static int count;
static int *table;
int change(int value);

void push_bad(int value) {
  pthread_mutex_lock(&mutex);
  int is_full = count == capacity;
  pthread_mutex_unlock(&mutex);
  if (is_full)
    return;
  pthread_mutex_lock(&mutex);
  items[count++] = value; // expected-warning {{'count' is changed here after a check}}
  pthread_mutex_unlock(&mutex);
}

void push_ok(int value) {
  pthread_mutex_lock(&mutex);
  if (count < capacity)
    items[count++] = value;
  pthread_mutex_unlock(&mutex);
}

void load_then_store_bad(void) {
  pthread_mutex_lock(&mutex);
  int now = count;
  pthread_mutex_unlock(&mutex);
  now = change(now);
  pthread_mutex_lock(&mutex);
  count = now; // expected-warning {{'count' is set here from a value}}
  pthread_mutex_unlock(&mutex);
}

static int length(void) {
  pthread_mutex_lock(&mutex);
  int result = count;
  pthread_mutex_unlock(&mutex);
  return result;
}

static void drop(void) {
  pthread_mutex_lock(&mutex);
  --count;
  pthread_mutex_unlock(&mutex);
}

static void drop_if_any(void) {
  pthread_mutex_lock(&mutex);
  if (count > 0)
    --count;
  pthread_mutex_unlock(&mutex);
}

void through_functions_bad(void) {
  if (length() > 0)
    drop(); // expected-warning {{'count' is changed by this call after a check}}
}

void through_functions_ok(void) {
  if (length() > 0)
    drop_if_any();
}

void upgraded_bad(void) {
  pthread_rwlock_rdlock(&table_lock);
  int *known = table;
  pthread_rwlock_unlock(&table_lock);
  if (!known) {
    pthread_rwlock_wrlock(&table_lock);
    table = malloc(64); // expected-warning {{'table' is changed here after a check}}
    pthread_rwlock_unlock(&table_lock);
  }
}

void upgraded_ok(void) {
  pthread_rwlock_rdlock(&table_lock);
  int *known = table;
  pthread_rwlock_unlock(&table_lock);
  if (!known) {
    pthread_rwlock_wrlock(&table_lock);
    if (!table)
      table = malloc(64);
    pthread_rwlock_unlock(&table_lock);
  }
}

void logged_ok(int value) {
  pthread_mutex_lock(&mutex);
  int is_full = count == capacity;
  pthread_mutex_unlock(&mutex);
  if (is_full)
    change(value);
  pthread_mutex_lock(&mutex);
  count = 0;
  pthread_mutex_unlock(&mutex);
}
