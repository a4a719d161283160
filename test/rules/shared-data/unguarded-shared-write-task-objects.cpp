// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t owned_tasks_bad
// RUN: %race_found %t shared_tasks_bad
// RUN: %race_found %t giver_bad
// RUN: %race_found %t listener_bad
// RUN: %race_found %t listeners_bad
// RUN: %race_found %t only_override_bad
// RUN: %race_found %t made_by_the_library_bad
// RUN: %t ok

// Queues of tasks that are objects with a virtual function, and listeners behind an interface: the
// overrides of the objects that are put there run in the threads that call them.
#include "../scenarios.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

// Long enough for another worker to be at it, or for a worker to have begun.
void dawdle() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

struct task {
  virtual ~task() = default;
  virtual void run() = 0;
};

template <typename Pointer> class pool {
public:
  explicit pool(int count) {
    for (int i = 0; i < count; ++i)
      threads_.emplace_back([this] { serve(); });
  }
  ~pool() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
    for (std::thread &each : threads_)
      each.join();
  }
  void post(Pointer task) {
    {
      std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    changed_.notify_one();
  }

private:
  void serve() {
    for (;;) {
      Pointer next;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return closed_ || !tasks_.empty(); });
        if (tasks_.empty())
          return;
        next = std::move(tasks_.front());
        tasks_.pop_front();
      }
      next->run();
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Pointer> tasks_;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

struct totals {
  int plain = 0;
  std::atomic<int> counted{0};
  std::mutex mutex;
  int guarded = 0;
};

class add_plain : public task {
public:
  explicit add_plain(totals &all) : all_(all) {}
  void run() override {
    dawdle();
    all_.plain += 1; // expected-warning {{'plain' is written here by several threads}}
  }

private:
  totals &all_;
};

class add_guarded : public task {
public:
  explicit add_guarded(totals &all) : all_(all) {}
  void run() override {
    std::lock_guard lock(all_.mutex);
    all_.guarded += 1;
    all_.counted += 1;
  }

private:
  totals &all_;
};

class count_own : public task {
public:
  void run() override { ++times_; }

private:
  int times_ = 0;
};

void owned_tasks_bad() {
  totals all;
  pool<std::unique_ptr<task>> workers(2);
  for (int i = 0; i < 20; ++i)
    workers.post(std::make_unique<add_plain>(all));
}

void owned_tasks_ok() {
  totals all;
  pool<std::unique_ptr<task>> workers(2);
  for (int i = 0; i < 100; ++i) {
    workers.post(std::make_unique<add_guarded>(all));
    workers.post(std::make_unique<count_own>());
  }
}

class add_shared : public task {
public:
  void run() override {
    dawdle();
    sum_ += 1; // expected-warning {{'sum_' is written here by several threads}}
  }

private:
  int sum_ = 0;
};

void shared_tasks_bad() {
  pool<std::shared_ptr<task>> workers(2);
  auto both = std::make_shared<add_shared>();
  workers.post(both);
  workers.post(both);
}

class add_once : public task {
public:
  void run() override { sum_ += 1; }
  int sum_ = 0;
};

int seen = 0;

void given_once_ok() {
  add_once only;
  {
    pool<task *> workers(2);
    workers.post(&only);
  }
  seen = only.sum_;
}

class add_watched : public task {
public:
  void run() override {
    sum_ += 1; // expected-warning {{'sum_' is written here while another thread}}
  }
  int sum_ = 0;
};

void giver_bad() {
  add_watched watched;
  pool<task *> workers(1);
  workers.post(&watched);
  dawdle();
  watched.sum_ += 2;
}

struct listener {
  virtual ~listener() = default;
  virtual void on_event(int number) = 0;
};

class source {
public:
  void set(listener *to) { to_ = to; }
  void start() {
    thread_ = std::thread([this] {
      for (int i = 0; i < 1000; ++i)
        to_->on_event(i);
    });
  }
  void stop() { thread_.join(); }

private:
  listener *to_ = nullptr;
  std::thread thread_;
};

