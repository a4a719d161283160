// What would have to be written so that a task and its giver own a variable of the giver's
// together.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Lex/Lexer.h"

#include "llvm/ADT/StringExtras.h"

using namespace clang;
using namespace heddle;

namespace {

/// Whether a `*` in front of the operand is done first, and is no part of another token.
bool bindsWeakly(const Stmt *Operation, const Expr *Operand) {
  if (const auto *Unary = dyn_cast<UnaryOperator>(Operation))
    return !Unary->isPostfix();
  if (const auto *Binary = dyn_cast<BinaryOperator>(Operation))
    return Binary->getOpcode() != BO_Div && Binary->getOpcode() != BO_DivAssign;
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Operation))
    return Operator->getOperator() != OO_Slash && Operator->getOperator() != OO_SlashEqual &&
           (Operator->isInfixBinaryOp() || Operator->getBeginLoc() == Operator->getOperatorLoc() ||
            Operator->getArg(0)->IgnoreParenImpCasts() != Operand);
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(Operation))
    return Subscript->getBase()->IgnoreParenImpCasts() != Operand;
  if (const auto *Call = dyn_cast<CallExpr>(Operation))
    return Call->getCallee()->IgnoreParenImpCasts() != Operand;
  return isa<CXXConstructExpr, DeclStmt, ReturnStmt, CompoundStmt>(Operation);
}

/// All that a function does with one of its variables, as far as the text has to change for it.
struct UseFinder {
  const VarDecl *Variable;
  const DeclStmt *Declaration = nullptr;
  struct Use {
    const DeclRefExpr *Named;
    const MemberExpr *Member; ///< The use is the object of this one.
    bool BindsWeakly;         ///< A `*` in front binds as is meant.
  };
  std::vector<Use> Uses;
  bool IsCopied = false; ///< By a lambda, or by a return, which would copy or share something else.

  explicit UseFinder(const VarDecl *Variable) : Variable(Variable) {}

  void look(const Stmt *S, const Stmt *Parent) {
    if (!S)
      return;
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
      for (unsigned I = 0; I < Lambda->capture_size(); ++I) {
        const LambdaCapture *Capture = Lambda->capture_begin() + I;
        if (Lambda->isInitCapture(Capture))
          look(Lambda->capture_init_begin()[I], Lambda);
        else
          IsCopied |= Capture->capturesVariable() && Capture->getCapturedVar() == Variable &&
                      Capture->getCaptureKind() == LCK_ByCopy;
      }
      look(Lambda->getBody(), Lambda);
      return;
    }
    if (const auto *Named = dyn_cast<DeclRefExpr>(S); Named && Named->getDecl() == Variable) {
      const auto *Member = dyn_cast<MemberExpr>(Parent);
      const auto *Construct = dyn_cast<CXXConstructExpr>(Parent);
      IsCopied |= isa<ReturnStmt>(Parent) ||
                  (Construct && Construct->getConstructor()->isMoveConstructor());
      Uses.push_back(
          {Named, Member && !Member->isArrow() ? Member : nullptr, bindsWeakly(Parent, Named)});
    }
    if (const auto *Found = dyn_cast<DeclStmt>(S); Found && Found->isSingleDecl() &&
                                                   Found->getSingleDecl() == Variable &&
                                                   isa<CompoundStmt>(Parent))
      Declaration = Found;
    bool IsNothing = isa<ImplicitCastExpr, ParenExpr, FullExpr>(S);
    for (const Stmt *Child : S->children())
      look(Child, IsNothing ? Parent : S);
  }
};

/// Objects of the type can be made by calling a constructor, or are numbers.
bool canBeMade(QualType Type) {
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  return !Type.isConstQualified() && !Type.isVolatileQualified() &&
         (Record ? Record->hasDefinition() && Record->getIdentifier() && !Record->isLambda() &&
                       !Record->isUnion()
                 : Type->isScalarType());
}

} // namespace

std::optional<std::string> FunctionLowering::initialArguments(const VarDecl *Variable) {
  const Expr *Init = Variable->getInit();
  if (!Init)
    return std::string();
  const Expr *Bare = Init->IgnoreImplicit();
  auto Text = [&](const Expr *E) -> std::optional<std::string> {
    std::string Written = writtenText(E);
    return Written.empty() ? std::nullopt : std::optional(Written);
  };
  if (const auto *List = dyn_cast<InitListExpr>(Bare)) {
    if (List->getNumInits() == 0)
      return std::string();
    return List->getNumInits() == 1 && Variable->getType()->isScalarType() ? Text(List->getInit(0))
                                                                           : std::nullopt;
  }
  const auto *Construct = dyn_cast<CXXConstructExpr>(Bare);
  if (!Construct || Variable->getInitStyle() == VarDecl::CInit) {
    if (Construct && Construct->getNumArgs() == 0)
      return std::string();
    return isa<CXXConstructExpr>(Bare) && Construct->isListInitialization() ? std::nullopt
                                                                            : Text(Init);
  }
  if (Construct->isStdInitListInitialization())
    return std::nullopt;
  std::vector<std::string> Arguments;
  for (const Expr *Argument : Construct->arguments()) {
    if (isa<CXXDefaultArgExpr>(Argument))
      break;
    std::optional<std::string> Written = Text(Argument);
    if (!Written)
      return std::nullopt;
    Arguments.push_back(std::move(*Written));
  }
  return llvm::join(Arguments, ", ");
}

