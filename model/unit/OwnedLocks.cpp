// Guards that are alive when the owner of their lock lets go of it: a smart pointer that is reset,
// a container whose element is erased. That the guard's lock lies in what ends shows in how the two
// are written, and nothing in between may change what they name.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace heddle;

namespace {

/// Without casts, copies and what else leaves the value as it is.
const Expr *bare(const Expr *E) {
  while (true) {
    E = E->IgnoreParenImpCasts();
    if (const auto *Full = dyn_cast<FullExpr>(E))
      E = Full->getSubExpr();
    else if (const auto *Made = dyn_cast<MaterializeTemporaryExpr>(E))
      E = Made->getSubExpr();
    else if (const auto *Bound = dyn_cast<CXXBindTemporaryExpr>(E))
      E = Bound->getSubExpr();
    else if (const auto *Copy = dyn_cast<CXXConstructExpr>(E); Copy && Copy->getNumArgs() == 1)
      E = Copy->getArg(0);
    else
      return E;
  }
}

/// Whether both are written in the same way, of the same names.
bool areAlike(const ASTContext &Context, const Expr *A, const Expr *B) {
  llvm::FoldingSetNodeID OfA, OfB;
  A->Profile(OfA, Context, /*Canonical=*/true);
  B->Profile(OfB, Context, /*Canonical=*/true);
  return OfA == OfB;
}

const VarDecl *variableOf(const Expr *E) {
  const auto *Reference = dyn_cast<DeclRefExpr>(bare(E));
  return Reference ? dyn_cast<VarDecl>(Reference->getDecl()) : nullptr;
}

/// Neither a function of the project's nor anybody else can reach the variable by itself.
bool isOwn(const VarDecl *Variable) {
  return Variable && Variable->hasLocalStorage() && !Variable->getType()->isReferenceType();
}

bool mentions(const Stmt *S, const VarDecl *Variable) {
  const auto *Reference = dyn_cast<DeclRefExpr>(S);
  return (Reference && Reference->getDecl() == Variable) ||
         llvm::any_of(S->children(),
                      [&](const Stmt *Child) { return Child && mentions(Child, Variable); });
}

/// What is set to the call's result.
const Expr *assignedBy(const Expr *Call, const ParentMap &Parents) {
  for (const Stmt *Around = Parents.getParent(Call); Around; Around = Parents.getParent(Around)) {
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Around))
      return Operator->getOperator() == OO_Equal ? bare(Operator->getArg(0)) : nullptr;
    if (const auto *Assign = dyn_cast<BinaryOperator>(Around))
      return Assign->getOpcode() == BO_Assign ? bare(Assign->getLHS()) : nullptr;
    if (!isa<FullExpr, MaterializeTemporaryExpr, ImplicitCastExpr, CXXBindTemporaryExpr, ParenExpr>(
            Around))
      return nullptr;
  }
  return nullptr;
}

/// Whether anything may change what is watched, or take away what it owns.
struct Meddling : DynamicRecursiveASTVisitor {
  const ASTContext &Context;
  const ParentMap &Parents;
  llvm::ArrayRef<const Expr *> Watched, Aliases, Excepted;
  SourceLocation Begin, End;
  bool IsReachable; ///< By other functions.
  bool Found = false;

  Meddling(const ASTContext &Context, const ParentMap &Parents,
           llvm::ArrayRef<const Expr *> Watched, llvm::ArrayRef<const Expr *> Aliases,
           llvm::ArrayRef<const Expr *> Excepted, SourceLocation Begin, SourceLocation End,
           bool IsReachable)
      : Context(Context), Parents(Parents), Watched(Watched), Aliases(Aliases), Excepted(Excepted),
        Begin(Begin), End(End), IsReachable(IsReachable) {}

