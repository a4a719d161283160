// Virtual functions of objects whose class is known where they are named: an override is kept as if
// it were a member of the object, and a virtual call loads it from there.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

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

void FunctionLowering::storeOverriders(const CallSite &Call) {
  // Only what a base class does on behalf of a derived one can come back to its overrides.
  const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
  if (!Method || !Call.Object || isa<CXXThisExpr>(Call.Object->IgnoreImpCasts()))
    return;
  const Expr *Object = Call.Object->IgnoreParenImpCasts();
  const CXXRecordDecl *Derived = (Call.ObjectIsPointer ? Object->getType()->getPointeeType()
                                                       : Object->getType().getNonReferenceType())
                                     ->getAsCXXRecordDecl();
  const CXXRecordDecl *Base = Method->getParent();
  if (!Derived || !Derived->hasDefinition() || !Derived->isPolymorphic() || Derived->isAbstract() ||
      Derived->getCanonicalDecl() == Base->getCanonicalDecl())
    return;
  AccessPath Where = objectPath(Call);
  if (!Where.isKnown())
    return;
  for (const CXXMethodDecl *Virtual : Base->methods()) {
    if (!Virtual->isVirtual() || isa<CXXDestructorDecl>(Virtual))
      continue;
    const CXXMethodDecl *Override = Virtual->getCorrespondingMethodInClass(Derived, true);
    FunctionId Callee = Override ? Unit.function(Override) : InvalidId;
    if (Callee != InvalidId)
      emit(EventKind::Store, Where.field(Unit.entity(firstDeclared(Virtual))),
           Call.Whole->getSourceRange())
          .Values = {Value{Value::Function, {}, Callee, 0, {}}};
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
