// What the numbers and pointers among a function's locals are set from, and which of those settings
// may be the last ones where some place is reached.
#ifndef HEDDLE_MODEL_UNIT_LOCALSETTINGS_H
#define HEDDLE_MODEL_UNIT_LOCALSETTINGS_H

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ParentMap.h"
#include "clang/Analysis/CFG.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace heddle {

/// Before the element of that number; behind the last one stands the block's end.
struct GraphPlace {
  const clang::CFGBlock *In = nullptr;
  unsigned Element = 0;
};

/// Locals of integral, enumeration and pointer type only. Immutable once built; the graph and its
/// code must outlive it.
class LocalSettings {
public:
  struct Setting {
    const clang::Expr *From; ///< Null: from something that is not said here.
    GraphPlace At;
    bool Keeps; ///< What was there before may show through, as with `|=`.
  };

  LocalSettings() = default;
  /// `IsElsewhere` says of which variables code outside of the graph may set them.
  LocalSettings(const clang::CFG &Graph, clang::ParentMap &Parents,
                llvm::function_ref<bool(const clang::VarDecl *)> IsElsewhere);

  /// What the number, or pointer to functions, is set from if there is only one setting in the
  /// whole function; else null.
  const clang::Expr *only(const clang::VarDecl *Variable) const;

  /// Those that may be the last ones before the place. Empty also for a variable that is not
  /// followed.
  llvm::SmallVector<const Setting *, 2> last(const clang::VarDecl *Variable,
                                             GraphPlace Place) const;

private:
  llvm::DenseMap<const clang::VarDecl *, llvm::SmallVector<Setting, 2>> ByVariable;
};

} // namespace heddle

#endif
