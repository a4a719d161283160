// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// leak_check lists the tasks that have not ended, and only those.
#include "check.h"
#include "heddle/heddle.h"

using namespace std::chrono_literals;

static bool contains(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

int main() {
  CHECK(heddle::leak_check().empty());
  auto ch = heddle::make_channel<int>();
  heddle::task leaked = heddle::go_named("forgotten", [ch] { (void)ch.receive(); });
  for (int i = 0; i < 50; ++i)
    heddle::go([] { heddle::yield(); });

  // The fifty end sooner or later.
  std::vector<std::string> alive = heddle::leak_check(100ms);
  for (int i = 0; i < 600 && alive.size() != 1; ++i)
    alive = heddle::leak_check(100ms);
  CHECK(alive.size() == 1);
  CHECK(contains(alive[0], "'forgotten'"));
  CHECK(contains(alive[0], "leak-check.cpp"));
  CHECK(contains(alive[0], "waits for a sender"));

  // Inside a task it does not list the caller.
  heddle::go([] { CHECK(heddle::leak_check(10ms).size() == 1); }).join();

  ch.send(1);
  leaked.join();
  CHECK(heddle::leak_check().empty());
}
