// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=c11
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t busy_bad
// RUN: %race_found %t asked_bad
// RUN: %race_found %t paused_bad
// RUN: %race_found %t some_bad
// RUN: %race_found %t other_bad
// RUN: %t ok

// Numbers that say whether there is a thread: zero before it is started, and again once it is
// joined.
#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>

// Globals, which a loop of commands comes by in any order.
static pthread_t worker;
static int running;
static int progress;
static void *work(void *unused) {
  for (int i = 0; i < 1000; i++)
    progress++; // expected-warning {{'progress' is written here while another thread writes it}}
  return unused;
}
static void start(void) {
  if (running)
    return;
  progress = 0;
  if (pthread_create(&worker, NULL, work, NULL) != 0)
    return;
  running = 1;
}
static void stop(void) {
  if (!running)
    return;
  pthread_join(worker, NULL);
  running = 0;
}
static const char *commands = "ssxsxx";
static void commands_ok(void) {
  for (const char *at = commands; *at; at++)
    if (*at == 's')
      start();
    else
      stop();
  stop();
  progress = 0;
}

// What is done while the number is set is done beside the thread.
static void busy_bad(void) {
  start();
  if (running)
    progress = 7;
  stop();
}

// In a structure: with the number that says so, and with one that only asks for the end.
struct service {
  pthread_t thread;
  int up;
  int count;
};
static void *serve(void *given) {
  struct service *self = given;
  self->count++;
  return NULL;
}
static int service_start(struct service *self) {
  if (self->up)
    return 0;
  self->count = 0;
  if (pthread_create(&self->thread, NULL, serve, self) != 0)
    return -1;
  self->up = 1;
  return 0;
}
static void service_stop(struct service *self) {
  if (self->up) {
    pthread_join(self->thread, NULL);
    self->up = 0;
  }
}
static void restarted_ok(void) {
  struct service one = {0};
  for (int i = 0; i < 3; i++) {
    service_start(&one);
    if (i > 0)
      service_stop(&one);
  }
  service_stop(&one);
  one.count = 5;
}

struct asked {
  pthread_t thread;
  int up;
  int count;
};
static void *answer(void *given) {
  struct asked *self = given;
  for (int i = 0; i < 1000; i++)
    // expected-warning@+1 {{'self->count' is changed here by a task}}
    self->count++;
  return NULL;
}
static void asked_start(struct asked *self) {
  if (self->up)
    return;
  self->count = 0;
  if (pthread_create(&self->thread, NULL, answer, self) == 0)
    self->up = 1;
}
static void asked_bad(void) {
  struct asked one = {0};
  asked_start(&one);
  pthread_t first = one.thread;
  one.up = 0;
  asked_start(&one);
  pthread_join(first, NULL);
  pthread_join(one.thread, NULL);
}

// Whether it could be started is kept beside the handle.
static void kept_ok(void) {
  struct service one = {0};
  one.up = !pthread_create(&one.thread, NULL, serve, &one);
  if (!one.up)
    one.count = 7;
  else
    pthread_join(one.thread, NULL);
  one.count++;
}

// Somebody clears the number and joins nothing.
static pthread_t player;
static int playing;
static int position;
static void *play(void *unused) {
  for (int i = 0; i < 1000; i++)
    position++; // expected-warning {{'position' is written here by several threads}}
  return unused;
}
static void play_start(void) {
  if (playing)
    return;
  position = 0;
  if (pthread_create(&player, NULL, play, NULL) == 0)
    playing = 1;
}
static void play_pause(void) { playing = 0; }
static void paused_bad(void) {
  play_start();
  pthread_t first = player;
  play_pause();
  play_start();
  pthread_join(first, NULL);
  pthread_join(player, NULL);
}

// How many could be started: with none of them there is nobody else.
enum { most = 4 };
struct total {
  int sum;
};
static void *add(void *given) {
  struct total *all = given;
  __atomic_fetch_add(&all->sum, 1, __ATOMIC_SEQ_CST);
  return NULL;
}
static void none_ok(void) {
  pthread_t threads[most];
  struct total *all = calloc(1, sizeof *all);
  int started = 0;
  for (int i = 0; i < most; i++) {
    if (pthread_create(&threads[started], NULL, add, all) != 0)
      break;
    started++;
  }
  if (started == 0) {
    free(all);
    return;
  }
  for (int i = 0; i < started; i++)
    pthread_join(threads[i], NULL);
  free(all);
}
static void *add_plainly(void *given) {
  struct total *all = given;
  all->sum++; // expected-warning {{'all->sum' is changed here by a task}}
  return NULL;
}
static void some_bad(void) {
  pthread_t threads[most];
  struct total *all = calloc(1, sizeof *all);
  int started = 0;
  for (int i = 0; i < most; i++) {
    if (pthread_create(&threads[started], NULL, add_plainly, all) != 0)
      break;
    started++;
  }
  if (started == most)
    all->sum = 0;
  for (int i = 0; i < started; i++)
    pthread_join(threads[i], NULL);
  free(all);
}

// The number counts something else.
static int left = 3;
static void *take(void *unused) {
  for (int i = 0; i < 1000; i++)
    left++; // expected-warning {{'left' is written here while another thread writes it}}
  return unused;
}
static void other_bad(void) {
  pthread_t thread;
  int given = 0;
  if (pthread_create(&thread, NULL, take, NULL) != 0)
    return;
  if (given == 0)
    left = 7;
  pthread_join(thread, NULL);
}

SCENARIO_MAIN(SCENARIO(commands_ok), SCENARIO(busy_bad), SCENARIO(restarted_ok),
              SCENARIO(asked_bad), SCENARIO(kept_ok), SCENARIO(paused_bad), SCENARIO(none_ok),
              SCENARIO(some_bad), SCENARIO(other_bad))
