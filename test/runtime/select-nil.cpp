// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// A nil channel switches a case off: it is never ready, neither at once nor by waiting.
#include "check.h"
#include "heddle/heddle.h"

#include <atomic>
#include <vector>

static std::atomic<bool> went_on = false;

// Fan-in that switches off each input as it is closed, and so ends.
static std::vector<int> merge(heddle::receiver<int> a, heddle::receiver<int> b) {
  std::vector<int> all;
  const auto take = [&all](heddle::receiver<int> &from) {
    return heddle::on_receive(from, [&all, &from](std::optional<int> value) {
      if (value)
        all.push_back(*value);
      else
        from = {};
    });
  };
  while (a || b)
    heddle::select(take(a), take(b));
  return all;
}

int main() {
  heddle::channel<int> nil;
  heddle::go([nil] {
    heddle::select(heddle::on_receive(nil, [](auto) {}), heddle::on_send(nil, 1, [] {}));
    went_on = true;
  });
  heddle::go([] {
    heddle::select();
    went_on = true;
  });

  CHECK(heddle::select(heddle::on_receive(nil, [](auto) {}), heddle::on_send(nil, 1, [] {}),
                       heddle::otherwise([] {})) == 2);

  auto a = heddle::make_channel<int>(2);
  auto b = heddle::make_channel<int>();
  a.send(1);
  a.send(2);
  a.close();
  auto producer = heddle::go([b] {
    b.send(3);
    b.close();
  });
  CHECK(merge(a, b).size() == 3);
  CHECK(!went_on);
}
