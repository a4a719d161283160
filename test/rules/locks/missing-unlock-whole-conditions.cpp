// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held,double-lock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread -DRUN %s -o %t
// RUN: %each_hangs %t another_part_bad both_instead_bad changed_in_between_bad one_too_few_bad \
// RUN:   forgotten_bad more_than_a_flag_bad one_of_a_flag_bad part_was_changed_bad
// RUN: timeout 60 %t ok

// Conditions that are asked again as a whole, one of several values, and `?:` that takes the lock
// in one of two ways: what sent a way there is told apart where ways have met in between.
#include "../scenarios.h"

#include <chrono>
#include <mutex>

namespace {

std::mutex m;
std::timed_mutex timed;
int sent, received;

} // namespace

bool ask();

void either_ok(bool sends, bool receives) {
  if (sends || receives)
    m.lock();
  if (sends)
    ++sent;
  if (receives)
    ++received;
  if (sends || receives)
    m.unlock();
}

void the_other_way_round_ok(bool sends, bool receives) {
  if (sends || receives)
    m.lock();
  ++sent;
  if (receives || sends)
    m.unlock();
}

void neither_ok(bool sends, bool receives) {
  if (!(sends || receives))
    return;
  if (!sends && !receives)
    m.lock();
  ++sent;
}

void by_de_morgan_ok(int sends, int receives) {
  if (!sends && receives == 0)
    ++received;
  else
    m.lock();
  ++sent;
  if (sends || receives != 0)
    m.unlock();
}

void not_both_ok(bool sends, bool receives) {
  if (!(sends && receives))
    m.lock();
  ++sent;
  if (!sends || !receives)
    m.unlock();
}

void three_ok(bool sends, bool receives, int count) {
  if (sends || (receives && count > 3))
    m.lock();
  ++sent;
  if ((count > 3 && receives) || sends)
    m.unlock();
}

void kept_in_a_flag_ok(bool sends, bool receives) {
  const bool both = sends && receives;
  if (!both)
    m.lock();
  ++sent;
  if (!sends || !receives)
    m.unlock();
}

void another_part_bad(bool sends, bool receives, bool counts) {
  if (sends || receives)
    m.lock();
  ++sent;
  if (sends || counts)
    m.unlock();
} // expected-warning {{'m' stays locked}}

void both_instead_bad(bool sends, bool receives) {
  if (sends || receives)
    m.lock();
  ++sent;
  if (sends && receives)
    m.unlock();
} // expected-warning {{'m' stays locked}}

void changed_in_between_bad(bool sends, bool receives) {
  if (sends || receives)
    m.lock();
  ++sent;
  if (ask())
    receives = sends = false;
  if (sends || receives)
    m.unlock();
} // expected-warning {{'m' stays locked}}

// The caller that holds the lock asks for neither.
void left_alone_ok() {
  m.lock();
  either_ok(false, false);
  m.unlock();
}

enum class Step { look, push, wait, pop };

void one_of_several_ok(Step step) {
  switch (step) {
  case Step::push:
  case Step::pop:
    m.lock();
    break;
  case Step::look:
  case Step::wait:
    break;
  }
  ++sent;
  if (step == Step::push || step == Step::pop)
    m.unlock();
}

void none_of_the_others_ok(Step step) {
  switch (step) {
  case Step::push:
  case Step::pop:
    m.lock();
    break;
  default:
    break;
  }
  ++sent;
  if (step != Step::look && step != Step::wait)
    m.unlock();
}

void one_too_few_bad(Step step) {
  switch (step) {
  case Step::push:
  case Step::wait:
  case Step::pop:
    m.lock();
    break;
  case Step::look:
    break;
  }
  ++sent;
  if (step == Step::push || step == Step::pop)
    m.unlock();
} // expected-warning {{'m' stays locked}}

bool tried_or_waited_for_ok(int limit) {
  bool taken =
      limit < 0 ? (timed.lock(), true) : timed.try_lock_for(std::chrono::milliseconds(limit));
  if (!taken)
    return false;
  ++sent;
  timed.unlock();
  return true;
}

bool tried_in_the_condition_ok(bool waits) {
  if (!(waits ? timed.try_lock_for(std::chrono::seconds(1)) : timed.try_lock()))
    return false;
  ++sent;
  timed.unlock();
  return true;
}

