// RUN: %runtime_cxx -O1 -g %s %runtime_lib -o %t
// RUN: %exits 70 %t channels 2>&1 | FileCheck --check-prefix=CHANNELS %s
// RUN: %exits 70 %t locks 2>&1 | FileCheck --check-prefix=LOCKS %s
// RUN: %exits 70 %t main 2>&1 | FileCheck --check-prefix=MAIN %s
// RUN: %exits 70 %t timer 2>&1 | FileCheck --check-prefix=TIMER %s
// RUN: %exits 70 %t stranger 2>&1 | FileCheck --check-prefix=STRANGER %s
// RUN: %t alive
// When nobody can wake anybody any more the program says who waits for what, and where, and ends;
// while somebody still can, it does not.
#include "check.h"
#include "heddle/heddle.h"

#include <string>
#include <thread>

using namespace std::chrono_literals;

static void wait_for_each_other() {
  auto one = heddle::make_channel<int>();
  auto other = heddle::make_channel<int>();
  heddle::task sender = heddle::go_named("sender", [=] {
    one.send(1); // LINE
  });
  heddle::task receiver = heddle::go([=] { heddle::select(heddle::on_receive(other, [] {})); });
  // CHANNELS: heddle: all tasks are asleep
  // CHANNELS-DAG: the main thread, waits for the end of a task at {{.*}}deadlock.cpp:[[@LINE+3]]
  // CHANNELS-DAG: task 'sender' started at {{.*}}deadlock.cpp:[[@LINE-6]], waits for a receiver at {{.*}}deadlock.cpp:[[@LINE-5]]
  // CHANNELS-DAG: task started at {{.*}}deadlock.cpp:[[@LINE-4]], waits for a sender at {{.*}}deadlock.cpp:[[@LINE-4]]
  sender.join();
  receiver.join();
}

static void lock_crosswise() {
  static heddle::mutex first;
  static heddle::mutex second;
  auto both = heddle::make_channel<heddle::unit>();
  heddle::wait_group group;
  group.go([both] {
    heddle::lock_guard a(first);
    both.send({});
    second.lock();
    // LOCKS-DAG: started at {{.*}}deadlock.cpp:[[@LINE-4]], waits for a mutex at {{.*}}deadlock.cpp:[[@LINE-1]]
  });
  group.go([both] {
    heddle::lock_guard a(second);
    (void)both.receive();
    first.lock();
    // LOCKS-DAG: started at {{.*}}deadlock.cpp:[[@LINE-4]], waits for a mutex at {{.*}}deadlock.cpp:[[@LINE-1]]
  });
  // LOCKS-DAG: the main thread, waits for a wait_group at {{.*}}deadlock.cpp:[[@LINE+1]]
  group.wait();
}

// The last timer fires, and nobody is left to act.
static void after_a_timer() {
  heddle::channel<int> nil;
  heddle::go([nil] {
    heddle::sleep_for(5ms);
    (void)nil.receive();
  });
  // TIMER: heddle: all tasks are asleep
  // TIMER-DAG: waits for a receive from a nil channel
  // TIMER-DAG: the main thread, waits for a select
  heddle::select();
}

// A thread that the runtime does not know could act; when it is gone, nobody can.
static void after_a_stranger() {
  std::thread([] { std::this_thread::sleep_for(50ms); }).detach();
  // STRANGER: the main thread, waits for a receive from a nil channel
  (void)heddle::channel<int>().receive();
}

static void nothing_is_wrong() {
  auto ch = heddle::make_channel<int>();
  // All are asleep, but for a thread that has not used the runtime yet.
  std::thread outside([ch] {
    std::this_thread::sleep_for(30ms);
    ch.send(1);
  });
  CHECK(ch.receive() == 1);
  outside.join();
  // A timer is pending.
  heddle::go([ch] {
    heddle::sleep_for(30ms);
    ch.send(2);
  });
  CHECK(ch.receive() == 2);
  // A task blocks its thread, announced and not.
  heddle::go([ch] {
    heddle::blocking([] { std::this_thread::sleep_for(30ms); });
    std::this_thread::sleep_for(30ms);
    ch.send(3);
  });
  CHECK(ch.receive() == 3);
  // A context's deadline is a timer, too.
  auto [ctx, cancel] = heddle::with_timeout(heddle::background(), 20ms);
  CHECK(!ch.receive(ctx));
  cancel();
}

int main(int, char **argv) {
  const std::string mode = argv[1];
  if (mode == "channels")
    wait_for_each_other();
  if (mode == "locks")
    lock_crosswise();
  if (mode == "main")
    heddle::select(); // MAIN: the main thread, waits for a select
  if (mode == "timer")
    after_a_timer();
  if (mode == "stranger")
    after_a_stranger();
  if (mode == "alive")
    nothing_is_wrong();
}
