// Those of the eight programs of the comparison (see compare) that Boost.Fiber has the means for,
// on one thread, which is how it is fastest. It has no select and no contexts.
#include <benchmark/benchmark.h>
#include <boost/fiber/all.hpp>
#include <memory>
#include <vector>

namespace {

using unbuffered = boost::fibers::unbuffered_channel<int>;

void ping_pong(benchmark::State &state) {
  unbuffered ping;
  unbuffered pong;
  boost::fibers::fiber other([&] {
    for (int value : ping)
      pong.push(value);
  });
  for (auto _ : state) {
    ping.push(1);
    benchmark::DoNotOptimize(pong.value_pop());
  }
  ping.close();
  other.join();
}

void buffered(benchmark::State &state) {
  boost::fibers::buffered_channel<int> values(128);
  const auto count = state.max_iterations;
  boost::fibers::fiber producer([&] {
    for (benchmark::IterationCount i = 0; i < count; ++i)
      values.push(1);
  });
  for (auto _ : state)
    benchmark::DoNotOptimize(values.value_pop());
  producer.join();
}

void spawn_and_join(benchmark::State &state) {
  // It keeps a stack for each fiber from its start, so a batch of 100 000 would not fit.
  constexpr int batch = 1000;
  boost::fibers::pooled_fixedsize_stack stacks;
  std::vector<boost::fibers::fiber> fibers;
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i)
      fibers.emplace_back(std::allocator_arg, stacks, [] {});
    for (boost::fibers::fiber &one : fibers)
      one.join();
    fibers.clear();
  }
}

void contended_mutex(benchmark::State &state) {
  constexpr int tasks = 8;
  constexpr int each = 1000;
  boost::fibers::mutex mu;
  long total = 0;
  while (state.KeepRunningBatch(tasks * each)) {
    std::vector<boost::fibers::fiber> fibers;
    for (int t = 0; t < tasks; ++t)
      fibers.emplace_back([&] {
        for (int i = 0; i < each; ++i) {
          std::lock_guard lock(mu);
          ++total;
        }
      });
    for (boost::fibers::fiber &one : fibers)
      one.join();
  }
  benchmark::DoNotOptimize(total);
}

void fan_in_of_8(benchmark::State &state) {
  constexpr int inputs = 8;
  unbuffered values;
  const auto each = state.max_iterations / inputs + 1;
  std::vector<boost::fibers::fiber> producers;
  for (int p = 0; p < inputs; ++p)
    producers.emplace_back([&, each] {
      for (benchmark::IterationCount i = 0; i < each; ++i)
        values.push(1);
    });
  boost::fibers::fiber closer([&] {
    for (boost::fibers::fiber &one : producers)
      one.join();
    values.close();
  });
  for (auto _ : state)
    benchmark::DoNotOptimize(values.value_pop());
  for (int rest : values)
    benchmark::DoNotOptimize(rest);
  closer.join();
}

void pipeline_of_10(benchmark::State &state) {
  const auto count = state.max_iterations;
  std::vector<std::unique_ptr<unbuffered>> links;
  std::vector<boost::fibers::fiber> stages;
  links.push_back(std::make_unique<unbuffered>());
  for (int stage = 0; stage < 10; ++stage) {
    links.push_back(std::make_unique<unbuffered>());
    stages.emplace_back([in = links[links.size() - 2].get(), out = links.back().get()] {
      for (int value : *in)
        out->push(value + 1);
      out->close();
    });
  }
  stages.emplace_back([&] {
    for (benchmark::IterationCount i = 0; i < count; ++i)
      links.front()->push(0);
    links.front()->close();
  });
  for (auto _ : state)
    benchmark::DoNotOptimize(links.back()->value_pop());
  for (boost::fibers::fiber &one : stages)
    one.join();
}

} // namespace

int main(int argc, char **argv) {
  benchmark::RegisterBenchmark("ping-pong", ping_pong)->UseRealTime();
  benchmark::RegisterBenchmark("buffered-128", buffered)->UseRealTime();
  benchmark::RegisterBenchmark("spawn-and-join", spawn_and_join)->UseRealTime();
  benchmark::RegisterBenchmark("contended-mutex", contended_mutex)->UseRealTime();
  benchmark::RegisterBenchmark("fan-in-of-8", fan_in_of_8)->UseRealTime();
  benchmark::RegisterBenchmark("pipeline-of-10", pipeline_of_10)->UseRealTime();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
