// RUN: %heddle_verify --checks=unlock-not-held %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %exits 66 %t twice_bad
// RUN: %exits 66 %t failed_try_bad
// RUN: %exits 66 %t thread_bad
// RUN: %t ok

// Locks that are given back by who does not hold them; ThreadSanitizer sees it in a run, but for
// the mode, of which it is not told.
#include "../scenarios.h"

#include <mutex>
#include <shared_mutex>
#include <thread>

std::mutex m;
std::recursive_mutex again;
std::shared_mutex rw;
int counter;

void twice_bad() {
  m.lock();
  ++counter;
  m.unlock();
  m.unlock(); // expected-warning {{'m' is unlocked a second time}}
}

// [example: bad]
void failed_try_bad() {
  std::mutex local;
  std::thread holder([&] { local.lock(); });
  holder.join();
  if (local.try_lock())
    ++counter;
  local
      .unlock(); // expected-warning@-1 {{'local' is unlocked where the attempt to lock it has failed}}
}
// [end]

void thread_bad() {
  std::thread([] {
    m.unlock(); // expected-warning {{'m' is unlocked by a thread that has not locked it}}
  }).join();
}

void local_bad() {
  std::mutex local;
  local.unlock(); // expected-warning {{'local' is unlocked by a thread that has not locked it}}
}

void error_path_bad(bool failed) {
  m.lock();
  if (failed) {
    m.unlock();
    counter = -1;
  }
  m.unlock(); // expected-warning {{'m' is unlocked a second time}}
}

void wrong_mode_bad() {
  rw.lock_shared();
  rw.unlock(); // expected-warning {{'rw' is held for reading and unlocked as if for writing}}
}

void wrong_mode_too_bad() {
  rw.lock();
  rw.unlock_shared(); // expected-warning {{'rw' is held for writing and unlocked as if for reading}}
}

void guard_bad() {
  std::unique_lock<std::mutex> lock(m);
  lock.unlock();
  ++counter;
  lock.unlock(); // expected-warning {{'lock' is told to unlock although it owns no lock here}}
}

void recursive_bad() {
  again.lock();
  again.lock();
  again.unlock();
  again.unlock();
  again.unlock(); // expected-warning {{'again' is unlocked a second time}}
}

void finish() { m.unlock(); }

void callee_bad() {
  m.lock();
  finish();
  finish(); // expected-warning {{the call of 'finish' unlocks 'm' a second time}}
}

class queue {
public:
  void close_bad() {
    mutex_.lock();
    open_ = false;
    mutex_.unlock();
    mutex_.unlock(); // expected-warning {{'mutex_' is unlocked a second time}}
  }
  void begin_ok() { mutex_.lock(); }
  void end_ok() { mutex_.unlock(); }

private:
  std::mutex mutex_;
  bool open_ = true;
};

template <typename Mutex> void template_twice(Mutex &mutex) {
  mutex.lock();
  mutex.unlock();
  mutex.unlock(); // expected-warning {{'mutex' is unlocked a second time}}
}

void template_bad() { template_twice(m); }

// [example: good]
void tried_ok() {
  if (m.try_lock()) {
    ++counter;
    m.unlock();
  }
}
// [end]

void tried_early_ok() {
  if (!m.try_lock())
    return;
  ++counter;
  m.unlock();
}

void tried_together_ok() {
  std::mutex first, second;
  if (std::try_lock(first, second) != -1)
    return;
  ++counter;
  first.unlock();
  second.unlock();
}

void together_then_twice_bad() {
  std::mutex first, second;
  std::lock(first, second);
  ++counter;
  first.unlock();
  second.unlock();
  second.unlock(); // expected-warning {{'second' is unlocked a second time}}
}

void tried_kept_ok() {
  const bool locked = m.try_lock();
  ++counter;
  if (locked)
    m.unlock();
}

void tried_or_waited_ok() {
  bool locked = m.try_lock();
  if (!locked)
    m.lock();
  ++counter;
  m.unlock();
}

void tried_in_loop_ok() {
  while (!m.try_lock())
    std::this_thread::yield();
  ++counter;
  m.unlock();
}

bool try_enter() { return m.try_lock(); }

void tried_by_callee_ok() {
  if (!try_enter())
    return;
  ++counter;
  finish();
}

void guard_ok() {
  std::unique_lock<std::mutex> lock(m, std::try_to_lock);
  if (lock.owns_lock())
    lock.unlock();
}

void guard_conditional_ok(bool early) {
  std::unique_lock<std::mutex> lock(m);
  ++counter;
  if (early)
    lock.unlock();
  counter = counter + 0;
  if (lock.owns_lock())
    lock.unlock();
}

void released_ok() {
  std::unique_lock<std::mutex> lock(m);
  std::mutex *raw = lock.release();
  raw->unlock();
}

void error_path_ok(bool failed) {
  m.lock();
  if (failed) {
    m.unlock();
    counter = -1;
    return;
  }
  m.unlock();
}

void result_ok() {
  int status = 0;
  m.lock();
  if (counter < 0) {
    status = -1;
    m.unlock();
  }
  if (status == 0)
    m.unlock();
}

void both_modes_ok(bool writes) {
  if (writes)
    rw.lock();
  else
    rw.lock_shared();
  if (writes)
    rw.unlock();
  else
    rw.unlock_shared();
}

void lambda_ok() {
  m.lock();
  auto done = [] { m.unlock(); };
  done();
}

void handed_over_ok(void (*callback)()) {
  m.lock();
  callback();
  m.unlock();
}

struct paired {
  std::mutex *lock_;
  explicit paired(std::mutex &m) : lock_(&m) { lock_->lock(); }
  ~paired() {
    if (lock_)
      lock_->unlock();
  }
  void unlock() {
    lock_->unlock();
    lock_ = nullptr;
  }
};

void own_guard_ok() {
  paired lock(m);
  ++counter;
  lock.unlock();
}

const scenario all[] = {
    {"twice_bad", twice_bad},         {"failed_try_bad", failed_try_bad},
    {"thread_bad", thread_bad},       {"tried_ok", tried_ok},
    {"tried_kept_ok", tried_kept_ok}, {"tried_by_callee_ok", tried_by_callee_ok},
    {"guard_ok", guard_ok},           {"released_ok", released_ok},
    {"result_ok", result_ok},         {"lambda_ok", lambda_ok},
    {"own_guard_ok", own_guard_ok},
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
