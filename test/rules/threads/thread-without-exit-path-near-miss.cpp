// RUN: %heddle_verify --checks=thread-without-exit-path %s -- -std=c++20

// expected-no-diagnostics
// Loops that look endless: they have a way out, or no thread runs them.
#include <atomic>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <stop_token>
#include <thread>

void work();
int next_kind();
bool more_work();
[[noreturn]] void give_up();

void throw_out_of_the_loop_ok() {
  std::thread worker([] {
    try {
      while (true) {
        if (!more_work())
          throw std::runtime_error("no more work");
      }
    } catch (const std::runtime_error &) {
      work();
    }
  });
  worker.join();
}

void loop_inside_try_ok() {
  std::thread worker([] {
    try {
      for (;;) {
        const int kind = next_kind();
        if (kind == 0)
          throw kind;
      }
    } catch (int) {
    }
  });
  worker.join();
}

void exit_ok() {
  std::thread worker([] {
    while (true) {
      if (!more_work())
        std::exit(0);
    }
  });
  worker.join();
}

void abort_ok() {
  std::thread worker([] {
    for (;;) {
      if (!more_work())
        std::terminate();
    }
  });
  worker.join();
}

void noreturn_callee_ok() {
  std::thread worker([] {
    for (;;) {
      if (!more_work())
        give_up();
    }
  });
  worker.join();
}

void goto_out_ok() {
  std::thread worker([] {
    while (true) {
      while (true) {
        if (!more_work())
          goto finished;
      }
    }
  finished:
    work();
  });
  worker.join();
}

void return_inside_a_switch_ok() {
  std::thread worker([] {
    while (true) {
      switch (next_kind()) {
      case 0:
        return;
      default:
        work();
      }
    }
  });
  worker.join();
}

void return_inside_the_inner_loop_ok() {
  std::thread worker([] {
    while (true) {
      for (int i = 0; i < 10; ++i) {
        if (!more_work())
          return;
      }
    }
  });
  worker.join();
}

std::atomic<bool> running = true;

void flag_in_do_while_ok() {
  std::thread worker([] {
    do {
      work();
    } while (running);
  });
  running = false;
  worker.join();
}

void assignment_in_the_condition_ok() {
  std::thread worker([] {
    while (const int kind = next_kind())
      if (kind == 1)
        work();
  });
  worker.join();
}

void false_condition_ok() {
  std::thread worker([] {
    do {
      work();
    } while (false);
  });
  worker.join();
}

void stop_requested_breaks_ok() {
  std::jthread worker([](std::stop_token stop) {
    for (;;) {
      if (stop.stop_requested())
        break;
      work();
    }
  });
}

void token_of_a_source_ok() {
  std::stop_source source;
  std::thread worker([token = source.get_token()] {
    while (!token.stop_requested())
      work();
  });
  source.request_stop();
  worker.join();
}

// No thread runs this one.
void serve_for_ever_ok() {
  while (true)
    work();
}

// Nobody calls this one.
void unused_ok() {
  for (;;)
    work();
}

// The thread makes the lambda but does not call it.
void lambda_not_called_ok() {
  std::thread worker([] {
    const auto forever = [] {
      while (true)
        work();
    };
    (void)forever;
  });
  worker.join();
}

// The main thread is not one that somebody starts.
int main() {
  std::thread worker(work);
  while (true)
    serve_for_ever_ok();
}
