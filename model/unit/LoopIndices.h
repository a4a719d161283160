// What subscripts inside of OpenMP regions depend on: loop variables, the number of the thread,
// what is the same for all threads.
#ifndef HEDDLE_MODEL_UNIT_LOOPINDICES_H
#define HEDDLE_MODEL_UNIT_LOOPINDICES_H

#include "model/unit/OpenMPRegions.h"
#include "model/unit/UnitFactsBuilder.h"

#include "clang/AST/ParentMap.h"

namespace heddle {

/// Built once per body; refers to the AST. Answers that are not certain are unknown.
class LoopIndices {
public:
  LoopIndices(UnitFactsBuilder &Unit, const OpenMPRegions &Directives, const clang::Stmt *Body,
              const clang::ParentMap &Parents, const clang::FunctionDecl *Function,
              RegionKind Kind);

  /// The expression's value where it stands.
  AffineIndex affine(const clang::Expr *E);
  /// The subscripts in an lvalue, the last one first, with the loops that they depend on.
  Subscripts subscripts(const clang::Expr *E);
  /// The variables of the loops that the directive shares out among the threads.
  std::vector<uint32_t> distributedBy(int Directive);

private:
  struct Loop {
    uint32_t Number = InvalidId;
    bool IsDistributed = false;
    bool IsKnown = true; ///< Every thread runs it over the same values.
    bool InStep = false; ///< The threads are in the same round of it: they meet in each.
    IterationRange Range;
  };

  void walk(const clang::Stmt *S);
  void note(const clang::Expr *Target, const clang::Expr *Held, const clang::Stmt *Where);
  AffineIndex variable(const clang::VarDecl *V, const clang::Expr *Use);
  AffineIndex compute(const clang::Expr *E);
  /// Takes pointer arithmetic and the pointer itself off the expression, down to the lvalue behind.
  bool addPointer(const clang::Expr *&E, AffineIndex Index, bool IsConstant,
                  std::vector<AffineIndex> &To);
  AffineIndex term(AffineTerm::Kind What, uint32_t Variable);
  /// The innermost loop around the statement whose variable it is.
  const clang::ForStmt *loopOf(const clang::VarDecl *V, const clang::Stmt *Use) const;
  /// Whether the expression mentions the variable of a loop around that one.
  bool countsWith(const clang::Stmt *S, const clang::ForStmt *Inner) const;
  bool isInside(const clang::Stmt *S, const clang::Stmt *Outer) const;
  Loop &describe(const clang::ForStmt *For);
  void describeRange(const clang::ForStmt *For, const clang::VarDecl *V, Loop &Out);
  bool isThreadNumber(const clang::Expr *E);

  UnitFactsBuilder &Unit;
  const OpenMPRegions &Directives;
  const clang::ParentMap &Parents;
  const clang::FunctionDecl *Function;
  RegionKind Kind;
  struct Store {
    const clang::Stmt *Where;
    const clang::Expr *Held; ///< Null for what cannot be told.
  };
  llvm::DenseMap<const clang::VarDecl *, llvm::SmallVector<Store, 2>> Stores;
  llvm::DenseSet<const clang::VarDecl *> Declared;
  llvm::DenseMap<const clang::VarDecl *, uint32_t> Symbols;
  std::map<const clang::ForStmt *, Loop> Loops;
  std::map<uint32_t, const clang::ForStmt *> LoopsByNumber;
  llvm::DenseSet<const clang::VarDecl *> InProgress;
};

} // namespace heddle

#endif
