#include "model/program/locks/LockState.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace heddle;

Bounds Bounds::between(int64_t Low, int64_t High) {
  Bounds Result;
  Result.Low = Low;
  Result.High = High;
  Result.settle();
  return Result;
}

Bounds Bounds::truth(bool Yes, bool OnZero) {
  if (Yes == OnZero)
    return exactly(0);
  if (!OnZero)
    return exactly(1);
  Bounds Other;
  Other.restrict(Relation::Differs, 0);
  return Other;
}

bool Bounds::has(int64_t Number) const {
  return Low <= Number && Number <= High && Hole != Number &&
         (!isSmall(Number) || (Small >> Number & 1));
}

bool Bounds::settle() {
  uint64_t Within = ~0ULL;
  if (High < SmallEnd - 1)
    Within = High < 0 ? 0 : Within >> (SmallEnd - 1 - High);
  if (Low > 0)
    Within = Low < SmallEnd ? Within >> Low << Low : 0;
  Small &= Within;
  if (isSmall(Low))
    Low = Small ? llvm::countr_zero(Small) : SmallEnd;
  if (isSmall(High))
    High = Small ? SmallEnd - 1 - llvm::countl_zero(Small) : -1;
  if (Hole && (*Hole < Low || *Hole > High))
    Hole.reset();
  if (Hole && *Hole == Low && Low < Most) {
    ++Low;
    Hole.reset();
  } else if (Hole && *Hole == High && High > Least) {
    --High;
    Hole.reset();
  }
  return Low <= High;
}

bool Bounds::restrict(Relation How, int64_t Against) {
  switch (How) {
  case Relation::Equal:
    if (!has(Against))
      return false;
    Low = High = Against;
    break;
  case Relation::Differs:
    if (Low == Against && High == Against)
      return false;
    if (isSmall(Against))
      Small &= ~(1ULL << Against);
    else if (Low == Against && Low < Most)
      ++Low;
    else if (High == Against && High > Least)
      --High;
    else if (Low < Against && Against < High)
      Hole = Against;
    break;
  case Relation::Less:
    if (Against == Least)
      return false;
    High = std::min(High, Against - 1);
    break;
  case Relation::LessEqual:
    High = std::min(High, Against);
    break;
  case Relation::Greater:
    if (Against == Most)
      return false;
    Low = std::max(Low, Against + 1);
    break;
  case Relation::GreaterEqual:
    Low = std::max(Low, Against);
    break;
  }
  return Low <= High && settle();
}

Relation heddle::opposite(Relation How) {
  switch (How) {
  case Relation::Equal:
    return Relation::Differs;
  case Relation::Differs:
    return Relation::Equal;
  case Relation::Less:
    return Relation::GreaterEqual;
  case Relation::GreaterEqual:
    return Relation::Less;
  case Relation::Greater:
    return Relation::LessEqual;
  case Relation::LessEqual:
    return Relation::Greater;
  }
  llvm_unreachable("all relations are listed");
}

void Bounds::widen(const Bounds &Other) {
  // A hole stays where neither side has the number.
  std::optional<int64_t> Both;
  for (std::optional<int64_t> Candidate : {Hole, Other.Hole})
    if (Candidate && !Both && !has(*Candidate) && !Other.has(*Candidate))
      Both = Candidate;
  Low = std::min(Low, Other.Low);
  High = std::max(High, Other.High);
  Small |= Other.Small;
  Hole = Both && Low < *Both && *Both < High ? Both : std::nullopt;
}

void Bounds::dropMoved(const Bounds &Before) {
  if (Low != Before.Low)
    Low = Least;
  if (High != Before.High)
    High = Most;
  // Which of the numbers matters no more, but for zero.
  if (Small != Before.Small)
    Small |= ~1ULL;
  settle();
}

