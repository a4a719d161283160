// RUN: %heddle_verify --checks=split-atomic-update %s -- -std=c++20
// clang-format off: expectations stand on their lines

// A load and a store where one operation is needed, by two threads at the same time.
#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>

// [example: bad]
std::atomic<int> hits = 0;

void count_hit() {
  hits = hits + 1; // expected-warning {{'hits' is loaded and stored in two steps}}
}

void two_counters_bad() {
  std::thread first(count_hit);
  std::thread second(count_hit);
  first.join();
  second.join();
}
// [end]

// [example: good]
std::atomic<int> visits = 0;

void count_visit() { visits += 1; }

void two_visitors_ok() {
  std::thread first(count_visit);
  std::thread second(count_visit);
  first.join();
  second.join();
}
// [end]

std::atomic<int> total = 0;

void add_bad(int n) {
  total.store(total.load() + n); // expected-warning {{'total' is loaded and stored in two steps}}
}

void run_add() {
  std::thread worker(add_bad, 1);
  add_bad(2);
  worker.join();
}

std::atomic<long> balance = 0;

void deposit_bad() {
  long before = balance.load(std::memory_order_acquire);
  before += 10;
  balance.store(before, std::memory_order_release); // expected-warning {{'balance' is loaded and stored in two steps}}
}

void run_deposit() {
  std::thread worker(deposit_bad);
  balance.fetch_sub(3);
  worker.join();
}

std::atomic<bool> started = false;
void start_engine();

void start_bad() {
  if (!started) {
    started = true; // expected-warning {{two threads can both pass the test}}
    start_engine();
  }
}

void run_start() {
  std::thread worker(start_bad);
  start_bad();
  worker.join();
}

std::atomic<bool> opened = false;

void open_bad() {
  if (opened.load())
    return;
  opened.store(true); // expected-warning {{two threads can both pass the test}}
  start_engine();
}

void run_open() {
  std::thread first(open_bad);
  std::thread second(open_bad);
  first.join();
  second.join();
}

std::atomic<bool> locked = false;
int guarded = 0;

void broken_spinlock_bad() {
  while (locked.load())
    ;
  locked.store(true); // expected-warning {{two threads can both pass the test}}
  ++guarded;
  locked.store(false);
}

void run_spinlock() {
  std::thread worker(broken_spinlock_bad);
  broken_spinlock_bad();
  worker.join();
}

std::atomic<int> highest = 0;

// Each stores to the one after it has stored to the other. That orders nobody who does not look.
std::atomic<bool> lamp_on = false;
std::atomic<unsigned> lamps_used = 0;
std::atomic<int> lamps_switched = 0;

void switch_lamps_bad(unsigned first) {
  for (unsigned lamp = first; lamp < first + 8; ++lamp) {
    lamps_switched.fetch_add(1);
    // expected-warning@+1 {{'lamp_on' is loaded and stored in two steps}}
    lamp_on = !lamp_on;
    // expected-warning@+1 {{'lamps_used' is loaded and stored in two steps}}
    lamps_used = lamps_used | 1u << lamp;
  }
}
void switch_all() {
  std::thread worker(switch_lamps_bad, 8);
  switch_lamps_bad(0);
  worker.join();
}

void raise_bad(int value) {
  if (highest < value)
    highest = value; // expected-warning {{two threads can both pass the test}}
}

void run_raise() {
  std::thread worker(raise_bad, 1);
  raise_bad(2);
  worker.join();
}

class meter {
public:
  void run() {
    std::thread worker([this] { tick_bad(); });
    tick_bad();
    worker.join();
  }
  void tick_bad() {
    ticks_ = ticks_ + 1; // expected-warning {{'ticks_' is loaded and stored in two steps}}
  }

private:
  std::atomic<int> ticks_ = 0;
};

void use_meter() { meter().run(); }

template <typename T> void twice_bad(std::atomic<T> &number) {
  number.store(number.load() * 2); // expected-warning {{'shared' is loaded and stored in two steps}}
}

void run_twice() {
  std::atomic<int> shared = 1;
  std::thread worker([&shared] { twice_bad(shared); });
  twice_bad(shared);
  worker.join();
}

int plain = 0;

void builtins_bad() {
  __atomic_store_n(&plain, __atomic_load_n(&plain, __ATOMIC_RELAXED) + 1, __ATOMIC_RELAXED); // expected-warning {{'plain' is loaded and stored in two steps}}
}

void run_builtins() {
  std::thread worker(builtins_bad);
  builtins_bad();
  worker.join();
}

// A new head of a list: what another thread has put there in between is lost.
struct item {
  item *next = nullptr;
  std::atomic<item *> after = nullptr;
};
std::atomic<item *> head = nullptr, atomic_head = nullptr;

void push_bad() {
  item *made = new item;
  made->next = head.load();
  head.store(made); // expected-warning {{'head' is loaded and stored in two steps}}
}

void push_atomic_bad() {
  item *made = new item;
  made->after.store(atomic_head);
  atomic_head = made; // expected-warning {{'atomic_head' is loaded and stored in two steps}}
}

