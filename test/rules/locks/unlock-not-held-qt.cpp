// RUN: %heddle_verify --checks=unlock-not-held,double-lock,missing-unlock,empty-guard %s -- -std=c++20

// Qt's lockers do nothing when they are told again what they have done already; its mutexes do not.
#include "../../model/Inputs/qt.h"

QMutex mutex;
QReadWriteLock table_lock;
int shared;
bool fails();

void unlocked_twice_ok() {
  QMutexLocker locker(&mutex);
  ++shared;
  locker.unlock();
  locker.unlock();
}

void relocked_twice_ok() {
  QMutexLocker locker(&mutex);
  locker.relock();
  ++shared;
}

void in_turn_ok() {
  QMutexLocker locker(&mutex);
  ++shared;
  locker.unlock();
  if (fails())
    return;
  locker.relock();
  ++shared;
}

void writer_unlocked_twice_ok() {
  QWriteLocker locker(&table_lock);
  ++shared;
  if (fails())
    locker.unlock();
  locker.unlock();
}

void taken_again_after_unlock_ok() {
  QMutexLocker locker(&mutex);
  locker.unlock();
  mutex.lock();
  ++shared;
  mutex.unlock();
}

// Not run: behind_its_back_bad, relocked_by_two_bad, by_hand_bad, reader_bad: Qt is only declared.
void behind_its_back_bad() {
  QMutexLocker locker(&mutex);
  ++shared;
  mutex.lock(); // expected-warning {{'mutex'}}
}

void relocked_by_two_bad() {
  QMutexLocker locker(&mutex);
  locker.unlock();
  mutex.lock();
  locker.relock(); // expected-warning {{'mutex'}}
  ++shared;
}

void by_hand_bad() {
  mutex.lock();
  ++shared;
  mutex.unlock();
  mutex.unlock(); // expected-warning {{'mutex'}}
}

void reader_bad() {
  QReadLocker reading(&table_lock);
  QWriteLocker writing(&table_lock); // expected-warning {{'table_lock'}}
  ++shared;
}
