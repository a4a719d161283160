// RUN: %heddle_verify --checks=relaxed-publication %s -- -std=c++20
// RUN: %heddle check --quiet --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t both_relaxed_bad
// RUN: %race_found %t store_relaxed_bad
// RUN: %race_found %t load_relaxed_bad
// RUN: %race_found %t pointer_bad
// RUN: %race_found %t pointer_read_relaxed_bad
// RUN: %race_found %t relaxed_spinlock_bad
// RUN: %race_found %t member_bad
// RUN: %race_found %t state_number_bad
// RUN: %race_found %t through_callees_bad
// RUN: %t ok
// clang-format off: expectations stand on their lines

// A flag or pointer that hands data over, relaxed on one side at least. One report, by this rule.
#include "../scenarios.h"

#include <atomic>
#include <mutex>
#include <thread>

// [example: bad]
int data = 0;
std::atomic<bool> ready = false;

void both_relaxed_bad() {
  std::thread producer([] {
    data = 42;
    ready.store(true, std::memory_order_relaxed); // expected-warning {{'ready' is stored with relaxed order: who sees it need not see 'data'}}
  });
  while (!ready.load(std::memory_order_relaxed))
    std::this_thread::yield();
  std::printf("%d\n", data);
  producer.join();
}
// [end]

// [example: good]
int safe_data = 0;
std::atomic<bool> safe_ready = false;

void release_acquire_ok() {
  std::thread producer([] {
    safe_data = 42;
    safe_ready.store(true, std::memory_order_release);
  });
  while (!safe_ready.load(std::memory_order_acquire))
    std::this_thread::yield();
  std::printf("%d\n", safe_data);
  producer.join();
}
// [end]

int value = 0;
std::atomic<bool> value_ready = false;

void store_relaxed_bad() {
  std::thread producer([] {
    value = 1;
    value_ready.store(true, std::memory_order_relaxed); // expected-warning {{'value_ready' is stored with relaxed order}}
  });
  while (!value_ready)
    std::this_thread::yield();
  std::printf("%d\n", value);
  producer.join();
}

int number = 0;
std::atomic<bool> number_ready = false;

void load_relaxed_bad() {
  std::thread producer([] {
    number = 1;
    number_ready = true;
  });
  while (!number_ready.load(std::memory_order_relaxed)) // expected-warning {{'number_ready' is read with relaxed order}}
    std::this_thread::yield();
  std::printf("%d\n", number);
  producer.join();
}

struct config {
  int limit;
};
std::atomic<config *> current = nullptr;

void pointer_bad() {
  std::thread producer([] {
    current.store(new config{3}, std::memory_order_relaxed); // expected-warning {{'current' is stored with relaxed order: who follows the pointer}}
  });
  config *seen;
  while (!(seen = current.load(std::memory_order_acquire)))
    std::this_thread::yield();
  std::printf("%d\n", current.load(std::memory_order_acquire)->limit);
  producer.join();
}

std::atomic<config *> later = nullptr;

void pointer_read_relaxed_bad() {
  std::thread producer([] {
    config *made = new config{3};
    made->limit = 4;
    later.store(made, std::memory_order_release);
  });
  for (;;) {
    config *seen = later.load(std::memory_order_relaxed); // expected-warning {{'later' is read with relaxed order and then followed}}
    if (seen) {
      std::printf("%d\n", seen->limit);
      break;
    }
    std::this_thread::yield();
  }
  producer.join();
}

std::atomic_flag busy = ATOMIC_FLAG_INIT;
int counted = 0;

void count_relaxed() {
  while (busy.test_and_set(std::memory_order_relaxed))
    std::this_thread::yield();
  ++counted;
  busy.clear(std::memory_order_relaxed); // expected-warning {{'busy' is stored with relaxed order: who sees it need not see 'counted'}}
}

void relaxed_spinlock_bad() {
  std::thread worker([] {
    for (int i = 0; i < 1000; ++i)
      count_relaxed();
  });
  for (int i = 0; i < 1000; ++i)
    count_relaxed();
  worker.join();
}

class box {
public:
  void put(int n) {
    content_ = n;
    full_.store(true, std::memory_order_relaxed); // expected-warning {{'full_' is stored with relaxed order}}
  }
  int take() {
    while (!full_.load(std::memory_order_relaxed))
      std::this_thread::yield();
    return content_;
  }

private:
  int content_ = 0;
  std::atomic<bool> full_ = false;
};

void member_bad() {
  box b;
  std::thread producer([&b] { b.put(1); });
  std::printf("%d\n", b.take());
  producer.join();
}

int result = 0;
std::atomic<int> state = 0;

void state_number_bad() {
  std::thread producer([] {
    state.store(1, std::memory_order_relaxed);
    result = 9;
    state.store(2, std::memory_order_relaxed); // expected-warning {{'state' is stored with relaxed order}}
  });
  while (state.load(std::memory_order_relaxed) != 2)
    std::this_thread::yield();
  std::printf("%d\n", result);
  producer.join();
}

int piece = 0;
std::atomic<bool> piece_ready = false;

void make_piece() { piece = 4; }

template <typename Flag> void announce(Flag &flag) {
  flag.store(true, std::memory_order_relaxed); // expected-warning {{'piece_ready' is stored with relaxed order}}
}

void wait_for_piece() {
  while (!piece_ready.load(std::memory_order_relaxed))
    std::this_thread::yield();
}

