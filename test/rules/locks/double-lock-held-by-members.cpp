// RUN: %heddle_verify --checks=double-lock,missing-unlock,unlock-not-held %s -- -std=c++20
// RUN: %heddle_verify --checks=double-lock,missing-unlock,unlock-not-held %s -- -std=c++17
// RUN: %clangxx -std=c++17 -pthread %s -o %t
// RUN: %each_hangs %t section_bad proxy_bad derived_bad
// RUN: timeout 60 %t ok

// Guards that are members: the destructor that the compiler writes gives their locks back.
#include "../scenarios.h"

#include <mutex>

std::mutex m;
int counter;

class Section {
public:
  explicit Section(std::mutex &of) : guard_(of) {}

private:
  std::lock_guard<std::mutex> guard_;
};

class NamedSection : public Section {
public:
  NamedSection(std::mutex &of, const char *name) : Section(of), name_(name) {}
  const char *name_;
};

class EmptyEnd {
public:
  explicit EmptyEnd(std::mutex &of) : guard_(of) {}
  ~EmptyEnd() {}

private:
  std::unique_lock<std::mutex> guard_;
};

int get() {
  Section section(m);
  return counter;
}

void section_ok() {
  {
    Section section(m);
    ++counter;
  }
  get();
}

void section_bad() {
  Section section(m);
  get(); // expected-warning {{the call of 'get' locks 'm' while this thread holds it}}
}

void derived_ok() {
  {
    NamedSection section(m, "counting");
    ++counter;
  }
  get();
}

void derived_bad() {
  NamedSection section(m, "counting");
  get(); // expected-warning {{the call of 'get' locks 'm' while this thread holds it}}
}

void empty_end_ok() {
  {
    EmptyEnd section(m);
    ++counter;
  }
  get();
}

class Shared {
public:
  class Proxy {
  public:
    explicit Proxy(Shared &of) : guard_(of.lock_), value_(&of.value_) {}
    int &operator*() { return *value_; }

  private:
    std::unique_lock<std::mutex> guard_;
    int *value_;
  };
  struct Aggregate {
    std::unique_lock<std::mutex> guard;
    int *value;
  };

  Proxy locked() { return Proxy(*this); }
  Aggregate opened() { return {std::unique_lock<std::mutex>(lock_), &value_}; }
  int copy() {
    std::lock_guard<std::mutex> guard(lock_);
    return value_;
  }

private:
  std::mutex lock_;
  int value_ = 0;
};

void temporary_ok() {
  Shared shared;
  *shared.locked() = 1;
  shared.copy();
}

void aggregate_ok() {
  Shared shared;
  *shared.opened().value = 1;
  shared.copy();
}

void in_condition_ok() {
  Shared shared;
  if (auto proxy = shared.locked(); *proxy > 3)
    *proxy = 0;
  shared.copy();
}

void proxy_bad() {
  Shared shared;
  auto proxy = shared.locked();
  shared.copy(); // expected-warning {{the call of 'Shared::copy' locks 'shared.lock_'}}
}

const scenario all[] = {
    {"section_ok", section_ok},     {"section_bad", section_bad},
    SCENARIO(derived_bad),          {"derived_ok", derived_ok},
    {"empty_end_ok", empty_end_ok}, {"temporary_ok", temporary_ok},
    {"aggregate_ok", aggregate_ok}, {"in_condition_ok", in_condition_ok},
    {"proxy_bad", proxy_bad},
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
