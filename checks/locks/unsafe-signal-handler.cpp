// B11: what a signal handler must not do: it runs in the middle of whatever was interrupted.
#include "checks/Check.h"
#include "checks/StoryTeller.h"
#include "model/program/SignalHandlers.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

namespace {

class UnsafeHandlers {
public:
  UnsafeHandlers(const ProgramModel &Program, Reporter &Out)
      : Program(Program), Unit(Program.unit()), Values(Unit), Flow(Values), All(Values, Flow),
        Out(Out) {}

  void run() {
    for (const SignalHandler &Handler : All.handlers()) {
      checkCalls(Handler);
      checkErrno(Handler);
      checkShared(Handler);
    }
  }

private:
  struct Danger {
    std::string Name; ///< As written, in quotes.
    std::string Does; ///< "takes the lock of the stream, which the interrupted code may hold"
    bool IsLock = false;
  };
  std::optional<Danger> danger(const HandlerEvent &E) const;
  void checkCalls(const SignalHandler &Handler);
  void checkErrno(const SignalHandler &Handler);
  void checkShared(const SignalHandler &Handler);
  std::string signals(const SignalHandler &Handler) const;
  Finding finding(const SignalHandler &Handler, const HandlerEvent &At,
                  std::string LastWords) const;

  const ProgramModel &Program;
  const UnitFacts &Unit;
  ValueFlow Values;
  ControlFlow Flow;
  SignalHandlers All;
  Reporter &Out;
};

std::optional<UnsafeHandlers::Danger> UnsafeHandlers::danger(const HandlerEvent &At) const {
  const Event &E = *At.What;
  if (const SignalHazard *H = All.hazard(E); H && H->What == SignalHazard::Unsafe)
    return Danger{"'" + H->Name + "'", H->Why};
  AccessPath Lock;
  if ((E.Kind == EventKind::Acquire && !E.has(Given)) || E.Kind == EventKind::GuardLock)
    Lock = E.Path;
  else if (E.Kind == EventKind::GuardMake && !E.has(Deferred | Adopted | Tried) &&
           !E.Values.empty())
    Lock = E.Values[0].pointee();
  else
    return std::nullopt;
  std::string Name = Program.spell(Lock, At.In);
  return Danger{Name.empty() ? "a lock" : "'" + Name + "'",
                "waits for ever if the interrupted thread holds it", true};
}

std::string UnsafeHandlers::signals(const SignalHandler &Handler) const {
  std::vector<std::string> Names;
  for (const SignalHandler::Install &At : Handler.Installs)
    if (const std::string &Name = Unit.HandlerInstalls[At.Index].Signal;
        !Name.empty() && !llvm::is_contained(Names, Name))
      Names.push_back(Name);
  if (Names.empty())
    return "a signal handler";
  std::string Text = "the handler of " + Names[0];
  for (size_t I = 1; I < Names.size(); ++I)
    Text += (I + 1 < Names.size() ? ", " : " and ") + Names[I];
  return Text;
}

Finding UnsafeHandlers::finding(const SignalHandler &Handler, const HandlerEvent &At,
                                std::string LastWords) const {
  Finding F;
  SourceRange Own = All.ownCall(Handler, At.In);
  F.Primary = Unit.resolve(Own.isValid() ? Own : At.What->Where);
  // Who has gone wrong already has less to lose: an unsafe call may then be meant.
  F.Sureness = All.endsProgram(Handler) ? Confidence::Possible : Confidence::Likely;
  ThreadStory Story;
  Story.Name = "whichever thread the signal interrupts";
  for (const SignalHandler::Install &Install : Handler.Installs) {
    const std::string &Signal = Unit.HandlerInstalls[Install.Index].Signal;
    F.Notes.push_back({Unit.resolve(Install.Where),
                       "makes " + quoteFunction(Unit, Handler.Entry) +
                           (Signal.empty() ? " a signal handler" : " the handler of " + Signal)});
  }
  FileRange Entry = Unit.resolve(Unit.Functions[Handler.Entry].NameRange);
  Story.Steps.push_back({Entry, "is interrupted and runs the handler", true});
  for (const CallStep &Call : All.calls(Handler, At.In))
    Story.Steps.push_back(
        {Unit.resolve(Call.Where), "calls " + quoteFunction(Unit, Call.Callee), true});
  Story.Steps.push_back({Unit.resolve(At.What->Where), std::move(LastWords), false});
  F.Threads.push_back(std::move(Story));
  F.Identity = Unit.Functions[Handler.Entry].Usr;
  return F;
}

void UnsafeHandlers::checkCalls(const SignalHandler &Handler) {
  // One finding for each call of the handler's own, and for each thing that it does there.
  std::set<SourceRange> Told;
  for (const HandlerEvent &At : All.events(Handler)) {
    std::optional<Danger> Found = danger(At);
    if (!Found)
      continue;
    SourceRange Own = All.ownCall(Handler, At.In);
    if (!Told.insert(Own.isValid() ? Own : At.What->Where).second)
      continue;
    std::string Does = (Found->IsLock ? "locks " : "runs ") + Found->Name;
    Finding F = finding(Handler, At, Does + ", which " + Found->Does);
    std::string Verb = Found->IsLock ? " is locked in " : " is used in ";
    if (Own.isValid()) {
      FunctionId Callee = All.calls(Handler, At.In).front().Callee;
      F.Message = quoteFunction(Unit, Callee) + " is called in " + signals(Handler) + " and " +
                  Does + ": that " + Found->Does;
    } else {
      F.Message = Found->Name + Verb + signals(Handler) + ": it " + Found->Does;
    }
    F.Identity += Found->Name;
    Out.report(std::move(F));
  }
}

void UnsafeHandlers::checkErrno(const SignalHandler &Handler) {
  if (!Flow.mayReturn(Handler.Entry) || All.does(Handler, SignalHazard::Restores))
    return;
  for (const HandlerEvent &At : All.events(Handler)) {
    const SignalHazard *H = All.hazard(*At.What);
    if (!H || H->What != SignalHazard::Spoils)
      continue;
    Finding F = finding(Handler, At, "sets 'errno'");
    F.Message = "'errno' is changed in " + signals(Handler) +
                " and not restored: the interrupted code may take it for an error of its own";
    F.Identity += "errno";
    Out.report(std::move(F));
    return;
  }
}

void UnsafeHandlers::checkShared(const SignalHandler &Handler) {
  if (!Flow.mayReturn(Handler.Entry))
    return;
  std::set<EntityId> Told;
  for (const HandlerEvent &At : All.events(Handler)) {
    const Event &E = *At.What;
    if (!All.isPlainWrite(E))
      continue;
    const Entity &Variable = Unit.Entities[E.Path.subject()];
    // Beside a flag that the handler sets, the reader may know when it is done.
    bool IsScalar = E.has(Scalar) && Variable.IsScalar;
    if ((!IsScalar || !E.Path.isRootOnly()) && All.setsFlag(Handler))
      continue;
    std::optional<HandlerEvent> Read = All.readElsewhere(E.Path);
    if (!Read || !Told.insert(E.Path.subject()).second)
      continue;
    Finding F = finding(Handler, At, "writes '" + Variable.Name + "'");
    F.Primary = Unit.resolve(E.Where);
    F.Message = "'" + Variable.Name + "' is written in " + signals(Handler) + " and read in " +
                quoteFunction(Unit, Read->In);
    F.Message += IsScalar ? ", but is neither 'volatile sig_atomic_t' nor an atomic: the reader "
                            "may miss the change"
                          : ": the reader may be interrupted and find it changed in part";
    F.Notes.push_back({Unit.resolve(Read->What->Where), "read here"});
    F.Identity += Variable.Usr;
    Out.report(std::move(F));
  }
}

void run(const ProgramModel &Program, Reporter &Out) {
  if (!Program.unit().HandlerInstalls.empty())
    UnsafeHandlers(Program, Out).run();
}

} // namespace

namespace heddle::checks {
extern const Check UnsafeSignalHandler;
const Check UnsafeSignalHandler{run};
} // namespace heddle::checks
