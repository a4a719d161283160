// RUN: %heddle_verify --checks=thread-without-exit-path %s -- -std=c++20

// Lambdas as bodies: named, nested, held in a std::function, and what a return inside one leaves.
#include <atomic>
#include <functional>
#include <thread>
#include <vector>

void work();
bool more_work();

void named_lambda_bad() {
  const auto body = [] {
    while (true) // expected-warning {{never ends}}
      work();
  };
  std::thread worker(body);
  worker.join();
}

void return_of_an_inner_lambda_bad() {
  std::thread worker([] {
    while (true) { // expected-warning {{never ends}}
      const auto step = [] {
        if (!more_work())
          return; // leaves the inner lambda only
        work();
      };
      step();
    }
  });
  worker.join();
}

void called_inside_bad() {
  std::thread worker([] {
    const auto loop = [] {
      for (;;) // expected-warning {{never ends}}
        work();
    };
    loop();
  });
  worker.join();
}

void held_in_std_function_bad() {
  const std::function<void()> body = [] {
    while (true) // expected-warning {{never ends}}
      work();
  };
  std::thread worker(body);
  worker.join();
}

void many_threads_bad() {
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i)
    workers.emplace_back([] {
      while (true) // expected-warning {{never ends}}
        work();
    });
  for (std::thread &worker : workers)
    worker.join();
}

void captured_flag_ok() {
  std::atomic<bool> stop = false;
  std::thread worker([&stop] {
    while (!stop)
      work();
  });
  stop = true;
  worker.join();
}

void captured_bound_ok(int rounds) {
  std::thread worker([rounds] {
    for (int i = 0; i < rounds; ++i)
      work();
  });
  worker.join();
}

void inner_lambda_decides_ok() {
  std::thread worker([] {
    const auto done = [] { return !more_work(); };
    while (true) {
      if (done())
        break;
    }
  });
  worker.join();
}

void not_a_thread_ok() {
  const auto loop = [] {
    while (true)
      work();
  };
  loop();
}
