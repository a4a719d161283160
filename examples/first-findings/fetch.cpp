// Fetching: with a timeout, and through a channel.
#include "first_findings.h"

#include <heddle/channel.h>
#include <heddle/task.h>

#include <chrono>

// For an empty name the function returns early, and the timer goes on.
bool fetch_page(const heddle::context &parent, const std::string &page) {
  auto [ctx, cancel] = heddle::with_timeout(parent, std::chrono::seconds(2));
  if (page.empty())
    return false;
  const bool in_time = !ctx.err();
  cancel();
  return in_time;
}

static void produce(heddle::channel<int> pages) {
  for (int page = 1; page <= 3; ++page)
    pages.send(page);
}

// The receiver closes the channel that the other task may still be sending on. All goes well
// until somebody teaches `produce` to send a fourth page.
int sum_of_pages() {
  const auto pages = heddle::make_channel<int>(3);
  heddle::task producer = heddle::go(produce, pages);
  int sum = 0;
  for (int n = 0; n < 3; ++n)
    sum += pages.receive().value_or(0);
  pages.close();
  producer.join();
  return sum;
}
