// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t by_iterator_bad
// RUN: %race_found %t each_joined_bad
// RUN: %race_found %t taken_out_bad
// RUN: %race_found %t swapped_out_bad
// RUN: %race_found %t owned_bad
// RUN: %race_found %t made_in_place_bad
// RUN: %race_found %t optional_bad
// RUN: %race_found %t other_thread_joined_bad
// RUN: %t ok

// Handles that change hands between the start and the join, and joins that go a long way.
#include "../scenarios.h"

#include <algorithm>
#include <functional>
#include <future>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

void by_iterator_bad() {
  int hits = 0;
  std::vector<std::thread> pool;
  pool.emplace_back([&hits] { hits += 2; });
  ++hits; // expected-warning@-1 {{'hits' is written}}
  for (auto it = pool.begin(); it != pool.end(); ++it)
    it->join();
}

void by_iterator_ok() {
  int hits = 0;
  std::vector<std::thread> pool;
  pool.emplace_back([&hits] { hits += 2; });
  for (auto it = pool.begin(); it != pool.end(); ++it)
    it->join();
  ++hits;
}

void each_joined_bad() {
  int hits = 0;
  std::vector<std::thread> pool;
  pool.emplace_back([&hits] { hits += 2; });
  ++hits; // expected-warning@-1 {{'hits' is written}}
  std::for_each(pool.begin(), pool.end(), std::mem_fn(&std::thread::join));
}

void each_joined_ok() {
  int hits = 0;
  std::vector<std::thread> pool;
  pool.emplace_back([&hits] { hits += 2; });
  std::for_each(pool.begin(), pool.end(), std::mem_fn(&std::thread::join));
  ++hits;
  std::vector<std::thread> more;
  more.emplace_back([&hits] { hits += 2; });
  std::ranges::for_each(more, &std::thread::join);
  ++hits;
  std::vector<std::thread> last;
  last.emplace_back([&hits] { hits += 2; });
  std::ranges::for_each(last, [](std::thread &each) { each.join(); });
  ++hits;
}

void generated_ok() {
  int limit = 3;
  std::vector<std::thread> pool;
  std::generate_n(std::back_inserter(pool), 3, [&limit] {
    return std::thread([&limit] {
      int own = limit;
      (void)own;
    });
  });
  for (auto &each : pool)
    each.join();
  limit = 4;
}

class uploader {
public:
  void begin() {
    std::lock_guard lock(state_);
    thread_ = std::thread([this] { sent_ += 100; });
  }
  void end_too_late() {
    std::thread finishing;
    {
      std::lock_guard lock(state_);
      finishing = std::move(thread_);
    }
    sent_ = 0; // expected-warning@-8 {{'sent_' is written}}
    finishing.join();
  }
  void end() {
    std::thread finishing;
    {
      std::lock_guard lock(state_);
      finishing = std::move(thread_);
    }
    if (finishing.joinable())
      finishing.join();
    sent_ = 0;
  }
  void end_at_once() {
    std::thread finishing = std::move(thread_);
    finishing.join();
    sent_ = 0;
  }

private:
  std::mutex state_;
  std::thread thread_;
  long sent_ = 0;
};

void taken_out_bad() {
  uploader upload;
  upload.begin();
  upload.end_too_late();
}

void taken_out_ok() {
  uploader upload;
  upload.begin();
  upload.end();
  upload.begin();
  upload.end_at_once();
}

class group {
public:
  void spawn() {
    threads_.emplace_back([this] { done_ += 1; });
  }
  void finish_too_late() {
    std::vector<std::thread> mine;
    mine.swap(threads_);
    done_ += 10; // expected-warning@-5 {{'done_' is written}}
    for (auto &each : mine)
      each.join();
  }
  void finish() {
    std::vector<std::thread> mine;
    mine.swap(threads_);
    for (auto &each : mine)
      each.join();
    done_ += 10;
  }

private:
  std::vector<std::thread> threads_;
  int done_ = 0;
};

void swapped_out_bad() {
  group all;
  all.spawn();
  all.finish_too_late();
}

void swapped_out_ok() {
  group all;
  all.spawn();
  all.finish();
}

void swapped_handles_ok() {
  int done = 0;
  std::thread one([&done] { ++done; }), other;
  one.swap(other);
  other.join();
  ++done;
  std::vector<std::thread> many, none;
  many.emplace_back([&done] { ++done; });
  std::swap(many, none);
  for (auto &each : none)
    each.join();
  ++done;
}

