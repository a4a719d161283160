// Coroutines: what they use after they were suspended, and what their callers let them refer to.
#ifndef HEDDLE_MODEL_FACTS_COROUTINEFACTS_H
#define HEDDLE_MODEL_FACTS_COROUTINEFACTS_H

#include "model/facts/AccessPath.h"
#include "model/facts/Source.h"

#include <string>

namespace heddle {

/// A use of an object that belongs to the caller (behind a reference parameter or `this`, or among
/// the captures of the lambda), where the coroutine may have been suspended since it was called.
struct LateUse {
  uint32_t Slot = 0; ///< Of the parameter, or of the capture.
  bool IsCapture = false;
  SourceRange Where;
  /// The last suspension before; invalid: before it began, because it is started later.
  SourceRange Suspended;
};

/// A call that makes a coroutine refer to an object which ends before the coroutine need have
/// ended.
struct CoroutineCall {
  enum Kind : uint8_t {
    Temporary, ///< The object ends with the full expression, in which nobody awaits the coroutine.
    Local,     ///< It ends with the function, which returns the coroutine.
    Closure,   ///< The lambda itself is the temporary.
    Variable,  ///< The lambda is a variable of the function, which returns the coroutine.
  };
  Kind How = Temporary;
  FunctionId Callee = InvalidId;
  uint32_t Slot = 0; ///< As in LateUse; any capture if it is the lambda that ends.
  SourceRange Where, Object;
  std::string Name; ///< Of a variable.
};

} // namespace heddle

#endif
