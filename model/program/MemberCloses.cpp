// Channels that are members: one method leaves a thread running that sends, another one closes.
#include "model/program/ProgramModel.h"

using namespace heddle;

namespace {

bool isMember(const AccessPath &Path) {
  return Path.root() == RootKind::Parameter && Path.rootId() == 0 && Path.derefs() > 0;
}

/// The closing method's part of the pair; nothing if what it does orders the two.
bool describeCloser(const Summary &Method, const ThreadRun &Run, ConcurrentPair &Pair) {
  if (Method.Joined.count(Run.Handle))
    return false;
  for (const Operation &Op : Method.Operations) {
    if (!(Op.Path == Pair.First.Path) || Op.Origin)
      continue;
    Pair.CloserReceives |= Op.Kind == EventKind::Receive;
    Pair.CloserSends |= Op.Kind == EventKind::Send;
  }
  return !isOrdered(Pair.First, Pair.Second, Pair.First.Path);
}

} // namespace

void ProgramModel::pairMemberCloses() {
  std::set<std::pair<SourceRange, SourceRange>> Known;
  for (const ConcurrentPair &Pair : Closes)
    Known.insert({Pair.First.Where, Pair.Second.Where});
  std::vector<std::pair<FunctionId, const Operation *>> MemberCloses;
  for (FunctionId Id = 0; Id < Facts.Functions.size(); ++Id)
    if (Facts.Functions[Id].HasThis && !Facts.Functions[Id].IsDestructor)
      for (const Operation &Op : Summaries[Id].Operations)
        if (Op.Kind == EventKind::Close && !Op.Origin && Op.In == Id && isMember(Op.Path) &&
            Op.Path.isPrecise())
          MemberCloses.emplace_back(Id, &Op);
  if (MemberCloses.empty())
    return;
  for (FunctionId Starter = 0; Starter < Facts.Functions.size(); ++Starter) {
    if (!Facts.Functions[Starter].HasThis)
      continue;
    for (const ThreadRun &Run : Summaries[Starter].Running)
      for (const Operation &Op : Run.Operations)
        for (const auto &[Closer, Close] : MemberCloses) {
          if (Op.Kind != EventKind::Send || !(Op.Path == Close->Path) || Closer == Starter)
            continue;
          ConcurrentPair Pair;
          Pair.Frame = Closer;
          Pair.First = *Close;
          Pair.Second = Op;
          for (const Operation &Other : Run.Operations)
            Pair.SenderCloses |= Other.Kind == EventKind::Close && Other.Path == Op.Path;
          if (describeCloser(Summaries[Closer], Run, Pair) &&
              Known.insert({Pair.First.Where, Pair.Second.Where}).second)
            Closes.push_back(std::move(Pair));
        }
  }
}
