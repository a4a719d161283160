// Guards that lie in other objects: in optionals, behind smart pointers, in containers.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace heddle;

const TypeMeaning *FunctionLowering::ownedGuard(QualType Owner) {
  Owner = Owner.getNonReferenceType();
  if (!hasRole(Owner, TypeRole::Container) && !hasRole(Owner, TypeRole::SmartPointer))
    return nullptr;
  const QualType Owned = typeArgument(Owner->getAsCXXRecordDecl());
  const TypeMeaning *Held = Owned.isNull() ? nullptr : meaning(Owned);
  return Held && Held->Role == TypeRole::Guard ? Held : nullptr;
}

bool FunctionLowering::bundlesGuard(QualType Type) {
  const auto *Bundle =
      dyn_cast_or_null<ClassTemplateSpecializationDecl>(Type->getAsCXXRecordDecl());
  const TypeMeaning *Meaning = Bundle ? meaning(Type) : nullptr;
  bool IsOwner =
      !Meaning || Meaning->Role == TypeRole::Container || Meaning->Role == TypeRole::SmartPointer;
  if (!Bundle || !IsOwner || isProjectCode(Context, Bundle))
    return false;
  // Of owners of nothing but a guard, it is followed.
  auto IsGuard = [&](const TemplateArgument &Part) {
    return Part.getKind() == TemplateArgument::Type &&
           ((hasRole(Part.getAsType(), TypeRole::Guard) && !ownedGuard(Type)) ||
            bundlesGuard(Part.getAsType()));
  };
  return llvm::any_of(Bundle->getTemplateArgs().asArray(), [&](const TemplateArgument &Part) {
    return Part.getKind() == TemplateArgument::Pack ? llvm::any_of(Part.pack_elements(), IsGuard)
                                                    : IsGuard(Part);
  });
}

bool FunctionLowering::holdsOneGuard(QualType Owner) {
  const TypeMeaning *Meaning = meaning(Owner.getNonReferenceType());
  return Meaning && Meaning->Role == TypeRole::Container && Meaning->SingleElement &&
         ownedGuard(Owner);
}

void FunctionLowering::makeOwnedGuard(const CallSite &Call, const TypeMeaning &Guard,
                                      const AccessPath &Where) {
  CallSite Inner = Call;
  Inner.Constructed = Where;
  Inner.Arguments.clear();
  for (const Expr *Argument : Call.Arguments) {
    const CXXRecordDecl *Record = Argument->getType()->getAsCXXRecordDecl();
    bool IsTag = Record && Record->hasDefinition() && Record->isEmpty() && !Record->isLambda() &&
                 !meaning(Argument->getType());
    if (!IsTag)
      Inner.Arguments.push_back(Argument);
  }
  if (Inner.Arguments.size() == 1 && hasRole(Inner.Arguments[0]->getType(), TypeRole::Guard))
    emit(EventKind::Move, Where, Call.Whole->getSourceRange(), OfGuard).Values = {
        Value::load(path(Inner.Arguments[0]))};
  else
    lowerGuardConstruction(Inner, Guard);
}

bool FunctionLowering::lowerGuardOwner(const CallSite &Call, QualType Owner) {
  const TypeMeaning *Guard = ownedGuard(Owner);
  const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
  if (!Guard || !Method || Method->isStatic())
    return false;
  clang::SourceRange Where = Call.Whole->getSourceRange();
  const auto *Constructor = dyn_cast<CXXConstructorDecl>(Method);
  bool IsOne = holdsOneGuard(Owner);
  if (Constructor) {
    if (!IsOne || Constructor->isCopyOrMoveConstructor())
      return false;
    makeOwnedGuard(Call, *Guard, Call.Constructed.elementAt(0));
    return true;
  }
  if (Method->isConst())
    return false;
  AccessPath Object = objectPath(Call);
  bool IsPointer = hasRole(Owner, TypeRole::SmartPointer);
  if (IsPointer) { // another pointer, or none, takes its place
    emit(EventKind::Destroy, Object.deref(), Where, OfGuard);
    return false;
  }
  if (!IsOne)
    return false;
  emit(EventKind::Destroy, Object.elementAt(0), Where, OfGuard);
  bool IsAssignment = Method->getOverloadedOperator() == OO_Equal;
  if (IsAssignment && !Call.Arguments.empty() &&
      hasRole(Call.Arguments[0]->getType(), TypeRole::Container))
    emit(EventKind::Move, Object, Where).Values = {Value::load(path(Call.Arguments[0]))};
  else if (IsAssignment ? !Call.Arguments.empty() : !Method->getReturnType()->isVoidType())
    makeOwnedGuard(Call, *Guard, Object.elementAt(0));
  return true;
}

bool FunctionLowering::lowerGuardSwap(const CallSite &Call, const CallMeaning &M) {
  const Expr *One = operandExpr(Call, M.Lock), *Other = operandExpr(Call, M.Source);
  if (!One || !Other || !hasRole(One->getType().getNonReferenceType(), TypeRole::Guard))
    return false;
  AccessPath First = operandObject(Call, M.Lock), Second = operandObject(Call, M.Source),
             Between = temporary(Call.Whole);
  for (auto [From, To] : {std::pair(First, Between), {Second, First}, {Between, Second}})
    emit(EventKind::Move, To, Call.Whole->getSourceRange(), OfGuard).Values = {Value::load(From)};
  return true;
}
