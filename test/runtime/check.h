// What the runtime's tests need beyond the runtime: a check that stays on in every build.
#ifndef HEDDLE_TEST_RUNTIME_CHECK_H
#define HEDDLE_TEST_RUNTIME_CHECK_H

#include <cstdio>
#include <cstdlib>
#include <string>

/// Ends the test with the line and the condition unless it holds.
#define CHECK(condition)                                                                           \
  ((condition) ? void()                                                                            \
               : (std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition),     \
                  std::_Exit(1)))

/// What the exception of type E says that the call throws; "" if it throws none.
template <typename E, typename F> std::string error_of(F &&call) {
  try {
    call();
  } catch (const E &error) {
    return error.what();
  }
  return "";
}

#endif
