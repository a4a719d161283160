// RUN: %heddle_verify --checks=inconsistent-guard %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t read_without_lock_bad
// RUN: %race_found %t container_read_bad
// RUN: %race_found %t written_after_unlock_bad
// RUN: %race_found %t through_helper_bad
// RUN: %race_found %t template_bad
// RUN: %race_found %t lambda_bad
// RUN: %race_found %t other_lock_bad
// RUN: %t ok

// clang-format off: expectations stand on the line.

// A class that owns a lock promises that threads may share its objects. The program below does so.
#include "../scenarios.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

// [example: bad]
class Account {
public:
  void deposit(int amount) {
    const std::lock_guard<std::mutex> hold(mutex);
    balance += amount;
  }
  bool withdraw(int amount) {
    const std::lock_guard<std::mutex> hold(mutex);
    if (balance < amount)
      return false;
    balance -= amount;
    return true;
  }
  int report() const { return balance; } // expected-warning {{'balance' is read here without 'mutex', which guards it in 'Account::deposit' and 'Account::withdraw'}}

private:
  mutable std::mutex mutex;
  int balance = 0;
};
// [end]

class Names {
public:
  void add(const std::string &name) {
    const std::lock_guard<std::mutex> hold(mutex);
    names.push_back(name);
  }
  bool empty() const { return names.empty(); } // expected-warning {{'names' is used here without 'mutex', which guards it in 'Names::add'}}

private:
  mutable std::mutex mutex;
  std::vector<std::string> names;
};

class Sequence {
public:
  int next() {
    std::unique_lock<std::mutex> hold(mutex);
    int result = ++last;
    hold.unlock();
    handed_out = result; // expected-warning {{'handed_out' is written here without 'mutex'}}
    return result;
  }
  int highest() {
    const std::lock_guard<std::mutex> hold(mutex);
    return handed_out;
  }

private:
  std::mutex mutex;
  int last = 0;
  int handed_out = 0;
};

class Cache {
public:
  void put(int key, int value) {
    const std::lock_guard<std::mutex> hold(mutex);
    insert(key, value);
  }
  void put_fast(int key, int value) { insert(key, value); }
  void clear() {
    const std::lock_guard<std::mutex> hold(mutex);
    entries.clear();
  }

private:
  void insert(int key, int value) {
    entries.emplace(key, value); // expected-warning {{'entries' is changed here without 'mutex'}}
  }
  std::mutex mutex;
  std::map<int, int> entries;
};

// One function takes the lock and one does not, and whoever calls them is in sight and calls both,
// as it needs them: no promise is broken.
class Tokens {
public:
  int next_in_order() { return last++; }
  int next() {
    const std::lock_guard<std::mutex> hold(mutex);
    return last++;
  }

private:
  std::mutex mutex;
  int last = 0;
};

class Stage {
public:
  explicit Stage(bool is_serial) : is_serial(is_serial) {}
  int run_ok() { return is_serial ? tokens.next_in_order() : tokens.next(); }

private:
  const bool is_serial;
  Tokens tokens;
};

template <typename Number> class Sum {
public:
  void add(Number number) {
    const std::scoped_lock hold(mutex);
    total += number;
  }
  Number get() const { return total; } // expected-warning {{'total' is read here without 'mutex'}}

private:
  std::mutex mutex;
  Number total = 0;
};

class Callbacks {
public:
  void count() {
    auto increment = [this] {
      const std::lock_guard<std::mutex> hold(mutex);
      ++calls;
    };
    increment();
  }
  void reset() {
    auto zero = [this] { calls = 0; }; // expected-warning {{'calls' is written here without 'mutex'}}
    zero();
  }

private:
  std::mutex mutex;
  int calls = 0;
};

class TwoLocks {
public:
  void raise() {
    const std::lock_guard<std::mutex> hold(level_mutex);
    ++level;
  }
  void lower() {
    const std::lock_guard<std::mutex> hold(level_mutex);
    --level;
  }
  void reset() {
    const std::lock_guard<std::mutex> hold(name_mutex);
    level = 0; // expected-warning {{'level' is written here without 'level_mutex'}}
  }

private:
  std::mutex level_mutex, name_mutex;
  int level = 0;
};