void Bounds::shift(int64_t By) {
  Bounds Before = *this;
  bool RunsOver = Low != Least && llvm::AddOverflow(Low, By, Low);
  RunsOver |= High != Most && llvm::AddOverflow(High, By, High);
  RunsOver |= Hole && llvm::AddOverflow(*Hole, By, *Hole);
  if (RunsOver) {
    *this = Bounds();
    return;
  }
  if (!Hole && Before.Low < 0 && Before.High > 0 && !Before.has(0))
    Hole = By;
  Small = 0;
  for (int64_t Number = 0; Number < SmallEnd; ++Number) {
    int64_t Was;
    if (Hole != Number && !llvm::SubOverflow(Number, By, Was) && (!isSmall(Was) || Before.has(Was)))
      Small |= 1ULL << Number;
  }
  if (Hole && isSmall(*Hole))
    Hole.reset();
  settle();
}

bool Bounds::meets(const Bounds &Other) const {
  if (Small & Other.Small)
    return true;
  auto MeetsWithin = [&](int64_t From, int64_t To) {
    From = std::max({From, Low, Other.Low});
    To = std::min({To, High, Other.High});
    return From < To || (From == To && has(From) && Other.has(From));
  };
  return MeetsWithin(Least, -1) || MeetsWithin(SmallEnd, Most);
}

bool Bounds::implies(const Bounds &Other) const {
  return Other.Low <= Low && High <= Other.High && !(Small & ~Other.Small) &&
         (!Other.Hole || !has(*Other.Hole));
}

bool heddle::isSharedMemory(const AccessPath &Path) {
  return Path.root() == RootKind::Global || Path.root() == RootKind::Capture || Path.derefs() > 0;
}

bool heddle::widened(Bounds &Mine, const Bounds &Theirs) {
  Bounds Before = Mine;
  Mine.widen(Theirs);
  return !(Mine == Before);
}

/// What both ways know.
static KnownValue common(const KnownValue &Mine, const KnownValue &Theirs) {
  KnownValue Both = Mine;
  Both.Range.widen(Theirs.Range);
  Both.Ones = Mine.ones() & Theirs.ones();
  if (!(Mine.Took == Theirs.Took))
    Both.Took = {};
  if (!Mine.asksSame(Theirs))
    Both.Asked = {};
  if (Mine.From != Theirs.From)
    Both.From = InvalidId;
  if (Mine.To != Theirs.To)
    Both.To = InvalidId;
  Both.IsCaptured |= Theirs.IsCaptured;
  return Both;
}

bool LockState::joinValues(const SharedMap<AccessPath, KnownValue> &Others, bool Widens) {
  // What is captured on one of the ways is so; of all else both have to know something.
  return Values.merge(Others, [&](const KnownValue *Mine, const KnownValue *Theirs) {
    KnownValue Both;
    if (Mine && Theirs) {
      Both = common(*Mine, *Theirs);
      if (Widens)
        Both.Range.dropMoved(Mine->Range);
    } else {
      Both.IsCaptured = (Mine ? Mine : Theirs)->IsCaptured;
    }
    return Both.isIdle() ? std::nullopt : std::optional(std::move(Both));
  });
}

bool LockState::join(const LockState &Other, bool Widens) {
  bool Changes = Names.join(Other.Names);
  for (auto &[Path, Fact] : Locks) {
    const LockFact &Theirs = Other.Locks.at(Path);
    Changes |= (Theirs.Blurred && !Fact.Blurred) || (Theirs.IsNoProof && !Fact.IsNoProof);
    Fact.Blurred |= Theirs.Blurred;
    Fact.IsNoProof |= Theirs.IsNoProof;
  }
  Changes |= joinValues(Other.Values, Widens);
  Changes |= Entry.intersect(Other.Entry, widened);
  Changes |= Entry.eraseIf([](const auto &Known) { return Known.second.isAnything(); });
  Changes |= Changed.unite(Other.Changed);
  Changes |= Exposed.unite(Other.Exposed);
  Changes |= Other.Blurred && !Blurred;
  Blurred |= Other.Blurred;
  Changes |= Other.HoldsUnnamed && !HoldsUnnamed;
  HoldsUnnamed |= Other.HoldsUnnamed;
  return Changes;
}

