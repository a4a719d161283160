#include "model/program/interpreter/Relays.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

static bool isLink(const Operation &Op) {
  return !(Op.Waited.empty() && Op.Noticed.empty()) && !(Op.Signals.empty() && Op.Told.empty());
}

Relays::Relays(const std::vector<ThreadRun> &Runs, const std::vector<const Operation *> &Own,
               MeetsItself MayMeet)
    : OwnThread(Runs.size()), IsSingle(Runs.size() + 1, true) {
  for (uint32_t Run = 0; Run < Runs.size(); ++Run) {
    IsSingle[Run] = !MayMeet(Run);
    if (const auto &Origin = Runs[Run].Origin) {
      auto [Known, IsNew] = ByOrigin.try_emplace({Origin->Spawn, Origin->Entry}, Run);
      if (!IsNew)
        IsSingle[Run] = IsSingle[Known->second] = false;
    }
    for (const AccessPath &Signal : Runs[Run].Signals)
      Signallers[Signal].insert(Run);
    for (const Operation &Op : Runs[Run].Operations)
      if (IsSingle[Run] && isLink(Op))
        Links.push_back({Run, &Op});
  }
  for (const Operation *Op : Own) {
    for (const AccessPath &Signal : Op->Signals)
      Signallers[Signal].insert(OwnThread);
    if (isLink(*Op))
      Links.push_back({OwnThread, Op});
  }
}

uint32_t Relays::threadOf(const Operation &Op) const {
  if (!Op.Origin)
    return OwnThread;
  auto Known = ByOrigin.find({Op.Origin->Spawn, Op.Origin->Entry});
  return Known == ByOrigin.end() ? InvalidId : Known->second;
}

bool Relays::isBefore(const Operation &A, uint32_t Thread, const Operation &B) const {
  return comesBefore(A, B, [&](const AccessPath &Signal) {
    auto Known = Signallers.find(Signal);
    return Known != Signallers.end() && Known->second.size() == 1 &&
           Known->second.count(Thread) == 1;
  });
}

bool Relays::areOrdered(const Operation &A, const Operation &B) const {
  uint32_t ThreadA = threadOf(A), ThreadB = threadOf(B);
  if (ThreadA == InvalidId || ThreadB == InvalidId)
    return false;
  auto IsBehind = [&](const Operation &First, uint32_t FirstThread, const Operation &Last,
                      uint32_t LastThread) {
    return IsSingle[FirstThread] && llvm::any_of(Links, [&](const Link &Between) {
             return Between.Thread != FirstThread && Between.Thread != LastThread &&
                    isBefore(First, FirstThread, *Between.Op) &&
                    isBefore(*Between.Op, Between.Thread, Last);
           });
  };
  return IsBehind(A, ThreadA, B, ThreadB) || IsBehind(B, ThreadB, A, ThreadA);
}
