// RUN: %heddle_verify --checks=check-then-act %s -- -std=c++20

// Loaded under a lock, changed without it, stored under it again: updates in between are lost.
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

std::mutex mutex;
int counter = 0;
int limit = 0;
int recompute(int value);

void load_then_store_bad() {
  int value;
  {
    std::lock_guard lock(mutex);
    value = counter;
  }
  value = value + 1;
  {
    std::lock_guard lock(mutex);
    counter = value; // expected-warning {{'counter' is set here from a value}}
  }
}

void through_function_bad() {
  std::unique_lock lock(mutex);
  int value = counter;
  lock.unlock();
  int result = recompute(value);
  lock.lock();
  counter = result; // expected-warning {{'counter' is set here from a value}}
}

struct statistics {
  std::mutex mutex;
  double mean = 0;
  int count = 0;
  void add_bad(double value) {
    mutex.lock();
    double old = mean;
    mutex.unlock();
    double fresh = old + (value - old) / 10;
    mutex.lock();
    mean = fresh; // expected-warning {{'mean' is set here from a value}}
    mutex.unlock();
  }
  void add_ok(double value) {
    std::lock_guard lock(mutex);
    double old = mean;
    double fresh = old + (value - old) / 10;
    mean = fresh;
  }
};

std::vector<std::string> names;

void copy_change_store_bad(const std::string &name) {
  std::vector<std::string> copy;
  {
    std::lock_guard lock(mutex);
    copy = names;
  }
  copy.push_back(name);
  std::lock_guard lock(mutex);
  names = copy; // expected-warning {{'names' is set here from a value}}
}

void compared_again_ok() {
  for (;;) {
    int seen;
    {
      std::lock_guard lock(mutex);
      seen = counter;
    }
    int wanted = recompute(seen);
    std::lock_guard lock(mutex);
    if (counter == seen) {
      counter = wanted;
      return;
    }
  }
}

int version = 0;

void version_ok() {
  for (;;) {
    int seen, at;
    {
      std::lock_guard lock(mutex);
      seen = counter;
      at = version;
    }
    int wanted = recompute(seen);
    std::lock_guard lock(mutex);
    if (version != at)
      continue;
    counter = wanted;
    ++version;
    return;
  }
}

void added_later_ok() {
  int value;
  {
    std::lock_guard lock(mutex);
    value = counter;
  }
  recompute(value);
  std::lock_guard lock(mutex);
  counter -= value; // takes off what was seen, keeps what came since
}

void stored_elsewhere_ok() {
  int value;
  {
    std::lock_guard lock(mutex);
    value = counter;
  }
  std::lock_guard lock(mutex);
  limit = value + 1;
}

void claimed_ok() {
  int mine;
  {
    std::lock_guard lock(mutex);
    mine = counter;
    counter = -1; // nobody else gets it until it is put back
  }
  mine = recompute(mine);
  std::lock_guard lock(mutex);
  counter = mine;
}

bool busy = false;

void busy_flag_ok() {
  int value;
  {
    std::lock_guard lock(mutex);
    if (busy)
      return;
    busy = true;
    value = counter;
  }
  value = recompute(value);
  std::lock_guard lock(mutex);
  counter = value;
  busy = false;
}

void swapped_ok() {
  std::vector<std::string> mine;
  {
    std::lock_guard lock(mutex);
    mine.swap(names);
  }
  mine.clear();
  std::lock_guard lock(mutex);
  names = mine;
}

void read_again_ok() {
  int value;
  {
    std::lock_guard lock(mutex);
    value = counter;
  }
  recompute(value);
  std::lock_guard lock(mutex);
  value = counter;
  counter = value + 1;
}

std::mutex other_mutex;

void outer_lock_ok() {
  std::lock_guard outer(other_mutex);
  int value;
  {
    std::lock_guard lock(mutex);
    value = counter;
  }
  value = recompute(value);
  std::lock_guard lock(mutex);
  counter = value;
}

namespace {
void called_with_lock_ok() {
  int value;
  {
    std::lock_guard lock(mutex);
    value = counter;
  }
  value = recompute(value);
  std::lock_guard lock(mutex);
  counter = value;
}
} // namespace

void calls_with_lock() {
  std::lock_guard outer(other_mutex);
  called_with_lock_ok();
}

// Who is first in the queue works for all the others until it leaves it.
struct request {
  int by = 0;
};
std::vector<request *> requests;

void first_in_queue_ok(request &mine) {
  std::unique_lock lock(mutex);
  requests.push_back(&mine);
  while (requests.front() != &mine) {
    lock.unlock();
    recompute(0);
    lock.lock();
  }
  int value = counter;
  lock.unlock();
  value = recompute(value);
  lock.lock();
  counter = value;
  requests.clear();
}
