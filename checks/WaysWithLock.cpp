#include "checks/WaysWithLock.h"

#include "model/facts/ValueFlow.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

WaysWithLock::WaysWithLock(const FunctionFacts &Function, const AccessPath &Lock)
    : Function(Function), Lock(Lock) {
  forEachEvent(Function, [&](const Event &E) {
    if (E.Kind == EventKind::GuardMake && llvm::any_of(E.Values, [&](const Value &V) {
          return V.What == Value::PointsTo && V.Path == Lock;
        }))
      Guards.push_back(E.Path);
  });
  for (const Block &B : Function.Blocks) {
    for (size_t I = 0; I < B.Events.size(); ++I)
      if (takes(B.Events[I]))
        follow(B, I + 1);
    for (const Edge &Next : B.Successors)
      if (llvm::any_of(Next.Events, [&](const Event &E) { return takes(E); }))
        follow(Function.Blocks[Next.To], 0);
  }
}

bool WaysWithLock::takes(const Event &E) const {
  switch (E.Kind) {
  case EventKind::Acquire:
  case EventKind::TryLock:
    return E.Path == Lock;
  case EventKind::GuardMake:
    return !E.has(Deferred) && llvm::is_contained(Guards, E.Path);
  case EventKind::GuardLock:
  case EventKind::GuardTry:
    return llvm::is_contained(Guards, E.Path);
  default:
    return false;
  }
}

bool WaysWithLock::givesBack(const Event &E) const {
  switch (E.Kind) {
  case EventKind::Release:
    return E.Path == Lock;
  case EventKind::GuardUnlock:
  case EventKind::GuardFree:
  case EventKind::Destroy:
  case EventKind::End:
    return llvm::is_contained(Guards, E.Path);
  default:
    return false;
  }
}

void WaysWithLock::follow(const Block &B, size_t From) {
  for (size_t I = From; I < B.Events.size(); ++I) {
    if (givesBack(B.Events[I]))
      return;
    Reached.push_back(B.Events[I].Where);
  }
  for (const Edge &Next : B.Successors)
    if (llvm::none_of(Next.Events, [&](const Event &E) { return givesBack(E); }) &&
        Entered.insert(Next.To).second)
      follow(Function.Blocks[Next.To], 0);
}
