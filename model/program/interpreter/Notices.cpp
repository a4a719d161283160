// Who finds a flag set under a lock comes after what was done before it was set under that lock.
#include "model/program/interpreter/AfterBlocks.h"
#include "model/program/interpreter/FunctionInterpreter.h"

#include "llvm/ADT/STLExtras.h"

#include <functional>

using namespace heddle;

bool Notice::allows(int64_t Value) const {
  if (!HasNumber)
    return true;
  switch (What) {
  case Equal:
    return Value == Number;
  case Other:
    return Value != Number;
  case AtLeast:
    return Value >= Number;
  case AtMost:
    return Value <= Number;
  default:
    return false;
  }
}

bool Notice::isSame(const Notice &Other) const {
  return Flag == Other.Flag && Lock == Other.Lock && What == Other.What &&
         HasNumber == Other.HasNumber && Number == Other.Number;
}

namespace {

/// Whether who finds this has to come after who did that. Where zero is found, it may have been
/// there from the start, if who tells has set the flag first; `IsSecond`: that is known not to be
/// so.
bool proves(const Notice &Told, const Notice &Found, bool IsSecond) {
  bool IsClear = Found.allows(0) && (Told.IsReset && !IsSecond);
  switch (Told.What) {
  case Notice::Stored:
    return Told.HasNumber && Found.HasNumber && !Told.IsMany && Found.allows(Told.Number) &&
           !IsClear;
  // A count that goes away from what was found does not lead there. That one of several has
  // counted says nothing of the others, unless the count is one that all of them make up.
  case Notice::Raised:
    switch (Found.What) {
    case Notice::Equal:
    case Notice::AtLeast:
      return !Found.HasNumber || (Found.Number > (Told.IsMany ? 1 : 0));
    case Notice::Other:
      return Found.Number == 0 && !Told.IsMany;
    default:
      return false;
    }
  case Notice::Lowered:
    return (Found.What == Notice::Equal || Found.What == Notice::AtMost) && !IsClear;
  default:
    return false;
  }
}

enum class Proof { None, Later, Once };

Proof proof(const NoticeSet &Told, const NoticeSet &Noticed, bool IsSecond) {
  Proof Best = Proof::None;
  for (const Notice &Each : Told)
    for (const Notice &Found : Noticed)
      if (Each.Flag == Found.Flag && Each.Lock == Found.Lock && Each.Flag.isPrecise() &&
          Each.Lock.isPrecise() && proves(Each, Found, IsSecond))
        Best = std::max(Best, Each.IsAgain ? Proof::Later : Proof::Once);
  return Best;
}

bool intersectNoticed(FlagSource &Mine, const FlagSource &Theirs) {
  return Mine.Noticed.intersect(Theirs.Noticed);
}

bool uniteSources(FlagSources &Mine, const FlagSources &Theirs) {
  constexpr size_t Most = 4;
  if (Mine.shares(Theirs) || Mine == Theirs)
    return false;
  FlagSources Both = Mine;
  for (const FlagSource &Each : Theirs) {
    auto Known = llvm::find_if(Both, [&](const FlagSource &S) { return S.isSame(Each); });
    if (Known == Both.end())
      Both.push_back(Each);
    else
      intersectNoticed(Both.change()[Known - Both.begin()], Each);
  }
  if (Both.size() > Most)
    Both = {FlagSource()};
  if (Both == Mine)
    return false;
  Mine = std::move(Both);
  return true;
}

/// May sets are cut off: what is missing orders nothing.
bool uniteSome(NoticeSet &Mine, const NoticeSet &Theirs) {
  if (Mine.empty() && Theirs.size() <= Notices::Most)
    return Mine.unite(Theirs);
  bool Changed = false;
  for (const Notice &Each : Theirs)
    if (Mine.size() < Notices::Most)
      Changed |= Mine.insert(Each);
  return Changed;
}

} // namespace

bool heddle::isToldOnce(const NoticeSet &Told, const NoticeSet &Noticed) {
  return proof(Told, Noticed, false) == Proof::Once;
}

bool heddle::areOrderedByNotice(const NoticeSet &ToldByA, const NoticeSet &NoticedByA,
                                const NoticeSet &ToldByB, const NoticeSet &NoticedByB) {
  Proof Forth = proof(ToldByA, NoticedByB, false);
  Proof Back = proof(ToldByB, NoticedByA, false);
  if (Forth == Proof::Once || Back == Proof::Once)
    return true;
  return (Forth == Proof::Later && proof(ToldByB, NoticedByA, true) != Proof::None) ||
         (Back == Proof::Later && proof(ToldByA, NoticedByB, true) != Proof::None);
}

