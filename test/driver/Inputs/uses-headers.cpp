#include "caller.h"
#include "counter.h"

#include <thread>

int own;

void work() {
  count();
  call();
  ++own;
}

int main() {
  std::thread first(work), second(work);
  first.join();
  second.join();
}
