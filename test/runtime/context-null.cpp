// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Every use of a null context is the same error.
#include "check.h"
#include "heddle/heddle.h"

using namespace std::chrono_literals;

template <typename F> static bool is_error(F use) {
  return error_of<heddle::context_error>(use) == "heddle: use of null context";
}

int main() {
  const heddle::context null;
  const auto ch = heddle::make_channel<int>(1);
  CHECK(!null && heddle::background());
  CHECK(is_error([&] { (void)null.done(); }));
  CHECK(is_error([&] { (void)null.err(); }));
  CHECK(is_error([&] { (void)null.deadline(); }));
  CHECK(is_error([&] { (void)null.stop_token(); }));
  CHECK(is_error([&] { (void)heddle::with_cancel(null); }));
  CHECK(is_error([&] { (void)heddle::with_timeout(null, 1s); }));
  CHECK(is_error([&] { (void)heddle::with_deadline(null, heddle::time_point()); }));
  CHECK(is_error([&] { (void)ch.send(null, 1); }));
  CHECK(is_error([&] { (void)ch.receive(null); }));
  CHECK(is_error([&] { (void)heddle::sleep_for(null, 1s); }));
  CHECK(ch.size() == 0);
}
