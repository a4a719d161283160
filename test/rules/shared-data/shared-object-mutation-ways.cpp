// RUN: %heddle_verify --checks=shared-object-mutation,unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t through_a_helper_bad
// RUN: %race_found %t template_bad
// RUN: %race_found %t inner_lambda_bad
// RUN: %race_found %t asynchronous_bad
// RUN: %race_found %t in_a_loop_bad
// RUN: %race_found %t the_head_for_each_bad
// RUN: %race_found %t two_kinds_of_tasks_bad
// RUN: %t ok

// The ways by which an object gets to a task: through helpers, members, templates and lambdas; each
// beside one that looks alike and hands over something else.
#include "../scenarios.h"

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

struct order {
  int state = 0;
  int price = 0;
  std::vector<std::string> notes;
  std::atomic<int> views = 0;
};

struct plain_order {
  int state = 0;
  int price = 0;
};

// through a callee that starts the task

std::thread start(order *o) {
  return std::thread([o] {
    o->state = 1; // expected-warning {{'o->state' is changed here by a task that was handed}}
  });
}

void through_a_helper_bad() {
  order o;
  std::thread worker = start(&o);
  std::printf("%d\n", o.state);
  worker.join();
}

std::thread start_with_copy(const plain_order &o) {
  return std::thread([mine = o]() mutable { mine.state = 1; });
}

void through_a_helper_ok() {
  plain_order o;
  std::thread worker = start_with_copy(o);
  std::printf("%d\n", o.state);
  worker.join();
}

void start_and_wait(order *o) {
  std::thread worker([o] { o->state = 2; });
  worker.join();
}

void helper_that_waits_ok() {
  order o;
  start_and_wait(&o);
  std::printf("%d\n", o.state);
}

// a member function as the task

class clerk {
public:
  void look(const std::shared_ptr<order> &o) const { std::printf("%d\n", o->price + fee); }
  void count(const std::shared_ptr<order> &o) const { o->views += fee; }

private:
  int fee = 1;
};

void member_function_that_looks_ok() {
  auto o = std::make_shared<order>();
  clerk c;
  std::thread worker(&clerk::look, &c, o);
  std::printf("%d\n", o->price);
  worker.join();
}

void atomic_member_ok() {
  auto o = std::make_shared<order>();
  clerk c;
  std::thread worker(&clerk::count, &c, o);
  std::printf("%d\n", o->views.load());
  worker.join();
}

// templates

template <typename Object, typename Change> std::thread change_later(Object *o, Change change) {
  return std::thread([o, change] { change(*o); });
}

void template_bad() {
  order o;
  std::thread worker = change_later(&o, [](order &mine) {
    mine.state = 3; // expected-warning {{'mine.state' is changed here}}
  });
  std::printf("%d\n", o.state);
  worker.join();
}

template <typename Object, typename Change> std::thread change_copy(Object o, Change change) {
  return std::thread([o, change]() mutable { change(o); });
}

void template_ok() {
  plain_order o;
  std::thread worker = change_copy(o, [](plain_order &mine) { mine.state = 3; });
  std::printf("%d\n", o.state);
  worker.join();
}

// lambdas in lambdas

void inner_lambda_bad() {
  auto o = std::make_shared<order>();
  std::thread worker([o] {
    const auto close = [&o] {
      o->state = 4; // expected-warning {{'o->state' is changed here}}
    };
    close();
  });
  std::printf("%d\n", o->state);
  worker.join();
}

void inner_lambda_on_copy_ok() {
  plain_order o;
  std::thread worker([o]() mutable {
    const auto close = [&o] { o.state = 4; };
    close();
  });
  std::printf("%d\n", o.state);
  worker.join();
}

// futures

void asynchronous_bad() {
  auto o = std::make_shared<order>();
  auto done = std::async(std::launch::async, [o] {
    o->notes.emplace_back("seen"); // expected-warning {{'o->notes' is changed here}}
  });
  std::printf("%zu\n", o->notes.size());
  done.wait();
}

void result_waited_for_ok() {
  auto o = std::make_shared<order>();
  auto done = std::async(std::launch::async, [o] { o->notes.emplace_back("seen"); });
  done.wait();
  std::printf("%zu\n", o->notes.size());
}

