// Objects that are dear to make, kept for the next one who needs one.
#pragma once

#include "heddle/annotations.h"
#include "heddle/detail/internal_mutex.h"
#include "heddle/errors.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace heddle {

/// Idle objects of one kind, such as buffers. The protocol: get, use, reset, put, on every path,
/// and never touch after the put. It limits nothing: get makes a new object when none is idle, and
/// put destroys what exceeds `max_idle`. Do not keep in it what must be closed or counted.
/// Ownership: an object belongs to whoever got it until it is put. Thread-safe, not copyable; no
/// member blocks. A put happens before the get that returns the object. Errors: pool_error for a
/// put of null, and what the factory throws.
template <typename T> class pool {
public:
  using value_type = T;
  using factory = std::function<std::unique_ptr<T>()>;

  /// The factory is called by get, by several tasks at a time, and never returns null.
  explicit pool(factory make = std::make_unique<T>, std::size_t max_idle = 64)
      : make_(std::move(make)), max_idle_(max_idle) {}

  /// An idle object, in the state in which it was put, or a new one.
  [[nodiscard]] std::unique_ptr<T> get() {
    {
      detail::internal_lock lock(mutex_);
      if (!idle_.empty()) {
        std::unique_ptr<T> object = std::move(idle_.back());
        idle_.pop_back();
        return object;
      }
    }
    return make_();
  }

  /// Takes the object back, reset by the caller.
  void put(std::unique_ptr<T> object) {
    if (!object)
      throw pool_error("heddle: put of null into a pool");
    detail::internal_lock lock(mutex_);
    if (idle_.size() < max_idle_)
      idle_.push_back(std::move(object));
  }

private:
  const factory make_;
  const std::size_t max_idle_;
  detail::internal_mutex mutex_;
  std::vector<std::unique_ptr<T>> idle_ HEDDLE_GUARDED_BY(mutex_);
};

} // namespace heddle
