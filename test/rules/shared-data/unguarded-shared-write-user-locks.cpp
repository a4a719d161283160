// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t failed_attempt_bad
// RUN: %race_found %t inverted_attempt_bad
// RUN: %race_found %t same_condition_missed
// RUN: %t ok

// Locks and guards of a project's own: wrappers, attempts that tell by their result, conditions.
#include "../scenarios.h"

#include <memory>
#include <mutex>
#include <pthread.h>
#include <thread>

class Lock {
public:
  void take() { pthread_mutex_lock(&mutex_); }
  void give() { pthread_mutex_unlock(&mutex_); }
  bool attempt() { return pthread_mutex_trylock(&mutex_) == 0; }
  int refused() { return pthread_mutex_trylock(&mutex_); }
  bool attempt_and_count() {
    if (pthread_mutex_trylock(&mutex_) != 0)
      return false;
    ++taken_;
    return true;
  }
  bool attempt_by_variable() {
    const bool taken = pthread_mutex_trylock(&mutex_) == 0;
    return taken;
  }

private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  int taken_ = 0;
};

class Guard {
public:
  explicit Guard(Lock *lock) : lock_(lock) { lock_->take(); }
  Guard(Guard &&other) noexcept : lock_(other.lock_) { other.lock_ = nullptr; }
  ~Guard() {
    if (lock_)
      lock_->give();
  }

private:
  Lock *lock_;
};

Lock lock;

int wrapped = 0;

void wrapper_ok() {
  std::thread worker([] {
    lock.take();
    ++wrapped;
    lock.give();
  });
  {
    Guard guard(&lock);
    ++wrapped;
  }
  worker.join();
}

int attempted = 0;

void attempts_ok() {
  std::thread worker([] {
    Guard guard(&lock);
    ++attempted;
  });
  if (lock.attempt()) {
    ++attempted;
    lock.give();
  }
  if (lock.refused() == 0) {
    ++attempted;
    lock.give();
  }
  if (lock.attempt_and_count()) {
    ++attempted;
    lock.give();
  }
  if (lock.attempt_by_variable()) {
    ++attempted;
    lock.give();
  }
  while (!lock.attempt()) {
  }
  ++attempted;
  lock.give();
  worker.join();
}

int failed = 0;

void failed_attempt_bad() {
  std::thread worker([] {
    Guard guard(&lock);
    for (int i = 0; i < 1000; ++i)
      ++failed;
  });
  for (int i = 0; i < 1000; ++i)
    if (lock.attempt()) {
      lock.give();
      ++failed; // expected-warning {{'failed' is written}}
    }
  worker.join();
}

int inverted = 0;

void inverted_attempt_bad() {
  std::thread worker([] {
    for (int i = 0; i < 100000; ++i) {
      Guard guard(&lock);
      ++inverted;
    }
  });
  for (int i = 0; i < 100000; ++i)
    if (lock.attempt())
      lock.give();
    else
      ++inverted; // expected-warning {{'inverted' is written}}
  worker.join();
}

std::mutex mutex;
bool locks_are_used = false;
int conditional = 0;

// Nothing here ever sets the flag, so this races. But main gets here by a pointer only, and what it
// has done before is not known.
void count_conditionally() {
  if (locks_are_used)
    mutex.lock();
  ++conditional;
  if (locks_are_used)
    mutex.unlock();
}

void same_condition_missed() {
  std::thread worker(count_conditionally);
  count_conditionally();
  worker.join();
}

struct Shard {
  std::mutex mutex;
  int value = 0;
};

struct Table {
  Shard shards[4];
  Shard &shard(unsigned key) { return shards[key % 4]; }
  void add(unsigned key) {
    const std::lock_guard<std::mutex> guard(shard(key).mutex);
    ++shard(key).value;
  }
};

Table table;

void sharded_ok() {
  std::thread worker([] { table.add(1); });
  table.add(1);
  worker.join();
}

std::mutex stripes[8];
int striped[8];

void add_striped(unsigned key) {
  const std::lock_guard<std::mutex> guard(stripes[key % 8]);
  ++striped[key % 8];
}

void striped_ok() {
  std::thread worker(add_striped, 1);
  add_striped(1);
  worker.join();
}

int by_pointer = 0;

void shared_mutex_pointer_ok() {
  auto owned = std::make_shared<std::mutex>();
  std::thread worker([owned] {
    const std::lock_guard<std::mutex> guard(*owned);
    ++by_pointer;
  });
  {
    const std::lock_guard<std::mutex> guard(*owned);
    ++by_pointer;
  }
  worker.join();
}

int factory_made = 0;

Guard hold() { return Guard(&lock); }

void guard_from_factory_ok() {
  std::thread worker([] {
    const Guard guard = hold();
    ++factory_made;
  });
  {
    const Guard guard = hold();
    ++factory_made;
  }
  worker.join();
}

int derived_guarded = 0;

class NamedGuard : public std::lock_guard<std::mutex> {
public:
  NamedGuard(std::mutex &mutex, const char *name)
      : std::lock_guard<std::mutex>(mutex), name_(name) {}
  const char *name() const { return name_; }

private:
  const char *name_;
};

void guard_that_derives_ok() {
  std::thread worker([] {
    const NamedGuard guard(mutex, "worker");
    ++derived_guarded;
  });
  {
    const NamedGuard guard(mutex, "caller");
    ++derived_guarded;
  }
  worker.join();
}

int member_guarded = 0;

class Section {
public:
  explicit Section(std::mutex &mutex) : lock_(mutex) {}

private:
  std::unique_lock<std::mutex> lock_;
};

void guard_that_is_a_member_ok() {
  std::thread worker([] {
    const Section section(mutex);
    ++member_guarded;
  });
  {
    const Section section(mutex);
    ++member_guarded;
  }
  worker.join();
}

SCENARIO_MAIN(SCENARIO(failed_attempt_bad), SCENARIO(inverted_attempt_bad),
              SCENARIO(same_condition_missed), SCENARIO(wrapper_ok), SCENARIO(attempts_ok),
              SCENARIO(sharded_ok), SCENARIO(striped_ok), SCENARIO(shared_mutex_pointer_ok),
              SCENARIO(guard_from_factory_ok), SCENARIO(guard_that_derives_ok),
              SCENARIO(guard_that_is_a_member_ok))