// several tasks

void in_a_loop_bad() {
  auto o = std::make_shared<order>();
  std::vector<std::thread> workers;
  for (int i = 0; i < 3; ++i)
    workers.emplace_back([o] {
      o->state += 1; // expected-warning {{'o->state' is changed here}}
    });
  for (std::thread &worker : workers)
    worker.join();
}

void one_each_in_a_loop_ok() {
  std::vector<std::thread> workers;
  for (int i = 0; i < 3; ++i) {
    auto o = std::make_shared<order>();
    workers.emplace_back([o] { o->state += 1; });
  }
  for (std::thread &worker : workers)
    worker.join();
}

// one object after the other

struct chained {
  int state = 0;
  chained *next = nullptr;
};

void one_for_each_in_the_list_ok() {
  chained third, second{0, &third}, first{0, &second};
  std::vector<std::thread> workers;
  for (chained *each = &first; each; each = each->next)
    workers.emplace_back([each] { each->state += 1; });
  for (std::thread &worker : workers)
    worker.join();
}

void finish(chained *c) { c->state += 1; }

void start_for_each(chained *each) {
  std::vector<std::thread> workers;
  while (each) {
    workers.emplace_back(finish, each);
    each = each->next;
  }
  for (std::thread &worker : workers)
    worker.join();
}

void through_a_parameter_ok() {
  chained second, first{0, &second};
  start_for_each(&first);
}

void one_then_another_ok() {
  chained second, first;
  chained *mine = &first;
  std::vector<std::thread> workers;
  for (int i = 0; i < 2; ++i) {
    workers.emplace_back([mine] { mine->state += 1; });
    mine = &second;
  }
  for (std::thread &worker : workers)
    worker.join();
}

void the_head_for_each_bad() {
  chained third, second{0, &third}, first{0, &second};
  std::vector<std::thread> workers;
  chained *head = &first;
  for (chained *each = head; each; each = each->next)
    workers.emplace_back([head] {
      head->state += 1; // expected-warning {{'head->state' is changed here}}
    });
  for (std::thread &worker : workers)
    worker.join();
}

void two_kinds_of_tasks_bad() {
  auto o = std::make_shared<order>();
  std::thread writer([o] {
    o->price = 9; // expected-warning {{'o->price' is changed here}}
  });
  std::thread reader([o] { std::printf("%d\n", o->price); });
  writer.join();
  reader.join();
}

void one_after_the_other_ok() {
  auto o = std::make_shared<order>();
  std::thread writer([o] { o->price = 9; });
  writer.join();
  std::thread reader([o] { std::printf("%d\n", o->price); });
  reader.join();
}

void moved_into_the_task_ok() {
  auto o = std::make_shared<order>();
  std::thread worker([mine = std::move(o)] { mine->state = 5; });
  worker.join();
}

void copied_for_the_task_ok() {
  auto o = std::make_shared<plain_order>();
  std::thread worker([mine = std::make_shared<plain_order>(*o)] { mine->state = 5; });
  std::printf("%d\n", o->state);
  worker.join();
}

SCENARIO_MAIN(SCENARIO(through_a_helper_bad), SCENARIO(through_a_helper_ok),
              SCENARIO(helper_that_waits_ok), SCENARIO(member_function_that_looks_ok),
              SCENARIO(atomic_member_ok), SCENARIO(template_bad), SCENARIO(template_ok),
              SCENARIO(inner_lambda_bad), SCENARIO(inner_lambda_on_copy_ok),
              SCENARIO(asynchronous_bad), SCENARIO(result_waited_for_ok), SCENARIO(in_a_loop_bad),
              SCENARIO(one_each_in_a_loop_ok), SCENARIO(one_for_each_in_the_list_ok),
              SCENARIO(through_a_parameter_ok), SCENARIO(one_then_another_ok),
              SCENARIO(the_head_for_each_bad), SCENARIO(two_kinds_of_tasks_bad),
              SCENARIO(one_after_the_other_ok), SCENARIO(moved_into_the_task_ok),
              SCENARIO(copied_for_the_task_ok))
