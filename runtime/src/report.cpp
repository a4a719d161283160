// The deadlock report and leak_check().
#include "report.h"

#include "heddle/leak_check.h"
#include "stack_pool.h"
#include "thread_parker.h"
#include "worker.h"
#include "workers.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace heddle {
namespace detail {
namespace {

constexpr std::size_t most_lines = 100;

std::string place(const std::source_location &where) {
  if (where.line() == 0)
    return "an unknown place";
  return std::string(where.file_name()) + ":" + std::to_string(where.line());
}

std::string wait_of(const parker &sleeper) {
  std::string text = std::string("waits for ") + sleeper.doing();
  // A guard of the standard library's tells the place of its own call, which helps nobody.
  const bool of_user = !std::strstr(sleeper.where().file_name(), "/include/c++/");
  if (sleeper.where().line() != 0 && of_user)
    text += " at " + place(sleeper.where());
  return text;
}

std::string describe(const fiber &task) {
  return describe(task.origin()) + (task.asleep() ? ", " + wait_of(task) : ", runs");
}

std::string describe(const thread_parker &thread) {
  return std::string(thread.is_main() ? "the main thread" : "a thread") + ", " + wait_of(thread);
}

} // namespace

std::string describe(const task_origin &task) {
  const std::string name = task.name ? std::string("'") + task.name + "' " : "";
  return "task " + name + "started at " + place(task.where);
}

void end_with_deadlock_report() noexcept {
  std::fputs("heddle: all tasks are asleep\n", stderr);
  std::size_t lines = 0;
  const auto write = [&](const auto &sleeper) {
    if (++lines <= most_lines)
      std::fprintf(stderr, "heddle:   %s\n", describe(sleeper).c_str());
  };
  thread_parker::for_each(write);
  stack_pool::instance().for_each([&](const fiber &task) {
    if (task.alive())
      write(task);
  });
  if (lines > most_lines)
    std::fprintf(stderr, "heddle:   and %zu more\n", lines - most_lines);
  std::fflush(nullptr);
  std::_Exit(deadlock_exit_code);
}

} // namespace detail

std::vector<std::string> leak_check(std::chrono::milliseconds patience) {
  using namespace detail;
  const time_point deadline = time_after(to_nanoseconds(patience));
  const worker *here = worker::current();
  const fiber *self = here ? here->running() : nullptr;
  const std::uint64_t expected = self ? 1 : 0;
  while (workers::instance().alive_tasks() > expected &&
         std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));

  std::vector<std::string> alive;
  stack_pool::instance().for_each([&](const fiber &task) {
    if (task.alive() && &task != self)
      alive.push_back(describe(task));
  });
  for (std::uint64_t n = workers::instance().alive_tasks(); n > alive.size() + expected; --n)
    alive.emplace_back("a task that has not started");
  return alive;
}

} // namespace heddle
