// The exceptions that misuse of the runtime throws. Each means a bug in the program, so each is a
// std::logic_error with one fixed sentence and nothing to look up.
#pragma once

#include <cstddef>
#include <stdexcept>

namespace heddle {

namespace detail {
/// The number itself. Errors: std::invalid_argument if it is zero, with this sentence.
inline std::size_t positive(std::size_t number, const char *sentence) {
  return number > 0 ? number : throw std::invalid_argument(sentence);
}
} // namespace detail

/// A broken channel axiom. what() is one of
///   "heddle: send on closed channel", "heddle: close of closed channel",
///   "heddle: close of nil channel".
struct channel_error : std::logic_error {
  using std::logic_error::logic_error;
};

/// A null context was used. what() is "heddle: use of null context".
struct context_error : std::logic_error {
  using std::logic_error::logic_error;
};

/// A task was joined twice, or an empty handle was joined. what() is
/// "heddle: join of a task that is not joinable".
struct task_error : std::logic_error {
  using std::logic_error::logic_error;
};

/// Null was put into a pool. what() is "heddle: put of null into a pool".
struct pool_error : std::logic_error {
  using std::logic_error::logic_error;
};

} // namespace heddle
