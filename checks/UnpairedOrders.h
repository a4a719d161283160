// Atomics of which one side orders what comes with it and the other side never does.
#ifndef HEDDLE_CHECKS_UNPAIREDORDERS_H
#define HEDDLE_CHECKS_UNPAIREDORDERS_H

#include "model/program/ProgramModel.h"

#include <optional>
#include <vector>

namespace heddle {

/// A store and a read of one atomic, exactly one of them relaxed; and nothing in the unit does on
/// that side what the other one needs. No thread has to be in sight: the order that is written on
/// one side says that others come. The pointers are into the model.
struct UnpairedOrder {
  enum Kind : uint8_t {
    Pointer, ///< Who reads it follows it to an object that the storing function made.
    Flag,    ///< Who reads it goes on to data that the storing function wrote before.
    Lock,    ///< Who finds it free takes it, in one step; the store gives it back.
  };
  struct Place {
    FunctionId In = InvalidId;
    SourceRange Where;
    const Operation *Op = nullptr; ///< Null for locks.
  };
  Kind What = Flag;
  EntityId Subject = InvalidId;
  Place Store, Read;
  /// Flags: the access to the data in either function.
  const Operation *Given = nullptr, *Taken = nullptr;
  bool StoreIsRelaxed = false;
};

/// At most one for an atomic, in the order of the entities.
std::vector<UnpairedOrder> findUnpairedOrders(const ProgramModel &Program);

/// The atomic operation that stands there; null if there is none.
const AtomicOperation *atomicOperationAt(const UnitFacts &Unit, FunctionId In, SourceRange Where);

} // namespace heddle

#endif
