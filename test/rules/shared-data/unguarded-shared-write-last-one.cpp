// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t plain_bad
// RUN: %t ok

// The last one to let an object go ends it, with all that its destructor does.
#include "../scenarios.h"

#include <atomic>
#include <mutex>
#include <thread>

class connection {
public:
  explicit connection(int descriptor) : descriptor_(descriptor) {}
  void ref() { references_.fetch_add(1, std::memory_order_relaxed); }
  void unref() {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete this;
  }

private:
  ~connection() {
    if (descriptor_ >= 0)
      descriptor_ = -1;
  }
  std::atomic<int> references_{1};
  int descriptor_;
};
void counted_ok() {
  auto *one = new connection(3);
  one->ref();
  std::thread other([one] { one->unref(); });
  one->unref();
  other.join();
}

struct job {
  std::atomic<int> references{2};
  int *buffer = new int[4];
  ~job() { delete[] buffer; }
};
void release(job *which) {
  if (which->references.fetch_sub(1) == 1)
    delete which;
}
void used_before_ok() {
  auto *one = new job;
  std::thread other([one] {
    one->buffer[0] = 1;
    release(one);
  });
  release(one);
  other.join();
}

// The count is nobody's.
class counted_plainly {
public:
  void unref() {
    if (--references_ == 0) // expected-warning {{'references_' is written here by several threads}}
      last_ = true;         // expected-warning {{'last_' is written here by several threads}}
  }

private:
  int references_ = 2;
  bool last_ = false;
};
void plain_bad() {
  counted_plainly one;
  std::thread other([&one] { one.unref(); });
  one.unref();
  other.join();
}

SCENARIO_MAIN(SCENARIO(counted_ok), SCENARIO(used_before_ok), SCENARIO(plain_bad))
