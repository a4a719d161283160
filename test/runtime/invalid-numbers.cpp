// RUN: %runtime_cxx -O1 %s %runtime_lib -o %t && %t
// A number that makes no sense is refused where it is given, not waited on for ever.
#include "check.h"
#include "heddle/heddle.h"

#include <limits>
#include <stdexcept>

using heddle::background;

template <typename F> static std::string refusal(F &&call) {
  return error_of<std::invalid_argument>(std::forward<F>(call));
}

int main() {
  CHECK(refusal([] { heddle::semaphore(0); }) == "heddle: a semaphore needs a permit");
  CHECK(refusal([] { heddle::error_group(background(), 0); }) ==
        "heddle: an error_group's limit must be positive");
  CHECK(refusal([] {
          (void)heddle::parallel_for_each(background(), std::vector{1}, 0,
                                          [](const heddle::context &, int) {});
        }) == "heddle: an error_group's limit must be positive");
  CHECK(refusal([] { heddle::worker_pool(background(), 0); }) ==
        "heddle: a worker_pool needs a worker");
  CHECK(refusal([] {
          (void)heddle::fan_out(background(), heddle::receiver<int>(), 0, [](int n) { return n; });
        }) == "heddle: a fan_out needs a stage");
  CHECK(refusal([] { heddle::queue<int>(0); }) == "heddle: a queue needs room for one");
  CHECK(refusal([] { (void)heddle::topic<int>().subscribe(background(), 0); }) ==
        "heddle: a queue needs room for one");
  CHECK(refusal([] { heddle::rate_limiter(std::chrono::seconds(0)); }) ==
        "heddle: a rate_limiter needs a positive interval and burst");
  CHECK(refusal([] { heddle::rate_limiter(std::chrono::seconds(1), 0); }) ==
        "heddle: a rate_limiter needs a positive interval and burst");
  CHECK(refusal([] { heddle::ticker(std::chrono::seconds(-1)); }) ==
        "heddle: a ticker needs a positive period");
  CHECK(refusal([] { heddle::set_max_procs(0); }) == "heddle: max_procs must be positive");
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  CHECK(!error_of<std::length_error>([] { (void)heddle::make_channel<int>(most); }).empty());
  // Signals take no room.
  auto signals = heddle::make_channel<heddle::unit>(most);
  for (int i = 0; i < 3; ++i)
    signals.send({});
  CHECK(signals.size() == 3 && signals.receive() && signals.receive() && signals.receive());
  CHECK(!signals.try_receive());
  CHECK(heddle::leak_check().empty());
}
