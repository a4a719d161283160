// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t

// Locks that a mode of the program's asks for, with main in sight.
#include <mutex>
#include <thread>

std::mutex mutex;

// Nobody sets it: the way without the lock is the one that the program goes.
bool is_threaded = false;
int by_mode = 0;

void count_by_mode_bad() {
  if (is_threaded)
    mutex.lock();
  ++by_mode; // expected-warning {{'by_mode' is written}}
  if (is_threaded)
    mutex.unlock();
}

// Set before anything else.
bool uses_locks = false;
int by_setting = 0;

void count_by_setting_ok() {
  if (uses_locks)
    mutex.lock();
  ++by_setting;
  if (uses_locks)
    mutex.unlock();
}

void count() {
  count_by_mode_bad();
  count_by_setting_ok();
}

int main(int argc, char **argv) {
  uses_locks = true;
  if (argc > 1 && argv[1][0] == '-')
    is_threaded = true;
  std::thread worker(count);
  count();
  worker.join();
}
