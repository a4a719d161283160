// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held %s -- -std=c++20

// The same question twice, put to a function.
#include <mutex>

struct settings {
  int flags;
};

static inline int is_threaded(settings *of) { return of->flags & 4; }
static inline int turns(settings *of) { return of->flags++; }
int level(const settings &of);

std::mutex mutex;
int count;

void helper_ok(settings *of) {
  if (is_threaded(of))
    mutex.lock();
  ++count;
  if (is_threaded(of))
    mutex.unlock();
}

void compared_ok(const settings &of) {
  if (level(of) > 2)
    mutex.lock();
  ++count;
  if (level(of) > 2)
    mutex.unlock();
}

void compared_the_other_way_ok(const settings &of) {
  if (level(of) <= 2) {
    ++count;
    return;
  }
  mutex.lock();
  ++count;
  if (2 < level(of))
    mutex.unlock();
}

void another_number_bad(const settings &of) {
  if (level(of) > 2)
    mutex.lock();
  ++count;
  if (level(of) > 3)
    mutex.unlock();
} // expected-warning {{'mutex' stays locked when 'another_number_bad' ends here}}

void changes_bad(settings *of) {
  if (turns(of))
    mutex.lock();
  ++count;
  if (turns(of))
    mutex.unlock();
} // expected-warning {{'mutex' stays locked when 'changes_bad' ends here}}
