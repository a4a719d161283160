// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held,double-lock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %hangs %t locked_again_bad
// RUN: timeout 60 %t ok

// Guards that somebody wrote: whoever gets the pointer gives the lock back, and nobody else does.
#include "../scenarios.h"

#include <mutex>
#include <utility>

namespace {

std::mutex m, other;
int counter;

class Hold {
public:
  explicit Hold(std::mutex &lock) : lock_(&lock) { lock_->lock(); }
  Hold(Hold &&from) noexcept : lock_(std::exchange(from.lock_, nullptr)) {}
  Hold &operator=(Hold &&) = delete;
  ~Hold() {
    if (lock_)
      lock_->unlock();
  }

private:
  std::mutex *lock_;
};

class Nulled {
public:
  explicit Nulled(std::mutex &lock) : lock_(&lock) { lock_->lock(); }
  Nulled(Nulled &&from) noexcept : lock_(from.lock_) { from.lock_ = nullptr; }
  ~Nulled() {
    if (lock_)
      lock_->unlock();
  }

private:
  std::mutex *lock_;
};

void moved_ok() {
  Hold first(m);
  Hold second(std::move(first));
  ++counter;
}

void nulled_ok() {
  Nulled first(m);
  Nulled second(std::move(first));
  ++counter;
}

void count(Hold) { ++counter; }

void handed_over_ok() {
  Hold first(m);
  count(std::move(first));
  m.lock();
  m.unlock();
}

Hold made() {
  Hold hold(m);
  ++counter;
  return hold;
}

void returned_ok() {
  {
    Hold hold = made();
    ++counter;
  }
  m.lock();
  m.unlock();
}

struct Slot {
  std::mutex *lock;
};

void exchanged_ok() {
  m.lock();
  Slot first{&m}, second{nullptr};
  std::swap(first.lock, second.lock);
  ++counter;
  if (first.lock)
    first.lock->unlock();
  if (second.lock)
    second.lock->unlock();
}

void locked_again_bad() {
  Hold first = made();
  Hold second(std::move(first));
  m.lock(); // expected-warning {{'m' is locked again}}
  ++counter;
  m.unlock();
}

// Not run: given_back_twice_bad, taken_away_bad: what the second unlock does nobody can tell.
void given_back_twice_bad() {
  Hold first(other);
  count(std::move(first));
  other.unlock(); // expected-warning {{'other' is unlocked a second time}}
}

void taken_away_bad() {
  other.lock();
  Slot slot{&other};
  std::mutex *lock = std::exchange(slot.lock, nullptr);
  lock->unlock();
  other.unlock(); // expected-warning {{'other' is unlocked a second time}}
}

const scenario all[] = {
    {"moved_ok", moved_ok},
    {"nulled_ok", nulled_ok},
    {"handed_over_ok", handed_over_ok},
    {"returned_ok", returned_ok},
    {"exchanged_ok", exchanged_ok},
    {"locked_again_bad", locked_again_bad},
    {"given_back_twice_bad", given_back_twice_bad},
    {"taken_away_bad", taken_away_bad},
};

} // namespace

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
