// RUN: %heddle_verify --checks=empty-critical-section %s -- -std=c++20

// Sections with nothing in them, beside what they should guard; and those that wait for a holder.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

class journal {
public:
  void append(int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    entries_.push_back(value);
    ++count_;
  }
  int count() {
    std::lock_guard<std::mutex> lock(mutex_);
    return count_;
  }
  void append_bad(int value) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
    } // expected-warning@-1 {{'mutex_' is locked and unlocked with nothing in between: it does not guard 'entries_' behind it}}
    entries_.push_back(value);
  }
  void count_bad() {
    mutex_.lock(); // expected-warning {{does not guard 'count_' behind it}}
    mutex_.unlock();
    ++count_;
  }
  void unnamed_bad() {
    std::lock_guard<std::mutex>{mutex_}; // expected-warning {{does not guard 'count_' behind it}}
    ++count_;
  }
  void clear_bad() {
    {
      std::scoped_lock lock(mutex_);
    } // expected-warning@-1 {{does not guard 'count_' behind it}}
    count_ = 0;
  }

  void clear_ok() {
    std::lock_guard<std::mutex> lock(mutex_);
    entries_.clear();
    count_ = 0;
  }
  void stop_ok() {
    stopped_ = true;
    {
      std::lock_guard<std::mutex> lock(mutex_);
    }
    changed_.notify_all();
  }
  void wait_for_holder_ok() {
    mutex_.lock();
    mutex_.unlock();
  }
  void other_lock_ok() {
    std::lock_guard<std::mutex> lock(mutex_);
    {
      std::lock_guard<std::mutex> inner(other_);
    }
    ++count_;
  }
  void locked_again_ok() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
    }
    std::lock_guard<std::mutex> lock(mutex_);
    ++count_;
  }
  void own_data_ok() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
    }
    ++unguarded_;
  }
  void deferred_ok() {
    {
      std::unique_lock<std::mutex> lock(mutex_, std::defer_lock);
    }
    ++unguarded_;
  }
  ~journal() {
    mutex_.lock();
    mutex_.unlock();
  }

private:
  std::mutex mutex_, other_;
  std::condition_variable changed_;
  std::vector<int> entries_;
  int count_ = 0, unguarded_ = 0;
  std::atomic<bool> stopped_{false};
};

std::mutex m;
int counter;

// [example: good]
void increment() {
  std::lock_guard<std::mutex> lock(m);
  ++counter;
}
// [end]

int read_counter() {
  std::lock_guard<std::mutex> lock(m);
  return counter;
}

// [example: bad]
void global_bad() {
  m.lock(); // expected-warning {{'m' is locked and unlocked with nothing in between: it does not guard 'counter' behind it}}
  m.unlock();
  ++counter;
}
// [end]

void lambda_bad() {
  std::thread([] {
    {
      std::lock_guard<std::mutex> lock(m);
    } // expected-warning@-1 {{does not guard 'counter' behind it}}
    ++counter;
  }).join();
}

template <typename Mutex> void sync_ok(Mutex &mutex) {
  mutex.lock();
  mutex.unlock();
}

void template_ok() { sync_ok(m); }

void callee_ok() {
  {
    std::lock_guard<std::mutex> lock(m);
  }
  increment();
}
