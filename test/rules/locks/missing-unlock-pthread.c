// RUN: %heddle_verify --checks=missing-unlock %s -- -std=gnu17 -D_GNU_SOURCE
// RUN: %clang -std=gnu17 -D_GNU_SOURCE -pthread -DRUN %s -o %t
// RUN: %hangs %t error_twice_bad
// RUN: %hangs %t label_twice_bad
// RUN: %hangs %t wrapper_twice_bad
// RUN: %hangs %t never_twice_bad
// RUN: timeout 60 %t ok

// C: error paths, labels that unlock, locks that only some ways take.
#include "../scenarios.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t hidden = PTHREAD_MUTEX_INITIALIZER;
int counter;

struct table {
  pthread_mutex_t lock;
  int *slots;
  int size;
  int threaded;
};

// Not run: grow_bad: memory would have to run out.
int grow_bad(struct table *t, int size) {
  pthread_mutex_lock(&t->lock);
  int *slots = realloc(t->slots, size * sizeof *slots);
  if (!slots)
    return -ENOMEM; // expected-warning {{'t->lock' stays locked when 'grow_bad' ends here}}
  t->slots = slots;
  t->size = size;
  pthread_mutex_unlock(&t->lock);
  return 0;
}

int errno_bad(struct table *t, int index) {
  pthread_mutex_lock(&t->lock);
  if (index >= t->size)
    return EINVAL; // expected-warning {{'t->lock' stays locked}}
  ++t->slots[index];
  pthread_mutex_unlock(&t->lock);
  return 0;
}

int goto_bad(struct table *t, int index) {
  int result = 0;
  pthread_mutex_lock(&t->lock);
  if (index < 0)
    goto out;
  if (index >= t->size) {
    result = 0;
    goto unlocked;
  }
  ++t->slots[index];
out:
  pthread_mutex_unlock(&t->lock);
unlocked:
  return result; // expected-warning {{'t->lock' stays locked}}
}

void never_bad(void) {
  pthread_mutex_lock(&hidden);
  ++counter;
} // expected-warning {{'hidden' is locked when 'never_bad' ends here, and nothing ever unlocks it}}

static int lock_table(struct table *t) {
  int status = pthread_mutex_lock(&t->lock);
  if (status)
    return -status;
  return 0;
}

static void unlock_table(struct table *t) { pthread_mutex_unlock(&t->lock); }

int wrapped_bad(struct table *t, int index) {
  if (lock_table(t) < 0)
    return -1;
  if (index >= t->size)
    return -2; // expected-warning {{'t->lock' stays locked}}
  unlock_table(t);
  return 0;
}

int wrapped_ok(struct table *t, int index) {
  int status = lock_table(t);
  if (status < 0)
    return status;
  ++t->slots[index];
  unlock_table(t);
  return 0;
}

int goto_ok(struct table *t, int index) {
  int result = -EINVAL;
  pthread_mutex_lock(&t->lock);
  if (index >= t->size)
    goto out;
  ++t->slots[index];
  result = 0;
out:
  pthread_mutex_unlock(&t->lock);
  return result;
}

int failed_ok(struct table *t) {
  int status = pthread_mutex_lock(&t->lock);
  if (status != 0)
    return -status;
  ++t->size;
  pthread_mutex_unlock(&t->lock);
  return 0;
}

int asserted_ok(struct table *t) {
  int status = pthread_mutex_lock(&t->lock);
  assert(status == 0);
  ++t->size;
  pthread_mutex_unlock(&t->lock);
  return status;
}

void threaded_ok(struct table *t) {
  if (t->threaded)
    pthread_mutex_lock(&t->lock);
  ++t->size;
  if (t->threaded)
    pthread_mutex_unlock(&t->lock);
}

// Asked again in the next round, where the answer is known.
int rounds_ok(struct table *t) {
  while (t->size > 3) {
    if (t->size > 9) {
      if (t->threaded)
        pthread_mutex_lock(&t->lock);
      if (t->size == 10)
        t->size = 5;
      if (t->threaded)
        pthread_mutex_unlock(&t->lock);
      continue;
    }
    if (t->threaded)
      pthread_mutex_lock(&t->lock);
    if (t->size == 5) {
      if (t->threaded)
        pthread_mutex_unlock(&t->lock);
      t->size = 4;
      continue;
    }
    if (t->threaded)
      pthread_mutex_unlock(&t->lock);
    return t->size;
  }
  return 0;
}

static void enter(struct table *t) {
  if (t->threaded)
    pthread_mutex_lock(&t->lock);
}

