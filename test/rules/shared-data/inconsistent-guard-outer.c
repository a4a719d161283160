// RUN: %heddle_verify --checks=inconsistent-guard %s -- -std=gnu11
// expected-no-diagnostics

// What each object guards with a lock of its own, a function that needs two of them changes under a
// lock of all besides; which two it has taken, nobody can say.
#include <pthread.h>
#include <stddef.h>

struct node {
  pthread_rwlock_t lock;
  struct node *child, *next;
  int id;
};

static pthread_mutex_t moving = PTHREAD_MUTEX_INITIALIZER;

static int has(struct node *parent, int id) {
  for (struct node *each = parent->child; each; each = each->next)
    if (each->id == id)
      return 1;
  return 0;
}

int add(struct node *parent, struct node *child) {
  pthread_rwlock_wrlock(&parent->lock);
  if (has(parent, child->id)) {
    pthread_rwlock_unlock(&parent->lock);
    return -1;
  }
  child->next = parent->child;
  parent->child = child;
  pthread_rwlock_unlock(&parent->lock);
  return 0;
}

int move(struct node *from, int id, struct node *to) {
  int result = -1;
  pthread_mutex_lock(&moving);
  struct node *first = from < to ? from : to, *second = from < to ? to : from;
  pthread_rwlock_wrlock(&first->lock);
  pthread_rwlock_wrlock(&second->lock);
  struct node *child = from->child;
  if (has(from, id) && !has(to, id) && child->id == id) {
    from->child = child->next;
    child->next = to->child;
    to->child = child;
    result = 0;
  }
  pthread_rwlock_unlock(&second->lock);
  pthread_rwlock_unlock(&first->lock);
  pthread_mutex_unlock(&moving);
  return result;
}