bool forgotten_bad(int limit) {
  bool taken =
      limit < 0 ? (timed.lock(), true) : timed.try_lock_for(std::chrono::milliseconds(limit));
  if (!taken)
    return false;
  if (++sent > limit)
    return false; // expected-warning {{'timed' stays locked}}
  timed.unlock();
  return true;
}

// Not run: not_taken_bad: what the unlock does nobody can tell.
bool not_taken_bad(int limit) {
  bool taken = limit < 0 ? false : timed.try_lock_for(std::chrono::milliseconds(limit));
  if (taken)
    return true;
  ++sent;
  timed.unlock(); // expected-warning {{'timed' is unlocked}}
  return false;
}

// What a flag stands for, a later condition may ask about by halves.
void part_of_a_flag_ok(bool sends, bool receives) {
  const bool both = sends && receives;
  if (both)
    m.lock();
  ++sent;
  if (sends && both)
    m.unlock();
}

void each_part_of_a_flag_ok(bool sends, int count) {
  const bool many = sends && count > 3;
  if (many)
    m.lock();
  ++sent;
  if (!sends)
    return;
  if (!many)
    return;
  m.unlock();
}

void parts_in_parts_ok(bool sends, bool receives, int count) {
  const bool any = sends || (receives && count > 3);
  if (!any)
    m.lock();
  ++sent;
  if (!sends && !any)
    m.unlock();
}

void more_than_a_flag_bad(bool sends, bool receives) {
  const bool both = sends && receives;
  if (both)
    m.lock();
  ++sent;
  if (sends && !ask())
    m.unlock();
} // expected-warning {{'m' stays locked}}

void one_of_a_flag_bad(bool sends, bool receives) {
  const bool any = sends || receives;
  if (any)
    m.lock();
  ++sent;
  if (sends && any)
    m.unlock();
} // expected-warning {{'m' stays locked}}

void part_was_changed_bad(bool sends, bool receives) {
  const bool both = sends && receives;
  if (both)
    m.lock();
  sends = !ask();
  if (sends && both)
    m.unlock();
} // expected-warning {{'m' stays locked}}

// Flags that are set from each other, in a circle.
void in_a_circle_ok(bool one, bool other) {
  bool a = one;
  bool b = a || other;
  for (int i = 0; i < 3; ++i) {
    a = b || one;
    b = a || other;
    a = b && a;
  }
  bool c = b || a;
  a = c && b;
  if (a)
    m.lock();
  if (a)
    m.unlock();
}

#ifdef RUN
bool ask() { return true; }

const scenario all[] = {
    {"another_part_bad", [] { another_part_bad(false, true, false); }, 1},
    {"both_instead_bad", [] { both_instead_bad(true, false); }, 1},
    {"changed_in_between_bad", [] { changed_in_between_bad(true, true); }, 1},
    {"one_too_few_bad", [] { one_too_few_bad(Step::wait); }, 1},
    {"forgotten_bad", [] { forgotten_bad(-1); }, 1},
    {"more_than_a_flag_bad", [] { more_than_a_flag_bad(true, true); }, 1},
    {"one_of_a_flag_bad", [] { one_of_a_flag_bad(false, true); }, 1},
    {"part_was_changed_bad", [] { part_was_changed_bad(true, true); }, 1},
    {"part_of_a_flag_ok", [] { part_of_a_flag_ok(true, true); }, 1},
    {"each_part_of_a_flag_ok", [] { each_part_of_a_flag_ok(true, 4); }, 1},
    {"parts_in_parts_ok", [] { parts_in_parts_ok(false, false, 0); }, 1},
    {"in_a_circle_ok", [] { in_a_circle_ok(true, false); }, 1},
    {"either_ok", [] { either_ok(true, false); }, 1},
    {"by_de_morgan_ok", [] { by_de_morgan_ok(0, 1); }, 1},
    {"three_ok", [] { three_ok(false, true, 4); }, 1},
    {"left_alone_ok", left_alone_ok, 1},
    {"one_of_several_ok", [] { one_of_several_ok(Step::pop); }, 1},
    {"tried_or_waited_for_ok", [] { tried_or_waited_for_ok(-1); }, 1},
    {"tried_in_the_condition_ok", [] { tried_in_the_condition_ok(false); }, 1},
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
#endif
