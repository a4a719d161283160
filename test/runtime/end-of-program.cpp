// RUN: %runtime_cxx -O1 -g %s %runtime_lib -o %t
// RUN: %t normal && %t fork
// RUN: %exits 3 %t callback
// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t.tsan && %t.tsan normal
// The runtime's own threads end with the program, and not before the last static object: that may
// still wait for tasks and timers.
#include "check.h"
#include "heddle/heddle.h"

#include <filesystem>
#include <iterator>
#include <stop_token>
#include <sys/wait.h>
#include <unistd.h>

using namespace std::chrono_literals;

static long threads() {
  const std::filesystem::directory_iterator all("/proc/self/task");
  return std::distance(begin(all), end(all));
}

static long threads_before = 0;

// After all static objects.
__attribute__((destructor)) static void last() {
  // The timer's and the monitor's; the kernel may list them for a moment longer.
  for (int i = 0; threads_before != 0 && threads() != threads_before - 2; ++i) {
    if (i == 1000)
      _exit(1);
    usleep(1000);
  }
}

static struct late {
  bool used = false;
  ~late() {
    if (!used)
      return;
    CHECK(heddle::after(1ms).receive());
    heddle::go([] { heddle::sleep_for(2ms); }).join();
    threads_before = threads();
  }
} last_object;

int main(int, char **arguments) {
  const std::string how = arguments[1];
  heddle::set_max_procs(1);
  heddle::go([] { heddle::sleep_for(1ms); }).join();
  if (how == "normal")
    last_object.used = true;
  if (how == "fork") {
    // The child has none of these threads, and does not wait for them.
    const pid_t child = fork();
    if (child == 0)
      std::exit(0);
    int status = 1;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
  }
  if (how == "callback") {
    // On the timer thread itself.
    auto [ctx, cancel] = heddle::with_timeout(heddle::background(), 1ms);
    std::stop_callback leave(ctx.stop_token(), [] { std::exit(3); });
    heddle::sleep_for(10s);
  }
}
