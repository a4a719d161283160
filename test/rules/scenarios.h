// The main function of a test program whose scenarios are run by name; `ok` runs every one whose
// name ends in _ok. One that shows what it does only to whoever comes next is run twice. For C and
// C++.
#ifndef HEDDLE_TEST_RULES_SCENARIOS_H
#define HEDDLE_TEST_RULES_SCENARIOS_H

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct scenario {
  const char *name;
  void (*run)(void);
  int twice;
};

static int ends_in_ok(const char *name) {
  const size_t length = strlen(name);
  return length > 3 && strcmp(name + length - 3, "_ok") == 0;
}

static int run_scenarios(const struct scenario *all, size_t count, int argc, char **argv) {
  if (argc != 2)
    return 2;
  int found = 0;
  for (size_t i = 0; i < count; ++i) {
    const int all_ok = strcmp(argv[1], "ok") == 0;
    if (all_ok ? ends_in_ok(all[i].name) : strcmp(argv[1], all[i].name) == 0) {
      all[i].run();
      if (all[i].twice)
        all[i].run();
      found = 1;
    }
  }
  if (!found)
    fprintf(stderr, "no scenario is called %s\n", argv[1]);
  return found ? 0 : 2;
}

#ifdef _OPENMP
// libomp is not instrumented. In these programs alone: without what libc does, races elsewhere are
// missed.
#ifdef __cplusplus
extern "C" {
#endif
const char *__tsan_default_options(void) { return "ignore_noninstrumented_modules=1"; }
#ifdef __cplusplus
}
#endif
#endif

#define SCENARIO(function) {#function, function, 0}
#define SCENARIO_TWICE(function) {#function, function, 1}

#define SCENARIO_MAIN(...)                                                                         \
  int main(int argc, char **argv) {                                                                \
    const struct scenario all[] = {__VA_ARGS__};                                                   \
    return run_scenarios(all, sizeof(all) / sizeof(all[0]), argc, argv);                           \
  }

#endif
