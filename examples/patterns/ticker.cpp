// Timers: work at three ticks or until a timeout, with one timer for the whole loop.
#include <heddle/heddle.h>

#include <cstdio>

using namespace std::chrono_literals;

int main() {
  heddle::ticker ticker(1ms);
  heddle::defer d([&] { ticker.stop(); });
  heddle::timer timeout(1min);
  int ticks = 0;
  bool waiting = true;
  while (waiting && ticks < 3)
    heddle::select(heddle::on_receive(ticker.ticks(), [&] { ++ticks; }),
                   heddle::on_receive(timeout.fired(), [&] { waiting = false; }));
  std::printf("%d ticks\n", ticks);

  // after() serves where one timeout is waited for once.
  (void)heddle::after(1ms).receive();
  std::printf("timeout\n");
}
