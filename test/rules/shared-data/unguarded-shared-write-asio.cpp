// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20

// Pools of Asio without Boost, by declarations alone: directly, and by their executors.
namespace asio {
class thread_pool {
public:
  template <typename Allocator, unsigned Bits> class basic_executor_type {};
  using executor_type = basic_executor_type<int, 0>;
  thread_pool();
  ~thread_pool();
  executor_type get_executor() noexcept;
  void join();
};
template <typename Executor> class strand {};
template <typename Executor> strand<Executor> make_strand(const Executor &);
template <typename Executor, typename Task> void post(const Executor &, Task &&) {}
template <typename Task> void post(thread_pool &, Task &&) {}
template <typename Executor, typename Task> void dispatch(const Executor &, Task &&) {}
template <typename Task> void dispatch(thread_pool &, Task &&) {}
} // namespace asio

int posted = 0, dispatched = 0, by_executor = 0, joined = 0, serialized = 0;

void post_bad() {
  asio::thread_pool pool;
  asio::post(pool, [] { ++posted; }); // expected-warning {{'posted' is written}}
  ++posted;
  pool.join();
}

void dispatch_bad() {
  asio::thread_pool pool;
  asio::dispatch(pool, [] { ++dispatched; }); // expected-warning {{'dispatched' is written}}
  ++dispatched;
  pool.join();
}

void executor_bad() {
  asio::thread_pool pool;
  asio::post(pool.get_executor(), [] {
    ++by_executor; // expected-warning {{'by_executor' is written}}
  });
  ++by_executor;
  pool.join();
}

void join_ok() {
  asio::thread_pool pool;
  asio::post(pool, [] { ++joined; });
  pool.join();
  ++joined;
}

// A strand runs one after the other.
void strand_ok() {
  asio::thread_pool pool;
  auto one_by_one = asio::make_strand(pool.get_executor());
  asio::post(one_by_one, [] { ++serialized; });
  asio::post(one_by_one, [] { ++serialized; });
  pool.join();
}
