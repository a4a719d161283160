#include "model/program/Observations.h"

#include <algorithm>

using namespace heddle;

bool heddle::operator==(const Observation &A, const Observation &B) {
  return A.Object == B.Object && A.Keys == B.Keys && A.Open == B.Open && A.Closed == B.Closed &&
         A.ByBranch == B.ByBranch && A.Where == B.Where;
}

bool Observation::concerns(const AccessPath &Written, bool IsContainer,
                           const std::vector<uint32_t> &WrittenKeys) const {
  if (!Written.isKnown() || isParameter())
    return false;
  // A container is its elements as well; of other things only the very same memory counts.
  size_t Length = Written.steps().size();
  bool IsSame = Object == Written;
  if (IsContainer && Object.steps().size() == Length + 1 && Object.startsWith(Written))
    IsSame = Object.steps()[Length].What == PathStep::Element ||
             Object.steps()[Length].What == PathStep::ElementAt;
  if (!IsSame)
    return false;
  if (Keys.empty())
    return IsContainer || Written.isPrecise();
  std::vector<uint32_t> Common;
  std::set_intersection(Keys.begin(), Keys.end(), WrittenKeys.begin(), WrittenKeys.end(),
                        std::back_inserter(Common));
  return !Common.empty();
}

bool heddle::unite(ObservationList &Into, const ObservationList &Other) {
  constexpr size_t Most = 8;
  bool Changed = false;
  for (const Observation &Seen : Other) {
    auto Known = std::find_if(Into.begin(), Into.end(), [&](const Observation &O) {
      return O.Object == Seen.Object && O.Keys == Seen.Keys && O.Where == Seen.Where &&
             O.ByBranch == Seen.ByBranch;
    });
    if (Known == Into.end()) {
      if (Into.size() < Most) {
        Into.push_back(Seen);
        Changed = true;
      }
      continue;
    }
    // Held on one of the ways is held as far as a complaint would go.
    auto AddMissing = [&](std::vector<HeldLock> &Locks, const std::vector<HeldLock> &More) {
      for (const HeldLock &Lock : More)
        if (std::find(Locks.begin(), Locks.end(), Lock) == Locks.end()) {
          Locks.push_back(Lock);
          Changed = true;
        }
    };
    AddMissing(Known->Open, Seen.Open);
    AddMissing(Known->Closed, Seen.Closed);
  }
  return Changed;
}

bool Observations::join(const Observations &Other) {
  bool Changed = false;
  for (const auto &[Variable, Seen] : Other.ByVariable)
    if (auto Mine = ByVariable.find(Variable); Mine != ByVariable.end()) {
      Changed |= unite(Mine->second, Seen);
    } else if (ByVariable.size() < MaxVariables) {
      ByVariable.emplace(Variable, Seen);
      Changed = true;
    }
  for (auto Mine = Tested.begin(); Mine != Tested.end();) {
    auto Same = Other.Tested.find(Mine->first);
    if (Same == Other.Tested.end()) {
      Mine = Tested.erase(Mine);
      Changed = true;
      continue;
    }
    Changed |= unite(Mine->second, Same->second);
    ++Mine;
  }
  Changed |= WaitedUnder.unite(Other.WaitedUnder);
  size_t Before = WrittenUnder.size();
  WrittenUnder.eraseIf([&](const AccessPath &Lock) { return !Other.WrittenUnder.count(Lock); });
  return Changed || WrittenUnder.size() != Before;
}

template <typename Change> void Observations::forEachList(Change Apply) {
  for (auto &[Variable, Seen] : ByVariable)
    Apply(Seen);
  for (auto &[Branch, Seen] : Tested)
    Apply(Seen);
}

void Observations::close(const AccessPath &Lock) {
  WaitedUnder.erase(Lock);
  forEachList([&](ObservationList &Seen) {
    for (Observation &Each : Seen)
      for (auto Held = Each.Open.begin(); Held != Each.Open.end();) {
        if (!(Held->Path == Lock)) {
          ++Held;
          continue;
        }
        Each.Closed.push_back(*Held);
        Held = Each.Open.erase(Held);
      }
  });
}

void Observations::renamed(const AccessPath &Root) {
  if (!Root.isKnown() || empty())
    return;
  std::erase_if(ByVariable, [&](const auto &Entry) { return Entry.first.startsWith(Root); });
  forEachList([&](ObservationList &Seen) {
    std::erase_if(Seen, [&](const Observation &Each) {
      auto Concerns = [&](const HeldLock &Lock) { return Lock.Path.startsWith(Root); };
      return Each.Object.startsWith(Root) ||
             std::any_of(Each.Closed.begin(), Each.Closed.end(), Concerns);
    });
  });
}

void Observations::noteWrite(const Operation &Op) {
  const AccessPath &Path = Op.Path;
  bool IsPrivate = Path.root() == RootKind::Local || Path.root() == RootKind::Temporary;
  // A result that is handed out by reference is not what the lock guards.
  bool IsResult = Path.root() == RootKind::Parameter && Path.rootId() != 0 && Path.derefs() == 1;
  bool Claims = !(IsPrivate && Path.derefs() == 0) && !IsResult;
  if (Claims)
    for (const HeldLock &Lock : Op.Locks)
      WrittenUnder.insert(Lock.Path);
  // What was looked at decided for this write; for those that follow it counts as well.
  for (const auto &[Branch, Seen] : Tested)
    for (const Observation &Each : Seen)
      for (const HeldLock &Lock : Each.Open)
        if (Lock.Path.isKnown())
          WaitedUnder.insert(Lock.Path);
  forEachList([&](ObservationList &Seen) {
    std::erase_if(Seen, [&](const Observation &Each) {
      bool SameSection = std::any_of(Each.Open.begin(), Each.Open.end(), [&](const HeldLock &L) {
        return std::find(Op.Locks.begin(), Op.Locks.end(), L) != Op.Locks.end() &&
               (Claims || (L.Path.root() == Path.root() && L.Path.rootId() == Path.rootId()));
      });
      return SameSection || (!Each.isParameter() && Each.Object.overlaps(Path));
    });
  });
}

const ObservationList *Observations::of(const AccessPath &Variable) const {
  for (size_t Count = Variable.steps().size() + 1; Count-- > 0;)
    if (auto Known = ByVariable.find(Variable.prefix(Count)); Known != ByVariable.end())
      return &Known->second;
  return nullptr;
}

ObservationList Observations::deciding() const {
  ObservationList Result;
  for (const auto &[Branch, Seen] : Tested)
    unite(Result, Seen);
  return Result;
}

bool heddle::invalidates(const Operation &Other, const Operation &Act) {
  if (!Other.isWrite() || (Other.Flags & Atomic) || !Other.Path.overlaps(Act.Path))
    return false;
  // More elements do not hurt who takes one, nor fewer who adds one.
  constexpr uint64_t Directions = Inserts | Removes;
  uint64_t Mine = Act.Flags & Directions, Its = Other.Flags & Directions;
  return !Mine || !Its || Mine == Its;
}
