// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t member_through_this_bad
// RUN: %race_found %t member_function_twice_bad
// RUN: %race_found %t guard_of_another_object_bad
// RUN: %race_found %t one_method_forgets_the_lock_bad
// RUN: %race_found %t static_member_bad
// RUN: %race_found %t nested_member_bad
// RUN: %t ok

// Members: reached through this or a reference, guarded by their own mutex or by another object's.
#include "../scenarios.h"

#include <cstdio>
#include <memory>
#include <mutex>
#include <thread>

class sampler {
public:
  void start() {
    worker_ = std::thread([this] {
      ++samples_; // expected-warning {{samples_' is written}}
    });
  }
  void stop() { worker_.join(); }
  int samples() const { return samples_; }

private:
  int samples_ = 0;
  std::thread worker_;
};

void member_through_this_bad() {
  sampler s;
  s.start();
  std::printf("%d\n", s.samples());
  s.stop();
}

struct tally {
  int votes = 0;
  void vote() {
    ++votes; // expected-warning {{votes' is written}}
  }
};

void member_function_twice_bad() {
  tally t;
  std::thread first(&tally::vote, &t);
  std::thread second(&tally::vote, &t);
  first.join();
  second.join();
}

struct account {
  std::mutex mutex;
  int balance = 0;
};

void guard_of_another_object_bad() {
  account mine;
  account yours;
  std::thread worker([&] {
    const std::lock_guard lock(yours.mutex);
    mine.balance += 10; // expected-warning {{balance' is written}}
  });
  {
    const std::lock_guard lock(mine.mutex);
    mine.balance += 1;
  }
  worker.join();
}

class meter {
public:
  void add(int n) {
    const std::lock_guard lock(mutex_);
    sum_ += n;
  }
  void reset() {
    sum_ = 0; // expected-warning {{sum_' is written}}
  }

private:
  std::mutex mutex_;
  int sum_ = 0;
};

void one_method_forgets_the_lock_bad() {
  meter m;
  std::thread worker([&m] { m.add(1); });
  m.reset();
  worker.join();
}

struct registry {
  static int entries;
  void enter() {
    ++entries; // expected-warning {{entries' is written}}
  }
};
int registry::entries = 0;

void static_member_bad() {
  registry one;
  registry other;
  std::thread worker([&] { one.enter(); });
  other.enter();
  worker.join();
}

struct position {
  int x = 0;
  int y = 0;
};

struct robot {
  position place;
};

void nested_member_bad() {
  robot r;
  std::thread worker([&] {
    r.place.x = 1; // expected-warning {{x' is written}}
  });
  std::printf("%d\n", r.place.x);
  worker.join();
}

class counter {
public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  int count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }

private:
  mutable std::mutex mutex_;
  int count_ = 0;
};

void own_mutex_ok() {
  counter c;
  std::thread worker([&c] { c.add(); });
  c.add();
  std::printf("%d\n", c.count());
  worker.join();
}

void each_object_under_its_own_mutex_ok() {
  account mine;
  account yours;
  std::thread worker([&] {
    {
      const std::lock_guard lock(mine.mutex);
      mine.balance += 1;
    }
    const std::lock_guard lock(yours.mutex);
    yours.balance -= 1;
  });
  {
    const std::lock_guard lock(yours.mutex);
    yours.balance += 2;
  }
  {
    const std::lock_guard lock(mine.mutex);
    mine.balance -= 2;
  }
  worker.join();
}

void different_members_ok() {
  position p;
  std::thread worker([&p] { p.x = 1; });
  p.y = 2;
  worker.join();
}

void different_objects_ok() {
  tally mine;
  tally yours;
  std::thread worker(&tally::vote, &mine);
  yours.vote();
  worker.join();
}

class service {
public:
  explicit service(int port) {
    port_ = port; // not yet shared: the thread starts below
    ++starts_;
    worker_ = std::thread([this] { std::printf("%d %d\n", port_, starts_); });
  }
  ~service() {
    worker_.join();
    port_ = 0; // not shared any more
  }

private:
  int port_ = 0;
  int starts_ = 0;
  std::thread worker_;
};

void under_construction_and_destruction_ok() { const service s(80); }

class job {
public:
  void start() {
    worker_ = std::thread([this] { result_ = 42; });
  }
  int finish() {
    worker_.join();
    return result_;
  }

private:
  int result_ = 0;
  std::thread worker_;
};

void joined_by_another_method_ok() {
  job j;
  j.start();
  std::printf("%d\n", j.finish());
}

struct settings {
  int size = 3;
  int doubled() const { return 2 * size; }
};

void const_methods_ok() {
  const settings s;
  std::thread worker([&s] { std::printf("%d\n", s.doubled()); });
  std::printf("%d\n", s.doubled());
  worker.join();
}

struct shard {
  std::mutex mutex;
  int size = 0;
};

void mutex_behind_a_pointer_ok() {
  const auto s = std::make_unique<shard>();
  shard *const raw = s.get();
  std::thread worker([raw] {
    const std::lock_guard lock(raw->mutex);
    ++raw->size;
  });
  {
    const std::lock_guard lock(raw->mutex);
    ++raw->size;
  }
  worker.join();
}

SCENARIO_MAIN(SCENARIO(member_through_this_bad), SCENARIO(member_function_twice_bad),
              SCENARIO(guard_of_another_object_bad), SCENARIO(one_method_forgets_the_lock_bad),
              SCENARIO(static_member_bad), SCENARIO(nested_member_bad), SCENARIO(own_mutex_ok),
              SCENARIO(each_object_under_its_own_mutex_ok), SCENARIO(different_members_ok),
              SCENARIO(different_objects_ok), SCENARIO(under_construction_and_destruction_ok),
              SCENARIO(joined_by_another_method_ok), SCENARIO(const_methods_ok),
              SCENARIO(mutex_behind_a_pointer_ok))
