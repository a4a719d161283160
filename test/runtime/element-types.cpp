// RUN: %runtime_cxx -O1 -gline-tables-only -fsanitize=address,undefined %s %asan_runtime_lib -o %t && %t
// Values that are large, that need their alignment, or that throw when they are copied, on every
// way through a channel and into a task.
#include "check.h"
#include "heddle/heddle.h"

#include <array>
#include <cstdint>
#include <stdexcept>

// Also knows whether it was moved by a constructor.
struct alignas(256) aligned {
  aligned() = default;
  aligned(aligned &&) noexcept {}
  ~aligned() { CHECK(in_place()); }
  bool in_place() const {
    return self == this && reinterpret_cast<std::uintptr_t>(this) % 256 == 0;
  }
  const aligned *self = this;
};

struct large {
  std::array<int, 5000> data{};
};

struct fragile {
  explicit fragile(bool breaks) : breaks(breaks) { ++alive; }
  fragile(const fragile &other) : breaks(other.breaks) {
    if (breaks)
      throw std::runtime_error("copy");
    ++alive;
  }
  fragile(fragile &&other) noexcept : breaks(other.breaks) { ++alive; }
  ~fragile() { --alive; }
  bool breaks;
  static inline std::atomic<int> alive = 0;
};

template <typename T, typename F> static void pass(std::size_t capacity, F check) {
  auto ch = heddle::make_channel<T>(capacity);
  heddle::task sender = heddle::go([ch] {
    for (int i = 0; i < 20; ++i)
      ch.send(T());
    for (int i = 0; i < 20; ++i)
      heddle::select(heddle::on_send(ch, T(), [] {}));
    ch.close();
  });
  int count = 0;
  for (auto &&value : ch) {
    check(value);
    ++count;
  }
  CHECK(count == 40);
  sender.join();
}

static void throwing() {
  auto ch = heddle::make_channel<fragile>(2);
  const fragile breaks(true);
  const auto copied = [](auto &&call) { return error_of<std::runtime_error>(call) == "copy"; };
  CHECK(copied([&] { ch.send(breaks); }));
  CHECK(copied([&] { ch.send(heddle::background(), breaks); }));
  CHECK(copied([&] { (void)ch.try_send(breaks); }));
  CHECK(copied([&] { heddle::select(heddle::on_send(ch, breaks, [] {})); }));
  CHECK(copied([&] { heddle::go([](const fragile &) {}, breaks); }));
  CHECK(ch.size() == 0);

  // What nobody received goes with the channel, or with who waited to send it.
  heddle::task sender = heddle::go([ch] {
    for (;;)
      ch.send(fragile(false));
  });
  CHECK(ch.receive());
  heddle::sleep_for(std::chrono::milliseconds(5));
  ch.close();
  CHECK(error_of<heddle::channel_error>([&] { sender.join(); }) ==
        "heddle: send on closed channel");
  ch = {};
}

int main() {
  for (const std::size_t capacity : {0, 1, 3}) {
    pass<aligned>(capacity, [](const aligned &value) { CHECK(value.in_place()); });
    pass<large>(capacity, [](const large &value) { CHECK(value.data[4999] == 0); });
  }
  heddle::go([value = aligned()] { CHECK(value.in_place()); }).join();
  throwing();
  CHECK(fragile::alive == 0);
  CHECK(heddle::leak_check().empty());
}
