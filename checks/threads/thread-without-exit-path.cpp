// C1: a thread enters a loop that nothing leads out of.
#include "checks/Check.h"
#include "model/program/ControlFlow.h"
#include "model/program/ProgramModel.h"
#include "model/program/SignalHandlers.h"
#include "model/program/ThreadHandles.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

#include <algorithm>
#include <map>

using namespace heddle;

namespace {

/// How a function was first reached from a thread's entry.
struct Arrival {
  FunctionId Caller = InvalidId;
  const Event *Site = nullptr;
};

class EndlessThreads {
public:
  EndlessThreads(const UnitFacts &Unit, Reporter &Out)
      : Unit(Unit), Values(Unit), Flow(Values), Handles(Values), Out(Out) {}

  void run() {
    for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
      forEachEvent(Unit.Functions[Id], [&](const Event &E) {
        if (E.Kind == EventKind::Spawn)
          follow({Id, &E});
      });
    for (auto &[Place, F] : Found)
      Out.report(std::move(F));
  }

private:
  void follow(const SpawnSite &Spawn);
  void report(const SpawnSite &Spawn, FunctionId Entry, FunctionId Where, const Trap &Loop,
              const std::map<FunctionId, Arrival> &Ways);
  ThreadStory story(const SpawnSite &Spawn, FunctionId Where, const SourceRange &Loop,
                    const std::map<FunctionId, Arrival> &Ways) const;
  void addFixes(Finding &F, const SpawnSite &Spawn, FunctionId Where, const Loop &L,
                ControlFlow::Contents Inside) const;
  std::optional<Fix> stoppableFix(const SpawnSite &Spawn, FunctionId Where, const Loop &L) const;
  std::string name(FunctionId Id) const {
    return Unit.Functions[Id].IsLambda ? "the lambda" : "'" + Unit.Functions[Id].Name + "'";
  }

