// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t crew_bad
// RUN: %race_found %t numbered_crew_bad
// RUN: %race_found %t named_threads_bad
// RUN: %race_found %t feeds_bad
// RUN: %race_found %t requests_bad
// RUN: %race_found %t listed_bad
// RUN: %race_found %t connections_bad
// RUN: %t ok

// Threads whose handles are parts of something else, and joined as parts of it.
#include "../scenarios.h"

#include <future>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

struct worker {
  std::thread thread;
  std::string label;
};

void crew_bad() {
  int restarts = 0;
  std::vector<worker> crew;
  crew.push_back(worker{std::thread([&restarts] { restarts += 1; }), "first"});
  restarts += 10; // expected-warning@-1 {{'restarts' is written}}
  for (worker &each : crew)
    each.thread.join();
  restarts += 100;
}

void crew_ok() {
  int restarts = 0;
  std::vector<worker> crew;
  crew.push_back(worker{std::thread([&restarts] { restarts += 1; }), "first"});
  crew.push_back({std::thread([] {}), "second"});
  for (worker &each : crew)
    each.thread.join();
  restarts += 10;
}

void numbered_crew_bad() {
  int restarts = 0;
  worker crew[4];
  crew[0].thread = std::thread([&restarts] { restarts += 1; });
  restarts += 10; // expected-warning@-1 {{'restarts' is written}}
  for (worker &each : crew)
    if (each.thread.joinable())
      each.thread.join();
}

void numbered_crew_ok() {
  int restarts = 0;
  worker crew[4];
  crew[0].thread = std::thread([&restarts] { restarts += 1; });
  for (int i = 0; i < 1; ++i)
    crew[i].thread.join();
  restarts += 10;
}

void numbered_in_a_vector_ok() {
  int restarts = 0;
  std::vector<worker> crew(4);
  crew[0].thread = std::thread([&restarts] { restarts += 1; });
  for (worker &each : crew)
    if (each.thread.joinable())
      each.thread.join();
  restarts += 10;
}

void named_threads_bad() {
  int served = 0;
  std::map<std::string, std::thread> by_name;
  by_name["http"] = std::thread([&served] { served += 2; });
  served += 1; // expected-warning@-1 {{'served' is written}}
  for (auto &[name, thread] : by_name)
    thread.join();
}

void named_threads_ok() {
  int served = 0;
  std::map<std::string, std::thread> by_name;
  by_name["http"] = std::thread([&served] { served += 2; });
  for (auto &[name, thread] : by_name)
    thread.join();
  served += 1;
}

void named_threads_as_pairs_ok() {
  int served = 0;
  std::unordered_map<std::string, std::thread> by_name;
  by_name.emplace("http", std::thread([&served] { served += 2; }));
  for (auto &entry : by_name)
    entry.second.join();
  served += 1;
}

void found_by_name_ok() {
  int served = 0;
  std::map<int, std::thread> by_port;
  by_port[80] = std::thread([&served] { served += 2; });
  auto found = by_port.find(80);
  found->second.join();
  served += 1;
}

void pairs_in_a_vector_ok() {
  int served = 0;
  std::vector<std::pair<std::string, std::thread>> servers;
  servers.emplace_back("http", std::thread([&served] { served += 2; }));
  for (auto &[name, thread] : servers)
    thread.join();
  served += 1;
}

class feed {
public:
  explicit feed(std::string url) : url_(std::move(url)) {}
  void start(long &bytes) {
    thread_ = std::thread([this, &bytes] { bytes += static_cast<long>(url_.size()); });
  }
  void wait() { thread_.join(); }

private:
  std::string url_;
  std::thread thread_;
};

void feeds_bad() {
  std::list<feed> feeds;
  long bytes = 0;
  feeds.emplace_back("http://a");
  feeds.back().start(bytes);
  bytes = 1; // expected-warning@-14 {{'bytes' is written}}
  for (feed &each : feeds)
    each.wait();
}

void feeds_ok() {
  std::list<feed> feeds;
  long bytes = 0;
  feeds.emplace_back("http://a");
  feeds.back().start(bytes);
  for (feed &each : feeds)
    each.wait();
  bytes = 1;
}

