// Which element of an array a lock is, as far as the subscript tells: a variable, the one behind
// it, the one behind it in a ring.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"

using namespace clang;
using namespace heddle;

namespace {

/// The outermost subscript on the way to the object.
const Expr *subscriptIn(const Expr *E) {
  while (E) {
    E = E->IgnoreParenCasts();
    if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
      return Subscript->getIdx();
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
      if (Operator->getOperator() == OO_Subscript && Operator->getNumArgs() == 2)
        return Operator->getArg(1);
      E = Operator->getNumArgs() == 1 ? Operator->getArg(0) : nullptr;
    } else if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      E = Member->getBase();
    } else if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
      E = Unary->getOpcode() == UO_AddrOf || Unary->getOpcode() == UO_Deref ? Unary->getSubExpr()
                                                                            : nullptr;
    } else if (const auto *Binary = dyn_cast<BinaryOperator>(E)) {
      // `locks + i`
      return Binary->getOpcode() == BO_Add && E->getType()->isPointerType() ? Binary->getRHS()
                                                                            : nullptr;
    } else {
      return nullptr;
    }
  }
  return nullptr;
}

struct ChangeFinder : DynamicRecursiveASTVisitor {
  explicit ChangeFinder(const VarDecl *Variable) : Variable(Variable) {}
  const VarDecl *Variable;
  bool Found = false;

  void note(const Expr *Target) {
    const auto *Reference = dyn_cast<DeclRefExpr>(Target->IgnoreParenCasts());
    Found |= Reference && Reference->getDecl() == Variable;
  }
  bool VisitBinaryOperator(BinaryOperator *E) override {
    if (E->isAssignmentOp())
      note(E->getLHS());
    return !Found;
  }
  bool VisitUnaryOperator(UnaryOperator *E) override {
    if (E->isIncrementDecrementOp() || E->getOpcode() == UO_AddrOf)
      note(E->getSubExpr());
    return !Found;
  }
  bool VisitCallExpr(CallExpr *E) override {
    for (const Expr *Argument : E->arguments())
      if (Argument->isGLValue())
        note(Argument);
    return !Found;
  }
};

} // namespace

bool FunctionLowering::isChanged(const VarDecl *Variable) {
  ChangeFinder Finder(Variable);
  Finder.TraverseStmt(Function->getBody());
  return Finder.Found;
}

bool FunctionLowering::computeIndex(const Expr *E, LockIndex &Out, unsigned Depth) {
  E = E->IgnoreParenCasts();
  Expr::EvalResult Known;
  if (!E->isValueDependent() && E->EvaluateAsInt(Known, Context) &&
      Known.Val.getInt().isRepresentableByInt64()) {
    Out.Offset += Known.Val.getInt().getExtValue();
    return true;
  }
  if (const auto *Reference = dyn_cast<DeclRefExpr>(E)) {
    const auto *Variable = dyn_cast<VarDecl>(Reference->getDecl());
    if (!Variable)
      return false;
    // A local that is set once stands for what it is set to, if that says more.
    if (Depth > 0 && Variable->hasLocalStorage() && !isa<ParmVarDecl>(Variable) &&
        Variable->getInit() && !isChanged(Variable)) {
      LockIndex Inner = Out;
      if (computeIndex(Variable->getInit(), Inner, Depth - 1) && Inner.Variable != InvalidId) {
        Out = Inner;
        return true;
      }
    }
    Out.Variable = Unit.entity(Variable);
    return true;
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E);
      Member && isa<CXXThisExpr>(Member->getBase()->IgnoreParenCasts())) {
    Out.Variable = Unit.entity(Member->getMemberDecl());
    return true;
  }
  if (const auto *Either = dyn_cast<ConditionalOperator>(E)) {
    // `i + 1 == n ? 0 : i + 1`
    LockIndex Zero, Next = Out;
    const Expr *Yes = Either->getTrueExpr(), *No = Either->getFalseExpr();
    if (!computeIndex(Yes, Zero, 0) || Zero.Variable != InvalidId)
      std::swap(Yes, No);
    Zero = LockIndex();
    if (!computeIndex(Yes, Zero, 0) || Zero.Variable != InvalidId || Zero.Offset != 0 ||
        !computeIndex(No, Next, Depth) || Next.Variable == InvalidId)
      return false;
    Out = Next;
    Out.Wraps = true;
    return true;
  }
  const auto *Binary = dyn_cast<BinaryOperator>(E);
  if (!Binary)
    return false;
  if (Binary->getOpcode() == BO_Rem) {
    if (!computeIndex(Binary->getLHS(), Out, Depth) || Out.Variable == InvalidId)
      return false;
    Out.Wraps = true;
    return true;
  }
  if (!Binary->isAdditiveOp())
    return false;
  const Expr *Base = Binary->getLHS(), *Count = Binary->getRHS();
  if (Binary->getOpcode() == BO_Add && !Count->EvaluateAsInt(Known, Context))
    std::swap(Base, Count);
  if (Count->isValueDependent() || !Count->EvaluateAsInt(Known, Context) ||
      !Known.Val.getInt().isSignedIntN(32) || !computeIndex(Base, Out, Depth))
    return false;
  int64_t Steps = Known.Val.getInt().getExtValue();
  Out.Offset += Binary->getOpcode() == BO_Add ? Steps : -Steps;
  return true;
}

