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
      if (Argument->isGLValue() && !Argument->getType().isConstQualified())
        note(Argument);
    return !Found;
  }
};

/// The type of the object that a variable is, or leads to.
QualType objectType(const VarDecl *Variable) {
  QualType Type = Variable->getType().getNonReferenceType();
  return (Type->isPointerType() ? Type->getPointeeType() : Type)
      .getCanonicalType()
      .getUnqualifiedType();
}

/// Whether a variable is put in an order with others of its kind, or given with one to somebody who
/// may do that.
struct ComparisonFinder : DynamicRecursiveASTVisitor {
  explicit ComparisonFinder(const VarDecl *Variable) : Variable(Variable) {}
  const VarDecl *Variable;
  bool Found = false;

  bool names(const Stmt *S, bool Others) const {
    const auto *Reference = dyn_cast<DeclRefExpr>(S);
    const auto *Named = Reference ? dyn_cast<VarDecl>(Reference->getDecl()) : nullptr;
    if (Named && (Others ? isOther(Named) : Named == Variable))
      return true;
    return llvm::any_of(S->children(),
                        [&](const Stmt *Child) { return Child && names(Child, Others); });
  }
  bool isOther(const VarDecl *Named) const {
    return Named != Variable && Named->isLocalVarDeclOrParm() &&
           objectType(Named) == objectType(Variable);
  }
  void note(const Expr *A, const Expr *B) {
    Found |= (names(A, false) && names(B, true)) || (names(B, false) && names(A, true));
  }
  bool VisitBinaryOperator(BinaryOperator *E) override {
    if (E->isRelationalOp() || E->getOpcode() == BO_Cmp)
      note(E->getLHS(), E->getRHS());
    return !Found;
  }
  bool VisitCallExpr(CallExpr *E) override {
    const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
    if (E->getType()->isVoidType() ||
        (Operator && (Operator->getOperator() == OO_Subscript || Operator->isAssignmentOp())))
      return true;
    for (const Expr *A : E->arguments())
      for (const Expr *B : E->arguments())
        if (A != B && isVariable(A))
          note(A, B);
    return !Found;
  }

private:
  bool isVariable(const Expr *E) const {
    E = E->IgnoreParenImpCasts();
    if (const auto *Unary = dyn_cast<UnaryOperator>(E))
      E = Unary->getSubExpr()->IgnoreParenImpCasts();
    const auto *Reference = dyn_cast<DeclRefExpr>(E);
    return Reference && Reference->getDecl() == Variable;
  }
};

bool haveSameText(const Expr *A, const Expr *B, const ASTContext &Context) {
  llvm::FoldingSetNodeID TextA, TextB;
  A->Profile(TextA, Context, /*Canonical=*/true);
  B->Profile(TextB, Context, /*Canonical=*/true);
  return TextA == TextB;
}

} // namespace

bool FunctionLowering::isAsGiven(const VarDecl *Variable) {
  auto [Known, IsNew] = AsGiven.try_emplace(Variable, true);
  if (IsNew) {
    ComparisonFinder Finder(Variable);
    Finder.TraverseStmt(Function->getBody());
    // What a reference names stays the same object.
    Known->second =
        !Finder.Found && (Variable->getType()->isReferenceType() || !isChanged(Variable));
  }
  return Known->second;
}

bool FunctionLowering::areDrawnAlike(const Expr *A, const Expr *B) {
  // Elements of one array: the subscripts decide.
  if (const Expr *OfA = subscriptIn(A), *OfB = subscriptIn(B); OfA && OfB)
    return areDrawnAlike(OfA, OfB);
  llvm::SmallVector<const VarDecl *, 2> Variables;
  auto Origin = [&](const Expr *E) -> const Expr * {
    E = E->IgnoreParenImpCasts();
    const auto *Reference = dyn_cast<DeclRefExpr>(E);
    const auto *Variable = Reference ? dyn_cast<VarDecl>(Reference->getDecl()) : nullptr;
    if (!Variable)
      return E;
    Variables.push_back(Variable);
    bool IsMadeHere = Variable->isLocalVarDecl() && Variable->hasLocalStorage();
    return IsMadeHere && Variable->getInit() ? Variable->getInit()->IgnoreParenImpCasts() : nullptr;
  };
  A = Origin(A);
  B = Origin(B);
  return A && B && A != B && A->getStmtClass() == B->getStmtClass() && !A->isValueDependent() &&
         haveSameText(A, B, Context) && !isSameAgain(A) &&
         llvm::all_of(Variables, [&](const VarDecl *Each) { return isAsGiven(Each); });
}

