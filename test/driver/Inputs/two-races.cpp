#include <thread>

int misses;
int hits;
// spare line

void work() { ++hits; }
// guards nothing yet

void miss() { ++misses; }

void counted() {
  std::thread first(work), second(work);
  first.join();
  second.join();
}

int main() {
  std::thread first(miss);
  std::thread second(miss);
  first.join();
  second.join();
}
