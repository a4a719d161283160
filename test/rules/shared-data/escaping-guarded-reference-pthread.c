// RUN: %heddle_verify --checks=escaping-guarded-reference %s -- -std=gnu17

// The same in C.
#include <pthread.h>
#include <string.h>

struct session {
  pthread_mutex_t mutex;
  char user[32];
  int level;
  struct session *next;
};

void rename_session(struct session *s, const char *user) {
  pthread_mutex_lock(&s->mutex);
  strncpy(s->user, user, sizeof(s->user) - 1);
  ++s->level;
  pthread_mutex_unlock(&s->mutex);
}

int *level_bad(struct session *s) {
  pthread_mutex_lock(&s->mutex);
  int *level = &s->level;
  pthread_mutex_unlock(&s->mutex);
  *level = 1; // expected-warning {{'level' refers to 'level'}}
  return 0;
}

int level_ok(struct session *s) {
  pthread_mutex_lock(&s->mutex);
  int level = s->level;
  pthread_mutex_unlock(&s->mutex);
  return level;
}

struct session *next_ok(struct session *s) {
  pthread_mutex_lock(&s->mutex);
  struct session *next = s->next;
  pthread_mutex_unlock(&s->mutex);
  return next;
}

static pthread_mutex_t table_mutex = PTHREAD_MUTEX_INITIALIZER;
static int table[16];

void set_entry(int index, int value) {
  pthread_mutex_lock(&table_mutex);
  table[index] = value;
  pthread_mutex_unlock(&table_mutex);
}

void entry_bad(int index) {
  pthread_mutex_lock(&table_mutex);
  int *entry = &table[index];
  pthread_mutex_unlock(&table_mutex);
  ++*entry; // expected-warning {{'entry' refers to 'table'}}
}

void entry_ok(int index) {
  pthread_mutex_lock(&table_mutex);
  int *entry = &table[index];
  ++*entry;
  pthread_mutex_unlock(&table_mutex);
}
