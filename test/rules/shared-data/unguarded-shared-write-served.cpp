// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20

// Tasks that are given to an object, and run by the threads that serve it: Asio's contexts, by
// declarations alone.
#include <thread>
#include <vector>

namespace asio {
class io_context {
public:
  template <typename Allocator, unsigned Bits> class basic_executor_type {};
  using executor_type = basic_executor_type<int, 0>;
  io_context();
  ~io_context();
  executor_type get_executor() noexcept;
  unsigned long run();
  void stop();
};
template <typename Executor> class strand {};
template <typename Executor> strand<Executor> make_strand(const Executor &);
strand<io_context::executor_type> make_strand(io_context &);
template <typename Executor, typename Task> void post(const Executor &, Task &&) {}
template <typename Task> void post(io_context &, Task &&) {}
} // namespace asio

// Two threads serve it: its tasks meet.
int by_two = 0;

void two_threads_bad() {
  asio::io_context context;
  std::thread first([&context] { context.run(); });
  std::thread second([&context] { context.run(); });
  for (int i = 0; i < 4; ++i)
    asio::post(context, [] { ++by_two; }); // expected-warning {{'by_two' is written}}
  first.join();
  second.join();
}

int by_many = 0;

void many_threads_bad() {
  asio::io_context context;
  std::vector<std::thread> pool;
  for (int i = 0; i < 4; ++i)
    pool.emplace_back([&context] { context.run(); });
  asio::post(context.get_executor(),
             [] { ++by_many; }); // expected-warning {{'by_many' is written}}
  asio::post(context.get_executor(), [] { ++by_many; });
  for (std::thread &each : pool)
    each.join();
}

// One thread serves it: it meets who gives it tasks.
int beside_the_giver = 0;

void giver_bad() {
  asio::io_context context;
  std::thread server([&context] { context.run(); });
  asio::post(context,
             [] { ++beside_the_giver; }); // expected-warning {{'beside_the_giver' is written}}
  ++beside_the_giver;
  server.join();
}

void serve(asio::io_context &context) { context.run(); }
int by_function = 0;

void served_by_a_function_bad() {
  asio::io_context context;
  std::thread server(serve, std::ref(context));
  asio::post(context, [] { ++by_function; }); // expected-warning {{'by_function' is written}}
  ++by_function;
  server.join();
}

// One thread does one task after the other.
int by_one = 0;

void one_thread_ok() {
  asio::io_context context;
  std::thread server([&context] {
    context.run();
    ++by_one;
  });
  for (int i = 0; i < 4; ++i)
    asio::post(context, [] { ++by_one; });
  asio::post(context, [] { by_one += 2; });
  server.join();
  ++by_one;
}

// Nobody serves it while somebody gives it tasks: they run when it is served.
int served_here = 0;

void served_here_ok() {
  asio::io_context context;
  asio::post(context, [] { ++served_here; });
  ++served_here;
  context.run();
  ++served_here;
}

int given_before = 0;

void given_before_ok() {
  asio::io_context context;
  asio::post(context, [] { ++given_before; });
  ++given_before;
  std::thread server([&context] { context.run(); });
  server.join();
}

// A strand does one after the other, whoever serves it.
int on_a_strand = 0;

void strand_ok() {
  asio::io_context context;
  auto one_by_one = asio::make_strand(context);
  std::thread first([&context] { context.run(); });
  std::thread second([&context] { context.run(); });
  for (int i = 0; i < 4; ++i)
    asio::post(one_by_one, [] { ++on_a_strand; });
  first.join();
  second.join();
}

// Served by others than those that are given tasks.
int elsewhere = 0;

void other_context_ok() {
  asio::io_context served, waiting;
  std::thread first([&served] { served.run(); });
  std::thread second([&served] { served.run(); });
  for (int i = 0; i < 4; ++i)
    asio::post(waiting, [] { ++elsewhere; });
  first.join();
  second.join();
  waiting.run();
}

// Once the threads are joined, all tasks are done.
int afterwards = 0;

void afterwards_ok() {
  asio::io_context context;
  std::thread first([&context] { context.run(); });
  asio::post(context, [] { ++afterwards; });
  first.join();
  ++afterwards;
}

// What one task gives the next one to do comes after it.
int chained = 0;

void chained_ok() {
  asio::io_context context;
  std::thread server([&context] { context.run(); });
  asio::post(context, [&context] {
    ++chained;
    asio::post(context, [] { ++chained; });
  });
  server.join();
}