void LockState::rename(const AccessPath &From, const AccessPath &To) {
  auto Each = [&](auto &Map) {
    std::remove_reference_t<decltype(Map)> Moved;
    for (auto Entry = Map.begin(); Entry != Map.end();) {
      if (!Entry->first.startsWith(From)) {
        ++Entry;
        continue;
      }
      AccessPath New = Entry->first.rebased(To, From.steps().size());
      if (New.isKnown())
        Moved.emplace(New, std::move(Entry->second));
      Entry = Map.erase(Entry);
    }
    for (auto &[Path, Content] : Moved)
      Map.insert_or_assign(Path, std::move(Content));
  };
  Each(Locks);
  Each(Guards);
  if (llvm::any_of(Values, [&](const auto &Entry) { return Entry.first.startsWith(From); })) {
    SharedMap<AccessPath, KnownValue> Moved;
    for (const auto &[Path, Known] : Values)
      if (Path.startsWith(From)) {
        if (AccessPath New = Path.rebased(To, From.steps().size()); New.isKnown())
          Moved[New] = Known;
      } else if (!Moved.count(Path)) {
        Moved[Path] = Known;
      }
    Values = std::move(Moved);
  }
  SharedMap<AccessPath, Value> Pointers;
  for (const auto &[Path, Held] : Names.Pointers) {
    Value Now = Held;
    if (Now.Path.startsWith(From))
      Now.Path = Now.Path.rebased(To, From.steps().size());
    AccessPath New = Path.startsWith(From) ? Path.rebased(To, From.steps().size()) : Path;
    if (New.isKnown())
      Pointers[New] = std::move(Now);
  }
  Names.Pointers = std::move(Pointers);
  for (auto &[Path, Guard] : Guards)
    for (AccessPath &Lock : Guard.Locks)
      if (Lock.startsWith(From))
        Lock = Lock.rebased(To, From.steps().size());
}

void LockState::store(const AccessPath &Where, Value Held) {
  if (!Where.isKnown())
    return;
  bool IsAsGiven = !Names.Pointers.count(Where);
  // What was named through the variable is named through another one that holds the same.
  AccessPath Behind = Where.deref();
  AccessPath Self = Held.What == Value::Load ? Held.Path : AccessPath();
  if (Self == Where)
    return;
  while (true) {
    auto Alias = llvm::find_if(Names.Pointers, [&](const auto &Entry) {
      const Value &V = Entry.second;
      bool Leads = V.What == Value::Load && (V.Path == Where || V.Path.startsWith(Behind));
      return Leads && !Entry.first.startsWith(Where);
    });
    if (Alias == Names.Pointers.end())
      break;
    AccessPath Other = Alias->first, Meant = Alias->second.Path;
    Names.Pointers.erase(Other);
    if (Held.What == Value::Load && Held.Path == Meant)
      Held.Path = Other;
    else if (Held.Path.startsWith(Meant.deref()))
      Held.Path = Held.Path.rebased(Other.deref(), Meant.steps().size() + 1);
    Names.Pointers.changeIf(
        [&](const AccessPath &, const Value &Also) {
          return Also.What == Value::Load && Also.Path == Meant;
        },
        [&](const AccessPath &, Value &Also) { Also.Path = Other; });
    rename(Meant.deref(), Other.deref());
  }
  // The rest can no longer be named.
  auto IsLost = [&](const AccessPath &Path) { return Path.startsWith(Behind); };
  HoldsUnnamed |= llvm::any_of(Locks, [&](const auto &Entry) {
    return IsLost(Entry.first) && Entry.second.State == LockFact::Held;
  });
  // But what the caller had there has been given back.
  std::map<AccessPath, LockFact> GivenBack;
  for (const auto &[Path, Fact] : Locks)
    if (IsAsGiven && IsLost(Path) && Fact.State == LockFact::Free && Fact.FromCaller &&
        Path.isPrecise() && !Path.isAtEntry())
      GivenBack[Path.atEntry()] = Fact;
  std::erase_if(Locks,
                [&](const auto &Entry) { return IsLost(Entry.first) && !Entry.first.isAtEntry(); });
  Locks.merge(GivenBack);
  Values.eraseIf([&](const auto &Entry) { return IsLost(Entry.first); });
  std::erase_if(Guards, [&](const auto &Entry) {
    return IsLost(Entry.first) || llvm::any_of(Entry.second.Locks, IsLost);
  });
  Names.Pointers.changeIf(
      [&](const AccessPath &, const Value &Also) {
        return Also.Path.startsWith(Behind) || (Also.What == Value::Load && Also.Path == Where);
      },
      [](const AccessPath &, Value &Also) { Also = Value(); });
  if (Held.Path.startsWith(Behind) || (Held.What == Value::Load && Held.Path == Where))
    Held = Value();
  Names.Pointers.eraseIf([&](const auto &Entry) { return Entry.first.startsWith(Where); });
  Names.Pointers[Where] = std::move(Held);
}