bool FunctionLowering::isSameAgain(const Stmt *Part) {
  if (const auto *Call = dyn_cast<CallExpr>(Part)) {
    // Who is asked without being told anything may count.
    const auto *Method = dyn_cast<CXXMemberCallExpr>(Call);
    bool IsAsked = Method && hasRole(Method->getObjectType(), TypeRole::Container) &&
                   Method->getMethodDecl() && Method->getMethodDecl()->isConst();
    return IsAsked || (Call->getNumArgs() > 0 && isSteady(Call) &&
                       llvm::all_of(Call->arguments(),
                                    [&](const Expr *Argument) { return isSameAgain(Argument); }));
  }
  const auto *Reference = dyn_cast<DeclRefExpr>(Part);
  if (Reference && !isa<VarDecl, BindingDecl>(Reference->getDecl()))
    return true;
  if (Reference || isa<MemberExpr>(Part)) {
    // Changes of other things are not followed.
    const auto *Read = cast<Expr>(Part);
    return Read->getType().isConstQualified() ||
           (Read->getType()->isScalarType() && path(Read).isKnown());
  }
  if (isa<UnaryOperator>(Part) && cast<UnaryOperator>(Part)->isIncrementDecrementOp())
    return false;
  if (isa<BinaryOperator>(Part) && cast<BinaryOperator>(Part)->isAssignmentOp())
    return false;
  return llvm::all_of(Part->children(),
                      [&](const Stmt *Inner) { return !Inner || isSameAgain(Inner); });
}

void FunctionLowering::describeLockChoice(const Expr *Lock, clang::SourceRange Where) {
  const Expr *Index = Lock ? subscriptIn(Lock) : nullptr;
  Expr::EvalResult Known;
  if (!Index || Index->isValueDependent() || Index->EvaluateAsInt(Known, Context) ||
      !isSameAgain(Index))
    return;
  LockChoice Choice;
  Choice.Expression = conditionPath(Index->IgnoreParenImpCasts(), Choice.Reads).rootId();
  Unit.addLockChoice(Unit.range(Where), std::move(Choice));
}

void FunctionLowering::describeLockIndex(const Expr *Lock, clang::SourceRange Where) {
  const Expr *Index = Lock ? subscriptIn(Lock) : nullptr;
  LockIndex Result;
  if (!Index || !computeIndex(Index, Result, 2))
    return;
  Result.Where = Unit.range(Where);
  Unit.addLockIndex(Result);
}
