// RUN: %heddle_verify --checks=thread-without-exit-path %s -- -std=c++20

// Threads that belong to an object, whose destructor joins them.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <queue>
#include <stop_token>
#include <thread>

void work();

class endless_poller_bad {
public:
  endless_poller_bad() : thread_([this] { run(); }) {}
  ~endless_poller_bad() { thread_.join(); }

private:
  void run() {
    while (true) // expected-warning {{never ends}}
      work();
  }
  std::thread thread_;
};

class endless_method {
public:
  void loop() {
    for (;;) // expected-warning {{never ends}}
      work();
  }
};

void pointer_to_member_bad() {
  endless_method object;
  std::thread worker(&endless_method::loop, &object);
  worker.join();
}

class started_later_bad {
public:
  void start() {
    thread_ = std::thread([this] {
      do { // expected-warning {{never ends}}
        ++rounds_;
      } while (true);
    });
  }
  ~started_later_bad() {
    if (thread_.joinable())
      thread_.join();
  }

private:
  std::atomic<int> rounds_ = 0;
  std::thread thread_;
};

struct endless_function_object {
  void operator()() const {
    while (true) // expected-warning {{never ends}}
      work();
  }
};

void function_object_bad() {
  std::thread worker(endless_function_object{});
  worker.join();
}

class poller_with_flag_ok {
public:
  poller_with_flag_ok() : thread_([this] { run(); }) {}
  ~poller_with_flag_ok() {
    stopping_ = true;
    thread_.join();
  }

private:
  void run() {
    while (!stopping_)
      work();
  }
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

class poller_with_token_ok {
private:
  void run(std::stop_token stop) {
    while (!stop.stop_requested())
      work();
  }
  std::jthread thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
};

class pool_ok {
public:
  pool_ok() : thread_(&pool_ok::run, this) {}
  ~pool_ok() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    condition_.notify_all();
    thread_.join();
  }

private:
  void run() {
    while (true) {
      std::unique_lock lock(mutex_);
      condition_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
      if (jobs_.empty())
        return; // closed and drained
      jobs_.pop();
    }
  }
  std::mutex mutex_;
  std::condition_variable condition_;
  std::queue<int> jobs_;
  bool closed_ = false;
  std::thread thread_;
};

class method_without_thread_ok {
public:
  void serve() {
    while (true)
      work();
  }
};
