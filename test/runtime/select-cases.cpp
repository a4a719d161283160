// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// select runs exactly one ready case and returns its place; otherwise runs when none is ready.
#include "check.h"
#include "heddle/heddle.h"

#include <memory>

static void without_partners() {
  auto ch = heddle::make_channel<int>();
  bool ran = false;
  CHECK(heddle::select(heddle::on_receive(ch, [](std::optional<int>) { CHECK(false); }),
                       heddle::on_send(ch, 1, [] { CHECK(false); }),
                       heddle::otherwise([&] { ran = true; })) == 2);
  CHECK(ran);
  CHECK(heddle::select(heddle::otherwise([] {}), heddle::on_send(ch, 1, [] {})) == 0);
}

static void ready_cases() {
  auto full = heddle::make_channel<int>(1);
  auto empty = heddle::make_channel<int>(1);
  full.send(5);
  int got = 0;
  CHECK(heddle::select(heddle::on_send(full, 9, [] {}),
                       heddle::on_receive(heddle::receiver<int>(full),
                                          [&](std::optional<int> value) { got = *value; })) == 1);
  CHECK(got == 5);
  CHECK(heddle::select(heddle::otherwise([] { CHECK(false); }),
                       heddle::on_send(heddle::sender<int>(empty), 6, [] {})) == 1);
  CHECK(empty.receive() == 6);
}

static void closed_channels() {
  auto closed = heddle::make_channel<int>();
  closed.close();
  bool saw_close = false;
  CHECK(heddle::select(heddle::on_receive(closed, [&](auto value) { saw_close = !value; }),
                       heddle::otherwise([] {})) == 0);
  CHECK(saw_close);
  CHECK(error_of<heddle::channel_error>([&] {
          heddle::select(heddle::on_send(closed, 1, [] { CHECK(false); }),
                         heddle::otherwise([] { CHECK(false); }));
        }) == "heddle: send on closed channel");
}

static void blocking() {
  auto numbers = heddle::make_channel<int>();
  auto words = heddle::make_channel<std::unique_ptr<int>>();
  auto other = heddle::go([numbers, words] {
    numbers.send(1);
    words.send(std::make_unique<int>(2));
    CHECK(numbers.receive() == 3);
    numbers.close();
  });
  int step = 0;
  const auto once = [&](bool send) {
    return heddle::select(
        heddle::on_receive(words, [&](auto box) { CHECK(**box == 2); }),
        heddle::on_receive(numbers, [&](auto value) { step = value.value_or(9); }),
        heddle::on_send(send ? numbers : heddle::channel<int>(), 3, [] {}));
  };
  CHECK(once(false) == 1 && step == 1);
  CHECK(once(false) == 0);
  CHECK(once(true) == 2);
  CHECK(once(false) == 1 && step == 9);
  other.join();
}

// A select that waits to send and to receive on one channel does not meet itself.
static void same_channel_twice() {
  auto ch = heddle::make_channel<int>();
  auto wait = [ch](int value) {
    return heddle::select(heddle::on_send(ch, value, [] {}),
                          heddle::on_receive(ch, [value](auto got) { CHECK(*got != value); }));
  };
  auto results = heddle::make_channel<std::size_t>(2);
  auto first = heddle::go([=] { results.send(wait(1)); });
  auto second = heddle::go([=] { results.send(wait(2)); });
  CHECK(*results.receive() + *results.receive() == 1);
}

static void handler_throws() {
  auto ch = heddle::make_channel<int>(1);
  ch.send(1);
  CHECK(error_of<std::runtime_error>([&] {
          heddle::select(heddle::on_receive(ch, [](auto) { throw std::runtime_error("mine"); }));
        }) == "mine");
  CHECK(ch.size() == 0);
}

int main() {
  without_partners();
  ready_cases();
  closed_channels();
  for (int i = 0; i < 50; ++i) {
    blocking();
    same_channel_twice();
  }
  handler_throws();
}
