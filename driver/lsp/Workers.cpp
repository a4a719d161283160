#include "driver/lsp/Workers.h"

namespace heddle::lsp {

Workers::Workers(unsigned Count) {
  for (unsigned I = 0; I < Count; ++I)
    Threads.emplace_back([this] { work(); });
}

Workers::~Workers() {
  {
    std::lock_guard<std::mutex> Lock(Mutex);
    Closing = true;
  }
  Changed.notify_all();
  Threads.clear();
}

void Workers::submit(Task Work) {
  {
    std::lock_guard<std::mutex> Lock(Mutex);
    Waiting.push_back(std::move(Work));
  }
  Changed.notify_one();
}

void Workers::work() {
  while (true) {
    Task Next;
    {
      std::unique_lock<std::mutex> Lock(Mutex);
      Changed.wait(Lock, [this] { return Closing || !Waiting.empty(); });
      if (Closing)
        return;
      Next = std::move(Waiting.front());
      Waiting.pop_front();
    }
    Next();
  }
}

} // namespace heddle::lsp
