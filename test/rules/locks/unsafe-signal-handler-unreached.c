// RUN: %heddle_verify --checks=unsafe-signal-handler %s -- -std=gnu17 -D_GNU_SOURCE

// Calls in a handler that no value of the variables lets it come to: they are never found as the
// handler asks for, or are so only while signals are kept off.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

volatile int never_set;
volatile int fixed_before;
volatile int set_later;
volatile int counted;
static int verbose;
static int by_address;
static sig_atomic_t while_blocked;
static volatile sig_atomic_t while_open;

static void never_ok(int number) {
  if (never_set != 0)
    printf("bad");
}

static void fixed_ok(int number) {
  if (fixed_before != 42)
    printf("bad");
}

static void blocked_ok(int number) {
  if (while_blocked) {
    fprintf(stderr, "came while it was blocked\n");
    exit(1);
  }
}

static void later_bad(int number) {
  if (set_later == 7)
    printf("late"); // expected-warning {{'printf' is used in the handler of SIGUSR1}}
}

static void counted_bad(int number) {
  if (counted > 3)
    printf("often"); // expected-warning {{'printf' is used in the handler of SIGALRM}}
}

// Set by a function that has nothing to do with threads.
static void option_bad(int number) {
  if (verbose)
    puts("interrupted"); // expected-warning {{'puts' is used in the handler of SIGINT}}
}

static void parse(const char *argument) { verbose = strcmp(argument, "-v") == 0; }

static void filled_bad(int number) {
  if (by_address)
    puts("filled"); // expected-warning {{'puts' is used in the handler of SIGTERM}}
}

static void fill(int *out) { *out = 1; }

static void open_bad(int number) {
  if (while_open)
    puts("open"); // expected-warning {{'puts' is used in the handler of SIGUSR2}}
}

static void *masks(void *unused) {
  sigset_t own;
  sigemptyset(&own);
  sigaddset(&own, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &own, 0);
  while_blocked = 1;
  usleep(1);
  while_blocked = 0;
  pthread_sigmask(SIG_UNBLOCK, &own, 0);
  return 0;
}

static void *opens(void *unused) {
  while_open = 1;
  usleep(1);
  while_open = 0;
  return 0;
}

int main(int argc, char **argv) {
  if (argc > 1)
    parse(argv[1]);
  fill(&by_address);
  fixed_before = 42;
  signal(SIGPROF, never_ok);
  signal(SIGVTALRM, fixed_ok);
  signal(SIGHUP, blocked_ok);
  signal(SIGUSR1, later_bad);
  signal(SIGALRM, counted_bad);
  signal(SIGINT, option_bad);
  signal(SIGTERM, filled_bad);
  signal(SIGUSR2, open_bad);
  set_later = 7;
  ++counted;
  pthread_t threads[2];
  pthread_create(&threads[0], 0, masks, 0);
  pthread_create(&threads[1], 0, opens, 0);
  pthread_join(threads[0], 0);
  pthread_join(threads[1], 0);
  return 0;
}
