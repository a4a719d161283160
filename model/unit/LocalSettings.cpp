#include "model/unit/LocalSettings.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace heddle {

static bool isFollowed(const VarDecl *Variable) {
  QualType Type = Variable->getType();
  return Type->isIntegralOrEnumerationType() || Type->isPointerType();
}

LocalSettings::LocalSettings(const CFG &Graph, ParentMap &Parents,
                             llvm::function_ref<bool(const VarDecl *)> IsElsewhere) {
  auto Add = [&](const VarDecl *Variable, const Expr *From, GraphPlace At, bool Keeps) {
    ByVariable[Variable].push_back({From, At, Keeps});
  };
  auto Note = [&](const Stmt *S, GraphPlace At) {
    if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D);
            Variable && Variable->getInit() && isFollowed(Variable))
          Add(Variable, Variable->getInit(), At, /*Keeps=*/false);
      return;
    }
    const auto *Reference = dyn_cast<DeclRefExpr>(S);
    const auto *Variable = Reference ? dyn_cast<VarDecl>(Reference->getDecl()) : nullptr;
    if (!Variable || !Variable->isLocalVarDecl() || !isFollowed(Variable) || IsElsewhere(Variable))
      return;
    const Stmt *Parent = Parents.getParentIgnoreParens(const_cast<DeclRefExpr *>(Reference));
    if (const auto *Cast = dyn_cast_or_null<CastExpr>(Parent);
        Cast && Cast->getCastKind() == CK_LValueToRValue)
      return;
    const auto *Assign = dyn_cast_or_null<BinaryOperator>(Parent);
    if (Assign && (!Assign->isAssignmentOp() || Assign->getLHS()->IgnoreParens() != Reference))
      Assign = nullptr;
    Add(Variable, Assign ? Assign->getRHS() : nullptr, At,
        !Assign || Assign->isCompoundAssignmentOp());
  };
  for (const CFGBlock *B : Graph) {
    unsigned Index = 0;
    for (const CFGElement &Element : *B) {
      if (auto Statement = Element.getAs<CFGStmt>())
        Note(Statement->getStmt(), {B, Index});
      ++Index;
    }
  }
}

const Expr *LocalSettings::only(const VarDecl *Variable) const {
  auto Known = ByVariable.find(Variable);
  return Known != ByVariable.end() && Known->second.size() == 1 && !Known->second[0].Keeps &&
                 (!Variable->getType()->isPointerType() ||
                  Variable->getType()->isFunctionPointerType())
             ? Known->second[0].From
             : nullptr;
}

llvm::SmallVector<const LocalSettings::Setting *, 2> LocalSettings::last(const VarDecl *Variable,
                                                                         GraphPlace Place) const {
  llvm::SmallVector<const Setting *, 2> Result;
  auto Known = ByVariable.find(Variable);
  if (Known == ByVariable.end() || !Place.In)
    return Result;
  // Whether the way back ends here.
  auto Take = [&](const CFGBlock *In, unsigned Before) {
    for (const Setting &Each : llvm::reverse(Known->second))
      if (Each.At.In == In && Each.At.Element < Before) {
        Result.push_back(&Each);
        if (!Each.Keeps)
          return true;
      }
    return false;
  };
  llvm::SmallPtrSet<const CFGBlock *, 8> Seen;
  llvm::SmallVector<const CFGBlock *, 8> Work;
  auto GoBack = [&](const CFGBlock *From) {
    for (const CFGBlock::AdjacentBlock &Way : From->preds())
      if (const CFGBlock *Before = Way.getReachableBlock(); Before && Seen.insert(Before).second)
        Work.push_back(Before);
  };
  if (!Take(Place.In, Place.Element))
    GoBack(Place.In);
  while (!Work.empty()) {
    const CFGBlock *Next = Work.pop_back_val();
    if (!Take(Next, ~0U))
      GoBack(Next);
  }
  // One setting may be met on several ways.
  llvm::sort(Result);
  Result.erase(llvm::unique(Result), Result.end());
  return Result;
}

} // namespace heddle
