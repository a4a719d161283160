#include "model/program/AbstractState.h"

#include <algorithm>

using namespace heddle;

namespace {

template <typename Map, typename Same> bool intersect(Map &Into, const Map &Other, Same Merge) {
  bool Changed = false;
  for (auto Entry = Into.begin(); Entry != Into.end();) {
    auto Found = Other.find(Entry->first);
    if (Found == Other.end()) {
      Entry = Into.erase(Entry);
      Changed = true;
      continue;
    }
    Changed |= Merge(Entry->second, Found->second);
    ++Entry;
  }
  return Changed;
}

} // namespace

bool AbstractState::join(const AbstractState &Other) {
  if (!Other.Reachable)
    return false;
  if (!Reachable) {
    *this = Other;
    return true;
  }
  bool Changed = std::erase_if(Held, [&](const HeldLock &Lock) {
                   return std::find(Other.Held.begin(), Other.Held.end(), Lock) == Other.Held.end();
                 }) > 0;
  Changed |= Released.unite(Other.Released);
  Changed |= intersect(Guards, Other.Guards, [](GuardState &A, const GuardState &B) {
    if (A == B || (A.Owns == GuardState::Maybe && A.Locks == B.Locks))
      return false;
    A.Owns = GuardState::Maybe;
    return true;
  });
  Changed |= intersect(Pointers, Other.Pointers, [](Value &A, const Value &B) {
    if (A == B || !A.isKnown())
      return false;
    A = Value();
    return true;
  });
  Changed |= joinLive(Other);
  Changed |= std::erase_if(Assumed, [&](const Way &W) { return !Other.Assumed.count(W); }) > 0;
  for (uint32_t Phase : Other.Phases)
    Changed |= Phases.insert(Phase).second;
  Changed |=
      std::erase_if(Choices, [&](const auto &Choice) { return !Other.Choices.count(Choice); }) > 0;
  Changed |= Waited.unite(Other.Waited);
  for (const SourceRange &Last : Other.Phase)
    Changed |= Phase.insert(Last).second;
  Changed |= Passed.unite(Other.Passed);
  Changed |= Joined.unite(Other.Joined);
  Changed |= Believed.unite(Other.Believed);
  for (const auto &[Path, Owed] : Other.Obligations) {
    auto [Mine, IsNew] = Obligations.try_emplace(Path, Owed);
    Changed |= IsNew || Mine->second.Holders.unite(Owed.Holders);
  }
  Changed |= joinTests(Other);
  Changed |= Seen.join(Other.Seen);
  Changed |= std::erase_if(Borrows, [&](const auto &Entry) {
               auto Same = Other.Borrows.find(Entry.first);
               return Same == Other.Borrows.end() || !(Same->second == Entry.second);
             }) > 0;
  return Changed;
}

bool AbstractState::joinLive(const AbstractState &Other) {
  bool Changed = false;
  for (auto &[Run, Thread] : Live)
    if (Thread.IsCertain && !Other.Live.count(Run)) {
      Thread.IsCertain = false;
      Changed = true;
    }
  for (const auto &[Run, Thread] : Other.Live) {
    auto [Place, IsNew] = Live.try_emplace(Run, Thread);
    LiveThread &Mine = Place->second;
    bool Detached = Mine.IsDetached || Thread.IsDetached,
         Met = Mine.MetUnknown || Thread.MetUnknown;
    bool Certain = !IsNew && Mine.IsCertain && Thread.IsCertain;
    Changed |= IsNew || Mine.Stale.unite(Thread.Stale) || Mine.IsDetached != Detached ||
               Mine.MetUnknown != Met || Mine.IsCertain != Certain;
    Mine.IsDetached = Detached;
    Mine.MetUnknown = Met;
    Mine.IsCertain = Certain;
  }
  return Changed;
}

