// Elements that one thread gives to another: which round of a loop says which element it is, and
// what is done in every round.
#include "model/unit/LoopIndices.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace heddle;

Subscripts LoopIndices::asRounds(Subscripts All) {
  for (AffineIndex &Index : All.Indices) {
    bool IsChosen = !Index.Terms.empty() && llvm::all_of(Index.Terms, [](const AffineTerm &T) {
      return T.What == AffineTerm::Inner || T.What == AffineTerm::Round ||
             T.What == AffineTerm::Captured;
    });
    if (!IsChosen) {
      Index = {};
      continue;
    }
    for (AffineTerm &T : Index.Terms) {
      if (T.What == AffineTerm::Captured)
        continue;
      T.What = AffineTerm::Round;
      auto For = LoopsByNumber.find(T.Variable);
      All.Ranges.push_back(For == LoopsByNumber.end()
                               ? IterationRange{T.Variable, 1, 0, std::nullopt}
                               : Loops[For->second].Range);
    }
    llvm::sort(Index.Terms);
  }
  if (llvm::none_of(All.Indices, [](const AffineIndex &Index) { return Index.IsKnown; }))
    return {};
  llvm::sort(All.Ranges);
  All.Ranges.erase(std::unique(All.Ranges.begin(), All.Ranges.end()), All.Ranges.end());
  return All;
}

Subscripts LoopIndices::rounds(const Expr *E) {
  Subscripts Result;
  ForRounds = true;
  bool IsKnown = addSubscripts(E, /*AsRounds=*/true, Result);
  ForRounds = false;
  return IsKnown ? asRounds(std::move(Result)) : Subscripts();
}

Subscripts LoopIndices::roundsOfPointee(const Expr *E) {
  while (true) {
    E = E->IgnoreImplicit()->IgnoreParenCasts();
    if (const auto *Unary = dyn_cast<UnaryOperator>(E); Unary && Unary->getOpcode() == UO_AddrOf)
      return rounds(Unary->getSubExpr());
    const auto *Call = dyn_cast<CallExpr>(E);
    const auto *Made = dyn_cast<CXXConstructExpr>(E);
    if (Call && Call->getNumArgs() == 1 && !isa<CXXOperatorCallExpr>(Call))
      E = Call->getArg(0);
    else if (Made && Made->getNumArgs() == 1)
      E = Made->getArg(0);
    else
      break;
  }
  if (E->isGLValue() && !E->getType()->isPointerType())
    return rounds(E);
  Subscripts Result;
  ForRounds = true;
  bool IsKnown = isa<BinaryOperator>(E) && E->getType()->isPointerType() &&
                 addPointer(E, {true, 0, {}}, true, Result.Indices) &&
                 addSubscripts(E, /*AsRounds=*/true, Result);
  ForRounds = false;
  return IsKnown ? asRounds(std::move(Result)) : Subscripts();
}

void LoopIndices::choose(Value &Given, const Expr *E) {
  if (Given.What != Value::PointsTo || Given.Path.isPrecise())
    return;
  if (Subscripts Chosen = roundsOfPointee(E); !Chosen.Indices.empty())
    Given.Chosen = std::make_shared<const Subscripts>(std::move(Chosen));
}

void LoopIndices::chooseNumber(Value &Given, const Expr *E) {
  if (!E->getType()->isIntegralOrEnumerationType() || Given.What == Value::Constant)
    return;
  ForRounds = true;
  Subscripts Chosen;
  Chosen.Indices = {affine(E)};
  ForRounds = false;
  Chosen = asRounds(std::move(Chosen));
  if (Chosen.Indices.size() == 1)
    Given.Chosen = std::make_shared<const Subscripts>(std::move(Chosen));
}

bool LoopIndices::dependsOnRound(const Stmt *Condition) {
  if (!Condition)
    return false;
  if (const auto *Call = dyn_cast<CallExpr>(Condition))
    return !Call->getDirectCallee() ||
           llvm::none_of(Unit.vocabulary().call(Call->getDirectCallee()),
                         [](const CallMeaning &M) { return M.What == Effect::Spawn; });
  if (isa<ArraySubscriptExpr, MemberExpr>(Condition))
    return true;
  if (const auto *Reference = dyn_cast<DeclRefExpr>(Condition)) {
    const auto *V = dyn_cast<VarDecl>(Reference->getDecl());
    return V && (!V->hasLocalStorage() || loopOf(V, Condition) || Ranges.count(V));
  }
  return llvm::any_of(Condition->children(),
                      [&](const Stmt *Part) { return dependsOnRound(Part); });
}

bool LoopIndices::leavesRound(const Stmt *S) {
  if (!S || isa<LambdaExpr>(S))
    return false;
  if (isa<BreakStmt, ContinueStmt, ReturnStmt, GotoStmt, CXXThrowExpr>(S))
    return true;
  // That a thread could not be started has nothing to do with which one it is.
  if (const auto *If = dyn_cast<IfStmt>(S); If && !dependsOnRound(If->getCond()))
    return false;
  return llvm::any_of(S->children(), [&](const Stmt *Part) { return leavesRound(Part); });
}

LoopIndices::PlaceInLoops LoopIndices::placeInLoops(const Stmt *S) {
  if (auto Known = Places.find(S); Known != Places.end())
    return Known->second;
  const Stmt *Parent = Parents.getParent(S);
  if (!Parent)
    return {};
  PlaceInLoops Result = placeInLoops(Parent);
  bool IsConditional = false;
  if (isa<ForStmt, CXXForRangeStmt, WhileStmt, DoStmt>(Parent)) {
    const auto *For = dyn_cast<ForStmt>(Parent);
    const auto *While = dyn_cast<WhileStmt>(Parent);
    IsConditional = While && S == While->getBody();
    // What is done behind each round is no part of it.
    Result.IsConditional |= For && S == For->getInc();
  } else if (const auto *Block = dyn_cast<CompoundStmt>(Parent); Block && Result.IsInside) {
    for (const Stmt *Before : Block->body()) {
      if (Before == S)
        break;
      auto [Leaves, IsNew] = this->Leaves.try_emplace(Before, false);
      if (IsNew)
        Leaves->second = leavesRound(Before);
      IsConditional |= Leaves->second;
    }
  } else if (const auto *If = dyn_cast<IfStmt>(Parent)) {
    IsConditional = S == If->getThen() || S == If->getElse();
  } else if (const auto *Binary = dyn_cast<BinaryOperator>(Parent)) {
    IsConditional = Binary->isLogicalOp() && S == Binary->getRHS();
  } else if (const auto *Either = dyn_cast<AbstractConditionalOperator>(Parent)) {
    IsConditional = S != Either->getCond();
  } else {
    IsConditional =
        !isa<Expr, CompoundStmt, DeclStmt, ReturnStmt, AttributedStmt, CXXTryStmt>(Parent);
  }
  Result.IsConditional |= Result.IsInside && IsConditional;
  Result.IsInside |= isa<ForStmt, CXXForRangeStmt, WhileStmt, DoStmt>(Parent);
  return Places[S] = Result;
}

bool LoopIndices::isSometimes(const Stmt *S) { return placeInLoops(S).IsConditional; }
