// RUN: %heddle_verify --checks=unguarded-shared-write,inconsistent-guard %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t other_does_not_look_bad
// RUN: %race_found %t worker_does_not_look_bad
// RUN: %race_found %t cleared_too_early_bad
// RUN: %t ok

// A flag that a lock guards says that somebody is at work, who then needs the lock no more.
#include "../scenarios.h"

#include <chrono>
#include <mutex>
#include <thread>

void pause_for(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

class Log {
public:
  void flush() {
    {
      std::lock_guard<std::mutex> guard(mutex_);
      if (is_flushing_)
        return;
      is_flushing_ = true;
    }
    ++flushed_;
    std::lock_guard<std::mutex> guard(mutex_);
    is_flushing_ = false;
  }

  void flush_by_hand() {
    mutex_.lock();
    if (!is_flushing_) {
      is_flushing_ = true;
      mutex_.unlock();
      ++flushed_;
      mutex_.lock();
      is_flushing_ = false;
    }
    mutex_.unlock();
  }

  void reset() {
    std::lock_guard<std::mutex> guard(mutex_);
    if (is_flushing_)
      return;
    flushed_ = 0;
  }

  int flushed() {
    std::lock_guard<std::mutex> guard(mutex_);
    return is_flushing_ ? -1 : flushed_;
  }

private:
  std::mutex mutex_;
  bool is_flushing_ = false;
  int flushed_ = 0;
};

void everybody_looks_ok() {
  Log log;
  std::thread first([&] {
    log.flush();
    log.reset();
    log.flushed();
  });
  std::thread second([&] {
    log.flush_by_hand();
    log.reset();
  });
  log.flush();
  log.flushed();
  first.join();
  second.join();
}

std::mutex mutex;
bool is_busy = false;
int ignored = 0, unclaimed = 0, late = 0;

void work_on_ignored() {
  mutex.lock();
  if (is_busy) {
    mutex.unlock();
    return;
  }
  is_busy = true;
  mutex.unlock();
  ++ignored; // expected-warning {{'ignored' is written}}
  pause_for(40);
  mutex.lock();
  is_busy = false;
  mutex.unlock();
}

void other_does_not_look_bad() {
  std::thread worker(work_on_ignored);
  pause_for(20);
  mutex.lock();
  ignored = 0;
  mutex.unlock();
  worker.join();
}

void work_on_unclaimed() {
  mutex.lock();
  is_busy = true;
  mutex.unlock();
  ++unclaimed; // expected-warning {{'unclaimed' is written}}
  pause_for(40);
  mutex.lock();
  is_busy = false;
  mutex.unlock();
}

void worker_does_not_look_bad() {
  std::thread worker(work_on_unclaimed);
  work_on_unclaimed();
  worker.join();
}

void work_late() {
  mutex.lock();
  if (is_busy) {
    mutex.unlock();
    return;
  }
  is_busy = true;
  mutex.unlock();
  mutex.lock();
  is_busy = false;
  mutex.unlock();
  ++late; // expected-warning {{'late' is written}}
}

void cleared_too_early_bad() {
  std::thread worker(work_late);
  pause_for(20);
  ++late;
  worker.join();
}

SCENARIO_MAIN(SCENARIO(everybody_looks_ok), SCENARIO(other_does_not_look_bad),
              SCENARIO(worker_does_not_look_bad), SCENARIO(cleared_too_early_bad))
