// Comparisons for equality, in all their spellings.
#ifndef HEDDLE_MODEL_UNIT_EQUALITY_H
#define HEDDLE_MODEL_UNIT_EQUALITY_H

#include "clang/AST/Expr.h"

#include <optional>

namespace heddle {

struct Equality {
  const clang::Expr *Left, *Right;
  bool IsSame; ///< `==`, otherwise `!=`.
};

/// None if the expression is anything else, conversions around it included.
std::optional<Equality> equalityOf(const clang::Expr *E);

} // namespace heddle

#endif