// [example: good]
class GuardedAccount {
public:
  explicit GuardedAccount(int start) { balance = start; }
  ~GuardedAccount() { balance = 0; }
  void deposit(int amount) {
    const std::lock_guard<std::mutex> hold(mutex);
    balance += amount;
  }
  int report() const {
    const std::lock_guard<std::mutex> hold(mutex);
    return balance;
  }

private:
  mutable std::mutex mutex;
  int balance = 0;
};
// [end]

class PrivateHelper {
public:
  void add() {
    const std::lock_guard<std::mutex> hold(mutex);
    add_locked();
  }
  int get() {
    const std::lock_guard<std::mutex> hold(mutex);
    return count;
  }

private:
  void add_locked() { ++count; }
  std::mutex mutex;
  int count = 0;
};

class NeverChanged {
public:
  explicit NeverChanged(int limit) : limit(limit) {}
  bool add() {
    const std::lock_guard<std::mutex> hold(mutex);
    return used < limit && ++used;
  }
  int maximum() const { return limit; }

private:
  std::mutex mutex;
  int limit;
  int used = 0;
};

class Atomics {
public:
  void add() {
    const std::lock_guard<std::mutex> hold(mutex);
    count.fetch_add(1);
  }
  int get() const { return count.load(); }

private:
  std::mutex mutex;
  std::atomic<int> count{0};
};

class Worker {
public:
  void start() {
    is_running = true;
    thread = std::thread([this] { run(); });
  }
  void stop() {
    {
      const std::lock_guard<std::mutex> hold(mutex);
      is_running = false;
    }
    thread.join();
    rounds = 0;
  }

private:
  void run() {
    while (true) {
      const std::lock_guard<std::mutex> hold(mutex);
      ++rounds;
      if (!is_running)
        return;
    }
  }
  std::mutex mutex;
  bool is_running = false;
  int rounds = 0;
  std::thread thread;
};

class Readers {
public:
  int get() const {
    const std::shared_lock<std::shared_mutex> hold(mutex);
    return value;
  }
  void set(int to) {
    const std::unique_lock<std::shared_mutex> hold(mutex);
    value = to;
  }

private:
  mutable std::shared_mutex mutex;
  int value = 0;
};

class Assigned {
public:
  Assigned() = default;
  Assigned &operator=(const Assigned &other) {
    value = other.value;
    return *this;
  }
  void set(int to) {
    const std::lock_guard<std::mutex> hold(mutex);
    value = to;
  }

private:
  std::mutex mutex;
  int value = 0;
};

class Unrelated {
public:
  void write(int line) {
    const std::lock_guard<std::mutex> hold(file_mutex);
    lines += line;
  }
  void configure(int to) { width = to; }
  int line_width() const { return width; }

private:
  std::mutex file_mutex;
  int lines = 0;
  int width = 80;
};

class Waits {
public:
  void push() {
    const std::lock_guard<std::mutex> hold(mutex);
    ++waiting;
    condition.notify_one();
  }
  void pop() {
    std::unique_lock<std::mutex> hold(mutex);
    condition.wait(hold, [this] { return waiting > 0; });
    --waiting;
  }

private:
  std::mutex mutex;
  std::condition_variable condition;
  int waiting = 0;
};

class OpenLock {
public:
  void lock() { mutex.lock(); }
  void unlock() { mutex.unlock(); }
  void add() {
    const std::lock_guard<OpenLock> hold(*this);
    ++count;
  }
  int get() {
    lock();
    int result = count;
    unlock();
    return result;
  }

private:
  std::mutex mutex;
  int count = 0;
};

class LockedByCallers {
public:
  std::mutex mutex;
  void bump() { ++count; }
  void add() {
    const std::lock_guard<std::mutex> hold(mutex);
    ++count;
  }

private:
  int count = 0;
};

void callers_lock_ok() {
  LockedByCallers shared;
  const std::lock_guard<std::mutex> hold(shared.mutex);
  shared.bump();
}

volatile int sink; // so that no read is left out