  bool isWithin(const Expr *E) const {
    const SourceManager &Sources = Context.getSourceManager();
    return Sources.isBeforeInTranslationUnit(Begin, E->getBeginLoc()) &&
           !Sources.isBeforeInTranslationUnit(End, E->getBeginLoc());
  }
  bool isAmong(llvm::ArrayRef<const Expr *> Known, const Expr *E) const {
    return llvm::any_of(Known, [&](const Expr *Each) {
      return E->getStmtClass() == Each->getStmtClass() && areAlike(Context, E, Each);
    });
  }
  bool names(const Stmt *S) const {
    const auto *E = dyn_cast<Expr>(S);
    return (E && (isAmong(Watched, E) || isAmong(Aliases, E))) ||
           llvm::any_of(S->children(), [&](const Stmt *Child) { return Child && names(Child); });
  }
  /// The expression's value is looked at, no more.
  bool isRead(const Expr *E) const {
    const Stmt *Use = E;
    for (const Stmt *Parent = Parents.getParent(E); Parent;
         Use = Parent, Parent = Parents.getParent(Parent)) {
      if (const auto *Cast = dyn_cast<ImplicitCastExpr>(Parent)) {
        if (Cast->getCastKind() == CK_LValueToRValue || Cast->getType().isConstQualified())
          return true;
        continue;
      }
      if (isa<ParenExpr>(Parent))
        continue;
      const CXXMethodDecl *Method = nullptr;
      if (const auto *Member = dyn_cast<MemberExpr>(Parent))
        Method = dyn_cast<CXXMethodDecl>(Member->getMemberDecl());
      if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Parent)) {
        if (Operator->isComparisonOp())
          return true;
        Method = Operator->getArg(0) == Use
                     ? dyn_cast_or_null<CXXMethodDecl>(Operator->getDirectCallee())
                     : nullptr;
      }
      const auto *Copy = dyn_cast<CXXConstructExpr>(Parent);
      return (Method && Method->isConst()) || (Copy && Copy->getConstructor()->isCopyConstructor());
    }
    return false;
  }
  bool VisitExpr(Expr *E) override {
    if (isWithin(E) && !llvm::is_contained(Excepted, E) && isAmong(Watched, E))
      Found |= !isRead(E);
    return !Found;
  }
  bool VisitCallExpr(CallExpr *Call) override {
    if (!IsReachable || !isWithin(Call))
      return !Found;
    const FunctionDecl *Callee = Call->getDirectCallee();
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee);
    // What is owned does not end its owner's hold on it.
    const auto *OnObject = dyn_cast<CXXMemberCallExpr>(Call);
    if ((Callee && !isProjectCode(Context, Callee)) || (Method && Method->isConst()) ||
        (OnObject && names(OnObject->getImplicitObjectArgument())))
      return !Found;
    Found = true;
    return false;
  }
};

} // namespace

bool FunctionLowering::isSoleOwner(QualType Type) {
  Type = Type.getNonReferenceType();
  const TypeMeaning *Meaning = meaning(Type);
  if (!Meaning || Meaning->Role != TypeRole::SmartPointer || !Meaning->SoleOwner)
    return false;
  // With a deleter of the project's it may be anything that happens.
  const auto *Class = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Type->getAsCXXRecordDecl());
  if (!Class || Class->getTemplateArgs().size() < 2)
    return Class != nullptr;
  const TemplateArgument &Deleter = Class->getTemplateArgs()[1];
  const CXXRecordDecl *Deletes = Deleter.getKind() == TemplateArgument::Type
                                     ? Deleter.getAsType()->getAsCXXRecordDecl()
                                     : nullptr;
  return Deletes && !isProjectCode(Context, Deletes);
}

