#include "model/unit/LockHolders.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace heddle;

bool LockHolders::isLock(QualType Type) {
  const TypeMeaning *Meaning = Lookup.type(Type);
  return Meaning && (Meaning->Role == TypeRole::Mutex || Meaning->Role == TypeRole::Condition ||
                     Meaning->Role == TypeRole::Barrier || Meaning->Role == TypeRole::Semaphore);
}

std::optional<LockHolders::Answer> LockHolders::find(QualType Type) {
  if (Type.isNull() || Type->isReferenceType() || Type->isPointerType())
    return std::nullopt;
  while (const auto *Array = dyn_cast<ArrayType>(Type.getTypePtr()))
    Type = Array->getElementType();
  if (isLock(Type))
    return Answer{nullptr, Type.getUnqualifiedType()};
  const RecordDecl *Record = Type->getAsRecordDecl();
  if (!Record || !(Record = Record->getDefinition()) || Record->isDependentContext() ||
      Lookup.type(Record))
    return std::nullopt;
  auto [Entry, IsNew] = Known.try_emplace(Record, std::nullopt);
  if (!IsNew)
    return Entry->second;
  std::optional<Answer> Found;
  for (const FieldDecl *Field : Record->fields())
    if (std::optional<Answer> Inner = find(Field->getType())) {
      Found = Answer{Inner->Member ? Inner->Member : Field, Inner->Lock};
      break;
    }
  const auto *Class = dyn_cast<CXXRecordDecl>(Record);
  if (!Found && Class)
    for (const CXXBaseSpecifier &Base : Class->bases())
      if (std::optional<Answer> Inner = find(Base.getType()); Inner && Inner->Member) {
        Found = Inner;
        break;
      }
  return Known[Record] = Found;
}

namespace {

/// The object that is copied, if it has a name.
const Expr *namedSource(const Expr *E) {
  while (isa<ParenExpr, ImplicitCastExpr>(E) && E->isGLValue())
    E = cast<Expr>(*E->child_begin());
  return E->isGLValue() && !isa<MaterializeTemporaryExpr, CompoundLiteralExpr>(E) ? E : nullptr;
}

bool isWrittenByHand(const CXXMethodDecl *Method) { return !Method->isDefaulted(); }

} // namespace

bool LockHolders::isCopy(const Expr *E) {
  if (const auto *Cast = dyn_cast<CastExpr>(E))
    return Cast->getCastKind() == CK_LValueToRValue && !Cast->getType()->isPointerType() &&
           namedSource(Cast->getSubExpr()) && find(Cast->getSubExpr()->getType());
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    const CXXConstructorDecl *Constructor = Construct->getConstructor();
    return Constructor->isCopyOrMoveConstructor() && !Construct->isElidable() &&
           !isWrittenByHand(Constructor) && namedSource(Construct->getArg(0)) &&
           find(Construct->getType());
  }
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Operator->getDirectCallee());
    return Method && (Method->isCopyAssignmentOperator() || Method->isMoveAssignmentOperator()) &&
           !isWrittenByHand(Method) && Operator->getNumArgs() == 2 &&
           namedSource(Operator->getArg(1)) && find(Operator->getArg(0)->getType());
  }
  return false;
}
