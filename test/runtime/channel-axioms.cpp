// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// The table of axioms: nil, open and closed channels against send, receive and close.
#include "check.h"
#include "heddle/heddle.h"

#include <atomic>

static std::string send_error(heddle::channel<int> ch) {
  return error_of<heddle::channel_error>([&] { ch.send(1); });
}
static std::string try_send_error(heddle::channel<int> ch) {
  return error_of<heddle::channel_error>([&] { (void)ch.try_send(1); });
}
static std::string close_error(heddle::channel<int> ch) {
  return error_of<heddle::channel_error>([&] { ch.close(); });
}

static void nil_channel() {
  const heddle::channel<int> nil;
  CHECK(!nil && nil.size() == 0 && nil.capacity() == 0);
  CHECK(!nil.try_send(1));
  CHECK(!nil.try_receive());
  CHECK(close_error(nil) == "heddle: close of nil channel");

  // Only the context ends these.
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  heddle::task send = heddle::go([nil, ctx = ctx] { CHECK(!nil.send(ctx, 1)); });
  heddle::task receive = heddle::go([nil, ctx = ctx] { CHECK(!nil.receive(ctx)); });
  cancel();
  send.join();
  receive.join();
}

static std::atomic<bool> nil_went_on = false;

static void nil_blocks_for_ever() {
  heddle::channel<int> nil;
  heddle::go([nil] {
    nil.send(1);
    nil_went_on = true;
  });
  heddle::go([nil] {
    (void)nil.receive();
    nil_went_on = true;
  });
  heddle::go([nil] {
    for (int value : nil)
      (void)value;
    nil_went_on = true;
  });
}

static void open_channel() {
  auto ch = heddle::make_channel<int>(1);
  CHECK(ch && ch.capacity() == 1 && ch.size() == 0);
  CHECK(!ch.try_receive());
  CHECK(ch.try_send(7));
  CHECK(ch.size() == 1);
  CHECK(!ch.try_send(8));
  CHECK(ch.receive() == 7);
  CHECK(close_error(ch) == "");
}

static void closed_channel() {
  auto ch = heddle::make_channel<int>(2);
  ch.send(1);
  ch.send(2);
  ch.close();
  CHECK(send_error(ch) == "heddle: send on closed channel");
  CHECK(try_send_error(ch) == "heddle: send on closed channel");
  CHECK(close_error(ch) == "heddle: close of closed channel");
  CHECK(ch.receive() == 1);
  CHECK(ch.try_receive() == 2);
  CHECK(!ch.receive());
  CHECK(!ch.try_receive());
  CHECK(!ch.receive());
}

// Both orders are right; the pause makes it likely that the tasks wait already.
static void close_releases_waiters(bool pause) {
  auto values = heddle::make_channel<int>();
  auto first = heddle::go([values] { CHECK(!values.receive()); });
  auto second = heddle::go([values] { CHECK(!values.receive()); });
  auto full = heddle::make_channel<int>(1);
  full.send(1);
  auto sender = heddle::go([full] { full.send(2); });
  if (pause)
    heddle::sleep_for(std::chrono::milliseconds(2));
  values.close();
  first.join();
  second.join();
  full.close();
  CHECK(error_of<heddle::channel_error>([&] { sender.join(); }) ==
        "heddle: send on closed channel");
  CHECK(full.receive() == 1);
  CHECK(!full.receive());
}

static void identity() {
  auto ch = heddle::make_channel<int>();
  auto copy = ch;
  CHECK(copy == ch);
  CHECK(heddle::make_channel<int>() != ch);
  CHECK(heddle::channel<int>() == heddle::channel<int>());
  CHECK(heddle::sender<int>(ch) == heddle::sender<int>(copy));
  CHECK(heddle::receiver<int>(ch) == copy);
}

int main() {
  nil_blocks_for_ever();
  nil_channel();
  open_channel();
  closed_channel();
  for (int i = 0; i < 20; ++i)
    close_releases_waiters(i % 2 == 0);
  identity();
  CHECK(!nil_went_on);
}
