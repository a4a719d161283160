// RUN: %heddle_verify --checks=missing-cancel %s -- -std=c++20

// std::stop_source: tasks wait for its token, and nobody requests the stop.
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

void work();

void run(std::stop_token token) {
  while (!token.stop_requested())
    work();
}

void never_requested_bad() {
  std::stop_source source; // expected-warning-re {{{{cancel|request_stop}}}}
  std::thread worker(run, source.get_token());
  worker.join();
}

void captured_token_bad() {
  std::stop_source source; // expected-warning-re {{{{cancel|request_stop}}}}
  std::thread worker([token = source.get_token()] {
    while (!token.stop_requested())
      work();
  });
  worker.join();
}

void captured_source_only_asked_bad() {
  std::stop_source source; // expected-warning-re {{{{cancel|request_stop}}}}
  std::thread worker([&source] {
    while (!source.stop_requested())
      work();
  });
  worker.join();
}

class poller_bad {
public:
  void start() { thread_ = std::thread(run, source_.get_token()); }
  ~poller_bad() { thread_.join(); }

private:
  std::stop_source source_; // expected-warning-re {{{{cancel|request_stop}}}}
  std::thread thread_;
};

void requested_ok() {
  std::stop_source source;
  std::thread worker(run, source.get_token());
  work();
  source.request_stop();
  worker.join();
}

void passed_to_a_function_ok(void (*keep)(std::stop_source)) {
  std::stop_source source;
  std::thread worker(run, source.get_token());
  keep(source);
  worker.join();
}

std::stop_source returned_ok() {
  std::stop_source source;
  std::thread(run, source.get_token()).detach();
  return source;
}

void requested_by_a_callback_ok() {
  std::stop_source source;
  std::thread worker(run, source.get_token());
  std::thread stopper([&source] { source.request_stop(); });
  worker.join();
  stopper.join();
}

void requested_by_a_copy_ok() {
  std::stop_source source;
  std::thread worker(run, source.get_token());
  std::stop_source copy = source;
  copy.request_stop();
  worker.join();
}

void nobody_waits_for_it_ok() {
  std::stop_source source;
  work();
}

void jthread_requests_by_itself_ok() {
  std::jthread worker(run);
  work();
}

void source_of_a_jthread_ok() {
  std::jthread worker(run);
  std::stop_source source = worker.get_stop_source();
  std::thread sibling(run, source.get_token());
  worker.request_stop();
  sibling.join();
}

class stopped_by_a_method_ok {
public:
  void start() { thread_ = std::thread(run, source_.get_token()); }
  void stop() {
    source_.request_stop();
    thread_.join();
  }

private:
  std::stop_source source_;
  std::thread thread_;
};
