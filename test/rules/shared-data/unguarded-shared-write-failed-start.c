// RUN: %heddle_verify --checks=shared-data/* %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t freed_bad
// RUN: %race_found %t freed_by_the_code_bad
// RUN: %race_found %t freed_at_the_end_bad
// RUN: %race_found %t written_bad
// RUN: %t ok

// Where one of several threads cannot be started, those before it run on.
#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>

enum { count = 3 };

struct context {
  int number;
  int failed;
};

static pthread_t threads[count];

/// The thread that is not to be had; -1 for none.
static int missing = -1;

static pthread_attr_t *attributes(int which) {
  static pthread_attr_t impossible;
  pthread_attr_init(&impossible);
  pthread_attr_setstacksize(&impossible, (size_t)1 << 46);
  return which == missing ? &impossible : NULL;
}

static void *use(void *given) {
  struct context *context = given;
  return context->number > 0 ? given : NULL;
}

static void *use_more(void *given) {
  struct context *context = given;
  return context->number > 0 ? given : NULL;
}

static void *use_most(void *given) {
  struct context *context = given;
  return context->number > 0 ? given : NULL;
}

static void *use_failed(void *given) {
  struct context *context = given;
  return context->failed > 0 ? given : NULL;
}

static void join_all(int n) {
  for (int i = 0; i < n; i++)
    pthread_join(threads[i], NULL);
}

static int start_or_free(int n) {
  struct context *context = calloc(1, sizeof *context);
  for (int i = 0; i < n; i++)
    if (pthread_create(&threads[i], attributes(i), use, context) != 0) {
      free(context); // expected-warning {{'context' is freed here}}
      return -1;
    }
  join_all(n);
  free(context);
  return 0;
}

void freed_bad(void) {
  missing = 2;
  start_or_free(count);
  join_all(2);
}

static int ask_and_free(int n) {
  struct context *context = calloc(1, sizeof *context);
  for (int i = 0; i < n; i++) {
    int code = pthread_create(&threads[i], attributes(i), use_more, context);
    if (code) {
      fprintf(stderr, "%d\n", code);
      free(context); // expected-warning {{'context' is freed here}}
      return -1;
    }
  }
  join_all(n);
  free(context);
  return 0;
}

void freed_by_the_code_bad(void) {
  missing = 2;
  ask_and_free(count);
  join_all(2);
}

static int free_at_the_end(int n) {
  struct context *context = calloc(1, sizeof *context);
  for (int i = 0; i < n; i++)
    if (pthread_create(&threads[i], attributes(i), use_most, context))
      goto failed;
  join_all(n);
  free(context);
  return 0;
failed:
  free(context); // expected-warning {{'context' is freed here}}
  return -1;
}

void freed_at_the_end_bad(void) {
  missing = 2;
  free_at_the_end(count);
  join_all(2);
}

static struct context common;

void written_bad(void) {
  missing = 2;
  for (int i = 0; i < count; i++)
    if (pthread_create(&threads[i], attributes(i), use_failed, &common) != 0)
      common.failed = 1; // expected-warning {{'failed' is written here}}
  join_all(2);
}

static int join_and_free(int n) {
  struct context *context = calloc(1, sizeof *context);
  for (int i = 0; i < n; i++)
    if (pthread_create(&threads[i], attributes(i), use, context) != 0) {
      while (i-- > 0)
        pthread_join(threads[i], NULL);
      free(context);
      return -1;
    }
  join_all(n);
  free(context);
  return 0;
}

void joined_before_it_is_freed_ok(void) {
  missing = 2;
  join_and_free(count);
}

static int start_one(void) {
  struct context *context = calloc(1, sizeof *context);
  if (pthread_create(&threads[0], attributes(0), use, context) != 0) {
    free(context);
    return -1;
  }
  pthread_join(threads[0], NULL);
  free(context);
  return 0;
}

void only_one_ok(void) {
  missing = 0;
  start_one();
}

static void *use_own(void *given) {
  use(given);
  free(given);
  return NULL;
}

static int start_with_its_own(int n) {
  for (int i = 0; i < n; i++) {
    struct context *context = calloc(1, sizeof *context);
    if (pthread_create(&threads[i], attributes(i), use_own, context) != 0) {
      free(context);
      return i;
    }
  }
  return n;
}

void each_its_own_ok(void) {
  missing = 2;
  join_all(start_with_its_own(count));
}

static void go_on_with_fewer(int n) {
  struct context *context = calloc(1, sizeof *context);
  int started = 0;
  for (int i = 0; i < n; i++) {
    if (pthread_create(&threads[i], attributes(i), use, context) != 0)
      break;
    started++;
  }
  join_all(started);
  free(context);
}

void fewer_ok(void) {
  missing = 2;
  go_on_with_fewer(count);
}

static int free_if_there_is_none(int n) {
  struct context *context = calloc(1, sizeof *context);
  int i;
  for (i = 0; i < n; i++)
    if (pthread_create(&threads[i], attributes(i), use, context) != 0) {
      if (i == 0) {
        free(context);
        return -1;
      }
      break;
    }
  join_all(i);
  free(context);
  return 0;
}

void none_ok(void) {
  missing = 0;
  free_if_there_is_none(count);
}

static int join_by_number(int n) {
  struct context *context = calloc(1, sizeof *context);
  for (int i = 0; i < n; i++)
    if (pthread_create(&threads[i], attributes(i), use, context) != 0) {
      join_all(i);
      free(context);
      return -1;
    }
  join_all(n);
  free(context);
  return 0;
}

void joined_by_a_helper_ok(void) {
  missing = 2;
  join_by_number(count);
}

SCENARIO_MAIN(SCENARIO(freed_bad), SCENARIO(freed_by_the_code_bad), SCENARIO(freed_at_the_end_bad),
              SCENARIO(written_bad), SCENARIO(joined_before_it_is_freed_ok), SCENARIO(only_one_ok),
              SCENARIO(each_its_own_ok), SCENARIO(fewer_ok), SCENARIO(none_ok),
              SCENARIO(joined_by_a_helper_ok))
