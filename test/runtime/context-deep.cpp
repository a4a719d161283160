// RUN: %runtime_cxx -O1 -g %s %runtime_lib -o %t && %t
// RUN: %runtime_cxx -O1 -gline-tables-only -fsanitize=address %s %asan_runtime_lib -o %t.asan && %t.asan
// Contexts and values that are derived from each other twenty thousand times are cancelled and
// dropped on the stack of a task, which has no room for so many calls within each other.
#include "check.h"
#include "heddle/heddle.h"

constexpr int depth = 20'000;

static heddle::context derive(heddle::context ctx) {
  for (int i = 0; i < depth; ++i)
    ctx = heddle::with_value(heddle::with_cancel(ctx).ctx, i, i);
  return ctx;
}

static void cancelled_from_the_top() {
  auto [root, cancel] = heddle::with_cancel(heddle::background());
  const heddle::context leaf = derive(root);
  CHECK(!leaf.err());
  cancel();
  CHECK(leaf.err() == heddle::context_errc::canceled);
  CHECK(*leaf.value<int>(0) == 0 && *leaf.value<int>(depth - 1) == depth - 1);
}

static void dropped() {
  auto [root, cancel] = heddle::with_cancel(heddle::background());
  heddle::context leaf = derive(root);
  // A side branch keeps its own ancestors.
  auto [middle, cancel_middle] = heddle::with_cancel(derive(root));
  leaf = heddle::context();
  cancel();
  CHECK(middle.err() == heddle::context_errc::canceled);
}

int main() {
  heddle::go([] {
    cancelled_from_the_top();
    dropped();
  }).join();
}
