// RUN: %heddle_verify --checks=relaxed-publication %s -- -std=c++20
// clang-format off: expectations stand on their lines

// Without a thread in sight: one side orders what comes with it, and the other side never does.
#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <thread>

template <class T, std::size_t N> class ring {
public:
  bool push_bad(const T &value) {
    auto tail = tail_.load(std::memory_order_relaxed);
    auto next = (tail + 1) % N;
    if (next == head_.load(std::memory_order_acquire))
      return false;
    slots_[tail] = value;
    tail_.store(next, std::memory_order_relaxed); // expected-warning {{'tail_' is stored with relaxed order: who sees it need not see 'slots_' as it was left before}}
    return true;
  }
  bool pop(T &value) {
    auto head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_acquire))
      return false;
    value = slots_[head];
    head_.store((head + 1) % N, std::memory_order_release);
    return true;
  }

private:
  std::array<T, N> slots_{};
  std::atomic<std::size_t> head_{0}, tail_{0};
};
bool use(ring<int, 8> &some, int &value) { return some.push_bad(1) && some.pop(value); }

class whole_ring_ok {
public:
  bool push(int value) {
    auto tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_acquire) == 8)
      return false;
    slots_[tail % 8] = value;
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }
  bool pop(int &value) {
    auto head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_acquire))
      return false;
    value = slots_[head % 8];
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

private:
  std::array<int, 8> slots_{};
  std::atomic<std::size_t> head_{0}, tail_{0};
};

class result_bad {
public:
  void finish(int value) {
    value_ = value;
    done_.store(true, std::memory_order_release);
  }
  int get() const {
    while (!done_.load(std::memory_order_relaxed)) // expected-warning {{'done_' is read with relaxed order: who sees it need not see 'value_' as it was left before the store}}
      std::this_thread::yield();
    return value_;
  }

private:
  int value_ = 0;
  std::atomic<bool> done_{false};
};

// Somewhere else the read is as it should be: the relaxed one may be the writer's own.
class own_read_ok {
public:
  void finish(int value) {
    if (done_.load(std::memory_order_relaxed))
      return;
    value_ = value;
    done_.store(true, std::memory_order_release);
  }
  int get() const { return done_.load(std::memory_order_acquire) ? value_ : -1; }

private:
  int value_ = 0;
  std::atomic<bool> done_{false};
};

class exchange_lock_bad {
public:
  void lock() {
    while (busy_.exchange(true, std::memory_order_acquire))
      std::this_thread::yield();
  }
  void unlock() { busy_.store(false, std::memory_order_relaxed); } // expected-warning {{'busy_' is given back with relaxed order: who takes it next need not see what was done while it was held}}

private:
  std::atomic<bool> busy_{false};
};

class compare_lock_bad {
public:
  void lock() {
    for (int free = 0; !owner_.compare_exchange_weak(free, 1, std::memory_order_acquire, std::memory_order_relaxed); free = 0)
      std::this_thread::yield();
  }
  void unlock() { owner_.store(0, std::memory_order_relaxed); } // expected-warning {{'owner_' is given back with relaxed order}}

private:
  std::atomic<int> owner_{0};
};

class exchange_lock_ok {
public:
  void lock() {
    while (busy_.exchange(true, std::memory_order_acquire))
      while (busy_.load(std::memory_order_relaxed))
        std::this_thread::yield();
  }
  void unlock() { busy_.store(false, std::memory_order_release); }

private:
  std::atomic<bool> busy_{false};
};

class lock_without_orders_ok {
public:
  void lock() {
    while (busy_.exchange(true, std::memory_order_acquire))
      std::this_thread::yield();
  }
  void unlock() { busy_ = false; }
  void reset() { busy_.store(false, std::memory_order_relaxed); }

private:
  std::atomic<bool> busy_{false};
};

class fenced_lock_ok {
public:
  void lock() {
    while (busy_.exchange(true, std::memory_order_acquire))
      std::this_thread::yield();
  }
  void unlock() {
    std::atomic_thread_fence(std::memory_order_release);
    busy_.store(false, std::memory_order_relaxed);
  }

private:
  std::atomic<bool> busy_{false};
};

// Nothing comes with the flag.
class stop_ok {
public:
  void stop() { stopped_.store(true, std::memory_order_relaxed); }
  void run() {
    while (!stopped_.load(std::memory_order_acquire))
      ++rounds_;
  }

private:
  long rounds_ = 0;
  std::atomic<bool> stopped_{false};
};

// A lock orders the data.
class locked_data_ok {
public:
  void finish(int value) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      value_ = value;
    }
    done_.store(true, std::memory_order_relaxed);
  }
  int get() {
    if (!done_.load(std::memory_order_acquire))
      return -1;
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  std::mutex mutex_;
  int value_ = 0;
  std::atomic<bool> done_{false};
};

// What is read was not written before the store.
class other_data_ok {
public:
  void finish() {
    done_.store(true, std::memory_order_relaxed);
    ++finished_;
  }
  int get() const { return done_.load(std::memory_order_acquire) ? limit_ : -1; }

private:
  int finished_ = 0, limit_ = 3;
  std::atomic<bool> done_{false};
};

// The data lies in another object that the functions are given: the thread's own.
struct flagged_ok {
  std::atomic<bool> taken{false};
};

struct handle_ok {
  flagged_ok *of = nullptr;
};

void take_ok(flagged_ok &lock, handle_ok &own) {
  own.of = &lock;
  lock.taken.store(true, std::memory_order_relaxed);
}

void look_ok(flagged_ok &lock, handle_ok &own) {
  if (lock.taken.load(std::memory_order_acquire))
    own.of = &lock;
}
