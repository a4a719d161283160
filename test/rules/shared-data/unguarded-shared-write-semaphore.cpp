// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t two_permits_bad
// RUN: %t ok

// Semaphores with one permit: as locks they protect only who takes them; as signals they order.
#include "../scenarios.h"

#include <chrono>
#include <semaphore>
#include <thread>

#include <semaphore.h>

std::binary_semaphore gate{1};
int guarded;

void add() {
  gate.acquire();
  ++guarded;
  gate.release();
}

void both_locked_ok() {
  std::thread worker(add);
  add();
  worker.join();
}

int half_guarded;

void add_half() {
  gate.acquire();
  ++half_guarded;
  gate.release();
}

void one_without_bad() {
  std::thread worker(add_half);
  ++half_guarded; // expected-warning {{'half_guarded' is written here while another thread writes it}}
  worker.join();
}

int after_guarded;

void after_release_bad() {
  std::thread worker([] {
    gate.acquire();
    gate.release();
    ++after_guarded; // expected-warning {{'after_guarded' is written here while another thread}}
  });
  gate.acquire();
  ++after_guarded;
  gate.release();
  worker.join();
}

sem_t posix_gate;
int posix_guarded, posix_half;

void posix_add() {
  sem_wait(&posix_gate);
  ++posix_guarded;
  sem_post(&posix_gate);
}

void posix_ok() {
  sem_init(&posix_gate, 0, 1);
  std::thread worker(posix_add);
  posix_add();
  worker.join();
}

void posix_bad() {
  sem_init(&posix_gate, 0, 1);
  std::thread worker([] {
    sem_wait(&posix_gate);
    ++posix_half;
    sem_post(&posix_gate);
  });
  ++posix_half; // expected-warning {{'posix_half' is written here while another thread}}
  worker.join();
}

class counter {
public:
  void add() {
    permit_.acquire();
    ++value_;
    permit_.release();
  }
  int value() {
    permit_.acquire();
    int copy = value_;
    permit_.release();
    return copy;
  }

private:
  std::counting_semaphore<1> permit_{1};
  int value_ = 0;
};

void member_ok() {
  counter c;
  std::thread worker([&c] { c.add(); });
  c.value();
  worker.join();
}

// One permit, but taken here and given back there: a signal.
std::binary_semaphore handover{1};
int parcel;

void handover_ok() {
  handover.acquire();
  std::thread worker([] {
    parcel = 1;
    handover.release();
  });
  handover.acquire();
  parcel = 2;
  handover.release();
  worker.join();
}

std::counting_semaphore<2> ready{0};
int prepared;

void signal_ok() {
  std::thread worker([] {
    prepared = 1;
    ready.release();
  });
  ready.acquire();
  ++prepared;
  worker.join();
}

// Two permits let two in.
std::counting_semaphore<2> pair_of_permits{2};
int shared_by_two;

void add_as_one_of_two() {
  pair_of_permits.acquire();
  std::this_thread::sleep_for(std::chrono::milliseconds(20)); // for the other one to be in
  ++shared_by_two; // expected-warning {{'shared_by_two' is written here by several threads}}
  pair_of_permits.release();
}

void two_permits_bad() {
  std::thread a(add_as_one_of_two), b(add_as_one_of_two);
  a.join();
  b.join();
}

// Who takes all of them is alone.
std::counting_semaphore<2> all_permits{2};
int read_by_two;

void read_as_one_of_two() {
  all_permits.acquire();
  [[maybe_unused]] int seen = read_by_two;
  all_permits.release();
}

void write_alone() {
  for (int i = 0; i < 2; ++i)
    all_permits.acquire();
  ++read_by_two;
  all_permits.release();
  all_permits.release();
}

void all_permits_ok() {
  std::thread a(read_as_one_of_two), b(read_as_one_of_two);
  write_alone();
  a.join();
  b.join();
}

// A place in a buffer is taken here and given back there.
std::counting_semaphore<2> places{2}, parcels{0};
int buffer[2];

void buffered_ok() {
  std::thread sender([] {
    for (int i = 0; i < 4; ++i) {
      places.acquire();
      buffer[i % 2] = i;
      parcels.release();
    }
  });
  for (int i = 0; i < 4; ++i) {
    parcels.acquire();
    buffer[i % 2] += 1;
    places.release();
  }
  sender.join();
}

SCENARIO_MAIN(SCENARIO(two_permits_bad), SCENARIO(all_permits_ok), SCENARIO(buffered_ok),
              SCENARIO(both_locked_ok), SCENARIO(one_without_bad), SCENARIO(after_release_bad),
              SCENARIO(posix_ok), SCENARIO(posix_bad), SCENARIO(member_ok), SCENARIO(handover_ok),
              SCENARIO(signal_ok))