void LockState::fresh(const AccessPath &Root) {
  // What the variable of the last round led to may have another name by now.
  if (Root.isRootOnly())
    store(Root, Value());
  auto IsOf = [&](const AccessPath &Path) { return Path.startsWith(Root); };
  std::erase_if(Locks, [&](const auto &Entry) { return IsOf(Entry.first); });
  std::erase_if(Guards, [&](const auto &Entry) { return IsOf(Entry.first); });
  Values.eraseIf([&](const auto &Entry) { return IsOf(Entry.first); });
  Names.Pointers.eraseIf(
      [&](const auto &Entry) { return IsOf(Entry.first) || IsOf(Entry.second.Path); });
  Exposed.eraseIf(IsOf);
}

void LockState::assign(const AccessPath &Subject, KnownValue Known) {
  if (!Subject.isKnown())
    return;
  Changed.insert(Subject);
  if (auto Old = Values.find(Subject); Old != Values.end())
    Known.IsCaptured |= Old->second.IsCaptured;
  forgetValues([&](const AccessPath &Path, const KnownValue &Other) {
    return Path.startsWith(Subject) || llvm::any_of(Other.Reads, [&](const AccessPath &Read) {
             return Read.startsWith(Subject) || (!Read.isPrecise() && Read.overlaps(Subject));
           });
  });
  if (!Known.isIdle())
    Values[Subject] = std::move(Known);
}

Bounds LockState::valueOf(const AccessPath &Path) const {
  auto Known = Values.find(resolve(Path));
  return Known == Values.end() ? Bounds() : Known->second.Range;
}

void LockState::assign(const Judgement &J) {
  AccessPath Subject = resolve(J.Subject);
  assign(Subject, assigned(J, Subject));
}

KnownValue LockState::assigned(const Judgement &J, const AccessPath &Subject) const {
  KnownValue New;
  if (J.What == Judgement::Captured) {
    if (auto Known = Values.find(Subject); Known != Values.end())
      New = Known->second;
    New.IsCaptured = true;
    return New;
  }
  bool IsChange = J.Right == Judgement::Shifted || J.Right == Judgement::WithBits;
  AccessPath From = IsChange ? Subject : resolve(J.From);
  auto Source = Values.find(From);
  bool IsKnown = Source != Values.end();
  switch (J.Right) {
  case Judgement::Unknown:
    break;
  case Judgement::Constant:
    New.Range = Bounds::exactly(J.Against);
    break;
  case Judgement::Address:
    New.Range = Bounds::truth(false, /*OnZero=*/true);
    break;
  case Judgement::Copy:
    if (IsKnown) {
      New = Source->second;
      New.IsCaptured = false;
      New.From = New.To = InvalidId;
    }
    break;
  case Judgement::Shifted:
    if (IsKnown) {
      New.Range = Source->second.Range;
      New.Range.shift(J.Against);
    }
    break;
  case Judgement::WithBits:
    New.Ones = static_cast<uint64_t>(J.Against) | (IsKnown ? Source->second.ones() : 0);
    New.Range = IsKnown && Source->second.Range.isOne()
                    ? Bounds::exactly(Source->second.Range.Low | J.Against)
                    : Bounds::truth(false, /*OnZero=*/true);
    break;
  case Judgement::Truth:
    New.Range = Bounds::between(0, 1);
    if (IsKnown) {
      Bounds Left = Source->second.Range, Meant;
      if (!Left.restrict(J.How, J.Against))
        New.Range = Bounds::exactly(0);
      Meant.restrict(J.How, J.Against);
      if (Source->second.Range.implies(Meant))
        New.Range = Bounds::exactly(1);
    }
    // What it was itself, nobody can ask any more.
    if (From.isKnown() && From.isPrecise() && !From.overlaps(Subject) &&
        llvm::none_of(J.Reads, [&](const AccessPath &P) { return resolve(P).overlaps(Subject); })) {
      New.Asked = From;
      New.How = J.How;
      New.Against = J.Against;
      New.Reads = {From};
      for (const AccessPath &Read : J.Reads)
        New.Reads.push_back(resolve(Read));
    }
    break;
  }
  return New;
}

