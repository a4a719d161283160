// RUN: %heddle_verify --checks=dangling-task-capture %s -- -std=c++20

// `this` is captured as any pointer is: what counts is how long the object lives.
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

class poller {
public:
  void start() {
    std::thread([this] { polls_ += 1; }).detach();
  }

private:
  int polls_ = 0;
};

void local_object_bad() {
  poller p;
  p.start(); // expected-warning {{'p' may be gone}}
}

poller lasting;

void global_object_ok() { lasting.start(); }

poller &singleton() {
  static poller instance;
  return instance;
}

void singleton_ok() { singleton().start(); }

class listener {
public:
  void start() { thread_ = std::thread(&listener::run, this); }
  ~listener() {
    if (thread_.joinable())
      thread_.join();
  }

private:
  void run() { ++events_; }
  int events_ = 0;
  std::thread thread_;
};

void joined_by_the_destructor_ok() {
  listener l;
  l.start();
}

class sampler {
public:
  void start() {
    thread_ = std::jthread([this] { ++samples_; });
  }

private:
  int samples_ = 0;
  std::jthread thread_;
};

void joined_by_the_member_ok() {
  sampler s;
  s.start();
}

class unseen_end {
public:
  void start() {
    std::thread([this] { finish(); }).detach();
  }
  ~unseen_end();

private:
  void finish();
  int state_ = 0;
};

void destructor_of_another_file_ok() {
  unseen_end u;
  u.start();
}

class session : public std::enable_shared_from_this<session> {
public:
  void start() {
    std::thread([self = shared_from_this()] { ++self->state_; }).detach();
  }

private:
  int state_ = 0;
};

void keeps_itself_alive_ok() {
  auto s = std::make_shared<session>();
  s->start();
}

class loader {
public:
  void load() {
    std::string path = "data";
    thread_ = std::thread([&path, this] { // expected-warning {{'path' may be gone}}
      size_ = path.size();
    });
  }
  void stored_in_a_member_ok() {
    std::string path = "data";
    thread_ = std::thread([path, this] { size_ = path.size(); });
  }
  ~loader() { thread_.join(); }

private:
  std::size_t size_ = 0;
  std::thread thread_;
};

struct tool {
  int uses = 0;
  void work() { ++uses; }
};

void member_function_and_pointer_bad() {
  tool t;
  std::thread worker(&tool::work, &t); // expected-warning {{'t' may be gone}}
  worker.detach();
}

void member_function_and_copy_ok() {
  tool t;
  std::thread worker(&tool::work, t);
  worker.detach();
}
