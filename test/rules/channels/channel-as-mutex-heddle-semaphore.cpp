// RUN: %heddle_verify --checks=channel-as-mutex %s -- -std=c++20 -I%runtime_include

// The semaphore of Heddle's runtime, as a lock and as what it is for.
#include "heddle/heddle.h"

#include <atomic>

class counter_bad {
public:
  void add() {
    one.acquire();
    ++count;
    one.release();
  }

private:
  heddle::semaphore one{1}; // expected-warning {{semaphore 'one' is used as a mutex}}
  int count = 0;
};

class bounded_ok {
public:
  void handle() {
    some.acquire();
    heddle::defer d([&] { some.release(); });
    ++handled;
  }
  void handle(const heddle::context &ctx) {
    if (!some.acquire(ctx))
      return;
    ++handled;
    some.release();
  }

private:
  heddle::semaphore some{4};
  std::atomic<int> handled = 0;
};