void owned_feeds_ok() {
  std::vector<std::unique_ptr<feed>> feeds;
  long bytes = 0;
  feeds.push_back(std::make_unique<feed>("http://a"));
  feeds.back()->start(bytes);
  for (auto &each : feeds)
    each->wait();
  bytes = 1;
}

struct request {
  std::string path;
  std::future<int> status;
};

void requests_bad() {
  int hits = 0;
  std::vector<request> requests;
  requests.push_back({"/a", std::async(std::launch::async, [&hits] { return ++hits; })});
  ++hits; // expected-warning@-1 {{'hits' is written}}
  for (request &each : requests)
    each.status.get();
}

void requests_ok() {
  int hits = 0;
  std::vector<request> requests;
  requests.push_back({"/a", std::async(std::launch::async, [&hits] { return ++hits; })});
  for (request &each : requests)
    each.status.get();
  ++hits;
}

void futures_by_name_ok() {
  int hits = 0;
  std::map<std::string, std::future<int>> answers;
  answers.emplace("a", std::async(std::launch::async, [&hits] { return ++hits; }));
  for (auto &[name, answer] : answers)
    answer.get();
  ++hits;
}

void listed_bad() {
  std::string left, right;
  std::thread crew[] = {std::thread([&left] { left = "l"; }),
                        std::thread([&right] { right = "r"; })};
  left.clear(); // expected-warning@-2 {{'left' is written}}
  for (std::thread &each : crew)
    each.join();
}

void listed_ok() {
  std::string left, right;
  std::thread crew[] = {std::thread([&left] { left = "l"; }),
                        std::thread([&right] { right = "r"; })};
  for (std::thread &each : crew)
    each.join();
  left.clear();
}

template <class... Works> void in_parallel(Works &&...works) {
  std::thread threads[] = {std::thread(std::forward<Works>(works))...};
  for (auto &each : threads)
    each.join();
}

void in_parallel_ok() {
  int a = 0, b = 0;
  in_parallel([&a] { a = 1; }, [&b] { b = 2; });
  a += b;
}

// It waits for its thread when it ends, in whatever holds it.
struct connection {
  std::string peer;
  std::thread reader;
  connection(std::string name, std::thread thread)
      : peer(std::move(name)), reader(std::move(thread)) {}
  connection(connection &&) = default;
  ~connection() {
    if (reader.joinable())
      reader.join();
  }
};

void connections_bad() {
  int bytes = 0;
  std::vector<connection> all;
  all.emplace_back("a", std::thread([&bytes] { bytes += 10; }));
  bytes += 1; // expected-warning@-1 {{'bytes' is written}}
  all.clear();
}

void connections_ok() {
  int bytes = 0;
  std::vector<connection> all;
  all.emplace_back("a", std::thread([&bytes] { bytes += 10; }));
  all.clear();
  bytes += 1;
  {
    std::vector<connection> others;
    others.push_back(connection("b", std::thread([&bytes] { bytes += 10; })));
  }
  bytes += 1;
}

void owned_connection_ok() {
  int bytes = 0;
  {
    auto owned = std::make_unique<connection>("a", std::thread([&bytes] { bytes += 10; }));
  }
  bytes += 1;
}

SCENARIO_MAIN(SCENARIO(crew_bad), SCENARIO(crew_ok), SCENARIO(numbered_crew_bad),
              SCENARIO(numbered_crew_ok), SCENARIO(numbered_in_a_vector_ok),
              SCENARIO(named_threads_bad), SCENARIO(named_threads_ok),
              SCENARIO(named_threads_as_pairs_ok), SCENARIO(found_by_name_ok),
              SCENARIO(pairs_in_a_vector_ok), SCENARIO(feeds_bad), SCENARIO(feeds_ok),
              SCENARIO(owned_feeds_ok), SCENARIO(requests_bad), SCENARIO(requests_ok),
              SCENARIO(futures_by_name_ok), SCENARIO(listed_bad), SCENARIO(listed_ok),
              SCENARIO(in_parallel_ok), SCENARIO(connections_bad), SCENARIO(connections_ok),
              SCENARIO(owned_connection_ok))
