// RUN: %heddle_verify --checks=unguarded-copy %s -- -std=c++20

// Copies as the compiler writes them: what is copied decides whether a lock is missing.
#include <array>
#include <pthread.h>
#include <string>
#include <vector>

struct slot {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  std::string label;
};
std::array<slot, 8> slots;

void rename_slot(std::size_t which, const std::string &label) {
  pthread_mutex_lock(&slots[which].mutex);
  slots[which].label = label;
  pthread_mutex_unlock(&slots[which].mutex);
}

std::string own_ones_ok() {
  std::array<slot, 8> fresh;
  std::array<slot, 8> copy = fresh;
  slot one;
  slot other = one;
  return copy[0].label + other.label;
}

std::vector<slot> as_many_ok(std::size_t count) {
  std::vector<slot> made(count);
  made.push_back(slot());
  return made;
}

struct cup { // expected-warning {{'label' is copied here without 'mutex'}}
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  std::string label;
};
cup cups[4];

void rename_cup(std::size_t which, const std::string &label) {
  pthread_mutex_lock(&cups[which].mutex);
  cups[which].label = label;
  pthread_mutex_unlock(&cups[which].mutex);
}

std::string each_bad() {
  std::string all;
  for (auto each : cups)
    all += each.label;
  return all;
}
