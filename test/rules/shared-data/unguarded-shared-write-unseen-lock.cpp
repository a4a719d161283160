// RUN: %heddle_verify --checks=unguarded-shared-write,inconsistent-guard %s -- -std=c++20
// RUN: %tsan_cxx -DRUN %s -o %t
// RUN: %race_found %t outside_bad
// RUN: %race_found %t only_begun_bad
// RUN: %race_found %t own_lock_bad
// RUN: %t ok

// Functions that are not seen and given nothing: two of them that always come together may be lock
// and unlock, of a lock that others may take by its name.
#include "../scenarios.h"

#include <mutex>
#include <thread>
#include <vector>

extern std::mutex stats_mutex;
void lock_stats();
void unlock_stats();
void begin_only();

class Giant {
public:
  Giant();
  ~Giant();
};

namespace {

std::vector<int> stats;
int counter, under_guard, outside, begun, own;
std::mutex mine;

void by_calls() {
  lock_stats();
  ++counter;
  unlock_stats();
}

void early(bool skip) {
  lock_stats();
  if (skip) {
    unlock_stats();
    return;
  }
  ++counter;
  unlock_stats();
}

void add_by_calls() {
  lock_stats();
  stats.push_back(1);
  unlock_stats();
}

void add_by_name() {
  std::lock_guard<std::mutex> lock(stats_mutex);
  stats.push_back(2);
}

void by_object() {
  Giant giant;
  ++under_guard;
}

void both_calls_ok() {
  std::thread thread(by_calls);
  early(false);
  thread.join();
}

void one_by_name_ok() {
  std::thread thread(add_by_calls);
  add_by_name();
  thread.join();
}

void objects_ok() {
  std::thread thread(by_object);
  by_object();
  thread.join();
}

// Who does the same outside of the section has nothing of it.
void inside() {
  lock_stats();
  ++outside; // expected-warning {{'outside' is written here while another thread writes it}}
  unlock_stats();
}

void outside_bad() {
  std::thread thread(inside);
  ++outside;
  thread.join();
}

// One function alone ends no section.
void begin() {
  begin_only();
  ++begun; // expected-warning {{'begun' is written here by several threads at the same time}}
}

void only_begun_bad() {
  std::thread thread(begin);
  begin();
  thread.join();
}

// The unseen functions cannot name this lock.
void own_by_calls() {
  lock_stats();
  ++own; // expected-warning {{'own' is written here while another thread writes it}}
  unlock_stats();
}

void own_lock_bad() {
  std::thread thread(own_by_calls);
  {
    std::lock_guard<std::mutex> lock(mine);
    ++own;
  }
  thread.join();
}

} // namespace

#ifdef RUN
SCENARIO_MAIN(SCENARIO(both_calls_ok), SCENARIO(one_by_name_ok), SCENARIO(objects_ok),
              SCENARIO(outside_bad), SCENARIO(only_begun_bad), SCENARIO(own_lock_bad))

// What the functions above are, in another unit.
std::mutex stats_mutex;
void lock_stats() { stats_mutex.lock(); }
void unlock_stats() { stats_mutex.unlock(); }
void begin_only() {}
static std::mutex giant;
Giant::Giant() { giant.lock(); }
Giant::~Giant() { giant.unlock(); }
#endif
