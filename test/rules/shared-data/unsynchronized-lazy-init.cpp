// RUN: %heddle_verify --checks=unsynchronized-lazy-init,unguarded-shared-write,unsafe-double-checked-lock %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t static_local_bad
// RUN: %race_found %t global_bad
// RUN: %race_found %t number_bad
// RUN: %race_found %t helper_bad
// RUN: %race_found %t member_bad
// RUN: %race_found %t half_locked_bad
// RUN: %t ok

// What is made by whoever finds it missing, with threads in sight.
#include "../scenarios.h"

#include <mutex>
#include <thread>

struct table {
  int size = 7;
};

std::mutex sum_mutex;
int sum;

void use(int size) {
  const std::lock_guard<std::mutex> lock(sum_mutex);
  sum += size;
}

// [example: bad]
table *get_table() {
  static table *made = nullptr;
  if (!made)
    made = new table; // expected-warning {{another thread may read it at the same time}}
  return made;
}

void static_local_bad() {
  std::thread first([] { use(get_table()->size); });
  std::thread second([] { use(get_table()->size); });
  first.join();
  second.join();
}
// [end]

// [example: good]
table *get_static() {
  static table *const made = new table;
  return made;
}

void static_ok() {
  std::thread first([] { use(get_static()->size); });
  std::thread second([] { use(get_static()->size); });
  first.join();
  second.join();
}
// [end]

table *global_table;

void global_bad() {
  auto body = [] {
    if (global_table == nullptr)
      global_table = new table; // expected-warning {{'global_table' is set here}}
    use(global_table->size);
  };
  std::thread first(body);
  std::thread second(body);
  first.join();
  second.join();
}

int number;
int compute() { return 12; }

void number_bad() {
  auto body = [] {
    if (number == 0)
      number = compute(); // expected-warning {{'number' is set here}}
    use(number);
  };
  std::thread first(body);
  std::thread second(body);
  first.join();
  second.join();
}

table *through_helper;
void make_through_helper() {
  through_helper = new table; // expected-warning {{'through_helper' is set here}}
}

void helper_bad() {
  auto body = [] {
    if (!through_helper)
      make_through_helper();
    use(through_helper->size);
  };
  std::thread first(body);
  std::thread second(body);
  first.join();
  second.join();
}

class catalogue {
public:
  const table &get() {
    if (!made_)
      made_ = new table; // expected-warning {{'made_' is set here}}
    return *made_;
  }

private:
  table *made_ = nullptr;
};

catalogue shared_catalogue;

void member_bad() {
  auto body = [] { use(shared_catalogue.get().size); };
  std::thread first(body);
  std::thread second(body);
  first.join();
  second.join();
}

// The lock is taken too late: both have found nothing by then.
std::mutex half_mutex;
table *half_locked;

void half_locked_bad() {
  auto body = [] {
    if (!half_locked) {
      const std::lock_guard<std::mutex> lock(half_mutex);
      half_locked = new table; // expected-warning {{'half_locked' is set here}}
    }
  };
  std::thread first(body);
  std::thread second(body);
  first.join();
  second.join();
}

table *fully_locked;

void fully_locked_ok() {
  auto body = [] {
    const std::lock_guard<std::mutex> lock(half_mutex);
    if (!fully_locked)
      fully_locked = new table;
    use(fully_locked->size);
  };
  std::thread first(body);
  std::thread second(body);
  first.join();
  second.join();
}

std::once_flag once;
table *made_once;

void call_once_ok() {
  auto body = [] {
    std::call_once(once, [] {
      if (!made_once)
        made_once = new table;
    });
    use(made_once->size);
  };
  std::thread first(body);
  std::thread second(body);
  first.join();
  second.join();
}

table *before_threads;

void before_threads_ok() {
  if (!before_threads)
    before_threads = new table;
  auto body = [] { use(before_threads->size); };
  std::thread first(body);
  std::thread second(body);
  first.join();
  second.join();
}

table *after_threads;

void after_threads_ok() {
  std::thread worker([] { use(1); });
  worker.join();
  if (!after_threads)
    after_threads = new table;
}

table *one_thread;

void one_thread_ok() {
  std::thread worker([] {
    if (!one_thread)
      one_thread = new table;
  });
  worker.join();
  use(one_thread->size);
}

thread_local table *own;

void thread_local_ok() {
  auto body = [] {
    if (!own)
      own = new table;
    use(own->size);
    delete own;
    own = nullptr;
  };
  std::thread first(body);
  std::thread second(body);
  first.join();
  second.join();
}

void local_object_ok() {
  auto body = [] {
    catalogue mine;
    use(mine.get().size);
  };
  std::thread first(body);
  std::thread second(body);
  first.join();
  second.join();
}

SCENARIO_MAIN(SCENARIO(static_local_bad), SCENARIO(static_ok), SCENARIO(global_bad),
              SCENARIO(number_bad), SCENARIO(helper_bad), SCENARIO(member_bad),
              SCENARIO(half_locked_bad), SCENARIO(fully_locked_ok), SCENARIO(call_once_ok),
              SCENARIO(before_threads_ok), SCENARIO(after_threads_ok), SCENARIO(one_thread_ok),
              SCENARIO(thread_local_ok), SCENARIO(local_object_ok))
