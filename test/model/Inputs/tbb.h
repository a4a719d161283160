// As much of oneTBB's interface as the tests of its vocabulary use, in the namespaces that it uses.
#ifndef HEDDLE_TEST_TBB_H
#define HEDDLE_TEST_TBB_H

namespace tbb {
namespace detail {
namespace d1 {
class spin_mutex {
public:
  class scoped_lock {
  public:
    scoped_lock();
    explicit scoped_lock(spin_mutex &);
    ~scoped_lock();
    void acquire(spin_mutex &);
    bool try_acquire(spin_mutex &);
    void release();
  };
  void lock();
  void unlock();
};
template <typename Mutex> class rw_scoped_lock {
public:
  rw_scoped_lock();
  rw_scoped_lock(Mutex &, bool write = true);
  ~rw_scoped_lock();
  void acquire(Mutex &, bool write = true);
  bool try_acquire(Mutex &, bool write = true);
  void release();
};
class spin_rw_mutex {
public:
  using scoped_lock = rw_scoped_lock<spin_rw_mutex>;
  void lock();
  void unlock();
};
template <typename Index, typename F> void parallel_for(Index first, Index last, const F &f) {}
template <typename... F> void parallel_invoke(const F &...f) {}
class task_group {
public:
  template <typename F> void run(F &&f) {}
  void wait();
};
template <typename T> class concurrent_vector {
public:
  void push_back(const T &);
};
} // namespace d1
} // namespace detail
inline namespace v1 {
using detail::d1::concurrent_vector;
using detail::d1::parallel_for;
using detail::d1::parallel_invoke;
using detail::d1::spin_mutex;
using detail::d1::spin_rw_mutex;
using detail::d1::task_group;
} // namespace v1
} // namespace tbb

#endif
