// RUN: %heddle_verify --checks=unlock-not-held,missing-unlock,double-lock,unguarded-shared-write,inconsistent-guard %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t without_them_bad
// RUN: %t ok

// Several locks that are tried at once: whether they are held is not followed, so that they may be.
#include "../scenarios.h"

#include <mutex>
#include <thread>
#include <vector>

std::mutex left_mutex, right_mutex;
std::vector<int> left, right, neither;

void move_by_hand() {
  if (std::try_lock(left_mutex, right_mutex) != -1)
    return;
  left.push_back(1);
  right_mutex.unlock();
  left_mutex.unlock();
}

void by_hand_ok() {
  std::thread other(move_by_hand);
  move_by_hand();
  other.join();
}

void move_by_guards() {
  std::unique_lock<std::mutex> first(left_mutex, std::defer_lock);
  std::unique_lock<std::mutex> second(right_mutex, std::defer_lock);
  if (std::try_lock(first, second) == -1)
    right.push_back(1);
}

void by_guards_ok() {
  std::thread other(move_by_guards);
  move_by_guards();
  other.join();
}

void grow() {
  neither.push_back(1); // expected-warning {{'neither' is written here}}
  if (std::try_lock(left_mutex, right_mutex) == -1) {
    right_mutex.unlock();
    left_mutex.unlock();
  }
}

void without_them_bad() {
  std::thread other(grow);
  grow();
  other.join();
}

SCENARIO_MAIN(SCENARIO(by_hand_ok), SCENARIO(by_guards_ok), SCENARIO(without_them_bad))
