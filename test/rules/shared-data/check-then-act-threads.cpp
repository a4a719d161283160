// RUN: %heddle_verify --checks=check-then-act %s -- -std=c++20

// Who else could change it in between: where only one thread ever takes something out, what it
// saw stays true until it comes back.
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

void handle(int value);

class inbox {
public:
  bool empty() {
    std::lock_guard lock(mutex_);
    return letters_.empty();
  }
  void push(int letter) {
    std::lock_guard lock(mutex_);
    letters_.push_back(letter);
  }
  int pop() {
    std::lock_guard lock(mutex_);
    int first = letters_.front();
    letters_.pop_front();
    return first;
  }

private:
  std::mutex mutex_;
  std::deque<int> letters_;
};

void one_consumer_ok() {
  inbox box;
  std::thread producer([&box] {
    for (int i = 0; i < 100; ++i)
      box.push(i);
  });
  for (int taken = 0; taken < 100;)
    if (!box.empty()) {
      handle(box.pop());
      ++taken;
    }
  producer.join();
}

void one_consumer_thread_ok() {
  inbox box;
  std::thread consumer([&box] {
    for (int taken = 0; taken < 100;)
      if (!box.empty()) {
        handle(box.pop());
        ++taken;
      }
  });
  for (int i = 0; i < 100; ++i)
    box.push(i);
  consumer.join();
}

void two_consumers_bad() {
  inbox box;
  for (int i = 0; i < 100; ++i)
    box.push(i);
  auto consume = [&box] {
    while (!box.empty())
      handle(box.pop()); // expected-warning {{'letters_' is changed by this call after a check}}
  };
  std::thread first(consume), second(consume);
  first.join();
  second.join();
}

void consumers_in_loop_bad() {
  inbox box;
  for (int i = 0; i < 100; ++i)
    box.push(i);
  std::vector<std::thread> consumers;
  for (int i = 0; i < 4; ++i)
    consumers.emplace_back([&box] {
      while (!box.empty())
        handle(box.pop()); // expected-warning {{'letters_' is changed by this call after a check}}
    });
  for (std::thread &consumer : consumers)
    consumer.join();
}

void spawner_pops_too_bad() {
  inbox box;
  for (int i = 0; i < 100; ++i)
    box.push(i);
  std::thread consumer([&box] {
    for (int i = 0; i < 50; ++i)
      handle(box.pop());
  });
  if (!box.empty())
    handle(box.pop()); // expected-warning {{'letters_' is changed by this call after a check}}
  consumer.join();
}

void after_the_join_ok() {
  inbox box;
  std::thread producer([&box] { box.push(1); });
  producer.join();
  while (!box.empty())
    handle(box.pop());
}

void nobody_else_ok() {
  inbox box;
  box.push(1);
  while (!box.empty())
    handle(box.pop());
}

// A worker of the object's own is the only one that takes something out.
class actor {
public:
  actor() : thread_([this] { run(); }) {}
  ~actor() {
    post(-1);
    thread_.join();
  }
  void post(int letter) {
    std::lock_guard lock(mutex_);
    letters_.push_back(letter);
  }

private:
  void run() {
    for (;;) {
      bool nothing;
      {
        std::lock_guard lock(mutex_);
        nothing = letters_.empty();
      }
      if (nothing)
        continue;
      std::unique_lock lock(mutex_);
      int letter = letters_.front();
      letters_.pop_front();
      lock.unlock();
      if (letter < 0)
        return;
      handle(letter);
    }
  }

  std::mutex mutex_;
  std::deque<int> letters_;
  std::thread thread_;
};

int main() {
  one_consumer_ok();
  one_consumer_thread_ok();
  two_consumers_bad();
  consumers_in_loop_bad();
  spawner_pops_too_bad();
  after_the_join_ok();
  nobody_else_ok();
  actor worker;
  worker.post(1);
}
