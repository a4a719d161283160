// RUN: %heddle_verify --checks=thread-without-exit-path %s -- -std=gnu17

// A loop that waits for signals ends with the program, if a handler ends that.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static void end(int signal) {
  (void)signal;
  _exit(0);
}

static void *waits_ok(void *arg) {
  for (;;)
    pause();
  return arg;
}

static void *suspends_ok(void *arg) {
  sigset_t none;
  sigemptyset(&none);
  while (1)
    sigsuspend(&none);
  return arg;
}

static void *works_bad(void *arg) {
  for (;;) // expected-warning {{never ends}}
    sleep(1);
  return arg;
}

int main(void) {
  struct sigaction action = {.sa_handler = end};
  sigaction(SIGUSR1, &action, NULL);
  pthread_t waits, suspends, works;
  pthread_create(&waits, NULL, waits_ok, NULL);
  pthread_create(&suspends, NULL, suspends_ok, NULL);
  pthread_create(&works, NULL, works_bad, NULL);
  pthread_kill(waits, SIGUSR1);
  pause();
}
