#include "checks/SectionFixes.h"

#include "model/facts/ValueFlow.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

namespace {

const Event *eventAt(const FunctionFacts &Function, SourceRange Where,
                     llvm::ArrayRef<EventKind> Kinds) {
  const Event *Found = nullptr;
  forEachEvent(Function, [&](const Event &E) {
    if (E.Where == Where && E.Statement != InvalidId && llvm::is_contained(Kinds, E.Kind))
      Found = &E;
  });
  return Found;
}

bool isWithin(const SourceRange &R, uint32_t File, uint32_t Begin, uint32_t End) {
  return R.File == File && R.Begin >= Begin && R.End <= End;
}

/// Nothing happens there but looking at values and computing others.
bool isQuiet(const FunctionFacts &Function, uint32_t File, uint32_t Begin, uint32_t End,
             bool MayBranch) {
  bool Quiet = true;
  forEachEvent(Function, [&](const Event &E) {
    if (!isWithin(E.Where, File, Begin, End))
      return;
    switch (E.Kind) {
    case EventKind::Read:
    case EventKind::Write:
    case EventKind::Update:
    case EventKind::Store:
    case EventKind::Fresh:
    case EventKind::Use:
    case EventKind::Derive:
    case EventKind::Inputs:
    case EventKind::Copied:
    case EventKind::Judged:
    case EventKind::End:
      break;
    case EventKind::Assume:
    case EventKind::Found:
    case EventKind::Passed:
    case EventKind::Test:
      Quiet &= MayBranch;
      break;
    default:
      Quiet = false;
    }
  });
  return Quiet;
}

/// `lock.unlock(); …; lock.lock();` in one block: both go.
std::optional<Fix> dropUnlock(const UnitFacts &Unit, const FunctionFacts &Function,
                              const Event &Again) {
  const Statement &Lock = Unit.Statements[Again.Statement];
  EventKind Gives = Again.Kind == EventKind::Acquire ? EventKind::Release : EventKind::GuardUnlock;
  const Event *Unlock = nullptr;
  forEachEvent(Function, [&](const Event &E) {
    if (E.Kind == Gives && E.Path == Again.Path && E.Statement != InvalidId &&
        E.Where < Again.Where && E.Where.File == Again.Where.File &&
        (!Unlock || Unlock->Where < E.Where))
      Unlock = &E;
  });
  if (!Unlock)
    return std::nullopt;
  const Statement &Before = Unit.Statements[Unlock->Statement];
  auto IsSimple = [](const Statement &S) {
    return S.IsExpression && S.InBlock && S.Whole.isValid() && S.Enclosing.isValid();
  };
  if (!IsSimple(Lock) || !IsSimple(Before) || !(Lock.Enclosing == Before.Enclosing) ||
      !isQuiet(Function, Lock.Whole.File, Before.Whole.End, Lock.Whole.Begin, false))
    return std::nullopt;
  return Fix{"",
             FixSafety::Unsafe,
             {{Unit.resolve(Before.Lines), ""}, {Unit.resolve(Lock.Lines), ""}},
             {}};
}

/// `{ guard; … } if (…) { guard; … }`: the first block takes in the `if`, whose guard goes.
std::optional<Fix> widenBlock(const UnitFacts &Unit, const FunctionFacts &Function,
                              const Event &First, const Event &Again) {
  const Statement &Outer = Unit.Statements[First.Statement];
  const Statement &Inner = Unit.Statements[Again.Statement];
  bool IsNext = Outer.NextIf.isValid() && Inner.Enclosing.isValid() && Inner.Whole.isValid() &&
                Inner.Enclosing == Outer.NextIfBlock && Outer.Enclosing.isValid();
  if (!IsNext || First.Values != Again.Values || First.Values.size() != 1 ||
      !isQuiet(Function, Inner.Whole.File, Inner.Enclosing.Begin, Inner.Whole.Begin, false) ||
      !isQuiet(Function, Inner.Whole.File, Outer.Enclosing.End, Inner.Enclosing.Begin, true))
    return std::nullopt;
  SourceRange Close = Outer.Enclosing;
  Close.Column = 1;
  Close.Begin = Close.End - 1;
  SourceRange End = Outer.NextIf;
  End.Column = 1;
  End.Begin = End.End;
  return Fix{"",
             FixSafety::Unsafe,
             {{Unit.resolve(Close), ""},
              {Unit.resolve(Inner.Lines), ""},
              {Unit.resolve(End), "\n" + std::string(Outer.Enclosing.Column - 1, ' ') + "}"}},
             {}};
}

} // namespace

std::optional<Fix> heddle::mergeSections(const ProgramModel &Program, const StaleCheck &Check) {
  if (!Check.Calls.empty() || !Check.Seen.Calls.empty())
    return std::nullopt;
  const UnitFacts &Unit = Program.unit();
  const FunctionFacts &Function = Unit.Functions[Check.In];
  const Event *Again = eventAt(Function, Check.LockedAgain,
                               {EventKind::Acquire, EventKind::GuardLock, EventKind::GuardMake});
  if (!Again)
    return std::nullopt;
  std::optional<Fix> Result;
  if (Again->Kind != EventKind::GuardMake)
    Result = dropUnlock(Unit, Function, *Again);
  else if (const Event *First = eventAt(Function, Check.LockedFirst, {EventKind::GuardMake}))
    Result = widenBlock(Unit, Function, *First, *Again);
  EntityId Lock = Check.Lock.subject();
  if (Result)
    Result->Title = "hold " +
                    (Lock == InvalidId ? "the lock" : "'" + Unit.Entities[Lock].Name + "'") +
                    " from the check to the write";
  return Result;
}
