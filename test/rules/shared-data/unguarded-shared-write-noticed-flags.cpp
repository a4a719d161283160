// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t set_before_the_data_bad
// RUN: %race_found %t set_without_the_lock_bad
// RUN: %race_found %t set_under_another_lock_bad
// RUN: %race_found %t found_clear_bad
// RUN: %race_found %t used_whether_set_or_not_bad
// RUN: %race_found %t written_again_bad
// RUN: %race_found %t told_in_every_round_bad
// RUN: %race_found %t taken_from_a_count_bad
// RUN: %race_found %t busy_is_not_done_bad
// RUN: %race_found %t one_of_two_is_done_bad
// RUN: %race_found %t set_by_itself_bad
// RUN: %t ok

// A flag that is set under a lock, and found set under it, hands over what was done before.
#include "../scenarios.h"

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

void pause_for(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

class Job {
public:
  void run() {
    result_ = 42;
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  bool is_done() {
    const std::lock_guard lock(mutex_);
    return done_;
  }
  bool try_get(int &out) {
    if (!is_done())
      return false;
    out = result_;
    return true;
  }
  bool try_get_early_return(int &out) {
    {
      const std::lock_guard lock(mutex_);
      if (!done_)
        return false;
    }
    out = result_;
    return true;
  }
  std::optional<int> get_if_done() {
    std::unique_lock lock(mutex_);
    if (done_) {
      lock.unlock();
      return result_;
    }
    return std::nullopt;
  }
  void wait() {
    for (;;) {
      const std::lock_guard lock(mutex_);
      if (done_)
        return;
    }
  }
  int result() const { return result_; }

private:
  std::mutex mutex_;
  bool done_ = false;
  int result_ = 0;
};

void asked_once_ok() {
  Job job;
  std::thread worker([&job] { job.run(); });
  int out = 0;
  if (job.try_get(out) || job.try_get_early_return(out))
    std::printf("%d\n", out);
  if (std::optional<int> found = job.get_if_done())
    std::printf("%d\n", *found);
  worker.join();
}

void waited_for_in_a_function_ok() {
  Job job;
  std::thread worker([&job] { job.run(); });
  job.wait();
  std::printf("%d\n", job.result());
  worker.join();
}

void left_by_break_ok() {
  std::mutex mutex;
  bool ready = false;
  int value = 0;
  std::thread worker([&] {
    value = 1;
    const std::lock_guard lock(mutex);
    ready = true;
  });
  while (true) {
    {
      const std::lock_guard lock(mutex);
      if (ready)
        break;
    }
    std::this_thread::yield();
  }
  value = 2;
  worker.join();
}

void asked_in_the_body_ok() {
  Job job;
  std::thread worker([&job] { job.run(); });
  bool done = false;
  while (!done) {
    std::this_thread::yield();
    done = job.is_done();
  }
  std::printf("%d\n", job.result());
  worker.join();
}

// Counted up before, and taken off in the section that finds it.
void counted_ok() {
  std::mutex mutex;
  int waiting = 0, payload = 0;
  std::thread worker([&] {
    while (true) {
      mutex.lock();
      if (waiting > 0) {
        --waiting;
        mutex.unlock();
        break;
      }
      mutex.unlock();
      std::this_thread::yield();
    }
    ++payload;
  });
  payload = 4;
  mutex.lock();
  ++waiting;
  mutex.unlock();
  worker.join();
}

// Each round waits for the other thread's.
void taking_turns_ok() {
  std::mutex mutex;
  bool full = false;
  int value = 0;
  std::thread worker([&] {
    for (int round = 0; round < 3;) {
      mutex.lock();
      const bool is_full = full;
      mutex.unlock();
      if (!is_full) {
        std::this_thread::yield();
        continue;
      }
      std::printf("%d\n", value);
      ++round;
      mutex.lock();
      full = false;
      mutex.unlock();
    }
  });
  for (int round = 0; round < 3;) {
    mutex.lock();
    const bool is_full = full;
    mutex.unlock();
    if (is_full) {
      std::this_thread::yield();
      continue;
    }
    value = ++round;
    mutex.lock();
    full = true;
    mutex.unlock();
  }
  worker.join();
}

struct Countdown {
  std::mutex mutex;
  int left = 2;
  void finish() {
    const std::lock_guard lock(mutex);
    --left;
  }
};

void counted_down_by_all_ok() {
  Countdown countdown;
  int first = 0, second = 0;
  std::thread one([&] {
    first = 1;
    countdown.finish();
  });
  std::thread other([&] {
    second = 1;
    countdown.finish();
  });
  while (true) {
    const std::lock_guard lock(countdown.mutex);
    if (countdown.left == 0)
      break;
  }
  std::printf("%d\n", first + second);
  one.join();
  other.join();
}

void set_before_the_data_bad() {
  std::mutex mutex;
  bool ready = false;
  int early = 0;
  std::thread worker([&] {
    mutex.lock();
    ready = true;
    mutex.unlock();
    early = 1; // expected-warning {{'early' is written}}
  });
  pause_for(20);
  mutex.lock();
  const bool is_ready = ready;
  mutex.unlock();
  if (is_ready)
    std::printf("%d\n", early);
  worker.join();
}

void set_without_the_lock_bad() {
  std::mutex mutex;
  bool ready = false; // the flag itself races as well
  int unlocked = 0;
  std::thread worker([&] {
    unlocked = 1; // expected-warning {{'unlocked' is written}}
    ready = true; // expected-warning {{'ready' is written}}
  });
  pause_for(20);
  mutex.lock();
  const bool is_ready = ready;
  mutex.unlock();
  if (is_ready)
    std::printf("%d\n", unlocked);
  worker.join();
}

void set_under_another_lock_bad() {
  std::mutex mutex, other_mutex;
  bool ready = false;
  int elsewhere = 0;
  std::thread worker([&] {
    elsewhere = 1; // expected-warning {{'elsewhere' is written}}
    const std::lock_guard lock(other_mutex);
    ready = true; // expected-warning {{'ready' is written}}
  });
  pause_for(20);
  mutex.lock();
  const bool is_ready = ready;
  mutex.unlock();
  if (is_ready)
    std::printf("%d\n", elsewhere);
  worker.join();
}

void found_clear_bad() {
  std::mutex mutex;
  bool ready = false;
  int too_soon = 0;
  std::thread worker([&] {
    pause_for(20);
    too_soon = 1; // expected-warning {{'too_soon' is written}}
    const std::lock_guard lock(mutex);
    ready = true;
  });
  mutex.lock();
  const bool is_ready = ready;
  mutex.unlock();
  if (!is_ready)
    too_soon = 2;
  worker.join();
}

void used_whether_set_or_not_bad() {
  std::mutex mutex;
  bool ready = false;
  int anyway = 0, seen = 0;
  std::thread worker([&] {
    pause_for(20);
    anyway = 1; // expected-warning {{'anyway' is written}}
    const std::lock_guard lock(mutex);
    ready = true;
  });
  mutex.lock();
  if (ready)
    ++seen;
  mutex.unlock();
  anyway = 2 + seen;
  worker.join();
}

void written_again_bad() {
  std::mutex mutex;
  bool ready = false;
  int again = 0;
  std::thread worker([&] {
    again = 1;
    mutex.lock();
    ready = true;
    mutex.unlock();
    pause_for(20);
    again = 2; // expected-warning {{'again' is written}}
  });
  while (true) {
    const std::lock_guard lock(mutex);
    if (ready)
      break;
  }
  std::printf("%d\n", again);
  worker.join();
}

void told_in_every_round_bad() {
  std::mutex mutex;
  bool ready = false;
  int each_round = 0;
  std::thread worker([&] {
    for (int round = 0; round < 3; ++round) {
      each_round = round; // expected-warning {{'each_round' is written}}
      mutex.lock();
      ready = true;
      mutex.unlock();
      pause_for(20);
    }
  });
  while (true) {
    const std::lock_guard lock(mutex);
    if (ready)
      break;
  }
  std::printf("%d\n", each_round);
  worker.join();
}

// That something is left to do says nothing of who is at work.
void taken_from_a_count_bad() {
  std::mutex mutex;
  int left = 4, finished = 0;
  auto work = [&] {
    while (true) {
      mutex.lock();
      if (left > 0) {
        --left;
        mutex.unlock();
        ++finished; // expected-warning {{'finished' is written}}
        pause_for(5);
      } else {
        mutex.unlock();
        return;
      }
    }
  };
  std::thread one(work), other(work);
  one.join();
  other.join();
}

// Found clear, the worker may not have begun yet.
void busy_is_not_done_bad() {
  std::mutex mutex;
  bool busy = false;
  int in_use = 0;
  std::thread worker([&] {
    pause_for(20);
    mutex.lock();
    busy = true;
    mutex.unlock();
    in_use = 1; // expected-warning {{'in_use' is written}}
    mutex.lock();
    busy = false;
    mutex.unlock();
  });
  mutex.lock();
  const bool is_busy = busy;
  mutex.unlock();
  if (!is_busy)
    in_use = 2;
  worker.join();
}

void one_of_two_is_done_bad() {
  std::mutex mutex;
  bool done = false;
  int by_either = 0;
  auto work = [&](int delay) {
    pause_for(delay);
    if (delay > 0)
      by_either = delay; // expected-warning {{'by_either' is written}}
    const std::lock_guard lock(mutex);
    done = true;
  };
  std::vector<std::thread> workers;
  for (int i = 0; i < 2; ++i)
    workers.emplace_back(work, i * 20);
  while (true) {
    const std::lock_guard lock(mutex);
    if (done)
      break;
  }
  std::printf("%d\n", by_either);
  for (std::thread &each : workers)
    each.join();
}

// By a callable that the thread's own holds.
void told_by_another_callable_ok() {
  std::mutex mutex;
  std::condition_variable done;
  int left = 2, first = 0, second = 0;
  auto finish = [&] {
    const std::lock_guard lock(mutex);
    --left;
    done.notify_one();
  };
  std::thread one([&] {
    ++first;
    finish();
  });
  std::thread other([&] {
    ++second;
    finish();
  });
  {
    std::unique_lock lock(mutex);
    done.wait(lock, [&left] { return left == 0; });
  }
  first += second;
  one.join();
  other.join();
}

// The flag may be the variable's own value.
void set_by_itself_bad() {
  std::mutex mutex;
  bool ready = false;
  int by_itself = 0;
  std::thread worker([&] {
    pause_for(20);
    by_itself = 1; // expected-warning {{'by_itself' is written}}
    const std::lock_guard lock(mutex);
    ready = true;
  });
  bool go_on = true;
  if (by_itself == 7) {
    const std::lock_guard lock(mutex);
    go_on = ready;
  }
  if (go_on)
    by_itself = 2;
  worker.join();
}

SCENARIO_MAIN(SCENARIO(asked_once_ok), SCENARIO(waited_for_in_a_function_ok),
              SCENARIO(left_by_break_ok), SCENARIO(asked_in_the_body_ok), SCENARIO(counted_ok),
              SCENARIO(taking_turns_ok), SCENARIO(told_by_another_callable_ok),
              SCENARIO(counted_down_by_all_ok), SCENARIO(set_before_the_data_bad),
              SCENARIO(set_without_the_lock_bad), SCENARIO(set_under_another_lock_bad),
              SCENARIO(found_clear_bad), SCENARIO(used_whether_set_or_not_bad),
              SCENARIO(written_again_bad), SCENARIO(told_in_every_round_bad),
              SCENARIO(taken_from_a_count_bad), SCENARIO(busy_is_not_done_bad),
              SCENARIO(one_of_two_is_done_bad), SCENARIO(set_by_itself_bad))
