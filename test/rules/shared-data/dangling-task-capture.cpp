// RUN: %heddle_verify --checks=dangling-task-capture %s -- -std=c++20

// A task that outlives the variables that it was given by reference or by pointer.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

void pause_for_a_while() { std::this_thread::sleep_for(std::chrono::milliseconds(10)); }

// [example: bad]
void report_later_bad(const std::string &user) {
  std::string line = "hello " + user;
  std::thread([&line] { // expected-warning {{'line' may be gone while the thread that runs the}}
    std::puts(line.c_str());
  })
      .detach();
}
// [end]

// [example: good]
void report_later_ok(const std::string &user) {
  std::string line = "hello " + user;
  std::thread([line] { std::puts(line.c_str()); }).detach();
}
// [end]

void everything_by_reference_bad() {
  int limit = 3;
  std::thread worker([&] { // expected-warning {{'limit' may be gone}}
    pause_for_a_while();
    std::printf("%d\n", limit);
  });
  worker.detach();
}

void two_at_once_bad() {
  int low = 1, high = 3;
  std::thread([&low, &high] { // expected-warning {{'low' and 'high' may be gone}}
    std::printf("%d %d\n", low, high);
  })
      .detach();
}

void count_down(int &left) {
  while (left > 0)
    --left;
}

void reference_argument_bad() {
  int left = 10;
  std::thread worker(count_down, std::ref(left)); // expected-warning {{'left' may be gone}}
  worker.detach();
}

struct request {
  int id = 0;
  std::string text;
};

void serve(request *r) {
  pause_for_a_while();
  std::printf("%d\n", r->id);
}

void pointer_argument_bad() {
  request r;
  std::thread worker(serve, &r); // expected-warning {{'r' may be gone}}
  worker.detach();
}

void parameter_by_value_bad(request r) {
  std::thread([&r] { std::printf("%d\n", r.id); }).detach(); // expected-warning {{'r' may be gone}}
}

void end_of_the_block_bad() {
  {
    int seed = 1;
    std::thread([&seed] { ++seed; }).detach(); // expected-warning {{'seed' may be gone}}
  }
  pause_for_a_while();
}

std::thread kept_elsewhere;

void stored_in_a_global_bad() {
  int total = 0;
  kept_elsewhere = std::thread([&total] { ++total; }); // expected-warning {{'total' may be gone}}
}

std::thread returned_bad() {
  int total = 0;
  std::thread worker([&total] { ++total; }); // expected-warning {{'total' may be gone}}
  return worker;
}

void detached_on_one_way_bad(bool wait) {
  int total = 0;
  std::thread worker([&total] { ++total; }); // expected-warning {{'total' may be gone}}
  if (wait)
    worker.join();
  else
    worker.detach();
}

void future_ends_too_late_bad() {
  std::future<void> done;
  std::string text = "text";
  done = std::async([&text] { // expected-warning {{'done' waits for the thread only after that}}
    std::puts(text.c_str());
  });
}

void jthread_ends_too_late_bad() {
  std::jthread worker;
  std::vector<int> values = {1, 2};
  worker =
      std::jthread([&values] { values.push_back(3); }); // expected-warning {{'values' may be gone}}
}

void joined_ok() {
  int total = 0;
  std::thread worker([&total] { ++total; });
  worker.join();
}

void jthread_joins_first_ok() {
  std::vector<int> values = {1, 2};
  std::jthread worker([&values] { values.push_back(3); });
}

void future_joins_first_ok() {
  std::string text = "text";
  std::future<void> done = std::async(std::launch::async, [&text] { std::puts(text.c_str()); });
}

void future_waited_for_ok() {
  std::future<int> done;
  std::string text = "text";
  done = std::async(std::launch::async, [&text] { return static_cast<int>(text.size()); });
  std::printf("%d\n", done.get());
}

class joiner {
public:
  explicit joiner(std::thread &thread) : thread_(thread) {}
  ~joiner() {
    if (thread_.joinable())
      thread_.join();
  }

private:
  std::thread &thread_;
};

void joined_by_a_guard_ok(bool stop) {
  int total = 0;
  std::thread worker([&total] { ++total; });
  joiner guard(worker);
  if (stop)
    return;
  std::puts("working");
}

void pool_joined_ok() {
  std::vector<std::thread> workers;
  std::vector<int> results(4);
  for (int i = 0; i < 4; ++i)
    workers.emplace_back([&results, i] { results[i] = i; });
  for (std::thread &worker : workers)
    worker.join();
}

void static_variable_ok() {
  static int total = 0;
  std::thread([] { ++total; }).detach();
}

int global_total = 0;

void global_variable_ok() {
  int &total = global_total;
  std::thread([&total] { ++total; }).detach();
}

void shared_ownership_ok() {
  auto total = std::make_shared<int>(0);
  std::thread([total] { ++*total; }).detach();
}

void given_away_ok() {
  auto total = std::make_unique<int>(0);
  std::thread([total = std::move(total)] { ++*total; }).detach();
}

void allocated_for_the_thread_ok() {
  int *total = new int(0);
  std::thread([total] {
    ++*total;
    delete total;
  }).detach();
}

void latch_waited_for_ok() {
  int total = 0;
  std::latch done(1);
  std::thread([&] {
    ++total;
    done.count_down();
  }).detach();
  done.wait();
}

void flag_waited_for_ok() {
  int total = 0;
  std::atomic<bool> done = false;
  std::thread([&] {
    ++total;
    done.store(true);
  }).detach();
  while (!done.load())
    std::this_thread::yield();
}

void condition_waited_for_ok() {
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  std::thread([&] {
    const std::lock_guard lock(mutex);
    done = true;
    changed.notify_one();
  }).detach();
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return done; });
}

void promise_waited_for_ok() {
  std::promise<int> result;
  std::string text = "text";
  std::future<int> answer = result.get_future();
  std::thread([&] { result.set_value(static_cast<int>(text.size())); }).detach();
  std::printf("%d\n", answer.get());
}

void never_ends_ok() {
  int total = 0;
  std::thread([&total] { ++total; }).detach();
  while (true)
    pause_for_a_while();
}

void terminates_instead_ok(bool give_up) {
  int total = 0;
  std::thread worker([&total] { ++total; });
  if (give_up)
    return; // the thread is joinable: std::terminate
  worker.join();
}

void joined_when_started_ok(bool parallel) {
  int total = 0;
  std::thread worker;
  if (parallel)
    worker = std::thread([&total] { ++total; });
  if (worker.joinable())
    worker.join();
}

void captured_but_not_used_ok() {
  int total = 0;
  std::thread([=] { std::printf("%d\n", total); }).detach();
}

void reference_to_a_lasting_object_ok(request &r) {
  std::thread([&r] { std::printf("%d\n", r.id); }).detach();
}

void pointer_by_value_ok(request *r) {
  std::thread([=] { std::printf("%d\n", r->id); }).detach();
}
