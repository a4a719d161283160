#include "model/program/interpreter/AbstractState.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace heddle;

/// Drops what the others lack; returns whether there was any.
template <typename T> static bool keepCommon(std::vector<T> &Mine, const std::vector<T> &Others) {
  return std::erase_if(Mine, [&](const T &Each) {
           return std::find(Others.begin(), Others.end(), Each) == Others.end();
         }) > 0;
}

bool AbstractState::join(const AbstractState &Other) {
  if (!Other.Reachable)
    return false;
  if (!Reachable) {
    *this = Other;
    return true;
  }
  bool Changed = keepCommon(Held, Other.Held);
  Changed |= keepCommon(Claims, Other.Claims);
  Changed |= Released.unite(Other.Released);
  Changed |= Guards.intersect(Other.Guards, [](GuardState &Mine, const GuardState &Theirs) {
    if (Mine == Theirs)
      return false;
    bool Changes = Mine.Owns != GuardState::Maybe;
    Mine.Owns = GuardState::Maybe;
    for (const AccessPath &Lock : Theirs.Locks) // one of several, or none
      if (std::find(Mine.Locks.begin(), Mine.Locks.end(), Lock) == Mine.Locks.end()) {
        Mine.Locks.push_back(Lock);
        Changes = true;
      }
    return Changes;
  });
  Changed |= Pointers.intersect(Other.Pointers, [](Value &Mine, const Value &Theirs) {
    if (!Mine.isKnown())
      return false;
    if (Mine == Theirs) {
      bool IsOther = Mine.Chosen && Mine.Chosen != Theirs.Chosen;
      if (IsOther)
        Mine.Chosen = nullptr;
      return IsOther;
    }
    Value Both = onEitherWay(Mine, Theirs);
    if (Both == Mine)
      return false;
    Mine = std::move(Both);
    return true;
  });
  Pointers.eraseIf([](const auto &Entry) { return isUnsettled(Entry.second); });
  Changed |= joinLive(Other);
  Changed |= Assumed.intersect(Other.Assumed);
  Changed |= Phases.unite(Other.Phases);
  Changed |= Choices.intersect(Other.Choices);
  Changed |= Conditions.intersect(Other.Conditions);
  Changed |= Facts.intersect(Other.Facts);
  Changed |= Waited.unite(Other.Waited);
  Changed |= Offers.unite(Other.Offers);
  auto Unite = [](PathSet &Mine, const PathSet &Theirs) { return Mine.unite(Theirs); };
  Changed |= Fetched.unite(Other.Fetched, Unite);
  Changed |= Phase.unite(Other.Phase);
  Changed |= Passed.unite(Other.Passed);
  Changed |= Past.intersect(Other.Past);
  Changed |= Ready.intersect(Other.Ready);
  Changed |= Joined.unite(Other.Joined);
  Changed |= Origins.unite(Other.Origins, Unite);
  Changed |= Believed.unite(Other.Believed);
  Changed |= Obligations.unite(Other.Obligations, [](Obligation &Mine, const Obligation &Theirs) {
    return Mine.Holders.unite(Theirs.Holders);
  });
  Changed |= joinTests(Other);
  Changed |= Seen.join(Other.Seen);
  Changed |= Notes.join(Other.Notes);
  if (!Borrows.shares(Other.Borrows))
    Changed |= Borrows.eraseIf([&](const auto &Entry) {
      auto Same = Other.Borrows.find(Entry.first);
      return Same == Other.Borrows.end() || !(Same->second == Entry.second);
    });
  Changed |= Primitives.join(Other.Primitives);
  return Changed;
}

