// RUN: %heddle_verify --checks=unguarded-shared-write,write-under-shared-lock,shared-object-mutation %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t same_function_twice_bad
// RUN: %race_found %t spawner_reads_bad
// RUN: %race_found %t argument_pointer_bad
// RUN: %race_found %t different_locks_bad
// RUN: %race_found %t unlocked_too_early_bad
// RUN: %race_found %t read_lock_on_write_bad
// RUN: %race_found %t after_one_of_two_joins_bad
// RUN: %race_found %t created_by_a_helper_bad
// RUN: %t ok

// The same in C, with pthreads.
#include "../scenarios.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static pthread_t start(void *(*body)(void *), void *argument) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, body, argument) != 0)
    abort();
  return thread;
}

static int hits;

static void *count_hit(void *unused) {
  (void)unused;
  ++hits; // expected-warning {{'hits' is written}}
  return NULL;
}

void same_function_twice_bad(void) {
  pthread_t first;
  pthread_t second;
  pthread_create(&first, NULL, count_hit, NULL);
  pthread_create(&second, NULL, count_hit, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

static int done;

static void *set_done(void *unused) {
  done = 1; // expected-warning {{'done' is written}}
  return unused;
}

void spawner_reads_bad(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, set_done, NULL);
  printf("%d\n", done);
  pthread_join(worker, NULL);
}

struct job {
  pthread_mutex_t mutex;
  int state;
};

static void *run_job(void *argument) {
  struct job *job = argument;
  job->state = 1; // expected-warning {{state' is changed}}
  return NULL;
}

void argument_pointer_bad(void) {
  struct job job = {.state = 0};
  pthread_t worker;
  pthread_create(&worker, NULL, run_job, &job);
  printf("%d\n", job.state);
  pthread_join(worker, NULL);
}

static int split;

static void *write_split(void *unused) {
  pthread_mutex_lock(&mutex);
  ++split; // expected-warning {{'split' is written}}
  pthread_mutex_unlock(&mutex);
  return unused;
}

void different_locks_bad(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, write_split, NULL);
  pthread_mutex_lock(&other_mutex);
  ++split;
  pthread_mutex_unlock(&other_mutex);
  pthread_join(worker, NULL);
}

static int late;

static void *write_late(void *unused) {
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  ++late; // expected-warning {{'late' is written}}
  return unused;
}

void unlocked_too_early_bad(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], NULL, write_late, NULL);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], NULL);
}

static int read_locked;

static void *write_read_locked(void *unused) {
  pthread_rwlock_rdlock(&rwlock);
  ++read_locked; // expected-warning {{'read_locked' is written}}
  pthread_rwlock_unlock(&rwlock);
  return unused;
}

void read_lock_on_write_bad(void) {
  pthread_t first;
  pthread_t second;
  pthread_create(&first, NULL, write_read_locked, NULL);
  pthread_create(&second, NULL, write_read_locked, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

static int half_joined;

static void *write_half_joined(void *unused) {
  half_joined = 1; // expected-warning {{'half_joined' is written}}
  return unused;
}

static void *idle(void *unused) { return unused; }

void after_one_of_two_joins_bad(void) {
  pthread_t first;
  pthread_t second;
  pthread_create(&first, NULL, idle, NULL);
  pthread_create(&second, NULL, write_half_joined, NULL);
  pthread_join(first, NULL);
  printf("%d\n", half_joined);
  pthread_join(second, NULL);
}

static int by_helper;

static void *write_by_helper(void *unused) {
  by_helper = 1; // expected-warning {{'by_helper' is written}}
  return unused;
}

void created_by_a_helper_bad(void) {
  pthread_t worker = start(write_by_helper, NULL);
  printf("%d\n", by_helper);
  pthread_join(worker, NULL);
}

static int guarded;

static void *write_guarded(void *unused) {
  pthread_mutex_lock(&mutex);
  ++guarded;
  pthread_mutex_unlock(&mutex);
  return unused;
}

void same_mutex_ok(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, write_guarded, NULL);
  write_guarded(NULL);
  pthread_join(worker, NULL);
}

static void lock_all(void) { pthread_mutex_lock(&mutex); }
static void unlock_all(void) { pthread_mutex_unlock(&mutex); }

static int wrapped;

static void *write_wrapped(void *unused) {
  lock_all();
  ++wrapped;
  unlock_all();
  return unused;
}

void lock_wrappers_ok(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, write_wrapped, NULL);
  write_wrapped(NULL);
  pthread_join(worker, NULL);
}

