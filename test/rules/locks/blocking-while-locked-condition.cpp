// RUN: %heddle_verify --checks=blocking-while-locked %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %each_hangs %t log_first_bad log_first_then_gate_bad
// RUN: timeout 60 %t ok

// Conditions in classes of the project's own, which give back a lock that their user holds.

// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

class CondVar;

class Mutex {
public:
  void lock() { mutex.lock(); }
  void unlock() { mutex.unlock(); }

private:
  friend class CondVar;
  std::mutex mutex;
};

class CondVar {
public:
  explicit CondVar(Mutex *owner) : owner(owner) {}
  void wait() {
    std::unique_lock<std::mutex> hold(owner->mutex, std::adopt_lock);
    condition.wait(hold);
    hold.release();
  }
  void signal() { condition.notify_one(); }

private:
  std::condition_variable condition;
  Mutex *const owner;
};

class Queue {
public:
  Queue() : filled(&mutex) {}
  int pop_ok() {
    mutex.lock();
    while (count == 0)
      filled.wait();
    int result = --count;
    mutex.unlock();
    return result;
  }
  void push_ok() {
    mutex.lock();
    ++count;
    filled.signal();
    mutex.unlock();
  }

private:
  Mutex mutex;
  CondVar filled;
  int count = 0;
};

class Gate {
public:
  void await_open_ok() {
    std::unique_lock<std::mutex> hold(mutex);
    await_locked(hold);
  }
  void open() {
    std::lock_guard<std::mutex> hold(mutex);
    is_open = true;
    opened.notify_all();
  }
  void await_with_log_bad() {
    std::lock_guard<std::mutex> logging(log_mutex);
    await_open_ok(); // expected-warning {{this call of 'Gate::await_open_ok' waits for a condition while 'log_mutex' is held}}
  }
  void await_both_bad() {
    std::lock_guard<std::mutex> logging(log_mutex);
    std::unique_lock<std::mutex> hold(mutex);
    await_locked(hold); // expected-warning {{this call of 'Gate::await_locked' waits for a condition while 'log_mutex' is held}}
  }
  void log() { std::lock_guard<std::mutex> logging(log_mutex); }
  bool is_logging() {
    if (!log_mutex.try_lock())
      return true;
    log_mutex.unlock();
    return false;
  }

private:
  void await_locked(std::unique_lock<std::mutex> &hold) {
    while (!is_open)
      opened.wait(hold);
  }
  std::mutex mutex, log_mutex;
  std::condition_variable opened;
  bool is_open = false;
};

// Given back for a while, in a helper as well.
class ScopeUnlock {
public:
  explicit ScopeUnlock(std::mutex &held) : mutex(held) { mutex.unlock(); }
  ~ScopeUnlock() { mutex.lock(); }

private:
  std::mutex &mutex;
};

class Player {
public:
  void run_ok() {
    std::unique_lock<std::mutex> hold(mutex);
    while (playing) {
      flush();
      const ScopeUnlock unlock(mutex);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  void stop() {
    std::lock_guard<std::mutex> hold(mutex);
    playing = false;
  }

private:
  void flush() {
    const ScopeUnlock unlock(mutex);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  std::mutex mutex;
  bool playing = true;
};

// Who would open the gate waits for the log, which the waiter has.
void log_first_bad() {
  Gate gate;
  std::thread waiter([&] { gate.await_with_log_bad(); });
  while (!gate.is_logging())
    std::this_thread::yield();
  gate.log();
  gate.open();
  waiter.join();
}

void log_first_then_gate_bad() {
  Gate gate;
  std::thread waiter([&] { gate.await_both_bad(); });
  while (!gate.is_logging())
    std::this_thread::yield();
  gate.log();
  gate.open();
  waiter.join();
}

void log_first_ok() {
  Gate gate;
  std::thread waiter([&] { gate.await_open_ok(); });
  gate.log();
  gate.open();
  waiter.join();
}

void queue_ok() {
  Queue queue;
  std::thread popper([&] { queue.pop_ok(); });
  queue.push_ok();
  popper.join();
}

void player_ok() {
  Player player;
  std::thread thread([&] { player.run_ok(); });
  player.stop();
  thread.join();
}

SCENARIO_MAIN(SCENARIO(log_first_bad), SCENARIO(log_first_then_gate_bad), SCENARIO(log_first_ok), SCENARIO(queue_ok), SCENARIO(player_ok))
