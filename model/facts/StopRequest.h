// The wish that a piece of work comes to an early end.
#ifndef HEDDLE_MODEL_FACTS_STOPREQUEST_H
#define HEDDLE_MODEL_FACTS_STOPREQUEST_H

#include <atomic>

namespace heddle {

/// Looked at between steps. What work returns that was stopped is incomplete, and to be thrown
/// away. Without a flag nobody makes the request; the flag must outlive the work. Thread-safe.
class StopRequest {
public:
  StopRequest() = default;
  explicit StopRequest(const std::atomic<bool> &Flag) : Flag(&Flag) {}

  bool isMade() const { return Flag && Flag->load(std::memory_order_relaxed); }

private:
  const std::atomic<bool> *Flag = nullptr;
};

} // namespace heddle

#endif
