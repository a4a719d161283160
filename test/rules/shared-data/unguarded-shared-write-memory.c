// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t first_element_bad
// RUN: %race_found %t pointer_arithmetic_bad
// RUN: %race_found %t whole_array_bad
// RUN: %race_found %t thread_local_bad
// RUN: %race_found %t closed_descriptor_bad
// RUN: %t ok

// Which memory is meant: elements behind pointers, what a thread calls its own, open files.
#include "../scenarios.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef void *(*body)(void *);

static void run_both(body first, void *first_argument, body second, void *second_argument) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, first, first_argument);
  pthread_create(&threads[1], NULL, second, second_argument);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
}

static void *set_zeroth(void *numbers) {
  ((int *)numbers)[0] = 1; // expected-warning {{is written}}
  return NULL;
}

static void *set_behind(void *number) {
  *(int *)number = 2; // expected-warning {{'row' is written}}
  return NULL;
}

static int table[8];

void first_element_bad(void) { run_both(set_zeroth, table, set_behind, &table[0]); }

static void *set_second(void *numbers) {
  int *cursor = numbers;
  cursor[2] = 1;
  return NULL;
}

static int row[8];

void pointer_arithmetic_bad(void) { run_both(set_second, row, set_behind, row + 2); }

int block[4];

static void *clear_block(void *unused) {
  memset(block, 0, sizeof block); // expected-warning {{'block' is written}}
  usleep(2000); // so that the other thread is another one to the race detector, too
  return unused;
}

static void *set_third(void *unused) {
  block[3] = 1;
  return unused;
}

void whole_array_bad(void) { run_both(clear_block, NULL, set_third, NULL); }

static _Thread_local int own;

static void *set_own(void *number) {
  *(int *)number = 1; // expected-warning {{'own' is written}}
  return NULL;
}

void thread_local_bad(void) {
  pthread_t other;
  pthread_create(&other, NULL, set_own, &own);
  own = 2;
  pthread_join(other, NULL);
}

static int log_file;

static void *write_log(void *unused) {
  if (write(log_file, "x", 1) < 0)
    perror("write");
  return unused;
}

void closed_descriptor_bad(void) {
  log_file = open("/dev/null", O_WRONLY);
  pthread_t writer;
  pthread_create(&writer, NULL, write_log, NULL);
  close(log_file); // expected-warning {{'log_file' is closed here while another thread uses it}}
  pthread_join(writer, NULL);
}

static void *set_first(void *numbers) {
  ((int *)numbers)[1] = 1;
  return NULL;
}

void different_elements_ok(void) {
  static int numbers[4];
  run_both(set_zeroth, numbers, set_first, numbers);
  run_both(set_behind, numbers, set_behind, numbers + 1);
  run_both(set_zeroth, numbers + 2, set_zeroth, numbers + 3);
}

void *add_all(void *numbers) {
  int *cursor = numbers;
  for (int i = 0; i < 2; ++i)
    *cursor++ += 1;
  return NULL;
}

void halves_ok(void) {
  static int numbers[4];
  run_both(add_all, numbers, add_all, numbers + 2);
}

static void *clear_half(void *half) {
  memset(half, 0, 4);
  return NULL;
}

void cleared_halves_ok(void) {
  static char bytes[8];
  run_both(clear_half, bytes, clear_half, bytes + 4);
}

static void *use_own(void *unused) {
  own = 3;
  return unused;
}

void own_by_name_ok(void) { run_both(use_own, NULL, use_own, NULL); }

static int message;

static void *send_message(void *ends) {
  message = 1;
  if (write(((int *)ends)[1], "x", 1) != 1)
    abort();
  return NULL;
}

void pipe_ok(void) {
  int ends[2];
  if (pipe(ends) != 0)
    abort();
  pthread_t sender;
  pthread_create(&sender, NULL, send_message, ends);
  char byte;
  while (read(ends[0], &byte, 1) != 1)
    ;
  message = 2;
  pthread_join(sender, NULL);
  close(ends[0]);
  close(ends[1]);
}

static struct sockaddr_un address = {AF_UNIX, "unguarded-shared-write-memory.socket"};

static void *connect_to_server(void *unused) {
  message = 3;
  int client = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(client, (struct sockaddr *)&address, sizeof address) != 0)
    abort();
  close(client);
  return unused;
}

void accepted_connection_ok(void) {
  unlink(address.sun_path);
  int server = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(server, (struct sockaddr *)&address, sizeof address) != 0 || listen(server, 1) != 0)
    abort();
  pthread_t client;
  pthread_create(&client, NULL, connect_to_server, NULL);
  int connection = accept(server, NULL, NULL);
  message = 4;
  pthread_join(client, NULL);
  close(connection);
  close(server);
  unlink(address.sun_path);
}

void closed_after_join_ok(void) {
  log_file = open("/dev/null", O_WRONLY);
  pthread_t writer;
  pthread_create(&writer, NULL, write_log, NULL);
  pthread_join(writer, NULL);
  close(log_file);
}

SCENARIO_MAIN(SCENARIO(first_element_bad), SCENARIO(pointer_arithmetic_bad),
              SCENARIO(whole_array_bad), SCENARIO(thread_local_bad),
              SCENARIO(closed_descriptor_bad), SCENARIO(different_elements_ok), SCENARIO(halves_ok),
              SCENARIO(cleared_halves_ok), SCENARIO(own_by_name_ok), SCENARIO(pipe_ok),
              SCENARIO(accepted_connection_ok), SCENARIO(closed_after_join_ok))
