// Drops what nobody else can notice: accesses to memory that the function has for itself, and
// copies of locks that are not in use.
#include "model/unit/FunctionLowering.h"

#include <set>

using namespace clang;
using namespace heddle;

namespace {

bool concerns(const Event &E, const AccessPath &Object) {
  return E.Path.startsWith(Object) || llvm::any_of(E.Values, [&](const Value &V) {
           return V.What == Value::PointsTo && V.Path.startsWith(Object);
         });
}

/// Whether the event sets the lock up or takes it, or lets somebody else do that.
bool usesLock(const Event &E, const LockCopy &Copy, const AccessPath &Object) {
  switch (E.Kind) {
  case EventKind::Acquire:
  case EventKind::GuardMake:
  case EventKind::ChannelMake:
  case EventKind::Wait:
  case EventKind::Signal:
  case EventKind::Spawn:
  case EventKind::Call:
  case EventKind::CallValue:
  case EventKind::UnknownCall:
    return concerns(E, Object);
  case EventKind::Write:
    return E.Path.startsWith(Object) &&
           (Copy.Lock == InvalidId ? E.Path == Object : E.Path.subject() == Copy.Lock) &&
           !(E.Where == Copy.Where);
  default:
    return false;
  }
}

/// A local variable whose lock was never set up is there to be copied from, and a lock that is
/// set up behind the copy is a new one.
bool isHarmless(const FunctionFacts &Facts, const LockCopy &Copy) {
  bool FromLocal = Copy.From.root() == RootKind::Local && Copy.From.derefs() == 0;
  AccessPath Source(RootKind::Local, Copy.From.rootId());
  bool IsInUse = !FromLocal, IsRenewed = false;
  for (const Block &B : Facts.Blocks)
    for (const Event &E : B.Events) {
      bool IsBehind = E.Where.File == Copy.Where.File && E.Where.Begin >= Copy.Where.End;
      IsInUse =
          IsInUse || (!IsBehind && !Copy.Where.encloses(E.Where) && usesLock(E, Copy, Source));
      // Who captures a lock that is taken outside as well means that one.
      IsInUse |= Copy.How == LockCopy::Captured && E.Kind == EventKind::Acquire &&
                 E.Path.startsWith(Source);
      bool Renews = E.Kind == EventKind::Write || E.Kind == EventKind::ChannelMake ||
                    E.Kind == EventKind::Call || E.Kind == EventKind::UnknownCall;
      bool OnLock = Copy.Lock == InvalidId ||
                    (!E.Path.steps().empty() && E.Path.subject() == Copy.Lock) ||
                    llvm::any_of(E.Values, [&](const Value &V) {
                      return V.What == Value::PointsTo && V.Path.subject() == Copy.Lock;
                    });
      IsRenewed |= IsBehind && Renews && OnLock && Copy.To.isKnown() && concerns(E, Copy.To);
    }
  return Copy.How != LockCopy::Parameter && (!IsInUse || IsRenewed);
}

void dropHarmlessCopies(FunctionFacts &Facts) {
  llvm::erase_if(Facts.LockCopies, [&](const LockCopy &Copy) { return isHarmless(Facts, Copy); });
}

} // namespace

void FunctionLowering::dropPrivateAccesses() {
  dropHarmlessCopies(Facts);
  // A local whose address nobody takes is nobody else's business.
  std::set<std::pair<RootKind, uint32_t>> Reachable, SetUp;
  std::function<void(const Value &)> Note = [&](const Value &V) {
    if (V.What == Value::PointsTo && V.Path.derefs() == 0)
      Reachable.insert({V.Path.root(), V.Path.rootId()});
    for (const Value &Bound : V.Bound)
      Note(Bound);
  };
  for (const Block &B : Facts.Blocks)
    for (const Event &E : B.Events)
      for (const Value &V : E.Values)
        Note(V);
  // Unless it is set up by a call, or not yet: whatever is written there may do so as well.
  for (const Block &B : Facts.Blocks)
    for (const Event &E : B.Events)
      if (E.has(E.Kind == EventKind::Fresh ? Raw : Primitive))
        SetUp.insert({E.Path.root(), E.Path.rootId()});
  for (Block &B : Facts.Blocks)
    llvm::erase_if(B.Events, [&](const Event &E) {
      if (E.Kind == EventKind::End)
        return !Reachable.count({E.Path.root(), E.Path.rootId()});
      bool IsAccess =
          E.Kind == EventKind::Read || E.Kind == EventKind::Write || E.Kind == EventKind::Update;
      if (!IsAccess)
        return false;
      const AccessPath &P = E.Path;
      if (!P.isKnown())
        return true;
      if (E.Kind != EventKind::Read && SetUp.count({P.root(), P.rootId()}))
        return false;
      bool IsOwn = P.root() == RootKind::Local || P.root() == RootKind::Parameter ||
                   P.root() == RootKind::Temporary;
      return IsOwn && P.derefs() == 0 &&
             !(P.root() == RootKind::Local && Reachable.count({P.root(), P.rootId()}));
    });
}