bool LockState::decideAnswers(const AccessPath &Subject) {
  Bounds Now = Values.find(Subject)->second.Range;
  bool IsPossible = true;
  auto Asks = [&](const AccessPath &, const KnownValue &Answer) { return Answer.Asked == Subject; };
  Values.changeIf(Asks, [&](const AccessPath &, KnownValue &Answer) {
    Bounds Meant;
    bool IsAny = Meant.restrict(Answer.How, Answer.Against);
    bool Yes = IsAny && Now.implies(Meant), No = !IsAny || !Now.meets(Meant);
    if (!Yes && !No)
      return;
    IsPossible &= Answer.Range.meets(Bounds::exactly(Yes ? 1 : 0));
    Answer.Range = Bounds::exactly(Yes ? 1 : 0);
  });
  return IsPossible;
}

bool LockState::decide(const Judgement &J, uint32_t From, uint32_t To, const ConditionParts &Parts,
                       unsigned Depth) {
  if (++Depth > MaxDepth)
    return true;
  if (auto Masked = Values.find(resolve(J.From)); J.Mask && Masked != Values.end()) {
    if (!Masked->second.masked(J.Mask).restrict(J.How, J.Against))
      return false;
  }
  bool IsComputed = J.Subject.root() == RootKind::Return;
  AccessPath Subject = IsComputed ? J.Subject : resolve(J.Subject);
  if (!Subject.isKnown() || !Subject.isPrecise())
    return true;
  KnownValue &Known = Values[Subject];
  bool IsNew = Known.Range.isAnything();
  // Where a pointer of the function's own leads says whether it is null; allocations may fail.
  if (auto Held = Names.Pointers.find(Subject);
      IsNew && !isSharedMemory(Subject) && Held != Names.Pointers.end() &&
      (Held->second.What == Value::Null ||
       (Held->second.What == Value::PointsTo && Held->second.Path.root() != RootKind::Heap)))
    Known.Range = Bounds::truth(Held->second.What == Value::Null, /*OnZero=*/true);
  Bounds Before = Known.Range;
  if (!Known.Range.restrict(J.How, J.Against)) {
    if (Known.From != From)
      return false;
    // Asked again at the same place: others have changed it meanwhile.
    Known.Range = Bounds();
    Known.Range.restrict(J.How, J.Against);
    IsNew = true;
  }
  if (IsNew || !(Before == Known.Range)) {
    Known.From = From;
    Known.Reads.clear();
    for (const AccessPath &Read : J.Reads)
      Known.Reads.push_back(resolve(Read));
    if (Known.Asked.isKnown())
      Known.Reads.push_back(Known.Asked);
  }
  Known.To = To; // what has just been asked decides here, even if the answer was known before
  AccessPath Took = Known.Took;
  KnownValue Asked = Known;
  bool Failed = Known.Range.excludesZero(), IsZero = Known.Range == Bounds::exactly(0);
  bool IsGiven = Subject.root() == RootKind::Parameter || IsComputed || isSharedMemory(Subject);
  bool IsAsGiven = !Changed.count(Subject) &&
                   std::none_of(Known.Reads.begin(), Known.Reads.end(),
                                [&](const AccessPath &Read) { return Changed.count(Read); });
  // Whether a lock was got is nothing that the caller gave.
  // That a disjunction does not hold, its parts say, and callers understand them.
  bool IsSaid = Subject.isWholeCondition() && IsZero;
  if (IsGiven && IsAsGiven && !Took.isKnown() && !IsSaid)
    Entry[Subject].restrict(J.How, J.Against);
  if (Took.isKnown() && Failed)
    lose(Took);
  // An answer that is looked at tells of what was asked, and the other way round.
  bool IsAnswer = Asked.Asked.isKnown() && (Failed || IsZero);
  Judgement Meant;
  Meant.What = Judgement::Decided;
  Meant.Subject = Asked.Asked;
  Meant.How = Failed ? Asked.How : opposite(Asked.How);
  Meant.Against = Asked.Against;
  if (!decideAnswers(Subject) || (IsAnswer && !decide(Meant, From, To, Parts, Depth)))
    return false;
  auto Whole = Subject.isWholeCondition() && IsZero ? Parts.find(Subject.rootId()) : Parts.end();
  return Whole == Parts.end() || llvm::all_of(Whole->second, [&](Judgement Part) {
           Part.How = opposite(Part.How);
           return decide(Part, From, To, Parts, Depth);
         });
}

