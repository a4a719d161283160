// RUN: %heddle_verify --checks=dangling-task-capture %s -- -std=c++20

// The thread is started by a callee, or waited for by one.
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

struct job {
  int state = 0;
};

void start_detached(job &work) {
  std::thread([&work] { work.state = 1; }).detach();
}

void local_given_to_a_starter_bad() {
  job mine;
  start_detached(mine); // expected-warning {{'mine' may be gone}}
}

job lasting;

void global_given_to_a_starter_ok() { start_detached(lasting); }

std::thread start_joinable(job &work) {
  return std::thread([&work] { work.state = 1; });
}

void joined_by_the_caller_ok() {
  job mine;
  std::thread worker = start_joinable(mine);
  worker.join();
}

void detached_by_the_caller_bad() {
  job mine;
  std::thread worker = start_joinable(mine); // expected-warning {{'mine' may be gone}}
  worker.detach();
}

void in_background(std::function<void()> work) { std::thread(std::move(work)).detach(); }

void through_a_function_object_bad() {
  job mine;
  in_background([&mine] { mine.state = 1; }); // expected-warning {{'mine' may be gone}}
}

void through_a_function_object_ok() {
  job mine;
  in_background([mine]() mutable { mine.state = 1; });
}

template <typename Work> void in_background_template(Work work) {
  std::thread worker(work);
  worker.detach();
}

void through_a_template_bad() {
  job mine;
  in_background_template([&mine] { mine.state = 1; }); // expected-warning {{'mine' may be gone}}
}

class group {
public:
  template <typename Work> void run(Work work) { threads_.emplace_back(work); }
  ~group() {
    for (std::thread &thread : threads_)
      thread.join();
  }

private:
  std::vector<std::thread> threads_;
};

void joined_by_the_group_ok() {
  job mine;
  group all;
  all.run([&mine] { mine.state = 1; });
}

class countdown {
public:
  void done() {
    const std::lock_guard lock(mutex_);
    --left_;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return left_ == 0; });
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int left_ = 1;
};

void waited_through_a_helper_ok() {
  job mine;
  countdown finished;
  std::thread([&] {
    mine.state = 1;
    finished.done();
  }).detach();
  finished.wait();
}

void somebody_tells(job &work);
void somebody_waits();

void unseen_code_may_wait_ok() {
  job mine;
  std::thread([&mine] {
    mine.state = 1;
    somebody_tells(mine);
  }).detach();
  somebody_waits();
}

void unseen_code_waits_for_nobody_bad() {
  job mine;
  std::thread([&mine] { // expected-warning {{'mine' may be gone}}
    mine.state = 1;
    std::puts("done");
  })
      .detach();
  somebody_waits();
}

void join_all(std::vector<std::thread> &threads) {
  for (std::thread &thread : threads)
    thread.join();
}

void joined_by_a_callee_ok() {
  job mine;
  std::vector<std::thread> threads;
  threads.emplace_back([&mine] { mine.state = 1; });
  join_all(threads);
}
