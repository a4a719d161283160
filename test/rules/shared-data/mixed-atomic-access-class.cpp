// RUN: %heddle_verify --checks=mixed-atomic-access %s -- -std=c++20
// clang-format off: expectations stand on their lines

// Without a thread in sight: changed in one atomic step here, in a plain read and write there.
#include <atomic>
#include <mutex>

struct pool {
  long left = 0, made = 0, guarded = 0;
  std::mutex mutex;
};

long take(pool &p) { return __atomic_fetch_sub(&p.left, 1, __ATOMIC_ACQ_REL); }

void give_bad(pool &p) {
  ++p.left; // expected-warning {{'left' is changed here without an atomic operation; that does not keep the change apart from the atomic one in 'take'}}
}

void reset_ok(pool &p) { p.left = 0; }
long left_ok(const pool &p) { return p.left; }

// Where there is one thread, the cheap way will do.
void make_ok(pool &p, bool alone) {
  if (alone)
    ++p.made;
  else
    __atomic_fetch_add(&p.made, 1, __ATOMIC_RELAXED);
}

void take_guarded(pool &p) { __atomic_fetch_sub(&p.guarded, 1, __ATOMIC_ACQ_REL); }
void give_guarded_ok(pool &p) {
  std::lock_guard<std::mutex> lock(p.mutex);
  ++p.guarded;
}

class writer {
public:
  writer() { ++started_; }
  void begin() { std::atomic_ref<int>(started_).fetch_add(1); }
  void end_bad() {
    started_ -= 1; // expected-warning {{'started_' is changed here without an atomic operation; that does not keep the change apart from the atomic one in 'writer::begin'}}
  }

private:
  alignas(int) int started_ = 0;
};

struct made_here {
  int references = 0;
};

void hold(made_here &object) { __atomic_fetch_add(&object.references, 1, __ATOMIC_RELAXED); }

made_here *make_ok() {
  auto *fresh = new made_here;
  ++fresh->references;
  return fresh;
}
