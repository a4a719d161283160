// Which types are locks, or hold one by value, so that a copy of an object is a copy of a lock.
#ifndef HEDDLE_MODEL_UNIT_LOCKHOLDERS_H
#define HEDDLE_MODEL_UNIT_LOCKHOLDERS_H

#include "model/vocabulary/Vocabulary.h"

#include "clang/AST/Decl.h"
#include "clang/AST/Type.h"

#include "llvm/ADT/DenseMap.h"

#include <optional>

namespace heddle {

/// Remembers its answers; one per unit.
class LockHolders {
public:
  explicit LockHolders(VocabularyLookup &Lookup) : Lookup(Lookup) {}

  struct Answer {
    const clang::FieldDecl *Member = nullptr; ///< Null if the type itself is the lock.
    clang::QualType Lock;
  };
  /// Nothing if there is no mutex, condition, barrier or semaphore in objects of the type.
  std::optional<Answer> find(clang::QualType Type);
  /// Whether the expression copies an object of such a type from one that has a name, without a
  /// copy constructor or assignment that somebody wrote.
  bool isCopy(const clang::Expr *E);

private:
  bool isLock(clang::QualType Type);

  VocabularyLookup &Lookup;
  llvm::DenseMap<const clang::RecordDecl *, std::optional<Answer>> Known;
};

} // namespace heddle

#endif
