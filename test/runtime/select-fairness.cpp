// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Among ready cases the choice is uniform, wherever they stand and whatever their channels' order,
// and does not depend on the choice before. Seeded, so that each run sees the same choices.
#include "check.h"
#include "heddle/heddle.h"

#include <array>
#include <span>
#include <vector>

constexpr int cases = 5;
constexpr int rounds = 4000;
constexpr int seeds = 25;

static std::vector<std::size_t> choices(std::uint64_t seed, int count) {
  heddle::seed_choices(seed);
  std::array<heddle::channel<int>, cases - 1> closed;
  for (auto &ch : closed) {
    ch = heddle::make_channel<int>();
    ch.close();
  }
  auto room = heddle::make_channel<int>(static_cast<std::size_t>(count));
  std::vector<std::size_t> chosen;
  for (int i = 0; i < count; ++i)
    chosen.push_back(
        heddle::select(heddle::on_receive(closed[0], [] {}), heddle::on_receive(closed[1], [] {}),
                       heddle::on_send(room, i, [] {}), heddle::on_receive(closed[2], [] {}),
                       heddle::on_receive(closed[3], [] {})));
  return chosen;
}

static double chi_square(std::span<const int> hits, double expected) {
  double sum = 0;
  for (int hit : hits)
    sum += (hit - expected) * (hit - expected) / expected;
  return sum;
}

static void uniform_and_independent() {
  double sum = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    const std::vector<std::size_t> chosen = choices(static_cast<std::uint64_t>(seed), rounds);
    std::array<int, cases> hits{};
    std::array<int, cases * cases> pairs{};
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      ++hits[chosen[i]];
      if (i % 2 == 1)
        ++pairs[chosen[i - 1] * cases + chosen[i]];
    }
    // With 4 and 24 degrees of freedom; more than this once in 10 million fair runs.
    const double of_one = chi_square(hits, rounds / double{cases});
    CHECK(of_one < 39);
    CHECK(chi_square(pairs, rounds / 2 / double{cases * cases}) < 79);
    sum += of_one;
  }
  // The sum has 100 degrees of freedom: neither too uneven nor, as a round robin, too even.
  CHECK(sum > 40 && sum < 190);
}

static void seed_decides() {
  CHECK(choices(7, 100) == choices(7, 100));
  CHECK(choices(7, 100) != choices(8, 100));
}

// Two senders are always ready, as seen by a task that selects on one processor.
static void between_tasks() {
  heddle::set_max_procs(1);
  heddle::seed_choices(3);
  auto left = heddle::make_channel<int>(rounds);
  auto right = heddle::make_channel<int>(rounds);
  std::array<int, 2> hits{};
  heddle::go([&] {
    for (int i = 0; i < rounds; ++i) {
      left.send(i);
      right.send(i);
    }
    for (int i = 0; i < rounds; ++i)
      ++hits[heddle::select(heddle::on_receive(left, [] {}), heddle::on_receive(right, [] {}))];
  }).join();
  CHECK(chi_square(hits, rounds / 2.0) < 28);
}

int main() {
  uniform_and_independent();
  seed_decides();
  between_tasks();
}
