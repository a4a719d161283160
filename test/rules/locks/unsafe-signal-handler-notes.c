// RUN: %exits 1 %heddle check --quiet --checks=unsafe-signal-handler %s -- -std=gnu17 | %FileCheck %s

// Each place that installs the handler is told with its own signal, the finding with all of them.
#include <signal.h>
#include <stdlib.h>

static void stop(int number) {
  // CHECK: :[[@LINE+1]]:3: warning: 'exit' is used in the handler of SIGINT and SIGTERM
  exit(number);
}

int main(void) {
  // CHECK: :[[@LINE+1]]:3: note: makes 'stop' the handler of SIGINT{{$}}
  signal(SIGINT, stop);
  // CHECK: :[[@LINE+1]]:3: note: makes 'stop' the handler of SIGTERM{{$}}
  signal(SIGTERM, stop);
  return 0;
}