bool Notices::join(const Notices &Other) {
  bool Changed = false;
  if (IsImpossible && !Other.IsImpossible) {
    Noticed = Other.Noticed;
    IsImpossible = false;
    Changed = true;
  } else if (IsImpossible == Other.IsImpossible) {
    Changed = Noticed.intersect(Other.Noticed);
  }
  Changed |= uniteSome(Told, Other.Told);
  Changed |= uniteSome(Writing, Other.Writing);
  Changed |= Raised.unite(Other.Raised);
  Changed |= Sources.intersect(Other.Sources, uniteSources);
  return Changed;
}

void Notices::renamed(const AccessPath &Root) {
  if (!Root.isKnown())
    return;
  auto Concerns = [&](const Notice &Each) {
    return Each.Flag.startsWith(Root) || Each.Lock.startsWith(Root);
  };
  for (NoticeSet *Set : {&Noticed, &Told, &Writing})
    Set->eraseIf(Concerns);
  Raised.eraseIf([&](const AccessPath &Flag) { return Flag.startsWith(Root); });
  Sources.eraseIf([&](const auto &Entry) {
    return Entry.first.startsWith(Root) || llvm::any_of(Entry.second, [&](const FlagSource &Each) {
             return Each.Object.startsWith(Root) || llvm::any_of(Each.Noticed, Concerns);
           });
  });
}

void Notices::notice(const Notice &Found) {
  if (Noticed.size() < Most && Found.Flag.isKnown())
    Noticed.insert(Found);
}

void Notices::notice(const NoticeSet &Found) {
  for (const Notice &Each : Found)
    notice(Each);
}

void Notices::test(const AccessPath &Variable, const Notice &Found) {
  auto Known = Sources.find(Variable);
  if (Known == Sources.end())
    return;
  std::optional<NoticeSet> Common;
  for (const FlagSource &Each : Known->second) {
    if (Each.What == FlagSource::Constant && !Found.allows(Each.Number))
      continue;
    NoticeSet Says = Each.Noticed;
    if (Each.What == FlagSource::Read)
      for (const AccessPath &Lock : Each.Locks) {
        Notice Read = Found;
        Read.Flag = Each.Object;
        Read.Lock = Lock;
        Says.insert(Read);
      }
    if (Common)
      Common->intersect(Says);
    else
      Common = std::move(Says);
  }
  if (Common)
    notice(*Common);
  else
    IsImpossible = true;
}

bool FunctionInterpreter::isPointedTo(const AccessPath &Variable) {
  if (Variable.root() != RootKind::Local)
    return false;
  if (!PointedTo) {
    PointedTo.emplace();
    std::function<void(const Value &)> Look = [&](const Value &V) {
      if (V.What == Value::PointsTo && V.Path.root() == RootKind::Local)
        PointedTo->insert(V.Path.rootId());
      llvm::for_each(V.Bound, Look);
    };
    for (const Block &B : Function.Blocks)
      for (const Event &E : B.Events)
        llvm::for_each(E.Values, Look);
  }
  return PointedTo->count(Variable.rootId());
}

void FunctionInterpreter::noteSource(AbstractState &State, const Event &E) {
  if (isPointedTo(E.Path))
    return;
  FlagSource Source;
  Source.Noticed = State.Notes.Noticed;
  if (E.Values[0].What == Value::Constant) {
    Source.What = FlagSource::Constant;
    Source.Number = E.Values[0].Number;
  } else if (E.Values[0].What == Value::Load && !E.has(Atomic)) {
    const AccessPath &From = E.Values[0].Path;
    if (auto Known = State.Notes.Sources.find(From); Known != State.Notes.Sources.end()) {
      FlagSources Copy = Known->second;
      State.Notes.Sources[E.Path] = std::move(Copy);
      return;
    }
    Source.Object = State.resolve(From);
    if (Source.Object.isKnown()) {
      Source.What = FlagSource::Read;
      for (const HeldLock &Lock : State.certainlyHeld())
        Source.Locks.insert(Lock.Path);
    }
  }
  State.Notes.Sources[E.Path] = {std::move(Source)};
}

void FunctionInterpreter::noteFound(AbstractState &State, const Event &E) {
  Notice Found;
  const Value *Number = nullptr;
  if (E.Kind == EventKind::Found) {
    Found.What = E.has(Differs) ? Notice::Other : Notice::Equal;
    Number = &E.Values[0];
  } else {
    if (!E.Path.isKnown())
      return;
    Found.What = E.has(Raises) ? Notice::AtLeast : E.has(Lowers) ? Notice::AtMost : Notice::Equal;
    if (!E.Values[0].Bound.empty())
      Number = &E.Values[0].Bound[0];
  }
  if (E.has(Atomic))
    return;
  if (Number) {
    Found.HasNumber = true;
    Found.Number = Number->Number;
  }
  State.Notes.test(E.Path, Found);
  Found.Flag = State.resolve(E.Path);
  // What a wait asks with its lock held is a lambda, which does not see the lock.
  if (Function.IsLambda && State.Held.empty() && isVisibleOutside(Found.Flag))
    State.Notes.notice(Found);
  for (const HeldLock &Lock : State.certainlyHeld()) {
    Found.Lock = Lock.Path;
    State.Notes.notice(Found);
  }
}

