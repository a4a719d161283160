// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=thread-without-exit-path %t.cpp -- -std=c++20 -I%runtime_include
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -I%runtime_include -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=thread-without-exit-path %t.cpp -- -std=c++20 -I%runtime_include
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=thread-without-exit-path %t.cpp -- -std=c++20 -I%runtime_include
// RUN: cmp %t.cpp %t.once.cpp

// A task that has a context in scope asks it before each iteration.
#include "heddle/heddle.h"

inline void work() {}

void with_context(const heddle::context &ctx) {
  heddle::task worker = heddle::go([ctx] {
    // CHECK: while (!ctx.err())
    while (true)
      work();
  });
  worker.join();
}

void with_context_for(const heddle::context &ctx) {
  heddle::task worker = heddle::go([ctx] {
    // CHECK: {{for \(; ?!ctx.err\(\);\)|while \(!ctx.err\(\)\)}}
    for (;;)
      work();
  });
  worker.join();
}
