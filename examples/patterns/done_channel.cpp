// Done channel: closing a channel of nothing tells everybody at once, now or later.
#include <heddle/heddle.h>

#include <cstdio>

static void serve(int worker, heddle::receiver<heddle::unit> stop, heddle::sender<int> stopped) {
  (void)stop.receive();
  stopped.send(worker);
}

int main() {
  const auto stop = heddle::make_channel<heddle::unit>();
  const auto stopped = heddle::make_channel<int>(3);
  heddle::wait_group workers;
  for (int i = 1; i <= 3; ++i)
    workers.go([i, stop, stopped] { serve(i, stop, stopped); });

  // A task without result gives its own done channel.
  const auto prepared = heddle::async([] { std::printf("prepared\n"); });
  (void)prepared.receive();

  stop.close();
  workers.wait();
  stopped.close();
  int sum = 0;
  for (int worker : stopped)
    sum += worker;
  std::printf("stopped %d\n", sum);
}
