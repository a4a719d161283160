// RUN: %heddle_verify --checks=inconsistent-guard %s -- -std=gnu17

// clang-format off: expectations stand on the line.

// The same in C: a struct that holds its mutex, a file that guards its globals; no thread in sight.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct queue {
  pthread_mutex_t lock;
  int length;
  int capacity;
  int *items;
};

void queue_init(struct queue *queue, int capacity) {
  memset(queue, 0, sizeof *queue);
  pthread_mutex_init(&queue->lock, NULL);
  queue->length = 0;
  queue->capacity = capacity;
  queue->items = calloc(capacity, sizeof(int));
}

void queue_destroy(struct queue *queue) {
  queue->length = 0;
  free(queue->items);
  queue->items = NULL;
  pthread_mutex_destroy(&queue->lock);
}

struct queue *queue_create(int capacity) {
  struct queue *queue = malloc(sizeof *queue);
  queue_init(queue, capacity);
  queue->length = 0;
  return queue;
}

void queue_push(struct queue *queue, int item) {
  pthread_mutex_lock(&queue->lock);
  if (queue->length < queue->capacity)
    queue->items[queue->length++] = item;
  pthread_mutex_unlock(&queue->lock);
}

int queue_pop(struct queue *queue) {
  int item = -1;
  pthread_mutex_lock(&queue->lock);
  if (queue->length > 0)
    item = queue->items[--queue->length];
  pthread_mutex_unlock(&queue->lock);
  return item;
}

int queue_drain_bad(struct queue *queue) {
  int drained = 0;
  pthread_mutex_lock(&queue->lock);
  drained = queue->length;
  queue->length = 0;
  pthread_mutex_unlock(&queue->lock);
  return drained -
         queue->length; // expected-warning {{'length' is read here without 'lock', which guards it in}}
}

/* Who calls this may hold the lock. */
int queue_length_ok(struct queue *queue) { return queue->length; }

int queue_capacity_ok(struct queue *queue) { return queue->capacity; }

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static int table_size;
static int table_peak;

static void note_peak(void) {
  if (table_size > table_peak)
    table_peak = table_size;
}

void table_add(void) {
  pthread_mutex_lock(&table_lock);
  ++table_size;
  note_peak();
  pthread_mutex_unlock(&table_lock);
}

void table_remove(void) {
  pthread_mutex_lock(&table_lock);
  --table_size;
  pthread_mutex_unlock(&table_lock);
}

int table_peak_ok(void) {
  pthread_mutex_lock(&table_lock);
  int peak = table_peak;
  pthread_mutex_unlock(&table_lock);
  return peak;
}

void table_reset_bad(void) {
  pthread_mutex_lock(&table_lock);
  table_peak = table_size;
  pthread_mutex_unlock(&table_lock);
  table_size = 0; // expected-warning {{'table_size' is written here without 'table_lock'}}
}

static int *table_memory;

int *table_memory_ok(void) {
  pthread_mutex_lock(&table_lock);
  if (table_memory == NULL)
    table_memory = calloc(16, sizeof(int));
  pthread_mutex_unlock(&table_lock);
  return table_memory;
}

void table_init_ok(void) { table_size = table_peak = 0; }

static int unlocked_twice;
static int locked_once;

void set_both(void) {
  pthread_mutex_lock(&table_lock);
  ++unlocked_twice;
  ++locked_once;
  pthread_mutex_unlock(&table_lock);
}

/* Two of three do without: nobody can tell what the lock is for. */
void first_without_ok(void) { unlocked_twice = 1; }
void second_without_ok(void) { unlocked_twice = 2; }

// The function takes the lock for one thing and forgets it for another.
static pthread_mutex_t requests_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
  unsigned long served;
  unsigned long failed;
  unsigned long limit;
} requests;

void requests_serve(void) {
  pthread_mutex_lock(&requests_lock);
  requests.served++;
  pthread_mutex_unlock(&requests_lock);
}

void requests_fail(int code) {
  if (code == 0)
    return;
  pthread_mutex_lock(&requests_lock);
  requests.failed++;
  pthread_mutex_unlock(&requests_lock);
}

double requests_share_bad(void) {
  pthread_mutex_lock(&requests_lock);
  unsigned long served = requests.served;
  pthread_mutex_unlock(&requests_lock);
  return served ? (double)requests.failed / served : 0; // expected-warning {{'failed' is read here without 'requests_lock', which guards it in 'requests_fail'}}
}

// What nobody guards needs no lock here either.
int requests_allowed_ok(void) {
  pthread_mutex_lock(&requests_lock);
  unsigned long served = requests.served;
  pthread_mutex_unlock(&requests_lock);
  return served < requests.limit;
}

struct slots {
  pthread_mutex_t lock;
  struct slot *idle;
  int idle_count;
  int most;
};
struct slot {
  struct slot *next;
};

struct slot *slots_get_bad(struct slots *slots) {
  pthread_mutex_lock(&slots->lock);
  struct slot *first = slots->idle;
  if (first)
    slots->idle = first->next;
  pthread_mutex_unlock(&slots->lock);
  if (first)
    slots->idle_count--; // expected-warning {{'idle_count' is written here without 'lock', which guards it in 'slots_put' and 'slots_idle'}}
  return first;
}

int slots_put(struct slots *slots, struct slot *one) {
  int kept = 0;
  pthread_mutex_lock(&slots->lock);
  if (slots->idle_count < slots->most) {
    one->next = slots->idle;
    slots->idle = one;
    slots->idle_count++;
    kept = 1;
  }
  pthread_mutex_unlock(&slots->lock);
  return kept;
}

int slots_idle(struct slots *slots) {
  pthread_mutex_lock(&slots->lock);
  int count = slots->idle_count;
  pthread_mutex_unlock(&slots->lock);
  return count;
}

// Called with the lock held: nothing here takes it.
int slots_idle_locked_ok(struct slots *slots) { return slots->idle_count; }

// By way of a helper: whoever calls that holds the lock.
struct ring {
  pthread_mutex_t lock;
  int used;
  int free_at;
};

void ring_take_locked_ok(struct ring *ring) { ring->free_at = ring->used; }

static void ring_advance(struct ring *ring) {
  ring_take_locked_ok(ring);
  ring->used++;
}

int ring_take(struct ring *ring) {
  pthread_mutex_lock(&ring->lock);
  ring_advance(ring);
  int taken = ring->free_at;
  pthread_mutex_unlock(&ring->lock);
  return taken;
}

void ring_reset(struct ring *ring) {
  pthread_mutex_lock(&ring->lock);
  ring->free_at = 0;
  ring->used = 0;
  pthread_mutex_unlock(&ring->lock);
}
