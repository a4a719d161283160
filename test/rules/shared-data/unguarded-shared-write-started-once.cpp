// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t each_bad
// RUN: %race_found %t dropped_bad
// RUN: %race_found %t read_bad
// RUN: %t ok

// Threads that are started where several others come by, but once or one at a time.
#include "../scenarios.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <vector>

void two(void (*function)()) {
  std::thread one(function), other(function);
  one.join();
  other.join();
}

// The first who asks for the object makes it.
class logger {
public:
  static logger &get() {
    static logger all;
    return all;
  }
  void log(int line) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      lines_.push_back(line);
    }
    changed_.notify_one();
  }

private:
  logger() : thread_([this] { run(); }) {}
  ~logger() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stop_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return stop_ || !lines_.empty(); });
      if (lines_.empty())
        return;
      written_.swap(lines_);
      lock.unlock();
      written_.clear(); // the thread's own
      lock.lock();
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> lines_, written_;
  bool stop_ = false;
  std::thread thread_;
};
void singleton_ok() {
  two([] { logger::get().log(1); });
}

// By what lets one thread through.
std::vector<long> own;
void work() {
  for (int i = 0; i < 9; ++i)
    own.push_back(i);
}
std::thread worker;
void finish() {
  if (worker.joinable())
    worker.join();
  own.clear();
}

void called_once() {
  static std::once_flag once;
  std::call_once(once, [] { worker = std::thread(work); });
}
void called_once_ok() {
  two(called_once);
  finish();
}

void exchanged() {
  static std::atomic<bool> started = false;
  if (started.exchange(true))
    return;
  worker = std::thread(work);
}
void exchanged_ok() {
  two(exchanged);
  finish();
}

void flagged() {
  static std::mutex mutex;
  static bool started = false;
  std::lock_guard<std::mutex> lock(mutex);
  if (!started) {
    started = true;
    worker = std::thread(work);
  }
}
void flagged_ok() {
  two(flagged);
  finish();
}

std::vector<long> posted;
void *post(void *unused) {
  for (int i = 0; i < 9; ++i)
    posted.push_back(i);
  return unused;
}
pthread_t poster;
void start_poster() { pthread_create(&poster, nullptr, post, nullptr); }
void started_once() {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, start_poster);
}
void started_once_ok() {
  two(started_once);
  pthread_join(poster, nullptr);
  posted.clear();
}

// The first who has something to do starts it.
class writer {
public:
  ~writer() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stop_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable())
      thread_.join();
  }
  void post(int item) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!thread_.joinable())
      thread_ = std::thread(&writer::run, this);
    items_.push_back(item);
    changed_.notify_one();
  }

private:
  void run() {
    for (;;) {
      int item;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        changed_.wait(lock, [this] { return stop_ || !items_.empty(); });
        if (items_.empty())
          return;
        item = items_.front();
        items_.pop_front();
      }
      own_.push_back(item);
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<int> items_;
  bool stop_ = false;
  std::vector<int> own_;
  std::thread thread_;
};
void lazily_ok() {
  writer one;
  std::thread first([&] { one.post(1); }), second([&] { one.post(2); });
  first.join();
  second.join();
}

// One for each who comes by.
std::vector<long> shared;
void add() {
  for (int i = 0; i < 1000; ++i)
    // expected-warning@+1 {{'shared' is written here by several threads at the same time}}
    shared.push_back(i);
}
void each() {
  std::thread mine(add);
  mine.join();
}
void each_bad() { two(each); }

// The handle is free again while the thread goes on.
std::vector<long> dropped;
std::thread helper;
void help() {
  for (int i = 0; i < 1000; ++i)
    // expected-warning@+1 {{'dropped' is written here by several threads at the same time}}
    dropped.push_back(i);
}
void start_helper() {
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  helper = std::thread(help);
  helper.detach();
}
void dropped_bad() {
  two(start_helper);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

// There is one, but others look at what it does.
std::vector<long> looked_at;
void fill() {
  for (int i = 0; i < 1000; ++i)
    // expected-warning@+1 {{'looked_at' is written here while another thread}}
    looked_at.push_back(i);
}
void ensure_filled() {
  static std::once_flag once;
  std::call_once(once, [] { worker = std::thread(fill); });
  if (looked_at.empty())
    std::this_thread::yield();
}
void read_bad() {
  two(ensure_filled);
  worker.join();
}

SCENARIO_MAIN(SCENARIO(singleton_ok), SCENARIO(called_once_ok), SCENARIO(exchanged_ok),
              SCENARIO(flagged_ok), SCENARIO(started_once_ok), SCENARIO(lazily_ok),
              SCENARIO(each_bad), SCENARIO(dropped_bad), SCENARIO(read_bad))
