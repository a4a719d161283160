// A lock that is copied, by itself or within what holds it: the copy keeps nobody out.
#include "checks/Check.h"
#include "checks/StoryTeller.h"

#include <algorithm>
#include <set>

using namespace heddle;

namespace {

/// "the pthread_mutex_t 'lock' in it", "the pthread_mutex_t".
std::string lockOf(const UnitFacts &Unit, const LockCopy &Copy) {
  if (Copy.Lock == InvalidId)
    return "the " + Copy.LockType;
  return "the " + Copy.LockType + " '" + Unit.Entities[Copy.Lock].Name + "' in it";
}

std::string describe(const UnitFacts &Unit, const LockCopy &Copy) {
  std::string Lock = lockOf(Unit, Copy);
  std::string Behind =
      ": the copy is a lock of its own, which keeps out nobody who takes the first";
  switch (Copy.How) {
  case LockCopy::Parameter:
    return "'" + Copy.Name + "' is passed by value, and " +
           (Copy.Lock == InvalidId ? "the lock" : Lock) +
           " is a copy of the caller's: taking it keeps nobody out";
  case LockCopy::Argument:
    return "passing this by value to '" + Copy.Name + "' copies " + Lock + Behind;
  case LockCopy::Returned:
    return "returning this by value copies " + Lock + Behind;
  case LockCopy::Captured:
    return "this lambda captures a '" + Copy.Type + "' by value, and " +
           (Copy.Lock == InvalidId ? "that is a lock" : Lock + " with it") + Behind;
  case LockCopy::Memory:
    return "these bytes are a '" + Copy.Type + "', and " + Lock +
           " is copied with them: the copy is a lock of its own, in the state of the first";
  case LockCopy::Initialized:
  case LockCopy::Assigned:
    return "this copies a '" + Copy.Type + "', and " +
           (Copy.Lock == InvalidId ? "that is a lock" : Lock + " with it") +
           ": the copy is a lock of its own, in the state of the first";
  }
  return {};
}

/// Of a global, nobody has ever used the lock: it is there to be copied from.
bool isTemplate(const UnitFacts &Unit, const LockCopy &Copy) {
  if (Copy.From.root() != RootKind::Global || Copy.From.derefs() > 0)
    return false;
  auto Uses = [&](const Event &E) {
    bool Takes = E.Kind == EventKind::Acquire || E.Kind == EventKind::ChannelMake ||
                 (E.Kind == EventKind::Write && E.Path.subject() == Copy.Lock) ||
                 E.Kind == EventKind::Wait || E.Kind == EventKind::Signal;
    return (Takes && E.Path.startsWith(Copy.From)) ||
           std::any_of(E.Values.begin(), E.Values.end(), [&](const Value &V) {
             return V.What == Value::PointsTo && V.Path.startsWith(Copy.From);
           });
  };
  for (const FunctionFacts &Function : Unit.Functions)
    for (const Block &B : Function.Blocks)
      if (std::any_of(B.Events.begin(), B.Events.end(), Uses))
        return false;
  return true;
}

/// Whoever sets up some of the copy's locks anew has thought of them, and knows which of them are
/// used.
bool isSetUpAnew(const FunctionFacts &In, const LockCopy &Copy) {
  if (!Copy.To.isKnown() || (Copy.How != LockCopy::Memory && Copy.How != LockCopy::Assigned))
    return false;
  for (const Block &B : In.Blocks)
    for (const Event &E : B.Events)
      if (E.Kind == EventKind::LockInit && Copy.Where < E.Where && E.Path.startsWith(Copy.To))
        return true;
  return false;
}

void report(const UnitFacts &Unit, const FunctionFacts &In, const LockCopy &Copy, Reporter &Out) {
  Finding F;
  F.Primary = Unit.resolve(Copy.Where);
  F.Identity = In.Usr + " " + Copy.Type + " " + Copy.Name;
  F.Message = describe(Unit, Copy);
  if (Copy.Lock != InvalidId && Unit.Entities[Copy.Lock].Declaration.isValid())
    F.Notes.push_back({Unit.resolve(Unit.Entities[Copy.Lock].Declaration),
                       "'" + Unit.Entities[Copy.Lock].Name + "' is declared here"});
  if (!Copy.Edits.empty()) {
    Fix Pass;
    Pass.Title = "pass '" + Copy.Name + "' by " + (Unit.IsC ? "pointer" : "reference");
    Pass.Safety = Copy.IsSafe ? FixSafety::Safe : FixSafety::Unsafe;
    for (const auto &[Where, Text] : Copy.Edits)
      Pass.Edits.push_back({Unit.resolve(Where), Text});
    F.Fixes.push_back(std::move(Pass));
  }
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  std::set<SourceRange> Seen; // instances of a template share their text
  for (const FunctionFacts &Function : Unit.Functions)
    for (const LockCopy &Copy : Function.LockCopies)
      if (!Copy.IsConst && !isTemplate(Unit, Copy) && !isSetUpAnew(Function, Copy) &&
          Seen.insert(Copy.Where).second)
        report(Unit, Function, Copy, Out);
}

} // namespace

namespace heddle::checks {
extern const Check CopiedLock;
const Check CopiedLock{run};
} // namespace heddle::checks
