// RUN: %heddle_verify --checks=inconsistent-guard %s -- -std=c++20
// RUN: not %clangxx -std=c++20 -fsyntax-only -Wthread-safety %s -Werror

// clang-format off: expectations stand on the line.

// GUARDED_BY says which lock it is; one place without it is enough, whatever the others do.
#define CAPABILITY __attribute__((capability("mutex")))
#define GUARDED_BY(lock) __attribute__((guarded_by(lock)))
#define REQUIRES(lock) __attribute__((requires_capability(lock)))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))

class CAPABILITY Mutex {
public:
  void lock() ACQUIRE();
  void unlock() RELEASE();
};

class __attribute__((scoped_lockable)) Hold {
public:
  explicit Hold(Mutex &mutex) ACQUIRE(mutex);
  ~Hold() RELEASE();
};

class Register {
public:
  Register() { size = 0; }
  int get_bad() const { return size; } // expected-warning {{'size' is read here without 'mutex', which guards it by its declaration}}
  void set_bad(int to) {
    mutex.lock();
    mutex.unlock();
    size = to;
  }
  int get_ok() {
    Hold hold(mutex);
    return size;
  }
  void grow_ok() REQUIRES(mutex) { ++size; }
  void unchecked_ok() __attribute__((no_thread_safety_analysis)) { size = 3; }

private:
  mutable Mutex mutex;
  int size GUARDED_BY(mutex);
};
