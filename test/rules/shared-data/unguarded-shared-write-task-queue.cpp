// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t tasks_bad
// RUN: %race_found %t giver_bad
// RUN: %race_found %t fields_bad
// RUN: %race_found %t optional_bad
// RUN: %race_found %t handler_bad
// RUN: %race_found %t feeder_bad
// RUN: %race_found %t hurried_bad
// RUN: %t ok

// Queues of tasks of the project's own, and handlers in members: what is put there runs in the
// threads that call what they find there.
#include "../scenarios.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

template <typename T> class blocking_queue {
public:
  void push(T item) {
    {
      std::lock_guard lock(mutex_);
      items_.push_back(std::move(item));
    }
    changed_.notify_one();
  }
  bool pop(T &item) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !items_.empty(); });
    if (items_.empty())
      return false;
    item = std::move(items_.front());
    items_.pop_front();
    return true;
  }
  std::optional<T> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !items_.empty(); });
    if (items_.empty())
      return std::nullopt;
    T item = std::move(items_.front());
    items_.pop_front();
    return item;
  }
  void close() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<T> items_;
  bool closed_ = false;
};

class pool {
public:
  explicit pool(size_t count) {
    for (size_t i = 0; i < count; ++i)
      threads_.emplace_back(&pool::run, this);
  }
  ~pool() {
    tasks_.close();
    for (std::thread &each : threads_)
      each.join();
  }
  void post(std::function<void()> task) {
    {
      std::lock_guard lock(idle_mutex_);
      ++pending_;
    }
    tasks_.push(std::move(task));
  }
  template <typename F> auto submit(F function) -> std::future<decltype(function())> {
    auto task = std::make_shared<std::packaged_task<decltype(function())()>>(std::move(function));
    auto result = task->get_future();
    post([task] { (*task)(); });
    return result;
  }
  void wait_idle() {
    std::unique_lock lock(idle_mutex_);
    idle_.wait(lock, [this] { return pending_ == 0; });
  }

private:
  void run() {
    std::function<void()> task;
    while (tasks_.pop(task)) {
      task();
      std::lock_guard lock(idle_mutex_);
      if (--pending_ == 0)
        idle_.notify_all();
    }
  }
  blocking_queue<std::function<void()>> tasks_;
  std::vector<std::thread> threads_;
  std::mutex idle_mutex_;
  std::condition_variable idle_;
  int pending_ = 0;
};

// Tasks of one pool run beside each other.
void tasks_bad() {
  int sum = 0;
  pool four(4);
  for (int i = 0; i < 1000; ++i)
    four.post([&sum, i] {
      sum += i; // expected-warning {{'sum' is written here by several threads at the same time}}
    });
}

// Who gives a task away goes on beside it.
void giver_bad() {
  int steps = 0;
  pool two(2);
  auto done = two.submit([&steps] {
    ++steps; // expected-warning {{'steps' is written here while another thread writes it}}
    return 1;
  });
  ++steps;
  done.get();
}

// With what belongs to the task, in a structure.
struct job {
  int priority = 0;
  std::function<void()> function;
};

