// RUN: %heddle_verify --checks=shared-object-mutation,unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t shared_pointer_bad
// RUN: %race_found %t pointer_argument_bad
// RUN: %race_found %t siblings_bad
// RUN: %t ok

// Objects that are handed to a task as themselves and changed there. Each race is told once.
#include "../scenarios.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

struct request {
  int retries = 0;
  std::vector<int> values;
};

// [example: bad]
void shared_pointer_bad() {
  auto r = std::make_shared<request>();
  std::thread worker([r] {
    r->retries = 3; // expected-warning {{'r->retries' is changed here by a task that was handed}}
  });
  std::printf("%d\n", r->retries);
  worker.join();
}
// [end]

// [example: good]
void shared_pointer_ok() {
  auto r = std::make_shared<request>();
  std::thread worker([mine = *r]() mutable { mine.retries = 3; });
  std::printf("%d\n", r->retries);
  worker.join();
}
// [end]

void retry(request *r) {
  r->retries += 1; // expected-warning {{'r->retries' is changed here}}
}

void pointer_argument_bad() {
  request r;
  std::thread worker(retry, &r);
  std::printf("%d\n", r.retries);
  worker.join();
}

void append(request &r) {
  r.values.push_back(1); // expected-warning {{'r.values' is changed here}}
}

void reference_argument_bad() {
  request r;
  std::thread worker(append, std::ref(r));
  std::printf("%zu\n", r.values.size());
  worker.join();
}

void siblings_bad() {
  auto r = std::make_shared<request>();
  const auto work = [r] {
    ++r->retries; // expected-warning {{'r->retries' is changed here}}
  };
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
}

void through_a_callee(request *r) {
  r->retries = 4; // expected-warning {{'r->retries' is changed here}}
}

void callee_of_the_task_bad() {
  auto *r = new request;
  std::thread worker([r] { through_a_callee(r); });
  std::printf("%d\n", r->retries);
  worker.join();
  delete r;
}

void sort_all(std::vector<int> &values) {
  values.clear(); // expected-warning {{'values' is changed here}}
}

void container_by_reference_bad() {
  std::vector<int> values = {2, 1};
  std::thread worker(sort_all, std::ref(values));
  std::printf("%zu\n", values.size());
  worker.join();
}

template <typename Object> void reset(Object *object) {
  object->retries = 0; // expected-warning {{'object->retries' is changed here}}
}

void template_entry_bad() {
  request r;
  std::thread worker(reset<request>, &r);
  std::printf("%d\n", r.retries);
  worker.join();
}

struct service {
  void handle_bad() {
    auto r = std::make_shared<request>();
    std::thread worker([this, r] {
      r->retries = limit; // expected-warning {{'r->retries' is changed here}}
    });
    std::printf("%d\n", r->retries);
    worker.join();
  }
  int limit = 3;
};

void two_parts_one_finding_bad() {
  auto r = std::make_shared<request>();
  std::thread worker([r] {
    r->retries = 3; // expected-warning {{'r->retries' is changed here}}
    r->values.push_back(3);
  });
  std::printf("%d %zu\n", r->retries, r->values.size());
  worker.join();
}

void add_one(int *number) {
  *number += 1; // expected-warning {{'number' is written here}}
}

void single_number_is_told_as_a_race_bad() {
  int number = 0;
  std::thread worker(add_one, &number);
  std::printf("%d\n", number);
  worker.join();
}

void captured_by_reference_is_told_as_a_race_bad() {
  request r;
  std::thread worker([&r] {
    r.retries = 1; // expected-warning {{'retries' is written here}}
  });
  std::printf("%d\n", r.retries);
  worker.join();
}

void after_the_join_ok() {
  auto r = std::make_shared<request>();
  std::thread worker([r] { r->retries = 3; });
  worker.join();
  std::printf("%d\n", r->retries);
}

void only_read_ok() {
  auto r = std::make_shared<const request>();
  std::thread worker([r] { std::printf("%d\n", r->retries); });
  std::printf("%d\n", r->retries);
  worker.join();
}

void handed_over_for_good_ok() {
  auto r = std::make_unique<request>();
  std::thread worker([r = std::move(r)] { r->retries = 3; });
  worker.join();
}

void one_each_ok() {
  auto first_request = std::make_shared<request>();
  auto second_request = std::make_shared<request>();
  std::thread first([first_request] { first_request->retries = 3; });
  std::thread second([second_request] { second_request->retries = 3; });
  first.join();
  second.join();
}

void change_copy(request r) { r.retries = 2; }

void by_value_ok() {
  request r;
  std::thread worker(change_copy, r);
  std::printf("%d\n", r.retries);
  worker.join();
}

void before_the_start_ok() {
  auto r = std::make_shared<request>();
  r->retries = 1;
  std::thread worker([r] { r->retries += 1; });
  worker.join();
}

void other_part_ok() {
  auto r = std::make_shared<request>();
  std::thread worker([r] { r->retries = 3; });
  std::printf("%zu\n", r->values.size());
  worker.join();
}

struct guarded_request {
  std::mutex mutex;
  int retries = 0;
};

void locked_ok() {
  auto r = std::make_shared<guarded_request>();
  std::thread worker([r] {
    const std::lock_guard lock(r->mutex);
    r->retries = 3;
  });
  {
    const std::lock_guard lock(r->mutex);
    std::printf("%d\n", r->retries);
  }
  worker.join();
}

void pointer_changed_ok() {
  auto r = std::make_shared<request>();
  std::thread worker([r] { r->retries = 3; });
  r = std::make_shared<request>();
  worker.join();
}

void made_by_each_task_ok() {
  const auto work = [] {
    auto r = std::make_shared<request>();
    r->retries = 1;
  };
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
}

SCENARIO_MAIN(SCENARIO(shared_pointer_bad), SCENARIO(pointer_argument_bad), SCENARIO(siblings_bad),
              SCENARIO(shared_pointer_ok), SCENARIO(after_the_join_ok), SCENARIO(only_read_ok),
              SCENARIO(handed_over_for_good_ok), SCENARIO(one_each_ok), SCENARIO(by_value_ok),
              SCENARIO(before_the_start_ok), SCENARIO(other_part_ok), SCENARIO(locked_ok),
              SCENARIO(pointer_changed_ok), SCENARIO(made_by_each_task_ok))
