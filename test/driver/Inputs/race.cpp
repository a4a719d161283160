#include <thread>

int hits;

void work() { ++hits; }

int main() {
  std::thread first(work), second(work);
  first.join();
  second.join();
}
