// RUN: %heddle_verify --checks=missing-cancel %s -- -std=c++20 -I%runtime_include

// Members: a method that forgets the cancel, and objects that keep it for another method.
#include "heddle/heddle.h"

#include <chrono>
#include <optional>

using namespace std::chrono_literals;

void fetch(const heddle::context &ctx);
bool try_fetch(const heddle::context &ctx);

class client {
public:
  bool get_bad(const heddle::context &parent) {
    auto [ctx, cancel] = heddle::with_timeout(parent, timeout_); // expected-warning {{cancel}}
    if (!try_fetch(ctx))
      return false;
    cancel();
    return true;
  }

  void get_ok(const heddle::context &parent) {
    auto [ctx, cancel] = heddle::with_timeout(parent, timeout_);
    fetch(ctx);
    cancel();
  }

private:
  std::chrono::seconds timeout_ = 1s;
};

class session_ok {
public:
  explicit session_ok(const heddle::context &parent) {
    auto [ctx, cancel] = heddle::with_cancel(parent);
    cancel_ = cancel;
    fetch(ctx);
  }
  ~session_ok() { cancel_(); }

private:
  heddle::cancel_function cancel_;
};

class initialised_ok {
public:
  explicit initialised_ok(const heddle::context &parent) : child_(heddle::with_cancel(parent)) {}
  ~initialised_ok() { child_.cancel(); }
  void get() { fetch(child_.ctx); }

private:
  heddle::cancelable_context child_;
};

class restarted_ok {
public:
  void start(const heddle::context &parent) {
    stop();
    child_ = heddle::with_cancel(parent);
  }
  void stop() {
    if (child_)
      child_->cancel();
  }

private:
  std::optional<heddle::cancelable_context> child_;
};
