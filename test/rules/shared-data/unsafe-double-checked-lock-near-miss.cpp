// RUN: %heddle_verify --checks=unsafe-double-checked-lock %s -- -std=c++20
// expected-no-diagnostics

// Two tests that are no double-checked locking, and double-checked locking that is right.
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>

struct table {
  int size = 7;
};

std::mutex mutex;
std::mutex outer_mutex;

thread_local table *own;

table *thread_local_ok() {
  if (!own) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (!own)
      own = new table;
  }
  return own;
}

std::atomic<table *> fenced{nullptr};

table *fences_ok() {
  table *found = fenced.load(std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_acquire);
  if (!found) {
    const std::lock_guard<std::mutex> lock(mutex);
    found = fenced.load(std::memory_order_relaxed);
    if (!found) {
      found = new table;
      std::atomic_thread_fence(std::memory_order_release);
      fenced.store(found, std::memory_order_relaxed);
    }
  }
  return found;
}

std::atomic<int> number{0};

// The number stands for nothing but itself.
int relaxed_number_ok(int (*compute)()) {
  if (number.load(std::memory_order_relaxed) == 0) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (number.load(std::memory_order_relaxed) == 0)
      number.store(compute(), std::memory_order_relaxed);
  }
  return number.load(std::memory_order_relaxed);
}

table *under_outer;

table *make_under_outer_ok() {
  if (!under_outer) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (!under_outer)
      under_outer = new table;
  }
  return under_outer;
}

// Every caller holds the lock that keeps the others out.
table *caller_locks_ok() {
  const std::lock_guard<std::mutex> lock(outer_mutex);
  return make_under_outer_ok();
}

table *both_under_outer;

table *outer_lock_ok() {
  const std::lock_guard<std::mutex> outer(outer_mutex);
  if (!both_under_outer) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (!both_under_outer)
      both_under_outer = new table;
  }
  return both_under_outer;
}

int level;

// Different questions: the second test is not the first one again.
void other_value_ok() {
  const std::lock_guard<std::mutex> outer(outer_mutex);
  if (level == 0) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (level == 1)
      level = 2;
  }
}

std::condition_variable arrived_changed;
bool arrived;

void wait_ok() {
  std::unique_lock<std::mutex> lock(mutex);
  while (!arrived)
    arrived_changed.wait(lock);
}

void arrive_ok() {
  const std::lock_guard<std::mutex> lock(mutex);
  if (!arrived) {
    arrived = true;
    arrived_changed.notify_all();
  }
}

class session {
public:
  session() {
    // Nobody else knows the object yet.
    if (!table_) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!table_)
        table_ = new table;
    }
  }
  ~session() {
    if (table_) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (table_) {
        delete table_;
        table_ = nullptr;
      }
    }
  }

  // The first test asks about something else.
  void other_variable_ok(bool wanted) {
    if (!wanted_) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!opened_)
        opened_ = wanted;
    }
  }

  // Locked for the first test, dropped, locked again for the second: two guarded tests.
  void guarded_twice_ok() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (guarded_)
        return;
    }
    auto *made = new table;
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!guarded_)
      guarded_ = made;
    else
      delete made;
  }

  table *atomic_ok() {
    if (!published_) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!published_)
        published_ = new table;
    }
    return published_;
  }

  // The answer comes out of an acquire load.
  void asked_ok() {
    if (!is_done()) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!is_done()) {
        count_ = 4;
        done_.store(true, std::memory_order_release);
      }
    }
  }

private:
  bool is_done() const { return done_.load(std::memory_order_acquire); }

  std::mutex mutex_;
  table *table_ = nullptr;
  table *guarded_ = nullptr;
  std::atomic<table *> published_{nullptr};
  std::atomic<bool> done_{false};
  const bool wanted_ = false;
  bool opened_ = false;
  int count_ = 0;
};

void local_ok() {
  table *made = nullptr;
  if (!made) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (!made)
      made = new table;
  }
  delete made;
}

int tries;

// Tested twice, written only when neither test decided it.
void written_behind_ok() {
  if (tries == 0) {
    const std::lock_guard<std::mutex> outer(outer_mutex);
  }
  const std::lock_guard<std::mutex> lock(mutex);
  tries = 5;
}

std::shared_ptr<table> shared;

std::shared_ptr<table> one_lock_ok() {
  const std::lock_guard<std::mutex> lock(mutex);
  if (!shared)
    shared = std::make_shared<table>();
  return shared;
}

void use_all(session &all) {
  all.other_variable_ok(true);
  all.guarded_twice_ok();
  all.atomic_ok();
  all.asked_ok();
}
