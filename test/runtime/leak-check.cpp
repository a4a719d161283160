// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// RUN: env HEDDLE_LEAK_CHECK=1 %t 2>&1 | count 0
// RUN: env HEDDLE_LEAK_CHECK=1 %t leave 2>&1 | FileCheck %s
// RUN: %t leave 2>&1 | count 0
// leak_check lists the tasks that have not ended, and only those; on demand also at the end of any
// program.
#include "check.h"
#include "heddle/heddle.h"

#include <algorithm>

using namespace std::chrono_literals;

static bool contains(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

int main(int count, char **) {
  if (count > 1) {
    // CHECK: {{^}}heddle: alive at the end: task 'left' started at {{.*}}leak-check.cpp:[[@LINE+2]], waits for a receive from a nil channel
    // CHECK-NOT: alive
    heddle::go_named("left", [] { (void)heddle::channel<int>().receive(); });
    heddle::go([] {}).join();
    return 0;
  }
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
  // When it returns, all that the tasks did has happened.
  std::vector<int> results(100);
  for (int &result : results)
    heddle::go([&result] { ++result; });
  CHECK(heddle::leak_check(60s).empty());
  CHECK(std::count(results.begin(), results.end(), 1) == 100);
  CHECK(heddle::leak_check().empty());
}
