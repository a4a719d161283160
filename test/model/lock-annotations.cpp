// RUN: %exits 0 %heddle check --dump-model=accesses %s -- -std=c++20 | %FileCheck %s
// RUN: %exits 0 %heddle check --dump-model=locks %s -- -std=c++20 | %FileCheck --check-prefix=GUARD %s

// Locks as Clang's thread-safety annotations tell of them: no body is seen, or none is looked at.
#include <thread>

class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() __attribute__((acquire_capability()));
  void lock_shared() __attribute__((acquire_shared_capability()));
  void unlock() __attribute__((release_capability()));
  void unlock_shared() __attribute__((release_shared_capability()));
  bool try_lock() __attribute__((try_acquire_capability(true)));
  bool refuse() __attribute__((try_acquire_capability(false)));
  void assert_held() const __attribute__((assert_capability(this)));
  int word = 0;
};

class __attribute__((scoped_lockable)) Guard {
public:
  explicit Guard(Mutex &mutex) __attribute__((acquire_capability(mutex)));
  explicit Guard(Mutex *mutex) __attribute__((acquire_shared_capability(mutex)));
  Guard(Mutex &mutex, int) __attribute__((requires_capability(mutex)));
  Guard(Mutex &mutex, bool) __attribute__((locks_excluded(mutex)));
  ~Guard() __attribute__((release_capability()));
  void lock() __attribute__((acquire_capability()));
  void unlock() __attribute__((release_capability()));
};

Mutex m;
Mutex other;
// GUARD: lock-annotations.cpp:[[@LINE+1]]:5: x is guarded by m
int x __attribute__((guarded_by(m)));

void by_hand() {
  m.lock();
  // CHECK: lock-annotations.cpp:[[@LINE+1]]:3: by_hand: write x holding {m}
  x = 1;
  m.unlock();
  // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:3: by_hand: write x holding {}
  x = 2;
}

int readers() {
  m.lock_shared();
  // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:16: readers: read x holding {m (shared)}
  int result = x;
  m.unlock_shared();
  return result;
}

void tried() {
  if (m.try_lock()) {
    // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:5: tried: write x holding {m}
    x = 1;
    m.unlock();
  }
  if (m.refuse())
    return;
  // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:3: tried: write x holding {m}
  x = 2;
  m.unlock();
}

void guarded() {
  {
    Guard guard(m);
    // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:5: guarded: write x holding {m}
    x = 1;
    guard.unlock();
    // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:5: guarded: write x holding {}
    x = 2;
    guard.lock();
    // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:5: guarded: write x holding {m}
    x = 3;
  }
  Guard late(m, false);
  // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:3: guarded: write x holding {}
  x = 4;
  late.lock();
  // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:3: guarded: write x holding {m}
  x = 5;
}

void adopts() {
  m.lock();
  Guard guard(m, 1);
  // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:3: adopts: write x holding {m}
  x = 1;
}

void required() __attribute__((requires_capability(m))) {
  // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:3: required: write x holding {m}
  x = 1;
  m.unlock();
  // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:3: required: write x holding {}
  x = 2;
  m.lock();
}

void asserted() {
  m.assert_held();
  // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:3: asserted: write x holding {m}
  x = 1;
}

// What a caller holds is the caller's, not left behind by the callee.
void calls_asserted() {
  asserted();
  // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:3: calls_asserted: write x holding {}
  x = 1;
}

void take(Mutex *one, Mutex &two) __attribute__((acquire_capability(one, two)));
void give(Mutex *one, Mutex &two) __attribute__((release_capability(one, two)));

void by_functions() {
  take(&m, other);
  // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:3: by_functions: write x holding {m, other}
  x = 1;
  give(&m, other);
  // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:3: by_functions: write x holding {}
  x = 2;
}

class Account {
public:
  Mutex &mutex() __attribute__((lock_returned(mutex_))) { return mutex_; }
  void add() __attribute__((requires_capability(mutex_))) {
    // CHECK: lock-annotations.cpp:[[@LINE+1]]:5: Account::add: update balance_ holding {mutex_}
    balance_ += 1;
  }
  void add_twice() __attribute__((requires_capability(mutex()))) {
    // CHECK: lock-annotations.cpp:[[@LINE+1]]:5: Account::add_twice: update balance_ holding {mutex_}
    balance_ += 2;
  }
  void locked() {
    Guard guard(mutex_);
    // CHECK: lock-annotations.cpp:[[@LINE+1]]:5: Account::locked: update balance_ holding {mutex_}
    balance_ += 3;
    *history_ = balance_;
  }

private:
  Mutex mutex_;
  // GUARD: lock-annotations.cpp:[[@LINE+1]]:7: balance_ is guarded by mutex_
  int balance_ __attribute__((guarded_by(mutex_))) = 0;
  // GUARD-NEXT: lock-annotations.cpp:[[@LINE+1]]:8: what history_ points to is guarded by mutex_
  int *history_ __attribute__((pt_guarded_by(mutex_))) = nullptr;
};

void start() {
  std::thread(by_hand).detach();
  std::thread(readers).detach();
  std::thread(tried).detach();
  std::thread(guarded).detach();
  std::thread(adopts).detach();
  std::thread(required).detach();
  std::thread(calls_asserted).detach();
  std::thread(by_functions).detach();
}

// Constructors and destructors whose bodies show nothing do what they declare.
struct Holding {
  Holding() __attribute__((acquire_capability(m))) {}
  ~Holding() __attribute__((release_capability(m))) {}
};

void by_declared_constructor() {
  {
    Holding held;
    // CHECK: lock-annotations.cpp:[[@LINE+1]]:5: by_declared_constructor: write x holding {m}
    x = 1;
  }
  // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:3: by_declared_constructor: write x holding {}
  x = 2;
}

// What decides is looked at through hints to the compiler and through `&&` and `||`.
bool more();

void by_hint() {
  if (__builtin_expect(!m.try_lock(), 0))
    return;
  // CHECK: lock-annotations.cpp:[[@LINE+1]]:3: by_hint: write x holding {m}
  x = 1;
  m.unlock();
}

void by_conjunction() {
  m.lock();
  do {
    // CHECK: lock-annotations.cpp:[[@LINE+1]]:5: by_conjunction: write x holding {m}
    x = 1;
    m.unlock();
  } while (more() && m.try_lock());
  // CHECK-NEXT: lock-annotations.cpp:[[@LINE+1]]:3: by_conjunction: write x holding {}
  x = 2;
}

void by_disjunction() {
  const bool none = more() || !m.try_lock();
  if (!none) {
    // CHECK: lock-annotations.cpp:[[@LINE+1]]:5: by_disjunction: write x holding {m}
    x = 1;
    m.unlock();
  }
}

// What guards is behind the pointer, and nobody knows the pointer's class.
template <typename T> struct Pointer {
  T *operator->() const;
};

struct Indirect {
  Pointer<Mutex> mutex;
  // GUARD-NOT: behind is guarded
  int behind __attribute__((guarded_by(mutex)));
};

// A number tells how an attempt went as long as it is set there and nowhere else.
void by_outcome() {
  int taken;
  taken = m.try_lock();
  if (taken) {
    // CHECK: lock-annotations.cpp:[[@LINE+1]]:5: by_outcome: write x holding {m}
    x = 1;
    m.unlock();
  }
}

void by_changed_outcome(bool other) {
  bool taken = m.try_lock();
  taken = taken || other;
  if (taken)
    // CHECK: lock-annotations.cpp:[[@LINE+1]]:5: by_changed_outcome: write x holding {}
    x = 1;
}
