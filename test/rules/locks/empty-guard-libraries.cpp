// RUN: %heddle_verify --checks=empty-guard %s -- -std=c++20

// Guards over pointers, by declarations alone.
#include "../../model/Inputs/absl.h"
#include "../../model/Inputs/qt.h"

absl::Mutex mu;
QMutex qm;
int shared;

void null_bad() {
  absl::MutexLock lock(nullptr); // expected-warning {{this guard is made over a null pointer}}
  ++shared;
}

void null_variable_bad() {
  QMutex *none = nullptr;
  QMutexLocker<QMutex> lock(none); // expected-warning {{this guard is made over a null pointer}}
  ++shared;
}

void pointers_ok(bool threads, QMutex *given) {
  absl::MutexLock first(&mu);
  QMutexLocker<QMutex> second(given);
  QMutexLocker<QMutex> third(threads ? &qm : nullptr);
  QMutex *chosen = nullptr;
  if (threads)
    chosen = &qm;
  QMutexLocker<QMutex> fourth(chosen);
  ++shared;
}
