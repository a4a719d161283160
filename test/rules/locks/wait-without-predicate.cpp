// RUN: %heddle_verify --checks=wait-without-predicate %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread -DRUN %s -o %t
// RUN: %hangs %t told_before_bad
// RUN: timeout 60 %t ok
// clang-format off: expectations stand on their lines

// Waits at a condition after which nothing looks again at what was waited for. The run
// waits for a notification that came before.
#include "../scenarios.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

std::mutex jobs_mutex;
std::condition_variable jobs_changed;
std::deque<int> jobs;
bool closing;
void work(int);

// [example: bad]
void take_bad() {
  std::unique_lock lock(jobs_mutex);
  if (jobs.empty())
    jobs_changed.wait(lock); // expected-warning {{nothing looks at 'jobs' again}}
  int job = jobs.front();
  jobs.pop_front();
  lock.unlock();
  work(job);
}
// [end]

// [example: good]
void take_ok() {
  std::unique_lock lock(jobs_mutex);
  jobs_changed.wait(lock, [] { return !jobs.empty(); });
  int job = jobs.front();
  jobs.pop_front();
  lock.unlock();
  work(job);
}

void take_in_a_loop_ok() {
  std::unique_lock lock(jobs_mutex);
  while (jobs.empty())
    jobs_changed.wait(lock);
  jobs.pop_front();
}
// [end]

void worker_bad() {
  for (;;) {
    std::unique_lock lock(jobs_mutex);
    if (jobs.empty())
      jobs_changed.wait(lock); // expected-warning {{nothing looks at 'jobs' again}}
    int job = jobs.front();
    jobs.pop_front();
    lock.unlock();
    work(job);
  }
}

void worker_without_asking_bad() {
  for (;;) {
    std::unique_lock lock(jobs_mutex);
    jobs_changed.wait(lock); // expected-warning {{does not say what it waits for}}
    jobs.pop_front();
  }
}

bool ready;
int result;

int result_bad() {
  std::unique_lock lock(jobs_mutex);
  if (!ready)
    jobs_changed.wait(lock); // expected-warning {{nothing looks at 'ready' again}}
  ready = false;
  return result;
}

void nothing_asked_bad() {
  std::unique_lock lock(jobs_mutex);
  jobs_changed.wait(lock); // expected-warning {{does not say what it waits for}}
  result = 0;
}

void waits_for_the_end_bad() {
  std::unique_lock lock(jobs_mutex);
  jobs_changed.wait(lock); // expected-warning {{does not say what it waits for}}
}

void starts_the_waiter() {
  std::thread(waits_for_the_end_bad).join();
}

// A member, and a lock that a helper's caller holds.
class mailbox {
public:
  int receive_bad() {
    std::unique_lock lock(mutex);
    if (!full)
      wait_for_letter(lock);
    full = false;
    return letter;
  }
  int receive_ok() {
    std::unique_lock lock(mutex);
    while (!full)
      wait_until_changed(lock);
    full = false;
    return letter;
  }
  int receive_lambda_bad() {
    auto get = [this] {
      std::unique_lock lock(mutex);
      if (!full)
        changed.wait(lock); // expected-warning {{nothing looks at 'full' again}}
      full = false;
      return letter;
    };
    return get();
  }

private:
  void wait_for_letter(std::unique_lock<std::mutex> &lock) {
    changed.wait(lock); // expected-warning {{nothing looks at 'full' again}}
  }
  void wait_until_changed(std::unique_lock<std::mutex> &lock) { changed.wait(lock); }

  std::mutex mutex;
  std::condition_variable changed;
  bool full = false;
  int letter = 0;
};

int use_mailbox(mailbox &box) { return box.receive_bad() + box.receive_ok() + box.receive_lambda_bad(); }