static void leave(struct table *t) {
  if (t->threaded)
    pthread_mutex_unlock(&t->lock);
}

int entered_ok(struct table *t, int index) {
  enter(t);
  if (index >= t->size) {
    leave(t);
    return -1;
  }
  ++t->slots[index];
  leave(t);
  return 0;
}

struct table *find_locked_ok(struct table *all, int count, int size) {
  for (int i = 0; i < count; ++i) {
    struct table *t = all + i;
    pthread_mutex_lock(&t->lock);
    if (t->size == size)
      return t;
    pthread_mutex_unlock(&t->lock);
  }
  return NULL;
}

static void unlock_cleanup(pthread_mutex_t **lock) { pthread_mutex_unlock(*lock); }

int cleanup_ok(struct table *t, int index) {
  pthread_mutex_lock(&t->lock);
  pthread_mutex_t *guard __attribute__((cleanup(unlock_cleanup))) = &t->lock;
  (void)guard;
  if (index >= t->size)
    return -1;
  ++t->slots[index];
  return 0;
}

struct page {
  pthread_mutex_t lock;
  int used;
};

struct store {
  struct page *pages;
};

int begin_write_ok(struct page *p, int *where) {
  int result = -1;
  pthread_mutex_lock(&p->lock);
  if (p->used < 4) {
    *where = p->used;
    return 0;
  }
  pthread_mutex_unlock(&p->lock);
  return result;
}

void end_write_ok(struct store *s, int page) { pthread_mutex_unlock(&s->pages[page].lock); }

extern void release_table(struct table *t);

int unseen_ok(struct table *t, int index) {
  pthread_mutex_lock(&t->lock);
  if (index >= t->size) {
    release_table(t);
    return -1;
  }
  pthread_mutex_unlock(&t->lock);
  return 0;
}

void all_of_them_ok(struct table *all, int count) {
  for (int i = 0; i < count; ++i)
    pthread_mutex_lock(&all[i].lock);
  ++counter;
  for (int i = 0; i < count; ++i)
    pthread_mutex_unlock(&all[i].lock);
}

void die_ok(struct table *t) {
  pthread_mutex_lock(&t->lock);
  if (!t->slots)
    exit(1);
  pthread_mutex_unlock(&t->lock);
}

#ifdef RUN
void release_table(struct table *t) { pthread_mutex_unlock(&t->lock); }

static struct table empty = {PTHREAD_MUTEX_INITIALIZER, NULL, 0, 1};

static void error_twice_bad(void) {
  errno_bad(&empty, 1);
  errno_bad(&empty, 1);
}

static void label_twice_bad(void) {
  goto_bad(&empty, 1);
  goto_bad(&empty, 1);
}

static void wrapper_twice_bad(void) {
  wrapped_bad(&empty, 1);
  wrapped_bad(&empty, 1);
}

static void never_twice_bad(void) {
  never_bad();
  never_bad();
}

static void errors_ok(void) {
  int slot = 0;
  struct table t = {PTHREAD_MUTEX_INITIALIZER, &slot, 1, 1};
  for (int i = 0; i < 2; ++i) {
    wrapped_ok(&t, 0);
    goto_ok(&t, 1);
    failed_ok(&empty);
    asserted_ok(&empty);
    threaded_ok(&empty);
    entered_ok(&t, 1);
    cleanup_ok(&t, 1);
    unseen_ok(&t, 1);
    die_ok(&t);
  }
}

SCENARIO_MAIN(SCENARIO(error_twice_bad), SCENARIO(label_twice_bad), SCENARIO(wrapper_twice_bad),
              SCENARIO(never_twice_bad), SCENARIO(errors_ok))
#endif

// Who gets the object gets its lock as well; who gets nothing has nothing to give back.
struct shared_object {
  pthread_mutex_t lock;
  int value;
};

static struct shared_object *enter_ok(struct shared_object *o) {
  pthread_mutex_lock(&o->lock);
  if (!o->value) {
    pthread_mutex_unlock(&o->lock);
    return NULL;
  }
  return o;
}

static void leave_ok(struct shared_object *o) { pthread_mutex_unlock(&o->lock); }

int look_ok(struct shared_object *o) {
  struct shared_object *entered = enter_ok(o);
  if (!entered)
    return 0;
  int value = entered->value;
  leave_ok(entered);
  return value;
}

// That it is destroyed while it is locked is what is wrong here.
void drop_ok(struct shared_object *o) {
  pthread_mutex_lock(&o->lock);
  pthread_mutex_destroy(&o->lock);
}
