// RUN: %runtime_cxx -O1 -g %s %runtime_lib -o %t
// RUN: %exits 70 %t 2>&1 | FileCheck %s
// The report names, for every kind of wait, what is waited for and the line that does so, and for
// the tasks of patterns the line that started them.
#include "check.h"
#include "heddle/heddle.h"

#include <mutex>
#include <shared_mutex>
#include <vector>

using heddle::background;
using heddle::make_channel;
using heddle::unit;

// CHECK: heddle: all tasks are asleep
// CHECK: the main thread, waits for a receive from a nil channel at {{.*}}waiting-places.cpp:[[@LINE+1]]
static void wait_for_ever() { (void)heddle::channel<int>().receive(); }

static heddle::mutex mu;
static heddle::rw_mutex rw;
static heddle::semaphore permits(1);
static heddle::cond never;
static heddle::once single;
static heddle::concurrent_map<int, int> map;
static heddle::wait_group group;
static heddle::rate_limiter limiter(std::chrono::hours(1));

static void locks() {
  heddle::go_named("lock_guard", [] {
    heddle::lock_guard lock(mu);
    // CHECK-DAG: 'lock_guard' {{.*}}waits for a mutex at {{.*}}:[[@LINE-1]]
  });
  // The standard's guards know no place but their own, which is left out.
  // CHECK-DAG: 'unique_lock' {{.*}}waits for a mutex{{$}}
  heddle::go_named("unique_lock", [] { std::unique_lock<heddle::mutex> lock(mu); });
  // CHECK-DAG: 'shared_lock' {{.*}}waits for an rw_mutex{{$}}
  heddle::go_named("shared_lock", [] { std::shared_lock<heddle::rw_mutex> lock(rw); });
  heddle::go_named("lock", [] {
    mu.lock();
    // CHECK-DAG: 'lock' {{.*}}waits for a mutex at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("read_guard", [] {
    heddle::read_guard lock(rw);
    // CHECK-DAG: 'read_guard' {{.*}}waits for an rw_mutex at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("write_guard", [] {
    heddle::write_guard lock(rw);
    // CHECK-DAG: 'write_guard' {{.*}}waits for an rw_mutex at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("lock_shared", [] {
    rw.lock_shared();
    // CHECK-DAG: 'lock_shared' {{.*}}waits for an rw_mutex at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("acquire", [] {
    permits.acquire();
    // CHECK-DAG: 'acquire' {{.*}}waits for a semaphore at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("acquire with context", [] {
    (void)permits.acquire(background());
    // CHECK-DAG: 'acquire with context' {{.*}}waits for a semaphore at {{.*}}:[[@LINE-1]]
  });
}

static void conditions() {
  heddle::go_named("cond", [] {
    heddle::mutex own;
    own.lock();
    never.wait(own);
    // CHECK-DAG: 'cond' {{.*}}waits for a condition at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("cond with predicate", [] {
    heddle::mutex own;
    own.lock();
    never.wait(own, [] { return false; });
    // CHECK-DAG: 'cond with predicate' {{.*}}waits for a condition at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("cond with context", [] {
    heddle::mutex own;
    own.lock();
    never.wait(background(), own, [] { return false; });
    // CHECK-DAG: 'cond with context' {{.*}}waits for a condition at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("wait_group", [] {
    group.wait();
    // CHECK-DAG: 'wait_group' {{.*}}waits for a wait_group at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("once", [] {
    single.call([] {});
    // CHECK-DAG: 'once' {{.*}}waits for a mutex at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("map", [] {
    (void)map.load(1);
    // CHECK-DAG: 'map' {{.*}}waits for an rw_mutex at {{.*}}:[[@LINE-1]]
  });
}

static void channels() {
  heddle::go_named("send", [] {
    make_channel<int>().send(1);
    // CHECK-DAG: 'send' {{.*}}waits for a receiver at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("range", [] {
    for (int value : make_channel<int>())
      // CHECK-DAG: 'range' {{.*}}waits for a sender at {{.*}}:[[@LINE-1]]
      (void)value;
  });
  heddle::go_named("send with context", [] {
    auto [ctx, cancel] = heddle::with_cancel(background());
    (void)make_channel<int>().send(ctx, 1);
    // CHECK-DAG: 'send with context' {{.*}}waits for a receiver or the end of a context at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("receive with context", [] {
    auto [ctx, cancel] = heddle::with_cancel(background());
    (void)make_channel<int>().receive(ctx);
    // CHECK-DAG: 'receive with context' {{.*}}waits for a sender or the end of a context at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("nil with context", [] {
    auto [ctx, cancel] = heddle::with_cancel(background());
    (void)heddle::channel<int>().receive(ctx);
    // CHECK-DAG: 'nil with context' {{.*}}waits for the end of a context at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("root context", [] {
    (void)make_channel<int>().receive(background());
    // CHECK-DAG: 'root context' {{.*}}waits for a sender at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("select", [] {
    heddle::select(heddle::on_receive(make_channel<int>(), [] {}));
    // CHECK-DAG: 'select' {{.*}}waits for a sender at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("join", [] {
    heddle::go_named("joined", wait_for_ever).join();
    // CHECK-DAG: 'join' {{.*}}waits for the end of a task at {{.*}}:[[@LINE-1]]
  });
}

static void patterns() {
  heddle::go_named("push", [] {
    heddle::queue<int> full(1);
    (void)full.push(background(), 1);
    (void)full.push(background(), 1);
    // CHECK-DAG: 'push' {{.*}}waits for room in a queue or the end of a context at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("publish", [] {
    heddle::topic<int> topic;
    auto out = topic.subscribe(background(), 1, heddle::overflow::block);
    topic.publish(background(), 1);
    topic.publish(background(), 1);
    // CHECK-DAG: 'publish' {{.*}}waits for room in a queue or the end of a context at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("error_group", [] {
    heddle::error_group failing(background());
    failing.go(wait_for_ever);
    // CHECK-DAG: task started at {{.*}}waiting-places.cpp:[[@LINE-1]], waits for a receive from a nil channel
    failing.wait();
    // CHECK-DAG: 'error_group' {{.*}}waits for a wait_group at {{.*}}:[[@LINE-1]]
  });
  heddle::go_named("submit", [] {
    heddle::worker_pool busy(background(), 1);
    (void)busy.submit(background(), wait_for_ever);
    (void)busy.submit(background(), [] {});
    // CHECK-DAG: 'submit' {{.*}}waits for a free worker or the end of a context at {{.*}}:[[@LINE-1]]
  });
  (void)heddle::stage(background(), heddle::receiver<int>(), [](int n) { return n; });
  // CHECK-DAG: task started at {{.*}}waiting-places.cpp:[[@LINE-1]], waits for
  (void)heddle::fan_in(background(), std::vector<heddle::receiver<int>>(1));
  // CHECK-DAG: task started at {{.*}}waiting-places.cpp:[[@LINE-1]], waits for a wait_group
}

int main() {
  mu.lock();
  rw.lock();
  permits.acquire();
  group.add();
  heddle::go_named("in once", [] { single.call(wait_for_ever); });
  heddle::go_named("in map", [] { map.update(1, [](int &) { wait_for_ever(); }); });
  // So that these two are in before others come.
  heddle::sleep_for(std::chrono::milliseconds(20));
  locks();
  conditions();
  channels();
  patterns();
  wait_for_ever();
}
