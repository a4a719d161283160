// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx -DWITH_CALLERS %s -o %t
// RUN: %race_found %t stopped_by_destructor_bad
// RUN: %race_found %t started_and_stopped_bad
// RUN: %race_found %t with_setter_bad
// RUN: %t ok
// clang-format off: expectations stand on their lines

// Threads that one member function starts and another one joins, with no object of the class in
// sight.
#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

void work();

class stopped_by_destructor {
public:
  stopped_by_destructor() : thread_([this] { while (!stop_) work(); }) {}
  ~stopped_by_destructor() {
    stop_ = true; // expected-warning {{'stop_' is written here while another thread reads it; neither holds a lock}}
    thread_.join();
  }

private:
  bool stop_ = false;
  std::thread thread_;
};

class started_and_stopped {
public:
  void start() {
    rounds_ = 0;
    thread_ = std::thread([this] {
      for (;; ++rounds_) // expected-warning {{'rounds_' is written here while another thread reads it; neither holds a lock}}
        if (work(); stop_) return;
    });
  }
  int stop() {
    int so_far = rounds_;
    stop_ = true; // expected-warning {{'stop_' is written here while another thread reads it; neither holds a lock}}
    thread_.join();
    return so_far;
  }

private:
  int rounds_ = 0;
  bool stop_ = false;
  std::thread thread_;
};

class several {
public:
  explicit several(int n) {
    for (int i = 0; i < n; ++i)
      threads_.emplace_back([this] { while (!stop_) work(); });
  }
  ~several() {
    stop_ = true; // expected-warning {{'stop_' is written here while another thread reads it; neither holds a lock}}
    for (std::thread &each : threads_)
      each.join();
  }

private:
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

class with_setter {
public:
  with_setter() : thread_([this] { while (!stop_) pause_for(interval_); }) {}
  ~with_setter() {
    stop_ = true;
    thread_.join();
  }
  void set_interval(int interval) {
    interval_ = interval; // expected-warning {{'interval_' is written here while another thread reads it; neither holds a lock}}
  }

private:
  static void pause_for(int interval);
  int interval_ = 1;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

class joins_itself {
public:
  joins_itself() : thread_([this](const std::stop_token &token) {
    while (!token.stop_requested())
      ++rounds_; // expected-warning {{'rounds_' is written here while another thread reads it; neither holds a lock}}
  }) {}
  int rounds() const { return rounds_; }

private:
  int rounds_ = 0;
  std::jthread thread_;
};

// What is right.

class atomic_flag_ok {
public:
  atomic_flag_ok() : thread_([this] { while (!stop_) work(); }) {}
  ~atomic_flag_ok() { stop_ = true; thread_.join(); }

private:
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

class after_the_join_ok {
public:
  void start() { thread_ = std::thread([this] { result_ = 1; }); }
  int stop() {
    thread_.join();
    return result_++;
  }

private:
  int result_ = 0;
  std::thread thread_;
};

class not_started_ok {
public:
  void start() { thread_ = std::thread([this] { result_ = 1; }); }
  void stop() {
    if (!thread_.joinable()) {
      result_ = 2;
      return;
    }
    thread_.join();
    result_ = 3;
  }

private:
  int result_ = 0;
  std::thread thread_;
};

class guarded_ok {
public:
  guarded_ok() : thread_([this] { run(); }) {}
  ~guarded_ok() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return stop_; });
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  std::thread thread_;
};

class result_after_future_ok {
public:
  result_after_future_ok() : done_(promise_.get_future()), thread_([this] {
    result_ = 1;
    promise_.set_value();
  }) {}
  ~result_after_future_ok() { thread_.join(); }
  void wait() { done_.wait(); }
  int result() const { return result_; } // after wait()

private:
  int result_ = 0;
  std::promise<void> promise_;
  std::future<void> done_;
  std::thread thread_;
};

class public_join_ok {
public:
  public_join_ok() : thread_([this] { result_ = 1; }) {}
  void join() { thread_.join(); }
  int result() const { return result_; } // after join()

private:
  int result_ = 0;
  std::thread thread_;
};

class waits_for_the_start_ok {
public:
  waits_for_the_start_ok() : thread_([this] {
    go_.get_future().wait();
    use(factor_);
  }) {}
  ~waits_for_the_start_ok() { thread_.join(); }
  void set_factor(int factor) { factor_ = factor; }
  void start() { go_.set_value(); }

private:
  static void use(int factor);
  int factor_ = 1;
  std::promise<void> go_;
  std::thread thread_;
};

class other_objects_ok {
public:
  void start(other_objects_ok &other) { thread_ = std::thread([&other] { other.count_++; }); }
  void stop() {
    count_++;
    thread_.join();
  }

private:
  int count_ = 0;
  std::thread thread_;
};

// Who starts it by a call of its own has done this before.
class all_in_one_ok {
public:
  void run() {
    count_ = 1;
    start();
    thread_.join();
  }

private:
  void start() { thread_ = std::thread([this] { ++count_; }); }
  int count_ = 0;
  std::thread thread_;
};

#ifdef WITH_CALLERS
#include "../scenarios.h"

#include <chrono>

void work() { std::this_thread::yield(); }
std::atomic<int> paused = 0;
void with_setter::pause_for(int interval) { paused += interval; }
void waits_for_the_start_ok::use(int) {}

namespace {

void dawdle() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

void stopped_by_destructor_bad() {
  stopped_by_destructor one;
  dawdle();
}

void started_and_stopped_bad() {
  started_and_stopped one;
  one.start();
  dawdle();
  one.stop();
}

void with_setter_bad() {
  with_setter one;
  dawdle();
  one.set_interval(2);
}

void all_ok() {
  atomic_flag_ok flag;
  after_the_join_ok after;
  after.start();
  after.stop();
  guarded_ok guarded;
  result_after_future_ok result;
  result.wait();
  result.result();
  waits_for_the_start_ok waits;
  waits.set_factor(2);
  waits.start();
}

} // namespace

SCENARIO_MAIN(SCENARIO(stopped_by_destructor_bad), SCENARIO(started_and_stopped_bad),
              SCENARIO(with_setter_bad), SCENARIO(all_ok))
#endif
