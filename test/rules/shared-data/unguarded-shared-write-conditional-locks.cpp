// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20

// Libraries that lock only where their user asks for it: without threads, nobody does.
#include <mutex>
#include <pthread.h>
#include <thread>

std::mutex mutex;
bool threads_are_used = false;
int conditional = 0;

void use_threads() { threads_are_used = true; }

void count_conditionally() {
  if (threads_are_used)
    mutex.lock();
  ++conditional;
  if (threads_are_used)
    mutex.unlock();
}

void same_condition_ok() {
  std::thread worker(count_conditionally);
  count_conditionally();
  worker.join();
}

class Cache {
public:
  explicit Cache(bool is_shared) : is_shared_(is_shared) {}
  void put(int value) {
    if (is_shared_) {
      pthread_mutex_lock(&lock_);
    }
    value_ = value;
    if (is_shared_) {
      pthread_mutex_unlock(&lock_);
    }
  }
  void put_early(int value) {
    if (is_shared_)
      pthread_mutex_lock(&lock_);
    if (is_shared_)
      pthread_mutex_unlock(&lock_);
    early_ = value; // expected-warning {{'early_' is written}}
  }

private:
  const bool is_shared_;
  pthread_mutex_t lock_ = PTHREAD_MUTEX_INITIALIZER;
  int value_ = 0;
  int early_ = 0;
};

void member_condition_ok(Cache &cache) {
  std::thread worker([&cache] { cache.put(1); });
  cache.put(2);
  worker.join();
}

void access_behind_pair_bad(Cache &cache) {
  std::thread worker([&cache] { cache.put_early(1); });
  cache.put_early(2);
  worker.join();
}

int unrelated = 0;

void count_sometimes(bool locks, int amount) {
  if (locks)
    mutex.lock();
  unrelated += amount; // expected-warning {{'unrelated' is written}}
  if (amount > 5)
    mutex.unlock();
}

void unrelated_condition_bad() {
  std::thread worker(count_sometimes, false, 1);
  count_sometimes(false, 2);
  worker.join();
}
