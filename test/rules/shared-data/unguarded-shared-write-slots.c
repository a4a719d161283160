// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t filled_too_late_bad
// RUN: %race_found %t filled_too_late_on_the_heap_bad
// RUN: %race_found %t by_a_pointer_bad
// RUN: %race_found %t started_by_a_helper_bad
// RUN: %race_found %t filled_by_a_helper_bad
// RUN: %race_found %t the_one_before_bad
// RUN: %race_found %t summed_up_too_early_bad
// RUN: %race_found %t summed_up_on_the_heap_bad
// RUN: %race_found %t one_of_them_bad
// RUN: %t ok

// Each thread is given an element of an array, by whoever goes on with that array.
#include "../scenarios.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { count = 4 };

struct job {
  int id, late, later, by_pointer, by_helper, filled, before;
  int result, sum, first;
  int spare;
  pthread_t thread;
  atomic_int done;
  pthread_mutex_t mutex;
  int guarded;
};

static pthread_t threads[count];

static void *use_id(void *given) {
  struct job *job = given;
  int all = job->id + job->late + job->later + job->by_pointer + job->by_helper + job->filled +
            job->before;
  return all > 0 ? given : NULL;
}

static void *compute(void *given) {
  struct job *job = given;
  job->result = job->id * 2;
  job->sum = job->id * 3;   // expected-warning {{'job->sum' is changed here}}
  job->first = job->id * 4; // expected-warning {{'first' is written here}}
  return NULL;
}

static void join_all(int n) {
  for (int i = 0; i < n; i++)
    pthread_join(threads[i], NULL);
}

static struct job global_jobs[count];

void filled_too_late_bad(void) {
  for (int i = 0; i < count; i++) {
    pthread_create(&threads[i], NULL, use_id, &global_jobs[i]);
    global_jobs[i].late = i; // expected-warning {{'late' is written here}}
  }
  join_all(count);
}

static void fill_on_the_heap(int n) {
  struct job *jobs = calloc(n, sizeof *jobs);
  for (int i = 0; i < n; i++) {
    if (pthread_create(&threads[i], NULL, use_id, jobs + i) != 0)
      exit(1);
    jobs[i].later = i; // expected-warning {{'later' is written here}}
  }
  join_all(n);
  free(jobs);
}

void filled_too_late_on_the_heap_bad(void) { fill_on_the_heap(count); }

void by_a_pointer_bad(void) {
  struct job jobs[count] = {0};
  for (int i = 0; i < count; i++) {
    struct job *job = &jobs[i];
    pthread_create(&threads[i], NULL, use_id, job);
    job->by_pointer = i; // expected-warning {{'by_pointer' is written here}}
  }
  join_all(count);
}

static void start(int i, struct job *job) { pthread_create(&threads[i], NULL, use_id, job); }

void started_by_a_helper_bad(void) {
  struct job jobs[count] = {0};
  for (int i = 0; i < count; i++) {
    start(i, &jobs[i]);
    jobs[i].by_helper = i; // expected-warning {{'by_helper' is written here}}
  }
  join_all(count);
}

static void fill(struct job *job, int id) {
  job->filled = id; // expected-warning {{'filled' is written here}}
}

void filled_by_a_helper_bad(void) {
  struct job jobs[count] = {0};
  for (int i = 0; i < count; i++) {
    pthread_create(&threads[i], NULL, use_id, &jobs[i]);
    fill(&jobs[i], i);
  }
  join_all(count);
}

void the_one_before_bad(void) {
  struct job jobs[count + 1] = {0};
  for (int i = 1; i <= count; i++) {
    pthread_create(&threads[i - 1], NULL, use_id, &jobs[i]);
    jobs[i - 1].before = i; // expected-warning {{'before' is written here}}
  }
  join_all(count);
}

void summed_up_too_early_bad(void) {
  struct job jobs[count] = {0};
  int sum = 0;
  for (int i = 0; i < count; i++)
    pthread_create(&threads[i], NULL, compute, &jobs[i]);
  for (int i = 0; i < count; i++)
    sum += jobs[i].sum;
  join_all(count);
  printf("%d\n", sum);
}

static void sum_up(int n) {
  struct job *jobs = calloc(n, sizeof *jobs);
  int sum = 0;
  for (int i = 0; i < n; i++)
    pthread_create(&threads[i], NULL, compute, &jobs[i]);
  for (int i = 0; i < n; i++)
    sum += jobs[i].sum;
  join_all(n);
  free(jobs);
  printf("%d\n", sum);
}

void summed_up_on_the_heap_bad(void) { sum_up(count); }

void one_of_them_bad(void) {
  struct job jobs[count] = {0};
  for (int i = 0; i < count; i++)
    pthread_create(&threads[i], NULL, compute, &jobs[i]);
  printf("%d\n", jobs[0].first);
  join_all(count);
}

void filled_before_ok(void) {
  struct job jobs[count] = {0};
  for (int i = 0; i < count; i++) {
    jobs[i].id = i;
    pthread_create(&threads[i], NULL, compute, &jobs[i]);
  }
  join_all(count);
}

void filled_before_by_a_pointer_ok(void) {
  struct job jobs[count] = {0};
  for (int i = 0; i < count; i++) {
    struct job *job = &jobs[i];
    job->id = i;
    pthread_create(&threads[i], NULL, compute, job);
  }
  join_all(count);
}

void the_next_one_ok(void) {
  struct job jobs[count + 1] = {0};
  for (int i = 0; i < count; i++) {
    pthread_create(&threads[i], NULL, compute, &jobs[i]);
    jobs[i + 1].id = i;
  }
  join_all(count);
}

