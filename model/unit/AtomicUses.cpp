// Whether a variable could be an atomic: every use of it, seen with what stands around it.
#include "model/unit/UnitFactsBuilder.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace heddle;

namespace {

/// What has to be done at one use so that it compiles, and means the same, with an atomic.
enum class Use { Fine, NeedsLoad, Impossible };

class UseVisitor : public RecursiveASTVisitor<UseVisitor> {
public:
  UseVisitor(ASTContext &Context, UnitFactsBuilder &Builder, std::vector<Entity> &Entities,
             const std::vector<bool> &Candidates)
      : Context(Context), Builder(Builder), Entities(Entities), Candidates(Candidates) {}

  bool shouldVisitTemplateInstantiations() const { return true; }

  bool TraverseDecl(Decl *D) {
    if (D && !isa<TranslationUnitDecl>(D) && D->getLocation().isValid() &&
        D->getDeclContext()->isFileContext() && !isProjectCode(Context, D))
      return true;
    const FunctionDecl *Outer = Function;
    if (auto *Entered = dyn_cast_or_null<FunctionDecl>(D))
      Function = Entered;
    bool Result = RecursiveASTVisitor::TraverseDecl(D);
    Function = Outer;
    return Result;
  }

  bool TraverseStmt(Stmt *S) {
    if (!S)
      return true;
    Stack.push_back(S);
    bool Result = RecursiveASTVisitor::TraverseStmt(S);
    Stack.pop_back();
    return Result;
  }

