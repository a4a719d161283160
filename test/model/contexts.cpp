// RUN: %exits 0 %heddle check --dump-model=contexts %s -- -std=c++20 -I%runtime_include | %FileCheck %s

// Where cancels arise, where they are called, and which are still owed.
#include "heddle/heddle.h"

void fetch(const heddle::context &ctx);

void called(const heddle::context &parent) {
  // CHECK: contexts.cpp:[[@LINE+1]]:24: called: derive cancel{{$}}
  auto [ctx, cancel] = heddle::with_cancel(parent);
  fetch(ctx);
  // CHECK-NEXT: contexts.cpp:[[@LINE+1]]:3: called: cancel cancel{{$}}
  cancel();
}

void on_some_way(const heddle::context &parent, bool quick) {
  // CHECK-NEXT: contexts.cpp:[[@LINE+2]]:16: on_some_way: derive child.cancel{{$}}
  // CHECK-NEXT: contexts.cpp:[[@LINE+1]]:16: on_some_way: owes child.cancel on some way
  auto child = heddle::with_cancel(parent);
  if (quick)
    // CHECK-NEXT: contexts.cpp:[[@LINE+1]]:5: on_some_way: cancel child.cancel{{$}}
    child.cancel();
}

heddle::cancelable_context derive(const heddle::context &parent) {
  // CHECK-NEXT: contexts.cpp:[[@LINE+1]]:10: derive: derive cancel{{$}}
  return heddle::with_cancel(parent);
}

void from_a_callee(const heddle::context &parent) {
  // CHECK-NEXT: contexts.cpp:[[@LINE+1]]:22: from_a_callee: owes stop on every way
  auto [ctx, stop] = derive(parent);
  fetch(ctx);
}

void handed_over(const heddle::context &parent) {
  // CHECK-NEXT: contexts.cpp:[[@LINE+1]]:24: handed_over: derive cancel{{$}}
  auto [ctx, cancel] = heddle::with_cancel(parent);
  heddle::task worker = heddle::go([stop = cancel] {
    // CHECK-NEXT: contexts.cpp:[[@LINE+1]]:5: lambda: cancel stop
    stop();
  });
  worker.join();
}
// CHECK-NOT: contexts.cpp
