// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Values come out in the order in which they went in, whatever the capacity; an unbuffered send
// ends only once its value is received.
#include "check.h"
#include "heddle/heddle.h"

static void in_order(std::size_t capacity) {
  auto ch = heddle::make_channel<int>(capacity);
  auto producer = heddle::go([ch] {
    for (int i = 0; i < 500; ++i)
      ch.send(i);
  });
  for (int i = 0; i < 500; ++i)
    CHECK(ch.receive() == i);
  producer.join();
  CHECK(ch.size() == 0);
}

static void blocked_sender_keeps_its_place() {
  auto ch = heddle::make_channel<int>(2);
  ch.send(1);
  ch.send(2);
  auto blocked = heddle::go([ch] { ch.send(3); });
  CHECK(ch.receive() == 1);
  blocked.join();
  CHECK(ch.size() == 2);
  CHECK(ch.receive() == 2);
  CHECK(ch.receive() == 3);
}

// Plain ints, no lock: the race detector checks that the hand-over orders both directions.
static void happens_before() {
  auto ch = heddle::make_channel<heddle::unit>();
  int before_send = 0;
  int before_receive = 0;
  auto other = heddle::go([&, ch] {
    before_send = 1;
    ch.send({});
    CHECK(before_receive == 1);
  });
  before_receive = 1;
  CHECK(ch.receive());
  CHECK(before_send == 1);
  other.join();
}

int main() {
  for (std::size_t capacity : {0, 1, 2, 7, 1000})
    in_order(capacity);
  blocked_sender_keeps_its_place();
  for (int i = 0; i < 100; ++i)
    happens_before();
}
