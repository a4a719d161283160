// RUN: %heddle_verify --checks=blocking-while-locked %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %deadlock_found %t join_needs_lock_bad
// RUN: %deadlock_found %t result_needs_lock_bad
// RUN: %deadlock_found %t member_join_bad
// RUN: %deadlock_found %t other_lock_bad
// RUN: %deadlock_found %t end_of_scope_bad
// RUN: %t ok

// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <semaphore>
#include <thread>

#include <sys/socket.h>
#include <sys/wait.h>

namespace {

using namespace std::chrono_literals;

std::mutex mutex;
int value;

// Not run: poll_bad, join_after_the_last_word_bad, accept_bad, child_bad, slot_bad, in_lambda_bad:
// whoever wants the lock only waits longer.
// [example: bad]
void poll_bad() {
  std::lock_guard<std::mutex> hold(mutex);
  while (value == 0)
    std::this_thread::sleep_for(10ms); // expected-warning {{this sleeps while 'mutex' is held; whoever wants the lock waits as long}}
}

void join_needs_lock_bad() {
  std::thread worker([] {
    std::this_thread::sleep_for(50ms);
    std::lock_guard<std::mutex> hold(mutex);
    ++value;
  });
  std::lock_guard<std::mutex> hold(mutex);
  worker.join(); // expected-warning {{this waits for a thread to end while 'mutex' is held, and the lambda at line 41 needs that lock before it gets there: neither goes on}}
}
// [end]

// The lock was needed before the last word, and is given back behind it.
void join_after_the_last_word_bad() {
  bool done = false;
  std::condition_variable said;
  std::thread worker([&] {
    std::lock_guard<std::mutex> hold(mutex);
    done = true;
    said.notify_one();
  });
  std::unique_lock<std::mutex> hold(mutex);
  said.wait(hold, [&] { return done; });
  worker.join(); // expected-warning {{this waits for a thread to end while 'mutex' is held; whoever wants the lock waits as long}}
}

void result_needs_lock_bad() {
  std::unique_lock<std::mutex> hold(mutex);
  std::future<int> result = std::async(std::launch::async, [] {
    std::lock_guard<std::mutex> inner(mutex);
    return value;
  });
  value = result.get(); // expected-warning {{this waits for the result of a task while 'mutex' is held, and the lambda at line 67 needs that lock before it gets there: neither goes on}}
}

class Worker {
public:
  void start() {
    thread = std::thread([this] { run(); });
  }
  void stop() {
    std::lock_guard<std::mutex> hold(state_lock);
    stopping = true;
    thread.join(); // expected-warning {{this waits for a thread to end while 'state_lock' is held, and 'Worker::run' needs that lock before it gets there: neither goes on}}
  }

private:
  void run() {
    std::this_thread::sleep_for(50ms);
    for (bool done = false; !done;) {
      std::lock_guard<std::mutex> hold(state_lock);
      done = stopping;
    }
  }
  std::mutex state_lock;
  bool stopping = false;
  std::thread thread;
};

void member_join_bad() {
  Worker worker;
  worker.start();
  worker.stop();
}

std::mutex config_lock;
std::condition_variable changed;

// The condition gives its own lock back, and no other.
void wait_for_change() {
  std::unique_lock<std::mutex> hold(mutex);
  changed.wait(hold, [] { return value != 0; });
}

void other_lock_bad() {
  std::thread changer([] {
    std::this_thread::sleep_for(50ms);
    std::lock_guard<std::mutex> config(config_lock);
    std::lock_guard<std::mutex> hold(mutex);
    value = 1;
    changed.notify_all();
  });
  {
    std::lock_guard<std::mutex> config(config_lock);
    wait_for_change(); // expected-warning {{this call of 'wait_for_change' waits for a condition while 'config_lock' is held; whoever wants the lock waits as long}}
  }
  changer.join();
}

void end_of_scope_bad() {
  std::lock_guard<std::mutex> hold(mutex);
  std::jthread worker([] {
    std::lock_guard<std::mutex> inner(mutex);
    ++value;
  });
} // expected-warning {{this waits for the end of a task while 'mutex' is held, and the lambda at line 130 needs that lock before it gets there: neither goes on}}

void accept_bad(int socket) {
  std::lock_guard<std::mutex> hold(mutex);
  value = accept(socket, nullptr, nullptr); // expected-warning {{this waits for a connection while 'mutex' is held}}
}

void child_bad(int child) {
  mutex.lock();
  int status = 0;
  waitpid(child, &status, 0); // expected-warning {{this waits for a child process while 'mutex' is held}}
  mutex.unlock();
}

std::counting_semaphore<4> slots(4);

template <typename Lock> void slot_bad(Lock &lock) {
  std::lock_guard<Lock> hold(lock);
  slots.acquire(); // expected-warning {{this waits for a semaphore while 'mutex' is held}}
}

void in_lambda_bad() {
  auto refresh = [] {
    std::lock_guard<std::mutex> hold(mutex);
    std::this_thread::sleep_for(1ms); // expected-warning {{this sleeps while 'mutex' is held}}
  };
  refresh();
  slot_bad(mutex);
}

// [example: good]
void poll_ok() {
  for (int i = 0; i < 3; ++i) {
    {
      std::lock_guard<std::mutex> hold(mutex);
      if (value != 0)
        return;
    }
    std::this_thread::sleep_for(1ms);
  }
}

void join_outside_ok() {
  std::thread worker([] {
    std::lock_guard<std::mutex> hold(mutex);
    ++value;
  });
  {
    std::lock_guard<std::mutex> hold(mutex);
    ++value;
  }
  worker.join();
}
// [end]

void own_lock_ok() {
  std::thread changer([] {
    std::lock_guard<std::mutex> hold(mutex);
    value = 1;
    changed.notify_all();
  });
  wait_for_change();
  changer.join();
}

void unlocked_before_ok() {
  std::unique_lock<std::mutex> hold(mutex);
  ++value;
  hold.unlock();
  std::this_thread::sleep_for(1ms);
  hold.lock();
  ++value;
}

void deferred_ok() {
  std::unique_lock<std::mutex> hold(mutex, std::defer_lock);
  std::this_thread::sleep_for(1ms);
}

void timed_wait_ok() {
  std::lock_guard<std::mutex> config(config_lock);
  std::unique_lock<std::mutex> hold(mutex);
  changed.wait_for(hold, 1ms);
}

// Who is given a guard gives that one back.
void helper(std::unique_lock<std::mutex> &hold) { changed.wait_for(hold, 1ms); }
void forever(std::unique_lock<std::mutex> &hold) { changed.wait(hold, [] { return value != 0; }); }

void through_helper_ok() {
  std::unique_lock<std::mutex> hold(mutex);
  value = 1;
  helper(hold);
  forever(hold);
}

void started_under_lock_ok() {
  std::thread worker;
  {
    std::lock_guard<std::mutex> hold(mutex);
    worker = std::thread([] { std::this_thread::sleep_for(1ms); });
  }
  worker.join();
}

void moved_out_ok() {
  static std::thread worker;
  worker = std::thread([] { std::lock_guard<std::mutex> hold(mutex); });
  std::thread mine;
  {
    std::lock_guard<std::mutex> hold(mutex);
    mine = std::move(worker);
  }
  mine.join();
}

void tried_ok() {
  std::lock_guard<std::mutex> hold(mutex);
  if (slots.try_acquire())
    slots.release();
}

void without_wait_ok() {
  std::lock_guard<std::mutex> hold(mutex);
  std::future<int> result;
  if (result.valid() && result.wait_for(0s) == std::future_status::ready)
    ++value;
}

} // namespace

SCENARIO_MAIN(SCENARIO(poll_bad), SCENARIO(join_needs_lock_bad), SCENARIO(join_after_the_last_word_bad), SCENARIO(result_needs_lock_bad),
              SCENARIO(member_join_bad), SCENARIO(other_lock_bad), SCENARIO(end_of_scope_bad),
              SCENARIO(in_lambda_bad), SCENARIO(poll_ok), SCENARIO(join_outside_ok),
              SCENARIO(own_lock_ok), SCENARIO(unlocked_before_ok), SCENARIO(deferred_ok),
              SCENARIO(timed_wait_ok), SCENARIO(through_helper_ok),
              SCENARIO(started_under_lock_ok), SCENARIO(moved_out_ok), SCENARIO(tried_ok),
              SCENARIO(without_wait_ok))
