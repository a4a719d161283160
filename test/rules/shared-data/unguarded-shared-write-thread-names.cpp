// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t other_bad
// RUN: %race_found %t behind_bad
// RUN: %t ok

// What a thread does where it has found its own name, no other thread does.
#include "../scenarios.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <vector>

class loop {
public:
  void queue(std::function<void()> function) {
    std::lock_guard<std::mutex> lock(mutex_);
    pending_.push_back(std::move(function));
  }
  bool is_mine() const { return thread_ == std::this_thread::get_id(); }
  void run_here(std::function<void()> function) {
    if (is_mine())
      function();
    else
      queue(std::move(function));
  }
  void quit() { quit_ = true; }
  void run() {
    while (!quit_) {
      std::vector<std::function<void()>> functions;
      {
        std::lock_guard<std::mutex> lock(mutex_);
        functions.swap(pending_);
      }
      for (auto &each : functions)
        each();
    }
  }

private:
  const std::thread::id thread_ = std::this_thread::get_id();
  std::mutex mutex_;
  std::vector<std::function<void()>> pending_;
  std::atomic<bool> quit_ = false;
};

struct session {
  loop &of;
  std::vector<int> sent;
  void send(int what) {
    of.run_here([this, what] { sent.push_back(what); });
  }
};
void sent_ok() {
  loop main_loop;
  session one{main_loop, {}};
  std::thread a([&] { one.send(1); }), b([&] {
    one.send(2);
    main_loop.quit();
  });
  main_loop.run();
  a.join();
  b.join();
}

// In C, and by what each thread has for itself.
pthread_t owner;
long owned;
void own_if_mine() {
  if (pthread_equal(owner, pthread_self()))
    ++owned;
}
void compared_ok() {
  owner = pthread_self();
  std::thread other(own_if_mine);
  own_if_mine();
  other.join();
}

thread_local const void *current = nullptr;
struct actor {
  long steps = 0;
  void step() {
    if (current != this)
      return;
    ++steps;
  }
};
void current_ok() {
  actor one;
  current = &one;
  std::thread other([&] { one.step(); });
  one.step();
  other.join();
}

// All others do it.
std::thread::id first;
long others;
void other_than_first() {
  if (std::this_thread::get_id() != first)
    ++others; // expected-warning {{'others' is written here by several threads at the same time}}
}
void other_bad() {
  first = std::this_thread::get_id();
  std::thread a(other_than_first), b(other_than_first);
  a.join();
  b.join();
}

// Behind the branch all do it again.
long behind;
void behind_branch() {
  static std::atomic<long> mine;
  if (std::this_thread::get_id() == first)
    ++mine;
  ++behind; // expected-warning {{'behind' is written here by several threads at the same time}}
}
void behind_bad() {
  std::thread a(behind_branch), b(behind_branch);
  a.join();
  b.join();
}

SCENARIO_MAIN(SCENARIO(sent_ok), SCENARIO(compared_ok), SCENARIO(current_ok), SCENARIO(other_bad),
              SCENARIO(behind_bad))
