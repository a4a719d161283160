// Cancel functions inside of objects, and the expressions that hand them to code which is not
// followed.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"

using namespace clang;
using namespace heddle;

bool FunctionLowering::mayHoldCancel(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return false;
  auto [Known, IsNew] = Unit.CancelHolders.try_emplace(Record, false);
  if (!IsNew)
    return Known->second;
  bool Holds = hasRole(Type, TypeRole::Cancel);
  const auto *Template = dyn_cast<ClassTemplateSpecializationDecl>(Record);
  if (Template && !isProjectCode(Context, Record)) {
    for (const TemplateArgument &Argument : Template->getTemplateArgs().asArray())
      Holds = Holds ||
              (Argument.getKind() == TemplateArgument::Type && mayHoldCancel(Argument.getAsType()));
  } else {
    for (const FieldDecl *Field : Record->fields())
      Holds = Holds || (!Field->getType()->isPointerType() && mayHoldCancel(Field->getType()));
  }
  return Unit.CancelHolders[Record] = Holds;
}

std::vector<AccessPath> FunctionLowering::cancelsIn(QualType Type, const AccessPath &Object) {
  Type = Type.getNonReferenceType();
  if (!Object.isKnown() || !mayHoldCancel(Type))
    return {};
  if (Type->isPointerType())
    return cancelsIn(Type->getPointeeType(), Object.deref());
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (hasRole(Type, TypeRole::Cancel) ||
      (isa<ClassTemplateSpecializationDecl>(Record) && !isProjectCode(Context, Record)))
    return {Object};
  std::vector<AccessPath> Result;
  for (const FieldDecl *Field : Record->fields())
    if (!Field->getType()->isPointerType() && mayHoldCancel(Field->getType()))
      for (AccessPath &Inside : cancelsIn(Field->getType(), Object.field(Unit.entity(Field))))
        Result.push_back(std::move(Inside));
  return Result;
}

void FunctionLowering::describeCancels() {
  for (uint32_t Slot = 1; Slot < Facts.Parameters.size(); ++Slot) {
    QualType Type = Function->getParamDecl(Slot - 1)->getType();
    AccessPath Path(RootKind::Parameter, Slot);
    Facts.Parameters[Slot].Cancels = cancelsIn(Type, Type->isReferenceType() ? Path.deref() : Path);
  }
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  if (Facts.HasThis)
    Facts.Parameters[0].Cancels = cancelsIn(Context.getCanonicalTagType(Method->getParent()),
                                            AccessPath(RootKind::Parameter, 0).deref());
}

bool FunctionLowering::followsResult(const Expr *Call) {
  const Stmt *Outer = Parents->getParent(Call);
  auto IsTransparent = [](const Stmt *S) {
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(S))
      return Construct->isElidable();
    return isa<FullExpr, MaterializeTemporaryExpr, CXXBindTemporaryExpr, ParenExpr, CastExpr>(S);
  };
  while (Outer && IsTransparent(Outer))
    Outer = Parents->getParent(Outer);
  if (const auto *Member = dyn_cast_or_null<MemberExpr>(Outer))
    return !mayHoldCancel(Member->getType());
  // Arguments are followed where the callee is; an expression on its own drops its result.
  return !Outer || isa<CallExpr, CXXConstructExpr>(Outer) || !isa<Expr, DeclStmt>(Outer);
}

void FunctionLowering::handOver(const Expr *E) {
  if (!mayHoldCancel(E->getType()))
    return;
  if (AccessPath Source = path(E); Source.isKnown())
    emit(EventKind::Escape, Source, E->getSourceRange());
}

void FunctionLowering::handOverArguments(const CallSite &Call) {
  for (const Expr *Argument : Call.Arguments)
    handOver(Argument);
}

void FunctionLowering::lowerHandovers(const Stmt *S) {
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
    // What a lambda takes over is met by it, or not seen any more.
    auto Initializer = Lambda->capture_init_begin();
    for (const LambdaCapture &Capture : Lambda->captures()) {
      const Expr *Init = *Initializer++;
      if (!Capture.capturesVariable())
        continue;
      const ValueDecl *Variable = Capture.getCapturedVar();
      bool ByReference = Capture.getCaptureKind() == LCK_ByRef;
      if (hasRole(Variable->getType(), TypeRole::StopSource) && !ByReference)
        emit(EventKind::Escape, variablePath(Variable), Lambda->getSourceRange());
      else if (mayHoldCancel(Variable->getType()))
        Variable->isInitCapture()
            ? handOver(Init)
            : void(emit(EventKind::Escape, variablePath(Variable), Lambda->getSourceRange()));
    }
  } else if (const auto *Choice = dyn_cast<ConditionalOperator>(S)) {
    // Which of the two is meant is not known from here on.
    if (Choice->isGLValue()) {
      handOver(Choice->getTrueExpr());
      handOver(Choice->getFalseExpr());
    }
  }
}
