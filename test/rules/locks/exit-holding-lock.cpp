// RUN: %heddle_verify --checks=exit-holding-lock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %each_hangs %t lambda_bad entry_bad callee_bad reading_bad template_bad async_bad
// RUN: %t ok

// Threads that end with a lock in their hands: the next one waits for ever.
#include "../scenarios.h"

#include <atomic>
#include <future>
#include <mutex>
#include <shared_mutex>
#include <thread>

std::mutex m;
std::shared_mutex rw;
int counter;
std::atomic<bool> failing{true};

void lambda_bad() {
  std::thread([] {
    m.lock();
    ++counter;
  }).join(); // expected-warning {{the thread that runs the lambda at line 21 ends here while it holds 'm'}}
  std::lock_guard<std::mutex> lock(m);
}

// [example: bad]
void worker() {
  m.lock();
  if (failing)
    return; // expected-warning {{the thread that runs 'worker' ends here while it holds 'm'}}
  ++counter;
  m.unlock();
}

void entry_bad() {
  std::thread first(worker), second(worker);
  first.join();
  second.join();
}
// [end]

class pool {
public:
  // Not run: start_bad: nobody else takes its lock.
  void start_bad() { thread_ = std::thread(&pool::run, this); }
  ~pool() { thread_.join(); }

private:
  void run() {
    mutex_.lock();
    ++done_;
  } // expected-warning {{the thread that runs 'pool::run' ends here while it holds 'mutex_'}}
  std::mutex mutex_;
  int done_ = 0;
  std::thread thread_;
};

void enter() { m.lock(); }
void leave() { m.unlock(); }

void callee_bad() {
  std::jthread([] {
    enter();
    ++counter;
  }); // expected-warning {{ends here while it holds 'm'}}
}

void shared_bad() {
  std::jthread([] {
    rw.lock_shared();
    if (counter > 3)
      return; // expected-warning {{ends here while it holds 'rw'}}
    rw.unlock_shared();
  });
}

template <typename Mutex> void locked_work(Mutex &mutex) {
  mutex.lock();
  ++counter;
} // expected-warning {{ends here while it holds 'mutex'}}

void template_bad() {
  std::thread thread(locked_work<std::mutex>, std::ref(m));
  thread.join();
}

void async_bad() {
  auto done = std::async(std::launch::async, [] {
    m.lock();
    ++counter;
  }); // expected-warning {{ends here while it holds 'm'}}
  done.get();
}

// [example: good]
void guarded_worker() {
  std::lock_guard<std::mutex> lock(m);
  if (failing)
    return;
  ++counter;
}

void guarded_ok() {
  std::thread first(guarded_worker), second(guarded_worker);
  first.join();
  second.join();
}
// [end]

void paired_ok() {
  std::thread([] {
    m.lock();
    ++counter;
    m.unlock();
  }).join();
}

void callee_ok() {
  std::thread([] {
    enter();
    ++counter;
    leave();
  }).join();
}

void tried_ok() {
  std::thread([] {
    if (!m.try_lock())
      return;
    ++counter;
    m.unlock();
  }).join();
}

void unique_ok() {
  std::thread([] {
    std::unique_lock<std::mutex> lock(m);
    ++counter;
    lock.unlock();
    lock.lock();
  }).join();
}

void conditional_ok(bool threaded) {
  std::thread([threaded] {
    if (threaded)
      m.lock();
    ++counter;
    if (threaded)
      m.unlock();
  }).join();
}

void loop_ok() {
  std::thread([] {
    for (int i = 0; i < 3; ++i) {
      m.lock();
      if (counter > 5) {
        m.unlock();
        break;
      }
      ++counter;
      m.unlock();
    }
  }).join();
}

void run_ok() {
  guarded_ok();
  paired_ok();
  callee_ok();
  tried_ok();
  unique_ok();
  conditional_ok(true);
  loop_ok();
}

const scenario all[] = {{"lambda_bad", lambda_bad},
                        {"entry_bad", entry_bad},
                        SCENARIO_TWICE(callee_bad),
                        {"reading_bad",
                         [] {
                           counter = 4;
                           shared_bad();
                           rw.lock();
                         }},
                        SCENARIO_TWICE(template_bad),
                        SCENARIO_TWICE(async_bad),
                        {"run_ok", run_ok}};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
