#include "model/program/interpreter/PrimitiveStates.h"

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

PrimitiveStates::Map &PrimitiveStates::change() {
  if (!Content)
    Content = std::make_shared<Map>();
  else if (Content.use_count() > 1)
    Content = std::make_shared<Map>(*Content);
  return *Content;
}

template <typename Predicate> void PrimitiveStates::loseIf(Predicate Loses) {
  std::vector<AccessPath> Lost;
  for (const auto &[Path, State] : all())
    if (!State.is(PrimitiveState::Unclear) && Loses(Path, State))
      Lost.push_back(Path);
  for (const AccessPath &Path : Lost)
    change()[Path] = unclear();
}

PrimitiveState PrimitiveStates::at(const AccessPath &Object) const {
  for (unsigned Count = Object.steps().size();; --Count) {
    if (Content)
      if (auto Entry = Content->find(Object.prefix(Count)); Entry != Content->end())
        return Entry->second;
    // What a pointer leads to is another object.
    if (Count == 0 || Object.steps()[Count - 1].What == PathStep::Deref)
      return MetUnseen && isReachable(Object) ? unclear() : PrimitiveState();
  }
}

bool PrimitiveStates::knows(const AccessPath &Object) const {
  return at(Object).May != PrimitiveState::AsBefore ||
         std::any_of(all().begin(), all().end(),
                     [&](const auto &Entry) { return Entry.first.startsWith(Object); });
}

void PrimitiveStates::set(const AccessPath &Object, PrimitiveState State) {
  if (auto Root = all().find(Object.prefix(0)); Root != all().end() && Root->second.HasTwins)
    return;
  if (State.is(PrimitiveState::Gone))
    Made.erase(Object);
  eraseIf([&](const AccessPath &Path) {
    return Path.startsWith(Object) && Path.derefs() == Object.derefs() && !(Path == Object);
  });
  if (auto Known = all().find(Object); Known == all().end() || !(Known->second == State))
    change()[Object] = State;
}

void PrimitiveStates::fresh(const AccessPath &Root) {
  eraseIf([&](const AccessPath &Path) { return Path.startsWith(Root); });
  if (Root.root() != RootKind::Heap)
    return;
  if (!Made.count(Root)) {
    Made.insert(Root);
    return;
  }
  PrimitiveState Several = unclear();
  Several.HasTwins = true;
  change()[Root] = Several;
}

void PrimitiveStates::forget(const AccessPath &Object) {
  if (!Object.isKnown())
    return;
  // Which element is meant is not known: it may be any.
  unsigned Count = 0;
  while (Count < Object.steps().size() && Object.steps()[Count].What != PathStep::Element)
    ++Count;
  AccessPath Whole = Object.prefix(Count);
  loseIf([&](const AccessPath &Path, const PrimitiveState &) { return Path.startsWith(Whole); });
  if (!(at(Whole) == unclear()))
    set(Whole, unclear());
}

void PrimitiveStates::forgetReachable() {
  MetUnseen = true;
  loseIf([&](const AccessPath &Path, const PrimitiveState &) { return isReachable(Path); });
}

void PrimitiveStates::nameOutcome(const AccessPath &Outcome, const AccessPath &Variable) {
  std::vector<AccessPath> Named, Replaced;
  for (const auto &[Path, State] : all()) {
    if (!State.Outcome.isKnown())
      continue;
    if (Outcome.isKnown() && State.Outcome == Outcome)
      Named.push_back(Path);
    else if (State.KnownAs == Variable) // it holds something else from now on
      Replaced.push_back(Path);
  }
  for (const AccessPath &Path : Named)
    change()[Path].KnownAs = Variable;
  for (const AccessPath &Path : Replaced)
    change()[Path].Outcome = change()[Path].KnownAs = AccessPath();
}

void PrimitiveStates::noteOutcome(const AccessPath &Tested, bool HasWorked) {
  auto Concerns = [&](const PrimitiveState &State) {
    return State.Outcome.isKnown() && (State.Outcome == Tested || State.KnownAs == Tested);
  };
  if (!HasWorked)
    return loseIf([&](const AccessPath &, const PrimitiveState &State) { return Concerns(State); });
  std::vector<AccessPath> Confirmed;
  for (const auto &[Path, State] : all())
    if (Concerns(State))
      Confirmed.push_back(Path);
  for (const AccessPath &Path : Confirmed)
    change()[Path].Outcome = change()[Path].KnownAs = AccessPath();
}

void PrimitiveStates::addAlias(const AccessPath &Holder, const AccessPath &Object) {
  auto Concerns = [&](const AccessPath &Path, const PrimitiveState &State) {
    return (State.May & PrimitiveState::NotYet) && Path.startsWith(Object) &&
           Path.derefs() == Object.derefs();
  };
  // The pointer that it came into being with leads nobody else there.
  auto IsFirst = [&](const AccessPath &Path, const PrimitiveState &State) {
    return Path.root() == RootKind::Heap && Path == Object && Holder.isRootOnly() &&
           (Holder.root() == RootKind::Temporary ||
            (Holder.root() == RootKind::Local &&
             (!State.KnownAs.isKnown() || State.KnownAs == Holder)));
  };
  loseIf([&](const AccessPath &Path, const PrimitiveState &State) {
    return Concerns(Path, State) && !IsFirst(Path, State);
  });
  auto Known = all().find(Object);
  if (Known != all().end() && Concerns(Object, Known->second) && Holder.root() == RootKind::Local &&
      !(Known->second.KnownAs == Holder))
    change()[Object].KnownAs = Holder;
}

bool PrimitiveStates::join(const PrimitiveStates &Other) {
  if (*this == Other)
    return false;
  auto Merged = [](PrimitiveState Mine, const PrimitiveState &Theirs) {
    Mine.May |= Theirs.May;
    Mine.IsFreed |= Theirs.IsFreed;
    Mine.HasTwins |= Theirs.HasTwins;
    if (!Mine.Since.isValid())
      Mine.Since = Theirs.Since;
    if (!(Mine.Outcome == Theirs.Outcome))
      Mine.Outcome = AccessPath();
    if (!(Mine.KnownAs == Theirs.KnownAs))
      Mine.KnownAs = AccessPath();
    return Mine;
  };
  std::vector<std::pair<AccessPath, PrimitiveState>> Both;
  auto Bring = [&](const AccessPath &Path, const PrimitiveState &Mine,
                   const PrimitiveState &Theirs) {
    if (PrimitiveState Now = Merged(Mine, Theirs); !(Now == Mine) || !all().count(Path))
      Both.emplace_back(Path, std::move(Now));
  };
  auto Their = Other.all().begin(), End = Other.all().end();
  for (const auto &[Path, State] : all()) {
    for (; Their != End && Their->first < Path; ++Their)
      Bring(Their->first, at(Their->first), Their->second);
    if (Their == End || !(Their->first == Path))
      Bring(Path, State, Other.at(Path));
    else if (const PrimitiveState &Theirs = (Their++)->second; !(Theirs == State))
      Bring(Path, State, Theirs);
  }
  for (; Their != End; ++Their)
    Bring(Their->first, at(Their->first), Their->second);
  for (auto &[Path, State] : Both)
    change()[Path] = std::move(State);
  bool Changed = !Both.empty() || (!MetUnseen && Other.MetUnseen);
  Changed |= Made.unite(Other.Made);
  MetUnseen |= Other.MetUnseen;
  return Changed;
}
