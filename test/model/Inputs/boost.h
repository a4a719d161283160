// As much of Boost's interface as the tests of its vocabulary use.
#ifndef HEDDLE_TEST_BOOST_H
#define HEDDLE_TEST_BOOST_H

namespace boost {
class mutex {
public:
  void lock();
  void unlock();
  bool try_lock();
};
class shared_mutex : public mutex {
public:
  void lock();
  void unlock();
  void lock_shared();
  void unlock_shared();
};
template <typename M> class lock_guard {
public:
  explicit lock_guard(M &);
  ~lock_guard();
};
template <typename M> class unique_lock {
public:
  explicit unique_lock(M &);
  ~unique_lock();
  void lock();
  void unlock();
};
template <typename M> class shared_lock {
public:
  explicit shared_lock(M &);
  ~shared_lock();
};
class thread {
public:
  template <typename F> explicit thread(F f) {}
  ~thread();
  void join();
  void detach();
};
class thread_group {
public:
  template <typename F> thread *create_thread(F) { return nullptr; }
  void join_all();
};
class condition_variable {
public:
  void wait(unique_lock<mutex> &);
  void notify_one();
};
class barrier {
public:
  explicit barrier(unsigned);
  bool wait();
};
namespace asio {
class thread_pool {
public:
  thread_pool();
  explicit thread_pool(unsigned long threads);
  ~thread_pool();
  void join();
  void wait();
};
class strand {};
template <typename Executor, typename F> void post(Executor &executor, F &&f) {}
} // namespace asio
} // namespace boost

#endif
