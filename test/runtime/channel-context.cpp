// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// send and receive with a context: they end when the context is done, and say so.
#include "check.h"
#include "heddle/heddle.h"

int main() {
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  auto ch = heddle::make_channel<int>();

  auto producer = heddle::go([ch, ctx = ctx] { CHECK(ch.send(ctx, 1)); });
  CHECK(ch.receive(ctx) == 1);
  producer.join();

  auto sender = heddle::go([ch, ctx = ctx] { CHECK(!ch.send(ctx, 2)); });
  auto other = heddle::make_channel<int>();
  auto receiver = heddle::go([other, ctx = ctx] { CHECK(!other.receive(ctx)); });
  cancel();
  sender.join();
  receiver.join();
  CHECK(!ch.try_receive());

  // Done already: the channel is left alone even if it is ready.
  auto full = heddle::make_channel<int>(2);
  full.send(1);
  CHECK(!full.receive(ctx));
  CHECK(!full.send(ctx, 2));
  CHECK(full.size() == 1);

  // Closed, with a live context.
  full.close();
  CHECK(full.receive(heddle::background()) == 1);
  CHECK(!full.receive(heddle::background()));
  CHECK(error_of<heddle::channel_error>([&] { (void)full.send(heddle::background(), 2); }) ==
        "heddle: send on closed channel");
}
