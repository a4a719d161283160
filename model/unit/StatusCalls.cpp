#include "model/unit/StatusCalls.h"

#include "model/unit/FunctionLowering.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"

using namespace clang;
using namespace heddle;

namespace {

/// Follows a body without loops under the assumption that one parameter is zero, or is not.
class StatusFollower {
public:
  StatusFollower(const ParmVarDecl *Status, bool IsZero,
                 llvm::function_ref<std::optional<bool>(std::optional<int64_t>)> Holds,
                 ASTContext &Context)
      : Status(Status), IsZero(IsZero), Holds(Holds), Context(Context) {}

  bool CanHold = false, CanFail = false, IsUnknown = false, HasAsked = false;

  /// Whether control may go on behind the statement.
  bool follow(const Stmt *S) {
    if (const auto *List = dyn_cast<CompoundStmt>(S)) {
      for (const Stmt *Each : List->body())
        if (!follow(Each))
          return false;
      return true;
    }
    if (const auto *If = dyn_cast<IfStmt>(S)) {
      std::optional<bool> Way = decide(If->getCond());
      bool GoesOn = Way != false && follow(If->getThen());
      if (Way != true)
        GoesOn |= !If->getElse() || follow(If->getElse());
      return GoesOn;
    }
    if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
      if (Return->getRetValue())
        note(Return->getRetValue());
      return false;
    }
    if (const auto *Call = dyn_cast<CallExpr>(S->stripLabelLikeStatements()))
      if (const FunctionDecl *Callee = Call->getDirectCallee(); Callee && Callee->isNoReturn())
        return false;
    // What jumps or loops is not followed.
    IsUnknown |= !isa<Expr, DeclStmt, NullStmt>(S);
    return true;
  }

private:
  bool isStatus(const Expr *E) const {
    const auto *Reference = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
    return Reference && Reference->getDecl() == Status;
  }

  std::optional<bool> decide(const Expr *Condition) {
    const Expr *E = Condition->IgnoreParenImpCasts();
    if (const auto *Not = dyn_cast<UnaryOperator>(E); Not && Not->getOpcode() == UO_LNot) {
      std::optional<bool> Inner = decide(Not->getSubExpr());
      return Inner ? std::optional(!*Inner) : std::nullopt;
    }
    if (const auto *Both = dyn_cast<BinaryOperator>(E); Both && Both->isLogicalOp()) {
      std::optional<bool> Left = decide(Both->getLHS()), Right = decide(Both->getRHS());
      bool Settles = Both->getOpcode() == BO_LOr;
      if (Left == Settles || Right == Settles)
        return Settles;
      return Left && Right ? std::optional(!Settles) : std::nullopt;
    }
    if (const auto *Call = dyn_cast<CallExpr>(E);
        Call && Call->getNumArgs() == 2 && Call->getBuiltinCallee() != 0)
      return decide(Call->getArg(0)); // a hint for the branch
    if (isStatus(E)) {
      HasAsked = true;
      return !IsZero;
    }
    const auto *Compare = dyn_cast<BinaryOperator>(E);
    if (!Compare || !Compare->isComparisonOp())
      return std::nullopt;
    std::optional<Value> Number = constantOf(Compare->getRHS(), Context);
    if (!isStatus(Compare->getLHS()) || !Number)
      return std::nullopt;
    HasAsked = true;
    int64_t Against = Number->Number;
    switch (Compare->getOpcode()) {
    case BO_EQ:
    case BO_NE: {
      bool IsSame = Compare->getOpcode() == BO_EQ;
      if (IsZero)
        return (Against == 0) == IsSame;
      return Against == 0 ? std::optional(!IsSame) : std::nullopt;
    }
    case BO_LT:
      return IsZero ? std::optional(0 < Against) : std::nullopt;
    case BO_GT:
      return IsZero ? std::optional(0 > Against) : std::nullopt;
    case BO_LE:
      return IsZero ? std::optional(0 <= Against) : std::nullopt;
    default:
      return IsZero ? std::optional(0 >= Against) : std::nullopt;
    }
  }