  bool VisitDeclRefExpr(DeclRefExpr *E) {
    visitUse(E, E->getDecl());
    return true;
  }
  bool VisitMemberExpr(MemberExpr *E) {
    if (auto *Member = dyn_cast<ValueDecl>(E->getMemberDecl()))
      visitUse(E, Member);
    return true;
  }
  // A loop's own counter that others see is not cured by making it atomic.
  bool VisitForStmt(ForStmt *For) {
    if (const auto *Init = dyn_cast_or_null<DeclStmt>(For->getInit()))
      for (const Decl *Each : Init->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(Each))
          forbid(Variable);
    return true;
  }
  // Copying an object copies its fields, and atomics are not copied.
  bool VisitCXXConstructExpr(CXXConstructExpr *E) {
    if (E->getConstructor()->isCopyOrMoveConstructor())
      forbidFields(E->getConstructor()->getParent());
    return true;
  }
  bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr *E) {
    if (const auto *Method = dyn_cast_or_null<CXXMethodDecl>(E->getDirectCallee());
        Method && (Method->isCopyAssignmentOperator() || Method->isMoveAssignmentOperator()))
      forbidFields(Method->getParent());
    return true;
  }
  // So do the libraries that keep objects by value and are handed one.
  bool VisitVarDecl(VarDecl *Variable) {
    forbidKept(Variable->getType());
    return true;
  }
  bool VisitFieldDecl(FieldDecl *Field) {
    forbidKept(Field->getType());
    return true;
  }
  bool VisitLambdaExpr(LambdaExpr *E) {
    for (const LambdaCapture &Capture : E->captures())
      if (Capture.capturesVariable() && Capture.getCaptureKind() == LCK_ByCopy)
        forbid(Capture.getCapturedVar());
    return true;
  }

private:
  void forbid(const ValueDecl *Variable) {
    if (EntityId Id = candidate(Variable); Id != InvalidId)
      Entities[Id].AllowsAtomic = false;
  }
  void forbidFields(const CXXRecordDecl *Record) {
    if (!isProjectCode(Context, Record))
      return;
    for (const FieldDecl *Field : Record->fields())
      forbid(Field);
  }
  /// Of a container's elements, and of what other templates of libraries are made for: only through
  /// pointers do they certainly leave the object where it is.
  void forbidKept(QualType Type) {
    const auto *Template = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
        Type.getNonReferenceType()->getAsCXXRecordDecl());
    if (!Template || isProjectCode(Context, Template) || isPointer(Type.getNonReferenceType()))
      return;
    for (const TemplateArgument &Argument : Template->getTemplateArgs().asArray())
      if (Argument.getKind() == TemplateArgument::Type)
        if (const CXXRecordDecl *Kept = Argument.getAsType()->getAsCXXRecordDecl()) {
          forbidFields(Kept);
          forbidKept(Argument.getAsType());
        }
  }
  bool isPointer(QualType Type) {
    const TypeMeaning *Meaning = Builder.vocabulary().type(Type);
    return Meaning && Meaning->Role == TypeRole::SmartPointer;
  }
  EntityId candidate(const ValueDecl *Variable) {
    if (!isa<VarDecl>(Variable) && !isa<FieldDecl>(Variable))
      return InvalidId;
    EntityId Id = Builder.knownEntity(Variable);
    return Id < Candidates.size() && Candidates[Id] ? Id : InvalidId;
  }

  void visitUse(const Expr *E, const ValueDecl *Variable) {
    EntityId Id = candidate(Variable);
    if (Id == InvalidId || !Entities[Id].AllowsAtomic ||
        (Function && Function->isDependentContext()))
      return;
    switch (classify(E, Variable)) {
    case Use::Fine:
      return;
    case Use::NeedsLoad:
      if (auto Where = Builder.editableRange(E->getSourceRange()); Where.isValid()) {
        Entities[Id].AtomicLoads.push_back(Where);
        return;
      }
      [[fallthrough]];
    case Use::Impossible:
      Entities[Id].AllowsAtomic = false;
    }
  }

  static bool mentions(const Stmt *In, const ValueDecl *Variable) {
    if (const auto *Reference = dyn_cast_or_null<DeclRefExpr>(In))
      return Reference->getDecl() == Variable;
    const auto *Member = dyn_cast_or_null<MemberExpr>(In);
    return (Member && Member->getMemberDecl() == Variable) ||
           (In && llvm::any_of(In->children(),
                               [&](const Stmt *Child) { return mentions(Child, Variable); }));
  }

  const Stmt *ancestor(unsigned Level) const {
    return Level < Stack.size() ? Stack[Stack.size() - 1 - Level] : nullptr;
  }

  Use classify(const Expr *E, const ValueDecl *Variable) {
    unsigned Level = 1;
    while (isa_and_nonnull<ParenExpr>(ancestor(Level)))
      ++Level;
    const Stmt *Parent = ancestor(Level);
    if (isa_and_nonnull<LambdaExpr>(Parent))
      return Use::Fine; // captured by reference; copies are ruled out elsewhere
    QualType Type = Variable->getType();
    if (Type->isRecordType())
      return classifyHandle(E, Variable, Level);
    bool Counts = (Type->isIntegerType() && !Type->isBooleanType() && !Type->isEnumeralType()) ||
                  Type->isPointerType();
    if (const auto *Unary = dyn_cast_or_null<UnaryOperator>(Parent))
      return Unary->isIncrementDecrementOp() && Counts ? Use::Fine : Use::Impossible;
    if (const auto *Binary = dyn_cast_or_null<BinaryOperator>(Parent);
        Binary && Binary->isAssignmentOp())
      return classifyAssignment(Binary, Variable, Counts);
    const auto *Cast = dyn_cast_or_null<ImplicitCastExpr>(Parent);
    if (!Cast || Cast->getCastKind() != CK_LValueToRValue)
      return classifyReference(Level);
    if (!Context.getLangOpts().CPlusPlus)
      return Use::Fine;
    do
      ++Level;
    while (isa_and_nonnull<ImplicitCastExpr>(ancestor(Level)) ||
           isa_and_nonnull<ParenExpr>(ancestor(Level)) ||
           isa_and_nonnull<FullExpr>(ancestor(Level)));
    return classifyRead(ancestor(Level));
  }

  /// The next ancestor that is more than a change of the type or an end of temporaries.
  const Stmt *nextAround(unsigned &Level) const {
    do
      ++Level;
    while (isa_and_nonnull<ImplicitCastExpr>(ancestor(Level)) ||
           isa_and_nonnull<ParenExpr>(ancestor(Level)) ||
           isa_and_nonnull<FullExpr>(ancestor(Level)));
    return ancestor(Level);
  }

  /// A number is read, or a call gives one back: nothing that leads into the object outlives the
  /// loaded handle.
  bool isReadAtOnce(unsigned Level) const {
    const auto *Cast = dyn_cast_or_null<ImplicitCastExpr>(ancestor(Level + 1));
    if (Cast && Cast->getCastKind() == CK_LValueToRValue)
      return !Cast->getType()->isPointerType() && Cast->getType()->isScalarType();
    const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(ancestor(Level + 1));
    return Call && Call->getCallee()->IgnoreParens() == ancestor(Level) && Call->isPRValue() &&
           (Call->getType()->isVoidType() || Call->getType()->isArithmeticType());
  }

  /// A smart pointer that is swapped whole: copied, compared, followed for one read, or assigned.
  Use classifyHandle(const Expr *E, const ValueDecl *Variable, unsigned Level) {
    const Stmt *Around = nextAround(--Level);
    if (const auto *Copy = dyn_cast_or_null<CXXConstructExpr>(Around))
      return Copy->getConstructor()->isCopyConstructor() ? Use::NeedsLoad : Use::Impossible;
    if (const auto *Member = dyn_cast_or_null<MemberExpr>(Around))
      return isa<CXXConversionDecl>(Member->getMemberDecl()) ? Use::NeedsLoad : Use::Impossible;
    // From C++20 on `a != b` may stand for `!(a == b)`.
    if (const auto *Rewritten = dyn_cast_or_null<CXXRewrittenBinaryOperator>(Around))
      return Rewritten->getOperator() == BO_NE || Rewritten->getOperator() == BO_EQ
                 ? Use::NeedsLoad
                 : Use::Impossible;
    const auto *Operator = dyn_cast_or_null<CXXOperatorCallExpr>(Around);
    if (!Operator)
      return Use::Impossible;
    switch (Operator->getOperator()) {
    case OO_EqualEqual:
    case OO_ExclaimEqual:
      return Use::NeedsLoad;
    case OO_Arrow:
    case OO_Star: {
      unsigned Inner = Level;
      const auto *Member = dyn_cast_or_null<MemberExpr>(nextAround(Inner));
      return isReadAtOnce(Member ? Inner : Level) ? Use::NeedsLoad : Use::Impossible;
    }
    case OO_Equal: {
      if (Operator->getArg(0)->IgnoreParenImpCasts() != E)
        return Use::NeedsLoad;
      bool IsNull = Operator->getArg(1)->IgnoreImplicit()->getType()->isNullPtrType();
      bool IsAlone = isa_and_nonnull<CompoundStmt>(nextAround(Level));
      return IsAlone && !IsNull && !mentions(Operator->getArg(1), Variable) ? Use::Fine
                                                                            : Use::Impossible;
    }
    default:
      return Use::Impossible;
    }
  }

  /// Bound to a parameter `const T &` for the time of a call whose result is a value: the loaded
  /// value can be bound there as well.
  Use classifyReference(unsigned Level) const {
    const auto *Cast = dyn_cast_or_null<ImplicitCastExpr>(ancestor(Level));
    if (!Context.getLangOpts().CPlusPlus || !Cast || Cast->getCastKind() != CK_NoOp ||
        !Cast->getType().isConstQualified())
      return Use::Impossible;
    const auto *Call = dyn_cast_or_null<CallExpr>(ancestor(Level + 1));
    if (!Call)
      return Use::Impossible;
    const auto *Result = dyn_cast_or_null<ImplicitCastExpr>(ancestor(Level + 2));
    bool ResultIsValue =
        Call->isPRValue() || (Result && Result->getCastKind() == CK_LValueToRValue);
    return ResultIsValue ? Use::NeedsLoad : Use::Impossible;
  }

  Use classifyAssignment(const BinaryOperator *Assignment, const ValueDecl *Variable, bool Counts) {
    switch (Assignment->getOpcode()) {
    case BO_Assign: // `x = x + 1` would be two atomic operations where one was meant
      return mentions(Assignment->getRHS(), Variable) ? Use::Impossible : Use::Fine;
    case BO_AddAssign:
    case BO_SubAssign:
      return Counts ? Use::Fine : Use::Impossible;
    case BO_AndAssign:
    case BO_OrAssign:
    case BO_XorAssign:
      return Counts && !Variable->getType()->isPointerType() ? Use::Fine : Use::Impossible;
    default:
      return Context.getLangOpts().CPlusPlus ? Use::Impossible : Use::Fine;
    }
  }

  static Use classifyRead(const Stmt *Around) {
    if (!Around || isa<IfStmt, WhileStmt, ForStmt, DoStmt, CompoundStmt>(Around))
      return Use::Fine;
    if (const auto *Binary = dyn_cast<BinaryOperator>(Around))
      return Binary->getOpcode() == BO_Comma ? Use::NeedsLoad : Use::Fine;
    if (const auto *Unary = dyn_cast<UnaryOperator>(Around))
      return Unary->getOpcode() == UO_Deref ? Use::NeedsLoad : Use::Fine;
    if (const auto *Call = dyn_cast<CallExpr>(Around)) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      bool IsPlain = Callee && !Callee->isVariadic() && !Callee->getPrimaryTemplate();
      return IsPlain ? Use::Fine : Use::NeedsLoad;
    }
    if (const auto *Declaration = dyn_cast<DeclStmt>(Around)) {
      const auto *Variable =
          Declaration->isSingleDecl() ? dyn_cast<VarDecl>(Declaration->getSingleDecl()) : nullptr;
      return Variable && !Variable->getType()->getContainedAutoType() ? Use::Fine : Use::NeedsLoad;
    }
    return Use::NeedsLoad;
  }

  ASTContext &Context;
  UnitFactsBuilder &Builder;
  std::vector<Entity> &Entities;
  const std::vector<bool> &Candidates;
  const FunctionDecl *Function = nullptr;
  std::vector<const Stmt *> Stack;
};

