// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation,split-atomic-update %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t counted_rounds_bad
// RUN: %race_found %t iterators_bad
// RUN: %race_found %t counter_of_the_lambda_bad
// RUN: %t ok
// clang-format off: expectations stand on their lines

// How often a thread goes round a loop is its own affair; that it does is not.
#include "../scenarios.h"

#include <atomic>
#include <thread>
#include <vector>

namespace {

unsigned next_number() {
  static unsigned last = 0;
  return ++last; // expected-warning {{'last' is written here by several threads at the same time; none of them holds a lock}}
}

struct client {
  void ask(int times) {
    for (int i = 0; i < times; ++i)
      numbers.push_back(next_number());
  }
  std::vector<unsigned> numbers;
};

void counted_rounds_bad() {
  std::vector<client> clients(2);
  std::vector<std::thread> threads;
  for (client &each : clients)
    threads.emplace_back([&each] { each.ask(1000); });
  for (std::thread &each : threads)
    each.join();
}

long total = 0;

template <typename Iterator> void add_up(Iterator from, Iterator to) {
  for (; from != to; ++from)
    total += *from; // expected-warning {{'total' is written here by several threads}}
}

void iterators_bad() {
  const std::vector<int> values(1000);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(add_up<std::vector<int>::const_iterator>, values.begin() + i * 250,
                         values.begin() + (i + 1) * 250);
  for (std::thread &each : threads)
    each.join();
}

int sent = 0;

void counter_of_the_lambda_bad() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([left = 100]() mutable {
      while (left > 0) {
        ++sent; // expected-warning {{'sent' is written here by several threads}}
        --left;
      }
    });
  for (std::thread &each : threads)
    each.join();
}

// ThreadSanitizer does not see what is lost between two atomic operations.
std::atomic<long> worst = 0;

void note(long time) {
  if (time > worst)
    worst = time; // expected-warning {{'worst' is tested and then set in two steps: two threads can both pass the test}}
}

void maximum_bad() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([i] { note(i); });
  for (std::thread &each : threads)
    each.join();
}

// A value of its own chooses one thread.
int chosen = 0;
std::atomic<int> turn = 0;

void chosen_ok() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([i] {
      if (i == 2)
        ++chosen;
    });
  for (std::thread &each : threads)
    each.join();
}

void own_turn_ok() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([i] {
      while (true)
        if (turn == i) {
          turn = turn + 1;
          return;
        }
    });
  for (std::thread &each : threads)
    each.join();
}

void own_part_ok() {
  std::vector<int> values(1000);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&values, i] {
      for (int k = i * 250; k < (i + 1) * 250; ++k)
        values[k] += k;
    });
  for (std::thread &each : threads)
    each.join();
}

template <typename Iterator> void clear(Iterator from, Iterator to) {
  while (from != to)
    *from++ = 0;
}

void own_iterators_ok() {
  std::vector<int> values(1000);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(clear<std::vector<int>::iterator>, values.begin() + i * 250,
                         values.begin() + (i + 1) * 250);
  for (std::thread &each : threads)
    each.join();
}

void assigned_iterator_ok() {
  std::vector<int> values(1000);
  std::vector<std::thread> threads;
  auto from = values.begin();
  for (int i = 0; i < 4; ++i) {
    auto to = from + 250;
    threads.emplace_back([from, to]() mutable {
      for (; from != to; ++from)
        *from = 1;
    });
    from = to;
  }
  for (std::thread &each : threads)
    each.join();
}

} // namespace

SCENARIO_MAIN(SCENARIO(iterators_bad), SCENARIO(counter_of_the_lambda_bad),
              SCENARIO(own_iterators_ok), SCENARIO(assigned_iterator_ok),
              SCENARIO(counted_rounds_bad), SCENARIO(maximum_bad), SCENARIO(chosen_ok),
              SCENARIO(own_turn_ok), SCENARIO(own_part_ok))
