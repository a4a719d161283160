// RUN: %heddle_verify --checks=callback-while-locked --min-confidence=possible %s -- -std=c++20
// RUN: %heddle check --checks='callback-*' %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread -DRUN %s -o %t
// RUN: %hangs %t clicks_again_bad
// RUN: %hangs %t listener_asks_bad
// RUN: %t ok

// clang-format off: expectations stand on the line.

// A run of it hangs when what is called comes back for the lock.
#include "../scenarios.h"

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
  void set_on_click(std::function<void(int)> callback) {
    std::lock_guard<std::mutex> hold(mutex);
    on_click = std::move(callback);
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
  explicit Subject(Listener *listener) : listener(listener) {}
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
  Listener *listener;
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
  void set_on_click(std::function<void(int)> callback) {
    std::lock_guard<std::mutex> hold(mutex);
    on_click = std::move(callback);
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

#ifdef RUN
Listener::~Listener() = default;

void clicks_again_bad() {
  Button button;
  button.set_on_click([&](int clicks) {
    if (clicks == 1)
      button.click();
  });
  button.click();
}

void listener_asks_bad() {
  struct Asking : Listener {
    Subject *subject = nullptr;
    void changed(int value) override {
      if (value == 1)
        subject->set_bad(2);
    }
  } asking;
  Subject subject(&asking);
  asking.subject = &subject;
  subject.set_bad(1);
}

void copied_callback_ok() {
  CopyingButton button;
  button.set_on_click([&](int clicks) {
    if (clicks == 1)
      button.click_ok();
  });
  button.click_ok();
}

SCENARIO_MAIN(SCENARIO(clicks_again_bad), SCENARIO(listener_asks_bad), SCENARIO(copied_callback_ok))
#endif
