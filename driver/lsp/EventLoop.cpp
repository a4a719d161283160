#include "driver/lsp/EventLoop.h"

namespace heddle::lsp {

void EventLoop::postAt(Clock::time_point When, Task Work) {
  {
    std::lock_guard<std::mutex> Lock(Mutex);
    Tasks.emplace(std::pair(When, NextNumber++), std::move(Work));
  }
  Arrived.notify_one();
}

void EventLoop::run() {
  while (!Stopped) {
    Task Next;
    {
      std::unique_lock<std::mutex> Lock(Mutex);
      while (Tasks.empty() || Tasks.begin()->first.first > Clock::now()) {
        if (Tasks.empty()) {
          Arrived.wait(Lock);
        } else {
          auto Due = Tasks.begin()->first.first;
          Arrived.wait_until(Lock, Due);
        }
      }
      Next = std::move(Tasks.begin()->second);
      Tasks.erase(Tasks.begin());
    }
    Next();
  }
}

} // namespace heddle::lsp