class scheduler {
public:
  scheduler() {
    for (int i = 0; i < 3; ++i)
      threads_.emplace_back([this] { work(); });
  }
  ~scheduler() {
    {
      std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    for (std::thread &each : threads_)
      each.join();
  }
  void add(int priority, std::function<void()> function) {
    std::lock_guard lock(mutex_);
    jobs_.push_back(job{priority, std::move(function)});
    changed_.notify_one();
  }

private:
  void work() {
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
      if (jobs_.empty())
        return;
      job next = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      next.function();
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<job> jobs_;
  std::vector<std::thread> threads_;
  bool stop_ = false;
};

void fields_bad() {
  std::vector<int> order;
  scheduler jobs;
  for (int i = 0; i < 1000; ++i)
    // expected-warning@+1 {{'order' is written here by several threads at the same time}}
    jobs.add(i, [&order, i] { order.push_back(i); });
}

// Out of an optional.
void optional_bad() {
  int taken = 0;
  blocking_queue<std::function<void()>> tasks;
  auto work = [&tasks] {
    while (auto next = tasks.take())
      (*next)();
  };
  std::thread one(work), other(work);
  for (int i = 0; i < 1000; ++i)
    // expected-warning@+1 {{'taken' is written here by several threads at the same time}}
    tasks.push([&taken] { ++taken; });
  tasks.close();
  one.join();
  other.join();
}

class ticker {
public:
  std::function<void(int)> on_tick;
  void start() {
    thread_ = std::thread([this] {
      for (int i = 0; i < 1000; ++i)
        on_tick(i);
    });
  }
  void stop() { thread_.join(); }

private:
  std::thread thread_;
};

void handler_bad() {
  int last = 0;
  ticker clock;
  // expected-warning@+1 {{'last' is written here while another thread reads it}}
  clock.on_tick = [&last](int tick) { last = tick; };
  clock.start();
  int seen = last;
  clock.stop();
  printf("%d\n", seen);
}

// A thread that gives tasks to others.
static int fed;

void feeder_bad() {
  pool two(2);
  std::thread feeder([&two] {
    for (int i = 0; i < 1000; ++i)
      two.post([i] { fed += i; }); // expected-warning {{'fed' is written here by several threads}}
  });
  feeder.join();
}

// Near misses: one thread alone, ends of all tasks, locks.
void one_thread_ok() {
  int sum = 0;
  pool one(1);
  for (int i = 0; i < 9; ++i)
    one.post([&sum] { ++sum; });
  one.wait_idle();
  ++sum;
}

void waited_ok() {
  int sum = 0;
  {
    pool four(4);
    four.post([&sum] { ++sum; });
    four.wait_idle();
    ++sum;
    four.submit([&sum] { return ++sum; }).get();
    ++sum;
    four.post([&sum] { ++sum; });
  }
  ++sum;
}

void counted_ok() {
  int left = 2, one = 0, other = 0;
  std::mutex mutex;
  std::condition_variable done;
  pool two(2);
  auto finish = [&] {
    std::lock_guard lock(mutex);
    --left;
    done.notify_one();
  };
  two.post([&] {
    ++one;
    finish();
  });
  two.post([&] {
    ++other;
    finish();
  });
  std::unique_lock lock(mutex);
  done.wait(lock, [&left] { return left == 0; });
  printf("%d\n", one + other);
}

void locked_ok() {
  int sum = 0;
  std::mutex mutex;
  pool four(4);
  for (int i = 0; i < 9; ++i)
    four.post([&] {
      std::lock_guard lock(mutex);
      ++sum;
    });
}

// What only its tasks touch, which may give more of them.
class actor {
public:
  actor() : thread_([this] { run(); }) {}
  ~actor() {
    inbox_.close();
    thread_.join();
  }
  void add(int value) {
    inbox_.push([this, value] {
      sum_ += value;
      if (sum_ > 10)
        inbox_.push([this] { sum_ = 0; });
    });
  }
  void add_named(const char *name, int value) {
    push_named(name, [this, value] { sum_ += value; });
  }
  template <typename F> auto ask(F function) {
    auto answer = std::make_shared<std::promise<decltype(function())>>();
    auto result = answer->get_future();
    inbox_.push([answer, function = std::move(function)] { answer->set_value(function()); });
    return result.get();
  }
  int twice() {
    return ask([this] { return 2 * sum_; });
  }
  int sum() {
    std::promise<int> answer;
    inbox_.push([this, &answer] { answer.set_value(sum_); });
    return answer.get_future().get();
  }

private:
  // Within another closure, it is still one task of the thread.
  void push_named(const char *name, std::function<void()> task) {
    inbox_.push([name, task] {
      if (*name)
        task();
    });
  }
  void run() {
    std::function<void()> next;
    while (inbox_.pop(next)) {
      next();
      ++handled_;
    }
  }
  int sum_ = 0, handled_ = 0;
  blocking_queue<std::function<void()>> inbox_;
  std::thread thread_;
};

void actor_ok() {
  actor one;
  one.add(7);
  one.add(8);
  one.add_named("eight", 8);
  printf("%d %d\n", one.sum(), one.twice());
}

// Run by the thread that waits for them, whoever gives them.
void own_loop_ok() {
  std::mutex mutex;
  std::deque<std::function<void()>> todo;
  std::atomic<bool> done{false};
  int shown = 0;
  std::thread worker([&] {
    for (int i = 0; i < 9; ++i) {
      std::lock_guard lock(mutex);
      todo.push_back([&shown, i] { shown = i; });
    }
    done = true;
  });
  while (!done) {
    std::function<void()> next;
    {
      std::lock_guard lock(mutex);
      if (todo.empty())
        continue;
      next = std::move(todo.front());
      todo.pop_front();
    }
    next();
    ++shown;
  }
  worker.join();
}

// A queue for each thread.
class lane {
public:
  lane()
      : thread_([this] {
          std::function<void()> next;
          while (tasks_.pop(next))
            next();
        }) {}
  ~lane() {
    tasks_.close();
    thread_.join();
  }
  void post(std::function<void()> task) { tasks_.push(std::move(task)); }

private:
  blocking_queue<std::function<void()>> tasks_;
  std::thread thread_;
};

void lanes_ok() {
  int counts[4] = {}, first = 0, second = 0;
  std::vector<std::unique_ptr<lane>> lanes;
  for (int i = 0; i < 4; ++i)
    lanes.push_back(std::make_unique<lane>());
  for (int i = 0; i < 100; ++i)
    lanes[i % 4]->post([&counts, i] { ++counts[i % 4]; });
  lane one, two;
  one.post([&first] { ++first; });
  one.post([&first] { ++first; });
  two.post([&second] { ++second; });
}

// One after the other, on whichever thread of the pool.
class serial {
public:
  explicit serial(pool &threads) : threads_(threads) {}
  void post(std::function<void()> task) {
    std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    if (!running_) {
      running_ = true;
      threads_.post([this] { drain(); });
    }
  }

private:
  void drain() {
    for (;;) {
      std::function<void()> next;
      {
        std::lock_guard lock(mutex_);
        if (tasks_.empty()) {
          running_ = false;
          return;
        }
        next = std::move(tasks_.front());
        tasks_.pop_front();
      }
      next();
    }
  }
  pool &threads_;
  std::mutex mutex_;
  std::deque<std::function<void()>> tasks_;
  bool running_ = false;
};

void serial_ok() {
  int sum = 0;
  pool four(4);
  serial tasks(four);
  for (int i = 0; i < 9; ++i)
    tasks.post([&sum] { ++sum; });
  four.wait_idle();
}

// Handlers that are called under the lock of those who look at what they change.
void locked_handlers_ok() {
  std::mutex mutex;
  std::vector<std::function<void(int)>> handlers;
  int last = 0;
  handlers.push_back([&last](int tick) { last = tick; });
  std::thread source([&] {
    for (int i = 0; i < 5; ++i) {
      std::lock_guard lock(mutex);
      for (auto &each : handlers)
        each(i);
    }
  });
  {
    std::lock_guard lock(mutex);
    last = 7;
  }
  source.join();
}

// What a function is given to call, it calls behind the join, or before.
void finish(std::thread &thread, const std::function<void()> &last) {
  thread.join();
  last();
}
void hurry(std::thread &thread, const std::function<void()> &last) {
  last();
  thread.join();
}

void finished_ok() {
  int calls = 0;
  std::thread thread([&calls] { ++calls; });
  finish(thread, [&calls] { ++calls; });
}

void hurried_bad() {
  int calls = 0;
  std::thread thread([&calls] {
    ++calls; // expected-warning {{'calls' is written here while another thread writes it}}
  });
  hurry(thread, [&calls] { ++calls; });
}

// Which of two handlers is called is not known.
void replaced_ok() {
  int first = 0, second = 0;
  ticker clock;
  clock.on_tick = [&first](int tick) { first = tick; };
  clock.on_tick = [&second](int tick) { second = tick; };
  clock.start();
  ++first;
  clock.stop();
}

SCENARIO_MAIN(SCENARIO(tasks_bad), SCENARIO(giver_bad), SCENARIO(fields_bad),
              SCENARIO(optional_bad), SCENARIO(handler_bad), SCENARIO(feeder_bad),
              SCENARIO(one_thread_ok), SCENARIO(waited_ok), SCENARIO(counted_ok),
              SCENARIO(locked_ok), SCENARIO(actor_ok), SCENARIO(own_loop_ok), SCENARIO(lanes_ok),
              SCENARIO(serial_ok), SCENARIO(locked_handlers_ok), SCENARIO(replaced_ok),
              SCENARIO(finished_ok), SCENARIO(hurried_bad))
