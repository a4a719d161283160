// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t
// RUN: not --crash %t dropped 2>&1 | FileCheck --check-prefix=DROPPED %s
// RUN: not --crash %t late 2>&1 | FileCheck --check-prefix=LATE %s
// RUN: not --crash %t group 2>&1 | FileCheck --check-prefix=GROUP %s
// RUN: not --crash %t odd 2>&1 | FileCheck --check-prefix=ODD %s
// An exception that nobody joins ends the program with one sentence, whenever the handle went.
#include "heddle/heddle.h"

#include <stdexcept>
#include <string>

int main(int, char **argv) {
  const std::string mode = argv[1];
  if (mode == "dropped") {
    // DROPPED: heddle: unhandled exception in a task: alone (task 'reader' started at {{.*}}task-exception.cpp:[[@LINE+2]])
    auto gone = heddle::make_channel<heddle::unit>();
    heddle::go_named("reader", [gone] {
      (void)gone.receive();
      throw std::runtime_error("alone");
    });
    gone.close();
    heddle::select();
  }
  if (mode == "late") {
    auto thrown = heddle::make_channel<heddle::unit>();
    // LATE: heddle: unhandled exception in a task: kept, then dropped (task started at {{.*}}task-exception.cpp:[[@LINE+1]])
    heddle::task held = heddle::go([thrown] {
      heddle::defer d([thrown] { thrown.close(); });
      throw std::runtime_error("kept, then dropped");
    });
    (void)thrown.receive();
    held = heddle::task();
    heddle::select();
  }
  if (mode == "group") {
    heddle::wait_group group;
    // GROUP: heddle: unhandled exception in a task: in a group (task started at {{.*}}task-exception.cpp:[[@LINE+1]])
    group.go([] { throw std::runtime_error("in a group"); });
    group.wait();
  }
  if (mode == "odd") {
    // ODD: heddle: unhandled exception in a task: not a std::exception (task started at {{.*}}task-exception.cpp:[[@LINE+1]])
    heddle::go([] { throw 42; });
    heddle::select();
  }
}
