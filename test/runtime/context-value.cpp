// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Values go down with the context, the nearest one counts, and keys of different types never meet.
#include "check.h"
#include "heddle/heddle.h"

#include <memory>
#include <string>

struct request_id {
  friend bool operator==(request_id, request_id) = default;
};
struct user {
  friend bool operator==(user, user) = default;
};
struct numbered {
  int n;
  friend bool operator==(numbered, numbered) = default;
};

int main() {
  const heddle::context root = heddle::background();
  CHECK(!root.value<std::string>(request_id()));

  const heddle::context a = heddle::with_value(root, request_id(), std::string("a"));
  CHECK(*a.value<std::string>(request_id()) == "a");
  CHECK(!a.value<std::string>(user()) && !a.value<int>(request_id()));
  CHECK(!root.value<std::string>(request_id()));
  CHECK(a != root);

  auto [child, cancel] = heddle::with_cancel(a);
  const heddle::context b = heddle::with_value(child, request_id(), std::string("b"));
  const heddle::context c = heddle::with_value(b, user(), 7);
  CHECK(*child.value<std::string>(request_id()) == "a");
  CHECK(*c.value<std::string>(request_id()) == "b" && *c.value<int>(user()) == 7);

  const heddle::context two =
      heddle::with_value(heddle::with_value(root, numbered{1}, 10), numbered{2}, 20);
  CHECK(*two.value<int>(numbered{1}) == 10 && *two.value<int>(numbered{2}) == 20);
  CHECK(!two.value<int>(numbered{3}));

  // Move-only values, and a value of another type hides the one above.
  const heddle::context hidden =
      heddle::with_value(c, user(), std::make_unique<std::string>("root"));
  CHECK(!hidden.value<int>(user()));
  CHECK(**hidden.value<std::unique_ptr<std::string>>(user()) == "root");

  // With a value it is done as before.
  CHECK(c.done() == child.done() && !c.err());
  heddle::wait_group group;
  for (int i = 0; i < 4; ++i)
    group.go([c] {
      (void)c.done().receive();
      CHECK(c.err() == heddle::context_errc::canceled);
      CHECK(*c.value<int>(user()) == 7);
    });
  cancel();
  group.wait();
  CHECK(hidden.err() && !a.err());

  CHECK(error_of<heddle::context_error>([] {
          (void)heddle::with_value(heddle::context(), user(), 1);
        }) == "heddle: use of null context");
  CHECK(error_of<heddle::context_error>([] { (void)heddle::context().value<int>(user()); }) ==
        "heddle: use of null context");
}
