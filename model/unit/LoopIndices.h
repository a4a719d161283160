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
  /// The same for use between who gives an element to a thread and that thread: bounds do not
  /// matter then, and references lead on to what they name.
  Subscripts rounds(const clang::Expr *E);
  /// Notes by which subscripts the value, that of the expression, points into an array.
  void choose(Value &Given, const clang::Expr *E);
  /// The same of a number, by which an element may be chosen.
  void chooseNumber(Value &Given, const clang::Expr *E);
  /// Whether there are loops around, and it is not done in every round of them that begins.
  bool isSometimes(const clang::Stmt *S);
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
  bool addSubscripts(const clang::Expr *E, bool AsRounds, Subscripts &To);
  Subscripts asRounds(Subscripts All);
  Subscripts roundsOfPointee(const clang::Expr *E);
  bool addElementOf(const clang::VarDecl *Reference, const clang::Expr *&E, Subscripts &To);
  /// Whether a round may be left in the statement because of which one it is.
  bool leavesRound(const clang::Stmt *S);
  bool dependsOnRound(const clang::Stmt *Condition);
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
  /// By the variable of a loop over a range: the loop, and a number for its rounds.
  llvm::DenseMap<const clang::VarDecl *, std::pair<const clang::CXXForRangeStmt *, uint32_t>>
      Ranges;
  bool ForRounds = false; ///< What is asked for now is for rounds().
  struct PlaceInLoops {
    bool IsInside = false, IsConditional = false; ///< Conditional: see isSometimes.
  };
  PlaceInLoops placeInLoops(const clang::Stmt *S);
  llvm::DenseMap<const clang::Stmt *, PlaceInLoops> Places;
  llvm::DenseMap<const clang::Stmt *, bool> Leaves; ///< Answers of leavesRound.
};

} // namespace heddle

#endif
