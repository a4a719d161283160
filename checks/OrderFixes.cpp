#include "checks/OrderFixes.h"

#include "model/facts/ValueFlow.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

namespace {

/// A guard that is declared over one exclusive lock, in a statement of its own.
struct PlainGuard {
  const Event *Made = nullptr;
  std::string Lock; ///< As it is written there.
};

std::optional<PlainGuard> guardAt(const ProgramModel &Program, FunctionId In, SourceRange Where) {
  const UnitFacts &Unit = Program.unit();
  PlainGuard Result;
  forEachEvent(Unit.Functions[In], [&](const Event &E) {
    if (E.Kind == EventKind::GuardMake && E.Where == Where)
      Result.Made = &E;
  });
  const Event *Made = Result.Made;
  if (!Made || Made->Flags != NoFlags || Made->Values.size() != 1 ||
      Made->Path.root() != RootKind::Local || !Made->Path.isRootOnly() ||
      Made->Statement == InvalidId || Made->Values[0].What != Value::PointsTo)
    return std::nullopt;
  const Statement &Whole = Unit.Statements[Made->Statement];
  EntityId Mutex = Made->Values[0].Path.subject();
  if (Mutex == InvalidId || !Unit.Entities[Mutex].IsLockable)
    return std::nullopt;
  Result.Lock = Program.spellForCode(Made->Values[0].Path, In);
  if (Result.Lock.empty() || !Whole.InBlock || !Whole.Whole.isValid() || !Whole.Enclosing.isValid())
    return std::nullopt;
  return Result;
}

/// Nobody unlocks the guard, hands it on or waits with it.
bool isLeftAlone(const FunctionFacts &Function, const Event &Made) {
  bool Alone = true;
  forEachEvent(Function, [&](const Event &E) {
    bool IsItsLife = E.Kind == EventKind::GuardMake || E.Kind == EventKind::Destroy ||
                     E.Kind == EventKind::Fresh || E.Kind == EventKind::End;
    bool Mentions = E.Path == Made.Path || llvm::any_of(E.Values, [&](const Value &V) {
                      return V.Path == Made.Path || llvm::any_of(V.Bound, [&](const Value &Inner) {
                               return Inner.Path == Made.Path;
                             });
                    });
    Alone &= !Mentions || IsItsLife;
  });
  return Alone;
}

/// Nothing is done between the two statements.
bool areNeighbours(const FunctionFacts &Function, const Statement &First, const Statement &Second) {
  bool Quiet = First.Enclosing == Second.Enclosing && First.Whole.End <= Second.Whole.Begin;
  forEachEvent(Function, [&](const Event &E) {
    Quiet &= E.Where.File != First.Whole.File || E.Where.Begin < First.Whole.End ||
             E.Where.Begin >= Second.Whole.Begin;
  });
  return Quiet;
}

} // namespace

std::optional<Fix> heddle::takeTogether(const ProgramModel &Program, const LockEdge &Edge) {
  const UnitFacts &Unit = Program.unit();
  FunctionId In = Edge.Taken.In;
  if (!Unit.IsCPlusPlus17 || !Unit.Functions[In].BodyRange.encloses(Edge.Held.Where))
    return std::nullopt;
  std::optional<PlainGuard> Outer = guardAt(Program, In, Edge.Held.Where);
  std::optional<PlainGuard> Inner = guardAt(Program, In, Edge.Taken.Where);
  if (!Outer || !Inner || Outer->Lock == Inner->Lock)
    return std::nullopt;
  const FunctionFacts &Function = Unit.Functions[In];
  const Statement &First = Unit.Statements[Outer->Made->Statement];
  const Statement &Second = Unit.Statements[Inner->Made->Statement];
  if (Outer->Made->Statement == Inner->Made->Statement || !areNeighbours(Function, First, Second) ||
      !isLeftAlone(Function, *Outer->Made) || !isLeftAlone(Function, *Inner->Made))
    return std::nullopt;
  std::string Name = Unit.Entities[Outer->Made->Path.rootId()].Name;
  return Fix{"lock '" + Outer->Lock + "' and '" + Inner->Lock + "' together",
             FixSafety::Safe,
             {{Unit.resolve(First.Whole),
               "const std::scoped_lock " + Name + "(" + Outer->Lock + ", " + Inner->Lock + ");"},
              {Unit.resolve(Second.Lines), ""}},
             {"<mutex>"}};
}
