// RUN: %heddle_verify --checks=unguarded-shared-write,double-lock,missing-unlock,unlock-not-held %s -- -std=c++20
// RUN: %tsan_cxx -std=c++20 %s -o %t
// RUN: %race_found %t guard_asks_otherwise_bad
// RUN: %race_found %t never_locks_bad
// RUN: %race_found %t helper_asks_otherwise_bad
// RUN: %race_found %t guard_is_gone_bad
// RUN: %t ok

// Guards and helpers that lock unless they are given null, with `locks ? &mutex : nullptr`.
#include "../scenarios.h"

#include <chrono>
#include <mutex>
#include <thread>

int seen = 0; // what is read is used

namespace {

class MaybeLock {
public:
  explicit MaybeLock(std::mutex *mutex) : mutex_(mutex) {
    if (mutex_)
      mutex_->lock();
  }
  ~MaybeLock() {
    if (mutex_)
      mutex_->unlock();
  }
  MaybeLock(const MaybeLock &) = delete;
  MaybeLock &operator=(const MaybeLock &) = delete;

private:
  std::mutex *const mutex_;
};

void lock(std::mutex *mutex) {
  if (mutex != nullptr)
    mutex->lock();
}

void unlock(std::mutex *mutex) {
  if (mutex != nullptr)
    mutex->unlock();
}

struct Store {
  std::mutex mutex;
  int guarded = 0, inverted = 0, helped = 0, otherwise = 0, never = 0, helped_otherwise = 0,
      gone = 0;

  void write() {
    std::lock_guard hold(mutex);
    ++guarded;
    ++inverted;
    ++helped;
    // expected-warning@+1 {{'otherwise' is written here while another thread reads it}}
    ++otherwise;
    // expected-warning@+1 {{'never' is written here while another thread reads it}}
    ++never;
    // expected-warning@+1 {{'helped_otherwise' is written here while another thread reads it}}
    ++helped_otherwise;
    // expected-warning@+1 {{'gone' is written here while another thread reads it}}
    ++gone;
  }

  int same_question(bool consistent) {
    MaybeLock hold(consistent ? &mutex : nullptr);
    return consistent ? guarded : 0;
  }
  int other_way_round(bool relaxed) {
    MaybeLock hold(relaxed ? nullptr : &mutex);
    if (relaxed)
      return 0;
    return inverted;
  }
  int helpers(bool safe) {
    lock(safe ? &mutex : nullptr);
    int result = safe ? helped : 0;
    unlock(safe ? &mutex : nullptr);
    return result;
  }
  int asks_otherwise(bool consistent) {
    MaybeLock hold(consistent ? &mutex : nullptr);
    return consistent ? 0 : otherwise;
  }
  int never_locks() {
    MaybeLock hold(nullptr);
    return never;
  }
  int helpers_otherwise(bool safe) {
    lock(safe ? &mutex : nullptr);
    int result = safe ? 0 : helped_otherwise;
    unlock(safe ? &mutex : nullptr);
    return result;
  }
  int guard_is_gone(bool consistent) {
    {
      MaybeLock hold(consistent ? &mutex : nullptr);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(40));
    return consistent ? gone : 0;
  }
};

void same_question_ok() {
  Store store;
  std::thread writer([&store] { store.write(); });
  store.same_question(true);
  store.same_question(false);
  writer.join();
}

void other_way_round_ok() {
  Store store;
  std::thread writer([&store] { store.write(); });
  store.other_way_round(true);
  store.other_way_round(false);
  writer.join();
}

void helpers_ok() {
  Store store;
  std::thread writer([&store] { store.write(); });
  store.helpers(true);
  store.helpers(false);
  writer.join();
}

void guard_asks_otherwise_bad() {
  Store store;
  std::thread writer([&store] { store.write(); });
  seen = store.asks_otherwise(false);
  writer.join();
}

void never_locks_bad() {
  Store store;
  std::thread writer([&store] { store.write(); });
  seen = store.never_locks();
  writer.join();
}

void helper_asks_otherwise_bad() {
  Store store;
  std::thread writer([&store] { store.write(); });
  seen = store.helpers_otherwise(false);
  writer.join();
}

void guard_is_gone_bad() {
  Store store;
  std::thread writer([&store] {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    store.write();
  });
  seen = store.guard_is_gone(true);
  writer.join();
}

} // namespace

SCENARIO_MAIN(SCENARIO(same_question_ok), SCENARIO(other_way_round_ok), SCENARIO(helpers_ok),
              SCENARIO(guard_asks_otherwise_bad), SCENARIO(never_locks_bad),
              SCENARIO(helper_asks_otherwise_bad), SCENARIO(guard_is_gone_bad))
