// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held,double-lock %s -- -std=c++20

// Attempts to lock that are one side of a condition, where both sides have met again.
#include <mutex>

std::mutex m;
int counter;
bool more();

void again_ok() {
  m.lock();
  do {
    ++counter;
    m.unlock();
  } while (more() && m.try_lock());
}

void either_ok() {
  m.lock();
  do {
    ++counter;
    m.unlock();
  } while (!(more() || !m.try_lock()));
}

void kept_bad() {
  m.lock();
  do {
    ++counter;
    m.unlock(); // expected-warning {{'m' is unlocked where the attempt to lock it has failed}}
  } while (more() && !m.try_lock());
  ++counter;
} // expected-warning {{'m' stays locked}}