template <typename T> struct slot {
  std::mutex mutex;
  std::condition_variable filled;
  bool has = false;
  T value;

  T take_bad() {
    std::unique_lock lock(mutex);
    if (!has)
      filled.wait(lock); // expected-warning {{nothing looks at 'has' again}}
    has = false;
    return value;
  }
  T take_ok() {
    std::unique_lock lock(mutex);
    for (; !has; filled.wait(lock))
      ;
    has = false;
    return value;
  }
};

int use_slot(slot<int> &s) { return s.take_bad() + s.take_ok(); }

// Near misses.
void looks_again_ok() {
  std::unique_lock lock(jobs_mutex);
  if (jobs.empty())
    jobs_changed.wait(lock);
  if (!jobs.empty())
    jobs.pop_front();
}

void next_round_looks_ok() {
  for (;;) {
    std::unique_lock lock(jobs_mutex);
    if (jobs.empty()) {
      jobs_changed.wait(lock);
      continue;
    }
    jobs.pop_front();
  }
}

void loop_with_break_ok() {
  std::unique_lock lock(jobs_mutex);
  while (true) {
    if (closing || !jobs.empty())
      break;
    jobs_changed.wait(lock);
  }
}

void do_while_ok() {
  std::unique_lock lock(jobs_mutex);
  do
    jobs_changed.wait(lock);
  while (!ready);
}

std::atomic<bool> stopping;

void asks_an_atomic_ok() {
  std::unique_lock lock(jobs_mutex);
  while (!stopping.load())
    jobs_changed.wait(lock);
  result = 1;
}

void sleeps_ok() {
  std::unique_lock lock(jobs_mutex);
  jobs_changed.wait_for(lock, std::chrono::seconds(1));
  result = 1;
}

bool sleeps_unless_ready_ok() {
  std::unique_lock lock(jobs_mutex);
  if (!ready)
    jobs_changed.wait_for(lock, std::chrono::seconds(1));
  return ready;
}

bool tells_its_caller_ok() {
  std::unique_lock lock(jobs_mutex);
  if (!ready)
    jobs_changed.wait(lock);
  return ready;
}

void sleep_until_notified_ok() {
  std::unique_lock lock(jobs_mutex);
  jobs_changed.wait(lock);
}

void caller_asks_ok() {
  while (!stopping)
    sleep_until_notified_ok();
}

// A lock that was taken before, and adopted for the wait.
class condition {
public:
  void wait(std::mutex &held) {
    std::unique_lock lock(held, std::adopt_lock);
    changed.wait(lock);
    lock.release();
  }

private:
  std::condition_variable changed;
};

condition letters;
std::mutex letters_mutex;
int letter_count;

void adopted_ok() {
  letters_mutex.lock();
  while (letter_count == 0)
    letters.wait(letters_mutex);
  --letter_count;
  letters_mutex.unlock();
}

template <typename Predicate> void own_wait(std::unique_lock<std::mutex> &lock, Predicate done) {
  while (!done())
    jobs_changed.wait(lock);
}

void own_predicate_ok() {
  std::unique_lock lock(jobs_mutex);
  own_wait(lock, [] { return ready; });
  ready = false;
}

// The same, where nobody in sight waits: those who do may ask.
class lone_condition {
public:
  explicit lone_condition(std::mutex *held) : held_(held) {}

  void wait_ok() {
    std::unique_lock lock(*held_, std::adopt_lock);
    changed_.wait(lock);
    lock.release();
  }

private:
  std::mutex *const held_;
  std::condition_variable changed_;
};

#ifdef RUN
void work(int) {}

void told_before_bad() {
  std::thread([] {
    std::lock_guard lock(jobs_mutex);
    result = 1;
    jobs_changed.notify_all();
  }).join();
  nothing_asked_bad();
}

void told_before_ok() {
  std::thread([] {
    std::lock_guard lock(jobs_mutex);
    jobs = {1, 2};
    jobs_changed.notify_all();
  }).join();
  take_ok();
  take_in_a_loop_ok();
}

SCENARIO_MAIN(SCENARIO(told_before_bad), SCENARIO(told_before_ok))
#endif
