// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=missing-cancel %t.cpp -- -std=c++20 -I%runtime_include
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -I%runtime_include -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=missing-cancel %t.cpp -- -std=c++20 -I%runtime_include
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=missing-cancel %t.cpp -- -std=c++20 -I%runtime_include
// RUN: cmp %t.cpp %t.once.cpp

// The cancel is deferred on the line after its creation.
#include "heddle/heddle.h"

#include <chrono>

bool fetch(const heddle::context &ctx);

bool early_return(const heddle::context &parent) {
  // CHECK-LABEL: bool early_return
  // CHECK: auto [ctx, cancel] = heddle::with_timeout(parent, std::chrono::seconds(1));
  // CHECK-NEXT: {{(const )?}}heddle::defer cancel_on_exit(cancel);
  auto [ctx, cancel] = heddle::with_timeout(parent, std::chrono::seconds(1));
  if (!fetch(ctx))
    return false;
  cancel();
  return true;
}

void never(const heddle::context &parent) {
  // CHECK-LABEL: void never
  // CHECK: auto [ctx, stop] = heddle::with_cancel(parent);
  // CHECK-NEXT: {{(const )?}}heddle::defer {{[a-z_0-9]+\(stop\);}}
  auto [ctx, stop] = heddle::with_cancel(parent);
  fetch(ctx);
}

void two(const heddle::context &parent) {
  // CHECK-LABEL: void two
  // CHECK: auto [outer, cancel_outer] = heddle::with_cancel(parent);
  // CHECK-NEXT: {{(const )?}}heddle::defer {{[a-z_0-9]+\(cancel_outer\);}}
  // CHECK: auto [inner, cancel_inner] = heddle::with_cancel(outer);
  // CHECK-NEXT: {{(const )?}}heddle::defer {{[a-z_0-9]+\(cancel_inner\);}}
  auto [outer, cancel_outer] = heddle::with_cancel(parent);
  auto [inner, cancel_inner] = heddle::with_cancel(outer);
  fetch(inner);
}

void not_unpacked(const heddle::context &parent) {
  // CHECK-LABEL: void not_unpacked
  // CHECK: auto child = heddle::with_cancel(parent);
  // CHECK-NEXT: {{(const )?}}heddle::defer {{[a-z_0-9]+\(child\.cancel\);}}
  auto child = heddle::with_cancel(parent);
  fetch(child.ctx);
}
