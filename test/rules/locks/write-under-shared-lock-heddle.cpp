// RUN: %heddle_verify --checks=write-under-shared-lock,double-lock,missing-unlock,check-then-act %s -- -std=c++20 -I%runtime_include
// RUN: %runtime_cxx %s %runtime_lib -o %t
// RUN: %exits 70 %t upgrading_bad
// RUN: %exits 70 %t leaving_bad
// RUN: timeout 60 %t ok

// The readers and the writer of Heddle's rw_mutex.
#include "../scenarios.h"
#include "heddle/heddle.h"

#include <map>

class table {
public:
  void put_ok(int key) {
    heddle::write_guard lock(mutex);
    rows[key] = 1;
  }
  // Not run: put_bad, in_between_bad: write-under-shared-lock.cpp and check-then-act.cpp show such
  // races.
  void put_bad(int key) {
    heddle::read_guard lock(mutex);
    rows[key] = 1; // expected-warning {{'rows' is written here while 'mutex' is held for reading}}
  }
  bool find_ok(int key) {
    heddle::read_guard lock(mutex);
    return rows.count(key) > 0;
  }
  void by_hand_ok(int key) {
    mutex.lock();
    rows[key] = 2;
    mutex.unlock();
  }
  void upgrade_bad() {
    heddle::read_guard shared(mutex);
    heddle::write_guard lock(mutex); // expected-warning {{the thread waits for itself}}
  }
  bool leave_bad(int key) {
    mutex.lock_shared();
    if (key < 0)
      return false; // expected-warning {{'mutex' stays locked}}
    const bool found = rows.count(key) > 0;
    mutex.unlock_shared();
    return found;
  }
  void in_between_bad(int key) {
    bool found = false;
    {
      heddle::read_guard lock(mutex);
      found = rows.count(key) > 0;
    }
    if (!found) {
      heddle::write_guard lock(mutex);
      rows[key] = 1; // expected-warning {{'rows' is changed here after a check}}
    }
  }

private:
  heddle::rw_mutex mutex;
  std::map<int, int> rows;
};

void several(table &shared) {
  heddle::wait_group tasks;
  for (int i = 0; i < 3; ++i)
    tasks.go([&, i] {
      shared.put_ok(i);
      shared.put_bad(i);
      (void)shared.find_ok(i);
      shared.by_hand_ok(i);
      shared.in_between_bad(i);
    });
  tasks.wait();
}

void upgrading_bad() { table().upgrade_bad(); }

void leaving_bad() {
  table left;
  left.leave_bad(-1);
  left.put_ok(1); // expected-warning {{the call of 'table::put_ok' locks 'left.mutex'}}
}

void using_ok() {
  table used;
  used.put_ok(1);
  used.by_hand_ok(2);
  (void)used.find_ok(1);
}

SCENARIO_MAIN(SCENARIO(upgrading_bad), SCENARIO(leaving_bad), SCENARIO(using_ok))
