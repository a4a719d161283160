// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread -DRUN %s -o %t
// RUN: %each_hangs %t another_number_bad changes_bad
// RUN: %t ok

// The same question twice, put to a function.
#include "../scenarios.h"

#include <mutex>

namespace {

struct settings {
  int flags;
};

inline int is_threaded(settings *of) { return of->flags & 4; }
inline int turns(settings *of) { return of->flags++; }
int level(const settings &of) { return of.flags; }

std::mutex mutex;
int count;

void ask_a_helper(settings *of) {
  if (is_threaded(of))
    mutex.lock();
  ++count;
  if (is_threaded(of))
    mutex.unlock();
}

void compare(const settings &of) {
  if (level(of) > 2)
    mutex.lock();
  ++count;
  if (level(of) > 2)
    mutex.unlock();
}

void compare_the_other_way(const settings &of) {
  if (level(of) <= 2) {
    ++count;
    return;
  }
  mutex.lock();
  ++count;
  if (2 < level(of))
    mutex.unlock();
}

void same_questions_ok() {
  settings with{7}, without{0};
  for (settings *each : {&with, &without}) {
    ask_a_helper(each);
    compare(*each);
    compare_the_other_way(*each);
  }
}

void another_number(const settings &of) {
  if (level(of) > 2)
    mutex.lock();
  ++count;
  if (level(of) > 3)
    mutex.unlock();
} // expected-warning {{'mutex' stays locked when 'another_number' ends here}}

void another_number_bad() { another_number({3}); }

void change(settings *of) {
  if (turns(of))
    mutex.lock();
  ++count;
  if (turns(of))
    mutex.unlock();
} // expected-warning {{'mutex' stays locked when 'change' ends here}}

void changes_bad() {
  settings s{-1};
  change(&s);
}

} // namespace

SCENARIO_MAIN(SCENARIO(same_questions_ok), SCENARIO_TWICE(another_number_bad),
              SCENARIO_TWICE(changes_bad))
