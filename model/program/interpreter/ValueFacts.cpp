// Facts about values, and which of the threads that may be running they speak against.
#include "model/program/interpreter/ValueFacts.h"

#include "model/program/interpreter/AbstractState.h"
#include "model/program/locks/LockState.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

static bool holds(int64_t Number, Relation How, int64_t Against) {
  return Bounds::exactly(Number).restrict(How, Against);
}

std::optional<ValueFact> ValueFact::from(const Judgement &Said) {
  ValueFact Result{Said.Subject, Said.How, Said.Against, {}};
  if (Said.What == Judgement::Assigned) {
    if (Said.Right == Judgement::Constant)
      Result.How = Relation::Equal;
    else if (Said.Right == Judgement::Address)
      Result = {Said.Subject, Relation::Differs, 0, {}};
    else
      return std::nullopt;
  } else if (Said.What == Judgement::Decided) {
    Result.Reads = Said.Reads;
  } else {
    return std::nullopt;
  }
  // The result of a call is another one the next time, and so may be what is computed from objects.
  bool IsOwn = llvm::all_of(Result.Reads, [](const AccessPath &Read) {
    return Read.isRootOnly() &&
           (Read.root() == RootKind::Local || Read.root() == RootKind::Parameter);
  });
  bool IsKept = Result.Subject.isKnown() && Result.Subject.root() != RootKind::Temporary;
  return IsOwn && IsKept ? std::optional(std::move(Result)) : std::nullopt;
}

bool ValueFact::excludes(const ValueFact &Other) const {
  if (!(Subject == Other.Subject))
    return false;
  if (How == Relation::Equal)
    return !holds(Against, Other.How, Other.Against);
  if (Other.How == Relation::Equal)
    return !holds(Other.Against, How, Against);
  return Against == Other.Against && opposite(How) == Other.How;
}

bool ValueFact::dependsOn(const AccessPath &Changed) const {
  return Subject.startsWith(Changed) ||
         llvm::any_of(Reads, [&](const AccessPath &Read) { return Read.startsWith(Changed); });
}

void AbstractState::forgetFacts(const AccessPath &Changed) {
  auto IsOld = [&](const ValueFact &Fact) { return Fact.dependsOn(Changed); };
  Facts.eraseIf(IsOld);
  Live.changeIf(
      [&](uint32_t, const LiveThread &Thread) { return llvm::any_of(Thread.Facts, IsOld); },
      [&](uint32_t, LiveThread &Thread) { Thread.Facts.eraseIf(IsOld); });
}

void AbstractState::learn(const Judgement &Said) {
  if (Said.What != Judgement::Decided)
    forgetFacts(Said.Subject);
  std::optional<ValueFact> New = ValueFact::from(Said);
  if (!New)
    return;
  // Where a thread could only run if it were otherwise, it has not been started or is over.
  Live.eraseIf([&](const auto &Entry) {
    return llvm::any_of(Entry.second.Facts,
                        [&](const ValueFact &Fact) { return Fact.excludes(*New); });
  });
  constexpr size_t MaxFacts = 16;
  if (Facts.size() < MaxFacts)
    Facts.insert(*New);
  auto CanLearn = [&](const LiveThread &Thread) {
    return Thread.Facts.size() < MaxFacts && !Thread.Facts.count(*New);
  };
  Live.changeIf([&](uint32_t, const LiveThread &Thread) { return CanLearn(Thread); },
                [&](uint32_t, LiveThread &Thread) { Thread.Facts.insert(*New); });
}
