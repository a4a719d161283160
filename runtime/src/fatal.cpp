// The last sentence of a program.
#include "heddle/detail/fatal.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace heddle::detail {

void fatal(const char *sentence) noexcept {
  std::fprintf(stderr, "heddle: %s\n", sentence);
  std::abort();
}

void fatal_exception(const std::exception_ptr &escaped) noexcept {
  const std::string lead = "unhandled exception in a task: ";
  try {
    std::rethrow_exception(escaped);
  } catch (const std::exception &error) {
    fatal((lead + error.what()).c_str());
  } catch (...) {
    fatal((lead + "not a std::exception").c_str());
  }
}

} // namespace heddle::detail
