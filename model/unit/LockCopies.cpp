// Copies of locks, and of what holds them: by value, by assignment, byte by byte.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/TypeLoc.h"

using namespace clang;
using namespace heddle;

namespace {

std::string nameOf(QualType Type, const ASTContext &Context) {
  PrintingPolicy Policy(Context.getLangOpts());
  Policy.SuppressTagKeyword = Context.getLangOpts().CPlusPlus;
  return Type.getUnqualifiedType().getAsString(Policy);
}

/// Of an object that is a constant, nobody has used the lock: it is there to be copied from.
bool isTemplate(const Expr *From) {
  return From->getType().isConstQualified() && From->isLValue() &&
         isa<DeclRefExpr>(From->IgnoreParenImpCasts()) &&
         cast<DeclRefExpr>(From->IgnoreParenImpCasts())->getDecl()->getType().isConstQualified();
}

/// Objects of the class can be copied, and nobody who knows about the lock has written how.
bool isCopiedByCompiler(const CXXRecordDecl *Record) {
  bool IsDeclared = false;
  for (const CXXConstructorDecl *C : Record->ctors())
    if (C->isCopyConstructor()) {
      if (!C->isDefaulted() || C->isDeleted())
        return false;
      IsDeclared = true;
    }
  return IsDeclared ||
         (Record->needsImplicitCopyConstructor() && !Record->defaultedCopyConstructorIsDeleted());
}

/// What is left of an expression of type char*: the object that it points to.
const Expr *bytesOf(const Expr *Pointer) { return Pointer ? Pointer->IgnoreParenCasts() : nullptr; }

} // namespace

void FunctionLowering::addLockCopy(LockCopy Copy, const Expr *From, QualType Type) {
  std::optional<LockHolders::Answer> Lock = Unit.lockHolders().find(Type);
  if (!Lock)
    return;
  Copy.Lock = Lock->Member ? Unit.entity(Lock->Member) : InvalidId;
  Copy.LockType = nameOf(Lock->Lock, Context);
  Copy.Type = nameOf(Type, Context);
  Copy.IsConst = From && isTemplate(From);
  Facts.LockCopies.push_back(std::move(Copy));
}

void FunctionLowering::noteLockCopy(const Expr *Copied) {
  if (Function->isDefaulted() || !Unit.lockHolders().isCopy(Copied))
    return;
  LockCopy Copy;
  Copy.Where = Unit.range(Copied->getSourceRange());
  const Expr *From = nullptr;
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Copied)) {
    From = Operator->getArg(1);
    Copy.How = LockCopy::Assigned;
    Copy.To = path(Operator->getArg(0));
    Copy.From = path(From);
    return addLockCopy(std::move(Copy), From, Operator->getArg(0)->getType());
  }
  const auto *Construct = dyn_cast<CXXConstructExpr>(Copied);
  From = Construct ? Construct->getArg(0) : cast<CastExpr>(Copied)->getSubExpr();
  Copy.From = path(From);
  const Stmt *Use = Copied, *Parent = Parents->getParent(Copied);
  while (isa_and_nonnull<CastExpr, ParenExpr, ConditionalOperator, FullExpr, CXXBindTemporaryExpr>(
      Parent)) {
    Use = Parent;
    Parent = Parents->getParent(Parent);
  }
  if (const auto *Assignment = dyn_cast_or_null<BinaryOperator>(Parent)) {
    if (Assignment->getOpcode() != BO_Assign || Assignment->getRHS() != Use ||
        !Unit.lockHolders().find(Assignment->getLHS()->getType()))
      return;
    Copy.How = LockCopy::Assigned;
    Copy.To = path(Assignment->getLHS());
  } else if (const auto *Return = dyn_cast_or_null<ReturnStmt>(Parent)) {
    if (Construct && Return->getNRVOCandidate())
      return; // built where the caller wants it
    Copy.How = LockCopy::Returned;
  } else if (const auto *Declaration = dyn_cast_or_null<DeclStmt>(Parent)) {
    for (const Decl *D : Declaration->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && Variable->getInit() == Use) {
        if (!Unit.lockHolders().find(Variable->getType()))
          return;
        Copy.To = {RootKind::Local, Unit.entity(Variable)};
      }
  } else if (const auto *Call = dyn_cast_or_null<CallExpr>(Parent)) {
    // A function whose body is seen is told about its parameter.
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee || Unit.function(Callee) != InvalidId)
      return;
    Copy.How = LockCopy::Argument;
    Copy.Name = Callee->getNameAsString();
    auto Place = llvm::find(Call->arguments(), Use);
    unsigned Index = Place - Call->arg_begin();
    if (Index < Callee->getNumParams() &&
        !Unit.lockHolders().find(Callee->getParamDecl(Index)->getType()))
      return;
  } else if (isa_and_nonnull<LambdaExpr>(Parent)) {
    Copy.How = LockCopy::Captured;
  } else if (!Construct && !isa_and_nonnull<InitListExpr>(Parent)) {
    return;
  }
  addLockCopy(std::move(Copy), From, From->getType());
}