AccessPath AbstractState::resolve(AccessPath Path) const {
  // Each round replaces one pointer; a bound keeps cyclic knowledge from turning for ever.
  for (unsigned Round = 0; Round < AccessPath::MaxSteps; ++Round) {
    bool Replaced = false;
    for (unsigned I = 0; I < Path.steps().size() && !Replaced; ++I) {
      if (Path.steps()[I].What != PathStep::Deref)
        continue;
      auto Known = Pointers.find(Path.prefix(I));
      if (Known == Pointers.end())
        continue;
      AccessPath Target = Known->second.pointee();
      if (!Target.isKnown())
        continue;
      Path = Path.rebased(Target, I + 1);
      Replaced = true;
    }
    if (!Replaced)
      break;
  }
  return Path;
}

Value AbstractState::resolve(const Value &V) const {
  Value Result = V;
  for (unsigned Round = 0; Round < AccessPath::MaxSteps; ++Round) {
    if (!Result.Path.isKnown())
      break;
    Result.Path = resolve(Result.Path);
    if (Result.What != Value::Load)
      break;
    auto Known = Pointers.find(Result.Path);
    if (Known == Pointers.end() || !Known->second.isKnown() || Known->second == Result)
      break;
    Result = Known->second;
  }
  if (!Result.Path.isKnown() && (Result.What == Value::PointsTo || Result.What == Value::Load))
    return {};
  for (Value &Bound : Result.Bound)
    Bound = resolve(Bound);
  return Result;
}

void AbstractState::acquire(const AccessPath &Lock, bool IsShared, SourceRange Where) {
  Released.erase(Lock);
  if (Lock.isKnown())
    Passed.insert(Lock);
  auto After = std::upper_bound(
      Held.begin(), Held.end(), Lock,
      [](const AccessPath &Path, const HeldLock &Other) { return Path < Other.Path; });
  Held.insert(After, {Lock, IsShared, Where});
}

void AbstractState::release(const AccessPath &Lock) {
  auto Last =
      std::find_if(Held.rbegin(), Held.rend(), [&](const HeldLock &H) { return H.Path == Lock; });
  if (Last == Held.rend() || Last->IsGiven)
    Released.insert(Lock);
  if (Last == Held.rend())
    return;
  Held.erase(std::next(Last).base());
  if (std::none_of(Held.begin(), Held.end(), [&](const HeldLock &H) { return H.Path == Lock; }))
    Seen.close(Lock);
}

void AbstractState::acquireGiven(const AccessPath &Lock, bool IsShared, SourceRange Where) {
  if (!Lock.isKnown() ||
      std::any_of(Held.begin(), Held.end(), [&](const HeldLock &H) { return H.Path == Lock; }))
    return;
  acquire(Lock, IsShared, Where);
  for (HeldLock &Taken : Held)
    if (Taken.Path == Lock)
      Taken.IsGiven = true;
}

void AbstractState::makeGuard(const AccessPath &Guard, GuardState Made, bool Acquires,
                              SourceRange Where) {
  if (Acquires)
    for (const AccessPath &Lock : Made.Locks)
      acquire(Lock, Made.IsShared, Where);
  Guards[Guard] = std::move(Made);
}

void AbstractState::lockGuard(const AccessPath &Guard, SourceRange Where) {
  auto Known = Guards.find(Guard);
  if (Known == Guards.end()) {
    acquire({}, false, Where); // a guard that came from somewhere else: some lock is held
    return;
  }
  if (Known->second.Owns == GuardState::Yes)
    return;
  Known->second.Owns = GuardState::Yes;
  for (const AccessPath &Lock : Known->second.Locks)
    acquire(Lock, Known->second.IsShared, Where);
}

void AbstractState::unlockGuard(const AccessPath &Guard, bool Forget) {
  auto Known = Guards.find(Guard);
  if (Known == Guards.end()) {
    if (!Forget)
      release({});
    return;
  }
  if (Known->second.Owns != GuardState::No)
    for (const AccessPath &Lock : Known->second.Locks)
      release(Lock);
  Known->second.Owns = GuardState::No;
  if (Forget)
    Guards.erase(Known);
}

void AbstractState::disownGuard(const AccessPath &Guard) {
  if (auto Known = Guards.find(Guard); Known != Guards.end())
    Guards.erase(Known);
}

