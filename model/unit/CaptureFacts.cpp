// How a lambda's captures are written, where its body uses them, and whether copies would do.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace heddle;

bool heddle::isCopyable(QualType Type) {
  if (Type->isReferenceType() || Type->isArrayType())
    return false;
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record)
    return Type->isScalarType();
  if (!Record->hasDefinition() || Record->isAbstract())
    return false;
  bool HasCopy =
      Record->needsImplicitCopyConstructor() && !Record->defaultedCopyConstructorIsDeleted();
  for (const CXXConstructorDecl *Constructor : Record->ctors())
    HasCopy |= Constructor->isCopyConstructor() && !Constructor->isDeleted() &&
               Constructor->getAccess() == AS_public;
  if (!HasCopy)
    return false;
  // Containers declare a copy that compiles only if their elements can be copied.
  if (const auto *Instance = dyn_cast<ClassTemplateSpecializationDecl>(Record))
    for (const TemplateArgument &Argument : Instance->getTemplateArgs().asArray())
      if (Argument.getKind() == TemplateArgument::Type && Argument.getAsType()->isRecordType() &&
          Argument.getAsType()->getAsCXXRecordDecl()->hasDefinition() &&
          !isCopyable(Argument.getAsType()))
        return false;
  return true;
}

namespace {

/// Whether the expression that names an object only looks at it.
bool onlyReads(const ParentMap &Parents, const Expr *Named) {
  const Stmt *Child = Named;
  while (const Stmt *Parent = Parents.getParent(Child)) {
    if (cast<Expr>(Child)->getType().isConstQualified())
      return true;
    if (const auto *Cast = dyn_cast<ImplicitCastExpr>(Parent)) {
      if (Cast->getCastKind() == CK_LValueToRValue)
        return true;
      const auto *Whole = dyn_cast_or_null<ArraySubscriptExpr>(Parents.getParent(Cast));
      if (Cast->getCastKind() == CK_ArrayToPointerDecay && !(Whole && Whole->getBase() == Cast))
        return false;
    } else if (const auto *Member = dyn_cast<MemberExpr>(Parent)) {
      const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
      if (!Field || Field->isMutable() || Field->getType()->isReferenceType() || Member->isArrow())
        return false;
    } else if (!isa<ParenExpr, ArraySubscriptExpr>(Parent)) {
      return false;
    }
    Child = Parent;
  }
  return false;
}

void collectUses(const Stmt *S, const ValueDecl *Variable,
                 llvm::SmallVectorImpl<const DeclRefExpr *> &Uses) {
  if (!S)
    return;
  if (const auto *Reference = dyn_cast<DeclRefExpr>(S);
      Reference && Reference->getDecl() == Variable)
    Uses.push_back(Reference);
  if (const auto *Inner = dyn_cast<LambdaExpr>(S)) {
    // That it captures the variable in turn says nothing of what it does with it.
    for (unsigned I = 0; I < Inner->capture_size(); ++I)
      if (Inner->isInitCapture(Inner->capture_begin() + I))
        collectUses(Inner->capture_init_begin()[I], Variable, Uses);
    collectUses(Inner->getBody(), Variable, Uses);
    return;
  }
  for (const Stmt *Child : S->children())
    collectUses(Child, Variable, Uses);
}

} // namespace

void FunctionLowering::describeCaptures() {
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  if (!Facts.IsLambda || !Method)
    return;
  const CXXRecordDecl *Closure = Method->getParent();
  const SourceManager &SM = Context.getSourceManager();
  auto IsAmpersand = [](const std::optional<Token> &T) { return T && T->is(tok::amp); };
  if (Closure->getLambdaCaptureDefault() != LCD_None && !Closure->getBeginLoc().isMacroID())
    if (std::optional<Token> Default =
            Lexer::findNextToken(Closure->getBeginLoc(), SM, Context.getLangOpts()))
      Facts.CaptureDefault = Unit.editableRange(clang::SourceRange(Default->getLocation()));
  for (const LambdaCapture &Capture : Closure->captures()) {
    CaptureText Text;
    SourceLocation Name = Capture.getLocation();
    if (Capture.isExplicit() && Name.isValid() && !Name.isMacroID()) {
      std::optional<Token> Before =
          Lexer::findPreviousToken(Name, SM, Context.getLangOpts(), /*IncludeComments=*/false);
      bool ByReference = Capture.getCaptureKind() == LCK_ByRef && IsAmpersand(Before);
      Text.Written = Unit.editableRange({ByReference ? Before->getLocation() : Name, Name});
    }
    if (Capture.capturesVariable()) {
      const ValueDecl *Variable = Capture.getCapturedVar();
      llvm::SmallVector<const DeclRefExpr *, 8> Uses;
      collectUses(Function->getBody(), Variable, Uses);
      if (!Uses.empty())
        Text.Used = Unit.range(Uses.front()->getSourceRange());
      const auto *Plain = dyn_cast<VarDecl>(Variable);
      Text.AllowsCopy =
          Plain && !Plain->isInitCapture() && isCopyable(Plain->getType()) &&
          llvm::all_of(Uses, [&](const DeclRefExpr *Use) { return onlyReads(*Parents, Use); });
      if (Plain && !Plain->isInitCapture() && Capture.getCaptureKind() == LCK_ByCopy)
        Text.OwnCopy = ownCopy(Plain, Text);
    }
    Facts.CaptureTexts.push_back(Text);
  }
}