void FunctionLowering::noteMemoryCopy(const CallSite &Call, const CallMeaning &M) {
  if (!M.Source || M.Source.What != Operand::Kind::Pointee)
    return;
  const Expr *From = bytesOf(operandExpr(Call, M.Source));
  const Expr *To = bytesOf(operandExpr(Call, M.Object));
  auto Pointee = [](const Expr *E) {
    if (!E)
      return QualType();
    QualType Type = E->getType();
    return Type->isPointerType() ? Type->getPointeeType()
           : Type->isArrayType() ? QualType(Type->getAsArrayTypeUnsafe()->getElementType())
                                 : QualType();
  };
  QualType Type = Pointee(From), Target = Pointee(To);
  if (Type.isNull() || Target.isNull() || !Unit.lockHolders().find(Type) ||
      !Context.hasSameUnqualifiedType(Type, Target))
    return;
  // A part of the object need not reach as far as the lock.
  CharUnits Whole = Context.getTypeSizeInChars(Type);
  Expr::EvalResult Size;
  for (const Expr *Argument : Call.Arguments)
    if (Argument->getType()->isIntegerType() && Argument->EvaluateAsInt(Size, Context) &&
        Size.Val.getInt().getExtValue() < Whole.getQuantity())
      return;
  LockCopy Copy;
  Copy.How = LockCopy::Memory;
  Copy.Where = Unit.range(Call.Whole->getSourceRange());
  Copy.From = operandObject(Call, M.Source);
  Copy.To = operandObject(Call, M.Object);
  Copy.IsConst = Type.isConstQualified() && From->getType()->isArrayType();
  const auto *Address = dyn_cast<UnaryOperator>(From);
  const Expr *Source =
      Address && Address->getOpcode() == UO_AddrOf ? Address->getSubExpr() : nullptr;
  addLockCopy(std::move(Copy), Source, Type);
}

namespace {

/// Every use of a parameter and every call of its function, as far as a fix has to know them.
struct ParameterUses : DynamicRecursiveASTVisitor {
  const FunctionDecl *Function;
  const ParmVarDecl *Parameter;
  LockHolders &Holders;
  std::vector<const MemberExpr *> Members;
  std::vector<const Expr *> Arguments;
  unsigned MemberMentions = 0, Mentions = 0, Calls = 0, References = 0;
  bool IsChanged = false;

  ParameterUses(const FunctionDecl *F, const ParmVarDecl *P, LockHolders &H)
      : Function(F->getCanonicalDecl()), Parameter(P), Holders(H) {}

  bool VisitMemberExpr(MemberExpr *E) override {
    const auto *Base = dyn_cast<DeclRefExpr>(E->getBase()->IgnoreParenImpCasts());
    if (Base && Base->getDecl() == Parameter && !E->isArrow()) {
      ++MemberMentions;
      Members.push_back(E);
    }
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) override {
    Mentions += E->getDecl() == Parameter;
    References += E->getDecl()->getCanonicalDecl() == Function;
    return true;
  }
  bool VisitCallExpr(CallExpr *E) override {
    if (const FunctionDecl *Callee = E->getDirectCallee();
        Callee && Callee->getCanonicalDecl() == Function) {
      ++Calls;
      if (unsigned Index = Parameter->getFunctionScopeIndex(); Index < E->getNumArgs())
        Arguments.push_back(E->getArg(Index));
    }
    return true;
  }
  void noteChange(const Expr *Target) {
    for (const Expr *E = Target->IgnoreParenCasts(); const auto *Member = dyn_cast<MemberExpr>(E);
         E = Member->getBase()->IgnoreParenImpCasts())
      if (llvm::is_contained(Members, Member) || isParameter(Member->getBase()))
        IsChanged |= !Holders.find(Target->getType());
    IsChanged |= isParameter(Target);
  }
  bool isParameter(const Expr *E) const {
    const auto *Base = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
    return Base && Base->getDecl() == Parameter;
  }
  bool VisitBinaryOperator(BinaryOperator *E) override {
    if (E->isAssignmentOp())
      noteChange(E->getLHS());
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *E) override {
    if (E->isIncrementDecrementOp() || E->getOpcode() == UO_AddrOf)
      noteChange(E->getSubExpr());
    return true;
  }
};

} // namespace

