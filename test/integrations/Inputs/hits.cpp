// Two threads count in one variable: a fix makes it atomic.
#include <thread>

static int hits = 0;

static void count() { ++hits; }

int main() {
  std::thread other(count);
  count();
  other.join();
  return hits == 2 ? 0 : 1;
}
