// A semaphore bounds how much happens at a time, a pool keeps what is dear to make.
#include <heddle/heddle.h>

#include <atomic>
#include <cstdio>
#include <string>

static void handle(const heddle::context &ctx, heddle::semaphore &bound,
                   heddle::pool<std::string> &buffers, std::atomic<int> &handled) {
  if (!bound.acquire(ctx))
    return;
  heddle::defer d([&] { bound.release(); });
  std::unique_ptr<std::string> buffer = buffers.get();
  *buffer += "request";
  handled += buffer->empty() ? 0 : 1;
  buffer->clear(); // as it was
  buffers.put(std::move(buffer));
}

int main() {
  heddle::semaphore bound(2);
  heddle::pool<std::string> buffers;
  std::atomic<int> handled = 0;
  heddle::wait_group requests;
  for (int i = 0; i < 6; ++i)
    requests.go([&] { handle(heddle::background(), bound, buffers, handled); });
  requests.wait();
  std::printf("handled %d\n", handled.load());
}
