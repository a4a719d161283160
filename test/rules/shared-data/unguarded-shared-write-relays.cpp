// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t hasty_bad
// RUN: %race_found %t others_bad
// RUN: %race_found %t producers_bad
// RUN: %race_found %t passed_by_bad
// RUN: %t ok

// A thread that has heard of one thread, and then tells another one, orders the two.
#include "../scenarios.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <thread>

void nap() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

void semaphores_ok() {
  std::binary_semaphore first{0}, second{0};
  int data = 0;
  std::thread a([&] {
    data = 1;
    first.release();
  });
  std::thread b([&] {
    first.acquire();
    second.release();
  });
  std::thread c([&] {
    second.acquire();
    data = 2;
  });
  a.join();
  b.join();
  c.join();
}

// By way of the thread that has started both.
void starter_ok() {
  std::binary_semaphore loaded{0};
  std::latch go{1};
  int data = 0;
  std::thread loader([&] {
    data = 1;
    loaded.release();
  });
  std::thread user([&] {
    go.wait();
    data = 2;
  });
  loaded.acquire();
  go.count_down();
  loader.join();
  user.join();
}

void flags_ok() {
  std::mutex one, other;
  std::condition_variable one_set, other_set;
  bool is_one = false, is_other = false;
  int data = 0;
  std::thread a([&] {
    data = 1;
    {
      std::lock_guard<std::mutex> lock(one);
      is_one = true;
    }
    one_set.notify_one();
  });
  std::thread b([&] {
    {
      std::unique_lock<std::mutex> lock(one);
      one_set.wait(lock, [&] { return is_one; });
    }
    {
      std::lock_guard<std::mutex> lock(other);
      is_other = true;
    }
    other_set.notify_one();
  });
  std::thread c([&] {
    {
      std::unique_lock<std::mutex> lock(other);
      other_set.wait(lock, [&] { return is_other; });
    }
    data = 2;
  });
  a.join();
  b.join();
  c.join();
}

void atomics_ok() {
  std::atomic<bool> first = false, second = false;
  int data = 0;
  std::thread a([&] {
    data = 1;
    first = true;
  });
  std::thread b([&] {
    while (!first)
      std::this_thread::yield();
    second = true;
  });
  std::thread c([&] {
    while (!second)
      std::this_thread::yield();
    data = 2;
  });
  a.join();
  b.join();
  c.join();
}

void promises_ok() {
  std::promise<void> first, second;
  int data = 0;
  std::thread a([&] {
    data = 1;
    first.set_value();
  });
  std::thread b([&] {
    first.get_future().wait();
    second.set_value();
  });
  std::thread c([&] {
    second.get_future().wait();
    data = 2;
  });
  a.join();
  b.join();
  c.join();
}

// Tells before it has heard.
void hasty_bad() {
  std::binary_semaphore first{0}, second{0};
  int data = 0;
  std::thread a([&] {
    nap();
    data = 1; // expected-warning {{'data' is written here while another thread writes it}}
    first.release();
  });
  std::thread b([&] {
    second.release();
    first.acquire();
  });
  std::thread c([&] {
    second.acquire();
    nap();
    data = 2;
  });
  a.join();
  b.join();
  c.join();
}

// Somebody else may be heard instead.
void others_bad() {
  std::counting_semaphore<4> first{0}, second{0};
  int data = 0;
  std::thread a([&] {
    nap();
    data = 1; // expected-warning {{'data' is written here while another thread writes it}}
    first.release();
  });
  std::thread b([&] {
    first.acquire();
    second.release();
  });
  std::thread c([&] {
    second.acquire();
    nap();
    data = 2;
  });
  second.release();
  a.join();
  b.join();
  c.join();
}

// Two who fill what a third one empties meet while there is room for both.
void producers_bad() {
  std::counting_semaphore<8> items{0}, space{8};
  int last = 0;
  std::thread a([&] {
    for (int i = 0; i < 100; ++i) {
      space.acquire();
      last = i; // expected-warning {{'last' is written here while another thread writes it}}
      items.release();
    }
  });
  std::thread b([&] {
    for (int i = 0; i < 100; ++i) {
      space.acquire();
      last = i;
      items.release();
    }
  });
  std::thread consumer([&] {
    for (int i = 0; i < 200; ++i) {
      items.acquire();
      space.release();
    }
  });
  a.join();
  b.join();
  consumer.join();
}

// What is done behind telling is not ordered.
void passed_by_bad() {
  std::binary_semaphore first{0}, second{0};
  int data = 0;
  std::thread a([&] {
    first.release();
    nap();
    data = 1; // expected-warning {{'data' is written here while another thread writes it}}
  });
  std::thread b([&] {
    first.acquire();
    second.release();
  });
  std::thread c([&] {
    second.acquire();
    nap();
    data = 2;
  });
  a.join();
  b.join();
  c.join();
}

SCENARIO_MAIN(SCENARIO(semaphores_ok), SCENARIO(starter_ok), SCENARIO(flags_ok),
              SCENARIO(atomics_ok), SCENARIO(promises_ok), SCENARIO(hasty_bad),
              SCENARIO(others_bad), SCENARIO(producers_bad), SCENARIO(passed_by_bad))
