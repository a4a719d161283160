// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Among ready cases the choice is uniform, wherever they stand and whatever their channels' order.
#include "check.h"
#include "heddle/heddle.h"

#include <array>

int main() {
  constexpr int rounds = 4000;
  std::array<heddle::channel<int>, 4> channels;
  for (auto &ch : channels) {
    ch = heddle::make_channel<int>();
    ch.close();
  }
  auto room = heddle::make_channel<int>(rounds);
  std::array<int, 5> hits{};
  for (int i = 0; i < rounds; ++i)
    ++hits[heddle::select(heddle::on_receive(channels[0], [] {}),
                          heddle::on_receive(channels[1], [] {}), heddle::on_send(room, i, [] {}),
                          heddle::on_receive(channels[2], [] {}),
                          heddle::on_receive(channels[3], [] {}))];

  // Chi-square with 4 degrees of freedom: above 40 once in 10 million fair runs.
  constexpr double expected = rounds / 5.0;
  double chi_square = 0;
  for (int hit : hits)
    chi_square += (hit - expected) * (hit - expected) / expected;
  CHECK(chi_square < 40);
}
