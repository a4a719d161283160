// Which meanings a call has: by constants among its arguments, and by the errors that are asked
// for.
#ifndef HEDDLE_MODEL_UNIT_CALLTESTS_H
#define HEDDLE_MODEL_UNIT_CALLTESTS_H

#include "model/vocabulary/Vocabulary.h"

#include "llvm/ADT/ArrayRef.h"

namespace clang {
class ASTContext;
class Expr;
class Stmt;
} // namespace clang

namespace heddle {

/// Whether something in the body compares errno, or a variable that is set from it, with one of the
/// numbers.
bool asksForError(const clang::Stmt *Body, llvm::ArrayRef<int64_t> Numbers, VocabularyLookup &Words,
                  clang::ASTContext &Context);

/// Whether the arguments are such that the meaning may be theirs.
bool isMeant(const CallMeaning &Meaning, llvm::ArrayRef<const clang::Expr *> Arguments,
             clang::ASTContext &Context);

} // namespace heddle

#endif
