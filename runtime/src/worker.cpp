// How a worker chooses, switches and resumes tasks.
#include "worker.h"

#include "workers.h"

#include <cxxabi.h>
#include <pthread.h>
#include <sched.h>
#include <thread>
#include <utility>

namespace heddle::detail {
namespace {

constinit thread_local worker *this_worker = nullptr;

// After so many turns of the slot the queue comes first once, and after so many turns at all the
// queue of all workers: two tasks that wake each other must not starve the rest.
constexpr std::uint32_t longest_streak = 32;
constexpr std::uint64_t turns_between_looks = 64;

// A worker in search of work looks a few times at the others, within about what it would cost to
// sleep and wake. Work that has to wait for less than that is better left where it is: its data is
// there, and so is mostly the task that it will talk to next.
constexpr int looks_per_search = 3;
constexpr std::chrono::nanoseconds between_looks = std::chrono::microseconds(4);
constexpr std::chrono::nanoseconds tolerable_wait = between_looks;
constexpr std::chrono::nanoseconds short_turn = tolerable_wait / 8;

} // namespace

// Not inlined, and opaque: a compiler that knew the address of the thread's variable would keep it
// across a switch, after which the task may run on another thread.
HEDDLE_WORKER_ONLY __attribute__((noinline)) worker *worker::current() noexcept {
  asm volatile("");
  return this_worker;
}

HEDDLE_WORKER_ONLY void worker::settle_in() noexcept {
  this_worker = this;
  exceptions_ = reinterpret_cast<exception_globals *>(abi::__cxa_get_globals());
  root_.sanitizer.adopt_thread();
  clockid_t clock = CLOCK_MONOTONIC;
  pthread_getcpuclockid(pthread_self(), &clock);
  processor_time_.store(clock);
}

void worker::run() {
  settle_in();
  for (;;) {
    strand *to = nullptr;
    {
      const unobserved choice;
      to = &strand_of(*find_work());
    }
    switch_stacks(root_, *to, departure::to_run_tasks);
  }
}

// Switching. From here to there the functions run on two stacks, and on one thread.

HEDDLE_WORKER_ONLY void worker::switch_stacks(strand &from, strand &to, departure why) {
  from.why = why;
  from.exceptions = *exceptions_;
  *exceptions_ = to.exceptions;
  running_.store(&to == &root_ ? nullptr : static_cast<fiber *>(&to), std::memory_order_relaxed);
  from.sanitizer.leave(to.sanitizer, why == departure::ended);
  arrive(boost::context::detail::jump_fcontext(to.context, &from), from);
}

HEDDLE_WORKER_ONLY void worker::arrive(transfer_t arrival, strand &here) {
  strand &left = *static_cast<strand *>(arrival.data);
  here.sanitizer.arrive(left.sanitizer);
  left.context = arrival.fctx;
  const unobserved handover;
  current()->settle(left);
}

// Only now, with its registers saved, may another worker resume the task that was left.
HEDDLE_WORKER_ONLY void worker::settle(strand &left) {
  if (left.why == departure::to_run_tasks)
    return;
  auto &task = static_cast<fiber &>(left);
  task.check_overflow();
  if (left.why == departure::ended) {
    left.sanitizer.end();
    stacks_.put(task);
    return;
  }
  if (left.why == departure::yielded || !task.fall_asleep())
    enqueue(task);
}

HEDDLE_WORKER_ONLY strand &worker::strand_of(runnable &task) {
  if (task.started)
    return static_cast<fiber &>(task);
  fiber &started = stacks_.take();
  started.begin(static_cast<job &>(task), fiber_main);
  return started;
}

void worker::fiber_main(transfer_t arrival) {
  fiber &self = *current()->running();
  arrive(arrival, self);
  for (;;) {
    self.work().receive();
    self.work().run();
    self.finish();
    worker &here = *current();
    // Not stored: who reads the count has seen the end of every task that it counts.
    here.ended_.fetch_add(1, std::memory_order_release);
    strand *to = &here.root_;
    {
      const unobserved choice;
      runnable *next = here.take_local();
      // The next task may have this stack at once. A race detector needs a new fiber for it.
      if (next && !next->started && !under_thread_sanitizer) {
        self.check_overflow();
        self.adopt(static_cast<job &>(*next));
        continue;
      }
      if (next)
        to = &here.strand_of(*next);
    }
    here.switch_stacks(self, *to, departure::ended);
  }
}

void worker::suspend(departure why) {
  strand *to = &root_;
  {
    const unobserved choice;
    if (runnable *next = take_local())
      to = &strand_of(*next);
  }
  switch_stacks(*running(), *to, why);
}

// Choosing.

void worker::make_ready(runnable &task) {
  if (stuck_.load(std::memory_order_relaxed)) {
    workers::instance().inject(task);
    return;
  }
  // Nobody else puts, so an empty slot stays empty.
  runnable *before = next_.load(std::memory_order_relaxed);
  if (!before) {
    next_.store(&task, std::memory_order_release);
    return;
  }
  before = next_.exchange(&task, std::memory_order_acq_rel);
  if (before)
    enqueue(*before);
}

void worker::enqueue(runnable &task) {
  workers &all = workers::instance();
  if (!queue_.push(task)) {
    std::array<runnable *, run_queue::capacity / 2> batch;
    const std::uint32_t count = queue_.take_half(batch);
    runnable_list surplus;
    for (std::uint32_t i = 0; i < count; ++i)
      surplus.push(*batch[i]);
    surplus.push(task);
    all.inject(std::move(surplus));
    return;
  }
  if (!prompt_.load(std::memory_order_relaxed))
    all.wake_one();
}

runnable *worker::take_next() noexcept {
  if (!next_.load(std::memory_order_relaxed))
    return nullptr;
  return next_.exchange(nullptr, std::memory_order_acq_rel);
}

// What this thread can run without looking further; null also when it has to look further.
runnable *worker::take_local() noexcept {
  bump(turns_);
  if (attention_.load(std::memory_order_relaxed))
    return nullptr;
  if (turns_.load(std::memory_order_relaxed) % turns_between_looks == 0 &&
      workers::instance().has_injected())
    return nullptr;
  const std::uint32_t streak = streak_.load(std::memory_order_relaxed);
  if (streak < longest_streak) {
    if (runnable *task = take_next()) {
      streak_.store(streak + 1, std::memory_order_relaxed);
      return task;
    }
  }
  streak_.store(0, std::memory_order_relaxed);
  if (runnable *task = queue_.pop())
    return task;
  return take_next();
}

bool worker::has_nothing_else() const noexcept {
  return queue_.empty() && !next_.load(std::memory_order_relaxed) &&
         !attention_.load(std::memory_order_relaxed) && !workers::instance().has_injected();
}

runnable *worker::find_work() {
  workers &all = workers::instance();
  for (;;) {
    if (attention_.exchange(false)) {
      all.unmark_stuck(*this);
      all.retire_if_surplus(*this);
    }
    runnable *task = nullptr;
    // Now and then first, or else a full queue of one's own would starve what comes from outside.
    if (turns_.load(std::memory_order_relaxed) % turns_between_looks == 0)
      task = all.take_injected(*this);
    if (!task)
      task = take_local();
    if (!task)
      task = all.take_injected(*this);
    if (!task)
      task = search();
    if (task) {
      all.end_search(*this);
      return task;
    }
    // take_local() may have held something back.
    if (has_nothing_else())
      all.sleep(*this);
  }
}

runnable *worker::search() {
  workers &all = workers::instance();
  if (!all.start_search(*this))
    return nullptr;
  // From here on its queue is empty, so what others thought of it is out of date.
  prompt_.store(false, std::memory_order_relaxed);
  glances_.assign(all.count(), {});
  for (int look = 0; look < looks_per_search; ++look) {
    if (runnable *task = look > 0 ? linger() : all.take_injected(*this))
      return task;
    ++first_victim_;
    for (std::size_t i = 0; i < glances_.size(); ++i) {
      const std::size_t index = (first_victim_ + i) % glances_.size();
      worker &victim = all.at(index);
      if (&victim != this && victim.lags(glances_[index]))
        if (runnable *task = victim.rob_for(*this))
          return task;
    }
  }
  return nullptr;
}

// Waits until the next look; on the very processor that the waker needs to go on, by letting it.
runnable *worker::linger() {
  const bool in_the_way = sched_getcpu() == waker_processor_;
  const time_point end = std::chrono::steady_clock::now() + between_looks;
  do {
    if (in_the_way)
      std::this_thread::yield();
    else
      spin_pause();
    if (runnable *task = workers::instance().take_injected(*this))
      return task;
  } while (std::chrono::steady_clock::now() < end);
  return nullptr;
}

bool worker::lags(glance &last) noexcept {
  const glance now{std::chrono::steady_clock::now(), turns_.load(std::memory_order_relaxed)};
  if (now.turns == last.turns) {
    if (now.when - last.when < tolerable_wait)
      return false;
    prompt_.store(false, std::memory_order_relaxed);
    return !queue_.empty() || next_.load(std::memory_order_relaxed);
  }
  const glance before = std::exchange(last, now);
  if (before.turns == 0)
    return false;
  const auto turn = (now.when - before.when) / (now.turns - before.turns);
  const bool lagging = turn * queue_.size() >= tolerable_wait;
  prompt_.store(!lagging && turn < short_turn, std::memory_order_relaxed);
  return lagging;
}

runnable *worker::rob_for(worker &thief) noexcept {
  std::array<runnable *, run_queue::capacity / 2> batch;
  if (const std::uint32_t count = queue_.take_half(batch)) {
    // The thief's queue is empty, so there is room.
    for (std::uint32_t i = 1; i < count; ++i)
      (void)thief.queue_.push(*batch[i]);
    return batch[0];
  }
  return take_next();
}

} // namespace heddle::detail
