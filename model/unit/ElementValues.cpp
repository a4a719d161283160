// What all elements of a local array or container are known to be: the same pointer or callable,
// where the function that declares it does in sight all that is done with it.
//
// A Store with Inserts adds an element that holds Values[0]; with Raw as well it says that there is
// none yet. Only variables that were said to have none are followed.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/ExprCXX.h"

#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace heddle;

/// The list that the variable is made from, if any. Of a range, the list that it goes over.
static const InitListExpr *listOf(const Expr *Init) {
  while (true) {
    Init = Init->IgnoreImplicit()->IgnoreParens();
    if (const auto *List = dyn_cast<InitListExpr>(Init)) {
      // The array inside of a container is the container.
      if (!List->getType()->isRecordType() || List->getNumInits() != 1)
        return List;
      Init = List->getInit(0);
    } else if (const auto *Made = dyn_cast<CXXConstructExpr>(Init);
               Made && Made->getNumArgs() > 0) {
      Init = Made->getArg(0);
    } else if (const auto *Standard = dyn_cast<CXXStdInitializerListExpr>(Init)) {
      Init = Standard->getSubExpr();
    } else if (const auto *Cast = dyn_cast<CXXFunctionalCastExpr>(Init)) {
      Init = Cast->getSubExpr();
    } else {
      return nullptr;
    }
  }
}

bool FunctionLowering::keepsElementsKnown(const DeclRefExpr *Mention, QualType Held) {
  auto ParentOf = [&](const Stmt *S) {
    do
      S = Parents->getParent(S);
    while (isa_and_nonnull<ParenExpr>(S));
    return S;
  };
  const Stmt *User = ParentOf(Mention);
  if (const auto *Cast = dyn_cast_or_null<ImplicitCastExpr>(User)) {
    if (Cast->getCastKind() == CK_NoOp && Cast->getType().isConstQualified())
      return true;
    if (Cast->getCastKind() == CK_ArrayToPointerDecay)
      return isa_and_nonnull<ArraySubscriptExpr>(ParentOf(Cast));
  }
  if (const auto *Declaration = dyn_cast_or_null<DeclStmt>(User)) // a range-for goes over it
    return Declaration->isSingleDecl() && Declaration->getSingleDecl()->isImplicit();
  if (isa_and_nonnull<UnaryExprOrTypeTraitExpr>(User))
    return true;
  const auto *Whole = dyn_cast_or_null<CallExpr>(User);
  if (const auto *Member = dyn_cast_or_null<MemberExpr>(User))
    Whole = dyn_cast_or_null<CXXMemberCallExpr>(ParentOf(Member));
  if (!Whole)
    return false;
  CallSite Call = callSite(Whole);
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Call.Callee);
  if (!Method || !Call.Object)
    return false;
  bool IsCounted = llvm::all_of(Call.Arguments,
                                [](const Expr *Each) { return Each->getType()->isIntegerType(); });
  bool IsOne = Call.Arguments.size() == 1 &&
               Context.hasSameUnqualifiedType(Call.Arguments[0]->getType(), Held);
  if (Method->isConst() || (Method->getReturnType()->isVoidType() && IsCounted))
    return true; // one of these: clear, reserve, resize, pop
  return llvm::any_of(Unit.vocabulary().call(Method), [&](const CallMeaning &M) {
    if (M.What == Effect::Element && !Whole->isGLValue()) { // where an iterator goes, is in sight
      const Stmt *Taker = Whole;
      do
        Taker = ParentOf(Taker);
      while (isa_and_nonnull<ImplicitCastExpr, ExprWithCleanups, MaterializeTemporaryExpr>(Taker));
      return isa_and_nonnull<DeclStmt, CXXOperatorCallExpr>(Taker);
    }
    return M.What == Effect::Element ? IsCounted : M.What == Effect::InsertElement && IsOne;
  });
}

bool FunctionLowering::isFilledHere(const VarDecl *Variable, QualType Held) {
  struct Finder : DynamicRecursiveASTVisitor {
    FunctionLowering &Lowering;
    const VarDecl *Variable;
    QualType Held;
    bool IsSeen = true;
    Finder(FunctionLowering &L, const VarDecl *Variable, QualType Held)
        : Lowering(L), Variable(Variable), Held(Held) {}
    bool VisitLambdaExpr(LambdaExpr *Lambda) override {
      IsSeen &= llvm::none_of(Lambda->captures(), [&](const LambdaCapture &Capture) {
        return Capture.capturesVariable() && Capture.getCapturedVar() == Variable;
      });
      return IsSeen;
    }
    bool VisitDeclRefExpr(DeclRefExpr *Mention) override {
      IsSeen &= Mention->getDecl() != Variable || Lowering.keepsElementsKnown(Mention, Held);
      return IsSeen;
    }
  } Mentions(*this, Variable, Held);
  Mentions.TraverseStmt(const_cast<Stmt *>(body()));
  return Mentions.IsSeen;
}

void FunctionLowering::noteElements(const VarDecl *Variable) {
  if (Variable->hasGlobalStorage() || isa<ParmVarDecl>(Variable))
    return;
  const QualType Type = Variable->getType().getNonReferenceType();
  const ArrayType *Array = Context.getAsArrayType(Type);
  bool IsContainer = !Array && hasRole(Type, TypeRole::Container);
  // The only references are those of loops to what they go over.
  if ((!Array && !IsContainer) ||
      (Variable->getType()->isReferenceType() && (!Variable->isImplicit() || !IsContainer)))
    return;
  const QualType Held = Array ? Array->getElementType() : typeArgument(Type->getAsCXXRecordDecl());
  const Expr *Init = Variable->getInit();
  const InitListExpr *List = Init ? listOf(Init) : nullptr;
  const auto *Made = Init ? dyn_cast<CXXConstructExpr>(Init->IgnoreImplicit()) : nullptr;
  // The elements of an array are there at once; what constructors have put there is not followed.
  bool IsBare = Made && Made->getNumArgs() == 0;
  bool IsEmpty = Array ? !Init || (IsBare && Made->getConstructor()->isTrivial()) : IsBare;
  if (Held.isNull() || (!List && !IsEmpty))
    return;
  std::vector<AccessPath> Followed;
  const AccessPath Element = variablePath(Variable).element();
  if (isPointerLike(Held))
    Followed.push_back(Element);
  else if (const RecordDecl *Record = Held->getAsRecordDecl();
           Record && !Record->isUnion() && Record->isCompleteDefinition() && !List)
    for (const FieldDecl *Field : Record->fields())
      if (isPointerLike(Field->getType()))
        Followed.push_back(Element.field(Unit.entity(Field)));
  if (Followed.empty() || !isFilledHere(Variable, Held))
    return;
  clang::SourceRange Where = Variable->getSourceRange();
  for (const AccessPath &Each : Followed)
    emit(EventKind::Store, Each, Where, Inserts | Raw).Values = {Value()};
  for (const Expr *Each : List ? List->inits() : llvm::ArrayRef<Expr *>())
    emit(EventKind::Store, Element, Where, Inserts).Values = {value(Each)};
  if (List && List->hasArrayFiller())
    emit(EventKind::Store, Element, Where, Inserts).Values = {Value()};
}

void FunctionLowering::putElement(const AccessPath &Element, const Expr *Argument) {
  // What has a name is moved from there.
  if (isPointerLike(Argument->getType()) && !path(Argument).isKnown())
    emit(EventKind::Store, Element, Argument->getSourceRange(), Inserts).Values = {value(Argument)};
}
