// RUN: %heddle_verify --checks=callback-while-locked --min-confidence=possible %s -- -std=c++20
// RUN: %heddle check --checks=callback-while-locked %s -- -std=c++20

// clang-format off: expectations stand on the line.

#include <functional>
#include <mutex>
#include <vector>

// [example: bad]
class Button {
public:
  void click() {
    std::lock_guard<std::mutex> hold(mutex);
    ++clicks;
    on_click(clicks); // expected-warning {{the callback 'on_click' is called while 'mutex' is held; nobody here knows what it locks or how long it takes}}
  }

private:
  std::mutex mutex;
  int clicks = 0;
  std::function<void(int)> on_click;
};
// [end]

struct Listener {
  virtual ~Listener();
  virtual void changed(int value) = 0;
};

class Subject {
public:
  void set_bad(int next) {
    std::lock_guard<std::mutex> hold(mutex);
    value = next;
    listener->changed(value); // expected-warning {{the virtual function 'changed' is called while 'mutex' is held}}
  }
  void notify_bad() {
    std::lock_guard<std::mutex> hold(mutex);
    tell();
  }

private:
  void tell() { handler(value); } // expected-warning {{the callback 'handler' is called while 'mutex' is held}}
  std::mutex mutex;
  int value = 0;
  Listener *listener = nullptr;
  void (*handler)(int) = nullptr;
};

std::mutex registry_lock;
void (*registered)(void);

void run_registered_bad() {
  registry_lock.lock();
  registered(); // expected-warning {{the callback 'registered' is called while 'registry_lock' is held}}
  registry_lock.unlock();
}

template <typename Lock> struct Hook {
  Lock lock;
  std::function<void()> hook;
  void run_bad() {
    std::lock_guard<Lock> hold(lock);
    auto call = [this] { hook(); }; // expected-warning {{the callback 'hook' is called while 'lock' is held}}
    call();
  }
};
template struct Hook<std::mutex>;

// [example: good]
class CopyingButton {
public:
  void click_ok() {
    std::function<void(int)> callback;
    int now = 0;
    {
      std::lock_guard<std::mutex> hold(mutex);
      now = ++clicks;
      callback = on_click;
    }
    callback(now);
  }

private:
  std::mutex mutex;
  int clicks = 0;
  std::function<void(int)> on_click;
};
// [end]

// What a function is given to do under the lock is what it is there for.
template <typename Work> void with_lock_ok(Work work) {
  std::lock_guard<std::mutex> hold(registry_lock);
  work();
}

void use_ok(int &count) {
  with_lock_ok([&] { ++count; });
}

void given_ok(const std::function<void()> &work) {
  std::lock_guard<std::mutex> hold(registry_lock);
  work();
}

void known_ok() {
  auto work = [] { return 1; };
  std::lock_guard<std::mutex> hold(registry_lock);
  work();
}

struct Plain {
  std::mutex mutex;
  int value = 0;
  int get() const { return value; }
  int get_ok() {
    std::lock_guard<std::mutex> hold(mutex);
    return get();
  }
};
