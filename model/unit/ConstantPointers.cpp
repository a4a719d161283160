#include "model/unit/ConstantPointers.h"

#include "clang/AST/APValue.h"

using namespace clang;

namespace {

/// Null where the value of the place may change, or is not known.
const APValue *constantAt(const Expr *Place, const ASTContext &Context);

const ValueDecl *pointeeOf(const APValue *Pointer) {
  if (!Pointer || !Pointer->isLValue() || Pointer->isNullPointer() || !Pointer->hasLValuePath() ||
      !Pointer->getLValuePath().empty())
    return nullptr;
  return Pointer->getLValueBase().dyn_cast<const ValueDecl *>();
}

const APValue *constantOf(const ValueDecl *Declaration, const ASTContext &Context) {
  const auto *Variable = dyn_cast_or_null<VarDecl>(Declaration);
  if (!Variable || !Variable->hasGlobalStorage() || Variable->getType()->isDependentType() ||
      !Context.getBaseElementType(Variable->getType()).isConstQualified())
    return nullptr;
  const Expr *Initializer = Variable->getAnyInitializer(Variable);
  return Initializer && !Initializer->isValueDependent() ? Variable->evaluateValue() : nullptr;
}

/// What the pointer expression points to, as an object that has a name.
const APValue *constantBehind(const Expr *Pointer, const ASTContext &Context) {
  Pointer = Pointer->IgnoreParens();
  const auto *Cast = dyn_cast<ImplicitCastExpr>(Pointer);
  if (Cast && Cast->getCastKind() == CK_LValueToRValue)
    return constantOf(pointeeOf(constantAt(Cast->getSubExpr(), Context)), Context);
  const auto *Address = dyn_cast<UnaryOperator>(Pointer);
  return Address && Address->getOpcode() == UO_AddrOf ? constantAt(Address->getSubExpr(), Context)
                                                      : nullptr;
}

const APValue *elementAt(const ArraySubscriptExpr *Subscript, const ASTContext &Context) {
  const auto *Decay = dyn_cast<ImplicitCastExpr>(Subscript->getBase()->IgnoreParens());
  Expr::EvalResult Index;
  if (!Decay || Decay->getCastKind() != CK_ArrayToPointerDecay ||
      Subscript->getIdx()->isValueDependent() ||
      !Subscript->getIdx()->EvaluateAsInt(Index, Context))
    return nullptr;
  const APValue *Array = constantAt(Decay->getSubExpr(), Context);
  uint64_t Number = Index.Val.getInt().getLimitedValue();
  return Array && Array->isArray() && Number < Array->getArrayInitializedElts()
             ? &Array->getArrayInitializedElt(Number)
             : nullptr;
}

const APValue *constantAt(const Expr *Place, const ASTContext &Context) {
  Place = Place->IgnoreParens();
  if (const auto *Reference = dyn_cast<DeclRefExpr>(Place))
    return constantOf(Reference->getDecl(), Context);
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(Place))
    return elementAt(Subscript, Context);
  if (const auto *Dereference = dyn_cast<UnaryOperator>(Place))
    return Dereference->getOpcode() == UO_Deref ? constantBehind(Dereference->getSubExpr(), Context)
                                                : nullptr;
  const auto *Member = dyn_cast<MemberExpr>(Place);
  const auto *Field = Member ? dyn_cast<FieldDecl>(Member->getMemberDecl()) : nullptr;
  if (!Field || Field->isMutable() || Field->getParent()->isUnion())
    return nullptr;
  const APValue *Whole = Member->isArrow() ? constantBehind(Member->getBase(), Context)
                                           : constantAt(Member->getBase(), Context);
  return Whole && Whole->isStruct() && Field->getFieldIndex() < Whole->getStructNumFields()
             ? &Whole->getStructField(Field->getFieldIndex())
             : nullptr;
}

} // namespace

const ValueDecl *heddle::constantPointee(const Expr *Place, const ASTContext &Context) {
  return Place->getType()->isAnyPointerType() ? pointeeOf(constantAt(Place, Context)) : nullptr;
}
