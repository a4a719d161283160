// What a function is made of, whatever its syntax: calls, their outcomes, atomic operations,
// annotated locks.
#ifndef HEDDLE_MODEL_UNIT_CALLSITE_H
#define HEDDLE_MODEL_UNIT_CALLSITE_H

#include "model/facts/UnitFacts.h"
#include "model/vocabulary/Vocabulary.h"

#include "clang/AST/Expr.h"

namespace heddle {

/// One call, whatever its syntax: free function, member, operator or constructor.
struct CallSite {
  const clang::Expr *Whole = nullptr;
  const clang::FunctionDecl *Callee = nullptr; ///< Null for calls through values.
  const clang::Expr *Object = nullptr;         ///< Of member calls.
  bool ObjectIsPointer = false;                ///< `p->f()`
  AccessPath Constructed;                      ///< Of constructors: what is built.
  llvm::SmallVector<const clang::Expr *, 6> Arguments;
};

/// What ends of what a call lets go of.
struct EndOfOwned {
  const clang::Expr *Owner = nullptr;     ///< What it points to.
  const clang::Expr *Container = nullptr; ///< All of its elements, but for the following:
  const clang::Expr *Which = nullptr;     ///< Only the one that this leads to.
  llvm::StringRef Member;                 ///< Only the one that this member function returns.
};

/// An expression that decides a condition. Where that holds, the expression is no zero, and zero
/// where it does not; the other way round if negated.
struct Outcome {
  const clang::Expr *Of = nullptr;
  bool Negated = false;
  bool OnTrue = true, OnFalse = true; ///< Whether it decides that way of the branch.
  /// Whether it may be a number that decides that way: nothing need have been called then.
  bool IsNumberOnTrue = false, IsNumberOnFalse = false;
  bool IsOneOf = false;     ///< Another expression may decide instead.
  bool IsOrdered = false;   ///< It is asked for numbers above or below zero.
  bool ZeroIsGuess = false; ///< It is asked for another number than zero and one.
};

/// What Clang's thread-safety annotations say about calls of a function, in terms of its
/// parameters.
struct LockContract {
  using Locks = std::vector<AnnotatedLock>;
  Locks Requires, Excludes, Acquires, Releases, Asserts, Tries;
  bool SucceedsOnZero = false; ///< Of Tries.
};

/// An atomic operation, whatever its syntax. Expressions are null where there are none.
struct AtomicSite {
  const clang::Expr *Whole = nullptr;
  AtomicOperation::Kind What = AtomicOperation::Load;
  AtomicOperation::Spelling How = AtomicOperation::Declared;
  AccessPath Path;
  const clang::Expr *Object = nullptr; ///< Of member calls and operators.
  bool ObjectIsPointer = false;
  const clang::Expr *Order = nullptr, *Failure = nullptr, *Desired = nullptr;
  const clang::Expr *Expected = nullptr; ///< Its value, or a reference or pointer to it.
  bool ExpectsValue = false;             ///< Expected is the value: a failure does not renew it.
  bool Replaces = false, SucceedsOnZero = false; ///< See CallMeaning.
  const CallMeaning *Meaning = nullptr;
  clang::SourceLocation Name; ///< Of the function that is called.
};

} // namespace heddle

#endif