  const UnitFacts &Unit;
  ValueFlow Values;
  ControlFlow Flow;
  ThreadHandles Handles;
  Reporter &Out;
  std::map<SourceRange, Finding> Found; ///< By the loop's keyword.
};

void EndlessThreads::follow(const SpawnSite &Spawn) {
  FunctionId Entry = Values.callee(Spawn.Frame, *Spawn.Start);
  // A thread with a stop token is only asked to end; what a token does not interrupt goes on.
  if (Entry == InvalidId || !Unit.Functions[Entry].HasBody ||
      (!Spawn.Start->has(Stops) && Handles.mayBeStopped(Spawn)))
    return;
  std::map<FunctionId, Arrival> Ways{{Entry, {}}};
  std::vector<FunctionId> Order{Entry};
  for (size_t I = 0; I < Order.size(); ++I) {
    for (const Trap &Loop : Flow.traps(Order[I]))
      if (!SignalHandlers(Values, Flow).endWait(Order[I], Loop))
        report(Spawn, Entry, Order[I], Loop, Ways);
    for (const ControlFlow::Call &Call : Flow.calls(Order[I]))
      if (!Call.IsCaught && Ways.try_emplace(Call.Callee, Arrival{Order[I], Call.Site}).second)
        Order.push_back(Call.Callee);
  }
}

ThreadStory EndlessThreads::story(const SpawnSite &Spawn, FunctionId Where, const SourceRange &Loop,
                                  const std::map<FunctionId, Arrival> &Ways) const {
  FileRange Start = Unit.resolve(Spawn.Start->Where);
  ThreadStory Story;
  Story.Name = "thread started at " + llvm::sys::path::filename(Start.File).str() + ":" +
               std::to_string(Start.Line);
  Story.Steps.push_back({Unit.resolve(Loop), "goes round here for ever"});
  for (FunctionId Id = Where;;) {
    const Arrival &Way = Ways.at(Id);
    if (!Way.Site) {
      Story.Steps.push_back({Start, "starts " + name(Id), true});
      break;
    }
    Story.Steps.push_back({Unit.resolve(Way.Site->Where), "calls " + name(Id), true});
    Id = Way.Caller;
  }
  std::reverse(Story.Steps.begin(), Story.Steps.end());
  return Story;
}

void EndlessThreads::report(const SpawnSite &Spawn, FunctionId Entry, FunctionId Where,
                            const Trap &Trapped, const std::map<FunctionId, Arrival> &Ways) {
  const Loop &L = Unit.Functions[Where].Loops[Trapped.Loop];
  auto [Known, IsNew] = Found.try_emplace(L.Keyword);
  Finding &F = Known->second;
  if (!IsNew) {
    Note Again{Unit.resolve(Spawn.Start->Where), "a thread started here gets there, too"};
    bool IsFirst = F.Threads[0].Steps[0].Where == Again.Where;
    if (!IsFirst && llvm::none_of(F.Notes, [&](const Note &N) { return N.Where == Again.Where; }))
      F.Notes.push_back(std::move(Again));
    return;
  }
  ControlFlow::Contents Inside = Flow.contents(Where, Trapped.Blocks);
  F.Primary = Unit.resolve(L.Keyword);
  F.Sureness = Inside.HasUnknownCalls ? Confidence::Likely : Confidence::Certain;
  std::string Loop = Where == Entry ? "this loop" : "this loop in " + name(Where);
  F.Message = (Unit.Functions[Entry].IsLambda ? "this thread" : "thread entry " + name(Entry)) +
              (Flow.exitReachable(Entry) ? " cannot end once it gets here: " : " never ends: ") +
              Loop + " has no way out";
  F.Identity = Unit.Functions[Where].Usr + "#" + std::to_string(Trapped.Loop);
  F.Threads.push_back(story(Spawn, Where, L.Keyword, Ways));
  for (const HandleUse &Use : Handles.uses(Spawn))
    if (Use.What->Kind == EventKind::Join)
      F.Notes.push_back({Unit.resolve(Use.What->Where), "who joins the thread waits for ever"});
    else if (Use.What->Kind == EventKind::Destroy && Use.What->has(Joins))
      F.Notes.push_back({Unit.resolve(Use.What->Where),
                         "the handle's destructor joins the thread and waits for ever"});
  addFixes(F, Spawn, Where, L, Inside);
}

void EndlessThreads::addFixes(Finding &F, const SpawnSite &Spawn, FunctionId Where, const Loop &L,
                              ControlFlow::Contents Inside) const {
  if (!L.ConditionIsTrue || !L.Condition.isValid())
    return;
  const FunctionFacts &Function = Unit.Functions[Where];
  for (const std::vector<Parameter> *Scope : {&Function.Captures, &Function.Parameters})
    for (const Parameter &P : *Scope)
      if (P.Variable != InvalidId && !Unit.Entities[P.Variable].StopTest.empty() &&
          !Unit.Entities[P.Variable].Name.empty()) {
        const Entity &Stop = Unit.Entities[P.Variable];
        Fix Ask{"loop until '" + Stop.Name + "' asks to stop",
                Inside.HasWaits ? FixSafety::Unsafe : FixSafety::Safe,
                {{Unit.resolve(L.Condition), "!" + Stop.Name + Stop.StopTest}},
                {}};
        F.Fixes.push_back(std::move(Ask));
        return;
      }
  if (std::optional<Fix> Stoppable = stoppableFix(Spawn, Where, L)) {
    if (Inside.HasWaits)
      Stoppable->Safety = FixSafety::Unsafe;
    F.Fixes.push_back(std::move(*Stoppable));
  }
}

std::optional<Fix> EndlessThreads::stoppableFix(const SpawnSite &Spawn, FunctionId Where,
                                                const Loop &L) const {
  const FunctionFacts &Entry = Unit.Functions[Where];
  const Value &Callable = Spawn.Start->Values[0];
  if (!Unit.IsCPlusPlus20 || !Entry.IsLambda || !Entry.ParameterList.isValid() ||
      Callable.What != Value::Closure || Callable.Callee != Where)
    return std::nullopt;
  std::optional<StoppableHandle> Handle = Handles.stoppable(Spawn);
  if (!Handle)
    return std::nullopt;
  const Entity &Variable = Unit.Entities[Handle->Variable];
  std::string Token;
  for (const char *Name : {"stop", "stop_token", "thread_stop"})
    if (Token.empty() && !llvm::is_contained(Entry.NamesWritten, Name))
      Token = Name;
  if (Token.empty())
    return std::nullopt;
  Fix Result{"loop until '" + Variable.Name + "' is asked to stop" +
                 (Handle->Types.empty() ? "" : ", and make it a " + Variable.StoppableReplacement),
             Handle->IsSafe ? FixSafety::Safe : FixSafety::Unsafe,
             {{Unit.resolve(L.Condition), "!" + Token + ".stop_requested()"}},
             {"<stop_token>"}};
  bool HasList = Entry.ParameterList.End > Entry.ParameterList.Begin;
  std::string New = "std::stop_token " + Token + (Entry.Parameters.size() > 1 ? ", " : "");
  FileRange List = Unit.resolve(Entry.ParameterList);
  if (HasList)
    List.End = List.Begin + 1; // the parenthesis
  Result.Edits.push_back(
      {HasList ? List.behind() : List.before(), HasList ? New : "(" + New + ")"});
  for (const SourceRange &Type : Handle->Types)
    Result.Edits.push_back({Unit.resolve(Type), Variable.StoppableReplacement});
  for (const Statement *Join : Handle->Joins) {
    FileRange Whole = Unit.resolve(Join->Whole);
    std::string Request = (Join->InBlock ? "" : "{ ") + Variable.Name + ".request_stop(); ";
    Result.Edits.push_back({Whole.before(), Request});
    if (!Join->InBlock)
      Result.Edits.push_back({Whole.behind(), " }"});
  }
  return Result;
}

} // namespace

namespace heddle::checks {
extern const Check ThreadWithoutExitPath;
const Check ThreadWithoutExitPath{
    [](const ProgramModel &Program, Reporter &Out) { EndlessThreads(Program.unit(), Out).run(); }};
} // namespace heddle::checks
