// Virtual functions of objects whose class is known where they are named: an override is kept as if
// it were a member of the object, and a virtual call loads it from there.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

#include "llvm/ADT/SetVector.h"

using namespace clang;
using namespace heddle;

namespace {

/// The declaration that first made the function virtual.
const CXXMethodDecl *firstDeclared(const CXXMethodDecl *Method) {
  while (Method->size_overridden_methods() == 1)
    Method = *Method->begin_overridden_methods();
  return Method->getCanonicalDecl();
}

} // namespace

const CXXRecordDecl *FunctionLowering::pointedRecord(QualType Type) {
  Type = Type.getNonReferenceType();
  QualType Object;
  if (Type->isPointerType())
    Object = Type->getPointeeType();
  else if (hasRole(Type, TypeRole::SmartPointer))
    Object = typeArgument(Type->getAsCXXRecordDecl());
  const CXXRecordDecl *Record = Object.isNull() ? nullptr : Object->getAsCXXRecordDecl();
  return Record && Record->hasDefinition() && isProjectCode(Context, Record) ? Record : nullptr;
}

/// Those of the class and its bases, by their first declarations.
static llvm::SmallSetVector<const CXXMethodDecl *, 8> virtualMethods(const CXXRecordDecl *Record) {
  llvm::SmallSetVector<const CXXMethodDecl *, 8> Result;
  for (const CXXMethodDecl *Method : Record->methods())
    if (Method->isVirtual() && !isa<CXXDestructorDecl>(Method))
      Result.insert(firstDeclared(Method));
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (const CXXRecordDecl *Class = Base.getType()->getAsCXXRecordDecl();
        Class && Class->hasDefinition())
      Result.insert_range(virtualMethods(Class));
  return Result;
}

void FunctionLowering::storeOverriders(const AccessPath &Object, const CXXRecordDecl *Derived,
                                       const CXXRecordDecl *Base, clang::SourceRange Where) {
  if (!Object.isKnown() || Derived->isAbstract() ||
      Derived->getCanonicalDecl() == Base->getCanonicalDecl())
    return;
  for (const CXXMethodDecl *Virtual : virtualMethods(Base)) {
    const CXXMethodDecl *Override = Virtual->getCorrespondingMethodInClass(Derived, true);
    FunctionId Callee = Override ? Unit.function(Override) : InvalidId;
    if (Callee != InvalidId)
      emit(EventKind::Store, Object.field(Unit.entity(Virtual)), Where).Values = {
          Value{Value::Function, {}, Callee, 0, {}}};
  }
}

void FunctionLowering::storeOverriders(const Expr *Given, QualType To) {
  const CXXRecordDecl *Base = pointedRecord(To);
  const Expr *Object = Base && Base->isPolymorphic() ? Given->IgnoreParenImpCasts() : nullptr;
  const CXXRecordDecl *Derived = Object ? pointedRecord(Object->getType()) : nullptr;
  if (Derived && Derived->isDerivedFrom(Base))
    storeOverriders(value(Object).pointee(), Derived, Base, Given->getSourceRange());
}

void FunctionLowering::storeOverriders(const CallSite &Call) {
  for (unsigned I = 0; I < Call.Arguments.size() && I < Call.Callee->getNumParams(); ++I)
    storeOverriders(Call.Arguments[I], Call.Callee->getParamDecl(I)->getType());
  const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
  if (!Method)
    return;
  // An owner that is given what another one owns.
  bool IsGiven = isa<CXXConstructorDecl>(Method) || Method->getOverloadedOperator() == OO_Equal;
  if (IsGiven && Call.Arguments.size() == 1)
    storeOverriders(Call.Arguments[0], Context.getCanonicalTagType(Method->getParent()));
  // Only what a base class does on behalf of a derived one can come back to its overrides.
  if (!Call.Object || isa<CXXThisExpr>(Call.Object->IgnoreImpCasts()))
    return;
  const Expr *Object = Call.Object->IgnoreParenImpCasts();
  const CXXRecordDecl *Derived = (Call.ObjectIsPointer ? Object->getType()->getPointeeType()
                                                       : Object->getType().getNonReferenceType())
                                     ->getAsCXXRecordDecl();
  if (Derived && Derived->hasDefinition() && isProjectCode(Context, Method))
    storeOverriders(objectPath(Call), Derived, Method->getParent(), Call.Whole->getSourceRange());
}

