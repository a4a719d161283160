// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held,double-lock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %each_hangs %t next_bad uses_bad forgets_bad
// RUN: timeout 60 %t ok

// Elements of arrays that are found, locked and handed to the caller in that state: by address, by
// reference, by index.
#include "../scenarios.h"

#include <cstddef>
#include <mutex>
#include <vector>

namespace {

struct session {
  std::mutex mutex;
  int id = 0, uses = 0;
  char name[8] = {};
};

constexpr int size = 4;
session table[size];
std::vector<session> more(size);

session *find(int id) {
  for (int i = 0; i < size; ++i) {
    table[i].mutex.lock();
    if (table[i].id == id)
      return &table[i];
    table[i].mutex.unlock();
  }
  return nullptr;
}

session *find_by_sum(int id) {
  for (int i = 0; i < size; ++i) {
    table[i].mutex.lock();
    if (table[i].id == id)
      return table + i;
    table[i].mutex.unlock();
  }
  return nullptr;
}

session *find_more(int id) {
  for (std::size_t i = 0; i < more.size(); ++i) {
    more[i].mutex.lock();
    if (more[i].id == id)
      return &more[i];
    more[i].mutex.unlock();
  }
  return nullptr;
}

session &find_or_first(int id) {
  for (int i = 0; i < size; ++i) {
    table[i].mutex.lock();
    if (table[i].id == id)
      return table[i];
    table[i].mutex.unlock();
  }
  table[0].mutex.lock();
  return table[0];
}

struct found {
  session *one;
  bool is_there;
};

found find_or_none(int id) {
  for (int i = 0; i < size; ++i) {
    table[i].mutex.lock();
    if (table[i].id == id)
      return {&table[i], true};
    table[i].mutex.unlock();
  }
  return {nullptr, false};
}

int find_index(int id) {
  for (int i = 0; i < size; ++i) {
    table[i].mutex.lock();
    if (table[i].id == id)
      return i;
    table[i].mutex.unlock();
  }
  return -1;
}

int find_last_index(int id) {
  int last = -1;
  for (int i = 0; i < size; ++i) {
    table[i].mutex.lock();
    if (table[i].id == id) {
      last = i;
      break;
    }
    table[i].mutex.unlock();
  }
  return last;
}

char *name_of(unsigned id) {
  table[id % size].mutex.lock();
  if (table[id % size].id < 0) {
    table[id % size].mutex.unlock();
    return nullptr;
  }
  return table[id % size].name;
}

void give_back(unsigned id) { table[id % size].mutex.unlock(); }

void each_ok() {
  if (session *one = find(0)) {
    ++one->uses;
    one->mutex.unlock();
  }
  if (session *one = find_by_sum(0))
    one->mutex.unlock();
  if (session *one = find_more(0))
    one->mutex.unlock();
  find_or_first(0).mutex.unlock();
  if (auto [one, found] = find_or_none(0); found)
    one->mutex.unlock();
  if (int i = find_index(0); i >= 0) {
    ++table[i].uses;
    table[i].mutex.unlock();
  }
  if (int i = find_last_index(0); i >= 0)
    table[i].mutex.unlock();
  if (char *name = name_of(0)) {
    name[0] = 'a';
    give_back(0);
  }
}

// Another element than the one that is locked, of which nobody gives back what others took.
struct entry {
  std::mutex lock;
  int id = 0;
};

entry entries[size];

entry *find_next(int id) {
  for (int i = 0; i + 1 < size; ++i) {
    entries[i].lock.lock();
    if (entries[i].id == id)
      return &entries[i + 1]; // expected-warning {{'entries[...].lock' stays locked when}}
    entries[i].lock.unlock();
  }
  return nullptr;
}

// Says nothing of where the lock is.
int uses_of(int id) {
  for (int i = 0; i < size; ++i) {
    table[i].mutex.lock();
    if (table[i].id == id)
      return table[i].uses; // expected-warning {{'table[...].mutex' stays locked when}}
    table[i].mutex.unlock();
  }
  return -1;
}

// Nothing is handed out.
void use(int id) {
  for (int i = 0; i < size; ++i) {
    table[i].mutex.lock();
    if (table[i].id == id) {
      ++table[i].uses;
      return; // expected-warning {{'table[...].mutex' stays locked when}}
    }
    table[i].mutex.unlock();
  }
}

void next_bad() { find_next(0); }
void uses_bad() { uses_of(0); }
void forgets_bad() { use(0); }

} // namespace

SCENARIO_MAIN(SCENARIO_TWICE(next_bad), SCENARIO_TWICE(uses_bad), SCENARIO_TWICE(forgets_bad),
              SCENARIO(each_ok))
