// RUN: %heddle_verify --checks=thread-without-exit-path %s -- -std=gnu17

// A handler that comes back leaves the loop as it was.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t seen;
static void note(int signal) { seen = signal; }

static void *waits_bad(void *arg) {
  for (;;) // expected-warning {{never ends}}
    pause();
  return arg;
}

int main(void) {
  pthread_t waits;
  signal(SIGUSR1, note);
  pthread_create(&waits, NULL, waits_bad, NULL);
  pthread_kill(waits, SIGUSR1);
  pause();
}
