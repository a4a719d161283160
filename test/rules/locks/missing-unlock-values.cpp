// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held,double-lock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread -DRUN %s -o %t
// RUN: %each_hangs %t counted_down_bad bits_bad another_question_bad changed_since_bad \
// RUN:   counts_in_loop_bad early_bad
// RUN: timeout 60 %t ok

// Variables that tell whether the lock was taken: counted, made of bits, or the answer to the same
// question.
#include "../scenarios.h"

#include <mutex>

namespace {

std::mutex m;
int data;

} // namespace

bool ask();
enum Flags { Taken = 4, Dirty = 8 };

void counted_ok() {
  int taken = 0;
  if (ask()) {
    m.lock();
    ++taken;
  }
  ++data;
  if (taken)
    m.unlock();
}

void counted_further_ok(int first) {
  if (first)
    m.lock();
  first += 2;
  ++data;
  if (first - 2 != 0)
    m.unlock();
}

void counted_down_bad() {
  int left = 2;
  m.lock();
  --left;
  ++data;
  if (left == 0)
    m.unlock();
  if (ask())
    m.unlock();
} // expected-warning {{'m' stays locked}}

void bits_ok(unsigned flags) {
  flags = 0;
  if (ask())
    flags |= Dirty;
  if (ask()) {
    m.lock();
    flags |= Taken;
  }
  ++data;
  if (flags & Taken)
    m.unlock();
}

void bits_bad() {
  unsigned flags = 0;
  if (ask()) {
    m.lock();
    flags |= ask() ? 1 : 0;
    flags |= Dirty;
  }
  ++data;
  if (flags & Taken)
    m.unlock();
} // expected-warning {{'m' stays locked}}

void answer_ok(int size) {
  bool big = size > 3;
  if (size > 3)
    m.lock();
  ++data;
  if (big)
    m.unlock();
}

void asked_after_the_answer_ok(int size) {
  bool big = size > 3;
  if (big)
    m.lock();
  ++data;
  if (size > 3)
    m.unlock();
}

void copied_answer_ok(int size) {
  bool big = size > 3;
  bool kept = big;
  if (kept)
    m.lock();
  ++data;
  if (size > 3)
    m.unlock();
}

void another_question_bad(int size) {
  bool big = size > 3;
  if (big)
    m.lock();
  ++data;
  if (size > 5)
    m.unlock();
} // expected-warning {{'m' stays locked}}

void changed_since_bad(int size) {
  bool big = size > 3;
  size = ask() ? 1 : 7;
  if (size > 3)
    m.lock();
  ++data;
  if (big)
    m.unlock();
} // expected-warning {{'m' stays locked}}

// What a loop counts has no bound; where locks are taken and given back is seen all the same.
int counts_in_loop_bad(int limit) {
  int lines = 0;
  m.lock();
  while (ask())
    ++lines;
  if (lines > limit)
    return -1; // expected-warning {{'m' stays locked}}
  m.unlock();
  return lines;
}

void counts_down_in_loop_ok(int left) {
  int tries = 0;
  bool taken = false;
  while (left > 0) {
    --left;
    if (++tries > 3 && !taken) {
      m.lock();
      taken = true;
    }
  }
  if (taken)
    m.unlock();
}

void counted_by_loop_ok() {
  int taken = 0;
  while (ask()) {
    if (taken == 0)
      m.lock();
    ++taken;
  }
  ++data;
  if (taken > 0)
    m.unlock();
}

// Two things that have nothing to do with each other: whether both, one or none of it is wanted,
// callers know, and are looked at themselves.
std::mutex either;

void take_or_give_ok(bool take, bool give) {
  if (take)
    either.lock();
  ++data;
  if (give)
    either.unlock();
}

void both_ok() { take_or_give_ok(true, true); }
void apart_ok() {
  take_or_give_ok(true, false);
  ++data;
  take_or_give_ok(false, true);
}

static std::mutex ours;

static void take_or_give_ours_ok(bool take, bool give) {
  if (take)
    ours.lock();
  ++data;
  if (give)
    ours.unlock();
}

void ours_ok() { take_or_give_ours_ok(true, true); }
bool early_bad(bool take, bool fails) {
  if (take)
    either.lock();
  if (fails)
    return false; // expected-warning {{'either' stays locked}}
  if (take)
    either.unlock();
  return true;
}

#ifdef RUN
// Says yes as often as it is told to, and no from then on.
int answers;
bool ask() { return answers-- > 0; }

const scenario all[] = {
    {"counted_down_bad", counted_down_bad, 1},
    {"bits_bad", [] { answers = 1, bits_bad(); }, 1},
    {"another_question_bad", [] { another_question_bad(4); }, 1},
    {"changed_since_bad", [] { changed_since_bad(1); }, 1},
    {"counts_in_loop_bad", [] { answers = 1, counts_in_loop_bad(0); }, 1},
    {"early_bad", [] { early_bad(true, true); }, 1},
    {"counted_ok", [] { answers = 1, counted_ok(); }, 1},
    {"counted_further_ok", [] { counted_further_ok(1); }, 1},
    {"bits_ok", [] { answers = 2, bits_ok(0); }, 1},
    {"answer_ok", [] { answer_ok(4); }, 1},
    {"counts_down_in_loop_ok", [] { counts_down_in_loop_ok(5); }, 1},
    {"counted_by_loop_ok", [] { answers = 2, counted_by_loop_ok(); }, 1},
    {"both_ok", both_ok, 1},
    {"apart_ok", apart_ok, 1},
    {"ours_ok", ours_ok, 1},
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
#endif