class indexer {
public:
  void start() {
    thread_.reset(new std::thread([this] { ++words_; }));
  }
  void stop() {
    if (thread_) {
      thread_->join();
      thread_.reset();
    }
  }
  void clear() { words_ = 0; } // expected-warning@-8 {{'words_' is written}}
  void drop() { words_ = 0; }

private:
  int words_ = 0;
  std::unique_ptr<std::thread> thread_;
};

void owned_bad() {
  indexer index;
  index.start();
  index.clear();
  index.stop();
}

void owned_ok() {
  indexer index;
  index.start();
  index.stop();
  index.drop();
}

void owned_in_a_vector_ok() {
  int total = 0;
  std::vector<std::unique_ptr<std::thread>> crew;
  crew.emplace_back(new std::thread([&total] { ++total; }));
  for (auto &each : crew)
    each->join();
  ++total;
}

struct joining_deleter {
  void operator()(std::thread *thread) const {
    thread->join();
    delete thread;
  }
};

void own_deleter_ok() {
  int total = 0;
  {
    std::unique_ptr<std::thread, joining_deleter> owned(new std::thread([&total] { ++total; }));
  }
  ++total;
}

void made_in_place_bad() {
  int total = 0;
  auto owned = std::make_unique<std::thread>([&total] { ++total; });
  ++total; // expected-warning@-1 {{'total' is written}}
  owned->join();
}

void made_in_place_ok() {
  int total = 0;
  auto owned = std::make_unique<std::thread>([&total] { ++total; });
  owned->join();
  ++total;
  std::vector<std::shared_ptr<std::thread>> crew;
  crew.push_back(std::make_shared<std::thread>([&total] { ++total; }));
  for (auto &each : crew)
    each->join();
  ++total;
}

void optional_bad() {
  int found = 0;
  std::optional<std::thread> background;
  background = std::thread([&found] { ++found; });
  ++found; // expected-warning@-1 {{'found' is written}}
  if (background)
    background->join();
}

void optional_ok() {
  int found = 0;
  std::optional<std::thread> background;
  background = std::thread([&found] { ++found; });
  if (background)
    background->join();
  ++found;
}

void ended_by_another_value_ok() {
  int ticks = 0;
  std::jthread clock([&ticks] { ++ticks; });
  clock = {};
  ++ticks;
  std::optional<std::jthread> other;
  other.emplace([&ticks] { ++ticks; });
  other.reset();
  ++ticks;
}

void waited_by_reference_ok() {
  int config = 0;
  std::promise<int> chosen;
  std::future<int> choice = chosen.get_future();
  std::thread worker([&choice, &config] {
    int number = choice.get();
    config += number;
  });
  config = 10;
  chosen.set_value(5);
  worker.join();
}

void shared_out_of_another_ok() {
  int commands = 0;
  std::promise<void> start;
  std::shared_future<void> started(start.get_future());
  std::thread runner([started, &commands] {
    started.wait();
    ++commands;
  });
  commands = 1;
  start.set_value();
  runner.join();
}

// A handle that is known is not joined by the name of another one.
void other_thread_joined_bad() {
  int count = 0;
  std::vector<std::thread> pool;
  pool.emplace_back([] {});
  std::thread own([&count] { ++count; });
  for (auto it = pool.begin(); it != pool.end(); ++it)
    it->join();
  ++count; // expected-warning@-3 {{'count' is written}}
  own.join();
}

SCENARIO_MAIN(SCENARIO(by_iterator_bad), SCENARIO(by_iterator_ok), SCENARIO(each_joined_bad),
              SCENARIO(each_joined_ok), SCENARIO(generated_ok), SCENARIO(taken_out_bad),
              SCENARIO(taken_out_ok), SCENARIO(swapped_out_bad), SCENARIO(swapped_out_ok),
              SCENARIO(swapped_handles_ok), SCENARIO(owned_bad), SCENARIO(owned_ok),
              SCENARIO(owned_in_a_vector_ok), SCENARIO(own_deleter_ok), SCENARIO(made_in_place_bad),
              SCENARIO(made_in_place_ok), SCENARIO(optional_bad), SCENARIO(optional_ok),
              SCENARIO(ended_by_another_value_ok), SCENARIO(waited_by_reference_ok),
              SCENARIO(shared_out_of_another_ok), SCENARIO(other_thread_joined_bad))
