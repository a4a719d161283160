// RUN: %heddle_verify --checks=unnamed-guard %s -- -std=c++17

// Guards of the project's own are known by what they do: a lock taken by the constructor is given
// back by the destructor.
#include <mutex>
#include <pthread.h>
#include <string>

class scoped_pthread_lock {
public:
  explicit scoped_pthread_lock(pthread_mutex_t *mutex) : mutex_(mutex) {
    pthread_mutex_lock(mutex_);
  }
  ~scoped_pthread_lock() { pthread_mutex_unlock(mutex_); }

private:
  pthread_mutex_t *mutex_;
};

template <typename Mutex> class auto_lock {
public:
  explicit auto_lock(Mutex &mutex) : mutex_(mutex) { mutex_.lock(); }
  auto_lock(Mutex &mutex, const char *) : auto_lock(mutex) {}
  ~auto_lock() { mutex_.unlock(); }

private:
  Mutex &mutex_;
};

/// Holds a guard of the library as a member.
class traced_lock {
public:
  explicit traced_lock(std::mutex &mutex) : lock_(mutex) {}
  ~traced_lock() { lock_.unlock(); }

private:
  std::unique_lock<std::mutex> lock_;
};

/// Takes a lock and gives it back, twice: no guard.
class registration {
public:
  explicit registration(std::mutex &mutex) : mutex_(mutex) {
    std::lock_guard<std::mutex> lock(mutex_);
    ++count;
  }
  ~registration() {
    std::lock_guard<std::mutex> lock(mutex_);
    --count;
  }
  static int count;

private:
  std::mutex &mutex_;
};

class __attribute__((scoped_lockable)) annotated_lock {
public:
  explicit annotated_lock(std::mutex &mutex) __attribute__((exclusive_lock_function(mutex)));
  ~annotated_lock() __attribute__((unlock_function()));
};

/// Only the other way round.
class scoped_unlock {
public:
  explicit scoped_unlock(std::mutex &mutex) : mutex_(mutex) { mutex_.unlock(); }
  ~scoped_unlock() { mutex_.lock(); }

private:
  std::mutex &mutex_;
};

pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;
std::mutex m;
int shared;

void pointer_bad() {
  scoped_pthread_lock{&plain}; // expected-warning {{this guard has no name}}
  ++shared;
}

void template_bad() {
  auto_lock<std::mutex>{m};           // expected-warning {{this guard has no name}}
  auto_lock<std::mutex>(m, "shared"); // expected-warning {{this guard has no name}}
  ++shared;
}

void annotated_bad() {
  annotated_lock{m}; // expected-warning {{this guard has no name}}
  ++shared;
}

void named_ok() {
  scoped_pthread_lock lock(&plain);
  auto_lock<std::mutex> both(m);
  ++shared;
}

void member_guard_ok() {
  traced_lock lock(m);
  ++shared;
}

void no_guard_ok() {
  registration{m};
  ++shared;
}

void unlock_ok() {
  m.lock();
  scoped_unlock{m};
  m.unlock();
}

void other_temporaries_ok() {
  std::string("text");
  ++shared;
}
