// RUN: %heddle_verify --checks=exit-holding-lock %s -- -std=gnu17 -D_GNU_SOURCE

// The ends of threads in C: return, pthread_exit, and the end of the process, which does not count.
#include <pthread.h>
#include <stdlib.h>

pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int counter;

static void *returns_bad(void *unused) {
  pthread_mutex_lock(&m);
  ++counter;
  return NULL; // expected-warning {{the thread that runs 'returns_bad' ends here while it holds 'm'}}
}

static void *exits_bad(void *unused) {
  pthread_mutex_lock(&m);
  if (counter > 3)
    pthread_exit(
        NULL); // expected-warning@-1 {{the thread that runs 'exits_bad' ends here while it holds 'm'}}
  pthread_mutex_unlock(&m);
  return NULL;
}

static void give_up_bad(void) {
  pthread_mutex_lock(&m);
  ++counter;
  pthread_exit(NULL); // expected-warning {{the thread ends here while it holds 'm'}}
}

static void *gives_up(void *unused) {
  give_up_bad();
  return NULL;
}

static void *exits_ok(void *unused) {
  pthread_mutex_lock(&m);
  ++counter;
  pthread_mutex_unlock(&m);
  pthread_exit(NULL);
}

static void *ends_process_ok(void *unused) {
  pthread_mutex_lock(&m);
  if (counter > 3)
    exit(1);
  pthread_mutex_unlock(&m);
  return NULL;
}

int main(void) {
  pthread_t threads[5];
  pthread_create(&threads[0], NULL, returns_bad, NULL);
  pthread_create(&threads[1], NULL, exits_bad, NULL);
  pthread_create(&threads[2], NULL, gives_up, NULL);
  pthread_create(&threads[3], NULL, exits_ok, NULL);
  pthread_create(&threads[4], NULL, ends_process_ok, NULL);
  for (int i = 0; i < 5; ++i)
    pthread_join(threads[i], NULL);
  pthread_mutex_lock(&m);
  return 0;
}
