// RUN: %heddle_verify --checks=loop-variable-capture,unguarded-shared-write,dangling-task-capture %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t address_of_the_counter_bad
// RUN: %race_found %t counter_declared_before_bad
// RUN: %t ok

// The address of the loop's counter as the argument of every thread.
#include "../scenarios.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

enum { count = 8 };

static void *print_number(void *argument) {
  const int *number = argument;
  printf("%d\n", *number);
  return NULL;
}

void address_of_the_counter_bad(void) {
  pthread_t workers[count];
  for (int i = 0; i < count; ++i)
    pthread_create(&workers[i], NULL, print_number, &i); // expected-warning {{'i' is given}}
  for (int i = 0; i < count; ++i)
    pthread_join(workers[i], NULL);
}

void counter_declared_before_bad(void) {
  pthread_t workers[count];
  int i;
  for (i = 0; i < count; i++)
    // expected-warning@+1 {{'i' is given}}
    pthread_create(&workers[i], NULL, print_number, (void *)&i);
  for (int j = 0; j < count; ++j)
    pthread_join(workers[j], NULL);
}

void local_of_the_body_bad(void) {
  pthread_t workers[count];
  for (int i = 0; i < count; ++i) {
    int square = i * i;
    // expected-warning@+1 {{'square' is given}}
    pthread_create(&workers[i], NULL, print_number, &square);
  }
  for (int i = 0; i < count; ++i)
    pthread_join(workers[i], NULL);
}

void own_element_ok(void) {
  pthread_t workers[count];
  int numbers[count];
  for (int i = 0; i < count; ++i) {
    numbers[i] = i;
    pthread_create(&workers[i], NULL, print_number, &numbers[i]);
  }
  for (int i = 0; i < count; ++i)
    pthread_join(workers[i], NULL);
}

static void *print_value(void *argument) {
  printf("%d\n", (int)(intptr_t)argument);
  return NULL;
}

void number_as_pointer_ok(void) {
  pthread_t workers[count];
  for (int i = 0; i < count; ++i)
    pthread_create(&workers[i], NULL, print_value, (void *)(intptr_t)i);
  for (int i = 0; i < count; ++i)
    pthread_join(workers[i], NULL);
}

void joined_in_the_round_ok(void) {
  for (int i = 0; i < count; ++i) {
    pthread_t worker;
    pthread_create(&worker, NULL, print_number, &i);
    pthread_join(worker, NULL);
  }
}

static void *print_and_free(void *argument) {
  int *number = argument;
  printf("%d\n", *number);
  free(number);
  return NULL;
}

void allocated_for_each_ok(void) {
  pthread_t workers[count];
  for (int i = 0; i < count; ++i) {
    int *number = malloc(sizeof *number);
    *number = i;
    pthread_create(&workers[i], NULL, print_and_free, number);
  }
  for (int i = 0; i < count; ++i)
    pthread_join(workers[i], NULL);
}

SCENARIO_MAIN(SCENARIO(address_of_the_counter_bad), SCENARIO(counter_declared_before_bad),
              SCENARIO(local_of_the_body_bad), SCENARIO(own_element_ok),
              SCENARIO(number_as_pointer_ok), SCENARIO(joined_in_the_round_ok),
              SCENARIO(allocated_for_each_ok))
