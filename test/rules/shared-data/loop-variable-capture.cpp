// RUN: %heddle_verify --checks=loop-variable-capture,unguarded-shared-write,dangling-task-capture %s -- -std=c++20

// What lives for one round of a loop, captured by a task that may outlive the round. The race on
// the variable and its end are told once, here.
#include <cstdio>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

void use(int);

// [example: bad]
void start_all_bad() {
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i)
    workers.emplace_back([&i] { std::printf("%d\n", i); }); // expected-warning {{'i' is captured}}
  for (std::thread &worker : workers)
    worker.join();
}
// [end]

// [example: good]
void start_all_ok() {
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i)
    workers.emplace_back([i] { std::printf("%d\n", i); });
  for (std::thread &worker : workers)
    worker.join();
}
// [end]

void everything_by_reference_bad() {
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i)
    workers.emplace_back([&] { // expected-warning {{'i' is captured}}
      std::printf("%d\n", i);
    });
  for (std::thread &worker : workers)
    worker.join();
}

void copy_of_an_element_bad(const std::vector<std::string> &names) {
  std::vector<std::thread> workers;
  for (const std::string name : names)
    workers.emplace_back([&name] { // expected-warning {{'name' is captured}}
      std::puts(name.c_str());
    });
  for (std::thread &worker : workers)
    worker.join();
}

void local_of_the_body_bad() {
  std::vector<std::future<void>> results;
  for (int i = 0; i < 4; ++i) {
    int square = i * i;
    results.push_back(
        std::async(std::launch::async, [&square] { // expected-warning {{'square' is captured}}
          use(square);
        }));
  }
  for (std::future<void> &result : results)
    result.get();
}

void detached_bad() {
  for (int i = 0; i < 4; ++i) {
    const int square = i * i;
    std::thread([&square] { use(square); }).detach(); // expected-warning {{'square' is captured}}
  }
}

void started_on_a_condition_bad() {
  std::vector<std::jthread> workers;
  for (int i = 0; i < 4; ++i) {
    std::string text = "text";
    if (i % 2 == 0)
      workers.emplace_back(
          [&text] { std::puts(text.c_str()); }); // expected-warning {{'text' is captured}}
  }
}

void while_loop_bad() {
  std::vector<std::thread> workers;
  int i = 0;
  while (i < 4) {
    workers.emplace_back([&i] { std::printf("%d\n", i); }); // expected-warning {{'i' is captured}}
    ++i;
  }
  for (std::thread &worker : workers)
    worker.join();
}

void declared_outside_bad() {
  std::thread workers[4];
  int i;
  for (i = 0; i < 4; ++i)
    workers[i] = std::thread([&] { // expected-warning {{'i' is captured}}
      std::printf("%d\n", i);
    });
  for (std::thread &worker : workers)
    worker.join();
}

void print(const int &number) { std::printf("%d\n", number); }

void reference_argument_bad() {
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i)
    workers.emplace_back(print, std::ref(i)); // expected-warning {{'i' is given}}
  for (std::thread &worker : workers)
    worker.join();
}

void infinite_loop_bad() {
  for (;;) {
    std::string request = "request";
    std::thread([&request] { // expected-warning {{'request' is captured}}
      std::puts(request.c_str());
    })
        .detach();
  }
}

void joined_in_the_round_ok() {
  for (int i = 0; i < 4; ++i) {
    std::thread worker([&i] { std::printf("%d\n", i); });
    worker.join();
  }
}

void jthread_of_the_round_ok() {
  for (int i = 0; i < 4; ++i) {
    std::string text = "text";
    std::jthread worker([&text] { std::puts(text.c_str()); });
  }
}

void future_of_the_round_ok() {
  for (int i = 0; i < 4; ++i) {
    int square = i * i;
    std::future<int> result = std::async(std::launch::async, [&] { return square + i; });
    use(result.get());
  }
}

void reference_to_an_element_ok(std::vector<std::string> &names) {
  std::vector<std::thread> workers;
  for (const std::string &name : names)
    workers.emplace_back([&name] { std::puts(name.c_str()); });
  for (std::thread &worker : workers)
    worker.join();
}

void reference_to_an_own_element_ok() {
  std::vector<int> numbers = {1, 2, 3};
  std::vector<std::thread> workers;
  for (auto &number : numbers)
    workers.emplace_back([&number] { ++number; });
  for (auto &worker : workers)
    worker.join();
}

void own_slot_ok() {
  std::vector<std::thread> workers;
  int results[4] = {};
  for (int i = 0; i < 4; ++i)
    workers.emplace_back([&results, i] { results[i] = i; });
  for (std::thread &worker : workers)
    worker.join();
}

void slot_by_reference_argument_ok() {
  std::vector<std::thread> workers;
  int numbers[4] = {1, 2, 3, 4};
  for (int i = 0; i < 4; ++i)
    workers.emplace_back(print, std::ref(numbers[i]));
  for (std::thread &worker : workers)
    worker.join();
}

void everything_by_value_ok() {
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i)
    workers.emplace_back([=] { std::printf("%d\n", i); });
  for (std::thread &worker : workers)
    worker.join();
}

void renamed_copy_ok() {
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i)
    workers.emplace_back([number = i] { std::printf("%d\n", number); });
  for (std::thread &worker : workers)
    worker.join();
}

void argument_by_value_ok() {
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i)
    workers.emplace_back([](int number) { std::printf("%d\n", number); }, i);
  for (std::thread &worker : workers)
    worker.join();
}

void shared_by_all_rounds_ok() {
  std::vector<std::thread> workers;
  const std::string text = "text";
  for (int i = 0; i < 4; ++i)
    workers.emplace_back([&text] { std::puts(text.c_str()); });
  for (std::thread &worker : workers)
    worker.join();
}

void called_and_not_started_ok() {
  for (int i = 0; i < 4; ++i) {
    const auto print_it = [&i] { std::printf("%d\n", i); };
    print_it();
  }
}

void shared_pointer_of_the_round_ok() {
  for (int i = 0; i < 4; ++i) {
    auto text = std::make_shared<std::string>("text");
    std::thread([text] { std::puts(text->c_str()); }).detach();
  }
}

void all_joined_in_the_round_ok() {
  for (int round = 0; round < 4; ++round) {
    std::vector<std::thread> workers;
    std::string text = "text";
    for (int i = 0; i < 2; ++i)
      workers.emplace_back([&text] { std::puts(text.c_str()); });
    for (std::thread &worker : workers)
      worker.join();
  }
}
