// As much of Qt's interface as the tests of its vocabulary use.
#ifndef HEDDLE_TEST_QT_H
#define HEDDLE_TEST_QT_H

class QMutex {
public:
  void lock();
  void unlock();
  bool tryLock(int timeout = 0);
};
class QReadWriteLock {
public:
  void lockForRead();
  void lockForWrite();
  void unlock();
};
template <typename M = QMutex> class QMutexLocker {
public:
  explicit QMutexLocker(M *);
  ~QMutexLocker();
  void unlock();
  void relock();
};
class QReadLocker {
public:
  explicit QReadLocker(QReadWriteLock *);
  ~QReadLocker();
};
class QWriteLocker {
public:
  explicit QWriteLocker(QReadWriteLock *);
  ~QWriteLocker();
  void unlock();
  void relock();
};
template <typename T> class QFuture {
public:
  void waitForFinished();
};
class QRunnable {
public:
  virtual ~QRunnable();
  virtual void run() = 0;
};
class QThread {
public:
  virtual ~QThread();
  void start();
  bool wait();

protected:
  virtual void run();
};
class QThreadPool {
public:
  void start(QRunnable *);
  template <typename F>
    requires requires(F f) { f(); }
  void start(F f) {}
  bool waitForDone();
};
namespace QtConcurrent {
template <typename F> QFuture<int> run(F) { return {}; }
template <typename Sequence, typename F> QFuture<void> map(Sequence &, F) { return {}; }
template <typename Sequence, typename F> void blockingMap(Sequence &, F) {}
template <typename Iterator, typename F> void blockingFilter(Iterator, Iterator, F) {}
} // namespace QtConcurrent

#endif
