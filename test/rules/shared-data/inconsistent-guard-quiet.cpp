// RUN: %heddle_verify --checks=inconsistent-guard %s -- -std=c++20 -UNDEBUG

// Where nobody else can be, or where the lock is held though nobody has seen it taken: assertions,
// objects of one function, functions that give back what their callers took.
#include <cassert>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

// The lock belongs to another object; this one is a variable of the function that runs it.
class control {
public:
  std::mutex mutex;
  int command = 0;
};

class player {
public:
  explicit player(control &owner) : owner_(owner) {}
  void run_ok() {
    pipe_ = std::make_shared<int>(2);
    std::unique_lock<std::mutex> lock(owner_.mutex);
    start(lock, pipe_);
    while (owner_.command == 0) {
      step();
      renew();
    }
  }

private:
  void start(std::unique_lock<std::mutex> &lock, std::shared_ptr<int> pipe);
  void step() { sum_ += pipe_ ? *pipe_ : 0; }
  void renew() { pipe_ = std::make_shared<int>(3); }

  control &owner_;
  std::shared_ptr<int> pipe_;
  int sum_ = 0;
};

void player::start(std::unique_lock<std::mutex> &, std::shared_ptr<int>) { sum_ = 0; }

void play(control &owner) {
  std::thread thread([&owner] {
    player own(owner);
    own.run_ok();
  });
  thread.join();
}

// The same, but whoever has a pointer to it may run it.
class shared_player {
public:
  explicit shared_player(control &owner) : owner_(owner) {}
  void run_bad() {
    // expected-warning@+1 {{'pipe_' is written here without 'owner_.mutex'}}
    pipe_ = std::make_shared<int>(2);
    std::unique_lock<std::mutex> lock(owner_.mutex);
    start(lock, pipe_);
    while (owner_.command == 0) {
      step();
      renew();
    }
  }

private:
  void start(std::unique_lock<std::mutex> &lock, std::shared_ptr<int> pipe);
  void step() { sum_ += pipe_ ? *pipe_ : 0; }
  void renew() { pipe_ = std::make_shared<int>(3); }

  control &owner_;
  std::shared_ptr<int> pipe_;
  int sum_ = 0;
};

void shared_player::start(std::unique_lock<std::mutex> &, std::shared_ptr<int>) { sum_ = 0; }

void play_for_all(shared_player *common) {
  std::thread thread([common] { common->run_bad(); });
  thread.join();
}

// Not yet handed to the other thread, as the assertions say.
void hand_over();

class monitor {
public:
  void run_ok() {
    assert(!done_);
    hand_over();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
  }
  void finish_ok() {
    assert(!done_);
    std::lock_guard lock(mutex_);
    done_ = true;
    changed_.notify_one();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
};

class looked_at {
public:
  bool is_done_bad() const {
    return done_; // expected-warning {{'done_' is read here without 'mutex_'}}
  }
  void wait() {
    assert(!done_);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
  }
  void finish() {
    std::lock_guard lock(mutex_);
    done_ = true;
    changed_.notify_one();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
};

// What is written before a lock is given back that a caller has taken.
extern std::mutex database;
extern int holder;
void work();

inline void lock_database_ok(int who) {
  database.lock();
  holder = who;
}

inline void unlock_database_ok() {
  holder = 0;
  database.unlock();
}

class unlocked_ok {
public:
  unlocked_ok() { unlock_database_ok(); }
  ~unlocked_ok() { lock_database_ok(1); }
};

void remove_ok() {
  const unlocked_ok meanwhile;
  work();
}

void use_ok() {
  lock_database_ok(2);
  work();
  unlock_database_ok();
}

// Asked by a wait, under the lock of who waits.
template <typename T> struct promised {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<T> value;
  void set(T what) {
    {
      std::lock_guard<std::mutex> lock(mutex);
      value = what;
    }
    changed.notify_all();
  }
  bool ready() const { return value.has_value(); }
};

template <typename T> struct awaited {
  std::shared_ptr<promised<T>> state;
  T get() {
    std::unique_lock<std::mutex> lock(state->mutex);
    state->changed.wait(lock, [&] { return state->ready(); });
    return *state->value;
  }
};

int ask(awaited<int> &of) {
  of.state->set(1);
  return of.get();
}
