// RUN: rm -rf %t && split-file %s %t
// RUN: %heddle check --fix --checks=manual-unlock %t/abseil.cpp %t/qt.cpp -- -std=c++20 -I%S/Inputs/libraries
// RUN: %FileCheck --input-file=%t/abseil.cpp --check-prefix=ABSEIL %s
// RUN: %FileCheck --input-file=%t/qt.cpp --check-prefix=QT %s
// RUN: %heddle check --fix --checks=manual-unlock %t/boost.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t/boost.cpp --check-prefix=BOOST %s
// RUN: %heddle check --fix --checks=manual-unlock %t/own.cpp --vocabulary=%t/own.json -- -std=c++20
// RUN: %FileCheck --input-file=%t/own.cpp --check-prefix=OWN %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror -I%S/Inputs/libraries %t/abseil.cpp %t/qt.cpp
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t/boost.cpp
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t/own.cpp
// RUN: %heddle check --checks=manual-unlock %t/abseil.cpp %t/qt.cpp -- -std=c++20 -I%S/Inputs/libraries
// RUN: %heddle check --checks=manual-unlock %t/boost.cpp -- -std=c++20
// RUN: %heddle check --checks=manual-unlock %t/own.cpp --vocabulary=%t/own.json -- -std=c++20

// Each library's mutex is held by the guard that its vocabulary names.

//--- abseil.cpp
#include "absl/synchronization/mutex.h"

absl::Mutex mutex;
int count;

void add() {
  // ABSEIL: {{^}}  const absl::MutexLock guard(&mutex);
  // ABSEIL-NEXT: {{^}}  ++count;
  // ABSEIL-NEXT: {{^}}}
  mutex.Lock();
  ++count;
  mutex.Unlock();
}

//--- qt.cpp
#include <QMutex>
// QT: {{^}}#include <QMutexLocker>

QMutex mutex;
int count;

void add() {
  // QT: {{^}}  const QMutexLocker guard(&mutex);
  mutex.lock();
  ++count;
  mutex.unlock();
}

//--- boost.cpp
// BOOST: {{^}}#include <boost/thread/lock_guard.hpp>
#include <boost/thread/mutex.hpp>
// BOOST-NOT: {{^}}#include <mutex>

boost::mutex mutex;
int count;

void add() {
  // BOOST: {{^}}  const boost::lock_guard<boost::mutex> guard(mutex);
  mutex.lock();
  ++count;
  mutex.unlock();
}

//--- own.json
{
  "types": {
    "door": {"role": "mutex", "guard-form": "doorman {name}({lock})"},
    "gate": {"role": "mutex"}
  },
  "calls": [
    {"names": ["door::close", "gate::close"], "effect": "acquire", "lock": "this"},
    {"names": ["door::open", "gate::open"], "effect": "release", "lock": "this"}
  ]
}
//--- own.cpp
class door {
public:
  void close();
  void open();
};
class doorman {
public:
  explicit doorman(door &);
  ~doorman();
};
class gate { // nobody has said what holds it
public:
  void close();
  void open();
};

door front;
gate back;
int count;

void add() {
  // OWN: {{^}}  const doorman guard(front);
  front.close();
  ++count;
  front.open();
}

void add_more() {
  // OWN: {{^}}  back.close();
  back.close();
  ++count;
  back.open();
}