void LockState::forgetValues(ValuePredicate Which) {
  Values.changeIf([&](const AccessPath &Path,
                      const KnownValue &Known) { return Known.IsCaptured && Which(Path, Known); },
                  [](const AccessPath &, KnownValue &Known) {
                    Known = KnownValue();
                    Known.IsCaptured = true;
                  });
  Values.eraseIf([&](const auto &Entry) {
    return !Entry.second.IsCaptured && Which(Entry.first, Entry.second);
  });
}

void LockState::dropShared(uint32_t Block, const AccessPath &Taken) {
  auto IsOfOther = [&](const AccessPath &Path) {
    return Taken.root() == RootKind::Parameter && Path.root() == RootKind::Parameter &&
           Taken.derefs() == 1 && Path.derefs() == 1 && Taken.rootId() != Path.rootId();
  };
  auto IsShared = [&](const AccessPath &Path) { return isSharedMemory(Path) && !IsOfOther(Path); };
  forgetValues([&](const AccessPath &Path, const KnownValue &Known) {
    return Known.To != Block &&
           (Known.IsCaptured || IsShared(Path) || llvm::any_of(Known.Reads, IsShared));
  });
}

void LockState::dropSetInClosures() {
  forgetValues([](const AccessPath &, const KnownValue &Known) {
    return Known.IsCaptured && Known.To == InvalidId;
  });
}

void LockState::lookBehindPointers(const AccessPath &Object) {
  for (unsigned I = Object.steps().size(); I-- > 0;)
    if (Object.steps()[I].What == PathStep::Deref)
      if (AccessPath Pointer = Object.prefix(I); Pointer.isKnown() && Pointer.isPrecise())
        Values[Pointer].Range.restrict(Relation::Differs, 0);
}

void LockState::lose(const AccessPath &Lock) {
  if (!Lock.isKnown())
    return;
  LockFact &Fact = Locks[Lock];
  Fact = LockFact();
}

void LockState::expose(const AccessPath &Object) {
  if (!Object.isKnown())
    return;
  Exposed.insert(AccessPath(Object.root(), Object.rootId()));
  for (auto &[Path, Fact] : Locks)
    if (Path.startsWith(Object))
      Fact = LockFact();
  std::erase_if(Guards, [&](const auto &Entry) {
    if (!Entry.first.startsWith(Object))
      return false;
    for (const AccessPath &Lock : Entry.second.Locks)
      lose(Lock);
    return true;
  });
  forgetValues([&](const AccessPath &Path, const KnownValue &) { return Path.startsWith(Object); });
  Names.forget(Object);
}

void LockState::blur() {
  Blurred = true;
  for (auto &[Path, Fact] : Locks)
    Fact.Blurred = true;
}
