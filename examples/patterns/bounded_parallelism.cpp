// Bounded parallelism: a task per element, but only so many at a time; the first failure ends all.
#include <heddle/heddle.h>

#include <atomic>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

int main() {
  const std::vector<std::string> pages = {"a", "bb", "ccc", "dddd"};
  std::atomic<std::size_t> bytes = 0;
  const auto fetch = [&](const heddle::context &, const std::string &page) {
    bytes += page.size();
  };
  if (heddle::parallel_for_each(heddle::background(), pages, 2, fetch))
    std::printf("%zu bytes\n", bytes.load());

  const auto fail = [](const heddle::context &ctx, const std::string &page) {
    if (page == "bb")
      throw std::runtime_error("cannot fetch " + page);
    (void)heddle::sleep_for(ctx, std::chrono::hours(1)); // ends when bb has failed
  };
  try {
    (void)heddle::parallel_for_each(heddle::background(), pages, 2, fail);
  } catch (const std::runtime_error &error) {
    std::printf("%s\n", error.what());
  }
}
