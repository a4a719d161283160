// RUN: %heddle_verify --checks=recursive-once %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %each_hangs %t direct_bad accessor_bad member_bad nested_lambda_bad by_pointer_bad \
// RUN:   template_bad handed_over_bad
// RUN: not --crash %t static_bad
// RUN: %t ok

// Once-calls and statics that come back to themselves; a run of them ends in waiting for ever.
#include "../scenarios.h"

#include <mutex>
#include <stdexcept>
#include <thread>

std::once_flag direct_flag;
int direct_value;

void make_direct() {
  std::call_once(direct_flag, [] { direct_value = 2; });
}

void direct_bad() {
  std::call_once(direct_flag,
                 make_direct); // expected-warning@-1 {{once for 'direct_flag' again}}
}

// [example: bad]
struct settings {
  int level = 1;
};

std::once_flag settings_flag;
settings *current;

settings &get_settings();

void log_line(const char *text) {
  if (get_settings().level > 0)
    std::puts(text);
}

void load_settings() {
  log_line("loading"); // comes back to get_settings()
  current = new settings;
}

settings &get_settings() {
  std::call_once(settings_flag,
                 load_settings); // expected-warning@-1 {{what runs once for 'settings_flag'}}
  return *current;
}
// [end]

void accessor_bad() { log_line("first"); }

// [example: good]
std::once_flag quiet_flag;
settings *quiet;

void log_at(const settings &with, const char *text) {
  if (with.level > 0)
    std::puts(text);
}

settings &get_quiet() {
  std::call_once(quiet_flag, [] {
    auto *made = new settings;
    log_at(*made, "loading"); // what was made so far is handed on
    quiet = made;
  });
  return *quiet;
}
// [end]

void quiet_ok() { log_at(get_quiet(), "first"); }

void nested_lambda_bad() {
  static std::once_flag flag;
  std::call_once(flag, [] { // expected-warning {{what runs once for 'flag'}}
    std::call_once(flag, [] { direct_value = 3; });
  });
}

class service {
public:
  void start() {
    std::call_once(flag_, [this] { prepare(); }); // expected-warning {{what runs once for 'flag_'}}
  }
  void start_by_pointer_bad() {
    std::call_once(pointer_flag_, &service::prepare_by_pointer,
                   this); // expected-warning@-1 {{'pointer_flag_'}}
  }

private:
  void prepare() { start(); }
  void prepare_by_pointer() { start_by_pointer_bad(); }
  std::once_flag flag_, pointer_flag_;
};

void member_bad() {
  service one;
  one.start();
}

template <typename T> struct lazy {
  T *get() {
    std::call_once(flag, [this] { value = make(); }); // expected-warning {{'flag'}}
    return value;
  }
  T *make() { return new T(*get()); }
  std::once_flag flag;
  T *value = nullptr;
};

int template_bad(lazy<settings> &from) { return from.get()->level; }

int &counter_bad();
int first_count(bool again) { return again ? counter_bad() + 1 : 1; }
int &counter_bad() {
  static int count = first_count(true); // expected-warning {{the static 'count' comes back}}
  return count;
}

void static_bad() { counter_bad(); }

// Near misses.
std::once_flag outer_flag, inner_flag;

void two_flags_ok() {
  std::call_once(outer_flag, [] { std::call_once(inner_flag, [] { direct_value = 5; }); });
}

class node {
public:
  explicit node(node *parent) : parent_(parent) {}
  // Another object's flag.
  void open() {
    std::call_once(flag_, [this] {
      if (parent_)
        parent_->open();
    });
  }

private:
  node *parent_;
  std::once_flag flag_;
};

void other_object_ok() {
  node root(nullptr);
  node leaf(&root);
  leaf.open();
}

std::once_flag twice_flag;

void one_after_the_other_ok() {
  std::call_once(twice_flag, [] { direct_value = 6; });
  std::call_once(twice_flag, [] { direct_value = 7; });
}

int level_ok(int depth) {
  if (depth == 0)
    return 1;
  static const int first = level_ok(0);
  return first + depth;
}

void guarded_recursion_ok() { level_ok(3); }

int &plain_counter_ok() {
  static int count = first_count(false) - 1;
  return count;
}

int other_static_ok() {
  static int count = plain_counter_ok() + 1;
  return count;
}

void statics_ok() { other_static_ok(); }

std::once_flag thread_flag;

void in_thread_of_its_own_ok() {
  std::call_once(thread_flag, [] { direct_value = 8; });
  std::thread([] { std::call_once(thread_flag, [] { direct_value = 9; }); }).join();
}

void by_reference(std::once_flag &flag, int depth) {
  std::call_once(flag, [depth] { direct_value = depth; });
}

void handed_over_ok() {
  static std::once_flag one, other;
  std::call_once(one, [] { by_reference(other, 1); });
}

void handed_over_bad() {
  static std::once_flag one;
  std::call_once(one, [] { by_reference(one, 1); }); // expected-warning {{'one'}}
}

struct logger {
  logger() { lines = 0; }
  void write() { ++lines; }
  int lines;
};

logger &get_logger_ok() {
  static logger made;
  return made;
}

void logger_ok() { get_logger_ok().write(); }

void retried_ok() {
  static std::once_flag flag;
  for (int round = 0; round < 2; ++round)
    std::call_once(flag, [round] { direct_value = round; });
}

SCENARIO_MAIN(SCENARIO(nested_lambda_bad), SCENARIO(handed_over_bad),
              {"by_pointer_bad", [] { service().start_by_pointer_bad(); }},
              {"template_bad",
               [] {
                 lazy<settings> made;
                 template_bad(made);
               }},
              SCENARIO(direct_bad), SCENARIO(accessor_bad), SCENARIO(quiet_ok),
              SCENARIO(member_bad), SCENARIO(static_bad), SCENARIO(two_flags_ok),
              SCENARIO(other_object_ok), SCENARIO(one_after_the_other_ok),
              SCENARIO(guarded_recursion_ok), SCENARIO(statics_ok),
              SCENARIO(in_thread_of_its_own_ok), SCENARIO(handed_over_ok), SCENARIO(logger_ok),
              SCENARIO(retried_ok))
