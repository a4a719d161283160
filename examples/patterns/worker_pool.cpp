// Worker pool: a fixed number of tasks does all the work, and who brings more waits.
#include <heddle/heddle.h>

#include <atomic>
#include <cstdio>

int main() {
  std::atomic<int> sum = 0;
  heddle::worker_pool pool(heddle::background(), 3, 4); // three workers, four may queue
  for (int i = 1; i <= 100; ++i)
    if (!pool.submit(heddle::background(), [&sum, i] { sum += i; }))
      return 1;
  pool.close(); // finishes what is queued
  std::printf("sum %d\n", sum.load());
}
