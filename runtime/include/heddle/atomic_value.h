// A value that is read often and replaced whole, like configuration that is reloaded.
#pragma once

#include "heddle/annotations.h"
#include "heddle/detail/internal_mutex.h"

#include <memory>
#include <utility>

namespace heddle {

/// Holds an immutable T, or nothing yet. A reader keeps the version that it loaded for as long as
/// it likes; load once per piece of work, so that all of it sees one version. To change a part,
/// copy, change the copy, and store it, or compare_exchange it where several tasks change. All
/// members are thread-safe and none blocks for longer than the copy of a pointer; a store happens
/// before the load that returns it. Ownership: shared; the last holder destroys. Errors: none but
/// those of T.
// A lock and not std::atomic<std::shared_ptr>, which is one inside too and which ThreadSanitizer
// does not understand.
template <typename T> class atomic_value {
public:
  using value_type = T;

  /// Holds nothing.
  atomic_value() = default;
  explicit atomic_value(T initial) : value_(std::make_shared<const T>(std::move(initial))) {}

  /// The present version; null if nothing was stored yet.
  [[nodiscard]] std::shared_ptr<const T> load() const {
    detail::internal_lock lock(mutex_);
    return value_;
  }

  void store(T value) { (void)exchange(std::move(value)); }

  /// Stores, and returns the version before.
  std::shared_ptr<const T> exchange(T value) {
    auto next = std::make_shared<const T>(std::move(value));
    detail::internal_lock lock(mutex_);
    value_.swap(next);
    return next;
  }

  /// Stores if the present version is still `expected`, the very object. Returns whether it did.
  [[nodiscard]] bool compare_exchange(const std::shared_ptr<const T> &expected, T desired) {
    auto next = std::make_shared<const T>(std::move(desired));
    detail::internal_lock lock(mutex_);
    if (value_ != expected)
      return false;
    // The old version stays alive in `expected`: nothing is destroyed under the lock.
    value_ = std::move(next);
    return true;
  }

private:
  mutable detail::internal_mutex mutex_;
  std::shared_ptr<const T> value_ HEDDLE_GUARDED_BY(mutex_);
};

} // namespace heddle
