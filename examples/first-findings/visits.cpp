// Counting: with two threads, and with a channel in the place of a lock.
#include "first_findings.h"

#include <heddle/channel.h>
#include <heddle/task.h>
#include <heddle/unit.h>

#include <functional>
#include <thread>

static int hits = 0;

static void count(const std::vector<std::string> &pages) {
  for (const std::string &page : pages)
    if (!page.empty())
      ++hits;
}

// Both threads read and write `hits`, and nothing keeps them apart.
int count_visits(const std::vector<std::string> &pages) {
  std::thread other(count, std::cref(pages));
  count(pages);
  other.join();
  return hits;
}

static int balance = 0;
const auto turn = heddle::make_channel<heddle::unit>(1);

// The channel carries nothing: it is a mutex in disguise.
static void deposit(int amount) {
  turn.send({});
  balance += amount;
  (void)turn.receive();
}

int sum_of_deposits() {
  heddle::task other = heddle::go(deposit, 10);
  deposit(20);
  other.join();
  return balance;
}
