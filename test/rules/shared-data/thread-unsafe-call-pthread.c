// RUN: %heddle_verify --checks=thread-unsafe-call %s -- -std=gnu17

// The same in C, through helper functions.
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void log_line(const char *text) {
  time_t now = time(NULL);
  struct tm *parts = localtime(&now); // expected-warning {{'localtime' is not safe in threads}}
  printf("%d %s\n", parts->tm_hour, text);
}

static void *serve(void *unused) {
  log_line("serving");
  return unused;
}

void server_bad(void) {
  pthread_t workers[4];
  for (int i = 0; i < 4; ++i)
    pthread_create(&workers[i], NULL, serve, NULL);
  log_line("started");
  for (int i = 0; i < 4; ++i)
    pthread_join(workers[i], NULL);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *cut_locked(void *text) {
  pthread_mutex_lock(&mutex);
  for (char *part = strtok(text, " "); part; part = strtok(NULL, " "))
    puts(part);
  pthread_mutex_unlock(&mutex);
  return NULL;
}

void locked_ok(void) {
  static char first[] = "a b", second[] = "c d";
  pthread_t one, other;
  pthread_create(&one, NULL, cut_locked, first);
  pthread_create(&other, NULL, cut_locked, second);
  pthread_join(one, NULL);
  pthread_join(other, NULL);
}

static void *tick(void *unused) {
  time_t now = time(NULL);
  char text[32];
  puts(asctime_r(gmtime_r(&now, &(struct tm){0}), text));
  return unused;
}

void reentrant_ok(void) {
  pthread_t one, other;
  pthread_create(&one, NULL, tick, NULL);
  pthread_create(&other, NULL, tick, NULL);
  pthread_join(one, NULL);
  pthread_join(other, NULL);
}

static void print_time(void) {
  time_t now = time(NULL);
  puts(ctime(&now));
}

void single_thread_ok(void) { print_time(); }