bool FunctionLowering::liesIn(const Expr *Lock, const EndOfOwned &Ended,
                              llvm::SmallVectorImpl<const Expr *> &Names) {
  const auto [Owner, Container, Which, Member] = Ended;
  const bool IsAny = Container && !Which && Member.empty();
  auto IsSame = [&](const Expr *A, const Expr *B) { return areAlike(Context, bare(A), bare(B)); };
  constexpr unsigned MaxSteps = 12;
  for (unsigned Step = 0; Step < MaxSteps; ++Step) {
    Lock = bare(Lock);
    const Expr *Pointer = nullptr;
    if (const auto *Part = dyn_cast<MemberExpr>(Lock)) {
      const auto *Field = dyn_cast<FieldDecl>(Part->getMemberDecl());
      if (!Field || Field->getType()->isReferenceType())
        return false;
      if (!Part->isArrow()) {
        Lock = Part->getBase();
        continue;
      }
      Pointer = bare(Part->getBase());
    } else if (const auto *Deref = dyn_cast<UnaryOperator>(Lock);
               Deref && Deref->getOpcode() == UO_Deref) {
      Pointer = bare(Deref->getSubExpr());
    } else if (isa<CXXOperatorCallExpr>(Lock)) {
      Pointer = Lock;
    } else if (const VarDecl *Variable = variableOf(Lock); Variable && Variable->isLocalVarDecl() &&
                                                           Variable->getInit() &&
                                                           Variable->getType()->isReferenceType()) {
      Names.push_back(Lock);
      Lock = Variable->getInit();
      continue;
    } else if (isa<CXXMemberCallExpr>(Lock)) {
      Pointer = Lock;
    }
    if (!Pointer)
      return false;
    const Expr *Holder = nullptr, *From = nullptr, *Key = nullptr;
    llvm::StringRef By;
    if (const VarDecl *Variable = variableOf(Pointer); Variable && Variable->isLocalVarDecl() &&
                                                       Variable->getInit() &&
                                                       Variable->getType()->isPointerType()) {
      // Wherever a plain pointer leads: to what it was set to.
      Names.push_back(Pointer);
      Pointer = bare(Variable->getInit());
      if (const auto *Address = dyn_cast<UnaryOperator>(Pointer);
          Address && Address->getOpcode() == UO_AddrOf) {
        Lock = Address->getSubExpr();
        continue;
      }
    }
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Pointer)) {
      OverloadedOperatorKind Kind = Operator->getOperator();
      if (Kind == OO_Arrow || (Kind == OO_Star && Operator->getNumArgs() == 1))
        Holder = bare(Operator->getArg(0));
      else if (Kind == OO_Subscript && Operator->getNumArgs() == 2)
        From = Operator->getArg(0), Key = Operator->getArg(1);
    } else if (const auto *Method = dyn_cast<CXXMemberCallExpr>(Pointer);
               Method && Method->getMethodDecl()) {
      for (const CallMeaning &M : Unit.vocabulary().call(Method->getMethodDecl())) {
        if (M.What == Effect::Pointee && Method->getMethodDecl()->isConst())
          Holder = bare(Method->getImplicitObjectArgument());
        if (M.What == Effect::Element && Method->getNumArgs() == 1)
          From = Method->getImplicitObjectArgument(), Key = Method->getArg(0);
        if (M.What == Effect::Element && Method->getNumArgs() == 0 && Method->isGLValue() &&
            Method->getMethodDecl()->getIdentifier())
          From = Method->getImplicitObjectArgument(), By = Method->getMethodDecl()->getName();
      }
    }
    if (From && !Which) {
      if (!Container || !IsSame(From, Container) || (!IsAny && By != Member))
        return false;
      if (!Key || !isa<DeclRefExpr>(bare(Key)))
        return Key == nullptr || bare(Key)->isEvaluatable(Context);
      Names.push_back(bare(Key));
      return true;
    }
    if (From) {
      if (!Key)
        return false;
      const VarDecl *Wanted = Which ? variableOf(Which) : nullptr;
      if (!Wanted || !isOwn(Wanted) || variableOf(Key) != Wanted || !IsSame(From, Container))
        return false;
      Names.push_back(bare(Key));
      return true;
    }
    if (!Holder)
      return false;
    if (Owner && IsSame(Holder, Owner)) {
      Names.push_back(Holder);
      return true;
    }
    Names.push_back(Holder);
    if (!isSoleOwner(Holder->getType())) {
      // An iterator.
      const VarDecl *Iterator = variableOf(Holder);
      if (IsAny && isOwn(Iterator) && Iterator->getInit() &&
          !hasRole(Iterator->getType(), TypeRole::SmartPointer)) {
        const auto *Found = dyn_cast<CXXMemberCallExpr>(bare(Iterator->getInit()));
        return Found && IsSame(Found->getImplicitObjectArgument(), Container);
      }
      return Which && isOwn(Iterator) && variableOf(Which) == Iterator &&
             !hasRole(Iterator->getType(), TypeRole::SmartPointer);
    }
    Lock = Holder;
  }
  return false;
}

