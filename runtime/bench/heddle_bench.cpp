// The eight programs of the comparison (see compare) on Heddle's runtime. One iteration is one
// value that arrives, one task, one locked section or one child, as the name says.
#include "heddle/heddle.h"

#include <benchmark/benchmark.h>
#include <functional>
#include <vector>

namespace {

// The measured code is a task, as everything is in Go.
void in_task(benchmark::State &state, const std::function<void(benchmark::State &)> &body) {
  heddle::go([&] { body(state); }).join();
}

void ping_pong(benchmark::State &state) {
  auto ping = heddle::make_channel<int>();
  auto pong = heddle::make_channel<int>();
  heddle::task other = heddle::go([=] {
    for (int value : ping)
      pong.send(value);
  });
  for (auto _ : state) {
    ping.send(1);
    benchmark::DoNotOptimize(pong.receive());
  }
  ping.close();
  other.join();
}

void buffered(benchmark::State &state) {
  auto values = heddle::make_channel<int>(128);
  const auto count = state.max_iterations;
  heddle::task producer = heddle::go([=] {
    for (benchmark::IterationCount i = 0; i < count; ++i)
      values.send(1);
  });
  for (auto _ : state)
    benchmark::DoNotOptimize(values.receive());
  producer.join();
}

void select_of_two(benchmark::State &state) {
  auto first = heddle::make_channel<int>();
  auto second = heddle::make_channel<int>();
  // The producers know when to stop by closed quit channels, as in the Go program.
  auto quit = heddle::make_channel<heddle::unit>();
  const auto produce = [quit](heddle::sender<int> into) {
    for (bool go_on = true; go_on;)
      heddle::select(heddle::on_send(into, 1, [] {}),
                     heddle::on_receive(quit, [&] { go_on = false; }));
  };
  heddle::task a = heddle::go(produce, heddle::sender<int>(first));
  heddle::task b = heddle::go(produce, heddle::sender<int>(second));
  int sum = 0;
  for (auto _ : state)
    heddle::select(heddle::on_receive(first, [&](std::optional<int> value) { sum += *value; }),
                   heddle::on_receive(second, [&](std::optional<int> value) { sum += *value; }));
  benchmark::DoNotOptimize(sum);
  quit.close();
  a.join();
  b.join();
}

void spawn_and_join(benchmark::State &state) {
  constexpr int batch = 100'000;
  std::vector<heddle::task> tasks;
  tasks.reserve(batch);
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i)
      tasks.push_back(heddle::go([] {}));
    for (heddle::task &one : tasks)
      one.join();
    tasks.clear();
  }
}

void contended_mutex(benchmark::State &state) {
  constexpr int tasks = 8;
  constexpr int each = 1000;
  heddle::mutex mu;
  long total = 0;
  while (state.KeepRunningBatch(tasks * each)) {
    heddle::wait_group group;
    for (int t = 0; t < tasks; ++t)
      group.go([&] {
        for (int i = 0; i < each; ++i) {
          heddle::lock_guard lock(mu);
          ++total;
        }
      });
    group.wait();
  }
  benchmark::DoNotOptimize(total);
}

void fan_in_of_8(benchmark::State &state) {
  constexpr int inputs = 8;
  auto values = heddle::make_channel<int>();
  const auto each = state.max_iterations / inputs + 1;
  heddle::wait_group group;
  for (int p = 0; p < inputs; ++p)
    group.go([=] {
      for (benchmark::IterationCount i = 0; i < each; ++i)
        values.send(1);
    });
  heddle::task closer = heddle::go([&] {
    group.wait();
    values.close();
  });
  for (auto _ : state)
    benchmark::DoNotOptimize(values.receive());
  for (int rest : values)
    benchmark::DoNotOptimize(rest);
  closer.join();
}

void pipeline_of_10(benchmark::State &state) {
  const auto count = state.max_iterations;
  auto first = heddle::make_channel<int>();
  heddle::receiver<int> last = first;
  for (int stage = 0; stage < 10; ++stage) {
    auto next = heddle::make_channel<int>();
    heddle::go([in = last, out = next] {
      for (int value : in)
        out.send(value + 1);
      out.close();
    });
    last = next;
  }
  heddle::go([=] {
    for (benchmark::IterationCount i = 0; i < count; ++i)
      first.send(0);
    first.close();
  });
  for (auto _ : state)
    benchmark::DoNotOptimize(last.receive());
  (void)last.receive();
}

void cancel_of_10000(benchmark::State &state) {
  constexpr int children = 10'000;
  std::vector<heddle::cancelable_context> all;
  all.reserve(children);
  while (state.KeepRunningBatch(children)) {
    auto [parent, cancel] = heddle::with_cancel(heddle::background());
    for (int i = 0; i < children; ++i)
      all.push_back(heddle::with_cancel(parent));
    cancel();
    for (const heddle::cancelable_context &child : all)
      (void)child.ctx.done().receive();
    all.clear();
  }
}

void add(const char *name, void (*body)(benchmark::State &)) {
  benchmark::RegisterBenchmark(name, [body](benchmark::State &state) {
    in_task(state, body);
  })->UseRealTime();
}

} // namespace

int main(int argc, char **argv) {
  add("ping-pong", ping_pong);
  add("buffered-128", buffered);
  add("select-of-two", select_of_two);
  add("spawn-and-join", spawn_and_join);
  add("contended-mutex", contended_mutex);
  add("fan-in-of-8", fan_in_of_8);
  add("pipeline-of-10", pipeline_of_10);
  add("cancel-of-10000", cancel_of_10000);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
