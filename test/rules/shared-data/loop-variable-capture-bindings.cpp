// RUN: %heddle_verify --checks=loop-variable-capture,unguarded-shared-write,dangling-task-capture %s -- -std=c++20

// Structured bindings: of a copy that each round makes, or of the element itself.
#include <cstdio>
#include <map>
#include <string>
#include <thread>
#include <vector>

std::map<std::string, int> files;

void of_a_copy_bad() {
  std::vector<std::thread> workers;
  for (auto [name, size] : files)
    // expected-warning@+1 {{'name' is captured by reference by a thread that may outlive this round}}
    workers.emplace_back([&name, &size] { std::printf("%s %d\n", name.c_str(), size); });
  for (std::thread &worker : workers)
    worker.join();
}

struct point {
  int x, y;
};
std::vector<point> points;

void of_a_struct_bad() {
  std::vector<std::thread> workers;
  for (auto [x, y] : points)
    // expected-warning@+1 {{'y' is captured by reference by a thread that may outlive this round}}
    workers.emplace_back([&y] { std::printf("%d\n", y); });
  for (std::thread &worker : workers)
    worker.join();
}

void of_the_element_ok() {
  std::vector<std::thread> workers;
  for (auto &[name, size] : files)
    workers.emplace_back([&name, &size] { std::printf("%s %d\n", name.c_str(), size); });
  for (std::thread &worker : workers)
    worker.join();
}

void copied_ok() {
  std::vector<std::thread> workers;
  for (auto [name, size] : files)
    workers.emplace_back([name, size] { std::printf("%s %d\n", name.c_str(), size); });
  for (std::thread &worker : workers)
    worker.join();
}

void joined_in_the_round_ok() {
  for (auto [name, size] : files) {
    std::thread worker([&name, &size] { std::printf("%s %d\n", name.c_str(), size); });
    worker.join();
  }
}

// Through the name of a part the part is meant.
std::pair<int, int> both;

void part_written_bad() {
  // expected-warning@+1 {{'second' is written here while another thread reads it}}
  std::thread worker([] { both.second = 1; });
  auto &[first, second] = both;
  std::printf("%d\n", second);
  worker.join();
}

void other_part_ok() {
  std::pair<int, int> mine;
  std::thread worker([&mine] { mine.second = 1; });
  auto &[first, second] = mine;
  std::printf("%d\n", first);
  worker.join();
}
