// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t pointer_to_both_threads_bad
// RUN: %race_found %t shared_ptr_copied_bad
// RUN: %race_found %t unique_ptr_lent_out_bad
// RUN: %race_found %t heap_object_kept_by_the_giver_bad
// RUN: %race_found %t pointer_itself_bad
// RUN: %race_found %t function_object_bad
// RUN: %t ok

// Who owns the object: data that only one thread can reach needs no lock.
#include "../scenarios.h"

#include <cstdio>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

struct job {
  int state = 0;
};

void pointer_to_both_threads_bad() {
  job shared;
  job *const p = &shared;
  std::thread worker([p] {
    p->state = 1; // expected-warning {{state' is changed}}
  });
  std::printf("%d\n", p->state);
  worker.join();
}

void shared_ptr_copied_bad() {
  auto shared = std::make_shared<job>();
  std::thread worker([shared] {
    shared->state = 1; // expected-warning {{state' is changed}}
  });
  std::printf("%d\n", shared->state);
  worker.join();
}

void unique_ptr_lent_out_bad() {
  const auto owned = std::make_unique<job>();
  std::thread worker([&owned] {
    owned->state = 1; // expected-warning {{state' is written}}
  });
  std::printf("%d\n", owned->state);
  worker.join();
}

void heap_object_kept_by_the_giver_bad() {
  job *const kept = new job;
  std::thread worker([kept] {
    kept->state = 1; // expected-warning {{state' is changed}}
  });
  std::printf("%d\n", kept->state);
  worker.join();
  delete kept;
}

int *published = nullptr;

void pointer_itself_bad() {
  static int target = 0;
  std::thread worker([] {
    published = &target; // expected-warning {{'published' is written}}
  });
  if (published != nullptr)
    std::puts("published");
  worker.join();
}

int shared_struct_calls = 0;

struct caller {
  void operator()() const {
    ++shared_struct_calls; // expected-warning {{'shared_struct_calls' is written}}
  }
};

void function_object_bad() {
  std::thread first(caller{});
  std::thread second(caller{});
  first.join();
  second.join();
}

thread_local int per_thread = 0;

void thread_local_ok() {
  std::thread worker([] { ++per_thread; });
  ++per_thread;
  worker.join();
}

void count_calls() {
  static thread_local int calls = 0;
  std::printf("%d\n", ++calls);
}

void static_thread_local_ok() {
  std::thread worker(count_calls);
  count_calls();
  worker.join();
}

void change(job own) {
  own.state = 1;
  std::printf("%d\n", own.state);
}

void passed_by_value_ok() {
  job given;
  std::thread worker(change, given);
  given.state = 2;
  worker.join();
}

void unique_ptr_moved_in_ok() {
  auto given = std::make_unique<job>();
  given->state = 1;
  std::thread worker([own = std::move(given)] { own->state = 2; });
  given = std::make_unique<job>();
  given->state = 3;
  worker.join();
}

void take(std::unique_ptr<job> own) { own->state = 1; }

void unique_ptr_argument_ok() {
  auto given = std::make_unique<job>();
  given->state = 2;
  std::thread worker(take, std::move(given));
  worker.join();
}

void heap_object_per_thread_ok() {
  std::vector<std::thread> workers;
  for (int i = 0; i < 2; ++i) {
    job *const own = new job;
    own->state = i;
    workers.emplace_back([own] {
      own->state += 1;
      delete own;
    });
  }
  for (std::thread &worker : workers)
    worker.join();
}

void heap_object_made_by_the_thread_ok() {
  const auto work = [] {
    const auto own = std::make_unique<job>();
    own->state = 1;
    std::printf("%d\n", own->state);
  };
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
}

void loop_local_joined_in_the_iteration_ok() {
  for (int i = 0; i < 2; ++i) {
    job own;
    std::thread worker([&own] { own.state = 1; });
    worker.join();
    std::printf("%d\n", own.state);
  }
}

void loop_local_used_by_one_thread_ok() {
  for (int i = 0; i < 2; ++i) {
    job own;
    std::thread worker([&own] { ++own.state; });
    std::puts("waiting");
    worker.join();
  }
}

void each_thread_its_own_object_ok() {
  job jobs[2];
  std::thread first([&jobs] { jobs[0].state = 1; });
  std::thread second([&jobs] { jobs[1].state = 2; });
  first.join();
  second.join();
}

void shared_ptr_to_const_ok() {
  const std::shared_ptr<const job> shared = std::make_shared<const job>();
  std::thread worker([shared] { std::printf("%d\n", shared->state); });
  std::printf("%d\n", shared->state);
  worker.join();
}

struct counting_job {
  int runs = 0;
  void operator()() { ++runs; }
};

void function_object_is_copied_ok() {
  counting_job counting;
  std::thread first(counting);
  std::thread second(counting);
  counting();
  first.join();
  second.join();
}

void given_up_by_the_giver_ok() {
  job *const given = new job;
  given->state = 1;
  std::thread worker([given] {
    given->state = 2;
    delete given;
  });
  worker.join();
}

SCENARIO_MAIN(SCENARIO(pointer_to_both_threads_bad), SCENARIO(shared_ptr_copied_bad),
              SCENARIO(unique_ptr_lent_out_bad), SCENARIO(heap_object_kept_by_the_giver_bad),
              SCENARIO(pointer_itself_bad), SCENARIO(function_object_bad),
              SCENARIO(thread_local_ok), SCENARIO(static_thread_local_ok),
              SCENARIO(passed_by_value_ok), SCENARIO(unique_ptr_moved_in_ok),
              SCENARIO(unique_ptr_argument_ok), SCENARIO(heap_object_per_thread_ok),
              SCENARIO(heap_object_made_by_the_thread_ok),
              SCENARIO(loop_local_joined_in_the_iteration_ok),
              SCENARIO(loop_local_used_by_one_thread_ok), SCENARIO(each_thread_its_own_object_ok),
              SCENARIO(shared_ptr_to_const_ok), SCENARIO(function_object_is_copied_ok),
              SCENARIO(given_up_by_the_giver_ok))
