// What becomes of a group's failure.
#include "heddle/error_group.h"

#include "heddle/errors.h"

namespace heddle {

error_group::error_group(const context &parent, std::size_t limit)
    : own_(with_cancel(parent)),
      free_(detail::positive(limit, "heddle: an error_group's limit must be positive")) {}

error_group::~error_group() {
  own_.cancel();
  tasks_.wait();
}

void error_group::wait(std::source_location where) {
  tasks_.wait(where);
  own_.cancel();
  std::exception_ptr failure;
  {
    detail::internal_lock lock(mutex_);
    failure = std::exchange(first_, nullptr);
  }
  if (failure)
    std::rethrow_exception(std::move(failure));
}

void error_group::fail(std::exception_ptr failure) noexcept {
  {
    detail::internal_lock lock(mutex_);
    if (!first_)
      first_ = std::move(failure);
  }
  own_.cancel();
}

} // namespace heddle
