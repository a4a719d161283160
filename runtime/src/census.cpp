// Counting who is awake, and the strangers.
#include "census.h"

#include "monitor.h"
#include "report.h"
#include "sanitizers.h"
#include "thread_parker.h"
#include "workers.h"

#include <atomic>
#include <cstddef>
#include <sys/stat.h>
#include <system_error>

namespace heddle::detail::census {
namespace {

std::atomic<long> awake = 0;
std::atomic<int> own_threads = 0;
std::atomic<bool> stranger_about = false;

// The number of threads of the process, or 0 if it cannot be told. A directory has a link from
// itself, from above, and from each folder in it; here these are the threads.
std::size_t count_threads() noexcept {
  struct stat folder{};
  return stat("/proc/self/task", &folder) == 0 ? folder.st_nlink - 2 : 0;
}

bool strangers_exist() noexcept {
  std::size_t known = workers::instance().threads() + static_cast<std::size_t>(own_threads.load()) +
                      thread_parker::count();
  if (under_thread_sanitizer)
    ++known; // its own in the background
  const std::size_t all = count_threads();
  return all == 0 || all > known;
}

} // namespace

void wake_up() noexcept { awake.fetch_add(1); }

void fall_asleep() noexcept {
  if (awake.fetch_sub(1) == 1)
    look();
}

void add_own_threads(int started) noexcept { own_threads.fetch_add(started); }

bool suspicious() noexcept { return stranger_about.load() && awake.load() == 0; }

void look() noexcept {
  const bool strangers = strangers_exist();
  // One that has just ended may have woken somebody first.
  if (awake.load() != 0)
    return;
  if (!strangers)
    end_with_deadlock_report();
  stranger_about.store(true);
  try {
    monitor::instance().start();
  } catch (const std::system_error &) {
    // Then nobody looks again, and the program hangs without a word.
  }
  monitor::instance().wake_up();
}

} // namespace heddle::detail::census
