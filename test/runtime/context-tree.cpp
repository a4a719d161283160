// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// RUN: %runtime_cxx -O1 -gline-tables-only -fsanitize=address %s %asan_runtime_lib -o %t.asan && %t.asan
// Cancellation flows down the tree of contexts and never up; the first reason stays.
#include "check.h"
#include "heddle/heddle.h"

using heddle::context_errc;

static void down_not_up() {
  auto [root, cancel_root] = heddle::with_cancel(heddle::background());
  auto [left, cancel_left] = heddle::with_cancel(root);
  auto [leaf, cancel_leaf] = heddle::with_cancel(left);
  auto [right, cancel_right] = heddle::with_cancel(root);
  CHECK(!root.err() && !left.err() && !leaf.err() && !right.err());

  cancel_left();
  CHECK(left.err() == context_errc::canceled && leaf.err() == context_errc::canceled);
  CHECK(!root.err() && !right.err());
  CHECK(!left.done().receive() && !leaf.done().receive());

  cancel_root();
  CHECK(root.err() && right.err() == context_errc::canceled);
}

static void born_done() {
  auto [parent, cancel] = heddle::with_cancel(heddle::todo());
  cancel();
  cancel();
  auto [child, cancel_child] = heddle::with_cancel(parent);
  CHECK(child.err() == context_errc::canceled);
  CHECK(!child.done().receive());
}

static void roots() {
  CHECK(!heddle::background().err() && !heddle::background().deadline());
  CHECK(!heddle::background().done());
  CHECK(heddle::background() == heddle::background());
  CHECK(heddle::background() != heddle::todo());
  CHECK(!heddle::background().stop_token().stop_possible());
}

// Whoever waits on a done channel is reached, even when all other handles are gone.
static void done_keeps_its_context() {
  auto [parent, cancel] = heddle::with_cancel(heddle::background());
  heddle::receiver<heddle::unit> done = heddle::with_cancel(parent).ctx.done();
  cancel();
  CHECK(!done.receive());
}

static void many_tasks() {
  auto [root, cancel] = heddle::with_cancel(heddle::background());
  heddle::wait_group group;
  for (int i = 0; i < 8; ++i)
    group.go([parent = root] {
      auto [ctx, cancel_mine] = heddle::with_cancel(parent);
      heddle::defer d(cancel_mine);
      (void)ctx.done().receive();
      CHECK(ctx.err() == context_errc::canceled);
    });
  cancel();
  group.wait();
}

static void copies_of_cancel() {
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  heddle::wait_group group;
  for (int i = 0; i < 4; ++i)
    group.go(cancel);
  group.wait();
  CHECK(ctx.err() == context_errc::canceled);
  CHECK(ctx.err().message() == "context canceled");
}

int main() {
  down_not_up();
  born_done();
  roots();
  done_keeps_its_context();
  for (int i = 0; i < 20; ++i)
    many_tasks();
  copies_of_cancel();
}
