// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held,double-lock %s -- -std=gnu17 -D_GNU_SOURCE
// RUN: %clang -std=gnu17 -D_GNU_SOURCE -pthread %s -o %t
// RUN: %hangs %t kept_bad
// RUN: timeout 60 %t ok

// Where none of the cases was it, the value is none of theirs. And who locks what a pointer leads
// to has a pointer that leads somewhere.
#include "../scenarios.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

struct device {
  pthread_mutex_t lock;
  int value;
  struct device *next;
};

static struct device first = {PTHREAD_MUTEX_INITIALIZER, 0, NULL};
static struct device second = {PTHREAD_MUTEX_INITIALIZER, 0, &first};

static int by_default(struct device *of) {
  switch (pthread_mutex_trylock(&of->lock)) {
  case 0:
    break;
  default:
    return -1;
  }
  ++of->value;
  pthread_mutex_unlock(&of->lock);
  return 0;
}

static int with_a_timeout(struct device *of, const struct timespec *until) {
  int result = pthread_mutex_timedlock(&of->lock, until);
  switch (result) {
  case 0:
    break;
  case ETIMEDOUT:
    return 1;
  default:
    return -1;
  }
  ++of->value;
  pthread_mutex_unlock(&of->lock);
  return 0;
}

static int busy_first(struct device *of) {
  switch (pthread_mutex_trylock(&of->lock)) {
  case EBUSY:
    return 1;
  case 0:
    ++of->value;
    pthread_mutex_unlock(&of->lock);
    return 0;
  default:
    return -1;
  }
}

static int no_default(struct device *of) {
  switch (pthread_mutex_trylock(&of->lock)) {
  case 0:
    ++of->value;
    pthread_mutex_unlock(&of->lock);
    return 0;
  case EBUSY:
    return 1;
  }
  return -1;
}

static int hand_over_hand(struct device *at, int value) {
  pthread_mutex_lock(&at->lock);
  while (at) {
    if (at->value == value) {
      pthread_mutex_unlock(&at->lock);
      return 1;
    }
    struct device *next = at->next;
    if (next)
      pthread_mutex_lock(&next->lock);
    pthread_mutex_unlock(&at->lock);
    at = next;
  }
  return 0;
}

// The same by a copy of the pointer.
static int walk(struct device *first_one, int value) {
  struct device *at = first_one;
  pthread_mutex_lock(&at->lock);
  while (at) {
    if (at->value == value) {
      pthread_mutex_unlock(&at->lock);
      return 1;
    }
    struct device *next = at->next;
    if (next)
      pthread_mutex_lock(&next->lock);
    pthread_mutex_unlock(&at->lock);
    at = next;
  }
  return 0;
}

static int kept(struct device *of) {
  if (pthread_mutex_trylock(&of->lock) != 0)
    return -1;
  if (--of->value < 0)
    return -1; // expected-warning {{'of->lock' stays locked when 'kept' ends here}}
  pthread_mutex_unlock(&of->lock);
  return 0;
}

static void switches_ok(void) {
  struct timespec until = {0, 0};
  by_default(&first);
  with_a_timeout(&first, &until);
  busy_first(&first);
  no_default(&first);
}

static void hand_over_hand_ok(void) {
  hand_over_hand(&second, -1);
  hand_over_hand(&second, 0);
  walk(&second, -1);
}

static void kept_bad(void) {
  first.value = 0;
  kept(&first);
  pthread_mutex_lock(&first.lock);
}

static const struct scenario all[] = {
    {"switches_ok", switches_ok},
    {"hand_over_hand_ok", hand_over_hand_ok},
    {"kept_bad", kept_bad},
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
