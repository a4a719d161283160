#include "model/program/PrimitiveStates.h"

#include <algorithm>

using namespace heddle;

namespace {

PrimitiveState unclear() {
  PrimitiveState Lost;
  Lost.May = PrimitiveState::Unclear;
  return Lost;
}

bool isReachable(const AccessPath &Path) {
  return Path.root() != RootKind::Local || Path.derefs() > 0;
}

} // namespace

PrimitiveState PrimitiveStates::at(const AccessPath &Object) const {
  for (unsigned Count = Object.steps().size();; --Count) {
    if (auto Entry = Known.find(Object.prefix(Count)); Entry != Known.end())
      return Entry->second;
    // What a pointer leads to is another object.
    if (Count == 0 || Object.steps()[Count - 1].What == PathStep::Deref)
      return MetUnseen && isReachable(Object) ? unclear() : PrimitiveState();
  }
}

bool PrimitiveStates::knows(const AccessPath &Object) const {
  return !Known.empty() && (at(Object).May != PrimitiveState::AsBefore ||
                            std::any_of(Known.begin(), Known.end(), [&](const auto &Entry) {
                              return Entry.first.startsWith(Object);
                            }));
}

void PrimitiveStates::set(const AccessPath &Object, PrimitiveState State) {
  std::erase_if(Known, [&](const auto &Entry) {
    return Entry.first.startsWith(Object) && Entry.first.derefs() == Object.derefs();
  });
  Known[Object] = std::move(State);
}

void PrimitiveStates::fresh(const AccessPath &Root) {
  std::erase_if(Known, [&](const auto &Entry) { return Entry.first.startsWith(Root); });
}

void PrimitiveStates::forget(const AccessPath &Object) {
  if (!Object.isKnown())
    return;
  // Which element is meant is not known: it may be any.
  unsigned Count = 0;
  while (Count < Object.steps().size() && Object.steps()[Count].What != PathStep::Element)
    ++Count;
  AccessPath Whole = Object.prefix(Count);
  for (auto &[Path, State] : Known)
    if (Path.startsWith(Whole))
      State = unclear();
  set(Whole, unclear());
}

void PrimitiveStates::forgetReachable() {
  MetUnseen = true;
  for (auto &[Path, State] : Known)
    if (isReachable(Path))
      State = unclear();
}

void PrimitiveStates::nameOutcome(const AccessPath &Outcome, const AccessPath &Variable) {
  for (auto &[Path, State] : Known) {
    if (State.Outcome.isKnown() && State.KnownAs == Variable)
      State.Outcome = State.KnownAs = AccessPath(); // it holds something else from now on
    if (Outcome.isKnown() && State.Outcome == Outcome)
      State.KnownAs = Variable;
  }
}

void PrimitiveStates::noteOutcome(const AccessPath &Tested, bool HasWorked) {
  for (auto &[Path, State] : Known) {
    if (!State.Outcome.isKnown() || !(State.Outcome == Tested || State.KnownAs == Tested))
      continue;
    if (HasWorked)
      State.Outcome = State.KnownAs = AccessPath();
    else
      State = unclear();
  }
}

void PrimitiveStates::addAlias(const AccessPath &Holder, const AccessPath &Object) {
  for (auto &[Path, State] : Known) {
    if (!(State.May & PrimitiveState::NotYet) || !Path.startsWith(Object) ||
        Path.derefs() != Object.derefs())
      continue;
    bool IsFirst = Path.root() == RootKind::Heap && Path == Object && Holder.isRootOnly() &&
                   (Holder.root() == RootKind::Temporary ||
                    (Holder.root() == RootKind::Local &&
                     (!State.KnownAs.isKnown() || State.KnownAs == Holder)));
    if (!IsFirst)
      State.May = PrimitiveState::Unclear;
    else if (Holder.root() == RootKind::Local)
      State.KnownAs = Holder;
  }
}

bool PrimitiveStates::join(const PrimitiveStates &Other) {
  if (Known == Other.Known)
    return false;
  bool Changed = !MetUnseen && Other.MetUnseen;
  auto Merge = [&](PrimitiveState &Mine, const PrimitiveState &Theirs) {
    PrimitiveState Before = Mine;
    Mine.May |= Theirs.May;
    Mine.IsFreed |= Theirs.IsFreed;
    if (!Mine.Since.isValid())
      Mine.Since = Theirs.Since;
    if (!(Mine.Outcome == Theirs.Outcome))
      Mine.Outcome = AccessPath();
    if (!(Mine.KnownAs == Theirs.KnownAs))
      Mine.KnownAs = AccessPath();
    Changed |= !(Mine == Before);
  };
  std::vector<std::pair<AccessPath, PrimitiveState>> New;
  for (const auto &[Path, State] : Other.Known)
    if (!Known.count(Path))
      New.emplace_back(Path, at(Path));
  for (auto &[Path, State] : Known)
    Merge(State, Other.at(Path));
  for (auto &[Path, State] : New) {
    Merge(State, Other.Known.at(Path));
    Known[Path] = State;
    Changed = true;
  }
  MetUnseen |= Other.MetUnseen;
  return Changed;
}
