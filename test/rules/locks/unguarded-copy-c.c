// RUN: %heddle_verify --checks=unguarded-copy %s -- -std=gnu17

// Structures that are copied as a whole while a lock beside them guards what is in them.
#include <pthread.h>
#include <string.h>

struct totals {
  long hits, misses;
};

struct cache {
  pthread_mutex_t lock;
  struct totals totals;
  struct totals limits;
};

void hit(struct cache *c) {
  pthread_mutex_lock(&c->lock);
  ++c->totals.hits;
  pthread_mutex_unlock(&c->lock);
}

void miss(struct cache *c) {
  pthread_mutex_lock(&c->lock);
  ++c->totals.misses;
  pthread_mutex_unlock(&c->lock);
}

static void assigned_bad(struct cache *c, struct totals *out) {
  *out = c->totals; // expected-warning {{is copied here without 'c->lock'}}
}

static void bytes_bad(struct cache *c, struct totals *out) {
  memcpy(out, &c->totals, sizeof *out); // expected-warning {{is copied here without 'c->lock'}}
}

static struct totals returned_bad(struct cache *c) {
  return c->totals; // expected-warning {{is copied here without 'c->lock'}}
}

static void assigned_ok(struct cache *c, struct totals *out) {
  pthread_mutex_lock(&c->lock);
  *out = c->totals;
  pthread_mutex_unlock(&c->lock);
}

static void limits_ok(struct cache *c, struct totals *out) {
  *out = c->limits; // nobody changes them under the lock
}

static void entered_with_lock_ok(struct cache *c, struct totals *out) { *out = c->totals; }

void calls(struct cache *c, struct totals *out) {
  assigned_bad(c, out);
  bytes_bad(c, out);
  *out = returned_bad(c);
  assigned_ok(c, out);
  limits_ok(c, out);
  pthread_mutex_lock(&c->lock);
  entered_with_lock_ok(c, out);
  pthread_mutex_unlock(&c->lock);
}

static struct cache *made_ok(struct cache *c, const struct totals *from) {
  pthread_mutex_init(&c->lock, NULL);
  c->totals = *from;
  return c;
}

void make(struct cache *c, const struct totals *from) { made_ok(c, from); }

// The lock that is held while an entry is filled in belongs to another object, whose value that is.
struct source {
  pthread_mutex_t lock;
  long stored;
};

struct entry {
  long offset;
  struct source *from;
};

void keep_ok(struct entry *kept, const struct entry *given) { kept->offset = given->offset; }

void fill(struct entry *e, int is_stored) {
  if (!is_stored) {
    e->offset = 0;
    return;
  }
  pthread_mutex_lock(&e->from->lock);
  if (e->from->stored > 0)
    e->offset = e->from->stored;
  else
    e->offset = -1;
  pthread_mutex_unlock(&e->from->lock);
}