NoticeSet FunctionInterpreter::foundUnderLocks(const AbstractState &State, const NoticeSet &Found) {
  auto IsOpen = [](const Notice &Each) { return !Each.Lock.isKnown(); };
  if (State.Held.empty() || llvm::none_of(Found, IsOpen))
    return Found;
  NoticeSet Result;
  for (Notice Each : Found) {
    if (!IsOpen(Each)) {
      Result.insert(Each);
      continue;
    }
    for (const HeldLock &Lock : State.certainlyHeld()) {
      Each.Lock = Lock.Path;
      Result.insert(Each);
    }
  }
  return Result;
}

void FunctionInterpreter::noteFlagChanged(AbstractState &State, const Event &E,
                                          const AccessPath &Path) {
  if (Path.root() == RootKind::Local)
    State.Notes.Sources.erase(E.Path);
  Notice Change;
  Change.Flag = Path;
  if (E.has(Raises | Lowers)) {
    Change.What = E.has(Raises) ? Notice::Raised : Notice::Lowered;
  } else if (E.Kind == EventKind::Write && E.has(FixedValue)) {
    bool IsNamed = !E.Values.empty() && E.Values[0].What == Value::Constant;
    if (!IsNamed && !E.has(ZeroValue))
      return;
    Change.HasNumber = true;
    Change.Number = IsNamed ? E.Values[0].Number : 0;
  } else {
    return;
  }
  if (E.has(Atomic) || !Path.isPrecise())
    return;
  bool IsLocked = false;
  for (const HeldLock &Lock : State.certainlyHeld())
    if (!Lock.IsShared) {
      IsLocked = true;
      Change.Lock = Lock.Path;
      addChange(State, Change);
    }
  if (!IsLocked && isVisibleOutside(Path))
    addChange(State, Change);
}

void FunctionInterpreter::addChange(AbstractState &State, const Notice &Change) {
  // Who has the lock for it may be the caller; there is room for a few of these.
  auto IsOpen = [](const Notice &Each) { return !Each.Lock.isKnown(); };
  NoticeSet &Writing = State.Notes.Writing;
  if (Writing.size() < Notices::Most &&
      (!IsOpen(Change) || static_cast<size_t>(llvm::count_if(Writing, IsOpen)) < Notices::Most / 2))
    Writing.insert(Change);
}

void FunctionInterpreter::tell(AbstractState &State, Position At) {
  NoticeSet &Writing = State.Notes.Writing;
  if (Writing.empty())
    return;
  auto IsOver = [&](const Notice &Each) { return Each.Lock.isKnown() && !State.holds(Each.Lock); };
  if (llvm::none_of(Writing, IsOver))
    return;
  for (const Notice &Each : Writing)
    if (IsOver(Each)) {
      Notice Told = Each;
      Told.IsReset = State.Notes.Raised.count(Told.Flag);
      noteTold(State, Told, At);
    }
  for (const Notice &Each : Writing)
    if (IsOver(Each) && (Each.What == Notice::Raised ||
                         (Each.What == Notice::Stored && Each.HasNumber && Each.Number != 0)))
      State.Notes.Raised.insert(Each.Flag);
  Writing.eraseIf(IsOver);
}

void FunctionInterpreter::noteTold(AbstractState &State, const Notice &Told, Position At) {
  if (State.Notes.Told.size() < Notices::Most)
    State.Notes.Told.insert(Told);
  if (IsRecording)
    ToldEvents.emplace_back(At, Told);
}

/// What is told of what was done here, where `Before` was told already.
static Notice since(const NoticeSet &Before, Notice Told) {
  Told.IsAgain |= llvm::any_of(Before, [&](const Notice &Each) { return Each.isSame(Told); });
  return Told;
}

NoticeSet FunctionInterpreter::tellAgain(const NoticeSet &Told, const NoticeSet &Before) {
  if (Before.empty() || Told.empty())
    return Told;
  NoticeSet Result;
  for (const Notice &Each : Told)
    Result.insert(since(Before, Each));
  return Result;
}

