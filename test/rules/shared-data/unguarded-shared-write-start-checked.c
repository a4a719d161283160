// RUN: %heddle_verify --checks=unguarded-shared-write %s --
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t started_bad
// RUN: %race_found %t other_answer_bad
// RUN: %race_found %t not_asked_bad
// RUN: %t ok

// Where the start of a thread has failed, there is no thread: also if a function of the project's
// looks at the status first, and says what it has seen.
#include "../scenarios.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

int checked, passed_on, turned, several, started, other, unasked;

static int check(int status, const char *what) {
  if (status != 0) {
    fprintf(stderr, "%s failed\n", what);
    return -1;
  }
  return 0;
}

static int report(int status, const char *what) {
  if (status)
    fprintf(stderr, "%s failed\n", what);
  return status;
}

static int is_fine(int status) { return status == 0; }

static int is_serious(int status, int harmless) {
  if (status == 0)
    return 0;
  if (harmless)
    return 0;
  return 1;
}

static int says_nothing(int status, int *count) {
  if (status != 0)
    ++*count;
  return *count;
}

#define ENTRY(name)                                                                                \
  static void *set_##name(void *given) {                                                           \
    name = 1;                                                                                      \
    return given;                                                                                  \
  }

ENTRY(checked)
ENTRY(passed_on)
ENTRY(turned)
ENTRY(several)

static void checked_ok(void) {
  pthread_t thread;
  if (check(pthread_create(&thread, NULL, set_checked, NULL), "create") < 0) {
    checked = 2;
    return;
  }
  pthread_join(thread, NULL);
}

static void passed_on_ok(void) {
  pthread_t thread;
  if (report(pthread_create(&thread, NULL, set_passed_on, NULL), "create") != 0) {
    passed_on = 2;
    return;
  }
  pthread_join(thread, NULL);
}

static void turned_ok(void) {
  pthread_t thread;
  if (!is_fine(pthread_create(&thread, NULL, set_turned, NULL))) {
    turned = 2;
    return;
  }
  pthread_join(thread, NULL);
}

static void several_ok(void) {
  pthread_t thread;
  if (is_serious(pthread_create(&thread, NULL, set_several, NULL), 0)) {
    several = 2;
    return;
  }
  pthread_join(thread, NULL);
}

static void *set_started(void *given) {
  started = 1; // expected-warning {{'started' is written here while another thread writes it}}
  return given;
}

static void started_bad(void) {
  pthread_t thread;
  if (check(pthread_create(&thread, NULL, set_started, NULL), "create") < 0)
    return;
  started = 2;
  pthread_join(thread, NULL);
}

static void *set_other(void *given) {
  other = 1; // expected-warning {{'other' is written here while another thread writes it}}
  return given;
}

static void other_answer_bad(void) {
  pthread_t thread;
  if (!is_serious(pthread_create(&thread, NULL, set_other, NULL), 0)) {
    other = 2;
    pthread_join(thread, NULL);
  }
}

static void *set_unasked(void *given) {
  unasked = 1; // expected-warning {{'unasked' is written here while another thread writes it}}
  return given;
}

static void not_asked_bad(void) {
  pthread_t thread;
  int errors = 1;
  if (says_nothing(pthread_create(&thread, NULL, set_unasked, NULL), &errors)) {
    unasked = 2;
    pthread_join(thread, NULL);
  }
}

SCENARIO_MAIN(SCENARIO(checked_ok), SCENARIO(passed_on_ok), SCENARIO(turned_ok),
              SCENARIO(several_ok), SCENARIO(started_bad), SCENARIO(other_answer_bad),
              SCENARIO(not_asked_bad))