void through_callees_bad() {
  std::thread producer([] {
    make_piece();
    announce(piece_ready);
  });
  wait_for_piece();
  std::printf("%d\n", piece);
  producer.join();
}

int default_data = 0;
std::atomic<bool> default_ready = false;

void default_order_ok() {
  std::thread producer([] {
    default_data = 1;
    default_ready = true;
  });
  while (!default_ready)
    std::this_thread::yield();
  std::printf("%d\n", default_data);
  producer.join();
}

std::atomic<long> statistics = 0;

void counter_ok() {
  std::thread worker([] { statistics.fetch_add(1, std::memory_order_relaxed); });
  statistics.fetch_add(1, std::memory_order_relaxed);
  std::printf("%ld\n", statistics.load(std::memory_order_relaxed));
  worker.join();
}

std::atomic<bool> stop = false;

void stop_flag_ok() {
  int rounds = 0;
  std::thread worker([&rounds] {
    while (!stop.load(std::memory_order_relaxed))
      ++rounds;
  });
  stop.store(true, std::memory_order_relaxed);
  worker.join();
  std::printf("%d\n", rounds > 0);
}

int before_start = 0;
std::atomic<bool> go = false;

void written_before_the_thread_ok() {
  before_start = 3;
  std::thread worker([] {
    while (!go.load(std::memory_order_relaxed))
      std::this_thread::yield();
    std::printf("%d\n", before_start);
  });
  go.store(true, std::memory_order_relaxed);
  worker.join();
}

int locked_data = 0;
std::mutex lock;
std::atomic<bool> maybe_ready = false;

void lock_orders_ok() {
  std::thread producer([] {
    const std::lock_guard<std::mutex> held(lock);
    locked_data = 1;
    maybe_ready.store(true, std::memory_order_relaxed);
  });
  while (!maybe_ready.load(std::memory_order_relaxed))
    std::this_thread::yield();
  {
    const std::lock_guard<std::mutex> held(lock);
    std::printf("%d\n", locked_data);
  }
  producer.join();
}

std::atomic<int> atomic_data = 0;
std::atomic<bool> atomic_ready = false;

void data_is_atomic_ok() {
  std::thread producer([] {
    atomic_data.store(1, std::memory_order_relaxed);
    atomic_ready.store(true, std::memory_order_relaxed);
  });
  while (!atomic_ready.load(std::memory_order_relaxed))
    std::this_thread::yield();
  std::printf("%d\n", atomic_data.load(std::memory_order_relaxed));
  producer.join();
}

int joined_data = 0;
std::atomic<bool> joined_ready = false;

void join_orders_ok() {
  std::thread producer([] {
    joined_data = 1;
    joined_ready.store(true, std::memory_order_relaxed);
  });
  producer.join();
  if (joined_ready.load(std::memory_order_relaxed))
    std::printf("%d\n", joined_data);
}

std::atomic<config *> good_pointer = nullptr;

void pointer_ok() {
  std::thread producer([] { good_pointer.store(new config{3}, std::memory_order_release); });
  while (!good_pointer.load(std::memory_order_relaxed))
    std::this_thread::yield();
  std::printf("%d\n", good_pointer.load(std::memory_order_acquire)->limit);
  producer.join();
}

const config fixed{7};
std::atomic<const config *> chosen = &fixed;

void pointer_to_constant_ok() {
  std::thread producer([] { chosen.store(&fixed, std::memory_order_relaxed); });
  std::printf("%d\n", chosen.load(std::memory_order_relaxed)->limit);
  producer.join();
}

std::atomic_flag good_lock = ATOMIC_FLAG_INIT;
int good_count = 0;

void count_acquire() {
  while (good_lock.test_and_set(std::memory_order_acquire))
    std::this_thread::yield();
  ++good_count;
  good_lock.clear(std::memory_order_release);
}

void spinlock_ok() {
  std::thread worker(count_acquire);
  count_acquire();
  worker.join();
}

int published = 0;
std::atomic<int> generation = 0;

// Spins relaxed and looks again with acquire.
void relaxed_spin_then_acquire_ok() {
  std::thread producer([] {
    published = 1;
    generation.store(1, std::memory_order_release);
  });
  while (generation.load(std::memory_order_relaxed) == 0)
    std::this_thread::yield();
  if (generation.load(std::memory_order_acquire) == 1)
    std::printf("%d\n", published);
  producer.join();
}

SCENARIO_MAIN(SCENARIO(both_relaxed_bad), SCENARIO(release_acquire_ok), SCENARIO(store_relaxed_bad),
              SCENARIO(load_relaxed_bad), SCENARIO(pointer_bad), SCENARIO(pointer_read_relaxed_bad),
              SCENARIO(relaxed_spinlock_bad), SCENARIO(member_bad), SCENARIO(state_number_bad),
              SCENARIO(through_callees_bad), SCENARIO(default_order_ok), SCENARIO(counter_ok),
              SCENARIO(stop_flag_ok), SCENARIO(written_before_the_thread_ok),
              SCENARIO(lock_orders_ok), SCENARIO(data_is_atomic_ok), SCENARIO(join_orders_ok),
              SCENARIO(pointer_ok), SCENARIO(pointer_to_constant_ok), SCENARIO(spinlock_ok),
              SCENARIO(relaxed_spin_then_acquire_ok))