void what_the_thread_leaves_alone_ok(void) {
  struct job jobs[count] = {0};
  for (int i = 0; i < count; i++) {
    pthread_create(&threads[i], NULL, compute, &jobs[i]);
    jobs[i].spare = i;
  }
  join_all(count);
}

void handle_inside_ok(void) {
  struct job jobs[count] = {0};
  int sum = 0;
  for (int i = 0; i < count; i++)
    pthread_create(&jobs[i].thread, NULL, compute, &jobs[i]);
  for (int i = 0; i < count; i++) {
    pthread_join(jobs[i].thread, NULL);
    sum += jobs[i].result;
  }
  printf("%d\n", sum);
}

void joined_in_each_round_ok(void) {
  struct job jobs[count] = {0};
  for (int i = 0; i < count; i++) {
    pthread_create(&threads[i], NULL, compute, &jobs[i]);
    pthread_join(threads[i], NULL);
    jobs[i].id = jobs[i].result;
  }
}

static void join_some(int n, const int *started) {
  struct job jobs[count] = {0};
  int sum = 0;
  for (int i = 0; i < n; i++)
    if (started[i])
      pthread_create(&threads[i], NULL, compute, &jobs[i]);
  for (int i = 0; i < n; i++) {
    if (started[i])
      pthread_join(threads[i], NULL);
    sum += jobs[i].result;
  }
  printf("%d\n", sum);
}

void joined_if_started_ok(void) { join_some(count, (int[count]){1, 0, 1, 0}); }

void own_share_ok(void) {
  struct job jobs[count] = {0};
  for (int i = 1; i < count; i++)
    pthread_create(&threads[i], NULL, compute, &jobs[i]);
  compute(&jobs[0]);
  for (int i = 1; i < count; i++)
    pthread_join(threads[i], NULL);
}

void last_one_is_mine_ok(void) {
  struct job jobs[count] = {0};
  for (int i = 0; i < count; i++)
    if (i == count - 1)
      compute(&jobs[i]);
    else
      pthread_create(&threads[i], NULL, compute, &jobs[i]);
  join_all(count - 1);
}

void set_up_in_the_first_round_ok(void) {
  struct job jobs[count] = {0};
  for (int i = 0; i < count; i++) {
    if (i == 0)
      jobs[0].id = 1;
    pthread_create(&threads[i], NULL, compute, &jobs[i]);
  }
  join_all(count);
}

void even_and_odd_ok(void) {
  struct job jobs[2 * count] = {0};
  for (int i = 0; i < count; i++)
    pthread_create(&threads[i], NULL, compute, &jobs[2 * i]);
  for (int i = 0; i < count; i++)
    jobs[2 * i + 1].result = i;
  join_all(count);
}

void not_started_ok(void) {
  struct job jobs[count] = {0};
  for (int i = 0; i < count; i++) {
    if (pthread_create(&threads[i], NULL, compute, &jobs[i]) != 0) {
      jobs[i].result = -1;
      exit(1);
    }
  }
  join_all(count);
}

static void *compute_and_tell(void *given) {
  struct job *job = given;
  job->result = 1;
  atomic_store(&job->done, 1);
  return NULL;
}

void each_tells_ok(void) {
  struct job jobs[count] = {0};
  int sum = 0;
  for (int i = 0; i < count; i++)
    pthread_create(&threads[i], NULL, compute_and_tell, &jobs[i]);
  for (int i = 0; i < count; i++) {
    while (!atomic_load(&jobs[i].done)) {
    }
    sum += jobs[i].result;
  }
  join_all(count);
  printf("%d\n", sum);
}

static void *compute_locked(void *given) {
  struct job *job = given;
  pthread_mutex_lock(&job->mutex);
  job->guarded++;
  pthread_mutex_unlock(&job->mutex);
  return NULL;
}

void locked_ok(void) {
  struct job jobs[count] = {0};
  for (int i = 0; i < count; i++) {
    pthread_mutex_init(&jobs[i].mutex, NULL);
    pthread_create(&threads[i], NULL, compute_locked, &jobs[i]);
  }
  for (int i = 0; i < count; i++) {
    pthread_mutex_lock(&jobs[i].mutex);
    jobs[i].guarded++;
    pthread_mutex_unlock(&jobs[i].mutex);
  }
  join_all(count);
}

SCENARIO_MAIN(SCENARIO(filled_too_late_bad), SCENARIO(filled_too_late_on_the_heap_bad),
              SCENARIO(by_a_pointer_bad), SCENARIO(started_by_a_helper_bad),
              SCENARIO(filled_by_a_helper_bad), SCENARIO(the_one_before_bad),
              SCENARIO(summed_up_too_early_bad), SCENARIO(summed_up_on_the_heap_bad),
              SCENARIO(one_of_them_bad), SCENARIO(filled_before_ok),
              SCENARIO(filled_before_by_a_pointer_ok), SCENARIO(the_next_one_ok),
              SCENARIO(what_the_thread_leaves_alone_ok), SCENARIO(handle_inside_ok),
              SCENARIO(joined_in_each_round_ok), SCENARIO(joined_if_started_ok),
              SCENARIO(own_share_ok), SCENARIO(last_one_is_mine_ok),
              SCENARIO(set_up_in_the_first_round_ok), SCENARIO(even_and_odd_ok),
              SCENARIO(not_started_ok), SCENARIO(each_tells_ok), SCENARIO(locked_ok))
