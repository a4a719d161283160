// Smart pointers that are given what to do at their end: scope guards in all but name.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"

#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace heddle;

/// The function that a class of callables is called by, if there is one alone.
static const CXXMethodDecl *callOperator(QualType Type) {
  const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
  const CXXMethodDecl *Found = nullptr;
  if (!Class || !Class->hasDefinition())
    return nullptr;
  for (const CXXMethodDecl *Method : Class->methods()) {
    if (Method->getOverloadedOperator() != OO_Call)
      continue;
    if (Found)
      return nullptr;
    Found = Method;
  }
  return Found;
}

/// Whether the pointer is told to end what it owns now.
static bool isEndedBy(const Stmt *Call) {
  const auto *Member = dyn_cast_or_null<CXXMemberCallExpr>(Call);
  return Member && Member->getType()->isVoidType() &&
         llvm::all_of(Member->arguments(), [](const Expr *E) { return isa<CXXDefaultArgExpr>(E); });
}

bool FunctionLowering::isOnlyLookedAt(const VarDecl *Pointer) {
  // A thread has ended then, whether it is asked to again or not; a lock would be given back twice.
  const QualType Owned = typeArgument(Pointer->getType()->getAsCXXRecordDecl());
  const bool MayEnd = !Owned.isNull() && holdsHandle(Owned, /*ByEnd=*/false);
  struct Finder : DynamicRecursiveASTVisitor {
    const FunctionLowering &Lowering;
    const VarDecl *Pointer;
    bool MayEnd, IsOnly = true;
    Finder(const FunctionLowering &L, const VarDecl *Pointer, bool MayEnd)
        : Lowering(L), Pointer(Pointer), MayEnd(MayEnd) {}
    bool VisitDeclRefExpr(DeclRefExpr *Mention) override {
      if (Mention->getDecl() != Pointer)
        return true;
      const Stmt *Around = Lowering.Parents->getParent(Mention);
      while (isa_and_nonnull<ImplicitCastExpr, ParenExpr>(Around))
        Around = Lowering.Parents->getParent(Around);
      const auto *Member = dyn_cast_or_null<MemberExpr>(Around);
      const auto *Method =
          dyn_cast_or_null<CXXMethodDecl>(Member ? Member->getMemberDecl() : nullptr);
      const auto *Operator = dyn_cast_or_null<CXXOperatorCallExpr>(Around);
      if (Operator)
        Method = dyn_cast_or_null<CXXMethodDecl>(Operator->getDirectCallee());
      const auto *Cast = dyn_cast_or_null<CastExpr>(Around);
      IsOnly &= (Method && Method->isConst()) || (Cast && Cast->getCastKind() == CK_ToVoid) ||
                (MayEnd && Member && isEndedBy(Lowering.Parents->getParent(Member)));
      return IsOnly;
    }
  } Mentions(*this, Pointer, MayEnd);
  Mentions.TraverseStmt(const_cast<Stmt *>(body()));
  return Mentions.IsOnly;
}

Value FunctionLowering::deleterOf(const CXXConstructExpr *Made) {
  if (!Made || !hasRole(Made->getType(), TypeRole::SmartPointer) || Made->getNumArgs() == 0 ||
      Made->getConstructor()->isCopyOrMoveConstructor() ||
      (!Made->getArg(0)->getType()->isAnyPointerType() &&
       !Made->getArg(0)->getType()->isNullPtrType()))
    return {};
  Value Deleter;
  if (Made->getNumArgs() > 1 && !Made->getArg(1)->isDefaultArgument())
    Deleter = value(Made->getArg(1));
  if (Deleter.isKnown())
    return Deleter;
  const auto *Class =
      dyn_cast_or_null<ClassTemplateSpecializationDecl>(Made->getType()->getAsCXXRecordDecl());
  if (!Class || Class->getTemplateArgs().size() < 2 ||
      Class->getTemplateArgs()[1].getKind() != TemplateArgument::Type)
    return {};
  const CXXMethodDecl *Operator = callOperator(Class->getTemplateArgs()[1].getAsType());
  FunctionId Callee = Operator ? Unit.function(Operator) : InvalidId;
  return Callee == InvalidId ? Value() : Value{Value::Function, {}, Callee, 0, {}};
}

void FunctionLowering::noteUnnamedDeleter(const Expr *E) {
  const auto *Made = dyn_cast<CXXConstructExpr>(E);
  Value Deleter = deleterOf(Made);
  if (!Deleter.isKnown() || callSite(E).Constructed.root() == RootKind::Local)
    return;
  // Who gets it, and when that one lets it go, is not followed.
  Value Owned = value(Made->getArg(0));
  emit(EventKind::UnknownCall, {}, E->getSourceRange(), Library).Values = {Deleter, Owned};
}

void FunctionLowering::noteDeleter(const VarDecl *Pointer, const AccessPath &Where) {
  const auto *Made = dyn_cast<CXXConstructExpr>(Pointer->getInit()->IgnoreImplicit());
  const Value Deleter = deleterOf(Made);
  if (!Deleter.isKnown())
    return;
  bool IsGiven = Made->getNumArgs() > 1 && !Made->getArg(1)->isDefaultArgument() &&
                 value(Made->getArg(1)).isKnown();
  FunctionId Callee = IsGiven ? InvalidId : Deleter.Callee;
  clang::SourceRange Place = Pointer->getSourceRange();
  if (isOnlyLookedAt(Pointer)) {
    Deleters[Where.rootId()] = Callee;
    if (Callee == InvalidId)
      emit(EventKind::Store, Where.elementAt(0), Place).Values = {Deleter};
    return;
  }
  // Who has it in the end, and when that one lets it go, is not followed.
  emit(EventKind::UnknownCall, {}, Place, Library).Values = {Deleter, Value::load(Where)};
}

bool FunctionLowering::lowerDeleter(const AccessPath &Pointer, clang::SourceRange Where) {
  auto Known = Deleters.find(Pointer.rootId());
  if (Pointer.root() != RootKind::Local || !Pointer.isRootOnly() || Known == Deleters.end())
    return false;
  bool IsNamed = Known->second != InvalidId;
  Event &E = emit(IsNamed ? EventKind::Call : EventKind::CallValue, {}, Where);
  E.Callee = Known->second;
  E.Values = {IsNamed ? Value() : Value::load(Pointer.elementAt(0)), Value::load(Pointer)};
  return true;
}
