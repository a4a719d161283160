// To be loaded before a program: whichever thread but the first opens a file whose name ends in
// "heap.cpp" crashes inside of malloc, with its lock.
#define _GNU_SOURCE
#include <fcntl.h>
#include <malloc.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void crash_in_malloc(void) {
  // What lies behind the last piece is the size of what is left.
  size_t *last = malloc(200000);
  last[malloc_usable_size(last) / sizeof *last] = -8;
  malloc(2000000);
}

static int opens(const char *path, int flags, int mode) {
  const size_t length = strlen(path);
  if (length > 7 && strcmp(path + length - 8, "heap.cpp") == 0 && gettid() != getpid())
    crash_in_malloc();
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  int mode = flags & O_CREAT ? va_arg(more, int) : 0;
  va_end(more);
  return opens(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  int mode = flags & O_CREAT ? va_arg(more, int) : 0;
  va_end(more);
  return opens(path, flags, mode);
}
