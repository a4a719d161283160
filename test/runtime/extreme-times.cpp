// RUN: %runtime_cxx -O1 -fsanitize=undefined -fno-sanitize-recover=all %s %runtime_lib -o %t && %t
// Times of zero, in the past, longer than the clock can tell, and no numbers at all: what is past
// is due at once, and what is too long never comes.
#include "check.h"
#include "heddle/heddle.h"

#include <cmath>
#include <limits>
#include <stdexcept>

using namespace std::chrono_literals;

using real = std::chrono::duration<double>;
static constexpr auto endless = std::chrono::hours::max();
static constexpr auto long_past = std::chrono::hours::min();

static void timers() {
  CHECK(heddle::after(0s).receive());
  CHECK(heddle::after(long_past).receive());
  CHECK(!heddle::after(endless).try_receive());
  heddle::timer timer(endless);
  CHECK(timer.stop());
  timer.reset(0s);
  CHECK(timer.fired().receive());
  timer.reset(real(1e300));
  CHECK(timer.stop());
  timer.reset(real(-INFINITY));
  CHECK(timer.fired().receive());
  timer.reset(real(NAN));
  CHECK(timer.fired().receive());

  heddle::ticker ticker(endless);
  ticker.reset(1ns);
  for (int i = 0; i < 100; ++i)
    CHECK(ticker.ticks().receive());
  ticker.stop();
  CHECK(!ticker.ticks().try_receive());
}

static void sleeps_and_deadlines() {
  using heddle::background;
  heddle::sleep_for(long_past);
  heddle::sleep_for(real(-INFINITY));
  auto [never, cancel_never] = heddle::with_timeout(background(), endless);
  heddle::defer d([cancel = cancel_never] { cancel(); });
  CHECK(!never.err());
  auto [last, cancel_last] = heddle::with_deadline(never, heddle::time_point::max());
  CHECK(!last.err());
  auto [past, cancel_past] = heddle::with_timeout(never, long_past);
  CHECK(past.err() == heddle::context_errc::deadline_exceeded);
  auto [first, cancel_first] = heddle::with_deadline(never, heddle::time_point::min());
  CHECK(first.err() == heddle::context_errc::deadline_exceeded);
  CHECK(!heddle::sleep_for(first, endless));
  auto [soon, cancel_soon] = heddle::with_timeout(last, 5ms);
  CHECK(!heddle::sleep_for(soon, endless));
  CHECK(soon.err() == heddle::context_errc::deadline_exceeded);
  for (const heddle::cancel_function &cancel :
       {cancel_last, cancel_past, cancel_first, cancel_soon})
    cancel();
}

static void rates() {
  heddle::rate_limiter wide(1ms, std::numeric_limits<std::size_t>::max());
  for (int i = 0; i < 1000; ++i)
    CHECK(wide.try_take());
  heddle::rate_limiter once(endless);
  CHECK(once.try_take());
  CHECK(!once.try_take());
  auto [soon, cancel] = heddle::with_timeout(heddle::background(), 1h);
  CHECK(!once.wait(soon));
  cancel();
}

int main() {
  timers();
  sleeps_and_deadlines();
  rates();
  heddle::task sleeper = heddle::go([] { heddle::sleep_for(20ms); });
  CHECK(heddle::leak_check(std::chrono::milliseconds::max()).empty());
  CHECK(heddle::leak_check(std::chrono::milliseconds::min()).empty());
  sleeper.join();
}
