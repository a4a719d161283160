// What a call gives to the function that it enters.
#ifndef HEDDLE_MODEL_PROGRAM_CALLBINDING_H
#define HEDDLE_MODEL_PROGRAM_CALLBINDING_H

#include "model/facts/UnitFacts.h"

namespace heddle {

/// Slots and captures of a call, in the caller's terms.
struct CallBinding {
  FunctionId Callee = InvalidId; ///< Invalid if it is not known what is called.
  std::vector<Value> Slots;
  std::vector<Value> Captures;
  AccessPath Result;

  /// What the slot or capture holds where the callee's path starts; null if nothing is known of it,
  /// or if the path starts elsewhere.
  const Value *given(const AccessPath &Path) const;
};

/// Binds the arguments of a call of a function or closure.
CallBinding bindCallable(const UnitFacts &Unit, const Value &Target,
                         llvm::ArrayRef<Value> Arguments);

} // namespace heddle

#endif
