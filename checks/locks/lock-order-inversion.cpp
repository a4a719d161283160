// Locks that are taken in one order here and in another order there.
#include "checks/Check.h"
#include "checks/LockStories.h"
#include "checks/OrderFixes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

using namespace heddle;

namespace {

std::string held(const ProgramModel &Program, const LockEdge &Edge) {
  return quoteLocks(Program, Edge.Held, Edge.Taken, Edge.Frame).first;
}

std::string taken(const ProgramModel &Program, const LockEdge &Edge) {
  return quoteLocks(Program, Edge.Held, Edge.Taken, Edge.Frame).second;
}

/// What is called once is no lock: somebody waits until it is done.
bool isOnce(const ProgramModel &Program, const AccessPath &Lock) {
  const UnitFacts &Unit = Program.unit();
  EntityId Subject = Lock.subject();
  return Subject != InvalidId && !Unit.Entities[Subject].IsMutex &&
         llvm::any_of(Unit.Functions, [&](const FunctionFacts &Function) {
           return llvm::any_of(Function.OnceCalls, [&](const OnceCall &Once) {
             return Once.Flag.subject() == Subject;
           });
         });
}

/// "'a' is locked here while 'b' is held"
std::string takenWhile(const ProgramModel &Program, const LockEdge &Edge) {
  return taken(Program, Edge) +
         (isOnce(Program, Edge.Taken.Path) ? " is waited for here while "
                                           : " is locked here while ") +
         held(Program, Edge) + (isOnce(Program, Edge.Held.Path) ? " is not done" : " is held");
}

std::string comesFirst(const ProgramModel &Program, const LockEdge &Edge) {
  return "from here " + held(Program, Edge) + " comes first, then " + taken(Program, Edge);
}

std::string arrayOf(const ProgramModel &Program, const LockEdge &Edge) {
  std::string Text = Program.spell(Edge.Held.Path, Edge.Frame);
  return Text.empty() ? "an array" : "'" + Text.substr(0, Text.find('[')) + "'";
}

std::string fromWhere(const WayHere &Way) {
  return (Way.IsStart ? " for the thread started in line " : " for the call in line ") +
         std::to_string(Way.Where.Line);
}

/// What tells two threads apart that come to one place, behind what the first one does there.
std::string otherWayRound(const LockEdge &Here, const LockEdge &There) {
  auto Parting = findParting(Here.Taken, There.Taken);
  if (!Parting)
    return ", and another call does it the other way round";
  const auto &[Ours, Theirs] = *Parting;
  if (Ours.Where.File == Theirs.Where.File && Ours.Where.Line == Theirs.Where.Line)
    return (Ours.IsStart ? ", and two threads started in line " : ", and two calls in line ") +
           std::to_string(Ours.Where.Line) + " do it the one way and the other";
  return fromWhere(Ours) + ", and the other way round" + fromWhere(Theirs);
}

std::string consequence(const ProgramModel &Program, const LockCycle &Cycle) {
  if (!Cycle.IsBetweenThreads)
    return "; threads that do so at the same time wait for each other for ever";
  StoryTeller Teller(Program);
  std::string First = Teller.nameThread(Cycle.Edges[0].Taken, Cycle.Edges[0].Frame);
  std::string Second = Teller.nameThread(Cycle.Edges[1].Taken, Cycle.Edges[1].Frame);
  if (Cycle.Edges.size() > 2)
    return "; the threads can wait for each other for ever";
  if (First == Second)
    return "; two threads that do so at the same time wait for each other for ever";
  return "; " + First + " and " + Second + " can wait for each other for ever";
}

std::string message(const ProgramModel &Program, const LockCycle &Cycle) {
  const LockEdge &Here = Cycle.Edges.front(), &There = Cycle.Edges.back();
  if (Cycle.Shape == LockCycle::Ring)
    return "the next lock of " + arrayOf(Program, Here) +
           " is taken here while one is held, and behind the last one comes the first: once every "
           "thread has one, all wait for each other for ever";
  if (Cycle.Shape == LockCycle::Drawn)
    return "two locks of " + arrayOf(Program, Here) +
           " are taken here in the order in which the caller happens to give them; two threads "
           "that are given the same two the other way round wait for each other for ever";
  if (Cycle.Shape == LockCycle::Array)
    return "the locks of " + arrayOf(Program, Here) +
           " are taken in one direction here and in the other one " +
           (There.Taken.Where == Here.Taken.Where
                ? "by another call"
                : "in line " + std::to_string(There.Taken.Where.Line)) +
           consequence(Program, Cycle);
  std::string Text = takenWhile(Program, Here);
  if (Cycle.Edges.size() == 2 && There.Taken.Where == Here.Taken.Where)
    return Text + otherWayRound(Here, There) + consequence(Program, Cycle);
  Text += ", ";
  if (Cycle.Edges.size() > 2)
    return Text + "and " + std::to_string(Cycle.Edges.size() - 1) +
           " other places close a circle of locks" + consequence(Program, Cycle);
  Text += There.Taken.In == Here.Taken.In
              ? "and in line " + std::to_string(There.Taken.Where.Line)
              : "and in " + quoteFunction(Program.unit(), There.Taken.In);
  return Text + " it is the other way round" + consequence(Program, Cycle);
}

/// The names of the locks alone: the places where they are taken come and go.
std::string identity(const UnitFacts &Unit, const LockCycle &Cycle) {
  std::vector<std::string> Names;
  bool IsOneClass = llvm::all_equal(
      llvm::map_range(Cycle.Edges, [](const LockEdge &Edge) { return Edge.From.subject(); }));
  for (const LockEdge &Edge : Cycle.Edges) {
    EntityId Subject = Edge.From.subject();
    Names.push_back(Subject == InvalidId ? Unit.Functions[Edge.Taken.In].Usr
                                         : Unit.Entities[Subject].Usr);
    // Two objects of one class.
    if (IsOneClass && Edge.From.root() == RootKind::Global && Edge.From.derefs() == 0)
      Names.back() += "@" + Unit.Entities[Edge.From.rootId()].Usr;
  }
  llvm::sort(Names);
  return llvm::join(Names, " ");
}

void report(const ProgramModel &Program, LockCycle Cycle, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  // The last one in the source broke the order that was there before.
  auto Last = std::max_element(
      Cycle.Edges.begin(), Cycle.Edges.end(),
      [](const LockEdge &A, const LockEdge &B) { return A.Taken.Where < B.Taken.Where; });
  std::rotate(Cycle.Edges.begin(), Last, Cycle.Edges.end());
  Finding F;
  F.Message = message(Program, Cycle);
  F.Primary = Unit.resolve(Cycle.Edges.front().Taken.Where);
  bool IsNamed = llvm::all_of(Cycle.Edges, [](const LockEdge &Edge) {
    return Edge.From.derefs() == 0 && Edge.From.isPrecise();
  });
  F.Sureness = Cycle.IsBetweenThreads && IsNamed ? Confidence::Certain : Confidence::Likely;
  F.Identity = identity(Unit, Cycle);
  for (const LockEdge &Edge : Cycle.Edges) {
    F.Threads.push_back(tellHolding(Program, Edge.Taken, Edge.Frame, Edge.Held,
                                    "waits for " + taken(Program, Edge) + " while it holds " +
                                        held(Program, Edge)));
    F.Notes.push_back({Unit.resolve(Edge.Held.Where),
                       held(Program, Edge) +
                           (isOnce(Program, Edge.Held.Path) ? " begins here" : " is locked here")});
    if (&Edge != &Cycle.Edges.front())
      F.Notes.push_back({Unit.resolve(Edge.Taken.Where), takenWhile(Program, Edge)});
  }
  if (const LockEdge &Here = Cycle.Edges.front(), &There = Cycle.Edges.back();
      Cycle.Edges.size() == 2 && Here.Taken.Where == There.Taken.Where &&
      held(Program, Here) != taken(Program, Here))
    if (auto Parting = findParting(Here.Taken, There.Taken)) {
      F.Notes.push_back({Unit.resolve(Parting->first.Where), comesFirst(Program, Here)});
      F.Notes.push_back({Unit.resolve(Parting->second.Where), comesFirst(Program, There)});
    }
  if (Cycle.Shape == LockCycle::Drawn)
    F.Notes.push_back({Unit.resolve(Cycle.Edges.front().Taken.Calls.back().Where),
                       "chosen alike here: either of the two may come first"});
  // Whoever waits for neither while holding the other ends the circle alone.
  for (const LockEdge &Edge : Cycle.Edges)
    if (std::optional<Fix> Together = takeTogether(Program, Edge)) {
      F.Fixes.push_back(std::move(*Together));
      break;
    }
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  for (const LockCycle &Cycle : Program.lockCycles())
    report(Program, Cycle, Out);
}

} // namespace

namespace heddle::checks {
extern const Check LockOrderInversion;
const Check LockOrderInversion{run};
} // namespace heddle::checks
