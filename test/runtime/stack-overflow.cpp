// RUN: %runtime_cxx -O1 -g %s %runtime_lib -o %t
// RUN: not --crash %t deep
// RUN: not --crash %t leap
// RUN: not --crash %t leap old-kernel
// RUN: not --crash %t deep old-kernel
// RUN: not --crash %t little old-kernel few-mappings 2>&1 | FileCheck %s
// RUN: %t none old-kernel few-mappings
// A task that uses more stack than it has ends the program: by its guard page, whichever way the
// kernel makes one; and without one, where no mapping is left for it, when it next waits.
#include "check.h"
#include "heddle/heddle.h"

#include <cstddef>
#include <cstring>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

// From now on the system call fails if its third argument is that.
static void refuse(unsigned number, unsigned third, unsigned error) {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args) + 2 * sizeof(__u64)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, third, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog filter = {sizeof program / sizeof *program, program};
  CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
  CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0);
}

// Uses so much stack below `start`.
__attribute__((noinline)) static void use(const char *start, std::ptrdiff_t size) {
  char frame[256];
  std::memset(frame, 1, sizeof frame);
  asm volatile("" : : "r"(frame) : "memory");
  if (start - frame < size)
    use(start, size);
  asm volatile("" : : "r"(frame) : "memory");
}

// As above, in frames of which most is never touched, as a buffer may be.
__attribute__((noinline)) static void leap(const char *start, std::ptrdiff_t size) {
  char frame[32 * 1024];
  asm volatile("" : : "r"(frame) : "memory");
  if (start - frame < size)
    leap(start, size);
  asm volatile("" : : "r"(frame) : "memory");
}

int main(int count, char **arguments) {
  const std::string how = arguments[1];
  if (count > 2)
    refuse(__NR_madvise, 102, EINVAL); // MADV_GUARD_INSTALL
  if (count > 3)
    refuse(__NR_mprotect, PROT_NONE, ENOMEM);
  // A stack has 256 KiB, and another 64 below it are its guard.
  const std::ptrdiff_t size = how == "deep"     ? 300 * 1024
                              : how == "leap"   ? 700 * 1024
                              : how == "little" ? 257 * 1024
                                                : 240 * 1024;
  // CHECK: heddle: stack overflow in a task
  // Those of which the memory below comes.
  for (int i = 0; i < 8; ++i)
    heddle::go([] { (void)heddle::channel<int>().receive(); });
  heddle::go([size, &how] {
    const char start = 0;
    how == "leap" ? leap(&start, size) : use(&start, size);
    heddle::sleep_for(std::chrono::milliseconds(1));
  }).join();
}
