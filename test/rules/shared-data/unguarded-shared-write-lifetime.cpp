// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t delete_while_read_bad
// RUN: %race_found %t free_while_written_bad
// RUN: %race_found %t destroyed_mutex_bad
// RUN: %race_found %t delete_in_callee_bad
// RUN: %race_found %t virtual_call_during_destructor_bad
// RUN: %t ok

// The end of an object is a write to all of it, which every user has to be done before.
#include "../scenarios.h"

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <unistd.h>

namespace {

struct Job {
  int id = 0;
  std::atomic<int> users{2};
  std::mutex guard;
  int plain_users = 2;
};

void delete_while_read_bad() {
  Job *job = new Job;
  int seen = 0;
  std::thread reader([job, &seen] { seen = job->id; });
  usleep(1000);
  delete job; // expected-warning {{'job' is freed here while another thread reads it; neither holds a lock}}
  reader.join();
}

void *write_number(void *number) {
  *static_cast<int *>(number) = 1;
  return nullptr;
}

void free_while_written_bad() {
  int *number = static_cast<int *>(std::malloc(sizeof *number));
  pthread_t writer;
  pthread_create(&writer, nullptr, write_number, number);
  usleep(1000);
  std::free(number); // expected-warning {{'number' is freed here while another thread writes it}}
  pthread_join(writer, nullptr);
}

pthread_mutex_t late = PTHREAD_MUTEX_INITIALIZER;

void *lock_late(void *unused) {
  pthread_mutex_lock(&late);
  pthread_mutex_unlock(&late);
  return unused;
}

void destroyed_mutex_bad() {
  pthread_t user;
  pthread_create(&user, nullptr, lock_late, nullptr);
  usleep(1000);
  pthread_mutex_destroy(&late); // expected-warning {{'late' is destroyed here}}
  pthread_join(user, nullptr);
}

void dispose(Job *job) {
  delete job; // expected-warning {{freed here while another thread writes it}}
}

void delete_in_callee_bad() {
  Job *job = new Job;
  std::thread writer([job] { job->id = 2; });
  usleep(1000);
  dispose(job);
  writer.join();
}

struct Task {
  virtual ~Task() { // expected-warning {{is destroyed here while another thread uses it}}
    while (!is_done.load())
      usleep(100);
  }
  virtual void work() {}
  void finish() { is_done = true; }
  std::atomic<bool> is_done{false};
};

struct SpecialTask : Task {
  void work() override {}
};

Task *special_task = new SpecialTask;

void virtual_call_during_destructor_bad() {
  std::thread worker([] {
    special_task->work();
    special_task->finish();
  });
  delete special_task; // waits for the worker, but too late: work() may be the wrong one already
  worker.join();
}

struct PlainTask {
  virtual ~PlainTask() = default;
  virtual void work() {}
};

void virtual_call_before_destructor_ok() {
  PlainTask *task = new PlainTask;
  std::thread worker([task] { task->work(); });
  worker.join();
  delete task;
}

void delete_after_join_ok() {
  Job *job = new Job;
  std::thread writer([job] { job->id = 1; });
  writer.join();
  delete job;
}

void delete_own_ok() {
  std::thread first([] { delete new Job; });
  std::thread second([] { delete new Job; });
  first.join();
  second.join();
}

void handed_over_ok() {
  for (int i = 0; i < 2; ++i) {
    Job *job = new Job;
    std::thread owner([job] {
      job->id = 1;
      delete job;
    });
    owner.join();
  }
}

void *consume(void *number) {
  *static_cast<int *>(number) += 1;
  std::free(number);
  return nullptr;
}

void handed_over_in_loop_ok() {
  pthread_t consumers[3];
  for (pthread_t &consumer : consumers)
    pthread_create(&consumer, nullptr, consume, std::calloc(1, sizeof(int)));
  for (pthread_t &consumer : consumers)
    pthread_join(consumer, nullptr);
}

void release(Job *job) {
  if (job->users.fetch_sub(1) == 1)
    delete job;
}

void last_one_deletes_ok() {
  Job *job = new Job;
  std::thread user([job] {
    (void)job->id;
    release(job);
  });
  (void)job->id;
  release(job);
  user.join();
}

void release_under_lock(Job *job) {
  bool is_last;
  {
    std::lock_guard<std::mutex> hold(job->guard);
    is_last = --job->plain_users == 0;
  }
  if (is_last)
    delete job;
}

void last_one_deletes_under_lock_ok() {
  Job *job = new Job;
  auto use = [job] {
    {
      std::lock_guard<std::mutex> hold(job->guard);
      ++job->id;
    }
    release_under_lock(job);
  };
  std::thread user(use);
  use();
  user.join();
}

pthread_mutex_t in_time = PTHREAD_MUTEX_INITIALIZER;

void *lock_in_time(void *unused) {
  pthread_mutex_lock(&in_time);
  pthread_mutex_unlock(&in_time);
  return unused;
}

void destroyed_after_join_ok() {
  pthread_t user;
  pthread_create(&user, nullptr, lock_in_time, nullptr);
  pthread_join(user, nullptr);
  pthread_mutex_destroy(&in_time);
}

bool start_consumer(pthread_t *thread, const pthread_attr_t *attributes, void *number) {
  int failed;
  if (attributes != nullptr)
    failed = pthread_create(thread, attributes, consume, number);
  else
    failed = pthread_create(thread, nullptr, consume, number);
  return failed == 0;
}

void one_of_two_starts_ok() {
  pthread_t consumer;
  void *number = std::calloc(1, sizeof(int));
  if (start_consumer(&consumer, nullptr, number))
    pthread_join(consumer, nullptr);
  else
    std::free(number);
}

class Worker {
public:
  Worker() : thread([this] { run(); }) {}
  ~Worker() { thread.join(); }

private:
  void run() { ++rounds; }
  int rounds = 0;
  std::thread thread;
};

void destructor_joins_ok() {
  auto *worker = new Worker;
  delete worker;
}

pthread_mutex_t condition_mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
bool is_done = false;

void *finish(void *unused) {
  pthread_mutex_lock(&condition_mutex);
  is_done = true;
  pthread_cond_signal(&condition);
  pthread_mutex_unlock(&condition_mutex);
  return unused;
}

void condition_destroyed_after_wait_ok() {
  pthread_t waker;
  pthread_create(&waker, nullptr, finish, nullptr);
  pthread_mutex_lock(&condition_mutex);
  while (!is_done)
    pthread_cond_wait(&condition, &condition_mutex);
  pthread_mutex_unlock(&condition_mutex);
  pthread_cond_destroy(&condition);
  pthread_join(waker, nullptr);
}

} // namespace

SCENARIO_MAIN(SCENARIO(delete_while_read_bad), SCENARIO(free_while_written_bad),
              SCENARIO(destroyed_mutex_bad), SCENARIO(delete_in_callee_bad),
              SCENARIO(virtual_call_during_destructor_bad),
              SCENARIO(virtual_call_before_destructor_ok), SCENARIO(delete_after_join_ok),
              SCENARIO(delete_own_ok), SCENARIO(handed_over_ok), SCENARIO(handed_over_in_loop_ok),
              SCENARIO(last_one_deletes_ok), SCENARIO(last_one_deletes_under_lock_ok),
              SCENARIO(destroyed_after_join_ok), SCENARIO(one_of_two_starts_ok),
              SCENARIO(destructor_joins_ok), SCENARIO(condition_destroyed_after_wait_ok))
