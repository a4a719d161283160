// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// RUN: %runtime_cxx -O1 -gline-tables-only -fsanitize=address %s %asan_runtime_lib -o %t.asan && %t.asan
// Many senders and receivers lose and double nothing.
#include "check.h"
#include "heddle/heddle.h"

#include <vector>

constexpr int senders = 8;
constexpr int receivers = 8;
constexpr int each = 250;

static void crowd(std::size_t capacity) {
  auto ch = heddle::make_channel<int>(capacity);
  auto sums = heddle::make_channel<long>(receivers);
  heddle::wait_group sending;
  for (int s = 0; s < senders; ++s)
    sending.go([ch, s] {
      for (int i = 0; i < each; ++i)
        ch.send(s * each + i);
    });
  heddle::wait_group receiving;
  for (int r = 0; r < receivers; ++r)
    receiving.go([ch, sums] {
      long sum = 0;
      for (int value : ch)
        sum += value;
      sums.send(sum);
    });
  sending.wait();
  ch.close();
  receiving.wait();
  sums.close();
  long total = 0;
  for (long sum : sums)
    total += sum;
  constexpr long n = senders * each;
  CHECK(total == n * (n - 1) / 2);
}

int main() {
  for (std::size_t capacity : {0, 1, 16})
    crowd(capacity);
}
