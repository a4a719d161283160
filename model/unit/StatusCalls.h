// Functions of the project's that look at the status of a call for their callers.
#ifndef HEDDLE_MODEL_UNIT_STATUSCALLS_H
#define HEDDLE_MODEL_UNIT_STATUSCALLS_H

#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstdint>
#include <optional>

namespace clang {
class ASTContext;
class CallExpr;
class Expr;
} // namespace clang

namespace heddle {

/// What the result of such a call says of the number that it was given.
struct GivenStatus {
  const clang::Expr *Given = nullptr;
  bool IsZeroWhere = false; ///< Whether zero leads to a result that is as it was asked for.
  bool IsCertain = false;   ///< Whether other numbers never do what zero does.
};

/// `check(status, …)`, of which the result depends on whether the one number that its branches look
/// at is zero. `Holds`: whether a number that it returns is as it was asked for; none for the
/// number that it was given, if that is not zero and nothing can be said of it.
std::optional<GivenStatus>
statusGivenTo(const clang::CallExpr *Call,
              llvm::function_ref<std::optional<bool>(std::optional<int64_t>)> Holds,
              clang::ASTContext &Context);

} // namespace heddle

#endif
