// RUN: %heddle_verify --checks=thread-without-exit-path %s -- -std=c++20

// Bodies of std::thread and std::jthread that loop for ever, and their counterparts.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

void work();
void work_on(int item);
bool more_work();

// [example: bad]
void poll_for_ever_bad() {
  std::thread poller([] {
    while (true) { // expected-warning {{never ends}}
      work();
      std::this_thread::sleep_for(std::chrono::seconds(1));
    }
  });
  poller.join();
}
// [end]

// [example: good]
void poll_until_stopped_ok() {
  std::jthread poller([](std::stop_token stop) {
    while (!stop.stop_requested()) {
      work();
      std::this_thread::sleep_for(std::chrono::seconds(1));
    }
  });
}
// [end]

void loop_without_condition() {
  for (;;) // expected-warning {{never ends}}
    work();
}

void for_without_condition_bad() {
  std::thread worker(loop_without_condition);
  worker.join();
}

void do_while_true() {
  do { // expected-warning {{never ends}}
    work();
  } while (true);
}

void do_while_bad() {
  std::thread worker(do_while_true);
  worker.join();
}

void counting_without_condition() {
  for (int i = 0;; ++i) // expected-warning {{never ends}}
    work_on(i);
}

void counter_without_bound_bad() {
  std::thread worker(&counting_without_condition);
  worker.join();
}

void jthread_waits_in_its_destructor_bad() {
  std::jthread worker([] {
    while (1) // expected-warning {{never ends}}
      work();
  });
}

void detached_bad() {
  std::thread([] {
    while (true) // expected-warning {{never ends}}
      work();
  }).detach();
}

std::mutex queue_mutex;
std::condition_variable queue_condition;
int queued = 0;

void consume_for_ever() {
  while (true) { // expected-warning {{never ends}}
    std::unique_lock lock(queue_mutex);
    queue_condition.wait(lock, [] { return queued > 0; });
    --queued;
  }
}

void waiting_is_no_way_out_bad() {
  std::thread consumer(consume_for_ever);
  consumer.join();
}

void break_leaves_only_the_switch(int kind) {
  while (true) { // expected-warning {{never ends}}
    switch (kind) {
    case 0:
      work();
      break;
    default:
      break;
    }
  }
}

void break_of_the_switch_bad() {
  std::thread worker(break_leaves_only_the_switch, 1);
  worker.join();
}

void break_leaves_only_the_inner_loop() {
  while (true) { // expected-warning {{never ends}}
    while (true) {
      if (!more_work())
        break;
    }
  }
}

void break_of_the_inner_loop_bad() {
  std::thread worker(break_leaves_only_the_inner_loop);
  worker.join();
}

void handler_inside_the_loop() {
  while (true) { // expected-warning {{never ends}}
    try {
      if (!more_work())
        throw 1;
    } catch (...) {
      continue;
    }
  }
}

void throw_caught_inside_bad() {
  std::thread worker(handler_inside_the_loop);
  worker.join();
}

void return_before_the_loop(bool enabled) {
  if (!enabled)
    return;
  while (true) // expected-warning {{cannot end once it gets here}}
    work();
}

void way_out_before_the_loop_bad() {
  std::thread worker(return_before_the_loop, true);
  worker.join();
}

constexpr bool always = true;

void constant_condition_bad() {
  std::thread worker([] {
    while (always) // expected-warning {{never ends}}
      work();
  });
  worker.join();
}

std::atomic<bool> stopping = false;

void flag_ok() {
  std::thread worker([] {
    while (!stopping)
      work();
  });
  stopping = true;
  worker.join();
}

void break_on_a_condition_ok() {
  std::thread worker([] {
    while (true) {
      if (stopping)
        break;
      work();
    }
  });
  worker.join();
}

void return_from_the_loop_ok() {
  std::thread worker([] {
    for (;;) {
      if (!more_work())
        return;
    }
  });
  worker.join();
}

void bounded_work_ok() {
  std::thread worker([] {
    for (int i = 0; i < 1000; ++i)
      work();
  });
  worker.join();
}

void condition_calls_a_function_ok() {
  std::thread worker([] {
    while (more_work())
      work();
  });
  worker.join();
}

void interruptible_wait_ok() {
  std::jthread worker([](std::stop_token stop) {
    std::condition_variable_any condition;
    while (true) {
      std::unique_lock lock(queue_mutex);
      if (!condition.wait(lock, stop, [] { return queued > 0; }))
        return;
      --queued;
    }
  });
}