void AbstractState::store(const AccessPath &Where, const Value &Held) {
  if (!Where.isKnown())
    return;
  std::erase_if(Pointers, [&](const auto &Entry) { return Entry.first.startsWith(Where); });
  Seen.renamed(Where.deref());
  Pointers[Where] = Held;
  // Through this pointer, threads that run already mean what it pointed to before.
  AccessPath Behind = Where.deref();
  if (Behind.isKnown() && !Held.isKnown())
    for (auto &[Run, Thread] : Live)
      Thread.Stale.insert(Behind);
}

void AbstractState::fresh(const AccessPath &Root) {
  for (auto &[Run, Thread] : Live)
    Thread.Stale.insert(Root);
  std::erase_if(Pointers, [&](const auto &Entry) { return Entry.first.startsWith(Root); });
  std::erase_if(Guards, [&](const auto &Entry) { return Entry.first.startsWith(Root); });
  Seen.renamed(Root);
  std::erase_if(Borrows, [&](const auto &Entry) {
    return Entry.first.startsWith(Root) || Entry.second.Object.startsWith(Root);
  });
}

void AbstractState::move(const AccessPath &From, const AccessPath &To) {
  if (!From.isKnown())
    return;
  moveThread(From, To);
  auto Rename = [&](auto &Map) {
    std::remove_reference_t<decltype(Map)> Moved;
    for (auto Entry = Map.begin(); Entry != Map.end();) {
      if (!Entry->first.startsWith(From)) {
        ++Entry;
        continue;
      }
      AccessPath New = Entry->first.rebased(To, From.steps().size());
      if (New.isKnown())
        Moved.emplace(New, Entry->second);
      Entry = Map.erase(Entry);
    }
    for (auto &[Path, Content] : Moved)
      Map[Path] = Content;
  };
  Rename(Guards);
  Rename(Pointers);
  // The old name keeps standing for them: most cancels are copied rather than moved.
  copyObligations(From, To);
}

void AbstractState::moveThread(const AccessPath &From, const AccessPath &To) {
  for (auto &[Run, Thread] : Live)
    if (Thread.Handle.isKnown() && Thread.Handle.startsWith(From))
      Thread.Handle = Thread.Handle.rebased(To, From.steps().size());
}

void AbstractState::forget(const AccessPath &Object) {
  if (!Object.isKnown())
    return;
  std::erase_if(Pointers, [&](const auto &Entry) { return Entry.first.startsWith(Object); });
}

void AbstractState::joinThread(const AccessPath &Handle) {
  if (!Handle.isKnown())
    return;
  Joined.insert(Handle);
  std::erase_if(Live, [&](const auto &Entry) { return Entry.second.Handle == Handle; });
}

AccessPath AbstractState::syncObject(const AccessPath &Path) const {
  AccessPath Resolved = resolve(Path);
  auto Known = Pointers.find(Resolved);
  return Known != Pointers.end() && Known->second.What == Value::PointsTo ? Known->second.Path
                                                                          : Resolved;
}

namespace {

bool concerns(const Obligation &Owed, const AccessPath &Object) {
  return Object.isKnown() &&
         std::any_of(Owed.Holders.begin(), Owed.Holders.end(), [&](const AccessPath &Holder) {
           return Holder.startsWith(Object) || Object.startsWith(Holder);
         });
}

} // namespace

void AbstractState::discharge(const AccessPath &Object) {
  std::erase_if(Obligations, [&](const auto &Entry) { return concerns(Entry.second, Object); });
}

bool AbstractState::owes(const AccessPath &Object) const {
  return std::any_of(Obligations.begin(), Obligations.end(),
                     [&](const auto &Entry) { return concerns(Entry.second, Object); });
}

void AbstractState::copyObligations(const AccessPath &From, const AccessPath &To) {
  if (!From.isKnown())
    return;
  bool IsOwn = To.isPrecise() && (To.root() == RootKind::Local || To.root() == RootKind::Return ||
                                  To.root() == RootKind::Temporary);
  if (!IsOwn) {
    discharge(From);
    return;
  }
  for (auto &[Path, Owed] : Obligations) {
    PathSet Copies;
    for (const AccessPath &Holder : Owed.Holders)
      if (Holder.startsWith(From))
        if (AccessPath Copy = Holder.rebased(To, From.steps().size()); Copy.isKnown())
          Copies.insert(Copy);
    Owed.Holders.unite(Copies);
  }
}