void FunctionLowering::describeDrawnArguments(const CallSite &Call) {
  constexpr unsigned Most = 6;
  std::vector<std::pair<uint32_t, const Expr *>> Given;
  if (Call.Object)
    Given.emplace_back(0, Call.Object);
  for (unsigned I = 0; I < Call.Arguments.size() && I < Most; ++I)
    Given.emplace_back(I + 1, Call.Arguments[I]);
  for (size_t I = 0; I < Given.size(); ++I)
    for (size_t J = I + 1; J < Given.size(); ++J)
      if (Context.hasSameUnqualifiedType(Given[I].second->getType(), Given[J].second->getType()) &&
          areDrawnAlike(Given[I].second, Given[J].second))
        Unit.addDrawn({Unit.range(Call.Whole->getSourceRange()), Given[I].first, Given[J].first});
}

/// The pointer, plain or not, that the expression follows; otherwise the expression.
static const Expr *pointerIn(const Expr *E) {
  E = E->IgnoreParenCasts();
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
      Operator && Operator->getNumArgs() == 1 &&
      (Operator->getOperator() == OO_Arrow || Operator->getOperator() == OO_Star))
    return Operator->getArg(0)->IgnoreParenCasts();
  if (const auto *Unary = dyn_cast<UnaryOperator>(E); Unary && Unary->getOpcode() == UO_Deref)
    return Unary->getSubExpr()->IgnoreParenCasts();
  return E;
}

bool FunctionLowering::findSlot(const Expr *Owner, LockIndex &Out) {
  Owner = pointerIn(Owner);
  if (isa<CXXThisExpr>(Owner)) {
    Out.Slot = 0;
    return true;
  }
  const auto *Reference = dyn_cast<DeclRefExpr>(Owner);
  const auto *Given = Reference ? dyn_cast<ParmVarDecl>(Reference->getDecl()) : nullptr;
  if (!Given || Given->getDeclContext() != Function || !isAsGiven(Given))
    return false;
  Out.Slot = Given->getFunctionScopeIndex() + 1;
  return true;
}

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
  describeChoice(Lock ? subscriptIn(Lock) : nullptr, Where);
}

void FunctionLowering::describeReturnedElement(const Expr *Returned, clang::SourceRange Where) {
  if (!Returned->getType()->isIntegralOrEnumerationType())
    describeLockChoice(Returned, Where);
  else if (isa<DeclRefExpr>(Returned->IgnoreParenCasts()))
    describeChoice(Returned->IgnoreParenCasts(), Where);
}

void FunctionLowering::describeChoice(const Expr *Index, clang::SourceRange Where) {
  Expr::EvalResult Known;
  if (!Index || Index->isValueDependent() || Index->EvaluateAsInt(Known, Context) ||
      !isSameAgain(Index))
    return;
  LockChoice Choice;
  Choice.Expression = conditionPath(Index->IgnoreParenImpCasts(), Choice.Reads).rootId();
  Unit.addLockChoice(Unit.range(Where), std::move(Choice));
}

/// The object that the lock is a member of.
static const Expr *holderOf(const Expr *Lock) {
  Lock = Lock->IgnoreParenImpCasts();
  if (const auto *Unary = dyn_cast<UnaryOperator>(Lock); Unary && Unary->getOpcode() == UO_AddrOf)
    Lock = Unary->getSubExpr()->IgnoreParenImpCasts();
  const auto *Member = dyn_cast<MemberExpr>(Lock);
  return Member ? Member->getBase() : nullptr;
}

void FunctionLowering::describeLockIndex(const Expr *Lock, clang::SourceRange Where) {
  if (!Lock)
    return;
  const Expr *Index = subscriptIn(Lock), *Owner = holderOf(Lock);
  LockIndex Result;
  Result.IsObject = !Index;
  if (Index ? !computeIndex(Index, Result, 2) : !Owner || !findSlot(Owner, Result))
    return;
  if (Index && Result.Variable != InvalidId)
    findSlot(Index, Result);
  Result.Where = Unit.range(Where);
  Unit.addLockIndex(Result);
}

void FunctionLowering::describeGuardIndex(const Expr *Guard, clang::SourceRange Where) {
  const auto *Reference = Guard ? dyn_cast<DeclRefExpr>(Guard->IgnoreParenImpCasts()) : nullptr;
  const auto *Variable = Reference ? dyn_cast<VarDecl>(Reference->getDecl()) : nullptr;
  const auto *Made = Variable && Variable->isLocalVarDecl() && Variable->getInit()
                         ? dyn_cast<CXXConstructExpr>(Variable->getInit()->IgnoreImplicit())
                         : nullptr;
  // One that is swapped, or compared with others, may have another's lock.
  if (Made && Made->getNumArgs() > 0 && Made->getArg(0)->isGLValue() && isAsGiven(Variable))
    describeLockIndex(Made->getArg(0), Where);
}
