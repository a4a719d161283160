// RUN: %heddle_verify --checks=lost-wakeup %s -- -std=gnu17

// The same in C, where the state lies in a struct that is handed around.
#include <pthread.h>

struct gate {
  pthread_mutex_t mutex;
  pthread_cond_t opened;
  pthread_cond_t closed;
  int open;
  int users;
};

void open_bad(struct gate *g) {
  pthread_cond_broadcast(&g->opened);
  // expected-warning@-1 {{'g->opened' is notified here before 'g->open' is changed}}
  pthread_mutex_lock(&g->mutex);
  g->open = 1;
  pthread_mutex_unlock(&g->mutex);
}

void wait_open(struct gate *g) {
  pthread_mutex_lock(&g->mutex);
  while (!g->open)
    pthread_cond_wait(&g->opened, &g->mutex);
  pthread_mutex_unlock(&g->mutex);
}

void leave_ok(struct gate *g) {
  pthread_mutex_lock(&g->mutex);
  pthread_cond_signal(&g->closed);
  --g->users;
  pthread_mutex_unlock(&g->mutex);
}

void wait_empty(struct gate *g) {
  pthread_mutex_lock(&g->mutex);
  while (g->users)
    pthread_cond_wait(&g->closed, &g->mutex);
  pthread_mutex_unlock(&g->mutex);
}