void FunctionLowering::offerObject(const AccessPath &Place, QualType Type, const AccessPath &Object,
                                   clang::SourceRange Where) {
  constexpr size_t MaxMethods = 16;
  const CXXRecordDecl *Class = pointedRecord(Type);
  // What a variable of this function's own is set to, is followed as pointers are.
  if (!Class || !Class->isPolymorphic() || !Object.isKnown() || Place.root() == RootKind::Local)
    return;
  auto Methods = virtualMethods(Class);
  if (Methods.size() > MaxMethods)
    return;
  for (const CXXMethodDecl *Method : Methods) {
    EntityId Slot = Unit.entity(Method);
    if (AccessPath Kept = Place.deref().field(Slot); Kept.isKnown())
      emit(EventKind::Offer, Kept, Where, Dispatch).Values = {Value::load(Object.field(Slot))};
  }
}

bool FunctionLowering::lowerVirtualCall(const CallSite &Call) {
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Call.Callee);
  if (!Method || !Method->isVirtual() || !Call.Object || !isProjectCode(Context, Method))
    return false;
  AccessPath Object = objectPath(Call);
  AccessPath Slot = Object.field(Unit.entity(firstDeclared(Method)));
  if (!Slot.isKnown())
    return false;
  handOverArguments(Call);
  std::vector<Value> Slots = callSlots(Call);
  Event &E = emit(EventKind::CallValue, resultPath(Call), Call.Whole->getSourceRange(), Dispatch);
  E.Values.push_back(Value::load(Slot));
  E.Values.insert(E.Values.end(), Slots.begin(), Slots.end());
  return true;
}

Value FunctionLowering::virtualTarget(const Expr *Named, const Value &Object) {
  const auto *Address =
      dyn_cast_or_null<UnaryOperator>(Named ? Named->IgnoreParenImpCasts() : Named);
  const auto *Reference =
      Address ? dyn_cast<DeclRefExpr>(Address->getSubExpr()->IgnoreParens()) : nullptr;
  const auto *Method = Reference ? dyn_cast<CXXMethodDecl>(Reference->getDecl()) : nullptr;
  if (!Method || !Method->isVirtual() || !isProjectCode(Context, Method))
    return {};
  return Value::load(Object.pointee().field(Unit.entity(firstDeclared(Method))));
}

Value FunctionLowering::boundMethod(const Expr *Object, llvm::StringRef Name) {
  // The class as the program names it: a task is seldom more derived than where it is made.
  Object = Object->IgnoreParenImpCasts();
  bool IsPointer = Object->getType()->isPointerType() || isPointerLike(Object->getType());
  Value Self = IsPointer ? value(Object) : Value::pointsTo(path(Object));
  QualType Type = Object->getType()->isPointerType() ? Object->getType()->getPointeeType()
                                                     : Object->getType().getNonReferenceType();
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  while (Record && Record->hasDefinition()) {
    for (const CXXMethodDecl *Method : Record->methods())
      if (Method->getIdentifier() && Method->getName() == Name && Method->isInstance())
        if (FunctionId Callee = Unit.function(Method); Callee != InvalidId)
          return {Value::Closure, {}, Callee, 0, {Self}};
    Record = Record->getNumBases() == 1 ? Record->bases_begin()->getType()->getAsCXXRecordDecl()
                                        : nullptr;
  }
  return {};
}

void FunctionLowering::lowerDestructorEntry() {
  const auto *Destructor = dyn_cast<CXXDestructorDecl>(Function);
  if (!Destructor || !Destructor->isVirtual() || Destructor->getParent()->isEffectivelyFinal())
    return;
  // What a derived class has overridden is not called any more, before the body begins.
  Out = &Facts.Blocks[FunctionFacts::EntryBlock].Events;
  Current = nullptr;
  emit(EventKind::Write, AccessPath(RootKind::Parameter, 0).deref(), Destructor->getLocation(),
       Ends | Dispatch);
}