class Monitor {
public:
  void lock() {
    mutex.lock();
    ++depth;
  }
  void unlock() {
    --depth;
    mutex.unlock();
  }

private:
  std::mutex mutex;
  int depth = 0;
};

class Window {
public:
  void work() {
    mutex.lock();
    ++jobs;
    mutex.unlock();
    finished = jobs_done(); // only here, and nobody else works meanwhile
    mutex.lock();
    --jobs;
    finished = 0;
    mutex.unlock();
  }

private:
  static int jobs_done() { return 1; }
  std::mutex mutex;
  int jobs = 0;
  int finished = 0;
};

class Part {
public:
  void set_size(int to) { size = to; }
  int use() {
    const std::lock_guard<std::mutex> hold(mutex);
    return size--;
  }

private:
  std::mutex mutex;
  int size = 0;
};

class Whole {
public:
  Whole() {
    for (Part &part : parts)
      part.set_size(3);
  }
  int use() { return parts[0].use(); }

private:
  Part parts[2];
};

// Beside each other, but kept where nobody follows them: what the classes promise has to tell.
template <typename First, typename Second> void both(First first, Second second) {
  const std::vector<std::function<void()>> calls{first, second};
  std::thread other([&] {
    for (int i = 0; i < 100; ++i)
      calls[0]();
  });
  for (int i = 0; i < 100; ++i)
    calls[1]();
  other.join();
}

void read_without_lock_bad() {
  Account account;
  both([&] { account.deposit(1); }, [&] { sink = account.report(); });
  account.withdraw(1);
}
void container_read_bad() {
  Names names;
  both([&] { names.add("x"); }, [&] { sink = names.empty(); });
}
void written_after_unlock_bad() {
  Sequence sequence;
  both([&] { sequence.next(); }, [&] { sink = sequence.highest(); });
}
void through_helper_bad() {
  Cache cache;
  both([&] { cache.put(1, 1); }, [&] { cache.put_fast(2, 2); });
  cache.clear();
}
void template_bad() {
  Sum<int> sum;
  both([&] { sum.add(1); }, [&] { sink = sum.get(); });
}
void lambda_bad() {
  Callbacks callbacks;
  both([&] { callbacks.count(); }, [&] { callbacks.reset(); });
}
void other_lock_bad() {
  TwoLocks locks;
  both([&] { locks.raise(); }, [&] { locks.reset(); });
  locks.lower();
}
void guarded_ok() {
  GuardedAccount account(1);
  both([&] { account.deposit(1); }, [&] { sink = account.report(); });
  PrivateHelper helper;
  both([&] { helper.add(); }, [&] { helper.get(); });
  NeverChanged limited(3);
  both([&] { limited.add(); }, [&] { sink = limited.maximum(); });
  Atomics atomics;
  both([&] { atomics.add(); }, [&] { sink = atomics.get(); });
  Readers readers;
  both([&] { readers.set(1); }, [&] { sink = readers.get(); });
  Waits waits;
  both([&] { waits.push(); }, [&] { waits.pop(); });
  OpenLock open;
  both([&] { open.add(); }, [&] { open.get(); });
}
void started_and_stopped_ok() {
  Worker worker;
  worker.start();
  worker.stop();
}
void opened_ok() {
  Monitor monitor;
  both([&] { const std::lock_guard<Monitor> hold(monitor); }, [] {});
  Window window;
  window.work();
  Whole whole;
  both([&] { whole.use(); }, [&] { whole.use(); });
}
void alone_ok() {
  Assigned first, second;
  first.set(1);
  second = first;
  Unrelated unrelated;
  unrelated.configure(100);
  both([&] { unrelated.write(1); }, [&] { sink = unrelated.line_width(); });
}

} // namespace

SCENARIO_MAIN(SCENARIO(read_without_lock_bad), SCENARIO(container_read_bad),
              SCENARIO(written_after_unlock_bad), SCENARIO(through_helper_bad),
              SCENARIO(template_bad), SCENARIO(lambda_bad), SCENARIO(other_lock_bad),
              SCENARIO(callers_lock_ok), SCENARIO(guarded_ok), SCENARIO(started_and_stopped_ok), SCENARIO(opened_ok),
              SCENARIO(alone_ok))
