// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t until_told_bad
// RUN: %t ok

// What is done before a flag is set comes before what is done where it was found set, and before
// nothing else.
#include "../scenarios.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

void until_told_bad() {
  std::atomic<bool> stop = false;
  std::vector<int> samples;
  std::thread worker([&] {
    while (!stop)
      // expected-warning@+1 {{'samples' is written here while another thread uses it}}
      samples.push_back(1);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  if (samples.size() > 1000000)
    std::puts("many");
  stop = true;
  worker.join();
}

struct job {
  std::atomic<int> state = 0;
  int progress = 0;
};

void while_it_runs_bad() {
  job mine;
  std::thread worker([&mine] {
    while (mine.state.load() != 2)
      // expected-warning@+1 {{'progress' is written here while another thread reads it}}
      ++mine.progress;
  });
  if (mine.progress < 0)
    std::puts("less");
  mine.state.store(2);
  worker.join();
}

void when_told_ok() {
  std::atomic<bool> ready = false;
  int result = 0;
  std::thread worker([&] {
    result = 42;
    ready = true;
  });
  while (!ready)
    std::this_thread::yield();
  ++result;
  worker.join();
}

void by_number_ok() {
  std::atomic<int> phase = 0;
  int value = 0;
  std::thread worker([&] {
    while (phase != 1)
      std::this_thread::yield();
    ++value;
    phase = 2;
  });
  value = 7;
  phase = 1;
  while (phase.load() == 1)
    std::this_thread::yield();
  ++value;
  worker.join();
}

// The value is not looked at where it is read.
void looked_at_later_ok() {
  std::atomic<int> phase = 0;
  int value = 0;
  std::thread worker([&] {
    int seen = 0;
    do
      seen = phase;
    while (seen == 0);
    ++value;
  });
  value = 7;
  phase = 1;
  worker.join();
}

// Handed on in one step by somebody else.
void handed_on_ok() {
  std::atomic<int> phase = 0;
  int value = 0;
  std::thread between([&] {
    while (phase.load() == 0)
      std::this_thread::yield();
    phase.fetch_add(1);
  });
  std::thread last([&] {
    while (phase.load() != 2)
      std::this_thread::yield();
    ++value;
  });
  value = 7;
  phase = 1;
  between.join();
  last.join();
}

SCENARIO_MAIN(SCENARIO(until_told_bad), SCENARIO(while_it_runs_bad), SCENARIO(when_told_ok),
              SCENARIO(by_number_ok), SCENARIO(looked_at_later_ok), SCENARIO(handed_on_ok))