bool AbstractState::joinLive(const AbstractState &Other) {
  if (Live.shares(Other.Live))
    return false;
  bool Changed = false;
  Live.changeIf(
      [&](uint32_t Run, const LiveThread &Thread) {
        return Thread.IsCertain && !Other.Live.count(Run);
      },
      [&](uint32_t, LiveThread &Thread) {
        Thread.IsCertain = false;
        Changed = true;
      });
  for (const auto &[Run, Thread] : Other.Live) {
    if (auto Known = Live.find(Run); Known != Live.end() && Known->second == Thread)
      continue;
    auto [Place, IsNew] = Live.try_emplace(Run, Thread);
    LiveThread &Mine = *Place;
    bool Detached = Mine.IsDetached || Thread.IsDetached,
         Met = Mine.MetUnknown || Thread.MetUnknown, Many = Mine.IsMany || Thread.IsMany,
         Again = Mine.IsAgain || Thread.IsAgain;
    // Where one way has all of them, there are others than those that could not be started.
    bool Failed = Mine.HasFailed && Thread.HasFailed;
    bool Certain = !IsNew && Mine.IsCertain && Thread.IsCertain;
    // Moved on one way, and by another name on the other.
    bool Lost =
        Mine.IsLost || Thread.IsLost ||
        (Mine.Handle.isKnown() && Thread.Handle.isKnown() && !(Mine.Handle == Thread.Handle));
    Changed |= Mine.IsLost != Lost;
    Mine.IsLost = Lost;
    Changed |= Mine.Facts.intersect(Thread.Facts);
    Changed |= Mine.Gates.intersect(Thread.Gates);
    Changed |= Mine.Past.intersect(Thread.Past);
    Changed |= Mine.StaleBefore.unite(Thread.StaleBefore);
    Changed |= IsNew || Mine.Stale.unite(Thread.Stale) || Mine.IsDetached != Detached ||
               Mine.MetUnknown != Met || Mine.IsCertain != Certain || Mine.IsMany != Many ||
               Mine.IsAgain != Again || Mine.HasFailed != Failed ||
               Mine.Serves.unite(Thread.Serves) ||
               (Thread.ServedBy.isKnown() && !Mine.ServedBy.isKnown());
    Mine.IsMany = Many;
    Mine.IsAgain = Again;
    Mine.HasFailed = Failed;
    if (!Mine.ServedBy.isKnown())
      Mine.ServedBy = Thread.ServedBy;
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

void AbstractState::acquire(const AccessPath &Lock, bool IsShared, SourceRange Where,
                            bool IsInferred) {
  // A caller's lock that was given back for a while is the caller's again.
  HeldLock Taken{Lock, IsShared, Where};
  Taken.IsGiven = Released.count(Lock) > 0;
  Taken.IsInferred = IsInferred;
  if (AccessPath Handover = Lock.handedOver(); IsInferred && Handover.isKnown())
    Waited.insert(Handover);
  Released.erase(Lock);
  if (Lock.isKnown()) {
    Passed.insert(Lock);
    Past.insert(Lock);
  }
  hold(std::move(Taken));
}

void AbstractState::hold(HeldLock Lock) {
  auto After = std::upper_bound(
      Held.begin(), Held.end(), Lock.Path,
      [](const AccessPath &Path, const HeldLock &Other) { return Path < Other.Path; });
  Held.insert(After, std::move(Lock));
}

std::vector<HeldLock> AbstractState::certainlyHeld() const {
  std::vector<HeldLock> Result;
  std::copy_if(Held.begin(), Held.end(), std::back_inserter(Result),
               [](const HeldLock &Lock) { return !Lock.IsConditional && !Lock.IsInferred; });
  return Result;
}

bool AbstractState::holds(const AccessPath &Lock) const {
  return std::any_of(Held.begin(), Held.end(), [&](const HeldLock &H) { return H.Path == Lock; });
}

void AbstractState::release(const AccessPath &Lock) {
  auto Last =
      std::find_if(Held.rbegin(), Held.rend(), [&](const HeldLock &H) { return H.Path == Lock; });
  if (Last == Held.rend() || Last->IsGiven || Last->IsConditional)
    Released.insert(Lock);
  if (Last == Held.rend())
    return;
  Held.erase(std::next(Last).base());
  if (holds(Lock))
    return;
  Seen.close(Lock);
  openGate(Lock);
}

void AbstractState::openGate(const AccessPath &Lock) {
  Live.changeIf([&](uint32_t, const LiveThread &Thread) { return Thread.Gates.count(Lock); },
                [&](uint32_t, LiveThread &Thread) { Thread.Gates.erase(Lock); });
}

PathSet AbstractState::pastForOthers() const {
  // What is held here, the other thread still has to wait for.
  PathSet Result = Past;
  Result.eraseIf([&](const AccessPath &Each) { return holds(Each); });
  return Result;
}

void AbstractState::acquireGiven(const AccessPath &Lock, bool IsShared, SourceRange Where) {
  if (!Lock.isKnown() || holds(Lock))
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
      acquire(Lock, Made.IsShared, Where, Made.IsInferred);
  Guards[Guard] = std::move(Made);
}

void AbstractState::lockGuard(const AccessPath &Guard, bool IsGiven, SourceRange Where) {
  GuardState *Known = Guards.change(Guard);
  if (!Known) {
    if (AccessPath Lock = Guard.locksOfGuard(); IsGiven && Released.count(Lock)) {
      Released.erase(Lock);
      HeldLock Again{{}, false, Where}; // the caller's, which it can name
      Again.IsGiven = true;
      hold(std::move(Again));
      return;
    }
    acquire({}, false, Where); // a guard that came from somewhere else: some lock is held
    return;
  }
  if (Known->Owns == GuardState::Yes)
    return;
  Known->Owns = GuardState::Yes;
  for (const AccessPath &Lock : Known->Locks)
    acquire(Lock, Known->IsShared, Where, Known->IsInferred);
}

void AbstractState::unlockGuard(const AccessPath &Guard, bool IsGiven, bool Forget) {
  GuardState *Known = Guards.change(Guard);
  if (!Known) {
    if (!Forget && IsGiven) {
      auto Again = std::find_if(Held.begin(), Held.end(),
                                [](const HeldLock &H) { return !H.Path.isKnown() && H.IsGiven; });
      if (Again != Held.end())
        Held.erase(Again);
      release(Guard.locksOfGuard());
    } else if (!Forget) {
      release({});
    }
    return;
  }
  if (Known->Owns != GuardState::No)
    for (const AccessPath &Lock : Known->Locks)
      release(Lock);
  Known->Owns = GuardState::No;
  if (Forget)
    Guards.erase(Guard);
}

void AbstractState::moveGuard(const AccessPath &From, const AccessPath &To, bool IsGiven) {
  auto Known = Guards.find(From);
  GuardState Moved;
  if (Known != Guards.end())
    Moved = Known->second;
  else if (IsGiven)
    Moved = {{From.locksOfGuard()}, GuardState::Yes};
  else
    return;
  Guards[From] = GuardState();
  if (To.isKnown())
    Guards[To] = std::move(Moved);
}

void AbstractState::disownGuard(const AccessPath &Guard) { Guards.erase(Guard); }

/// Whether what is known of a pointer names what `Changed`, another pointer, leads to so far: taken
/// off a list, an element is no longer the one that the list begins with. A parameter that has been
/// set must not get the name of the caller's object back.
static bool isOldName(const std::pair<AccessPath, Value> &Entry, const AccessPath &Changed) {
  const auto &[Pointer, Held] = Entry;
  if (Pointer.root() == RootKind::Parameter && Pointer.isRootOnly())
    return false;
  return Held.What == Value::Load       ? Held.Path.startsWith(Changed) && !Held.Path.isAtEntry()
         : Held.What == Value::PointsTo ? Held.Path.startsWith(Changed.deref())
                                        : false;
}

/// Memory of the caller's, behind a parameter, or an unnamed value on the way from there.
static bool isGiven(const AccessPath &Path) {
  return Path.root() == RootKind::Temporary ||
         (Path.root() == RootKind::Parameter && !Path.isRootOnly());
}

void AbstractState::store(const AccessPath &Where, const Value &Stored) {
  if (!Where.isKnown())
    return;
  // Moved along from where it was: whatever was known of it besides still holds.
  if (Stored == Value::load(Where)) {
    AccessPath Behind = Where.deref();
    makeStale(Behind);
    Ready.eraseIf([&](const AccessPath &Task) { return Task.startsWith(Behind); });
    return;
  }
  const Value Held = storeAmong(Where, Stored);
  auto Known = Pointers.find(Where);
  bool IsOther = Known == Pointers.end() || !(Known->second == Held);
  // Who took what the caller gave there has it all the same.
  if (IsOther && Known == Pointers.end() && isGiven(Where))
    Pointers.changeIf(
        [&](const AccessPath &Holder, const Value &Taken) {
          return Taken == Value::load(Where) && isGiven(Holder);
        },
        [&](const AccessPath &, Value &Taken) { Taken = Value::load(Where.atEntry()); });
  Pointers.eraseIf([&](const auto &Entry) {
    if (Entry.first == Where)
      return false;
    return Entry.first.startsWith(Where) || (IsOther && isOldName(Entry, Where));
  });
  Ready.eraseIf([&](const AccessPath &Task) { return Task.startsWith(Where); });
  Seen.renamed(Where.deref());
  Notes.renamed(Where.deref());
  // What the pointer led to before has another name now, if any.
  if (AccessPath Behind = Where.deref();
      Where.root() != RootKind::Local || Primitives.knows(Behind))
    Primitives.forget(Behind);
  if (Held.What == Value::PointsTo)
    Primitives.addAlias(Where, Held.Path);
  if (IsOther)
    Pointers[Where] = Held;
  // Through this pointer, threads that run already mean what it pointed to before. A value that is
  // known here may not be so any more where the next round of a loop begins.
  AccessPath Behind = Where.deref();
  if (Behind.isKnown() && (IsOther || !Held.isKnown()))
    makeStale(Behind);
}

void AbstractState::makeStale(const AccessPath &Object) {
  Live.changeIf([&](uint32_t, const LiveThread &Thread) { return !Thread.Stale.count(Object); },
                [&](uint32_t, LiveThread &Thread) { Thread.Stale.insert(Object); });
}

void AbstractState::fresh(const AccessPath &Root) {
  makeStale(Root);
  Ready.eraseIf([&](const AccessPath &Task) { return Task.startsWith(Root); });
  Pointers.eraseIf([&](const auto &Entry) { return Entry.first.startsWith(Root); });
  forgetElementsAt(Root);
  Guards.eraseIf([&](const auto &Entry) { return Entry.first.startsWith(Root); });
  Fetched.eraseIf([&](const auto &Entry) { return Entry.first.startsWith(Root); });
  Seen.renamed(Root);
  Notes.renamed(Root);
  Primitives.fresh(Root);
  Borrows.eraseIf([&](const auto &Entry) {
    return Entry.first.startsWith(Root) || Entry.second.Object.startsWith(Root);
  });
}

void AbstractState::move(const AccessPath &From, const AccessPath &To) {
  if (!From.isKnown())
    return;
  moveThread(From, To);
  PathSet Moved;
  for (const AccessPath &Task : Ready)
    if (Task.startsWith(From))
      Moved.insert(Task.rebased(To, From.steps().size()));
  Ready.eraseIf([&](const AccessPath &Task) { return Task.startsWith(To); });
  Ready.unite(Moved);
  auto Rename = [&](auto &Map) {
    std::remove_reference_t<decltype(Map)> Moved;
    for (const auto &[Path, Content] : Map)
      if (Path.startsWith(From))
        if (AccessPath New = Path.rebased(To, From.steps().size()); New.isKnown())
          Moved.insert({New, Content});
    Map.eraseIf([&](const auto &Entry) { return Entry.first.startsWith(From); });
    for (const auto &[Path, Content] : Moved)
      Map[Path] = Content;
  };
  for (const AccessPath &Place : {From, To})
    if (Primitives.knows(Place))
      Primitives.forget(Place);
  Rename(Guards);
  const SharedMap<AccessPath, Value> Elements = elementsAfterMove(From, To);
  Rename(Pointers);
  for (const auto &[Element, Held] : Elements)
    Pointers[Element] = Held;
  Rename(Fetched);
  // The old name keeps standing for them: most cancels are copied rather than moved.
  copyObligations(From, To);
}

void AbstractState::moveThread(const AccessPath &From, const AccessPath &To) {
  Live.changeIf(
      [&](uint32_t, const LiveThread &Thread) {
        return Thread.Handle.isKnown() && Thread.Handle.startsWith(From);
      },
      [&](uint32_t, LiveThread &Thread) {
        Thread.Handle =
            To.isKnown() ? Thread.Handle.rebased(To, From.steps().size()) : AccessPath();
        Thread.IsLost |= !Thread.Handle.isKnown();
      });
  if (!To.isKnown())
    return;
  bool IsOwn = To.root() == RootKind::Local || To.root() == RootKind::Temporary;
  bool IsSeen = From.root() == RootKind::Global || From.isGiven();
  SharedMap<AccessPath, PathSet> Moved;
  for (const auto &[Place, Names] : Origins)
    if (Place.startsWith(From))
      if (AccessPath New = Place.rebased(To, From.steps().size()); New.isKnown())
        Moved.insert({New, Names});
  if (IsOwn && IsSeen)
    Moved[To].insert(From);
  for (const auto &[Place, Names] : Moved)
    Origins[Place].unite(Names);
}

void AbstractState::loseHandle(const AccessPath &Handle) {
  if (Handle.isKnown())
    Live.changeIf(
        [&](uint32_t, const LiveThread &Thread) {
          return !Thread.IsLost && !Thread.IsDetached && Thread.Handle.mayOverlap(Handle);
        },
        [](uint32_t, LiveThread &Thread) { Thread.IsLost = true; });
}

void AbstractState::forget(const AccessPath &Object) {
  if (!Object.isKnown())
    return;
  Pointers.eraseIf([&](const auto &Entry) { return Entry.first.startsWith(Object); });
  Primitives.forget(Object);
}

namespace {

/// Whether both end in the same member behind a pointer, `Join` behind one of which it is not known
/// where it points to by now, as in a walk through a list or a table.
bool mayBeReachedBy(const AccessPath &Join, const AccessPath &Handle) {
  llvm::ArrayRef<PathStep> Tail = Join.steps();
  bool IsWalk = Join.root() == RootKind::Local || Join.root() == RootKind::Temporary;
  if ((!IsWalk && Join.isPrecise()) || Join.derefs() == 0)
    return false;
  while (llvm::is_contained(Tail, PathStep(PathStep::Deref)))
    Tail = Tail.drop_front();
  return Handle.steps().size() >= Tail.size() && Handle.steps().take_back(Tail.size()) == Tail;
}

} // namespace

std::vector<uint32_t> AbstractState::endedBy(const AccessPath &Handle, bool IsEnd) const {
  std::vector<uint32_t> Named, Others;
  for (const auto &[Run, Thread] : Live) {
    bool IsVariable = Thread.Handle.root() == RootKind::Local && Thread.Handle.isRootOnly();
    // What no variable has taken is somewhere else.
    bool IsLost = Thread.IsLost || Thread.Handle.root() == RootKind::Temporary;
    if (Handle.mayOverlap(Thread.Handle))
      Named.push_back(Run);
    else if (IsLost || (Thread.Handle.isKnown() && !IsVariable &&
                        (!Handle.isKnown() || mayBeReachedBy(Handle, Thread.Handle))))
      Others.push_back(Run);
  }
  return Named.empty() && !IsEnd ? Others : Named;
}

bool AbstractState::hasEnded(uint32_t Run, const PathSet &Joined) const {
  return std::any_of(Joined.begin(), Joined.end(), [&](const AccessPath &Handle) {
    return llvm::is_contained(endedBy(Handle), Run);
  });
}

PathSet AbstractState::namesOf(const AccessPath &Handle) const {
  PathSet Result{Handle};
  for (const auto &[Place, Names] : Origins)
    if (Place.mayOverlap(Handle))
      for (const AccessPath &Name : Names) {
        unsigned Common = Place.steps().size();
        AccessPath Seen = Handle.steps().size() > Common ? Handle.rebased(Name, Common) : Name;
        if (Seen.isKnown())
          Result.insert(Seen);
      }
  return Result;
}

void AbstractState::joinThread(const AccessPath &Handle, bool IsEnd) {
  std::vector<uint32_t> Ended = endedBy(Handle, IsEnd);
  if (Handle.isKnown())
    Joined.unite(namesOf(Handle));
  else if (Ended.empty() && !IsEnd)
    Joined.insert(Handle);
  if (Handle.isKnown() && !IsEnd)
    Past.insert(Handle);
  PathSet Before;
  Live.eraseIf([&](const auto &Entry) {
    if (!llvm::is_contained(Ended, Entry.first))
      return false;
    Before.unite(Entry.second.Past);
    return true;
  });
  for (const AccessPath &Each : Before)
    if (Each.isPrecise() && std::any_of(Live.begin(), Live.end(), [&](const auto &Entry) {
          return Entry.second.Handle == Each;
        }))
      joinThread(Each);
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
  Obligations.eraseIf([&](const auto &Entry) { return concerns(Entry.second, Object); });
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
  auto CopiesOf = [&](const Obligation &Owed) {
    PathSet Result;
    for (const AccessPath &Holder : Owed.Holders)
      if (Holder.startsWith(From))
        if (AccessPath Copy = Holder.rebased(To, From.steps().size()); Copy.isKnown())
          Result.insert(Copy);
    return Result;
  };
  Obligations.changeIf(
      [&](const AccessPath &, const Obligation &Owed) { return !CopiesOf(Owed).empty(); },
      [&](const AccessPath &, Obligation &Owed) { Owed.Holders.unite(CopiesOf(Owed)); });
}
