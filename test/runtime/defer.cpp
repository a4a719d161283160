// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Deferred calls run once, in reverse order, on every way out of the scope.
#include "check.h"
#include "heddle/heddle.h"

#include <concepts>
#include <stdexcept>
#include <string>

static_assert(!std::copy_constructible<heddle::defer<heddle::cancel_function>>);
static_assert(!std::move_constructible<heddle::defer<heddle::cancel_function>>);

static std::string log;

static int leave_early(bool early) {
  heddle::defer d([] { log += "d"; });
  if (early)
    return 1;
  log += "late ";
  return 0;
}

int main() {
  {
    heddle::defer first([] { log += "1"; });
    heddle::defer second([] { log += "2"; });
    log += "body ";
  }
  CHECK(log == "body 21");

  log.clear();
  leave_early(true);
  leave_early(false);
  CHECK(log == "dlate d");

  log.clear();
  CHECK(error_of<std::runtime_error>([] {
          heddle::defer outer([] { log += "outer"; });
          heddle::defer inner([] { log += "inner "; });
          throw std::runtime_error("out");
        }) == "out");
  CHECK(log == "inner outer");

  log.clear();
  for (int i = 0; i < 3; ++i)
    heddle::defer each([i] { log += std::to_string(i); });
  CHECK(log == "012");

  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  {
    heddle::defer d(cancel);
    CHECK(!ctx.err());
  }
  CHECK(ctx.err());
}
