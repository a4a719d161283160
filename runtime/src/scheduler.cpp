// The scheduler: every task is a detached thread of the system.
#include "heddle/detail/scheduler.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace heddle::detail {

class parker {
public:
  void park() {
    std::unique_lock lock(mutex_);
    given_.wait(lock, [this] { return permit_; });
    permit_ = false;
  }

  bool park_until(time_point deadline) {
    std::unique_lock lock(mutex_);
    if (!given_.wait_until(lock, deadline, [this] { return permit_; }))
      return false;
    permit_ = false;
    return true;
  }

  void unpark() noexcept {
    // Notifying under the lock: once it is free, the sleeper may end and this object with it.
    std::lock_guard lock(mutex_);
    permit_ = true;
    given_.notify_one();
  }

private:
  std::mutex mutex_;
  std::condition_variable given_;
  bool permit_ = false;
};

namespace {

// Apart from its owner, so that a static destructor that blocks after main's thread-locals are
// gone still finds (a new) one.
thread_local parker *current = nullptr;

struct parker_owner {
  ~parker_owner() {
    delete current;
    current = nullptr;
  }
};

} // namespace

parker &this_parker() {
  if (!current) {
    current = new parker;
    static thread_local parker_owner owner;
  }
  return *current;
}

void park() { this_parker().park(); }

bool park_until(time_point deadline) { return this_parker().park_until(deadline); }

void unpark(parker &sleeper) noexcept { sleeper.unpark(); }

void spawn(std::shared_ptr<job> work) {
  std::thread([work = std::move(work)] { work->run(); }).detach();
}

} // namespace heddle::detail
