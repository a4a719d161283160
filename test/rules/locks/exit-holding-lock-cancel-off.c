// RUN: %heddle_verify --checks=exit-holding-lock %s -- -std=gnu17

// Who keeps cancellation off while it holds a lock is not cancelled there.
// expected-no-diagnostics
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int value;

static void *work_ok(void *arg) {
  int before;
  for (;;) {
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    pthread_mutex_lock(&mutex);
    ++value;
    sleep(1);
    pthread_mutex_unlock(&mutex);
    pthread_setcancelstate(before, NULL);
    pthread_testcancel();
  }
  return arg;
}

int main(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, work_ok, NULL);
  pthread_cancel(worker);
  pthread_join(worker, NULL);
  pthread_mutex_lock(&mutex);
  value = 0;
  pthread_mutex_unlock(&mutex);
}
