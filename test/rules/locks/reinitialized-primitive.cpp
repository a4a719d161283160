// RUN: %heddle_verify --checks=reinitialized-primitive %s -- -std=c++20
// clang-format off: expectations stand on their lines

// Classes around primitives of C.
#include <memory>
#include <pthread.h>
#include <semaphore.h>

class gate {
public:
  gate() { pthread_mutex_init(&mutex, nullptr); }
  ~gate() { pthread_mutex_destroy(&mutex); }
  void reset_bad() {
    pthread_mutex_init(&mutex, nullptr);
    open = false;
    pthread_mutex_init(&mutex, nullptr); // expected-warning {{'mutex' is initialised a second time}}
  }
  void reset_ok() {
    pthread_mutex_destroy(&mutex);
    pthread_mutex_init(&mutex, nullptr);
  }
  void init() {
    pthread_mutex_init(&mutex, nullptr); // expected-warning {{'g.mutex' is initialised a second time}}
  }

private:
  pthread_mutex_t mutex;
  bool open = false;
};

void init_after_constructor_bad() {
  gate g;
  g.init();
}

void every_round_ok() {
  for (int i = 0; i < 3; ++i)
    gate g;
  gate one, two;
  auto three = std::make_unique<gate>();
}

struct raw {
  pthread_mutex_t mutex;
  sem_t full;
};

void raw_bad() {
  raw *r = new raw;
  pthread_mutex_lock(&r->mutex); // expected-warning {{nothing has initialised it}}
  pthread_mutex_unlock(&r->mutex);
  delete r;
}

void zeroed_ok() {
  raw *r = new raw();
  pthread_mutex_lock(&r->mutex);
  pthread_mutex_unlock(&r->mutex);
  raw other{};
  pthread_mutex_lock(&other.mutex);
  pthread_mutex_unlock(&other.mutex);
  delete r;
}

template <typename T> void template_bad(T &object) {
  sem_init(&object.full, 0, 0);
  sem_init(&object.full, 0, 1); // expected-warning {{'object.full' is initialised a second time}}
}

void use_template(raw &r) { template_bad(r); }

void lambda_bad() {
  pthread_mutex_t mutex;
  auto use = [&] {
    pthread_mutex_lock(&mutex); // expected-warning {{nothing has initialised it}}
    pthread_mutex_unlock(&mutex);
  };
  use();
}

void lambda_ok() {
  pthread_mutex_t mutex;
  auto make = [&] { pthread_mutex_init(&mutex, nullptr); };
  make();
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
}
