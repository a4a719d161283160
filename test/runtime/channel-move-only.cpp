// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// RUN: %runtime_cxx -O1 -gline-tables-only -fsanitize=address %s %asan_runtime_lib -o %t.asan && %t.asan
// Move-only values pass through every way of sending and receiving; a send that fails leaves the
// value with its owner.
#include "check.h"
#include "heddle/heddle.h"

#include <memory>

using box = std::unique_ptr<int>;

int main() {
  auto ch = heddle::make_channel<box>(1);
  ch.send(std::make_unique<int>(1));

  box kept = std::make_unique<int>(2);
  CHECK(!ch.try_send(std::move(kept)));
  CHECK(kept && *kept == 2);

  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  cancel();
  CHECK(!ch.send(ctx, std::move(kept)));
  CHECK(kept && *kept == 2);

  CHECK(**ch.receive() == 1);
  CHECK(ch.try_send(std::move(kept)));
  CHECK(!kept);
  CHECK(**ch.try_receive() == 2);

  auto direct = heddle::make_channel<box>();
  auto producer = heddle::go([direct] {
    direct.send(std::make_unique<int>(3));
    CHECK(direct.send(heddle::background(), std::make_unique<int>(4)));
    heddle::select(heddle::on_send(direct, std::make_unique<int>(5), [] {}));
    direct.close();
  });
  int expected = 3;
  for (auto value : direct)
    CHECK(*value == expected++);
  CHECK(expected == 6);

  // Values that nobody received die with the channel.
  auto shared = std::make_shared<int>(0);
  {
    auto dropped = heddle::make_channel<std::shared_ptr<int>>(2);
    dropped.send(shared);
    CHECK(shared.use_count() == 2);
  }
  CHECK(shared.use_count() == 1);
}
