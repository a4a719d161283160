// RUN: %heddle_verify --checks=unsafe-signal-handler %s -- -std=c++20
// RUN: %heddle_verify --checks=unsafe-signal-handler %s -- -std=c++14
// RUN: %clangxx -std=c++20 -pthread -DRUN %s -o %t
// RUN: %hangs %t interrupted_with_the_lock_bad
// RUN: timeout 60 %t ok

// What handlers call, allocate, lock, print and throw; in every language standard. The
// run is interrupted where it holds the lock that the handler takes.
#include "../scenarios.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

// [example: bad]
void on_terminate(int) {
  std::printf("bye\n"); // expected-warning {{'printf' is used in the handler of SIGTERM}}
  std::exit(0);         // expected-warning {{'exit' is used in the handler of SIGTERM}}
}

void install_bad() { std::signal(SIGTERM, on_terminate); }
// [end]

// [example: good]
volatile std::sig_atomic_t stopped = 0;

void on_stop(int) { stopped = 1; }

void install_ok() {
  std::signal(SIGTERM, on_stop);
  while (!stopped)
    pause();
  std::printf("bye\n");
}
// [end]

void log_line(const char *text) { std::fputs(text, stderr); }

void callee_bad_handler(int) {
  log_line("x"); // expected-warning {{'log_line' is called in the handler of SIGINT and runs}}
}

void callee_bad() { signal(SIGINT, callee_bad_handler); }

void lambda_bad() {
  signal(SIGUSR1, [](int signal) {
    std::cout << signal; // expected-warning {{'<<' is used in the handler of SIGUSR1}}
  });
}

std::mutex mutex;
int count;

void lock_handler(int) {
  std::lock_guard<std::mutex> guard(mutex); // expected-warning {{'mutex' is locked in the handler}}
  ++count;
}

void lock_bad() { signal(SIGHUP, lock_handler); }

class service {
public:
  static void on_signal(int) {
    instance->reload();
  } // expected-warning@-1 {{'service::reload' is called in the handler of SIGHUP and runs 'new'}}
  void reload() { config.reset(new std::string("x")); }
  void start_bad() { signal(SIGHUP, &service::on_signal); }

private:
  static service *instance;
  std::unique_ptr<std::string> config;
};
service *service::instance;

std::vector<int> seen;
void append_handler(int signal) {
  seen.push_back(signal); // expected-warning {{'push_back' is used in the handler of SIGCHLD}}
}
void append_bad() { signal(SIGCHLD, append_handler); }

void throwing_handler(int) {
  throw 1; // expected-warning {{'throw' is used in the handler of SIGINT}}
}
void throw_bad() { signal(SIGINT, throwing_handler); }

template <int Number> struct hook {
  static void handle(int) {
    std::puts("hook"); // expected-warning {{'puts' is used in a signal handler}}
  }
  static void install() { signal(Number, handle); }
};
void template_bad() { hook<SIGUSR2>::install(); }

// A helper installs what it is given.
using handler = void (*)(int);
void install(int number, handler what) {
  struct sigaction action = {};
  action.sa_handler = what;
  sigaction(number, &action, nullptr);
}
void wrapped_handler(int) {
  char *buffer = new char[8]; // expected-warning {{'new' is used in a signal handler}}
  delete[] buffer;            // expected-warning {{'delete' is used in a signal handler}}
}
void wrapper_bad() { install(SIGALRM, wrapped_handler); }

// Near misses.
void print_later_ok(int) { std::printf("only called, never installed\n"); }
void never_installed_ok() { print_later_ok(1); }

void ignored_ok() {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGINT, SIG_DFL);
}

int wake_pipe[2];
void pipe_handler(int) {
  const char byte = 0;
  (void)!write(wake_pipe[1], &byte, 1);
}
void self_pipe_ok() { signal(SIGIO, pipe_handler); }

sem_t wake;
void post_handler(int) { sem_post(&wake); }
void post_ok() { signal(SIGIO, post_handler); }

void quit_handler(int) { _exit(1); }
void quit_ok() { signal(SIGQUIT, quit_handler); }

std::atomic<int> signals;
void atomic_handler(int) { signals.fetch_add(1); }
void atomic_ok() {
  signal(SIGUSR1, atomic_handler);
  while (signals.load() == 0)
    pause();
}

void placement_handler(int) {
  alignas(std::string) static char place[sizeof(std::string)];
  new (place) int(1);
}
void placement_ok() { signal(SIGUSR1, placement_handler); }

void try_handler(int) {
  if (mutex.try_lock())
    mutex.unlock();
}
void try_lock_ok() { signal(SIGUSR1, try_handler); }

// An ordinary thread that waits for signals may do as it likes.
void signal_thread_ok() {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, nullptr);
  int number = 0;
  while (sigwait(&all, &number) == 0)
    std::printf("got %d\n", number);
}

// After a fault of the program's own a risky message may be better than none.
void crash_handler(int number) {
  std::fprintf(stderr, "crashed\n");
  signal(number, SIG_DFL);
  std::raise(number);
}
void crash_ok() {
  signal(SIGSEGV, crash_handler);
  signal(SIGABRT, crash_handler);
}

void abort_handler(int) {
  std::fputs("giving up\n", stderr);
  std::abort();
}
void abort_ok() { signal(SIGTERM, abort_handler); }

namespace mine {
void printf(const char *) {}
} // namespace mine
void own_handler(int) { mine::printf("mine"); }
void own_function_ok() { signal(SIGUSR1, own_handler); }

void after_exit_handler(int) {
  _exit(0);
  std::printf("never comes here\n");
}
void unreachable_ok() { signal(SIGUSR1, after_exit_handler); }

#ifdef RUN
void interrupted_with_the_lock_bad() {
  lock_bad();
  std::lock_guard<std::mutex> guard(mutex);
  std::raise(SIGHUP);
}

void interrupted_with_the_lock_ok() {
  try_lock_ok();
  std::lock_guard<std::mutex> guard(mutex);
  std::raise(SIGUSR1);
}

void told_to_stop_ok() {
  std::signal(SIGTERM, on_stop);
  std::raise(SIGTERM);
  while (!stopped)
    pause();
}

SCENARIO_MAIN(SCENARIO(interrupted_with_the_lock_bad), SCENARIO(interrupted_with_the_lock_ok),
              SCENARIO(told_to_stop_ok))
#endif
