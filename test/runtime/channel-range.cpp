// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Ranging over a channel gives all values and ends when it is closed and drained.
#include "check.h"
#include "heddle/heddle.h"

#include <iterator>
#include <memory>
#include <vector>

static_assert(std::input_iterator<decltype(heddle::channel<int>().begin())>);
static_assert(std::input_iterator<decltype(heddle::channel<std::unique_ptr<int>>().begin())>);

static std::vector<int> drain(heddle::receiver<int> from) {
  std::vector<int> all;
  for (auto value : from)
    all.push_back(value);
  return all;
}

int main() {
  auto ch = heddle::make_channel<int>();
  auto producer = heddle::go([ch] {
    heddle::defer d([ch] { ch.close(); });
    for (int i = 0; i < 5; ++i)
      ch.send(i);
  });
  CHECK(drain(ch) == (std::vector{0, 1, 2, 3, 4}));
  CHECK(drain(ch).empty());

  auto buffered = heddle::make_channel<int>(3);
  buffered.send(1);
  buffered.send(2);
  buffered.close();
  CHECK(drain(buffered) == (std::vector{1, 2}));

  auto left = heddle::make_channel<int>(3);
  left.send(1);
  left.send(2);
  left.send(3);
  for (int value : left)
    if (value == 2)
      break;
  CHECK(left.receive() == 3);
}
