// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held,double-lock,blocking-while-locked %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %t ok
// RUN: %clangxx -std=c++20 -pthread %s -o %t.plain
// RUN: %hangs %t.plain other_bad

// What gives the lock back at the end of the scope: a handler of pthread's, and objects that hold a
// function and what it is called with.
#include "../scenarios.h"

#include <mutex>

#include <pthread.h>

pthread_mutex_t raw = PTHREAD_MUTEX_INITIALIZER;
std::mutex lock;
int value = 0;

void unlock_raw(void *given) { pthread_mutex_unlock(static_cast<pthread_mutex_t *>(given)); }
void unlock_it(void *given) { static_cast<std::mutex *>(given)->unlock(); }

void popped_ok() {
  pthread_mutex_lock(&raw);
  pthread_cleanup_push(unlock_raw, &raw);
  ++value;
  pthread_cleanup_pop(1);
  pthread_mutex_lock(&raw);
  pthread_mutex_unlock(&raw);
}

void library_function_ok() {
  pthread_cleanup_push(reinterpret_cast<void (*)(void *)>(pthread_mutex_unlock), &raw);
  pthread_mutex_lock(&raw);
  ++value;
  pthread_cleanup_pop(1);
}

void not_called_ok() {
  pthread_mutex_lock(&raw);
  pthread_cleanup_push(unlock_raw, &raw);
  ++value;
  pthread_cleanup_pop(0);
  pthread_mutex_unlock(&raw);
}

class cleanup {
public:
  cleanup(void (*function)(void *), void *with) : function_(function), with_(with) {}
  ~cleanup() {
    if (is_on_)
      function_(with_);
  }
  void dismiss() { is_on_ = false; }

private:
  void (*function_)(void *);
  void *with_;
  bool is_on_ = true;
};

void object_ok() {
  lock.lock();
  cleanup at_end(unlock_it, &lock);
  ++value;
}

void dismissed_ok(bool early) {
  lock.lock();
  cleanup at_end(unlock_it, &lock);
  ++value;
  if (!early)
    return;
  at_end.dismiss();
  lock.unlock();
}

void dismiss_ok() {
  dismissed_ok(true);
  dismissed_ok(false);
}

// For another lock.
std::mutex other;

int keep_other(bool fails) {
  other.lock();
  lock.lock();
  cleanup at_end(unlock_it, &lock);
  ++value;
  if (fails)
    return -1; // expected-warning {{'other' stays locked when 'keep_other' ends here}}
  other.unlock();
  return 0;
}

void other_bad() {
  keep_other(true);
  keep_other(false);
}

SCENARIO_MAIN(SCENARIO(popped_ok), SCENARIO(library_function_ok), SCENARIO(not_called_ok),
              SCENARIO(object_ok), SCENARIO(dismiss_ok), SCENARIO(other_bad))
