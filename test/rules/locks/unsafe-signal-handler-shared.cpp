// RUN: %heddle_verify --checks=unsafe-signal-handler %s -- -std=c++20

// Plain variables that a handler writes and other code looks at.
#include <atomic>
#include <csignal>
#include <string>

#include <signal.h>
#include <unistd.h>

bool quit;
void quit_handler(int) {
  quit = true; // expected-warning {{'quit' is written in the handler of SIGINT and read in}}
}
void plain_flag_bad() {
  signal(SIGINT, quit_handler);
  while (!quit)
    pause();
}

int hits;
void count(int) { ++hits; } // expected-warning {{'hits' is written in the handler of SIGUSR1}}
int poll_hits() { return hits; }
void counter_bad() {
  signal(SIGUSR1, count);
  while (poll_hits() < 3)
    pause();
}

// Near misses.
volatile std::sig_atomic_t flag;
void set_flag(int) { flag = 1; }
void sig_atomic_ok() {
  signal(SIGINT, set_flag);
  while (!flag)
    pause();
}

volatile bool old_flag;
void set_old_flag(int) { old_flag = true; }
void volatile_ok() {
  signal(SIGINT, set_old_flag);
  while (!old_flag)
    pause();
}

std::atomic<bool> lock_free;
void set_lock_free(int) { lock_free = true; }
void atomic_ok() {
  signal(SIGINT, set_lock_free);
  while (!lock_free)
    pause();
}

int depth;
void only_in_handler(int) {
  if (++depth > 3)
    _exit(1);
}
void handler_only_ok() { signal(SIGINT, only_in_handler); }

int pending;
void set_pending(int) { pending = 1; }
void blocked_ok() {
  sigset_t all, old;
  signal(SIGINT, set_pending);
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &old);
  while (!pending)
    sigsuspend(&old);
}

int reason;
void leave(int number) {
  reason = number;
  _exit(number);
}
void last_words_ok() {
  signal(SIGINT, leave);
  if (reason)
    pause();
}

thread_local int mine;
void set_mine(int) { mine = 1; }
void thread_local_ok() {
  signal(SIGINT, set_mine);
  if (mine)
    pause();
}

// Members, and objects of classes.
struct state {
  bool quit;
  int hits;
  volatile std::sig_atomic_t told;
};

state running;
void quit_running(int) {
  running.quit = true; // expected-warning {{'quit' is written in the handler of SIGINT and read}}
}
void member_bad() {
  signal(SIGINT, quit_running);
  while (!running.quit)
    pause();
}

struct point {
  int x, y;
};

point last;
void set_last(int) {
  last = {1, 2}; // expected-warning {{'last' is written in the handler of SIGINT and read in}}
}
int object_bad() {
  signal(SIGINT, set_last);
  return last.x + last.y;
}

std::string text;
void set_text(int) {
  text = "interrupted"; // expected-warning {{'text' is written in the handler of SIGINT and read}}
}
void text_bad() {
  signal(SIGINT, set_text);
  while (text.empty())
    pause();
}

state told;
void set_told(int) { told.told = 1; }
void volatile_member_ok() {
  signal(SIGINT, set_told);
  while (!told.told)
    pause();
}

volatile state wholly;
void set_wholly(int) { wholly.quit = true; }
void volatile_object_ok() {
  signal(SIGINT, set_wholly);
  while (!wholly.quit)
    pause();
}

state hit;
void set_hit(int) { hit.hits = 1; }
bool other_member_ok() {
  signal(SIGINT, set_hit);
  return hit.quit;
}

point seen;
volatile std::sig_atomic_t is_seen;
void set_seen(int) {
  seen = {1, 2};
  is_seen = 1;
}
int behind_flag_ok() {
  signal(SIGINT, set_seen);
  return is_seen ? seen.x + seen.y : 0;
}

point reached;
void set_reached(int) {
  reached = {1, 2};
  _exit(1);
}
int last_object_ok() {
  signal(SIGINT, set_reached);
  return reached.x;
}
