// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// The ends of a channel offer only their own direction, and nothing widens them again.
#include "check.h"
#include "heddle/heddle.h"

#include <concepts>

template <typename C>
concept sends = requires(const C &c, const heddle::context &ctx) {
  c.send(1);
  { c.send(ctx, 1) } -> std::same_as<bool>;
  { c.try_send(1) } -> std::same_as<bool>;
};
template <typename C>
concept closes = requires(const C &c) { c.close(); };
template <typename C>
concept has_send = requires(const C &c) { c.send(1); };
template <typename C>
concept has_try_send = requires(const C &c) { c.try_send(1); };
template <typename C>
concept receives = requires(const C &c, const heddle::context &ctx) {
  { c.receive() } -> std::same_as<std::optional<int>>;
  { c.receive(ctx) } -> std::same_as<std::optional<int>>;
  { c.try_receive() } -> std::same_as<std::optional<int>>;
  c.begin();
  c.end();
};
template <typename C>
concept has_receive = requires(const C &c) { c.receive(); };
template <typename C>
concept has_range = requires(const C &c) { c.begin(); };

using both = heddle::channel<int>;
using in = heddle::sender<int>;
using out = heddle::receiver<int>;

static_assert(sends<both> && closes<both> && receives<both>);
static_assert(sends<in> && closes<in> && !has_receive<in> && !has_range<in>);
static_assert(receives<out> && !closes<out> && !has_send<out> && !has_try_send<out>);

static_assert(std::convertible_to<both, in> && std::convertible_to<both, out>);
static_assert(!std::constructible_from<both, in> && !std::constructible_from<both, out>);
static_assert(!std::constructible_from<in, out> && !std::constructible_from<out, in>);
static_assert(!std::constructible_from<heddle::sender<long>, both>);

static void produce(heddle::sender<int> to) {
  for (int i = 1; i <= 3; ++i)
    to.send(i);
  to.close();
}

int main() {
  auto ch = heddle::make_channel<int>(1);
  auto producer = heddle::go(produce, heddle::sender<int>(ch));
  int sum = 0;
  for (int value : heddle::receiver<int>(ch))
    sum += value;
  CHECK(sum == 6);
}
