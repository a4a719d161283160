// RUN: %heddle_verify --checks=relaxed-publication %s -- -std=c++20
// clang-format off: expectations stand on their lines

// Without a thread in sight: a pointer is read with acquire, and no store of it goes with that.
#include <atomic>
#include <mutex>
#include <string>

struct settings {
  std::string host;
  int port = 0;
};

class keeper {
public:
  void load_bad() {
    auto *fresh = new settings;
    fresh->host = "localhost";
    fresh->port = 80;
    current_.store(fresh, std::memory_order_relaxed); // expected-warning {{'current_' is stored with relaxed order: who follows the pointer need not see the object initialised}}
  }
  int port() const {
    const settings *now = current_.load(std::memory_order_acquire);
    return now ? now->port : -1;
  }

private:
  std::atomic<settings *> current_ = nullptr;
};

class released_ok {
public:
  void load() {
    auto *fresh = new settings;
    fresh->port = 80;
    current_.store(fresh, std::memory_order_release);
  }
  void clear() { current_.store(nullptr, std::memory_order_relaxed); }
  int port() const {
    const settings *now = current_.load(std::memory_order_acquire);
    return now ? now->port : -1;
  }

private:
  std::atomic<settings *> current_ = nullptr;
};

// Somewhere a store releases: the relaxed one may come before there are threads.
class first_relaxed_ok {
public:
  void set_up() { current_.store(new settings, std::memory_order_relaxed); }
  void replace(settings *fresh) { current_.store(fresh, std::memory_order_release); }
  int port() const { return current_.load(std::memory_order_acquire)->port; }

private:
  std::atomic<settings *> current_ = nullptr;
};

class constructed_ok {
public:
  constructed_ok() { current_.store(new settings, std::memory_order_relaxed); }
  int port() const { return current_.load(std::memory_order_acquire)->port; }

private:
  std::atomic<settings *> current_ = nullptr;
};

class fenced_ok {
public:
  void load() {
    auto *fresh = new settings;
    fresh->port = 80;
    std::atomic_thread_fence(std::memory_order_release);
    current_.store(fresh, std::memory_order_relaxed);
  }
  int port() const { return current_.load(std::memory_order_acquire)->port; }

private:
  std::atomic<settings *> current_ = nullptr;
};

class relaxed_on_both_sides_ok {
public:
  void set_up() { current_.store(new settings, std::memory_order_relaxed); }
  int port() const { return current_.load(std::memory_order_relaxed)->port; }

private:
  std::atomic<settings *> current_ = nullptr;
};

class under_a_lock_ok {
public:
  void load() {
    std::lock_guard<std::mutex> lock(mutex_);
    current_.store(new settings, std::memory_order_relaxed);
  }
  int port() {
    std::lock_guard<std::mutex> lock(mutex_);
    return current_.load(std::memory_order_acquire)->port;
  }

private:
  std::mutex mutex_;
  std::atomic<settings *> current_ = nullptr;
};
