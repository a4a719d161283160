// RUN: %heddle_verify --checks=destroyed-while-used %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: not %t bad 2>&1 | %FileCheck %s
// RUN: %t good
// CHECK: heap-use-after-free
// clang-format off: expectations stand on their lines

// Objects that go while a guard holds their lock.
#include <memory>
#include <mutex>
#include <pthread.h>

class connection {
public:
  // The guard unlocks a mutex that is gone.
  void release_bad() {
    std::lock_guard guard(mutex);
    if (--references == 0)
      delete this; // expected-warning {{the memory of 'mutex' is given back while this thread holds it}}
  }
  void release_ok() {
    bool is_last;
    {
      std::lock_guard guard(mutex);
      is_last = --references == 0;
    }
    if (is_last)
      delete this;
  }

private:
  std::mutex mutex;
  int references = 1;
};

struct entry {
  std::mutex mutex;
  int value = 0;
};

void drop_bad(entry *e) {
  std::unique_lock lock(e->mutex);
  e->value = 0;
  delete e; // expected-warning {{the memory of 'e->mutex' is given back}}
}

void drop_ok(entry *e) {
  std::unique_lock lock(e->mutex);
  e->value = 0;
  lock.unlock();
  delete e;
}

void drop_another_ok(entry *e, entry *other) {
  std::lock_guard lock(e->mutex);
  delete other;
}

void drop_in_a_lambda_bad(entry *e) {
  auto drop = [e] {
    std::lock_guard lock(e->mutex);
    delete e; // expected-warning {{the memory of 'e->mutex' is given back}}
  };
  drop();
}

template <typename T> void drop_template_bad(T *e) {
  std::lock_guard lock(e->mutex);
  delete e; // expected-warning {{the memory of 'e->mutex' is given back}}
}

void use_template(entry *e) { drop_template_bad(e); }

struct worker {
  std::mutex mutex;
  ~worker() {
    mutex.lock();
  } // expected-warning {{'mutex' is still locked when its life ends here}}
};

struct careful_worker {
  std::mutex mutex;
  ~careful_worker() { std::lock_guard guard(mutex); }
};

void local_bad(bool early) {
  std::mutex mutex;
  mutex.lock();
  if (early)
    return; // expected-warning {{'mutex' is still locked when its life ends here}}
  mutex.unlock();
}

// A wrapper with a constructor and a destructor.
class c_mutex {
public:
  c_mutex() { pthread_mutex_init(&mutex, nullptr); }
  ~c_mutex() { pthread_mutex_destroy(&mutex); }
  void lock() {
    pthread_mutex_lock(&mutex); // expected-warning {{its memory has been given back}}
  }
  void unlock() { pthread_mutex_unlock(&mutex); }

private:
  pthread_mutex_t mutex;
};

void wrapper_ok() {
  for (int i = 0; i < 2; ++i) {
    c_mutex mutex;
    mutex.lock();
    mutex.unlock();
  }
}

void wrapper_bad() {
  c_mutex *mutex = new c_mutex;
  delete mutex;
  mutex->lock();
}

int main(int argc, char **argv) {
  connection *c = new connection;
  if (argv[1][0] == 'b')
    c->release_bad();
  else
    c->release_ok();
}
