// Calls of library functions that keep something between calls, and how they are written with an
// object of the caller's instead.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/ParentMap.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace heddle;

namespace {

/// Whether what the call returns is used up in its own statement, or by a local of a function that
/// returns no pointer.
bool staysInFunction(const CallExpr *Call, const ParentMap &Parents, const FunctionDecl *Function,
                     ASTContext &Context) {
  if (Call->getType()->isVoidType() || !Call->getType()->isPointerType())
    return true;
  const Stmt *Parent = Parents.getParentIgnoreParenImpCasts(const_cast<CallExpr *>(Call));
  if (const auto *Member = dyn_cast_or_null<MemberExpr>(Parent))
    return Member->isArrow();
  if (const auto *Unary = dyn_cast_or_null<UnaryOperator>(Parent))
    return Unary->getOpcode() == UO_Deref;
  if (const auto *User = dyn_cast_or_null<CallExpr>(Parent))
    return User->getDirectCallee() && !isProjectCode(Context, User->getDirectCallee()) &&
           !User->getType()->isPointerType();
  if (isa_and_nonnull<DeclStmt>(Parent))
    return !Function->getReturnType()->isPointerType();
  if (const auto *Assign = dyn_cast_or_null<BinaryOperator>(Parent)) {
    const auto *To = dyn_cast<DeclRefExpr>(Assign->getLHS()->IgnoreParens());
    const auto *Variable = To ? dyn_cast<VarDecl>(To->getDecl()) : nullptr;
    return Variable && Variable->hasLocalStorage() && !isa<ParmVarDecl>(Variable) &&
           !Function->getReturnType()->isPointerType();
  }
  return false;
}

std::string replaced(std::string Text, llvm::StringRef What, llvm::StringRef With) {
  for (size_t At = Text.find(What); At != std::string::npos; At = Text.find(What, At + With.size()))
    Text.replace(At, What.size(), With.str());
  return Text;
}

} // namespace

void FunctionLowering::lowerUnsafeCall(const CallSite &Call, const CallMeaning &M) {
  const auto *Written = dyn_cast<CallExpr>(Call.Whole);
  if (!Written)
    return;
  UnsafeCall Unsafe;
  Unsafe.Name = Call.Callee->getNameAsString();
  Unsafe.State = M.State;
  Unsafe.Where = Unit.range(Call.Whole->getSourceRange());
  llvm::StringRef Form = M.Replacement;
  Unsafe.Replacement = Form.take_until([](char C) { return C == '('; }).str();
  heddle::SourceRange Place = Unit.editableRange(Call.Whole->getSourceRange());
  if (!Form.empty() && Place.isValid() && !Facts.IsLambda &&
      staysInFunction(Written, *Parents, Function, Context)) {
    std::string Name = Unsafe.Name + "_buffer";
    std::string Text = replaced(M.Replacement, "{new}", Name);
    bool IsComplete = true;
    for (unsigned I = 0; I < Call.Arguments.size(); ++I) {
      CharSourceRange Argument =
          CharSourceRange::getTokenRange(Call.Arguments[I]->getSourceRange());
      if (Argument.getBegin().isMacroID() || Argument.getEnd().isMacroID())
        Argument = Context.getSourceManager().getExpansionRange(Argument);
      llvm::StringRef Source =
          Lexer::getSourceText(Argument, Context.getSourceManager(), Context.getLangOpts());
      IsComplete &= !Source.empty();
      Text = replaced(Text, "{" + std::to_string(I) + "}", Source);
    }
    if (IsComplete && Text.find('{') == std::string::npos) {
      Unsafe.Edits.emplace_back(Place, Text);
      Unsafe.Declaration = replaced(M.Local, "{new}", Name);
    }
  }
  Unit.addUnsafeCall(std::move(Unsafe));
  emit(M.Shared ? EventKind::Read : EventKind::Update,
       {RootKind::Global, Unit.libraryState(M.State)}, Call.Whole->getSourceRange());
}
