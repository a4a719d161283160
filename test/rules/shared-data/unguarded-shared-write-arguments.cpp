// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %t ok

// What a function does only for some arguments is done only by calls with these.
#include "../scenarios.h"

#include <thread>

int skipped, used, passed_by, passed, looked_at, changed, unset, turned, empty, open_choice;

int use(bool really, const int *from) {
  if (really)
    return *from;
  return 0;
}

void constant_ok() {
  std::thread worker([] { use(false, &skipped); });
  skipped = 1;
  worker.join();
}

void constant_bad() {
  std::thread worker([] { use(true, &used); });
  used = 1; // expected-warning {{'used' is written here while another thread reads it}}
  worker.join();
}

void pass_on(bool really, const int *from) { use(really, from); }

void through_callee_ok() {
  std::thread worker(pass_on, false, &passed_by);
  passed_by = 2;
  worker.join();
}

void through_callee_bad() {
  std::thread worker(pass_on, true, &passed);
  passed = 2; // expected-warning {{'passed' is written here while another thread reads it}}
  worker.join();
}

enum mode { look, change };

void act(mode what, int *where) {
  if (what != look)
    ++*where; // expected-warning {{'changed' is written here while another thread writes it}}
}

void enumerator_ok() {
  std::thread worker([] { act(look, &looked_at); });
  looked_at = 1;
  worker.join();
}

void enumerator_bad() {
  std::thread worker([] { act(change, &changed); });
  changed = 1;
  worker.join();
}

class meter {
public:
  void update(const int *source) {
    if (source == nullptr)
      return;
    unset += *source;
  }
};

void null_ok() {
  meter m;
  std::thread worker([&m] { m.update(nullptr); });
  unset = 1;
  worker.join();
}

// The parameter is given another value: what the caller says no longer holds.
int use_later(bool really, const int *from) {
  really = !really;
  if (really)
    return *from;
  return 0;
}

void reassigned_bad() {
  std::thread worker([] { use_later(false, &turned); });
  turned = 3; // expected-warning {{'turned' is written here while another thread reads it}}
  worker.join();
}

template <typename T> T read_if(int times, const T &from) {
  if (times == 0)
    return T();
  return from;
}

void template_ok() {
  std::thread worker([] { read_if(0, empty); });
  empty = 1;
  worker.join();
}

// Neither way is ruled out.
void either_way_bad(bool really) {
  std::thread worker([really] { use(really, &open_choice); });
  open_choice = 4; // expected-warning {{'open_choice' is written here while another thread reads}}
  worker.join();
}

SCENARIO_MAIN(SCENARIO(constant_ok), SCENARIO(constant_bad), SCENARIO(through_callee_ok),
              SCENARIO(through_callee_bad), SCENARIO(enumerator_ok), SCENARIO(enumerator_bad),
              SCENARIO(null_ok), SCENARIO(reassigned_bad), SCENARIO(template_ok))
