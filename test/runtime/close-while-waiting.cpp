// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// A channel is closed under tasks that wait to send or receive, alone and in selects, twice in one:
// each gets just one answer, the axioms' one, and keeps the value that it did not send.
#include "check.h"
#include "heddle/heddle.h"

#include <memory>

using namespace std::chrono_literals;
using item = std::unique_ptr<int>;

static const char *const closed = "heddle: send on closed channel";

template <typename F> static std::string error(F &&call) {
  return error_of<heddle::channel_error>(std::forward<F>(call));
}

static void senders(std::size_t capacity) {
  auto ch = heddle::make_channel<item>(capacity);
  for (std::size_t i = 0; i < capacity; ++i)
    ch.send(std::make_unique<int>(7));
  std::atomic<int> failed = 0;
  heddle::wait_group group;
  for (int i = 0; i < 8; ++i) {
    group.go([&] {
      item kept = std::make_unique<int>(1);
      CHECK(error([&] { ch.send(heddle::background(), std::move(kept)); }) == closed);
      CHECK(kept);
      ++failed;
    });
    group.go([&] {
      CHECK(error([&] {
              heddle::select(heddle::on_send(ch, std::make_unique<int>(1), [] { CHECK(false); }),
                             heddle::on_send(ch, std::make_unique<int>(2), [] { CHECK(false); }));
            }) == closed);
      ++failed;
    });
  }
  heddle::sleep_for(10ms);
  ch.close();
  group.wait();
  CHECK(failed == 16);
  // What was in the buffer is still there.
  for (std::size_t i = 0; i < capacity; ++i)
    CHECK(**ch.receive() == 7);
  CHECK(!ch.receive());
  CHECK(error([&] { (void)ch.try_send(nullptr); }) == closed);
  CHECK(error([&] { ch.close(); }) == "heddle: close of closed channel");
}

static void receivers() {
  auto ch = heddle::make_channel<item>();
  std::atomic<int> answers = 0;
  heddle::wait_group group;
  for (int i = 0; i < 8; ++i) {
    group.go([&] {
      CHECK(!ch.receive());
      ++answers;
    });
    group.go([&] {
      const auto count = [&](std::optional<item> value) {
        CHECK(!value);
        ++answers;
      };
      CHECK(heddle::select(heddle::on_receive(ch, count), heddle::on_receive(ch, count),
                           heddle::on_receive(heddle::channel<int>(), [] { CHECK(false); })) < 2);
    });
  }
  heddle::sleep_for(10ms);
  ch.close();
  group.wait();
  CHECK(answers == 16);
}

// Both ways on one channel: it does not meet itself.
static void itself() {
  auto ch = heddle::make_channel<int>();
  CHECK(heddle::select(heddle::on_send(ch, 1, [] {}), heddle::on_receive(ch, [] {}),
                       heddle::otherwise([] {})) == 2);
}

int main() {
  for (const std::size_t capacity : {0, 1, 5})
    senders(capacity);
  receivers();
  itself();
}
