// RUN: %heddle_verify --checks=thread-without-exit-path %s -- -std=c++20

// The endless loop, or the way out of it, stands in a function that the thread calls.
#include <cassert>
#include <cstdlib>
#include <thread>

void work();
bool more_work();

void loop_for_ever() {
  while (true) // expected-warning {{never ends}}
    work();
}
void run() { loop_for_ever(); }
void run_all() { run(); }

void two_levels_deep_bad() {
  std::thread worker(run_all);
  worker.join();
}

void pump() {
  for (;;) // expected-warning {{never ends}}
    work();
}

void called_by_a_lambda_bad() {
  std::thread worker([] {
    work();
    pump();
  });
  worker.join();
}

std::thread start() {
  return std::thread([] {
    while (true) // expected-warning {{never ends}}
      work();
  });
}

void spawned_by_a_callee_bad() {
  std::thread worker = start();
  worker.join();
}

bool step() {
  work();
  return true; // leaves this function, not the loop
}

void callee_returns_bad() {
  std::thread worker([] {
    while (true) // expected-warning {{never ends}}
      step();
  });
  worker.join();
}

void finish() {
  work();
  std::exit(0);
}

void callee_exits_ok() {
  std::thread worker([] {
    while (true) {
      if (!more_work())
        finish();
    }
  });
  worker.join();
}

void check() {
  if (!more_work())
    throw 1;
}

void callee_throws_ok() {
  std::thread worker([] {
    try {
      while (true)
        check();
    } catch (int) {
    }
  });
  worker.join();
}

bool is_done() { return !more_work(); }

void callee_decides_ok() {
  std::thread worker([] {
    while (true) {
      if (is_done())
        return;
    }
  });
  worker.join();
}

void bounded() {
  for (int i = 0; i < 3; ++i)
    work();
}

void bounded_callee_ok() {
  std::thread worker(bounded);
  worker.join();
}

void pump_on_this_thread() {
  for (;;)
    work();
}

// Here the spawner loops, not the thread.
void spawner_loops_ok() {
  std::thread worker(bounded);
  pump_on_this_thread();
}

void checked_step() {
  if (!more_work())
    std::abort(); // a check of its own, not the end of the thread
}

void callee_aborts_bad() {
  std::thread worker([] {
    while (true) // expected-warning {{never ends}}
      checked_step();
  });
  worker.join();
}

void assertion_bad() {
  std::thread worker([] {
    while (true) { // expected-warning {{never ends}}
      const bool more = more_work();
      assert(more);
      work();
    }
  });
  worker.join();
}