static int read_mostly;

static void *read_it(void *unused) {
  pthread_rwlock_rdlock(&rwlock);
  printf("%d\n", read_mostly);
  pthread_rwlock_unlock(&rwlock);
  return unused;
}

void reader_writer_lock_ok(void) {
  pthread_t reader;
  pthread_create(&reader, NULL, read_it, NULL);
  pthread_rwlock_wrlock(&rwlock);
  ++read_mostly;
  pthread_rwlock_unlock(&rwlock);
  pthread_join(reader, NULL);
}

static void *run_job_locked(void *argument) {
  struct job *job = argument;
  pthread_mutex_lock(&job->mutex);
  ++job->state;
  pthread_mutex_unlock(&job->mutex);
  return NULL;
}

void mutex_in_the_argument_ok(void) {
  struct job job = {.state = 0};
  pthread_mutex_init(&job.mutex, NULL);
  pthread_t worker;
  pthread_create(&worker, NULL, run_job_locked, &job);
  pthread_mutex_lock(&job.mutex);
  ++job.state;
  pthread_mutex_unlock(&job.mutex);
  pthread_join(worker, NULL);
  ++job.state;
  pthread_mutex_destroy(&job.mutex);
}

static int joined;

static void *write_joined(void *unused) {
  joined = 1;
  return unused;
}

void after_join_ok(void) {
  pthread_t worker;
  joined = 2;
  pthread_create(&worker, NULL, write_joined, NULL);
  pthread_join(worker, NULL);
  ++joined;
}

static int create_failed;

static void *read_create_failed(void *unused) {
  printf("%d\n", create_failed);
  return unused;
}

void create_failed_ok(void) {
  pthread_t worker;
  if (pthread_create(&worker, NULL, read_create_failed, NULL) != 0) {
    create_failed = 1; // there is no thread on this path
    return;
  }
  pthread_join(worker, NULL);
}

static void *write_slot(void *argument) {
  int *slot = argument;
  *slot += 1;
  return NULL;
}

void each_thread_its_own_slot_ok(void) {
  int slots[3] = {0};
  pthread_t threads[3];
  for (int i = 0; i < 3; ++i)
    pthread_create(&threads[i], NULL, write_slot, &slots[i]);
  for (int i = 0; i < 3; ++i)
    pthread_join(threads[i], NULL);
  printf("%d\n", slots[0] + slots[1] + slots[2]);
}

static void *use_and_free(void *argument) {
  struct job *job = argument;
  job->state += 1;
  free(job);
  return NULL;
}

void heap_argument_per_thread_ok(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) {
    struct job *job = calloc(1, sizeof(*job));
    if (job == NULL)
      abort();
    job->state = i;
    pthread_create(&threads[i], NULL, use_and_free, job);
  }
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], NULL);
}

static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int ready;
static int handed;

static void *hand_over(void *unused) {
  handed = 42;
  pthread_mutex_lock(&mutex);
  ready = 1;
  pthread_cond_signal(&condition);
  pthread_mutex_unlock(&mutex);
  return unused;
}

void condition_handshake_ok(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, hand_over, NULL);
  pthread_mutex_lock(&mutex);
  while (!ready)
    pthread_cond_wait(&condition, &mutex);
  pthread_mutex_unlock(&mutex);
  printf("%d\n", handed);
  pthread_join(worker, NULL);
}

