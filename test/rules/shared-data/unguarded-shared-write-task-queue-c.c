// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=gnu17

// Tasks in C: a function with its argument beside it, in a list that threads work off, or handed to
// a thread that calls it.
#include <pthread.h>
#include <stdlib.h>

struct job {
  void (*function)(void *);
  void *argument;
  struct job *next;
};

struct pool {
  pthread_mutex_t lock;
  pthread_cond_t more;
  struct job *head, *tail;
  int stop;
  pthread_t threads[4];
};

static void *work(void *given) {
  struct pool *pool = given;
  for (;;) {
    pthread_mutex_lock(&pool->lock);
    while (!pool->head && !pool->stop)
      pthread_cond_wait(&pool->more, &pool->lock);
    struct job *job = pool->head;
    if (!job) {
      pthread_mutex_unlock(&pool->lock);
      return NULL;
    }
    pool->head = job->next;
    if (!pool->head)
      pool->tail = NULL;
    pthread_mutex_unlock(&pool->lock);
    void (*function)(void *) = job->function;
    void *argument = job->argument;
    free(job);
    function(argument);
  }
}

static void give(struct pool *pool, void (*function)(void *), void *argument) {
  struct job *job = malloc(sizeof *job);
  if (!job)
    abort();
  job->function = function;
  job->argument = argument;
  job->next = NULL;
  pthread_mutex_lock(&pool->lock);
  if (pool->tail)
    pool->tail->next = job;
  else
    pool->head = job;
  pool->tail = job;
  pthread_cond_signal(&pool->more);
  pthread_mutex_unlock(&pool->lock);
}

static void start(struct pool *pool) {
  pthread_mutex_init(&pool->lock, NULL);
  pthread_cond_init(&pool->more, NULL);
  pool->head = pool->tail = NULL;
  pool->stop = 0;
  for (int i = 0; i < 4; i++)
    pthread_create(&pool->threads[i], NULL, work, pool);
}

static void finish(struct pool *pool) {
  pthread_mutex_lock(&pool->lock);
  pool->stop = 1;
  pthread_cond_broadcast(&pool->more);
  pthread_mutex_unlock(&pool->lock);
  for (int i = 0; i < 4; i++)
    pthread_join(pool->threads[i], NULL);
}

static long total, safe_total;
static pthread_mutex_t total_lock = PTHREAD_MUTEX_INITIALIZER;

static void add(void *argument) {
  // expected-warning@+1 {{'total' is written here by several threads}}
  total += *(const long *)argument;
}

static void add_safely(void *argument) {
  pthread_mutex_lock(&total_lock);
  safe_total += *(const long *)argument;
  pthread_mutex_unlock(&total_lock);
}

long pool_bad(void) {
  struct pool pool;
  long one = 1;
  start(&pool);
  for (int i = 0; i < 10; i++)
    give(&pool, add, &one);
  finish(&pool);
  return total;
}

long pool_ok(void) {
  struct pool pool;
  long one = 1;
  start(&pool);
  for (int i = 0; i < 10; i++)
    give(&pool, add_safely, &one);
  finish(&pool);
  return safe_total + one;
}

// What a wrapper of pthread_create gives its threads.
struct entry {
  void *(*function)(void *);
  void *argument;
};

static void *enter(void *given) {
  struct entry entry = *(struct entry *)given;
  free(given);
  return entry.function(entry.argument);
}

static int create(pthread_t *thread, void *(*function)(void *), void *argument) {
  struct entry *entry = malloc(sizeof *entry);
  if (!entry)
    return -1;
  entry->function = function;
  entry->argument = argument;
  return pthread_create(thread, NULL, enter, entry);
}

struct counter {
  long value;
};

static void *count_up(void *given) {
  struct counter *counter = given;
  for (int i = 0; i < 100; i++)
    counter->value++; // expected-warning {{is changed here by a task}}
  return NULL;
}

long wrapper_bad(void) {
  struct counter both = {0};
  pthread_t one, other;
  create(&one, count_up, &both);
  create(&other, count_up, &both);
  pthread_join(one, NULL);
  pthread_join(other, NULL);
  return both.value;
}

// Near misses: a counter for each, and one thread alone.
static void *count_down(void *given) {
  struct counter *counter = given;
  for (int i = 0; i < 100; i++)
    counter->value--;
  return NULL;
}

long wrapper_ok(void) {
  struct counter mine = {0}, yours = {0};
  pthread_t one, other;
  create(&one, count_down, &mine);
  create(&other, count_down, &yours);
  pthread_join(one, NULL);
  mine.value++;
  pthread_join(other, NULL);
  return mine.value + yours.value;
}

// Events in one form, of which this thread handles its own: which are for whom is not known.
struct event {
  void (*handle)(void *);
  void *data;
  struct event *next;
};

static struct event *events, *sent;
static pthread_mutex_t sent_lock = PTHREAD_MUTEX_INITIALIZER;
static int stopped, shown, sum;

static void handle_first(struct event **list) {
  struct event *event = *list;
  *list = event->next;
  event->handle(event->data);
}

static void *handle_sent(void *unused) {
  for (;;) {
    pthread_mutex_lock(&sent_lock);
    struct event *event = sent;
    if (event)
      sent = event->next;
    int stop = stopped;
    pthread_mutex_unlock(&sent_lock);
    if (stop)
      return unused;
    if (event)
      event->handle(event->data);
  }
}

static void show(void *data) { shown = *(int *)data; }
static void sum_up(void *data) { sum += *(int *)data; }

int events_ok(void) {
  pthread_t thread;
  int value = 1;
  struct event mine = {show, &value, NULL}, yours = {sum_up, &value, NULL};
  pthread_create(&thread, NULL, handle_sent, NULL);
  events = &mine;
  pthread_mutex_lock(&sent_lock);
  sent = &yours;
  pthread_mutex_unlock(&sent_lock);
  handle_first(&events);
  shown++;
  pthread_mutex_lock(&sent_lock);
  stopped = 1;
  pthread_mutex_unlock(&sent_lock);
  pthread_join(thread, NULL);
  return shown + sum;
}
