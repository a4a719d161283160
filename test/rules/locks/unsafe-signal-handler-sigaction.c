// RUN: %heddle_verify --checks=unsafe-signal-handler %s -- -std=gnu17

// Handlers that struct sigaction holds, and errno.
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

static void on_hangup(int signal) {
  syslog(LOG_INFO, "%d", signal); // expected-warning {{in the handler of SIGHUP and SIGUSR1}}
}

void field_bad(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_hangup;
  sigaction(SIGHUP, &action, NULL);
  sigaction(SIGUSR1, &action, NULL);
}

static void on_info(int signal, siginfo_t *info, void *context) {
  char *text = malloc(16); // expected-warning {{'malloc' is used in the handler of SIGPROF}}
  free(text);              // expected-warning {{'free' is used in the handler of SIGPROF}}
}

void info_bad(void) {
  struct sigaction action = {.sa_sigaction = on_info, .sa_flags = SA_SIGINFO};
  sigaction(SIGPROF, &action, NULL);
}

static void on_child(int signal) {
  while (waitpid(-1, NULL, WNOHANG) > 0) // expected-warning {{'errno' is changed in the}}
    ;
}

void errno_bad(void) {
  struct sigaction action = {.sa_handler = on_child};
  sigaction(SIGCHLD, &action, NULL);
}

static void on_alarm(int signal) {
  errno = 0; // expected-warning {{'errno' is changed in the handler of SIGALRM}}
}

void errno_set_bad(void) { signal(SIGALRM, on_alarm); }

// One object serves for both, and each signal has its own handler.
static void on_user(int signal) {
  puts("user"); // expected-warning {{'puts' is used in the handler of SIGUSR2: it}}
}
static void on_window(int signal) {
  perror("window"); // expected-warning {{'perror' is used in the handler of SIGWINCH: it}}
}

void reused_bad(void) {
  struct sigaction action = {.sa_handler = SIG_IGN};
  sigaction(SIGPIPE, &action, NULL);
  action.sa_handler = on_user;
  sigaction(SIGUSR2, &action, NULL);
  action.sa_handler = on_window;
  sigaction(SIGWINCH, &action, NULL);
}

// What a handler may call must not fail; if it does, the program is broken anyway.
static void *slot;
static void check(void *expected) {
  if (slot != expected) {
    fprintf(stderr, "corrupted\n");
    exit(2);
  }
}
static void on_checked(int signal) { check(&slot); }
void failed_check_ok(void) { signal(SIGUSR1, on_checked); }

// But a helper that always ends it is what the handler is for.
static void shut_down(void) {
  puts("bye");
  exit(0);
}
static void on_end(int signal) {
  shut_down(); // expected-warning {{'shut_down' is called in the handler of SIGTERM and runs 'puts'}}
}
void helper_ends_bad(void) { signal(SIGTERM, on_end); }

static void install(int number, void (*handler)(int)) {
  struct sigaction action;
  sigemptyset(&action.sa_mask);
  action.sa_flags = 0;
  action.sa_handler = handler;
  if (sigaction(number, &action, NULL) < 0)
    exit(1);
}

static void on_wrapped(int signal) {
  printf("%d\n", signal); // expected-warning {{'printf' is used in a signal handler}}
}

void wrapper_bad(void) { install(SIGTERM, on_wrapped); }

// Near misses.
static void on_child_saved(int signal) {
  int saved = errno;
  while (waitpid(-1, NULL, WNOHANG) > 0)
    ;
  errno = saved;
}

void errno_saved_ok(void) {
  struct sigaction action = {.sa_handler = on_child_saved};
  sigaction(SIGCHLD, &action, NULL);
}

static void on_quit(int signal) {
  errno = 0;
  _exit(signal);
}

void errno_at_end_ok(void) { signal(SIGQUIT, on_quit); }

void ask_ok(void) {
  struct sigaction old;
  sigaction(SIGINT, NULL, &old);
  if (old.sa_handler == SIG_IGN)
    return;
  old.sa_handler = SIG_IGN;
  sigaction(SIGINT, &old, NULL);
}

static sigjmp_buf again;
static void on_jump(int signal) { siglongjmp(again, signal); }
void jump_ok(void) { signal(SIGALRM, on_jump); }

static void compare(const void *a) { printf("%p", a); }
struct table {
  void (*print)(const void *);
};
void other_callback_ok(void) {
  struct table table = {compare};
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigaction(SIGINT, &action, NULL);
  table.print(&table);
}
