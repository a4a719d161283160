// Runs everything, and watches while it runs: for ever.
#include "first_findings.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

int main() {
  std::atomic<int> done = 0;
  // The end of main asks the thread to stop and waits for it, but the loop does not listen.
  std::jthread watcher([&done] {
    while (true) {
      std::printf("%d steps done\n", done.load());
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  });
  const std::vector<std::string> pages = {"index", "about", "contact"};
  done += count_visits(pages) > 0 ? 1 : 0;
  done += sum_of_deposits() > 0 ? 1 : 0;
  done += fetch_page(heddle::background(), pages.front()) ? 1 : 0;
  done += sum_of_pages() > 0 ? 1 : 0;
}
