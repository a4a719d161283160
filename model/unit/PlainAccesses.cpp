// Plain accesses with the text around them, for fixes that write atomic operations in their place.
#include "model/unit/UnitFactsBuilder.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/ParentMap.h"

using namespace clang;
using namespace heddle;

namespace {

/// What two edits that stand side by side leave between them.
heddle::SourceRange between(const heddle::SourceRange &A, const heddle::SourceRange &B) {
  if (!A.isValid() || !B.isValid() || A.File != B.File || B.Begin < A.End)
    return {};
  heddle::SourceRange Result = A;
  Result.Begin = A.End;
  Result.End = B.Begin;
  return Result;
}

class AccessVisitor : public DynamicRecursiveASTVisitor {
public:
  AccessVisitor(UnitFactsBuilder &Builder, const ParentMap &Parents,
                std::vector<PlainAccess> &Accesses)
      : Builder(Builder), Parents(Parents), Accesses(Accesses) {}

  bool VisitImplicitCastExpr(ImplicitCastExpr *Cast) override {
    if (Cast->getCastKind() == CK_LValueToRValue)
      if (PlainAccess *Read = add(Cast->getSubExpr(), Cast->getSourceRange()))
        Read->IsConst = Cast->getSubExpr()->getType().isConstQualified();
    return true;
  }

  bool VisitBinaryOperator(BinaryOperator *Assignment) override {
    const Expr *Left = Assignment->getLHS(), *Right = Assignment->getRHS();
    llvm::StringRef Combines = nameOf(Assignment->getOpcode());
    bool IsStore = Assignment->getOpcode() == BO_Assign;
    if ((!IsStore && Combines.empty()) || isa<InitListExpr>(Right) ||
        mentions(Right, Left->IgnoreParens()))
      return true;
    PlainAccess *Written = add(Left, Left->getSourceRange());
    if (!Written)
      return true;
    Written->What = IsStore ? PlainAccess::Store : PlainAccess::Update;
    Written->Combines = Combines.str();
    Written->Operand = Builder.editableRange(Right->getSourceRange());
    Written->Operator = between(Written->Object, Written->Operand);
    finish(Assignment, IsStore);
    return true;
  }

  bool VisitUnaryOperator(UnaryOperator *Step) override {
    if (!Step->isIncrementDecrementOp())
      return true;
    PlainAccess *Written = add(Step->getSubExpr(), Step->getSourceRange());
    if (!Written)
      return true;
    Written->What = PlainAccess::Update;
    Written->Combines = Step->isIncrementOp() ? "add" : "sub";
    Written->IsPostfix = Step->isPostfix();
    Written->Operator = Builder.editableRange(Step->getOperatorLoc());
    finish(Step, /*IsStore=*/false);
    return true;
  }

private:
  static llvm::StringRef nameOf(BinaryOperatorKind Operator) {
    switch (Operator) {
    case BO_AddAssign:
      return "add";
    case BO_SubAssign:
      return "sub";
    case BO_AndAssign:
      return "and";
    case BO_OrAssign:
      return "or";
    case BO_XorAssign:
      return "xor";
    default:
      return {};
    }
  }

  /// Reading it again in what is written to it would make two operations of one.
  static bool mentions(const Stmt *In, const Expr *Object) {
    auto Named = [](const Stmt *E) -> const Decl * {
      if (const auto *Reference = dyn_cast_or_null<DeclRefExpr>(E))
        return Reference->getDecl();
      const auto *Member = dyn_cast_or_null<MemberExpr>(E);
      return Member ? Member->getMemberDecl() : nullptr;
    };
    if (!In || !Named(Object))
      return true;
    return Named(In) == Named(Object) || llvm::any_of(In->children(), [&](const Stmt *Child) {
             return Child && mentions(Child, Object);
           });
  }

  PlainAccess *add(const Expr *Object, clang::SourceRange Where) {
    QualType Type = Object->getType();
    bool IsNumber = Type->isIntegerType() && !Type->isEnumeralType();
    if (!isa<DeclRefExpr, MemberExpr>(Object->IgnoreParens()) || Object->refersToBitField() ||
        Type->isAtomicType() || !(IsNumber || Type->isPointerType()))
      return nullptr;
    PlainAccess Access;
    Access.Where = Builder.range(Where);
    Access.Object = Builder.editableRange(Object->getSourceRange());
    if (!Access.Object.isValid())
      return nullptr;
    Accesses.push_back(std::move(Access));
    return &Accesses.back();
  }

  /// Drops what cannot be written otherwise.
  void finish(const Expr *Whole, bool IsStore) {
    PlainAccess &Written = Accesses.back();
    const Stmt *Parent = Parents.getParentIgnoreParens(const_cast<Expr *>(Whole));
    while (isa_and_nonnull<FullExpr>(Parent))
      Parent = Parents.getParentIgnoreParens(const_cast<Stmt *>(Parent));
    const auto *Cast = dyn_cast_or_null<CastExpr>(Parent);
    bool IsValue = Whole->isPRValue() || (Cast && Cast->getCastKind() == CK_LValueToRValue);
    bool IsDropped = !Parent || !isa<Expr, DeclStmt, ReturnStmt>(Parent) ||
                     (Cast && Cast->getCastKind() == CK_ToVoid) ||
                     (isa<BinaryOperator>(Parent) && cast<BinaryOperator>(Parent)->isCommaOp() &&
                      cast<BinaryOperator>(Parent)->getLHS() == Whole);
    Written.IsResultUsed = !IsDropped;
    QualType Type = Whole->getType();
    bool Counts = Type->isIntegerType() && !Type->isBooleanType();
    bool HasText = Written.Operator.isValid() && (Written.Operand.isValid() || !IsStore);
    if (!HasText || (!IsStore && !Counts) || (Written.IsResultUsed && !IsValue))
      Accesses.pop_back();
  }

  UnitFactsBuilder &Builder;
  const ParentMap &Parents;
  std::vector<PlainAccess> &Accesses;
};

} // namespace

std::vector<PlainAccess> heddle::plainAccesses(UnitFactsBuilder &Builder, const FunctionDecl *Of) {
  std::vector<PlainAccess> Result;
  Stmt *Body = Of->getBody();
  if (!Body)
    return Result;
  ParentMap Parents(Body);
  AccessVisitor(Builder, Parents, Result).TraverseStmt(Body);
  return Result;
}
