// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20

// Locks, pools and futures of Qt, by declarations alone.
#include "../../model/Inputs/qt.h"

QMutex mutex;
QReadWriteLock rw_lock;

int bare = 0;

void run_bad() {
  QFuture<int> future = QtConcurrent::run([] { ++bare; }); // expected-warning {{'bare' is written}}
  ++bare;
  future.waitForFinished();
}

int finished = 0;

void run_finished_ok() {
  QFuture<int> future = QtConcurrent::run([] { ++finished; });
  future.waitForFinished();
  ++finished;
}

int locked = 0;

void locker_ok() {
  QFuture<int> future = QtConcurrent::run([] {
    QMutexLocker<QMutex> lock(&mutex);
    ++locked;
  });
  {
    QMutexLocker<QMutex> lock(&mutex);
    lock.unlock();
    lock.relock();
    ++locked;
  }
  future.waitForFinished();
}

int unlocked = 0;

void unlocked_bad() {
  QFuture<int> future = QtConcurrent::run([] {
    QMutexLocker<QMutex> lock(&mutex);
    ++unlocked;
  });
  {
    QMutexLocker<QMutex> lock(&mutex);
    lock.unlock();
    ++unlocked; // expected-warning {{'unlocked' is written}}
  }
  future.waitForFinished();
}

int published = 0;

void readers_and_writer_ok() {
  QFuture<int> future = QtConcurrent::run([] {
    QReadLocker lock(&rw_lock);
    int seen = published;
    (void)seen;
  });
  rw_lock.lockForWrite();
  ++published;
  rw_lock.unlock();
  future.waitForFinished();
}

int pooled = 0;

void pool_bad() {
  QThreadPool pool;
  pool.start([] { ++pooled; }); // expected-warning {{'pooled' is written}}
  ++pooled;
  pool.waitForDone();
}

int drained = 0;

void pool_done_ok() {
  QThreadPool pool;
  pool.start([] { ++drained; });
  pool.waitForDone();
  ++drained;
}

class Worker : public QThread {
public:
  int done = 0;

protected:
  void run() override {
    ++done; // expected-warning {{'done' is written}}
  }
};

void thread_class_bad() {
  Worker worker;
  worker.start();
  ++worker.done;
  worker.wait();
}

void thread_class_waited_ok() {
  Worker worker;
  worker.start();
  worker.wait();
  ++worker.done;
}

int runnables = 0;

class Task : public QRunnable {
  void run() override {
    ++runnables; // expected-warning {{'runnables' is written}}
  }
};

void runnable_bad() {
  QThreadPool pool;
  pool.start(new Task);
  ++runnables;
  pool.waitForDone();
}

int mapped = 0;

void map_bad(int (&numbers)[9]) {
  QFuture<void> future = QtConcurrent::map(numbers, [](int &) {
    ++mapped; // expected-warning {{'mapped' is written}}
  });
  future.waitForFinished();
}

int filtered = 0;

void filter_of_a_range_bad(int (&numbers)[9]) {
  QtConcurrent::blockingFilter(numbers, numbers + 9, [](int) {
    ++filtered; // expected-warning {{'filtered' is written here by several threads}}
    return true;
  });
}

int mapped_before = 0;

void map_finished_ok(int (&numbers)[9]) {
  QFuture<void> future = QtConcurrent::map(numbers, [](int &number) { number += mapped_before; });
  future.waitForFinished();
  ++mapped_before;
}