static sem_t posted;
static int under_semaphore;

static void *write_and_post(void *unused) {
  under_semaphore = 1;
  sem_post(&posted);
  return unused;
}

void semaphore_handshake_ok(void) {
  sem_init(&posted, 0, 0);
  pthread_t worker;
  pthread_create(&worker, NULL, write_and_post, NULL);
  sem_wait(&posted);
  ++under_semaphore;
  pthread_join(worker, NULL);
  sem_destroy(&posted);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int initialised;

static void initialise(void) { initialised = 42; }

static void *read_initialised(void *unused) {
  pthread_once(&once, initialise);
  printf("%d\n", initialised);
  return unused;
}

void once_ok(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, read_initialised, NULL);
  read_initialised(NULL);
  pthread_join(worker, NULL);
}

static _Thread_local int per_thread;
static __thread int per_thread_gnu;

static void *write_per_thread(void *unused) {
  ++per_thread;
  ++per_thread_gnu;
  return unused;
}

void thread_local_ok(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, write_per_thread, NULL);
  write_per_thread(NULL);
  pthread_join(worker, NULL);
}

static _Atomic int atomic_hits;
static atomic_int atomic_calls;
static int builtin_hits;
static int sync_hits;

static void *write_atomics(void *unused) {
  ++atomic_hits;
  atomic_fetch_add(&atomic_calls, 1);
  __atomic_fetch_add(&builtin_hits, 1, __ATOMIC_RELAXED);
  __sync_fetch_and_add(&sync_hits, 1);
  return unused;
}

void atomics_ok(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, write_atomics, NULL);
  write_atomics(NULL);
  printf("%d\n", atomic_hits + atomic_load(&atomic_calls));
  printf("%d\n", __atomic_load_n(&builtin_hits, __ATOMIC_ACQUIRE));
  pthread_join(worker, NULL);
}

static pthread_spinlock_t spin;
static int under_spin;

static void *write_under_spin(void *unused) {
  pthread_spin_lock(&spin);
  ++under_spin;
  pthread_spin_unlock(&spin);
  return unused;
}

void spin_lock_ok(void) {
  pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
  pthread_t worker;
  pthread_create(&worker, NULL, write_under_spin, NULL);
  write_under_spin(NULL);
  pthread_join(worker, NULL);
  pthread_spin_destroy(&spin);
}

static int tried;

static void *write_if_free(void *unused) {
  if (pthread_mutex_trylock(&mutex) == 0) {
    ++tried;
    pthread_mutex_unlock(&mutex);
  }
  return unused;
}

void try_lock_tested_ok(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, write_if_free, NULL);
  write_if_free(NULL);
  pthread_join(worker, NULL);
}

SCENARIO_MAIN(SCENARIO(same_function_twice_bad), SCENARIO(spawner_reads_bad),
              SCENARIO(argument_pointer_bad), SCENARIO(different_locks_bad),
              SCENARIO(unlocked_too_early_bad), SCENARIO(read_lock_on_write_bad),
              SCENARIO(after_one_of_two_joins_bad), SCENARIO(created_by_a_helper_bad),
              SCENARIO(same_mutex_ok), SCENARIO(lock_wrappers_ok), SCENARIO(reader_writer_lock_ok),
              SCENARIO(mutex_in_the_argument_ok), SCENARIO(after_join_ok),
              SCENARIO(create_failed_ok), SCENARIO(each_thread_its_own_slot_ok),
              SCENARIO(heap_argument_per_thread_ok), SCENARIO(condition_handshake_ok),
              SCENARIO(semaphore_handshake_ok), SCENARIO(once_ok), SCENARIO(thread_local_ok),
              SCENARIO(atomics_ok), SCENARIO(spin_lock_ok), SCENARIO(try_lock_tested_ok))
