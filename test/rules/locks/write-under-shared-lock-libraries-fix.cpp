// RUN: rm -rf %t && split-file %s %t
// RUN: %heddle check --fix --checks=write-under-shared-lock %t/abseil.cpp -- -std=c++20 -I%S/Inputs/libraries
// RUN: %FileCheck --input-file=%t/abseil.cpp --check-prefix=ABSEIL %s
// RUN: %heddle check --fix --checks=write-under-shared-lock %t/qt.cpp -- -std=c++20 -I%S/Inputs/libraries
// RUN: %FileCheck --input-file=%t/qt.cpp --check-prefix=QT %s
// RUN: %heddle check --fix --checks=write-under-shared-lock %t/boost.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t/boost.cpp --check-prefix=BOOST %s
// RUN: %heddle check --fix --checks=write-under-shared-lock %t/heddle.cpp -- -std=c++20 -I%runtime_include
// RUN: %FileCheck --input-file=%t/heddle.cpp --check-prefix=HEDDLE %s

// What was fixed compiles, is clean, and stays as it is.
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror -I%S/Inputs/libraries %t/abseil.cpp %t/qt.cpp
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t/boost.cpp
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror -I%runtime_include %t/heddle.cpp
// RUN: mkdir %t/once && cp %t/abseil.cpp %t/qt.cpp %t/boost.cpp %t/heddle.cpp %t/once
// RUN: %heddle check --fix --checks=write-under-shared-lock %t/abseil.cpp %t/qt.cpp -- -std=c++20 -I%S/Inputs/libraries
// RUN: %heddle check --fix --checks=write-under-shared-lock %t/boost.cpp -- -std=c++20
// RUN: %heddle check --fix --checks=write-under-shared-lock %t/heddle.cpp -- -std=c++20 -I%runtime_include
// RUN: cmp %t/abseil.cpp %t/once/abseil.cpp && cmp %t/qt.cpp %t/once/qt.cpp
// RUN: cmp %t/boost.cpp %t/once/boost.cpp && cmp %t/heddle.cpp %t/once/heddle.cpp

// The guard that takes the lock exclusively comes with the header that declares it.

//--- abseil.cpp
#include "absl/synchronization/mutex.h"

class table {
public:
  void put(int value) {
    // ABSEIL: {{^}}    absl::WriterMutexLock lock(&mutex);
    absl::ReaderMutexLock lock(&mutex);
    last = value;
  }
  int get() {
    // ABSEIL: {{^}}    absl::ReaderMutexLock lock(&mutex);
    absl::ReaderMutexLock lock(&mutex);
    return last;
  }

private:
  absl::Mutex mutex;
  int last = 0;
};

//--- qt.cpp
// QT: {{^}}#include <QReadLocker>
#include <QReadLocker>
#include <QReadWriteLock>
// QT: {{^}}#include <QWriteLocker>

class table {
public:
  void put(int value) {
    // QT: {{^}}    QWriteLocker lock(&mutex);
    QReadLocker lock(&mutex);
    last = value;
  }
  int get() {
    QReadLocker lock(&mutex);
    return last;
  }

private:
  QReadWriteLock mutex;
  int last = 0;
};

//--- boost.cpp
#include <boost/thread/shared_lock_guard.hpp>
#include <boost/thread/shared_mutex.hpp>
// BOOST-DAG: {{^}}#include <boost/thread/lock_types.hpp>
// BOOST-DAG: {{^}}#include <boost/thread/lock_guard.hpp>
// BOOST-NOT: {{^}}#include <mutex>

class table {
public:
  void put(int value) {
    // BOOST: {{^}}    boost::unique_lock<boost::shared_mutex> lock(mutex);
    boost::shared_lock<boost::shared_mutex> lock(mutex);
    last = value;
  }
  void drop() {
    // BOOST: {{^}}    boost::lock_guard<boost::shared_mutex> lock(mutex);
    boost::shared_lock_guard<boost::shared_mutex> lock(mutex);
    last = 0;
  }
  int get() {
    boost::shared_lock<boost::shared_mutex> lock(mutex);
    return last;
  }

private:
  boost::shared_mutex mutex;
  int last = 0;
};

//--- heddle.cpp
#include "heddle/rw_mutex.h"
// HEDDLE-NOT: {{^}}#include <
class table {
public:
  void put(int value) {
    // HEDDLE: {{^}}    heddle::write_guard lock(mutex);
    heddle::read_guard lock(mutex);
    last = value;
  }
  int get() {
    heddle::read_guard lock(mutex);
    return last;
  }

private:
  heddle::rw_mutex mutex;
  int last = 0;
};
