// RUN: %heddle_verify --checks=unguarded-shared-write,inconsistent-guard %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t flag_without_lock_bad
// RUN: %race_found %t closed_without_lock_bad
// RUN: %t ok

// What a wait asks, it asks under its lock: before it waits for anything, and again afterwards.
#include "../scenarios.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <thread>

std::mutex mutex;
std::condition_variable changed;

bool ready = false;

void flag_without_lock_bad() {
  std::thread worker([] {
    ready = true; // expected-warning {{'ready' is written here while another thread reads it}}
    changed.notify_one();
  });
  {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [] { return ready; });
  }
  worker.join();
}

// The data is looked at only once the flag is found set, under the lock under which it was set.
bool published = false;
int result = 0;

void data_before_the_flag_ok() {
  std::thread worker([] {
    result = 4;
    {
      std::lock_guard<std::mutex> hold(mutex);
      published = true;
    }
    changed.notify_one();
  });
  {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [] { return published && result == 4; });
  }
  std::printf("%d\n", result);
  worker.join();
}

std::atomic<bool> finished = false;
int total = 0;

void atomic_flag_ok() {
  std::thread worker([] {
    total = 1;
    std::lock_guard<std::mutex> hold(mutex);
    finished = true;
    changed.notify_one();
  });
  {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [] { return finished.load(); });
    std::printf("%d\n", total);
  }
  worker.join();
}

void before_the_thread_ok() {
  bool set = true;
  std::thread worker([&] {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return set; });
  });
  worker.join();
  set = false;
}

void with_a_timeout_ok() {
  bool done = false;
  int found = 0;
  std::thread worker([&] {
    std::lock_guard<std::mutex> hold(mutex);
    found = 3;
    done = true;
    changed.notify_one();
  });
  {
    std::unique_lock<std::mutex> lock(mutex);
    if (changed.wait_for(lock, std::chrono::seconds(1), [&] { return done; }))
      std::printf("%d\n", found);
  }
  worker.join();
}

// A class promises that its members may be called by any thread.
template <typename Item> class queue_bad {
public:
  void put(Item item) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return items_.size() < 4 || closed_; });
    items_.push_back(item);
    changed_.notify_all();
  }
  bool get(Item &into) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return !items_.empty() || closed_; });
    if (items_.empty())
      return false;
    into = items_.front();
    items_.pop_front();
    changed_.notify_all();
    return true;
  }
  void close() {
    // expected-warning@+1 {{'closed_' is written here without 'mutex_', which guards it in the lambda}}
    closed_ = true;
    changed_.notify_all();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> items_;
  bool closed_ = false;
};

void closed_without_lock_bad() {
  queue_bad<int> queue;
  std::thread reader([&] {
    for (int item = 0; queue.get(item);)
      std::printf("%d\n", item);
  });
  queue.put(1);
  queue.close();
  reader.join();
}

// The same without threads in sight.
class latch_bad {
public:
  void wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    opened_.wait(lock, [this] { return open_; });
  }
  bool try_wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    return opened_.wait_for(lock, std::chrono::seconds(1), [this] { return open_; });
  }
  void open() {
    open_ = true; // expected-warning {{'open_' is written here without 'mutex_'}}
    opened_.notify_all();
  }

private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

class latch_ok {
public:
  void wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    opened_.wait(lock, [this] { return open_; });
  }
  void open() {
    {
      std::lock_guard<std::mutex> hold(mutex_);
      open_ = true;
    }
    opened_.notify_all();
  }

private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

SCENARIO_MAIN(SCENARIO(flag_without_lock_bad), SCENARIO(data_before_the_flag_ok),
              SCENARIO(atomic_flag_ok), SCENARIO(before_the_thread_ok), SCENARIO(with_a_timeout_ok),
              SCENARIO(closed_without_lock_bad))
