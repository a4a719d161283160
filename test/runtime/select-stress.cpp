// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// RUN: %runtime_cxx -O1 -gline-tables-only -fsanitize=address %s %asan_runtime_lib -o %t.asan && %t.asan
// Selects that wait on the same channels in different orders neither deadlock nor lose a value.
#include "check.h"
#include "heddle/heddle.h"

constexpr int pairs = 4;
constexpr int each = 200;

int main() {
  auto a = heddle::make_channel<int>();
  auto b = heddle::make_channel<int>(1);
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  heddle::wait_group sending;
  heddle::wait_group receiving;
  auto sums = heddle::make_channel<int>(pairs);

  for (int p = 0; p < pairs; ++p) {
    sending.go([=] {
      for (int i = 0; i < each; ++i)
        if (p % 2)
          heddle::select(heddle::on_send(a, 1, [] {}), heddle::on_send(b, 1, [] {}));
        else
          heddle::select(heddle::on_send(b, 1, [] {}), heddle::on_send(a, 1, [] {}));
    });
    receiving.go([=, ctx = ctx] {
      int sum = 0;
      bool live = true;
      const auto add = [&](std::optional<int> value) { sum += *value; };
      while (live)
        if (p % 2)
          heddle::select(heddle::on_receive(b, add), heddle::on_receive(a, add),
                         heddle::on_receive(ctx.done(), [&] { live = false; }));
        else
          heddle::select(heddle::on_receive(ctx.done(), [&] { live = false; }),
                         heddle::on_receive(a, add), heddle::on_receive(b, add));
      sums.send(sum);
    });
  }
  sending.wait();
  cancel();
  receiving.wait();
  sums.close();
  int total = static_cast<int>(b.size());
  for (int sum : sums)
    total += sum;
  CHECK(total == pairs * each);
}