void run_push() {
  std::thread worker([] {
    push_bad();
    push_atomic_bad();
  });
  push_bad();
  push_atomic_bad();
  worker.join();
}

std::atomic<item *> own_head = nullptr, retried_head = nullptr, other_head = nullptr;

// Nobody else writes.
void push_alone_ok() {
  std::thread worker([] {
    for (int i = 0; i < 3; ++i) {
      item *made = new item;
      made->next = own_head.load();
      own_head.store(made);
    }
  });
  while (!own_head.load())
    std::this_thread::yield();
  worker.join();
}

void push_retried_ok() {
  item *made = new item;
  made->next = retried_head.load();
  while (!retried_head.compare_exchange_weak(made->next, made))
    ;
}

// Linked to another list than the one that it becomes the head of.
void push_onto_other_ok() {
  item *made = new item;
  made->next = own_head.load();
  other_head.store(made);
}

void run_others() {
  std::thread worker([] {
    push_retried_ok();
    push_onto_other_ok();
  });
  push_retried_ok();
  push_onto_other_ok();
  worker.join();
}

std::atomic<int> under_lock = 0;
std::mutex lock;

void with_lock_ok() {
  const std::lock_guard<std::mutex> held(lock);
  under_lock = under_lock + 1;
}

void run_with_lock() {
  std::thread worker(with_lock_ok);
  with_lock_ok();
  worker.join();
}

std::atomic<int> progress = 0;

// Only one thread writes; the other one looks.
void single_writer_ok() {
  std::thread worker([] {
    for (int i = 0; i < 100; ++i)
      progress.store(progress.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  });
  while (progress < 100)
    std::this_thread::yield();
  worker.join();
}

std::atomic<int> reset_by_other = 0;

// A reset by another thread may be lost or not: the numbers are the writer's.
void reset_ok() {
  std::thread worker([] { reset_by_other = reset_by_other + 1; });
  reset_by_other = 0;
  worker.join();
}

std::atomic<int> before_start = 0;

void before_the_thread_ok() {
  before_start = before_start + 1;
  std::thread worker([] { ++before_start; });
  worker.join();
  before_start = before_start + 1;
}

std::atomic<bool> stopping = false;

// Who sets it twice has set it.
void stop_ok() {
  if (!stopping)
    stopping = true;
}

void run_stop() {
  std::thread worker(stop_ok);
  stop_ok();
  worker.join();
}

std::atomic<bool> claimed = false;

void exchange_ok() {
  if (!claimed.exchange(true))
    start_engine();
}

void run_exchange() {
  std::thread worker(exchange_ok);
  exchange_ok();
  worker.join();
}

std::atomic<int> by_cas = 0;

void compare_exchange_ok() {
  int seen = by_cas.load();
  while (!by_cas.compare_exchange_weak(seen, seen * 2))
    ;
}

void run_compare_exchange() {
  std::thread worker(compare_exchange_ok);
  compare_exchange_ok();
  worker.join();
}

std::atomic<bool> request = false;

// One side asks, the other takes the request back: neither spoils what the other did.
void mailbox_ok() {
  std::thread worker([] {
    if (request) {
      request = false;
      start_engine();
    }
  });
  request = true;
  worker.join();
}

std::atomic<int> left = 0;
std::atomic<int> right = 0;

void from_another_ok() {
  std::thread worker([] { left.store(right.load() + 1); });
  left.store(right.load() + 2);
  worker.join();
}

void own_object_ok() {
  std::atomic<int> mine = 0;
  mine = mine + 1;
  std::printf("%d\n", mine.load());
}

std::atomic<int> joined_between = 0;

void one_after_the_other_ok() {
  std::thread first([] { joined_between = joined_between + 1; });
  first.join();
  std::thread second([] { joined_between = joined_between + 1; });
  second.join();
}

// What is worked out from other things is the same, whoever does so first.
class name_with_hash {
public:
  explicit name_with_hash(const char *text) : text_(text) {}
  size_t hash_ok() const {
    size_t known = hash_.load(std::memory_order_relaxed);
    if (known == 0) {
      known = of(text_) | 1;
      hash_.store(known, std::memory_order_relaxed);
    }
    return known;
  }

private:
  static size_t of(const char *text) {
    size_t sum = 0;
    for (; *text; ++text)
      sum = sum * 31 + static_cast<unsigned char>(*text);
    return sum;
  }
  const char *text_;
  mutable std::atomic<size_t> hash_{0};
};

void two_ask_ok() {
  name_with_hash name("abc");
  std::thread other([&] { name.hash_ok(); });
  name.hash_ok();
  other.join();
}

// What differs each time is not.
class numbered {
public:
  int number_bad() {
    int known = number_.load();
    if (known == 0) {
      known = next();
      number_.store(known); // expected-warning {{'number_' is tested and then set in two steps}}
    }
    return known;
  }

private:
  static int next() {
    static std::atomic<int> last = 0;
    return ++last;
  }
  std::atomic<int> number_{0};
};

void two_number() {
  numbered one;
  std::thread other([&] { one.number_bad(); });
  one.number_bad();
  other.join();
}
