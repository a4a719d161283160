// RUN: %heddle_verify --checks=double-lock,unlock-not-held,missing-unlock,destroyed-while-used %s -- -std=c++20

// Guards and locks of which only annotations tell what they do.

class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() __attribute__((acquire_capability()));
  void unlock() __attribute__((release_capability()));
  bool try_lock() __attribute__((try_acquire_capability(true)));
};

struct Deferred {};

class __attribute__((scoped_lockable)) Guard {
public:
  explicit Guard(Mutex *of) __attribute__((acquire_capability(of)));
  Guard(Mutex *of, Deferred) __attribute__((locks_excluded(of)));
  ~Guard() __attribute__((release_capability()));
  void lock() __attribute__((acquire_capability()));
  void unlock() __attribute__((release_capability()));
  void reader_lock() __attribute__((acquire_shared_capability()));
  void promote() __attribute__((release_generic_capability(), acquire_capability()));
};

static Mutex m;
int counter;

void again_ok() {
  Guard guard(&m);
  guard.unlock();
  guard.lock();
  ++counter;
}

void promoted_ok() {
  Guard guard(&m, Deferred{});
  guard.reader_lock();
  int seen = counter;
  guard.promote();
  counter = seen + 1;
}

// Nobody says that the guard looks whether it owns the lock; what counts is the lock itself.
void unlocked_by_hand_ok() {
  Guard guard(&m);
  m.unlock();
  guard.lock();
  ++counter;
}

void locked_by_hand_ok() {
  Guard guard(&m);
  guard.unlock();
  m.lock();
  ++counter;
  guard.unlock();
}

// Not run: twice_bad, loop_bad, unlocked_twice_bad, chosen_bad: these classes are only declared.
void twice_bad() {
  Guard guard(&m);
  guard.lock(); // expected-warning {{'m' is locked again while this thread holds it}}
  ++counter;
}

void loop_bad(int rounds) {
  Guard guard(&m, Deferred{});
  for (int i = 0; i < rounds; ++i)
    guard.lock(); // expected-warning {{'m' is locked again in the next round}}
}

void unlocked_twice_bad() {
  Guard guard(&m);
  guard.unlock();
  guard.unlock(); // expected-warning {{'m' is unlocked a second time}}
}

/// Holds its own lock as long as it lives.
class Held {
public:
  Held() __attribute__((acquire_capability(mutex_)));
  ~Held() __attribute__((release_capability(mutex_)));
  void use();
  Mutex mutex_;
};

class __attribute__((capability("mutex"))) Self {
public:
  Self() __attribute__((acquire_capability()));
  ~Self() __attribute__((release_capability()));
  void use();
};

void held_while_alive_ok() {
  Held held;
  held.use();
  Self self;
  self.use();
}

// The outcome of an attempt, said once more.
void chosen_ok() {
  if (m.try_lock() ? 1 : 0)
    m.unlock();
}

void chosen_the_other_way_ok() {
  if (m.try_lock() ? 0 : 1)
    return;
  m.unlock();
}

void chosen_bad() {
  if (m.try_lock() ? 0 : 1)
    m.unlock(); // expected-warning {{'m' is unlocked where the attempt to lock it has failed}}
} // expected-warning {{'m' stays locked when 'chosen_bad' ends here}}
