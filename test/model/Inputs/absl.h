// As much of Abseil's interface as the tests of its vocabulary use.
#ifndef HEDDLE_TEST_ABSL_H
#define HEDDLE_TEST_ABSL_H

namespace absl {
class Condition {
public:
  explicit Condition(const bool *value);
};
class Mutex {
public:
  void Lock();
  void Unlock();
  bool TryLock();
  void ReaderLock();
  void ReaderUnlock();
  void Await(const Condition &);
};
class MutexLock {
public:
  explicit MutexLock(Mutex *mu);
  ~MutexLock();
};
class WriterMutexLock {
public:
  explicit WriterMutexLock(Mutex *mu);
  ~WriterMutexLock();
};
class ReaderMutexLock {
public:
  explicit ReaderMutexLock(Mutex *mu);
  ~ReaderMutexLock();
};
class ReleasableMutexLock {
public:
  explicit ReleasableMutexLock(Mutex *mu);
  ~ReleasableMutexLock();
  void Release();
};
class CondVar {
public:
  void Wait(Mutex *mu);
  void Signal();
};
class Notification {
public:
  void Notify();
  void WaitForNotification() const;
};
class BlockingCounter {
public:
  explicit BlockingCounter(int);
  bool DecrementCount();
  void Wait();
};
class once_flag {};
template <typename Callable, typename... Args>
void call_once(once_flag &, Callable &&, Args &&...) {}
} // namespace absl

#endif