void FunctionInterpreter::addToldAfter() {
  if (ToldEvents.empty())
    return;
  std::vector<NoticeSet> Within(Function.Blocks.size());
  for (const auto &[At, Told] : ToldEvents) {
    Within[At.Block].insert(Told);
    if (isHandedOver(Told.Flag) && isHandedOver(Told.Lock))
      Result.Told.insert(Told);
  }
  const std::vector<NoticeSet> After = unitedAfter(Function, Within, uniteSome);
  Position Last{InvalidId, InvalidId};
  NoticeSet Later;
  auto Add = [&](Operation &Op, Position From, const NoticeSet &Before) {
    if (From != Last)
      Later = After[From.Block];
    for (const auto &[At, Told] : ToldEvents)
      if (From != Last && At.Block == From.Block && At.Event > From.Event)
        Later.insert(Told);
    Last = From;
    Op.Told = United.Noticed.unite(Op.Told, United.Told.of(Later, Before, tellAgain));
  };
  for (PendingOperation &P : Pending)
    Add(P.Op, P.At, P.ToldBefore);
  // A thread that was joined here has done its part before what is told from there on.
  for (const auto &[Run, At] : JoinPosition)
    for (Operation &Op : Runs[Run].Operations)
      Add(Op, At, {});
}

void FunctionInterpreter::markToldByMany() {
  auto IsOneThread = [&](const Operation &Op) {
    if (!Op.Team)
      return false;
    if (!Op.Team->Choices.empty())
      return true;
    if (Op.Team->Context == InvalidId)
      return false;
    WorkKind Work = Unit.TeamContexts[Op.Team->Context].Work;
    return Work == WorkKind::Section || Work == WorkKind::Single || Work == WorkKind::Master;
  };
  SetMemo<NoticeSet> Memo;
  auto ByMany = [](const NoticeSet &Told) {
    NoticeSet Result;
    for (Notice Each : Told) {
      Each.IsMany = true;
      Result.insert(Each);
    }
    return Result;
  };
  for (uint32_t Run = 0; Run < Runs.size(); ++Run)
    if (RunLive[Run].count(Run))
      for (Operation &Op : Runs[Run].Operations)
        if (!Op.Told.empty() && !IsOneThread(Op))
          Op.Told = Memo.of(Op.Told, ByMany);
}

NoticeSet FunctionInterpreter::substitute(const AbstractState &State, const Binding &Call,
                                          const NoticeSet &All) const {
  NoticeSet Seen;
  for (Notice Each : All) {
    Each.Flag = substitute(State, Call, Each.Flag);
    if (Each.Lock.isKnown() && !(Each.Lock = substitute(State, Call, Each.Lock)).isKnown())
      continue;
    if (Each.Flag.isKnown())
      Seen.insert(Each);
  }
  return Seen;
}

void FunctionInterpreter::adoptNotices(AbstractState &State, const Summary &Callee,
                                       const Binding &Call, Position At) {
  State.Notes.notice(foundUnderLocks(State, substitute(State, Call, Callee.Noticed)));
  for (const Notice &Told : substitute(State, Call, Callee.Told)) {
    noteTold(State, Told, At);
    if (Told.What == Notice::Raised || (Told.What == Notice::Stored && Told.Number != 0))
      State.Notes.Raised.insert(Told.Flag);
  }
  for (Notice Change : substitute(State, Call, Callee.Writing)) {
    if (Change.Lock.isKnown()) {
      addChange(State, Change);
      continue;
    }
    if (isVisibleOutside(Change.Flag))
      addChange(State, Change);
    for (const HeldLock &Lock : State.certainlyHeld())
      if (!Lock.IsShared) {
        Change.Lock = Lock.Path;
        addChange(State, Change);
      }
  }
  if (!Call.Result.isKnown())
    return;
  FlagSources Seen;
  for (FlagSource Each : Callee.ResultSources) {
    Each.Noticed = substitute(State, Call, Each.Noticed);
    if (Each.What == FlagSource::Read) {
      Each.Object = substitute(State, Call, Each.Object);
      Each.Locks = substitute(State, Call, Each.Locks);
      for (const HeldLock &Lock : State.certainlyHeld())
        Each.Locks.insert(Lock.Path);
      if (!Each.Object.isKnown())
        Each.What = FlagSource::Unclear;
    }
    Seen.push_back(std::move(Each));
  }
  if (Seen.empty())
    State.Notes.Sources.erase(Call.Result);
  else
    State.Notes.Sources[Call.Result] = std::move(Seen);
}

void FunctionInterpreter::summarizeNotices(const AbstractState &Exit) {
  auto IsHidden = [&](const Notice &Each) {
    return !isHandedOver(Each.Flag) || (Each.Lock.isKnown() && !isHandedOver(Each.Lock));
  };
  Result.Noticed = Exit.Notes.Noticed;
  Result.Noticed.eraseIf(IsHidden);
  Result.Writing = Exit.Notes.Writing;
  Result.Writing.eraseIf(IsHidden);
  if (auto Known = Exit.Notes.Sources.find({RootKind::Return, 0});
      Known != Exit.Notes.Sources.end())
    Result.ResultSources = Known->second;
}
