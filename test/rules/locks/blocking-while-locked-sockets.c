// RUN: %heddle_verify --checks=blocking-while-locked %s -- -std=gnu17

// Not run: flags_bad, polled_after_bad, twice_bad, other_error_bad, sleeps_bad, child_bad: whoever
// wants the lock only waits longer.
// clang-format off: expectations stand on the line.
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long count;
static char buffer[9];

void another(void) {
  pthread_mutex_lock(&lock);
  --count;
  pthread_mutex_unlock(&lock);
}

void flags_ok(int socket) {
  pthread_mutex_lock(&lock);
  count = recv(socket, buffer, 9, MSG_DONTWAIT | MSG_PEEK);
  count += recv(socket, buffer, 9, MSG_DONTWAIT);
  pthread_mutex_unlock(&lock);
}

void flags_bad(int socket) {
  pthread_mutex_lock(&lock);
  count = recv(socket, buffer, 9, MSG_WAITALL | MSG_PEEK); // expected-warning {{waits for data from a socket}}
  pthread_mutex_unlock(&lock);
}

void polled_ok(int socket) {
  struct pollfd asked = {socket, POLLIN, 0};
  pthread_mutex_lock(&lock);
  if (poll(&asked, 1, 0) > 0)
    count = recv(socket, buffer, 9, 0);
  pthread_mutex_unlock(&lock);
}

void selected_ok(int socket, fd_set *asked, struct timeval *at_once) {
  pthread_mutex_lock(&lock);
  while (select(socket + 1, asked, NULL, NULL, at_once) > 0)
    count += accept(socket, NULL, NULL);
  pthread_mutex_unlock(&lock);
}

void polled_after_bad(int socket) {
  struct pollfd asked = {socket, POLLIN, 0};
  pthread_mutex_lock(&lock);
  count = recv(socket, buffer, 9, 0); // expected-warning {{waits for data from a socket}}
  count += poll(&asked, 1, 0);
  pthread_mutex_unlock(&lock);
}

void twice_bad(int socket) {
  struct pollfd asked = {socket, POLLIN, 0};
  pthread_mutex_lock(&lock);
  if (poll(&asked, 1, 0) > 0) {
    count = recv(socket, buffer, 4, 0);
    count += recv(socket, buffer, 9, 0); // expected-warning {{waits for data from a socket}}
  }
  pthread_mutex_unlock(&lock);
}

// Only a socket that does not wait has such errors.
void asks_for_error_ok(int socket) {
  pthread_mutex_lock(&lock);
  long got = recv(socket, buffer, 9, 0);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    got = 0;
  count += got;
  pthread_mutex_unlock(&lock);
}

void keeps_error_ok(int socket) {
  pthread_mutex_lock(&lock);
  long got = recv(socket, buffer, 9, 0);
  int error = errno;
  switch (error) {
  case EAGAIN:
    got = 0;
    break;
  default:
    break;
  }
  count += got;
  pthread_mutex_unlock(&lock);
}

void other_error_bad(int socket) {
  pthread_mutex_lock(&lock);
  long got = recv(socket, buffer, 9, 0); // expected-warning {{waits for data from a socket}}
  if (got < 0 && errno == EINTR)
    got = 0;
  count += got;
  pthread_mutex_unlock(&lock);
}

void yields_ok(void) {
  pthread_mutex_lock(&lock);
  usleep(0);
  ++count;
  pthread_mutex_unlock(&lock);
}

void sleeps_bad(void) {
  pthread_mutex_lock(&lock);
  usleep(10); // expected-warning {{sleeps}}
  ++count;
  pthread_mutex_unlock(&lock);
}

void child_ok(pid_t child, int *status) {
  pthread_mutex_lock(&lock);
  count = waitpid(child, status, WNOHANG | WUNTRACED);
  pthread_mutex_unlock(&lock);
}

void child_bad(pid_t child, int *status) {
  pthread_mutex_lock(&lock);
  count = waitpid(child, status, WUNTRACED); // expected-warning {{waits for a child process}}
  pthread_mutex_unlock(&lock);
}
