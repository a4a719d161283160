// RUN: %heddle_verify --checks=unguarded-shared-write,inconsistent-guard,write-under-shared-lock %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t without_the_lock_bad
// RUN: %race_found %t two_objects_bad
// RUN: %race_found %t the_other_guard_bad
// RUN: %t ok

// Lock classes of the program's own, taken by hand and by the guards of the library.
#include "../scenarios.h"

#include <mutex>
#include <shared_mutex>
#include <thread>

class counted_mutex {
public:
  void lock() {
    mutex_.lock();
    ++taken_;
  }
  bool try_lock() { return mutex_.try_lock(); }
  void unlock() { mutex_.unlock(); }

private:
  std::mutex mutex_;
  int taken_ = 0;
};

counted_mutex own, other;
int by_both = 0, without = 0, apart = 0;

void by_hand_and_by_guard_ok() {
  std::thread worker([] {
    std::lock_guard<counted_mutex> guard(own);
    ++by_both;
  });
  own.lock();
  ++by_both;
  own.unlock();
  std::unique_lock<counted_mutex> guard(own);
  ++by_both;
  guard.unlock();
  worker.join();
}

void without_the_lock_bad() {
  std::thread worker([] {
    std::scoped_lock guard(own);
    ++without;
  });
  ++without; // expected-warning {{'without' is written}}
  worker.join();
}

void two_objects_bad() {
  std::thread worker([] {
    std::lock_guard<counted_mutex> guard(own);
    ++apart; // expected-warning {{'apart' is written}}
  });
  other.lock();
  ++apart;
  other.unlock();
  worker.join();
}

// One that may be shared, and one that inherits how it locks.
class shared_own {
public:
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }
  void lock_shared() { mutex_.lock_shared(); }
  void unlock_shared() { mutex_.unlock_shared(); }

private:
  std::shared_mutex mutex_;
};

class named_mutex : public counted_mutex {
public:
  const char *name = "named";
};

shared_own readable;
named_mutex inherited;
int read_often = 0, by_the_base = 0, under_the_other = 0;

void shared_ok() {
  std::thread worker([] {
    std::lock_guard<shared_own> guard(readable);
    ++read_often;
  });
  readable.lock_shared();
  int seen = read_often;
  readable.unlock_shared();
  std::shared_lock<shared_own> guard(readable);
  seen += read_often;
  guard.unlock();
  worker.join();
  read_often += seen;
}

void inherited_ok() {
  std::thread worker([] {
    std::unique_lock<named_mutex> guard(inherited);
    ++by_the_base;
  });
  inherited.lock();
  ++by_the_base;
  inherited.unlock();
  worker.join();
}

void the_other_guard_bad() {
  std::thread worker([] {
    std::shared_lock<shared_own> guard(readable);
    ++under_the_other; // expected-warning {{'under_the_other' is written}}
  });
  {
    std::shared_lock<shared_own> guard(readable);
    ++under_the_other; // expected-warning {{'under_the_other' is written here while 'mutex_' is held for reading only}}
  }
  worker.join();
}

// Taken together, without an order, and adopted afterwards.
int adopted = 0;

void adopt_ok() {
  std::thread worker([] {
    std::lock(own, other);
    std::lock_guard<counted_mutex> first(own, std::adopt_lock);
    std::lock_guard<counted_mutex> second(other, std::adopt_lock);
    ++adopted;
  });
  {
    std::lock_guard<counted_mutex> guard(own);
    ++adopted;
  }
  worker.join();
}

// Nobody sees how this one locks: nothing is said about what it guards.
class foreign_mutex {
public:
  void lock();
  void unlock();
};
int by_foreign = 0;

inline void count_by_foreign(foreign_mutex &mutex) {
  std::lock_guard<foreign_mutex> guard(mutex);
  ++by_foreign;
}

inline void unseen_ok(foreign_mutex &mutex) {
  std::thread worker(count_by_foreign, std::ref(mutex));
  mutex.lock();
  ++by_foreign;
  mutex.unlock();
  worker.join();
}

SCENARIO_MAIN(SCENARIO(by_hand_and_by_guard_ok), SCENARIO(without_the_lock_bad),
              SCENARIO(two_objects_bad), SCENARIO(shared_ok), SCENARIO(inherited_ok),
              SCENARIO(the_other_guard_bad), SCENARIO(adopt_ok))
