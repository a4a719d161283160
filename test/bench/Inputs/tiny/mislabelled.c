#include <pthread.h>
static int Shared;
static void *work(void *Unused) {
  Shared = 1;
  return Unused;
}
int main(void) {
  pthread_t Thread;
  pthread_create(&Thread, 0, work, 0);
  Shared = 2;
  return pthread_join(Thread, 0);
}
