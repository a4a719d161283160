// The last sentence of a program.
#include "heddle/detail/fatal.h"

#include "report.h"

#include <cstdio>
#include <cstdlib>

namespace heddle::detail {

void fatal(const char *sentence) noexcept {
  std::fprintf(stderr, "heddle: %s\n", sentence);
  std::abort();
}

void fatal_exception(const std::exception_ptr &escaped, const task_origin &from) noexcept {
  std::string what = "not a std::exception";
  try {
    std::rethrow_exception(escaped);
  } catch (const std::exception &error) {
    what = error.what();
  } catch (...) {
  }
  fatal(("unhandled exception in a task: " + what + " (" + describe(from) + ")").c_str());
}

} // namespace heddle::detail