  void note(const Expr *Returned) {
    const Expr *E = Returned->IgnoreParenImpCasts();
    if (const auto *Choice = dyn_cast<ConditionalOperator>(E)) {
      std::optional<bool> Way = decide(Choice->getCond());
      if (Way != false)
        note(Choice->getTrueExpr());
      if (Way != true)
        note(Choice->getFalseExpr());
      return;
    }
    std::optional<bool> Is;
    if (std::optional<Value> Number = constantOf(Returned, Context)) {
      Is = Holds(Number->Number);
    } else if (isStatus(E)) {
      HasAsked = true;
      Is = Holds(IsZero ? std::optional<int64_t>(0) : std::nullopt);
    } else if (std::optional<bool> Truth = decide(Returned)) {
      Is = Holds(*Truth);
    }
    IsUnknown |= !Is;
    (Is.value_or(false) ? CanHold : CanFail) = true;
  }

  const ParmVarDecl *Status;
  bool IsZero;
  llvm::function_ref<std::optional<bool>(std::optional<int64_t>)> Holds;
  ASTContext &Context;
};

/// Whether the body sets the parameter, or hands it out.
class ChangeFinder : public DynamicRecursiveASTVisitor {
public:
  explicit ChangeFinder(const ParmVarDecl *Variable) : Variable(Variable) {}
  bool IsChanged = false;

  bool VisitBinaryOperator(BinaryOperator *E) override {
    return !E->isAssignmentOp() || check(E->getLHS());
  }
  bool VisitUnaryOperator(UnaryOperator *E) override {
    bool Changes = E->isIncrementDecrementOp() || E->getOpcode() == UO_AddrOf;
    return !Changes || check(E->getSubExpr());
  }
  bool VisitLambdaExpr(LambdaExpr *) override { return !(IsChanged = true); }
  bool VisitStmtExpr(StmtExpr *) override { return !(IsChanged = true); }

private:
  bool check(const Expr *E) {
    const auto *Reference = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
    IsChanged |= Reference && Reference->getDecl() == Variable;
    return !IsChanged;
  }
  const ParmVarDecl *Variable;
};

} // namespace

std::optional<GivenStatus>
heddle::statusGivenTo(const CallExpr *Call,
                      llvm::function_ref<std::optional<bool>(std::optional<int64_t>)> Holds,
                      ASTContext &Context) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee);
  if (!Callee || (Method && (Method->isVirtual() || isa<CXXOperatorCallExpr>(Call))) ||
      !Callee->hasBody(Callee) || !isa_and_nonnull<CompoundStmt>(Callee->getBody()))
    return std::nullopt;
  for (unsigned I = 0; I < Callee->getNumParams() && I < Call->getNumArgs(); ++I) {
    const ParmVarDecl *Status = Callee->getParamDecl(I);
    if (!Status->getType()->isIntegerType() || !isa<CallExpr>(sameValue(Call->getArg(I))))
      continue;
    StatusFollower Zero(Status, true, Holds, Context), Other(Status, false, Holds, Context);
    Zero.IsUnknown |= Zero.follow(Callee->getBody());
    Other.IsUnknown |= Other.follow(Callee->getBody());
    ChangeFinder Changes(Status);
    Changes.TraverseStmt(Callee->getBody());
    if (Changes.IsChanged || Zero.IsUnknown || Other.IsUnknown || !Zero.HasAsked ||
        Zero.CanHold == Zero.CanFail)
      continue;
    bool OtherIsSame = Zero.CanHold ? Other.CanHold : Other.CanFail,
         OtherDiffers = Zero.CanHold ? Other.CanFail : Other.CanHold;
    if (!OtherDiffers)
      continue; // or other numbers do not come back
    return GivenStatus{Call->getArg(I), Zero.CanHold, !OtherIsSame};
  }
  return std::nullopt;
}
