// Runs everything, and watches while it runs: for ever.
#include "first_findings.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

static std::atomic<int> done{0};

// Nobody can tell this loop to stop.
static void watch() {
  while (true) {
    std::printf("%d steps done\n", done.load());
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

int main() {
  std::thread watcher(watch);
  const std::vector<std::string> pages = {"index", "about", "contact"};
  done += count_visits(pages) > 0;
  done += sum_of_deposits() > 0;
  done += fetch_page(heddle::background(), pages.front());
  done += pages_until_empty() > 0;
  watcher.join();
}
