// RUN: %heddle_verify --checks=unnamed-guard %s -- -std=c++20

// Guards of Abseil, Boost and Qt, by declarations alone.
#include "../../model/Inputs/absl.h"
#include "../../model/Inputs/boost.h"
#include "../../model/Inputs/qt.h"

absl::Mutex mu;
boost::mutex bm;
QMutex qm;
int shared;

void abseil_bad() {
  absl::MutexLock{&mu}; // expected-warning {{this guard has no name}}
  ++shared;
}

void abseil_pointer_bad() {
  absl::ReaderMutexLock{&mu}; // expected-warning {{this guard has no name}}
  ++shared;
}

void boost_bad() {
  boost::lock_guard<boost::mutex>{bm}; // expected-warning {{this guard has no name}}
  ++shared;
}

void qt_bad() {
  QMutexLocker{&qm}; // expected-warning {{this guard has no name}}
  ++shared;
}

void named_ok() {
  absl::MutexLock lock(&mu);
  boost::lock_guard<boost::mutex> other(bm);
  QMutexLocker third(&qm);
  ++shared;
}
