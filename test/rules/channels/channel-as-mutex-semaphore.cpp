// RUN: %heddle_verify --checks=channel-as-mutex %s -- -std=c++20

// Semaphores of the standard library that start at one, or do not.
#include <chrono>
#include <semaphore>
#include <thread>

void use(int value);

int total = 0;
std::binary_semaphore total_lock(1); // expected-warning {{mutex}}

void add_to_total() {
  total_lock.acquire();
  ++total;
  total_lock.release();
}

void binary_semaphore_bad() {
  std::thread other(add_to_total);
  add_to_total();
  other.join();
}

void counting_semaphore_of_one_bad() {
  int sum = 0;
  std::counting_semaphore<1> lock(1); // expected-warning {{mutex}}
  const auto add = [&] {
    lock.acquire();
    ++sum;
    lock.release();
  };
  std::thread other(add);
  add();
  other.join();
}

void two_sections_bad() {
  int sum = 0;
  std::binary_semaphore lock{1}; // expected-warning {{mutex}}
  std::thread other([&] {
    lock.acquire();
    sum += 1;
    lock.release();
  });
  lock.acquire();
  sum += 2;
  lock.release();
  other.join();
}

void signal_ok() {
  std::binary_semaphore ready(0);
  std::thread worker([&ready] {
    use(1);
    ready.release();
  });
  ready.acquire();
  worker.join();
}

void ping_pong_ok() {
  std::binary_semaphore ping(1);
  std::binary_semaphore pong(0);
  std::thread other([&] {
    for (int i = 0; i < 3; ++i) {
      pong.acquire();
      use(i);
      ping.release();
    }
  });
  for (int i = 0; i < 3; ++i) {
    ping.acquire();
    use(i);
    pong.release();
  }
  other.join();
}

void limit_of_several_ok() {
  std::counting_semaphore<4> slots(4);
  const auto work = [&slots] {
    slots.acquire();
    use(1);
    slots.release();
  };
  std::thread other(work);
  work();
  other.join();
}

void starts_above_one_ok() {
  std::counting_semaphore<> slots(2);
  const auto work = [&slots] {
    slots.acquire();
    use(1);
    slots.release();
  };
  std::thread other(work);
  work();
  other.join();
}

void wait_with_a_limit_ok() {
  std::binary_semaphore slot(1);
  const auto work = [&slot] {
    if (!slot.try_acquire_for(std::chrono::seconds(1)))
      return;
    use(1);
    slot.release();
  };
  std::thread other(work);
  work();
  other.join();
}

void released_by_the_other_thread_ok() {
  std::binary_semaphore busy(1);
  busy.acquire();
  std::thread worker([&busy] {
    use(1);
    busy.release(); // a mutex must be unlocked by its owner
  });
  busy.acquire();
  worker.join();
}
