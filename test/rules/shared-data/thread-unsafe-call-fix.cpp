// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix-unsafe --checks=thread-unsafe-call %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix-unsafe --checks=thread-unsafe-call %t.cpp -- -std=c++20 || true
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %tsan_cxx %t.cpp -o %t
// RUN: %t

// The _r forms, with an object of the function's own; not where the result leaves the function.
#include <cstdio>
#include <cstring>
#include <ctime>
#include <thread>

static void print_year() {
  // CHECK: struct tm localtime_buffer;
  const std::time_t now = std::time(nullptr);
  // CHECK: localtime_r(&now, &localtime_buffer)->tm_year
  std::printf("%d\n", std::localtime(&now)->tm_year);
}

static void print_parts(char *text) {
  // CHECK: char *strtok_buffer;
  // CHECK: char *part = strtok_r(text, ",", &strtok_buffer); part;
  // CHECK: part = strtok_r(nullptr, ",", &strtok_buffer))
  for (char *part = std::strtok(text, ","); part; part = std::strtok(nullptr, ","))
    std::puts(part);
}

static std::tm *leaked_time(const std::time_t *when) {
  // CHECK: return std::gmtime(when);
  return std::gmtime(when);
}

int main(int argc, char **) {
  char mine[] = "a,b", theirs[] = "c,d";
  const std::time_t now = std::time(nullptr);
  std::thread worker([&theirs] {
    print_year();
    print_parts(theirs);
  });
  print_year();
  print_parts(mine);
  if (argc > 1)
    std::printf("%d\n", leaked_time(&now)->tm_year);
  worker.join();
}
