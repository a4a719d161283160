// RUN: %heddle_verify --checks=copied-lock %s -- -std=c++20

// Primitives of POSIX in classes, which the compiler copies without a word.
#include <memory>
#include <mutex>
#include <pthread.h>
#include <semaphore.h>
#include <string>
#include <utility>
#include <vector>

// [example: bad]
struct account {
  pthread_mutex_t lock;
  long balance;
};

void deposit_bad(account to, long amount) { // expected-warning {{'to' is passed by value}}
  pthread_mutex_lock(&to.lock);
  to.balance += amount;
  pthread_mutex_unlock(&to.lock);
}
// [end]

void take_lock_bad(
    pthread_mutex_t m) { // expected-warning {{'m' is passed by value, and the lock is a copy}}
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
}

void initialized_bad(account &from) {
  account copy =
      from; // expected-warning {{this copies a 'account', and the pthread_mutex_t 'lock' in it with it}}
  pthread_mutex_lock(&copy.lock);
}

void assigned_bad(account *to, const account *from) {
  *to = *from; // expected-warning {{the copy is a lock of its own}}
}

account returned_bad(account &a) {
  return a; // expected-warning {{returning this by value copies}}
}

class session {
public:
  session() { sem_init(&ready_, 0, 0); }
  session(const session &other) : ready_(other.ready_) {} // expected-warning {{and that is a lock}}
  void post() { sem_post(&ready_); }

private:
  sem_t ready_;
};

class registry {
public:
  long sum_bad() {
    long sum = 0;
    for (auto each : accounts_) // expected-warning {{this copies a 'account'}}
      sum += each.balance;
    return sum;
  }
  long sum_ok() {
    long sum = 0;
    for (auto &each : accounts_)
      sum += each.balance;
    return sum;
  }
  auto later_bad(account &a) {
    return [a]() mutable { // expected-warning {{this lambda captures a 'account' by value}}
      pthread_mutex_lock(&a.lock);
    };
  }

private:
  std::vector<account> accounts_;
};

template <typename T>
long value_of_bad(T object) { // expected-warning {{'object' is passed by value}}
  pthread_mutex_lock(&object.lock);
  long value = object.balance;
  pthread_mutex_unlock(&object.lock);
  return value;
}
long use_template(account &a) { return value_of_bad(a); }

// [example: good]
void deposit_ok(account &to, long amount) {
  pthread_mutex_lock(&to.lock);
  to.balance += amount;
  pthread_mutex_unlock(&to.lock);
}
// [end]

void initializers_ok(account *a) {
  account fresh = {PTHREAD_MUTEX_INITIALIZER, 0};
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&m);
  *a = {PTHREAD_MUTEX_INITIALIZER, 1};
  *a = account{PTHREAD_MUTEX_INITIALIZER, 2};
  pthread_mutex_lock(&fresh.lock);
}

account made_in_place_ok() { return account{PTHREAD_MUTEX_INITIALIZER, 0}; }

account built_in_place_ok() {
  account made;
  pthread_mutex_init(&made.lock, nullptr);
  made.balance = 0;
  return made; // where the caller wants it: the copy is left out
}

void from_a_call_ok() {
  account a = made_in_place_ok();
  pthread_mutex_lock(&a.lock);
}

void template_before_init_ok(account *out) {
  account blank{};
  blank.balance = 7;
  *out = blank;
  pthread_mutex_init(&out->lock, nullptr);
}

void renewed_ok(account *to, const account *from) {
  *to = *from;
  pthread_mutex_init(&to->lock, nullptr);
}

/// Copies what has to be copied, and gets a lock of its own.
class guarded {
public:
  guarded() { pthread_mutex_init(&lock_, nullptr); }
  guarded(const guarded &other) : text_(other.text_) { pthread_mutex_init(&lock_, nullptr); }
  guarded &operator=(const guarded &other) {
    text_ = other.text_;
    return *this;
  }
  guarded twin_ok() const { return *this; }

private:
  pthread_mutex_t lock_;
  std::string text_;
};

void by_hand_ok(guarded a, guarded &b) {
  guarded c = b;
  c = a;
}

struct owner {
  std::unique_ptr<account> account_;
  pthread_mutex_t *lock;
  std::shared_ptr<std::mutex> mutex;
};

owner moved_ok(owner from) {
  owner to = std::move(from);
  owner copy{std::make_unique<account>(), to.lock, to.mutex};
  return copy;
}

std::unique_lock<std::mutex> guards_ok(std::mutex &m) {
  std::unique_lock<std::mutex> lock(m);
  return lock;
}

void members_ok(account &a) {
  long balance = a.balance;
  account *same = &a;
  account &also = *same;
  also.balance = balance;
}
