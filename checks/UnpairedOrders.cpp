#include "checks/UnpairedOrders.h"

#include <algorithm>
#include <map>

using namespace heddle;

const AtomicOperation *heddle::atomicOperationAt(const UnitFacts &Unit, FunctionId In,
                                                 SourceRange Where) {
  for (const AtomicOperation &Op : Unit.Functions[In].Atomics)
    if (Op.Where == Where)
      return &Op;
  return nullptr;
}

namespace {

using Place = UnpairedOrder::Place;

bool isRead(const AtomicOperation &Op) { return Op.What != AtomicOperation::Store; }
bool isWrite(const AtomicOperation &Op) { return Op.What != AtomicOperation::Load; }

bool releases(MemoryOrder Order) {
  return Order != MemoryOrder::Relaxed && Order != MemoryOrder::Acquire &&
         Order != MemoryOrder::Consume;
}
bool acquires(MemoryOrder Order) {
  return Order != MemoryOrder::Relaxed && Order != MemoryOrder::Release;
}

/// All that the unit does with one atomic outside of functions that run alone.
struct Atomic {
  bool IsReleased = false; ///< Some write is a release, or may be one.
  bool IsAcquired = false;
  std::vector<Place> RelaxedStores, RelaxedReads, ReleaseStores, AcquireReads, Claims;
  std::vector<const Operation *> Made, Followed; ///< Pointers to new objects; pointers used.
};

class Collector {
public:
  explicit Collector(const ProgramModel &Program) : Program(Program), Unit(Program.unit()) {
    for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id) {
      for (const AtomicOperation &Op : Unit.Functions[Id].Atomics)
        if (Op.Path.subject() != InvalidId)
          noteOrder(Id, Op, Known[Op.Path.subject()]);
      for (const Operation &Op : Program.summary(Id).Operations)
        if (Op.In == Id && !Op.Origin && (Op.Flags & heddle::Atomic))
          notePointer(Op);
    }
  }

  std::vector<UnpairedOrder> pair() {
    std::vector<UnpairedOrder> Result;
    for (const auto &[Subject, Each] : Known) {
      std::optional<UnpairedOrder> Found = pairPointers(Each);
      if (!Found)
        Found = pairLocks(Each);
      if (!Found)
        Found = pairFlags(Subject, Each);
      if (!Found)
        continue;
      Found->Subject = Subject;
      Result.push_back(*Found);
    }
    return Result;
  }

private:
  /// Threads that could see what it does do not exist yet, or no longer.
  bool isAlone(FunctionId Id) const {
    const FunctionFacts &Function = Unit.Functions[Id];
    return Function.IsConstructor || Function.IsDestructor || Function.IsMain;
  }

  void noteOrder(FunctionId In, const AtomicOperation &Op, Atomic &To) const {
    bool HasFence = Program.summary(In).HasFence;
    MemoryOrder Order = Op.Order.Order;
    bool IsWritten = Op.Order.Written.isValid();
    To.IsReleased |= isWrite(Op) && (HasFence || releases(Order));
    To.IsAcquired |= isRead(Op) && (HasFence || acquires(Order));
    if (isAlone(In) || HasFence)
      return;
    Place Here{In, Op.Where};
    if (Op.What == AtomicOperation::Store) {
      if (Order == MemoryOrder::Relaxed)
        To.RelaxedStores.push_back(Here);
      else if (IsWritten && Order == MemoryOrder::Release)
        To.ReleaseStores.push_back(Here);
    } else if (Op.What == AtomicOperation::Load) {
      if (Order == MemoryOrder::Relaxed)
        To.RelaxedReads.push_back(Here);
      else if (IsWritten && (Order == MemoryOrder::Acquire || Order == MemoryOrder::Consume))
        To.AcquireReads.push_back(Here);
    } else if (IsWritten && Order == MemoryOrder::Acquire && Op.IsRepeated) {
      To.Claims.push_back(Here);
    }
  }

  void notePointer(const Operation &Op) {
    auto Of = Known.find(Op.Path.subject());
    if (Of == Known.end() || !Op.Locks.empty() || isAlone(Op.In))
      return;
    if (Op.isWrite() && (Op.Flags & MakesPublic) && (Op.Flags & Relaxed))
      Of->second.Made.push_back(&Op);
    if (!Op.isWrite() && (Op.Flags & UsesPointee))
      Of->second.Followed.push_back(&Op);
  }

