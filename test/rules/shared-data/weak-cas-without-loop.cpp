// RUN: %heddle_verify --checks=weak-cas-without-loop %s -- -std=c++20
// clang-format off: expectations stand on their lines

// A weak compare-and-swap outside of a loop: it may fail although the value is the expected one.
#include <atomic>
#include <cstdio>
#include <stdexcept>

enum class phase { idle, starting, running };
std::atomic<phase> current = phase::idle;
void start_engine();

// [example: bad]
void start_bad() {
  phase expected = phase::idle;
  if (current.compare_exchange_weak(expected, phase::starting)) // expected-warning {{nothing tries again}}
    start_engine();
}
// [end]

// [example: good]
void start_ok() {
  phase expected = phase::idle;
  if (current.compare_exchange_strong(expected, phase::starting))
    start_engine();
}

std::atomic<int> highest = 0;

void raise_to_ok(int value) {
  int seen = highest.load();
  while (seen < value && !highest.compare_exchange_weak(seen, value))
    ;
}
// [end]

std::atomic<int> owner = 0;

void result_dropped_bad(int me) {
  int nobody = 0;
  owner.compare_exchange_weak(nobody, me); // expected-warning {{nobody looks at the result}}
}

void result_cast_away_bad(int me) {
  int nobody = 0;
  (void)owner.compare_exchange_weak(nobody, me); // expected-warning {{nobody looks at the result}}
}

void negated_bad(int me) {
  int nobody = 0;
  if (!owner.compare_exchange_weak(nobody, me)) { // expected-warning {{nothing tries again}}
    std::puts("taken");
    return;
  }
  std::puts("mine");
}

void through_a_variable_bad(int me) {
  int nobody = 0;
  const bool mine = owner.compare_exchange_weak(nobody, me); // expected-warning {{nothing tries again}}
  if (mine)
    start_engine();
}

void free_function_bad(int me) {
  int nobody = 0;
  if (std::atomic_compare_exchange_weak(&owner, &nobody, me)) // expected-warning {{nothing tries again}}
    start_engine();
}

int plain_owner = 0;

void reference_bad(int me) {
  int nobody = 0;
  if (std::atomic_ref<int>(plain_owner).compare_exchange_weak(nobody, me)) // expected-warning {{nothing tries again}}
    start_engine();
}

void builtin_bad(int me) {
  int nobody = 0;
  if (__atomic_compare_exchange_n(&plain_owner, &nobody, me, true, __ATOMIC_ACQ_REL, // expected-warning {{nothing tries again}}
                                  __ATOMIC_RELAXED))
    start_engine();
}

class door {
public:
  void open_bad() {
    bool closed = false;
    if (open_.compare_exchange_weak(closed, true)) // expected-warning {{nothing tries again}}
      std::puts("open");
  }
  // Says whether it worked; who calls it can try again.
  bool try_open_ok() {
    bool closed = false;
    return open_.compare_exchange_weak(closed, true);
  }

private:
  std::atomic<bool> open_ = false;
};

void use_door(door &d) {
  d.open_bad();
  while (!d.try_open_ok())
    ;
}

template <typename T> void set_once_bad(std::atomic<T> &slot, T value) {
  T none = {};
  slot.compare_exchange_weak(none, value); // expected-warning {{nobody looks at the result}}
}

void use_set_once(std::atomic<int> &a, std::atomic<long> &b) {
  set_once_bad(a, 1);
  set_once_bad(b, 1L);
}

void in_a_lambda_bad() {
  const auto claim = [](int me) {
    int nobody = 0;
    owner.compare_exchange_weak(nobody, me); // expected-warning {{nobody looks at the result}}
  };
  claim(1);
}

void do_while_ok() {
  int seen = owner.load();
  int next;
  do {
    next = seen + 1;
  } while (!owner.compare_exchange_weak(seen, next));
}

void while_with_body_ok() {
  int seen = owner.load();
  while (!owner.compare_exchange_weak(seen, seen * 2)) {
  }
}

void for_ever_ok() {
  for (;;) {
    int seen = owner.load();
    if (owner.compare_exchange_weak(seen, seen + 1))
      break;
  }
}

void continue_ok() {
  while (true) {
    int seen = owner.load();
    if (!owner.compare_exchange_weak(seen, seen + 1))
      continue;
    return;
  }
}

void with_goto_ok() {
  int seen = owner.load();
again:
  if (!owner.compare_exchange_weak(seen, seen + 1))
    goto again;
}

void in_a_condition_with_more_ok(int limit) {
  int seen = owner.load();
  while (seen < limit && !owner.compare_exchange_weak(seen, seen + 1))
    ;
}

bool through_a_variable_ok(int me) {
  int nobody = 0;
  const bool mine = owner.compare_exchange_weak(nobody, me);
  if (mine)
    start_engine();
  return mine;
}

bool tells_in_branches_ok(int me) {
  int nobody = 0;
  if (owner.compare_exchange_weak(nobody, me)) {
    start_engine();
    return true;
  }
  return false;
}

int status_ok(int me) {
  int nobody = 0;
  if (!owner.compare_exchange_weak(nobody, me))
    return -1;
  start_engine();
  return 0;
}

void throws_ok(int me) {
  int nobody = 0;
  if (!owner.compare_exchange_weak(nobody, me))
    throw std::runtime_error("busy");
}

void recursive_ok() {
  int seen = owner.load();
  if (!owner.compare_exchange_weak(seen, seen + 1))
    recursive_ok();
}

void passed_on(bool);

void handed_to_a_function_ok(int me) {
  int nobody = 0;
  passed_on(owner.compare_exchange_weak(nobody, me));
}

void each_slot_ok(std::atomic<int> (&slots)[8], int me) {
  for (std::atomic<int> &slot : slots) {
    int nobody = 0;
    if (slot.compare_exchange_weak(nobody, me))
      return;
  }
}

void builtin_strong_ok(int me) {
  int nobody = 0;
  if (__atomic_compare_exchange_n(&plain_owner, &nobody, me, false, __ATOMIC_ACQ_REL,
                                  __ATOMIC_RELAXED))
    start_engine();
}
