// Conditions that say the same again as long as nothing has changed that they read.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"

#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace heddle;

/// Whether the function is in sight, and does nothing but return what it has looked at.
static bool onlyLooks(const FunctionDecl *Function, const ASTContext &Context) {
  const auto *Body = dyn_cast_or_null<CompoundStmt>(Function->getBody());
  const auto *Return =
      Body && Body->size() == 1 ? dyn_cast<ReturnStmt>(Body->body_front()) : nullptr;
  return Return && Return->getRetValue() &&
         !Return->getRetValue()->HasSideEffects(Context, /*IncludePossibleEffects=*/true);
}

bool FunctionLowering::isSteady(const Expr *Subject) {
  const auto *Call = dyn_cast<CallExpr>(Subject);
  if (!Call)
    return !Subject->HasSideEffects(Context, /*IncludePossibleEffects=*/false);
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee || !Unit.vocabulary().call(Callee).empty() ||
      llvm::any_of(Call->arguments(), [&](const Expr *Argument) {
        return Argument->HasSideEffects(Context, /*IncludePossibleEffects=*/false);
      }))
    return false;
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee); Method && Method->isInstance())
    return Method->isConst();
  return Callee->getReturnType()->isBooleanType() || onlyLooks(Callee, Context) ||
         llvm::none_of(Callee->parameters(), [](const ParmVarDecl *Parameter) {
           QualType Type = Parameter->getType();
           return (Type->isPointerType() || Type->isReferenceType()) &&
                  !Type->getPointeeType().isConstQualified();
         });
}

AccessPath FunctionLowering::conditionPath(const Expr *Subject, std::vector<AccessPath> &Reads) {
  struct Finder : DynamicRecursiveASTVisitor {
    FunctionLowering &Lowering;
    std::vector<AccessPath> &Reads;
    Finder(FunctionLowering &L, std::vector<AccessPath> &Reads) : Lowering(L), Reads(Reads) {}
    bool TraverseLambdaExpr(LambdaExpr *) override { return true; }
    void note(const Expr *E) {
      if (AccessPath Path = Lowering.path(E); Path.isKnown() && Reads.size() < 8)
        Reads.push_back(std::move(Path));
    }
    bool VisitDeclRefExpr(DeclRefExpr *Reference) override {
      if (isa<VarDecl, BindingDecl>(Reference->getDecl()))
        note(Reference);
      return true;
    }
    bool VisitMemberExpr(MemberExpr *Member) override {
      if (isa<FieldDecl>(Member->getMemberDecl()))
        note(Member);
      return true;
    }
  };
  Finder(*this, Reads).TraverseStmt(const_cast<Expr *>(Subject));
  llvm::FoldingSetNodeID Text;
  if (const auto *Compare = dyn_cast<BinaryOperator>(Subject);
      Compare && Compare->isComparisonOp()) {
    // `a >= b` has been turned into `!(a < b)`.
    bool IsOrder = Compare->isRelationalOp();
    BinaryOperatorKind Opcode = Compare->getOpcode();
    Text.AddInteger(IsOrder ? (Opcode == BO_LT || Opcode == BO_GE ? BO_LT : BO_GT) : BO_EQ);
    sameValue(Compare->getLHS())->Profile(Text, Context, true);
    sameValue(Compare->getRHS())->Profile(Text, Context, true);
  } else {
    Subject->Profile(Text, Context, true);
  }
  return {RootKind::Return, numberOf(Text)};
}

bool FunctionLowering::isAllSteady(const Expr *Subject) {
  struct Finder : DynamicRecursiveASTVisitor {
    FunctionLowering &Lowering;
    bool IsSteady = true;
    explicit Finder(FunctionLowering &L) : Lowering(L) {}
    bool VisitCallExpr(CallExpr *Call) override {
      IsSteady &= Lowering.isSteady(Call);
      return IsSteady;
    }
    bool VisitLambdaExpr(LambdaExpr *) override { return IsSteady = false; }
  } Calls(*this);
  Calls.TraverseStmt(const_cast<Expr *>(Subject));
  return Calls.IsSteady && isSteady(Subject);
}

const Expr *FunctionLowering::steadyCall(const Expr *Condition) {
  // A helper of the project's may tell what it did, or the same thing whenever it is asked.
  for (const Expr *E = sameValue(Condition), *Before = nullptr; E != Before;) {
    Before = E;
    if (isa<CallExpr>(E))
      return isSteady(E) ? E : nullptr;
    if (const auto *Not = dyn_cast<UnaryOperator>(E); Not && Not->getOpcode() == UO_LNot)
      E = sameValue(Not->getSubExpr());
    if (const auto *Compare = dyn_cast<BinaryOperator>(E); Compare && Compare->isComparisonOp())
      E = sameValue(constantOf(Compare->getRHS(), Context) ? Compare->getLHS() : Compare->getRHS());
  }
  return nullptr;
}
