// RUN: rm -rf %t && mkdir %t && cp %s %t/a.cpp
// RUN: not %clangxx -std=c++20 -fsyntax-only -Wthread-safety -Werror %t/a.cpp -DCHECK_ANNOTATIONS_WORK
// RUN: %clangxx -std=c++20 -fsyntax-only -Wthread-safety -Werror %t/a.cpp
// RUN: %heddle --quiet --checks=inconsistent-guard --fix %t/a.cpp -- -std=c++20
// RUN: %FileCheck %s --input-file=%t/a.cpp
// RUN: not %clangxx -std=c++20 -fsyntax-only -Wthread-safety -Werror %t/a.cpp 2>&1 | %FileCheck --check-prefix=CLANG %s

// A lock whose class is a capability: the inferred guard is written beside the data, and clang's
// own analysis agrees that it was missing where Heddle says so, and nowhere else.
class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() __attribute__((acquire_capability()));
  void unlock() __attribute__((release_capability()));
};

class __attribute__((scoped_lockable)) Hold {
public:
  explicit Hold(Mutex &mutex) __attribute__((acquire_capability(mutex)));
  ~Hold() __attribute__((release_capability()));
};

#define THREAD_ATTRIBUTE(what) __attribute__((what))
#define GUARDED_BY(lock) THREAD_ATTRIBUTE(guarded_by(lock))

class Counter {
public:
  void add() {
    Hold hold(mutex);
    ++count;
    ++adds;
  }
  void remove() {
    Hold hold(mutex);
    --count;
  }
  // CLANG-NOT: error
  // CLANG: error: reading variable 'count' requires holding mutex 'mutex'
  // CLANG: 1 error generated
  int get() const { return count; }
#ifdef CHECK_ANNOTATIONS_WORK
  int get_adds() const { return adds; }
#endif

private:
  Mutex mutex;
  // CHECK: int count GUARDED_BY(mutex) = 0;
  int count = 0;
  int adds GUARDED_BY(mutex) = 0;
};
