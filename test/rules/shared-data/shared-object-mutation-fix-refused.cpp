// RUN: cp %s %t.cpp
// RUN: %exits 1 %heddle check --quiet --fix-unsafe --checks=shared-object-mutation %t.cpp -- -std=c++20
// RUN: cmp %s %t.cpp

// Copies that would not compile, would not be whole, or would still lead to one place.
#include <cstdio>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

struct node {
  int value = 0;
  node *next = nullptr;
};

void behind_a_pointer() {
  node second;
  auto first = std::make_shared<node>();
  first->next = &second;
  std::thread worker([first] { first->next->value = 1; });
  std::printf("%d\n", first->next->value);
  worker.join();
}

struct with_lock {
  std::mutex mutex;
  int value = 0;
};

void not_copyable() {
  auto object = std::make_shared<with_lock>();
  std::thread worker([object] { object->value = 1; });
  std::printf("%d\n", object->value);
  worker.join();
}

struct shape {
  virtual ~shape() = default;
  int size = 0;
};
struct circle : shape {
  int radius = 0;
};

void sliced() {
  std::shared_ptr<shape> object = std::make_shared<circle>();
  std::thread worker([object] { object->size = 1; });
  std::printf("%d\n", object->size);
  worker.join();
}

// The closure has one copy, and both tasks get it.
void one_closure_for_two() {
  auto object = std::make_shared<node>();
  const auto work = [object] { ++object->value; };
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
}

void set(node *object, std::unique_ptr<int> number) { object->value = *number; }

void argument_that_cannot_be_copied() {
  node object;
  std::thread worker(set, &object, std::make_unique<int>(1));
  std::printf("%d\n", object.value);
  worker.join();
}

int main() {
  behind_a_pointer();
  not_copyable();
  sliced();
  one_closure_for_two();
  argument_that_cannot_be_copied();
}
