// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx -std=c++20 %s -o %t
// RUN: %race_found %t flag_bad
// RUN: %race_found %t queue_bad
// RUN: %race_found %t two_bad
// RUN: %race_found %t endless_bad
// RUN: %race_found %t pthread_bad
// RUN: %t ok

// What a loop around a wait asks for is asked for the first time before anything was waited for.
#include "../scenarios.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <pthread.h>
#include <thread>

namespace {

struct meeting {
  std::mutex mutex;
  std::condition_variable changed;
  bool ready = false, later = false;
  int data = 0;
  std::deque<int> queue;
};

void flag_bad() {
  static meeting m;
  std::thread waiter([] {
    std::unique_lock<std::mutex> lock(m.mutex);
    while (!m.ready)
      m.changed.wait(lock);
  });
  m.ready = true; // expected-warning {{'ready' is written here while another thread reads it}}
  m.changed.notify_one();
  waiter.join();
}

void flag_ok() {
  static meeting m;
  std::thread waiter([] {
    std::unique_lock<std::mutex> lock(m.mutex);
    while (!m.ready)
      m.changed.wait(lock);
    m.data++;
  });
  m.data = 7;
  {
    std::lock_guard<std::mutex> lock(m.mutex);
    m.ready = true;
  }
  m.changed.notify_one();
  waiter.join();
}

void queue_bad() {
  static meeting m;
  std::thread waiter([] {
    std::unique_lock<std::mutex> lock(m.mutex);
    while (m.queue.empty())
      m.changed.wait(lock);
  });
  m.queue.push_back(1); // expected-warning {{'queue' is written here while another thread uses it}}
  m.changed.notify_one();
  waiter.join();
}

void queue_ok() {
  static meeting m;
  std::thread waiter([] {
    std::unique_lock<std::mutex> lock(m.mutex);
    while (m.queue.empty())
      m.changed.wait(lock);
    m.queue.pop_front();
  });
  {
    std::lock_guard<std::mutex> lock(m.mutex);
    m.queue.push_back(1);
  }
  m.changed.notify_one();
  waiter.join();
}

void two_bad() {
  static meeting m;
  std::thread waiter([] {
    std::unique_lock<std::mutex> lock(m.mutex);
    while (!m.ready || !m.later) {
      m.changed.wait(lock);
    }
  });
  {
    std::lock_guard<std::mutex> lock(m.mutex);
    m.ready = true;
  }
  m.later = true; // expected-warning {{'later' is written here while another thread reads it}}
  m.changed.notify_all();
  waiter.join();
}

void two_ok() {
  static meeting m;
  std::thread waiter([] {
    std::unique_lock<std::mutex> lock(m.mutex);
    while (!m.ready)
      m.changed.wait(lock);
    while (!m.later)
      m.changed.wait(lock);
    m.data++;
  });
  m.data = 3;
  std::unique_lock<std::mutex> lock(m.mutex);
  m.ready = true;
  m.later = true;
  lock.unlock();
  m.changed.notify_all();
  waiter.join();
}

void endless_bad() {
  static meeting m;
  std::thread waiter([] {
    std::unique_lock<std::mutex> lock(m.mutex);
    for (;;) {
      if (m.ready)
        break;
      m.changed.wait(lock);
    }
  });
  m.ready = true; // expected-warning {{'ready' is written here while another thread reads it}}
  m.changed.notify_one();
  waiter.join();
}

void endless_ok() {
  static meeting m;
  std::thread waiter([] {
    for (int i = 0; i < 3; ++i) {
      std::unique_lock<std::mutex> lock(m.mutex);
      while (!m.ready)
        m.changed.wait(lock);
      m.ready = false;
      ++m.data;
    }
  });
  for (int i = 0; i < 3; ++i) {
    std::unique_lock<std::mutex> lock(m.mutex);
    m.ready = true;
    m.changed.notify_one();
    lock.unlock();
    std::this_thread::yield();
    lock.lock();
    if (m.ready)
      --i;
  }
  waiter.join();
}

// The state was written before the first wait was over.
void waited_before_ok() {
  static meeting m;
  static std::condition_variable drained;
  static int left = 0;
  std::thread waiter([] {
    std::unique_lock<std::mutex> lock(m.mutex);
    while (!m.ready)
      m.changed.wait(lock);
    while (left > 0)
      drained.wait_for(lock, std::chrono::milliseconds(1), [] { return --left == 0; });
  });
  left = 2;
  {
    std::lock_guard<std::mutex> lock(m.mutex);
    m.ready = true;
  }
  m.changed.notify_one();
  waiter.join();
}

void started_later_ok() {
  static meeting m;
  m.ready = true;
  m.changed.notify_one();
  std::thread waiter([] {
    std::unique_lock<std::mutex> lock(m.mutex);
    while (!m.ready)
      m.changed.wait(lock);
  });
  waiter.join();
}

// A thread of its own sees to what it waits for.
void own_ok() {
  static meeting m;
  static bool tried = false;
  std::thread waiter([] {
    std::unique_lock<std::mutex> lock(m.mutex);
    while (!tried) {
      m.changed.wait_for(lock, std::chrono::milliseconds(1));
      tried = true;
    }
  });
  m.changed.notify_one();
  waiter.join();
}

// What the loop does not ask for is looked at behind it alone.
void result_ok() {
  static meeting m;
  static int result = 0;
  std::thread worker([] {
    result = 4;
    std::lock_guard<std::mutex> lock(m.mutex);
    m.ready = true;
    m.changed.notify_one();
  });
  std::unique_lock<std::mutex> lock(m.mutex);
  while (!m.ready)
    m.changed.wait(lock);
  ++result;
  lock.unlock();
  worker.join();
}

struct gate {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
  int open = 0;
};

void *pass(void *given) {
  gate *g = static_cast<gate *>(given);
  pthread_mutex_lock(&g->mutex);
  while (!g->open)
    pthread_cond_wait(&g->opened, &g->mutex);
  pthread_mutex_unlock(&g->mutex);
  return nullptr;
}

void pthread_bad() {
  static gate g;
  pthread_t guest;
  pthread_create(&guest, nullptr, pass, &g);
  g.open = 1; // expected-warning {{'open' is written here while another thread reads it}}
  pthread_cond_signal(&g.opened);
  pthread_join(guest, nullptr);
}

} // namespace

SCENARIO_MAIN(SCENARIO(flag_bad), SCENARIO(flag_ok), SCENARIO(queue_bad), SCENARIO(queue_ok),
              SCENARIO(two_bad), SCENARIO(two_ok), SCENARIO(endless_bad), SCENARIO(endless_ok),
              SCENARIO(waited_before_ok), SCENARIO(started_later_ok), SCENARIO(own_ok),
              SCENARIO(result_ok), SCENARIO(pthread_bad))