CopyEdits FunctionLowering::sharedForm(const VarDecl *Variable, const std::string &Form) {
  UseFinder Found(Variable);
  Found.look(body(), nullptr);
  std::optional<std::string> Arguments = initialArguments(Variable);
  const TypeSourceInfo *Type = Variable->getTypeSourceInfo();
  std::string Written = Type ? writtenText(Type->getTypeLoc().getSourceRange()) : std::string();
  if (!Found.Declaration || Found.IsCopied || !Arguments || Written.empty() ||
      Variable->getType()->getContainedDeducedType())
    return {};
  std::string Made = Form;
  auto Fill = [&](llvm::StringRef Hole, const std::string &With) {
    if (size_t At = Made.find(Hole.str()); At != std::string::npos)
      Made.replace(At, Hole.size(), With);
  };
  Fill("{type}", Written);
  Fill("{arguments}", *Arguments);
  CopyEdits Edits{{Unit.editableRange(Variable->getSourceRange()),
                   "auto " + Variable->getNameAsString() + " = " + Made}};
  for (const UseFinder::Use &Each : Found.Uses)
    if (Each.Member)
      Edits.emplace_back(Unit.editableRange(Each.Member->getOperatorLoc()), "->");
    else
      Edits.emplace_back(Unit.editableRange(Each.Named->getSourceRange()),
                         Each.BindsWeakly ? "*" + Variable->getNameAsString()
                                          : "(*" + Variable->getNameAsString() + ")");
  bool IsText = llvm::all_of(Edits, [](const auto &Edit) { return Edit.first.isValid(); });
  return IsText ? Edits : CopyEdits();
}

void FunctionLowering::describeSharing(const CallSite &Call, const Expr *Callable) {
  const auto *Constructor = dyn_cast_or_null<CXXConstructorDecl>(Call.Callee);
  const TypeMeaning *Handle =
      Constructor ? Unit.vocabulary().type(Constructor->getParent()) : nullptr;
  const auto *Task =
      Callable ? dyn_cast<LambdaExpr>(Callable->IgnoreUnlessSpelledInSource()) : nullptr;
  if (!Task || !Handle || Handle->SharedForm.empty() || Function->isTemplateInstantiation() ||
      !Context.getLangOpts().CPlusPlus14)
    return;
  const SourceManager &SM = Context.getSourceManager();
  for (const LambdaCapture &Capture : Task->captures()) {
    const auto *Variable = Capture.capturesVariable() && Capture.getCaptureKind() == LCK_ByRef
                               ? dyn_cast<VarDecl>(Capture.getCapturedVar())
                               : nullptr;
    if (!Variable || Variable->isInitCapture() || !Variable->isLocalVarDecl() ||
        !Variable->hasLocalStorage() || Variable->getDeclContext() != Function ||
        Variable->getType()->isReferenceType() || !canBeMade(Variable->getType()))
      continue;
    SharedForm Shared;
    Shared.Variable = Unit.entity(Variable);
    Shared.Start = Unit.range(Call.Whole->getSourceRange());
    Shared.IsByDefault = !Capture.isExplicit();
    SourceLocation Name = Shared.IsByDefault ? Task->getCaptureDefaultLoc() : Capture.getLocation();
    std::optional<Token> Before =
        Lexer::findPreviousToken(Name, SM, Context.getLangOpts(), /*IncludeComments=*/false);
    std::string Text = Variable->getNameAsString();
    heddle::SourceRange Where = Unit.editableRange(clang::SourceRange(Name));
    if (Shared.IsByDefault) {
      Where.Begin = Where.End;
      Text = ", " + Text;
    } else if (Before && Before->is(tok::amp)) {
      Where = Unit.editableRange({Before->getLocation(), Name});
    }
    Shared.Edits = sharedForm(Variable, Handle->SharedForm);
    if (Shared.Edits.empty() || !Where.isValid())
      continue;
    Shared.Edits.emplace_back(Where, Text);
    Facts.SharedForms.push_back(std::move(Shared));
  }
  Facts.SharedFormHeader = Handle->SharedFormHeader;
}