/// An atomic handle is made from a handle of its very type, or from nothing.
bool mayInitializeHandle(const ValueDecl *Variable) {
  const auto *Var = dyn_cast<VarDecl>(Variable);
  const auto *Field = dyn_cast<FieldDecl>(Variable);
  const Expr *Init = Var ? Var->getInit() : Field->getInClassInitializer();
  while (const auto *Full = dyn_cast_or_null<FullExpr>(Init))
    Init = Full->getSubExpr();
  if (const auto *Bound = dyn_cast_or_null<CXXBindTemporaryExpr>(Init))
    Init = Bound->getSubExpr();
  const auto *Made = dyn_cast_or_null<CXXConstructExpr>(Init);
  return !Init || isa<CallExpr>(Init) || (Made && Made->getNumArgs() == 0);
}

/// Whether the declaration itself could be changed, whatever the uses.
bool mayBeDeclaredAtomic(UnitFactsBuilder &Builder, const ValueDecl *Variable, const Entity &E) {
  const ASTContext &Context = Builder.context();
  QualType Type = Variable->getType();
  const LangOptions &Options = Context.getLangOpts();
  if (!E.TypeWritten.isValid() || Type.isConstQualified() ||
      (Type.isVolatileQualified() && !E.VolatileWritten.isValid()) || Type->isReferenceType() ||
      Type->isAtomicType() || isa<ParmVarDecl>(Variable) || Type->isDependentType() ||
      Type->isMemberPointerType())
    return false;
  const TypeMeaning *Meaning = Builder.vocabulary().type(Type);
  bool IsHandle = Type->isRecordType() && Options.CPlusPlus20 && Meaning && Meaning->AllowsAtomic &&
                  mayInitializeHandle(Variable);
  if (!Type->isIntegralOrEnumerationType() && !Type->isPointerType() &&
      !(Type->isFloatingType() && Options.CPlusPlus20) && !IsHandle)
    return false;
  if (!Options.CPlusPlus && !Options.C11)
    return false;
  if (Options.CPlusPlus && !Options.CPlusPlus17)
    return false;
  if (const auto *Var = dyn_cast<VarDecl>(Variable))
    if (Var->getPreviousDecl() || Var->getMostRecentDecl() != Var ||
        Var->getType()->getContainedAutoType())
      return false;
  if (const auto *Field = dyn_cast<FieldDecl>(Variable); Field && Field->isBitField())
    return false;
  return true;
}

} // namespace

void heddle::collectAtomicUses(ASTContext &Context, UnitFactsBuilder &Builder,
                               llvm::ArrayRef<const ValueDecl *> Declarations,
                               const std::vector<bool> &Candidates, std::vector<Entity> &Entities) {
  bool Any = false;
  for (size_t I = 0; I < Candidates.size(); ++I)
    if (Candidates[I]) {
      Entities[I].AllowsAtomic = mayBeDeclaredAtomic(Builder, Declarations[I], Entities[I]);
      Any |= Entities[I].AllowsAtomic;
    }
  if (Any)
    UseVisitor(Context, Builder, Entities, Candidates)
        .TraverseDecl(Context.getTranslationUnitDecl());
}
