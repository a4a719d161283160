// A few threads that do what the server cannot wait for.
#ifndef HEDDLE_DRIVER_LSP_WORKERS_H
#define HEDDLE_DRIVER_LSP_WORKERS_H

#include "llvm/ADT/FunctionExtras.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace heddle::lsp {

/// Work begins in the order in which it was given. The destructor waits for what has begun and
/// drops the rest.
class Workers {
public:
  using Task = llvm::unique_function<void()>;

  explicit Workers(unsigned Count);
  ~Workers();
  Workers(const Workers &) = delete;
  Workers &operator=(const Workers &) = delete;

  void submit(Task Work);

private:
  void work();

  std::mutex Mutex;
  std::condition_variable Changed;
  std::deque<Task> Waiting; ///< Guarded by Mutex.
  bool Closing = false;     ///< Guarded by Mutex.
  std::vector<std::jthread> Threads;
};

} // namespace heddle::lsp

#endif