const Expr *FunctionLowering::lockTakenBy(const Stmt *S, const VarDecl *&Guard,
                                          bool &MayBeDeferred) {
  Guard = nullptr;
  if (const auto *ByHand = dyn_cast<CXXMemberCallExpr>(S)) {
    CallSite Call = callSite(ByHand);
    if (Call.Callee)
      for (const CallMeaning &M : Unit.vocabulary().call(Call.Callee))
        if (M.What == Effect::Acquire && M.appliesTo(Call.Arguments.size()) &&
            M.Lock.What == Operand::Kind::This && !Call.ObjectIsPointer)
          return Call.Object;
    return nullptr;
  }
  const auto *Declaration = dyn_cast<DeclStmt>(S);
  Guard = Declaration && Declaration->isSingleDecl()
              ? dyn_cast<VarDecl>(Declaration->getSingleDecl())
              : nullptr;
  const auto *Made = Guard && Guard->getInit() && hasRole(Guard->getType(), TypeRole::Guard)
                         ? dyn_cast<CXXConstructExpr>(Guard->getInit()->IgnoreImplicit())
                         : nullptr;
  if (!Made || Made->getNumArgs() == 0 || !Made->getArg(0)->isGLValue() ||
      Made->getConstructor()->isCopyOrMoveConstructor() ||
      (Made->getNumArgs() > 1 && Made->getArg(1)->isGLValue() &&
       !meaning(Made->getArg(1)->getType())))
    return nullptr;
  MayBeDeferred = Made->getNumArgs() > 1;
  return Made->getArg(0);
}

void FunctionLowering::lowerEndOfOwned(const CallSite &Call, const CallMeaning &M) {
  if (!Call.Object || Call.ObjectIsPointer)
    return;
  const Expr *Object = bare(Call.Object);
  EndOfOwned Ended;
  const TypeMeaning *Type = meaning(Object->getType());
  if (M.What == Effect::LetGo || (Type && Type->SingleElement))
    Ended.Owner = Object;
  else
    Ended.Container = Object;
  if (M.What == Effect::LetGo && !isSoleOwner(Object->getType()))
    return;
  if (M.What == Effect::EraseElement)
    Ended.Which = bare(operandExpr(Call, M.Source));
  if (M.What == Effect::RemoveElement)
    Ended.Member = M.Method;
  const bool IsElement = Ended.Container != nullptr;
  const Stmt *Within = Call.Whole;
  for (const Stmt *Around = Parents->getParent(Within); Around;
       Within = Around, Around = Parents->getParent(Around)) {
    // What comes before in the text may come after in the next round.
    if (isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt, LambdaExpr>(Around))
      return;
    const auto *Scope = dyn_cast<CompoundStmt>(Around);
    if (!Scope)
      continue;
    for (const Stmt *Before : Scope->body()) {
      if (Before == Within)
        break;
      const VarDecl *Guard = nullptr;
      bool MayBeDeferred = false;
      const Expr *Lock = lockTakenBy(Before, Guard, MayBeDeferred);
      if (!Lock)
        continue;
      llvm::SmallVector<const Expr *> Names;
      if (!liesIn(Lock, Ended, Names))
        continue;
      if (IsElement && !Ended.Which)
        Names.push_back(Object); // others may come in, or this one may leave before
      // That a reference is used changes nothing, unless it is one to an owner.
      llvm::SmallVector<const Expr *> Aliases;
      llvm::erase_if(Names, [&](const Expr *Name) {
        const VarDecl *Variable = variableOf(Name);
        bool IsAlias = Variable && Variable->getType()->isReferenceType() &&
                       !hasRole(Variable->getType().getNonReferenceType(), TypeRole::SmartPointer);
        if (IsAlias)
          Aliases.push_back(Name);
        return IsAlias;
      });
      bool IsReachable = llvm::any_of(
          Names, [](const Expr *Name) { return !variableOf(Name) || !isOwn(variableOf(Name)); });
      const Expr *Excepted[] = {Object, Ended.Which, assignedBy(Call.Whole, *Parents)};
      Meddling Between(Context, *Parents, Names, Aliases, Excepted, Before->getEndLoc(),
                       Call.Whole->getEndLoc(), IsReachable || IsElement);
      Between.TraverseStmt(const_cast<CompoundStmt *>(Scope));
      if (Between.Found)
        continue;
      Event &E = emit(EventKind::Destroy, path(Lock), Call.Whole->getSourceRange(),
                      Primitive | (Guard ? NoFlags : uint64_t(Raw)));
      // Told when it was made, or later, what to do with the lock, it need not own it.
      if (Guard && (MayBeDeferred || mentions(Scope, Guard)))
        E.Values = {Value::pointsTo({RootKind::Local, Unit.entity(Guard)})};
    }
  }
}