class last_seen : public listener {
public:
  void on_event(int number) override {
    last_ = number; // expected-warning {{'last_' is written here while another thread}}
  }
  int last() const { return last_; }

private:
  int last_ = 0;
};

class last_seen_atomic : public listener {
public:
  void on_event(int number) override { last_ = number; }
  int last() const { return last_; }

private:
  std::atomic<int> last_{0};
};

void listener_bad() {
  last_seen own;
  source events;
  events.set(&own);
  events.start();
  seen = own.last();
  events.stop();
}

void listener_ok() {
  last_seen_atomic own;
  source events;
  events.set(&own);
  events.start();
  seen = own.last();
  events.stop();
}

class last_of_all : public listener {
public:
  void on_event(int number) override { last_ = number; }
  int last() const { return last_; }

private:
  int last_ = 0;
};

void after_the_end_ok() {
  last_of_all own;
  source events;
  events.set(&own);
  events.start();
  events.stop();
  seen = own.last();
}

class hub {
public:
  void add(listener *each) { all_.push_back(each); }
  void start() {
    thread_ = std::thread([this] {
      for (int i = 0; i < 1000; ++i)
        for (listener *each : all_)
          each->on_event(i);
    });
  }
  void stop() { thread_.join(); }

private:
  std::vector<listener *> all_;
  std::thread thread_;
};

class sum_up : public listener {
public:
  void on_event(int number) override {
    sum_ += number; // expected-warning {{'sum_' is written here while another thread}}
  }
  void reset() { sum_ = 0; }

private:
  int sum_ = 0;
};

class ignore : public listener {
public:
  void on_event(int) override {}
  void reset() { sum_ = 0; }

private:
  int sum_ = 0;
};

void listeners_bad() {
  sum_up first;
  ignore second;
  hub events;
  events.add(&first);
  events.add(&second);
  events.start();
  first.reset();
  second.reset();
  events.stop();
}

// With one override alone, what is called is known, but not on which object.
struct job {
  virtual ~job() = default;
  virtual void work() = 0;
};

class count_job : public job {
public:
  explicit count_job(int &count) : count_(count) {}
  // expected-warning@+1 {{'count' is written here while another thread}}
  void work() override { count_ += 1; }

private:
  int &count_;
};

class worker {
public:
  explicit worker(std::unique_ptr<job> work) : job_(std::move(work)) {
    thread_ = std::thread([this] { job_->work(); });
  }
  ~worker() { thread_.join(); }

private:
  std::unique_ptr<job> job_;
  std::thread thread_;
};

void only_override_bad() {
  int count = 0;
  worker other(std::make_unique<count_job>(count));
  count += 2;
}

void only_override_ok() {
  int count = 0;
  {
    worker other(std::make_unique<count_job>(count));
  }
  count += 2;
}

// What starts and ends a thread, made by the library.
class ticker {
public:
  explicit ticker(int &ticks)
      : thread_([&ticks] { ticks += 1; }) {} // expected-warning {{'ticks' is}}
  ~ticker() { thread_.join(); }

private:
  std::thread thread_;
};

void made_by_the_library_bad() {
  int ticks = 0;
  auto own = std::make_unique<ticker>(ticks);
  ticks += 2;
}

void made_by_the_library_ok() {
  int ticks = 0;
  {
    auto own = std::make_unique<ticker>(ticks);
  }
  ticks += 2;
  auto shared = std::make_shared<ticker>(ticks);
  shared.reset();
  ticks += 2;
}

SCENARIO_MAIN(SCENARIO(owned_tasks_bad), SCENARIO(owned_tasks_ok), SCENARIO(shared_tasks_bad),
              SCENARIO(given_once_ok), SCENARIO(giver_bad), SCENARIO(listener_bad),
              SCENARIO(listener_ok), SCENARIO(after_the_end_ok), SCENARIO(listeners_bad),
              SCENARIO(only_override_bad), SCENARIO(only_override_ok),
              SCENARIO(made_by_the_library_bad), SCENARIO(made_by_the_library_ok))
