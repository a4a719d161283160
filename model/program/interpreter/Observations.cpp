#include "model/program/interpreter/Observations.h"

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

namespace {

bool isSame(const Observation &A, const Observation &B) {
  return A.Where == B.Where && A.Object == B.Object && A.ByBranch == B.ByBranch && A.Keys == B.Keys;
}

bool hasNoRepetition(const ObservationList &Seen) {
  for (size_t I = 0; I < Seen.size(); ++I)
    for (size_t J = 0; J < I; ++J)
      if (isSame(Seen[I], Seen[J]))
        return false;
  return true;
}

} // namespace

bool heddle::unite(ObservationList &Into, const ObservationList &Other) {
  constexpr size_t Most = 8;
  if (Other.empty() || Into.shares(Other) || Into == Other)
    return false;
  if (Into.empty() && Other.size() <= Most && hasNoRepetition(Other)) {
    Into = Other;
    return true;
  }
  bool Changed = false;
  for (const Observation &Seen : Other) {
    auto Known = std::find_if(Into.begin(), Into.end(),
                              [&](const Observation &Each) { return isSame(Each, Seen); });
    if (Known == Into.end()) {
      if (Into.size() < Most) {
        Into.push_back(Seen);
        Changed = true;
      }
      continue;
    }
    size_t Index = Known - Into.begin();
    // Held on one of the ways is held as far as a complaint would go.
    auto AddMissing = [&](std::vector<HeldLock> Observation::*Locks) {
      for (const HeldLock &Lock : Seen.*Locks) {
        const std::vector<HeldLock> &Mine = Into[Index].*Locks;
        if (std::find(Mine.begin(), Mine.end(), Lock) == Mine.end()) {
          (Into.change()[Index].*Locks).push_back(Lock);
          Changed = true;
        }
      }
    };
    AddMissing(&Observation::Open);
    AddMissing(&Observation::Closed);
  }
  return Changed;
}

bool Observations::join(const Observations &Other) {
  bool Changed = ByVariable.unite(Other.ByVariable, unite, MaxVariables);
  Changed |= Tested.intersect(Other.Tested, unite);
  Changed |= WaitedUnder.unite(Other.WaitedUnder);
  Changed |= WrittenUnder.intersect(Other.WrittenUnder);
  return Changed;
}

template <typename Predicate> void Observations::eraseIf(Predicate Drop) {
  auto Concerns = [&](const auto &, const ObservationList &Seen) {
    return std::any_of(Seen.begin(), Seen.end(), Drop);
  };
  auto Change = [&](const auto &, ObservationList &Seen) { Seen.eraseIf(Drop); };
  ByVariable.changeIf(Concerns, Change);
  Tested.changeIf(Concerns, Change);
}

void Observations::close(const AccessPath &Lock) {
  WaitedUnder.erase(Lock);
  auto IsLock = [&](const HeldLock &Held) { return Held.Path == Lock; };
  auto IsOpen = [&](const Observation &Each) {
    return std::any_of(Each.Open.begin(), Each.Open.end(), IsLock);
  };
  auto Concerns = [&](const auto &, const ObservationList &Seen) {
    return std::any_of(Seen.begin(), Seen.end(), IsOpen);
  };
  auto Close = [&](const auto &, ObservationList &Seen) {
    for (Observation &Each : Seen.change()) {
      std::copy_if(Each.Open.begin(), Each.Open.end(), std::back_inserter(Each.Closed), IsLock);
      std::erase_if(Each.Open, IsLock);
    }
  };
  ByVariable.changeIf(Concerns, Close);
  Tested.changeIf(Concerns, Close);
}

void Observations::renamed(const AccessPath &Root) {
  if (!Root.isKnown() || empty())
    return;
  ByVariable.eraseIf([&](const auto &Entry) { return Entry.first.startsWith(Root); });
  eraseIf([&](const Observation &Each) {
    auto Concerns = [&](const HeldLock &Lock) { return Lock.Path.startsWith(Root); };
    return Each.Object.startsWith(Root) ||
           std::any_of(Each.Closed.begin(), Each.Closed.end(), Concerns);
  });
}

void Observations::noteWrite(const AccessPath &Path, const std::vector<HeldLock> &Locks) {
  bool IsPrivate = Path.root() == RootKind::Local || Path.root() == RootKind::Temporary;
  // A result that is handed out by reference is not what the lock guards.
  bool IsResult = Path.root() == RootKind::Parameter && Path.rootId() != 0 && Path.derefs() == 1;
  bool Claims = !(IsPrivate && Path.derefs() == 0) && !IsResult;
  if (Claims)
    for (const HeldLock &Lock : Locks)
      WrittenUnder.insert(Lock.Path);
  // What was looked at decided for this write; for those that follow it counts as well.
  for (const auto &[Branch, Seen] : Tested)
    for (const Observation &Each : Seen)
      for (const HeldLock &Lock : Each.Open)
        if (Lock.Path.isKnown())
          WaitedUnder.insert(Lock.Path);
  eraseIf([&](const Observation &Each) {
    bool SameSection = std::any_of(Each.Open.begin(), Each.Open.end(), [&](const HeldLock &L) {
      return std::find(Locks.begin(), Locks.end(), L) != Locks.end() &&
             (Claims || (L.Path.root() == Path.root() && L.Path.rootId() == Path.rootId()));
    });
    return SameSection || (!Each.isParameter() && Each.Object.overlaps(Path));
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
