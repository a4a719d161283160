// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held %s -- -std=gnu17

// A lock that is taken and given back under one condition, with another lock in between.
// Not run: set_up_bad: what it calls in between is in another file.
#include <pthread.h>
#include <stddef.h>

struct options {
  int is_special;
  char *name;
};
struct zone {
  int is_gone;
};
struct zones {
  pthread_mutex_t lock, special_lock;
  struct zone *first;
};

struct zone *find(struct zones *of, char *name);
struct zone *create(struct zones *of, char *name);

static struct zone *find_or_create(struct zones *of, char *name) {
  struct zone *found = find(of, name);
  if (!found)
    found = create(of, name);
  return found;
}

int set_up_ok(struct zones *of, struct options *given) {
  if (given->is_special)
    pthread_mutex_lock(&of->special_lock);
  pthread_mutex_lock(&of->lock);
  struct zone *found = find_or_create(of, given->name);
  pthread_mutex_unlock(&of->lock);
  if (found == NULL) {
    if (given->is_special)
      pthread_mutex_unlock(&of->special_lock);
    return 0;
  }
  found->is_gone = 0;
  if (given->is_special)
    pthread_mutex_unlock(&of->special_lock);
  return 1;
}

int set_up_bad(struct zones *of, struct options *given) {
  if (given->is_special)
    pthread_mutex_lock(&of->special_lock);
  pthread_mutex_lock(&of->lock);
  struct zone *found = find_or_create(of, given->name);
  pthread_mutex_unlock(&of->lock);
  if (found == NULL)
    return 0; // expected-warning {{'of->special_lock' stays locked when 'set_up_bad' ends here}}
  if (given->is_special)
    pthread_mutex_unlock(&of->special_lock);
  return 1;
}
