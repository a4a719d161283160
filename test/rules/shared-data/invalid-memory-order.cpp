// RUN: %heddle_verify --checks=invalid-memory-order %s -- -std=c++20 -Wno-atomic-memory-ordering
// clang-format off: expectations stand on their lines

// Orders that a load, a store or a failed compare-and-swap cannot have.
#include <atomic>
#include <thread>

// [example: bad]
std::atomic<bool> ready = false;

bool is_ready_bad() {
  return ready.load(std::memory_order_release); // expected-warning {{a load cannot be ordered with 'release'}}
}

void set_ready_bad() {
  ready.store(true, std::memory_order_acquire); // expected-warning {{a store cannot be ordered with 'acquire'}}
}
// [end]

// [example: good]
std::atomic<bool> done = false;

bool is_done_ok() { return done.load(std::memory_order_acquire); }

void set_done_ok() { done.store(true, std::memory_order_release); }
// [end]

std::atomic<int> number = 0;

int load_acq_rel_bad() {
  return number.load(std::memory_order_acq_rel); // expected-warning {{a load cannot be ordered with 'acq_rel'}}
}

void store_acq_rel_bad() {
  number.store(1, std::memory_order_acq_rel); // expected-warning {{a store cannot be ordered with 'acq_rel'}}
}

void store_consume_bad() {
  number.store(1, std::memory_order_consume); // expected-warning {{a store cannot be ordered with 'consume'}}
}

bool failure_release_bad(int expected) {
  return number.compare_exchange_strong(
      expected, 2, std::memory_order_acq_rel,
      std::memory_order_release); // expected-warning {{that fails only loads}}
}

bool failure_acq_rel_bad(int expected) {
  return std::atomic_compare_exchange_strong_explicit(
      &number, &expected, 2, std::memory_order_acq_rel,
      std::memory_order_acq_rel); // expected-warning {{that fails only loads}}
}

int free_function_bad() {
  return std::atomic_load_explicit(&number, std::memory_order_release); // expected-warning {{a load cannot be}}
}

std::atomic_flag flag = ATOMIC_FLAG_INIT;

void clear_bad() {
  flag.clear(std::memory_order_acquire); // expected-warning {{a store cannot be ordered with 'acquire'}}
}

bool test_bad() {
  return flag.test(std::memory_order_release); // expected-warning {{a load cannot be ordered with 'release'}}
}

int plain = 0;

int reference_bad() {
  return std::atomic_ref<int>(plain).load(std::memory_order_release); // expected-warning {{a load cannot be}}
}

void wait_bad() {
  number.wait(0, std::memory_order_release); // expected-warning {{a load cannot be ordered with 'release'}}
}

int builtin_bad() {
  return __atomic_load_n(&plain, __ATOMIC_RELEASE); // expected-warning {{a load cannot be ordered with 'release'}}
}

void builtin_store_bad() {
  __atomic_store_n(&plain, 1, __ATOMIC_ACQUIRE); // expected-warning {{a store cannot be ordered with 'acquire'}}
}

constexpr std::memory_order publish = std::memory_order_release;

int named_constant_bad() {
  return number.load(publish); // expected-warning {{a load cannot be ordered with 'release'}}
}

template <typename T> T read_template_bad(const std::atomic<T> &from) {
  return from.load(std::memory_order_release); // expected-warning {{a load cannot be ordered with 'release'}}
}

long use_template() {
  static std::atomic<long> counter = 0;
  static std::atomic<int> other = 0;
  return read_template_bad(counter) + read_template_bad(other);
}

class mailbox {
public:
  bool empty_bad() const {
    return letters_.load(std::memory_order_release) == 0; // expected-warning {{a load cannot be}}
  }
  int count_ok() const { return letters_.load(std::memory_order_relaxed); }

private:
  std::atomic<int> letters_ = 0;
};

bool use_mailbox(const mailbox &box) { return box.empty_bad() || box.count_ok() > 1; }

void in_a_lambda_bad() {
  std::thread worker([] {
    number.store(3, std::memory_order_acquire); // expected-warning {{a store cannot be ordered with 'acquire'}}
  });
  worker.join();
}

int load_consume_ok() { return number.load(std::memory_order_consume); }

int load_relaxed_ok() { return number.load(std::memory_order_relaxed); }

int load_seq_cst_ok() { return number.load(std::memory_order_seq_cst); }

int load_default_ok() { return number.load(); }

void store_relaxed_ok() { number.store(1, std::memory_order_relaxed); }

void store_seq_cst_ok() { number.store(1, std::memory_order_seq_cst); }

int exchange_acq_rel_ok() { return number.exchange(1, std::memory_order_acq_rel); }

int fetch_add_release_ok() { return number.fetch_add(1, std::memory_order_release); }

int fetch_sub_acquire_ok() { return number.fetch_sub(1, std::memory_order_acquire); }

bool test_and_set_acquire_ok() { return flag.test_and_set(std::memory_order_acquire); }

void clear_release_ok() { flag.clear(std::memory_order_release); }

// With one order only, that of the failure follows from it.
bool one_order_ok(int expected) {
  return number.compare_exchange_strong(expected, 2, std::memory_order_acq_rel);
}

bool two_orders_ok(int expected) {
  return number.compare_exchange_weak(expected, 2, std::memory_order_release,
                                      std::memory_order_relaxed);
}

// Since C++17 a failure may be ordered more strongly than a success.
bool stronger_failure_ok(int expected) {
  return number.compare_exchange_strong(expected, 2, std::memory_order_relaxed,
                                        std::memory_order_acquire);
}

int order_from_caller_ok(std::memory_order order) { return number.load(order); }

void fences_ok() {
  std::atomic_thread_fence(std::memory_order_acquire);
  std::atomic_thread_fence(std::memory_order_release);
  std::atomic_thread_fence(std::memory_order_acq_rel);
}

int builtin_ok() { return __atomic_load_n(&plain, __ATOMIC_ACQUIRE); }

struct ring {
  int load(std::memory_order) const { return 0; }
};

// A class of the project that only looks like an atomic.
int not_an_atomic_ok(const ring &r) { return r.load(std::memory_order_release); }
