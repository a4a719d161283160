// As much of folly's interface as the tests of its vocabulary use.
#ifndef HEDDLE_TEST_FOLLY_H
#define HEDDLE_TEST_FOLLY_H

namespace folly {
class MicroSpinLock {
public:
  void lock();
  void unlock();
  bool try_lock();
};
class CPUThreadPoolExecutor {
public:
  explicit CPUThreadPoolExecutor(unsigned);
  ~CPUThreadPoolExecutor();
  template <typename F> void add(F f) {}
  void join();
};
class Baton {
public:
  void post();
  void wait();
};
} // namespace folly

#endif