  static const Operation *among(const std::vector<const Operation *> &Operations,
                                const std::vector<Place> &Places) {
    for (const Operation *Op : Operations)
      for (const Place &P : Places)
        if (P.In == Op->In && P.Where == Op->Where)
          return Op;
    return nullptr;
  }

  static std::optional<UnpairedOrder> pairPointers(const Atomic &Each) {
    const Operation *Load = among(Each.Followed, Each.AcquireReads);
    if (Each.IsReleased || Each.Made.empty() || !Load)
      return std::nullopt;
    const Operation *Store = Each.Made.front();
    return UnpairedOrder{UnpairedOrder::Pointer,        InvalidId, {Store->In, Store->Where, Store},
                         {Load->In, Load->Where, Load}, nullptr,   nullptr,
                         /*StoreIsRelaxed=*/true};
  }

  static std::optional<UnpairedOrder> pairLocks(const Atomic &Each) {
    if (Each.IsReleased || Each.Claims.empty() || Each.RelaxedStores.empty())
      return std::nullopt;
    return UnpairedOrder{UnpairedOrder::Lock,    InvalidId, Each.RelaxedStores.front(),
                         Each.Claims.front(),    nullptr,   nullptr,
                         /*StoreIsRelaxed=*/true};
  }

  std::optional<UnpairedOrder> pairFlags(EntityId Subject, const Atomic &Each) {
    if (!Each.IsReleased && !Each.RelaxedStores.empty() && !Each.AcquireReads.empty())
      return pairFlags(Subject, Each.RelaxedStores, Each.AcquireReads, /*StoreIsRelaxed=*/true);
    if (!Each.IsAcquired && !Each.ReleaseStores.empty() && !Each.RelaxedReads.empty())
      return pairFlags(Subject, Each.ReleaseStores, Each.RelaxedReads, /*StoreIsRelaxed=*/false);
    return std::nullopt;
  }

  /// An access of the function to what is no atomic, without a lock, that `Handed` puts before or
  /// behind the place. Data of another object than the flag may be the thread's own.
  std::vector<const Operation *> accesses(const Place &At, Handovers Operation::*Handed) const {
    std::vector<const Operation *> Result;
    const AtomicOperation *Flag = atomicOperationAt(Unit, At.In, At.Where);
    for (const Operation &Op : Program.summary(At.In).Operations) {
      bool IsOwn = Op.In == At.In && !Op.Origin && Op.isAccess() && Op.Locks.empty();
      if (!IsOwn || (Op.Flags & (heddle::Atomic | Ends | Usage)) ||
          Op.Path.subject() == InvalidId || (Flag && Op.LocalPath.isOfOther(Flag->Path)))
        continue;
      const Handovers &Flags = Op.*Handed;
      if (std::any_of(Flags.begin(), Flags.end(),
                      [&](const Handover &H) { return H.In == At.In && H.Where == At.Where; }))
        Result.push_back(&Op);
    }
    return Result;
  }

  /// Whether something else tells who takes the data that they were given.
  static bool isSignalled(const Operation &Given, const Operation &Taken) {
    return std::any_of(Given.Signals.begin(), Given.Signals.end(),
                       [&](const AccessPath &Signal) { return Taken.Waited.count(Signal); });
  }

  std::optional<UnpairedOrder> pairFlags(EntityId Subject, const std::vector<Place> &Stores,
                                         const std::vector<Place> &Reads, bool StoreIsRelaxed) {
    for (const Place &Store : Stores)
      for (const Operation *Given : accesses(Store, &Operation::Published)) {
        if (!Given->isWrite() || Given->Path.subject() == Subject)
          continue;
        for (const Place &Read : Reads)
          for (const Operation *Taken : accesses(Read, &Operation::Believed))
            if (Read.In != Store.In && Taken->Path.subject() == Given->Path.subject() &&
                !isSignalled(*Given, *Taken))
              return UnpairedOrder{UnpairedOrder::Flag, InvalidId, Store, Read, Given, Taken,
                                   StoreIsRelaxed};
      }
    return std::nullopt;
  }

  const ProgramModel &Program;
  const UnitFacts &Unit;
  std::map<EntityId, Atomic> Known;
};

} // namespace

std::vector<UnpairedOrder> heddle::findUnpairedOrders(const ProgramModel &Program) {
  return Collector(Program).pair();
}
