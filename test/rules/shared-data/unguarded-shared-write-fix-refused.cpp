// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: cp %t.cpp %t.before.cpp
// RUN: not %heddle check --fix --checks=unguarded-shared-write %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.before.cpp

// Where some use does not allow an atomic, and no mutex guards the object anywhere: no fix.
#include <string>
#include <thread>

int address_taken = 0;

void keep(int *);

void pointer_to_it() {
  keep(&address_taken);
  std::thread worker([] { ++address_taken; });
  ++address_taken;
  worker.join();
}

std::string text;

void no_mutex_anywhere() {
  std::thread worker([] { text += "a"; });
  text += "b";
  worker.join();
}
