// RUN: %heddle_verify --checks=volatile-as-synchronization %s -- -std=c++17
// RUN: %heddle check --quiet --checks=unguarded-shared-write,relaxed-publication %s -- -std=c++17
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t spins_bad
// RUN: %race_found %t hands_over_bad
// RUN: %race_found %t stop_flag_bad
// RUN: %race_found %t member_bad
// RUN: %race_found %t captured_bad
// RUN: %race_found %t phase_bad
// RUN: %race_found %t through_callees_bad
// RUN: %race_found %t breaks_bad
// RUN: %race_found %t template_bad
// RUN: %t ok
// clang-format off: expectations stand on their lines

// Volatile flags that a loop in another thread waits for. One report, by this rule.
#include "../scenarios.h"

#include <atomic>
#include <csignal>
#include <mutex>
#include <thread>

// [example: bad]
volatile bool ready = false;

void spins_bad() {
  std::thread worker([] {
    ready = true; // expected-warning {{'ready' is written here while a loop in another thread waits for it}}
  });
  while (!ready)
    std::this_thread::yield();
  worker.join();
}
// [end]

// [example: good]
std::atomic<bool> safe_ready = false;

void atomic_ok() {
  std::thread worker([] { safe_ready = true; });
  while (!safe_ready)
    std::this_thread::yield();
  worker.join();
}
// [end]

int data = 0;
volatile int full = 0;

// The data races as well; that has the same cause, and is told with the flag.
void hands_over_bad() {
  std::thread producer([] {
    data = 42;
    full = 1; // expected-warning {{'full' is written here while a loop}}
  });
  while (full == 0)
    std::this_thread::yield();
  std::printf("%d\n", data);
  producer.join();
}

volatile bool stop = false;

void stop_flag_bad() {
  std::thread worker([] {
    while (!stop)
      std::this_thread::yield();
  });
  stop = true; // expected-warning {{'stop' is written here while a loop}}
  worker.join();
}

class engine {
public:
  void run() {
    std::thread worker([this] {
      while (running_)
        std::this_thread::yield();
    });
    running_ = false; // expected-warning {{'running_' is written here while a loop}}
    worker.join();
  }

private:
  volatile bool running_ = true;
};

void member_bad() { engine().run(); }

void captured_bad() {
  volatile bool done = false;
  std::thread worker([&done] {
    done = true; // expected-warning {{'done' is written here while a loop}}
  });
  while (!done)
    std::this_thread::yield();
  worker.join();
}

volatile int phase = 0;

void phase_bad() {
  std::thread worker([] {
    while (phase < 1)
      std::this_thread::yield();
  });
  phase = 1; // expected-warning {{'phase' is written here while a loop}}
  worker.join();
}

volatile bool opened = false;

void open() {
  opened = true; // expected-warning {{'opened' is written here while a loop}}
}

void wait_until_open() {
  do {
    std::this_thread::yield();
  } while (!opened);
}

void through_callees_bad() {
  std::thread worker(wait_until_open);
  open();
  worker.join();
}

volatile bool over = false;

void breaks_bad() {
  std::thread worker([] {
    for (;;) {
      if (over)
        break;
      std::this_thread::yield();
    }
  });
  over = true; // expected-warning {{'over' is written here while a loop}}
  worker.join();
}

template <typename Flag> void await(Flag &flag) {
  while (!flag)
    std::this_thread::yield();
}

volatile bool arrived = false;

void template_bad() {
  std::thread worker([] {
    arrived = true; // expected-warning {{'arrived' is written here while a loop}}
  });
  await(arrived);
  worker.join();
}

volatile bool before = false;

void written_before_the_thread_ok() {
  before = true;
  std::thread worker([] {
    while (!before)
      std::this_thread::yield();
  });
  worker.join();
}

volatile bool guarded = false;
std::mutex lock;

void lock_ok() {
  std::thread worker([] {
    const std::lock_guard<std::mutex> held(lock);
    guarded = true;
  });
  for (;;) {
    const std::lock_guard<std::mutex> held(lock);
    if (guarded)
      break;
  }
  worker.join();
}

volatile std::sig_atomic_t interrupted = 0;

void handle(int) { interrupted = 1; }

void signal_handler_ok() {
  std::signal(SIGUSR1, handle);
  std::raise(SIGUSR1);
  while (!interrupted)
    std::this_thread::yield();
}

void own_variable_ok() {
  volatile int rounds = 3;
  std::thread worker([] { std::puts("apart"); });
  while (rounds > 0)
    rounds = rounds - 1;
  worker.join();
}

volatile bool finished = false;

void joined_first_ok() {
  std::thread worker([] { finished = true; });
  worker.join();
  while (!finished)
    std::this_thread::yield();
}

volatile std::atomic<bool> volatile_atomic = false;

void volatile_atomic_ok() {
  std::thread worker([] { volatile_atomic = true; });
  while (!volatile_atomic)
    std::this_thread::yield();
  worker.join();
}

void device_ok() {
  volatile unsigned registers[2] = {1, 0};
  volatile unsigned *status = &registers[0];
  while (*status == 0)
    ;
  *status = 0;
}

volatile int only_read = 1;

void only_read_ok() {
  std::thread worker([] {
    while (only_read == 0)
      std::this_thread::yield();
  });
  while (only_read == 0)
    std::this_thread::yield();
  worker.join();
}

thread_local volatile bool own_flag = false;

void thread_local_ok() {
  std::thread worker([] { own_flag = true; });
  own_flag = true;
  while (!own_flag)
    std::this_thread::yield();
  worker.join();
}

std::atomic<bool> ordered = false;
volatile bool behind = false;

void ordered_by_an_atomic_ok() {
  std::thread worker([] {
    behind = true;
    ordered = true;
  });
  while (!ordered)
    std::this_thread::yield();
  while (!behind)
    std::this_thread::yield();
  worker.join();
}

volatile int first = 0;
volatile int second = 0;

void different_variables_ok() {
  std::thread worker([] { first = 1; });
  while (second != 0)
    std::this_thread::yield();
  worker.join();
}

SCENARIO_MAIN(SCENARIO(spins_bad), SCENARIO(atomic_ok), SCENARIO(hands_over_bad),
              SCENARIO(stop_flag_bad), SCENARIO(member_bad), SCENARIO(captured_bad),
              SCENARIO(phase_bad), SCENARIO(through_callees_bad), SCENARIO(breaks_bad),
              SCENARIO(template_bad), SCENARIO(written_before_the_thread_ok), SCENARIO(lock_ok),
              SCENARIO(signal_handler_ok), SCENARIO(own_variable_ok), SCENARIO(joined_first_ok),
              SCENARIO(volatile_atomic_ok), SCENARIO(device_ok), SCENARIO(only_read_ok),
              SCENARIO(thread_local_ok), SCENARIO(ordered_by_an_atomic_ok),
              SCENARIO(different_variables_ok))
