// Channels and semaphores that do nothing but keep others out: locks in disguise.
#ifndef HEDDLE_MODEL_PROGRAM_CHANNELLOCKS_H
#define HEDDLE_MODEL_PROGRAM_CHANNELLOCKS_H

#include "model/facts/ValueFlow.h"

namespace heddle {

/// One way through a critical section. The events belong to the unit.
struct LockPair {
  FunctionId Function;
  const Event *Lock;
  const Event *Unlock;
};

/// A channel or semaphore whose every use that the unit shows is part of such a pair.
struct ChannelLock {
  AccessPath Object; ///< Its state, as ValueFlow::object names it.
  EntityId Holder;   ///< The variable or field that holds it.
  bool IsSemaphore = false;
  /// Nothing outside of the unit can use it; otherwise there may be uses that nobody has seen.
  bool IsWhollyVisible = false;
  /// Its handle is copied, captured by value or handed on: a mutex could not take its place.
  bool IsCopied = false;
  /// Each lock has one unlock and each unlock one lock.
  bool IsOneToOne = true;
  /// Every creation that was seen stands in the holder's own declaration.
  bool IsMadeWhereDeclared = true;
  const Event *InitialToken = nullptr; ///< The send that fills a channel in which a token is free.
  std::vector<LockPair> Pairs;         ///< By function, then in block order.
};

/// All of the unit's, by holder. What is required of one:
/// - capacity one (a semaphore: one permit at first), known wherever it is made;
/// - flow-sensitively, in each function, every lock is followed by its unlock on all ways out and
///   neither happens twice; either may stand in a function of its own that does just that, called
///   or run at the end of the scope;
/// - what is sent carries no information, what is received is dropped; nothing is closed, ranged
///   over, tried or selected on;
/// - no use but these: it does not escape and no unknown function sees it;
/// - at least one section has something in it, and a second function or thread can contend.
std::vector<ChannelLock> channelLocks(const ValueFlow &Values);

} // namespace heddle

#endif
