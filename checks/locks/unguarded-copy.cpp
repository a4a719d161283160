// A copy that is made of guarded data without the lock of the object that it is made from.
#include "checks/Check.h"
#include "checks/GuardFixes.h"
#include "checks/StoryTeller.h"
#include "model/facts/ValueFlow.h"

#include <algorithm>
#include <set>

using namespace heddle;

namespace {

struct UnguardedRead {
  const GuardedVariable *Variable = nullptr;
  const Operation *Read = nullptr;
  AccessPath Lock; ///< Of the source, in the copying function's terms.
};

/// Written under the lock by somebody else, and mostly used under it; other copies are judged
/// alike.
const GuardedAccess *conflicting(const UnitFacts &Unit, const GuardedVariable &Variable,
                                 FunctionId Copy) {
  std::set<FunctionId> Inside, Outside;
  const GuardedAccess *Writes = nullptr;
  for (const GuardedAccess &Access : Variable.Inside) {
    Inside.insert(Access.Op.In);
    if (Access.Op.isWrite() && Access.Op.In != Copy && !Writes)
      Writes = &Access;
  }
  for (const GuardedAccess &Access : Variable.Outside)
    if (Access.Op.In != Copy && Unit.Functions[Access.Op.In].CopiedSlot == 0)
      Outside.insert(Access.Op.In);
  return Variable.IsDeclared || Inside.size() > Outside.size() ? Writes : nullptr;
}

/// A free function may be for callers that hold the lock; one that is called without says it is
/// not.
bool isPromised(const ProgramModel &Program, FunctionId Id) {
  const FunctionFacts &F = Program.unit().Functions[Id];
  return F.HasThis ? F.IsPublic : Program.isUsedInSight(Id);
}

/// Whether the lock goes with the very object that is copied, rather than with one around it, whose
/// lock the callers may hold. A copy that the compiler has written knows no lock of anybody else.
bool guardsCopied(const GuardedVariable &Variable, const Operation &Read, const AccessPath &Source,
                  const FunctionFacts &Copy) {
  if (Variable.Guard.root() != RootKind::Parameter)
    return Copy.BodyRange.isValid();
  auto IsField = [](PathStep Step) { return Step.What == PathStep::Field; };
  // The lock of another object that this one leads to: who holds it may be about that object.
  if (!Variable.IsDeclared && Variable.Guard.derefs() > 1 && IsField(Variable.Guard.steps().back()))
    return false;
  auto FieldsOf = [&](llvm::ArrayRef<PathStep> Steps) {
    auto Before = llvm::find_if_not(llvm::reverse(Steps), IsField);
    return Steps.take_back(Steps.end() - Before.base());
  };
  return Variable.Inside.empty() || FieldsOf(Variable.Inside.front().Op.Path.steps()) ==
                                        Read.Path.steps().drop_front(Source.steps().size());
}

std::vector<UnguardedRead> unguardedReads(const ProgramModel &Program, FunctionId Id) {
  std::vector<UnguardedRead> Result;
  const FunctionFacts &F = Program.unit().Functions[Id];
  AccessPath Source = AccessPath(RootKind::Parameter, F.CopiedSlot).deref();
  for (const Operation &Op : Program.summary(Id).Operations) {
    if (Op.Kind != EventKind::Read || (Op.Flags & (Atomic | Usage)) || Op.Origin ||
        !Op.Path.startsWith(Source) || !Op.Joined.empty())
      continue;
    for (const GuardedVariable &Variable : Program.guardedVariables()) {
      if (Variable.Subject != Op.Path.subject() || !guardsCopied(Variable, Op, Source, F) ||
          !conflicting(Program.unit(), Variable, Id))
        continue;
      AccessPath Lock = Variable.Guard.root() == RootKind::Parameter
                            ? Variable.Guard.rebased(Source, 1)
                            : Variable.Guard;
      auto IsLock = [&](const HeldLock &Held) { return !Held.Path.isKnown() || Held.Path == Lock; };
      if (std::none_of(Op.Locks.begin(), Op.Locks.end(), IsLock))
        Result.push_back({&Variable, &Op, Lock});
    }
  }
  std::sort(Result.begin(), Result.end(), [](const auto &A, const auto &B) {
    return std::tie(A.Read->Where, A.Variable->Subject) <
           std::tie(B.Read->Where, B.Variable->Subject);
  });
  return Result;
}

/// The member or global that holds the variable as a part of itself.
EntityId containerOf(const GuardedVariable &Variable) {
  AccessPath Whole = Variable.Inside.front().Op.Path;
  auto Steps = Whole.steps();
  if (Steps.empty() || !(Steps.back() == PathStep(PathStep::Field, Variable.Subject)))
    return InvalidId;
  AccessPath Around = Whole.prefix(Steps.size() - 1);
  bool IsPart = Around.isRootOnly() ? Around.root() == RootKind::Global
                                    : Around.steps().back().What == PathStep::Field;
  return IsPart ? Around.subject() : InvalidId;
}

/// The guard of the variable in what is read, in the reader's terms.
AccessPath guardOf(const GuardedVariable &Variable, const AccessPath &Read) {
  if (Variable.Guard.root() != RootKind::Parameter)
    return Variable.Guard;
  unsigned Owner = Read.steps().size();
  while (Owner > 0 && Read.steps()[Owner - 1].What != PathStep::Deref)
    --Owner;
  return Owner > 0 ? Variable.Guard.rebased(Read.prefix(Owner), 1) : AccessPath();
}

/// Structures that are read as a whole, with guarded variables in them.
std::vector<UnguardedRead> wholeReads(const ProgramModel &Program, FunctionId Id) {
  std::vector<UnguardedRead> Result;
  for (const Operation &Op : Program.summary(Id).Operations) {
    EntityId Subject = Op.Path.subject();
    bool IsWhole = Op.Path.isRootOnly() ? Op.Path.root() == RootKind::Global
                                        : Op.Path.steps().back().What == PathStep::Field;
    if (Op.Kind != EventKind::Read || (Op.Flags & (Atomic | Usage | Scalar)) || Op.Origin ||
        !IsWhole || Subject == InvalidId || !Op.Joined.empty() || !Op.Waited.empty())
      continue;
    for (const GuardedVariable &Variable : Program.guardedVariables()) {
      if (Variable.Inside.empty() || containerOf(Variable) != Subject ||
          !conflicting(Program.unit(), Variable, Id))
        continue;
      AccessPath Lock = guardOf(Variable, Op.Path);
      bool Holds = !Lock.isKnown() ||
                   std::any_of(Op.Locks.begin(), Op.Locks.end(), [&](const HeldLock &Held) {
                     return !Held.Path.isKnown() || Held.Path.subject() == Variable.Lock;
                   });
      if (!Holds)
        Result.push_back({&Variable, &Op, Lock});
    }
  }
  return Result;
}

/// Takes the one lock of all the reads at the beginning of the body.
std::optional<Fix> lockSource(const ProgramModel &Program, FunctionId Id,
                              const std::vector<UnguardedRead> &Reads) {
  const FunctionFacts &F = Program.unit().Functions[Id];
  for (const UnguardedRead &Read : Reads)
    if (!F.BodyRange.encloses(Read.Read->Where) || !(Read.Lock == Reads.front().Lock))
      return std::nullopt;
  EntityId Source =
      F.CopiedSlot < F.Parameters.size() ? F.Parameters[F.CopiedSlot].Variable : InvalidId;
  return lockWholeBody(Program, Id, Reads.front().Lock, Reads.front().Variable->Lock, Source);
}

void report(const ProgramModel &Program, FunctionId Id, const std::vector<UnguardedRead> &Reads,
            Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const FunctionFacts &F = Unit.Functions[Id];
  const UnguardedRead &First = Reads.front();
  const GuardedAccess *Writes = conflicting(Program.unit(), *First.Variable, Id);
  const std::string Name = "'" + Unit.Entities[First.Variable->Subject].Name + "'";
  StoryTeller Teller(Program);
  Finding Told;
  Told.Primary =
      Unit.resolve(First.Read->Calls.empty() ? First.Read->Where : First.Read->Calls[0].Where);
  Told.Identity = F.Usr + " " + Unit.Entities[First.Variable->Subject].Usr;
  Told.Sureness = F.MovesCopied ? Confidence::Possible : Confidence::Likely;
  Told.Message = Name + " is copied here without '" + Program.spell(First.Lock, Id) +
                 "', which guards it in " + quoteFunction(Unit, Writes->Op.In) +
                 ": another thread may be changing the object that the copy is made from";
  Told.Threads.push_back(Teller.tell(*First.Read, Id, "reads " + Name));
  Told.Threads.push_back(Teller.tell(Writes->Op, Writes->Frame, "writes " + Name));
  std::set<SourceRange> Seen{First.Read->Where};
  for (const UnguardedRead &Read : Reads)
    if (Seen.insert(Read.Read->Where).second)
      Told.Notes.push_back({Unit.resolve(Read.Read->Where),
                            "'" + Unit.Entities[Read.Variable->Subject].Name + "' likewise"});
  if (std::optional<Fix> Guarded = lockSource(Program, Id, Reads))
    Told.Fixes.push_back(std::move(*Guarded));
  Out.report(std::move(Told));
}

void run(const ProgramModel &Program, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  std::set<SourceRange> Seen; // instances of a template share their text
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id) {
    const FunctionFacts &F = Unit.Functions[Id];
    bool IsIdle = F.CopiedSlot != 0 && !F.BodyRange.isValid() && !Unit.SharedCopies.count(Id);
    if (IsIdle || Program.isEnteredWithLock(Id) || !F.Requires.empty())
      continue;
    std::vector<UnguardedRead> Reads;
    if (F.CopiedSlot != 0 && F.CopiedSlot < F.Parameters.size())
      Reads = unguardedReads(Program, Id);
    else if (!F.IsConstructor && !F.IsDestructor && !F.IsMain)
      Reads = wholeReads(Program, Id);
    if (!Reads.empty() && isPromised(Program, Id) && Seen.insert(F.NameRange).second)
      report(Program, Id, Reads, Out);
  }
}

} // namespace

namespace heddle::checks {
extern const Check UnguardedCopy;
const Check UnguardedCopy{run};
} // namespace heddle::checks
