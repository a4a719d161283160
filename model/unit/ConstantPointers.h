// What constant pointers point to: tables of functions, structures of operations.
#ifndef HEDDLE_MODEL_UNIT_CONSTANTPOINTERS_H
#define HEDDLE_MODEL_UNIT_CONSTANTPOINTERS_H

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"

namespace heddle {

/// The function or variable, as a whole, to which the pointer at `Place` always points: a constant
/// of static storage, or a part of one, with an initialiser in sight. Null where that is not
/// certain.
const clang::ValueDecl *constantPointee(const clang::Expr *Place, const clang::ASTContext &Context);

} // namespace heddle

#endif
