// RUN: %heddle check --dump-model=channels --checks=channel-as-mutex %s -- \
// RUN:   -std=c++20 -isystem %runtime_include | %FileCheck %s

// Who makes, fills, empties and closes which channel; semaphores are channels of permits.
#include "heddle/heddle.h"

#include <semaphore>

void use(int value);

void one_value() {
  // CHECK: channels.cpp:[[@LINE+1]]:23: one_value: make
  const auto values = heddle::make_channel<int>(1);
  heddle::task sender = heddle::go([values] {
    // CHECK-NEXT: channels.cpp:[[@LINE+1]]:5: lambda: send *values
    values.send(1);
    // CHECK-NEXT: channels.cpp:[[@LINE+1]]:5: lambda: close *values
    values.close();
  });
  // CHECK-NEXT: channels.cpp:[[@LINE+1]]:7: one_value: receive *values
  use(values.receive().value_or(0));
  sender.join();
}

class queue {
public:
  // CHECK-NEXT: channels.cpp:[[@LINE+1]]:25: queue::put: send *items_
  void put(int value) { items_.send(value); }
  // CHECK-NEXT: channels.cpp:[[@LINE+1]]:16: queue::end: close *items_
  void end() { items_.close(); }

private:
  // CHECK-NEXT: channels.cpp:[[@LINE+1]]:33: queue::queue: make
  heddle::channel<int> items_ = heddle::make_channel<int>(8);
};

void uses_queue() {
  queue q;
  q.put(1);
  q.end();
}

// CHECK-NEXT: channels.cpp:[[@LINE+4]]:25: permit: make slot semaphore
// CHECK-NEXT: channels.cpp:[[@LINE+4]]:3: permit: receive slot semaphore
// CHECK-NEXT: channels.cpp:[[@LINE+4]]:3: permit: send slot semaphore
void permit() {
  std::binary_semaphore slot(1);
  slot.acquire();
  slot.release();
}

// CHECK-NOT: channels:
