// RUN: %heddle_verify --checks=write-under-shared-lock,unguarded-shared-write,inconsistent-guard %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t counter_bad
// RUN: %race_found %t container_bad
// RUN: %race_found %t through_helper_bad
// RUN: %race_found %t lambda_bad
// RUN: %race_found %t global_bad
// RUN: %race_found %t template_bad
// RUN: %t ok

// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>

namespace {

// [example: bad]
class Names {
public:
  std::string find(int id) {
    std::shared_lock<std::shared_mutex> reading(mutex);
    ++lookups; // expected-warning {{'lookups' is written here while 'mutex' is held for reading only; other readers are inside at the same time}}
    auto found = names.find(id);
    return found == names.end() ? "" : found->second;
  }
  void add(int id, const std::string &name) {
    std::unique_lock<std::shared_mutex> writing(mutex);
    names[id] = name;
    lookups = 0;
  }

private:
  std::shared_mutex mutex;
  std::map<int, std::string> names;
  int lookups = 0;
};
// [end]

template <typename Body> void twice(Body body) {
  std::thread one(body), two(body);
  one.join();
  two.join();
}

void counter_bad() {
  static Names names;
  names.add(1, "one");
  twice([] { names.find(1); });
}

class Cache {
public:
  int get(int key) {
    std::shared_lock<std::shared_mutex> reading(mutex);
    if (values.count(key) == 0)
      values.insert({key, key * key}); // expected-warning {{'values' is changed here while 'mutex' is held for reading only}}
    return key * key;
  }
  void clear() {
    std::unique_lock<std::shared_mutex> writing(mutex);
    values.clear();
  }

private:
  std::shared_mutex mutex;
  std::map<int, int> values;
};

void container_bad() {
  static Cache cache;
  cache.clear();
  twice([] {
    for (int i = 0; i < 100; ++i)
      cache.get(i);
  });
}

class Status {
public:
  int read() {
    mutex.lock_shared();
    note();
    int result = state;
    mutex.unlock_shared();
    return result;
  }
  void set(int value) {
    std::lock_guard<std::shared_mutex> writing(mutex);
    state = value;
    reads = 0;
  }

private:
  void note() { ++reads; } // expected-warning {{'reads' is written here while 'mutex' is held for reading only}}
  std::shared_mutex mutex;
  int state = 0, reads = 0;
};

void through_helper_bad() {
  static Status status;
  status.set(1);
  twice([] { status.read(); });
}

void lambda_bad() {
  std::shared_mutex mutex;
  int hits = 0;
  auto look = [&] {
    std::shared_lock<std::shared_mutex> reading(mutex);
    ++hits; // expected-warning {{'hits' is written here while 'mutex' is held for reading only}}
  };
  twice(look);
}

std::shared_mutex table_lock;
int generation;

void bump() {
  std::shared_lock reading(table_lock);
  generation += 1; // expected-warning {{'generation' is written here while 'table_lock' is held for reading only}}
}

void global_bad() { twice(bump); }

template <typename Value> class Slot {
public:
  Value take() {
    std::shared_lock<std::shared_mutex> reading(mutex);
    Value result = value;
    value = Value(); // expected-warning {{'value' is written here while 'mutex' is held for reading only}}
    return result;
  }
  void put(Value next) {
    std::unique_lock<std::shared_mutex> writing(mutex);
    value = next;
  }

private:
  std::shared_mutex mutex;
  Value value = Value();
};

void template_bad() {
  static Slot<int> slot;
  slot.put(1);
  twice([] { slot.take(); });
}

// [example: good]
class CountedNames {
public:
  std::string find(int id) {
    std::shared_lock<std::shared_mutex> reading(mutex);
    lookups.fetch_add(1);
    auto found = names.find(id);
    return found == names.end() ? "" : found->second;
  }
  void add(int id, const std::string &name) {
    std::unique_lock<std::shared_mutex> writing(mutex);
    names[id] = name;
  }

private:
  std::shared_mutex mutex;
  std::map<int, std::string> names;
  std::atomic<int> lookups = 0;
};
// [end]

void atomic_ok() {
  static CountedNames names;
  names.add(1, "one");
  twice([] { names.find(1); });
}

class TwoLocks {
public:
  int read() {
    std::shared_lock<std::shared_mutex> reading(mutex);
    std::lock_guard<std::mutex> counting(counter_lock);
    return ++reads + state;
  }
  void set(int value) {
    std::unique_lock<std::shared_mutex> writing(mutex);
    state = value;
  }

private:
  std::shared_mutex mutex;
  std::mutex counter_lock;
  int state = 0, reads = 0;
};

void own_lock_ok() {
  static TwoLocks both;
  both.set(1);
  twice([] { both.read(); });
}

class Upgrading {
public:
  int get(int key) {
    {
      std::shared_lock<std::shared_mutex> reading(mutex);
      auto found = values.find(key);
      if (found != values.end())
        return found->second;
    }
    std::unique_lock<std::shared_mutex> writing(mutex);
    return values[key] = key * key;
  }

private:
  std::shared_mutex mutex;
  std::map<int, int> values;
};

void upgraded_ok() {
  static Upgrading cache;
  twice([] { cache.get(1); });
}

class Sums {
public:
  int sum() {
    std::shared_lock<std::shared_mutex> reading(mutex);
    int result = 0;
    for (int value : values)
      result += value;
    last = result;
    return result;
  }
  void set(int index, int value) {
    std::unique_lock<std::shared_mutex> writing(mutex);
    values[index] = value;
  }

private:
  static thread_local int last;
  std::shared_mutex mutex;
  int values[4] = {};
};
thread_local int Sums::last;

void local_ok() {
  static Sums sums;
  sums.set(0, 1);
  twice([] { sums.sum(); });
}

// Each thread has its own element; the lock only keeps the array as it is.
class PerThread {
public:
  void count(int thread) {
    std::shared_lock<std::shared_mutex> reading(mutex);
    ++counts[thread];
  }
  int total() {
    std::unique_lock<std::shared_mutex> writing(mutex);
    return counts[0] + counts[1];
  }

private:
  std::shared_mutex mutex;
  int counts[2] = {};
};

void own_element_ok() {
  static PerThread counts;
  std::thread one([] { counts.count(0); }), two([] { counts.count(1); });
  one.join();
  two.join();
  counts.total();
}

class Loaded {
public:
  Loaded() {
    std::shared_lock<std::shared_mutex> reading(mutex);
    state = 1;
  }
  int get() {
    std::shared_lock<std::shared_mutex> reading(mutex);
    return state;
  }
  void set(int value) {
    std::unique_lock<std::shared_mutex> writing(mutex);
    state = value;
  }

private:
  std::shared_mutex mutex;
  int state = 0;
};

void constructed_ok() {
  Loaded loaded;
  loaded.set(2);
  loaded.get();
}

} // namespace

SCENARIO_MAIN(SCENARIO(counter_bad), SCENARIO(container_bad), SCENARIO(through_helper_bad),
              SCENARIO(lambda_bad), SCENARIO(global_bad), SCENARIO(template_bad),
              SCENARIO(atomic_ok), SCENARIO(own_lock_ok), SCENARIO(upgraded_ok), SCENARIO(local_ok),
              SCENARIO(own_element_ok), SCENARIO(constructed_ok))