void FunctionLowering::noteLockParameters() {
  for (const ParmVarDecl *Parameter : Function->parameters()) {
    if (!Unit.lockHolders().find(Parameter->getType()))
      continue;
    const auto *Record = Parameter->getType()->getAsCXXRecordDecl();
    if (Record && !isCopiedByCompiler(Record))
      continue;
    LockCopy Copy;
    Copy.How = LockCopy::Parameter;
    Copy.Where = Unit.range(Parameter->getLocation());
    Copy.Name = Parameter->getNameAsString();
    Copy.To = {RootKind::Parameter, ParameterSlots[Parameter]};
    bool IsPlain = !Function->isExternallyVisible() && !isa<CXXMethodDecl>(Function) &&
                   !Function->isTemplateInstantiation() && !Function->getPreviousDecl() &&
                   Parameter->getIdentifier();
    if (IsPlain) {
      ParameterUses Uses(Function, Parameter, Unit.lockHolders());
      Uses.TraverseDecl(Context.getTranslationUnitDecl());
      bool Works = Uses.References == Uses.Calls && Uses.Mentions == Uses.MemberMentions;
      for (const Expr *Argument : Uses.Arguments) {
        const Expr *Bare = Argument;
        if (const auto *Made = dyn_cast<CXXConstructExpr>(Bare))
          Bare = Made->getNumArgs() == 1 ? Made->getArg(0) : Bare;
        Bare = Bare->IgnoreImpCasts();
        Works &= Bare->isLValue() && !Bare->getType().isConstQualified();
        heddle::SourceRange Text = Unit.editableRange(Bare->getSourceRange());
        Works &= Text.isValid();
        if (Works && Unit.context().getLangOpts().CPlusPlus == 0) {
          bool IsSimple = isa<DeclRefExpr, MemberExpr, ArraySubscriptExpr>(Bare);
          Works &= IsSimple;
          Text.End = Text.Begin;
          Copy.Edits.emplace_back(Text, "&");
        }
      }
      heddle::SourceRange Name = Unit.editableRange(Parameter->getLocation());
      Works &= Name.isValid();
      Name.End = Name.Begin;
      Copy.Edits.emplace_back(Name, Context.getLangOpts().CPlusPlus ? "&" : "*");
      if (!Context.getLangOpts().CPlusPlus)
        for (const MemberExpr *Member : Uses.Members) {
          heddle::SourceRange Dot = Unit.editableRange(Member->getOperatorLoc());
          Works &= Dot.isValid();
          Copy.Edits.emplace_back(Dot, "->");
        }
      Copy.IsSafe = !Uses.IsChanged;
      if (!Works)
        Copy.Edits.clear();
    }
    addLockCopy(std::move(Copy), nullptr, Parameter->getType());
  }
}

void FunctionLowering::describeCopyFunction() {
  auto Pointee = [](QualType Type) {
    return Type->isReferenceType() || Type->isPointerType() ? Type->getPointeeType() : QualType();
  };
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function);
  if ((Constructor && Constructor->isCopyOrMoveConstructor()) ||
      (Method && (Method->isCopyAssignmentOperator() || Method->isMoveAssignmentOperator()))) {
    Facts.MovesCopied = Function->getParamDecl(0)->getType()->isRValueReferenceType();
    Facts.CopiedSlot = Pointee(Function->getParamDecl(0)->getType()).isNull() ? 0 : 1;
    return;
  }
  if (Method || Function->getNumParams() != 2 || !Function->getReturnType()->isVoidType())
    return;
  QualType First = Pointee(Function->getParamDecl(0)->getType());
  QualType Second = Pointee(Function->getParamDecl(1)->getType());
  if (First.isNull() || Second.isNull() || !First->isRecordType() ||
      !Context.hasSameUnqualifiedType(First, Second) ||
      First.isConstQualified() == Second.isConstQualified())
    return;
  Facts.CopiedSlot = First.isConstQualified() ? 1 : 2;
}

/// Calls it for the copy of the object and of those that are parts of it, as far as the compiler
/// has written them.
static void forEachPart(const CXXMethodDecl *Copy, unsigned Depth,
                        llvm::function_ref<void(const CXXMethodDecl *)> Each) {
  Each(Copy);
  for (const FieldDecl *Field : Copy->getParent()->fields()) {
    const CXXRecordDecl *Part = Field->getType()->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
    if (!Part || !Part->hasDefinition() || Depth == 0)
      continue;
    for (const CXXMethodDecl *Method : Part->methods()) {
      const auto *Constructor = dyn_cast<CXXConstructorDecl>(Method);
      bool IsSame = isa<CXXConstructorDecl>(Copy) ? Constructor && Constructor->isCopyConstructor()
                                                  : Method->isCopyAssignmentOperator();
      if (IsSame && Method->isDefaulted())
        forEachPart(Method, Depth - 1, Each);
    }
  }
}

void FunctionLowering::noteSharedCopy(const CXXMethodDecl *Copy, const AccessPath &From) {
  // What only the function itself has, nobody changes meanwhile.
  if (Function->isDefaulted() || !(From.root() == RootKind::Global || From.derefs() > 0))
    return;
  constexpr unsigned Deepest = 4;
  forEachPart(Copy, Deepest, [&](const CXXMethodDecl *Part) {
    if (FunctionId Id = Unit.function(Part); Id != InvalidId)
      Unit.noteSharedCopy(Id);
  });
}
