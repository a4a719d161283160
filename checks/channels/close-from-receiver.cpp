// A channel closed by the side that receives, while a sender may still send.
#include "checks/Check.h"
#include "checks/StoryTeller.h"

#include <algorithm>

using namespace heddle;

namespace {

std::string nameOf(const ProgramModel &Program, const Operation &Op) {
  AccessPath Handle = Op.LocalPath;
  if (!Handle.steps().empty() && Handle.steps().back().What == PathStep::Deref)
    Handle = Handle.prefix(Handle.steps().size() - 1);
  std::string Name = Program.spell(Handle, Op.In);
  return Name.empty() ? "the channel" : "'" + Name + "'";
}

/// The parameter that holds the channel, if the function only receives from it and closes it.
EntityId receivingParameter(const UnitFacts &Unit, const Operation &Close) {
  if (Close.LocalPath.root() != RootKind::Parameter || Close.LocalPath.steps().size() > 2)
    return InvalidId;
  const FunctionFacts &Function = Unit.Functions[Close.In];
  AccessPath Slot(RootKind::Parameter, Close.LocalPath.rootId());
  for (const Block &B : Function.Blocks)
    for (const Event &E : B.Events) {
      bool Concerns = E.Path.startsWith(Slot);
      if (Concerns && E.Kind != EventKind::Receive && E.Kind != EventKind::Close &&
          E.Kind != EventKind::Read && E.Kind != EventKind::Block)
        return InvalidId;
      for (const Value &V : E.Values)
        if (V.isKnown() && V.Path.startsWith(Slot))
          return InvalidId;
    }
  return Function.Parameters[Close.LocalPath.rootId()].Variable;
}

/// Takes the close away from the receiver and narrows its parameter so that it cannot come back.
/// Safe only where the other side closes as well: elsewhere a sender that meets no close any more
/// may wait for ever instead of failing.
std::optional<Fix> leaveToSender(const ProgramModel &Program, const ConcurrentPair &Pair) {
  const UnitFacts &Unit = Program.unit();
  if (Pair.First.Statement == InvalidId)
    return std::nullopt;
  const Statement &S = Unit.Statements[Pair.First.Statement];
  if (!S.IsExpression || !S.InBlock || !S.Whole.isValid())
    return std::nullopt;
  Fix Result;
  Result.Title = "leave the close to the sender";
  Result.Safety = Pair.SenderCloses ? FixSafety::Safe : FixSafety::Unsafe;
  Result.Edits.push_back({Unit.resolve(S.Whole), ""});
  if (EntityId Id = receivingParameter(Unit, Pair.First); Id != InvalidId) {
    const Entity &Parameter = Unit.Entities[Id];
    if (Parameter.TemplateName.isValid() && !Parameter.ReceiveEnd.empty()) {
      Result.Title += " and take only the receive end";
      Result.Edits.push_back({Unit.resolve(Parameter.TemplateName), Parameter.ReceiveEnd});
    }
  }
  return Result;
}

/// Gives the close to the one task that sends: it closes when it ends, however it ends.
std::optional<Fix> moveToSender(const ProgramModel &Program, const ConcurrentPair &Pair) {
  const UnitFacts &Unit = Program.unit();
  const Operation &Send = Pair.Second;
  if (Pair.SenderCloses || !Pair.HasOneSender || !Send.Origin || Send.Origin->Entry == InvalidId ||
      Send.In != Send.Origin->Entry)
    return std::nullopt;
  std::optional<Fix> Result = leaveToSender(Program, Pair);
  const FunctionFacts &Sender = Unit.Functions[Send.In];
  if (!Result || !Sender.BodyRange.isValid() || Send.LocalPath.steps().empty())
    return std::nullopt;
  AccessPath Handle = Send.LocalPath.prefix(Send.LocalPath.steps().size() - 1);
  const std::vector<Parameter> &Slots = Handle.root() == RootKind::Parameter ? Sender.Parameters
                                        : Handle.root() == RootKind::Capture
                                            ? Sender.Captures
                                            : std::vector<Parameter>();
  if (Handle.rootId() >= Slots.size() || Slots[Handle.rootId()].Variable == InvalidId)
    return std::nullopt;
  const Entity &Channel = Unit.Entities[Slots[Handle.rootId()].Variable];
  if (Channel.Deferrer.empty())
    return std::nullopt;
  FileRange Place = Unit.resolve(Sender.BodyRange);
  Place.Begin = Place.End = Place.Begin + 1;
  Result->Title = "let the sender close the channel when it ends";
  Result->Edits.push_back(
      {Place, "\n" + Channel.Deferrer + " close_on_exit([&] { " + Channel.Name + ".close(); });"});
  Result->Includes.push_back(Channel.DeferrerHeader);
  return Result;
}

void report(const ProgramModel &Program, const ConcurrentPair &Pair, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  StoryTeller Teller(Program);
  std::string Name = nameOf(Program, Pair.First);
  Finding F;
  F.Message = Name + " is closed by its receiver while " + Teller.nameOther(Pair) +
              " may still send: only the sender may close";
  F.Primary = Unit.resolve(Pair.First.Where);
  F.Sureness = Confidence::Certain;
  F.Threads.push_back(Teller.tell(Pair.First, Pair.Frame, "closes " + Name));
  F.Threads.push_back(
      Teller.tell(Pair.Second, Pair.Frame,
                  "sends to " + nameOf(Program, Pair.Second) + ", an error once it is closed"));
  F.Identity = Unit.Functions[Pair.First.In].Usr + "#" + Name;
  if (auto Moved = moveToSender(Program, Pair))
    F.Fixes.push_back(std::move(*Moved));
  else if (auto Deleted = leaveToSender(Program, Pair))
    F.Fixes.push_back(std::move(*Deleted));
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  std::set<SourceRange> Told;
  for (const ConcurrentPair &Pair : Program.concurrentCloses())
    if (Pair.CloserReceives && !Pair.CloserSends && Told.insert(Pair.First.Where).second)
      report(Program, Pair, Out);
}

} // namespace

namespace heddle::checks {
extern const Check CloseFromReceiver;
const Check CloseFromReceiver{run};
} // namespace heddle::checks
