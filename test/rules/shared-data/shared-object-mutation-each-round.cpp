// RUN: %heddle_verify --checks=shared-object-mutation,unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t one_for_all_rounds_bad
// RUN: %t ok

// Tasks that are started in a loop, each with an object that some call returns: what is returned
// may be another object each time.
#include "../scenarios.h"

#include <list>
#include <map>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

struct job {
  int state = 0;
};

class server {
public:
  job *accept();
  job &take(int number);

private:
  std::map<int, std::unique_ptr<job>> jobs_;
  int accepted_ = 0;
};

// As far as another unit would see it.
job *(*const next_of)(std::list<job> &) = [](std::list<job> &jobs) { return &jobs.emplace_back(); };

job *server::accept() {
  if (accepted_ == 3)
    return nullptr;
  auto &kept = jobs_[accepted_++];
  kept = std::make_unique<job>();
  return kept.get();
}

job &server::take(int number) { return *(jobs_[number] = std::make_unique<job>()); }

static void join(std::vector<std::thread> &workers) {
  for (std::thread &worker : workers)
    worker.join();
}

void accepted_ok() {
  server s;
  std::vector<std::thread> workers;
  while (job *accepted = s.accept())
    workers.emplace_back([accepted] { accepted->state += 1; });
  join(workers);
}

void reference_returned_ok() {
  server s;
  std::vector<std::thread> workers;
  for (int i = 0; i < 3; ++i) {
    job &mine = s.take(i);
    workers.emplace_back([&mine] { mine.state += 1; });
  }
  join(workers);
}

void by_function_pointer_ok() {
  std::list<job> jobs;
  std::vector<std::thread> workers;
  for (int i = 0; i < 3; ++i) {
    job *mine = next_of(jobs);
    workers.emplace_back([mine] { mine->state += 1; });
  }
  join(workers);
}

void just_appended_ok() {
  std::list<job> jobs;
  std::vector<std::thread> workers;
  for (int i = 0; i < 3; ++i) {
    job &mine = jobs.emplace_back();
    workers.emplace_back([&mine] { mine.state += 1; });
  }
  join(workers);
}

void each_entry_ok() {
  std::map<int, job> jobs;
  for (int i = 0; i < 3; ++i)
    jobs[i].state = i;
  std::vector<std::thread> workers;
  for (auto &[number, each] : jobs)
    workers.emplace_back([&mine = each] { mine.state += 1; });
  join(workers);
}

void each_iterator_ok() {
  std::vector<job> jobs(3);
  std::vector<std::thread> workers;
  for (auto each = jobs.begin(); each != jobs.end(); ++each)
    workers.emplace_back([each] { each->state += 1; });
  join(workers);
}

void one_for_all_rounds_bad() {
  std::list<job> jobs;
  std::vector<std::thread> workers;
  job &only = jobs.emplace_back();
  for (int i = 0; i < 3; ++i)
    workers.emplace_back([&only] {
      only.state += 1; // expected-warning {{is written here by several threads}}
    });
  join(workers);
}

SCENARIO_MAIN(SCENARIO(accepted_ok), SCENARIO(reference_returned_ok),
              SCENARIO(by_function_pointer_ok), SCENARIO(just_appended_ok), SCENARIO(each_entry_ok),
              SCENARIO(each_iterator_ok), SCENARIO(one_for_all_rounds_bad))
