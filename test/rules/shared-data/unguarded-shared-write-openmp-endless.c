// REQUIRES: openmp
// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17 -fopenmp

// What one thread of a team never comes back from, the others pass by. Nothing is run here: these
// programs do not end, or end in the middle.
#include <omp.h>
#include <stdlib.h>

static int queued;

void endless_sections_bad(void) {
#pragma omp parallel sections
  {
#pragma omp section
    while (1) {
#pragma omp critical(fill)
      queued++; // expected-warning {{'queued' is written here while another thread writes it}}
    }
#pragma omp section
    while (1) {
#pragma omp critical(drain)
      queued--;
    }
  }
}

static int progress;

void ended_in_a_section_bad(int limit) {
#pragma omp parallel sections
  {
#pragma omp section
    {
      int last = limit;
      progress = last; // expected-warning {{'progress' is written here while}}
      exit(0);
    }
#pragma omp section
    progress = 0;
  }
}

static int shown;

void endless_single_bad(void) {
#pragma omp parallel
  {
#pragma omp single nowait
    while (1)
      shown++; // expected-warning {{'shown' is written here while another thread writes it}}
    shown = 0;
  }
}

static int beats;

void endless_master_bad(void) {
#pragma omp parallel
  {
#pragma omp master
    for (;;)
      beats++; // expected-warning {{'beats' is written here while another thread writes it}}
    beats = 0;
  }
}

static int jobs;

void endless_task_bad(void) {
#pragma omp parallel
#pragma omp single
  {
#pragma omp task
    for (;;)
      jobs++; // expected-warning {{'jobs' is written here while another thread writes it}}
    jobs = 0;
  }
}

static int guarded;

void guarded_sections_ok(void) {
#pragma omp parallel sections
  {
#pragma omp section
    while (1) {
#pragma omp critical(guarded)
      guarded++;
    }
#pragma omp section
    while (1) {
#pragma omp critical(guarded)
      guarded--;
    }
  }
}

static int held;
static omp_lock_t lock;

// The lock is taken before the construct by all, and in it by one.
void locks_on_the_way_ok(void) {
#pragma omp parallel
  {
    omp_set_lock(&lock);
    held++;
#pragma omp single nowait
    {
      held++;
      exit(held);
    }
    held--;
    omp_unset_lock(&lock);
  }
}

static int blocked;

// Who is behind a barrier that one thread never comes to is not there.
void endless_single_with_barrier_ok(void) {
#pragma omp parallel
  {
#pragma omp single
    while (1)
      blocked++;
    blocked = 0;
  }
}
