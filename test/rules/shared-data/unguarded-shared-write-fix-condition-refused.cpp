// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: cp %t.cpp %t.before.cpp
// RUN: not %heddle check --fix-unsafe --checks=unguarded-shared-write %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.before.cpp

// Where a waiter asks for it, and the waiter's lock cannot be taken: no fix.
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex other;

void local() {
  std::mutex m;
  std::condition_variable cv;
  bool done = false;
  auto finish = [&done, &cv]() -> void {
    std::lock_guard<std::mutex> hold(other);
    done = true;
    cv.notify_all();
  };
  std::thread t(finish);
  std::unique_lock<std::mutex> lk(m);
  cv.wait(lk, [&done]() -> bool { return done; });
  lk.unlock();
  t.join();
}

std::mutex m;
std::condition_variable cv;
int left = 2;

void count() {
  std::lock_guard<std::mutex> hold(other);
  --left;
  cv.notify_all();
}

void loop() {
  std::thread t(count);
  std::unique_lock<std::mutex> lk(m);
  while (left > 0)
    cv.wait(lk);
  lk.unlock();
  t.join();
}
