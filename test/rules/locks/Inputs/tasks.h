// Coroutine types for tests: tasks that start when they are awaited, tasks that start at once, and
// a queue of suspended coroutines.
#ifndef HEDDLE_TEST_RULES_LOCKS_TASKS_H
#define HEDDLE_TEST_RULES_LOCKS_TASKS_H

#include <coroutine>
#include <deque>
#include <exception>
#include <iterator>
#include <utility>

/// Coroutines that wait for their turn.
inline std::deque<std::coroutine_handle<>> suspended;

/// Puts the coroutine at the end of the queue.
struct yield_turn {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) const { suspended.push_back(self); }
  int await_resume() const noexcept { return 0; }
};

inline void run_all() {
  while (!suspended.empty()) {
    auto next = suspended.front();
    suspended.pop_front();
    next.resume();
  }
}

/// Starts when it is awaited.
class task {
public:
  struct promise_type {
    std::coroutine_handle<> waiting = std::noop_coroutine();
    int value = 0;
    task get_return_object() {
      return task(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    struct last {
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
        return self.promise().waiting;
      }
      void await_resume() const noexcept {}
    };
    last final_suspend() const noexcept { return {}; }
    void return_value(int v) { value = v; }
    void unhandled_exception() { std::terminate(); }
  };

  explicit task(std::coroutine_handle<promise_type> h) : handle_(h) {}
  task(task &&other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  task &operator=(task &&other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~task() {
    if (handle_)
      handle_.destroy();
  }
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) {
    handle_.promise().waiting = waiting;
    return handle_;
  }
  int await_resume() { return handle_.promise().value; }
  /// Runs it here, until it is done.
  int get() {
    handle_.resume();
    run_all();
    return handle_.promise().value;
  }

private:
  std::coroutine_handle<promise_type> handle_;
};

/// Starts at once, and belongs to nobody.
struct fire_and_forget {
  struct promise_type {
    fire_and_forget get_return_object() { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

/// Yields numbers.
class numbers {
public:
  struct promise_type {
    int current = 0;
    numbers get_return_object() {
      return numbers(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_always final_suspend() const noexcept { return {}; }
    std::suspend_always yield_value(int v) {
      current = v;
      return {};
    }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  struct iterator {
    std::coroutine_handle<promise_type> handle;
    int operator*() const { return handle.promise().current; }
    iterator &operator++() {
      handle.resume();
      return *this;
    }
    bool operator!=(std::default_sentinel_t) const { return !handle.done(); }
  };

  explicit numbers(std::coroutine_handle<promise_type> h) : handle_(h) {}
  numbers(numbers &&other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  ~numbers() {
    if (handle_)
      handle_.destroy();
  }
  iterator begin() {
    handle_.resume();
    return {handle_};
  }
  std::default_sentinel_t end() const { return {}; }

private:
  std::coroutine_handle<promise_type> handle_;
};

#endif
