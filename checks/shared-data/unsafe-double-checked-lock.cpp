// A value tested without the lock and again under it, where the first test may meet the write.
#include "checks/AtomicFixes.h"
#include "checks/Check.h"
#include "checks/OnceFixes.h"
#include "checks/StoryTeller.h"

using namespace heddle;

namespace {

/// The test as an operation of its own, so that its way can be told.
Operation readOf(const ValueTest &Test) {
  Operation Read;
  Read.In = Test.In;
  Read.Path = Test.Of;
  Read.Where = Test.Where;
  Read.Locks = Test.Locks;
  Read.Calls = Test.Calls;
  return Read;
}

std::string whatIsWrong(const DoubleCheck &Check) {
  bool WriteIsAtomic = Check.Init.Write.Flags & Atomic, ReadIsAtomic = Check.Outer.Flags & Atomic;
  if (!ReadIsAtomic || !WriteIsAtomic)
    return "and is no atomic, so another thread may see it set before what it stands for is there";
  if (Check.Outer.Flags & Relaxed)
    return "with a relaxed load, so what was written before it was set may not be seen";
  return "and set with a relaxed store, so it may be seen before what it stands for";
}

void report(const ProgramModel &Program, const DoubleCheck &Check, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const Operation &Write = Check.Init.Write;
  EntityId Subject = Write.Path.subject();
  const Entity &Variable = Unit.Entities[Subject];
  std::string Name = "'" + Variable.Name + "'";
  std::string Lock = Program.spell(Check.Lock.Path, Check.Init.Frame);
  Lock = Lock.empty() ? "the lock" : "'" + Lock + "'";

  Finding F;
  F.Message = Name + " is tested here without " + Lock + " " + whatIsWrong(Check);
  F.Primary = Unit.resolve(Check.Outer.Where);
  F.Identity = Variable.Usr;
  StoryTeller Teller(Program);
  ThreadStory Maker = Teller.tell(Write, Check.Init.Frame, "sets " + Name);
  ThreadStory Reader = Teller.tell(readOf(Check.Outer), Check.Init.Frame,
                                   "finds " + Name + " set and goes on without the lock");
  Maker.Name = "the thread that comes first";
  Reader.Name = "a thread that comes a moment later";
  ThreadStep Again{Unit.resolve(Check.Inner.Where), "tests " + Name + " again under " + Lock,
                   false};
  Maker.Steps.insert(std::prev(Maker.Steps.end()), std::move(Again));
  F.Threads = {std::move(Maker), std::move(Reader)};
  F.Notes.push_back({Unit.resolve(Check.Lock.Where), Lock + " is taken here"});
  F.Notes.push_back({Unit.resolve(Check.Inner.Where), Name + " is tested again here"});
  if (Variable.Declaration.isValid())
    F.Notes.push_back({Unit.resolve(Variable.Declaration), Name + " is declared here"});
  if (!(Check.Outer.Flags & Atomic)) {
    if (std::optional<Fix> Atomic = makeAtomic(Unit, Subject))
      F.Fixes.push_back(std::move(*Atomic));
    if (std::optional<Fix> Once = initializeOnce(Unit, Check.Init, Check.Outer))
      F.Fixes.insert(Once->Safety == FixSafety::Safe ? F.Fixes.begin() : F.Fixes.end(),
                     std::move(*Once));
  }
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  for (const DoubleCheck &Check : Program.doubleChecks())
    report(Program, Check, Out);
}

} // namespace

namespace heddle::checks {
extern const Check UnsafeDoubleCheckedLock;
const Check UnsafeDoubleCheckedLock{run};
} // namespace heddle::checks
