// The type with one value, for channels that carry only the fact that something happened.
#pragma once

namespace heddle {

/// An empty value. A channel<unit> is a signal; closing it tells every receiver at once, and is
/// nearly always better than sending one value to one of them.
struct unit {
  friend bool operator==(unit, unit) = default;
};

} // namespace heddle
