// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20

// Threads, locks and pools of Boost, by declarations alone.
#include "../../model/Inputs/boost.h"

boost::mutex mutex;
boost::shared_mutex rw_mutex;

int bare = 0;

void thread_bad() {
  boost::thread worker([] { ++bare; }); // expected-warning {{'bare' is written}}
  ++bare;
  worker.join();
}

int joined = 0;

void joined_ok() {
  boost::thread worker([] { ++joined; });
  worker.join();
  ++joined;
}

int locked = 0;

void lock_guard_ok() {
  boost::thread worker([] {
    boost::lock_guard<boost::mutex> lock(mutex);
    ++locked;
  });
  {
    boost::unique_lock<boost::mutex> lock(mutex);
    ++locked;
  }
  worker.join();
}

int unlocked = 0;

void unlocked_bad() {
  boost::thread worker([] {
    boost::lock_guard<boost::mutex> lock(mutex);
    ++unlocked;
  });
  {
    boost::unique_lock<boost::mutex> lock(mutex);
    lock.unlock();
    ++unlocked; // expected-warning {{'unlocked' is written}}
  }
  worker.join();
}

int published = 0;

void readers_and_writer_ok() {
  boost::thread worker([] {
    boost::unique_lock<boost::shared_mutex> lock(rw_mutex);
    ++published;
  });
  {
    boost::shared_lock<boost::shared_mutex> lock(rw_mutex);
    int seen = published;
    (void)seen;
  }
  worker.join();
}

int grouped = 0;

void thread_group_bad() {
  boost::thread_group group;
  group.create_thread([] { ++grouped; }); // expected-warning {{'grouped' is written}}
  ++grouped;
  group.join_all();
}

int gathered = 0;

void thread_group_ok() {
  boost::thread_group group;
  group.create_thread([] { ++gathered; });
  group.join_all();
  ++gathered;
}

int pooled = 0;

void pool_bad() {
  boost::asio::thread_pool pool;
  boost::asio::post(pool, [] { ++pooled; }); // expected-warning {{'pooled' is written}}
  ++pooled;
  pool.join();
}

int drained = 0;

void pool_joined_ok() {
  boost::asio::thread_pool pool;
  boost::asio::post(pool, [] { ++drained; });
  pool.join();
  ++drained;
}

int one_by_one = 0;

void pool_of_one_ok() {
  boost::asio::thread_pool pool(1);
  boost::asio::post(pool, [] { ++one_by_one; });
  boost::asio::post(pool, [] { ++one_by_one; });
  pool.join();
}

int beside_the_pool = 0;

void beside_a_pool_of_one_bad() {
  boost::asio::thread_pool pool(1);
  boost::asio::post(pool, [] {
    ++beside_the_pool; // expected-warning {{'beside_the_pool' is written}}
  });
  ++beside_the_pool;
  pool.join();
}

int in_pairs = 0;

void pool_of_two_bad() {
  boost::asio::thread_pool pool(2);
  for (int i = 0; i < 9; ++i)
    boost::asio::post(pool, [] {
      ++in_pairs; // expected-warning {{'in_pairs' is written here by several threads}}
    });
  pool.join();
}

class serial_owner {
public:
  void start_ok() {
    for (int i = 0; i < 9; ++i)
      boost::asio::post(pool, [this] { ++count; });
    boost::asio::post(second, [this] { ++other; });
    boost::asio::post(second, [this] { ++other; });
    pool.join();
    second.join();
  }
  serial_owner() : second(1) {}

private:
  boost::asio::thread_pool pool{1};
  boost::asio::thread_pool second;
  int count = 0;
  int other = 0;
};

int serialised = 0;

// What a strand runs, it runs one after the other.
void strand_ok() {
  boost::asio::strand strand;
  boost::asio::post(strand, [] { ++serialised; });
  boost::asio::post(strand, [] { ++serialised; });
}
