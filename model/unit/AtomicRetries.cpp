// Compare-and-swap: what becomes of its answer, whether it is tried again, and with which values.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/Lex/Lexer.h"

#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;
using namespace heddle;

namespace {

/// Uses of a variable in a piece of code.
struct VariableUses : DynamicRecursiveASTVisitor {
  const ValueDecl *Wanted = nullptr;
  const Stmt *Except = nullptr; ///< Not looked into.
  bool IsMentioned = false, IsChanged = false, IsReturned = false, IsInCall = false;
  std::vector<const BinaryOperator *> Assignments;
  std::vector<const BinaryOperator *> MemberAssignments; ///< `wanted->field = …`

  explicit VariableUses(const ValueDecl *Wanted, const Stmt *Except = nullptr)
      : Wanted(Wanted), Except(Except) {}
  static bool names(const Expr *E, const ValueDecl *Variable) {
    const auto *Named = E ? dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts()) : nullptr;
    return Named && Named->getDecl() == Variable;
  }
  bool TraverseStmt(Stmt *S) override {
    return S == Except || DynamicRecursiveASTVisitor::TraverseStmt(S);
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) override {
    IsMentioned |= E->getDecl() == Wanted;
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *E) override {
    if (!E->isAssignmentOp())
      return true;
    if (names(E->getLHS(), Wanted)) {
      IsChanged = true;
      Assignments.push_back(E);
    } else if (const auto *Member = dyn_cast<MemberExpr>(E->getLHS()->IgnoreParenImpCasts());
               Member && names(Member->getBase(), Wanted)) {
      MemberAssignments.push_back(E);
    }
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *E) override {
    if (E->isIncrementDecrementOp() || E->getOpcode() == UO_AddrOf)
      IsChanged |= names(E->getSubExpr(), Wanted);
    return true;
  }
  bool VisitReturnStmt(ReturnStmt *E) override {
    VariableUses Inner(Wanted);
    Inner.TraverseStmt(E->getRetValue());
    IsReturned |= Inner.IsMentioned;
    return true;
  }
  bool VisitCallExpr(CallExpr *E) override {
    for (Expr *Argument : E->arguments())
      if (Argument->isGLValue() ? names(Argument, Wanted) : false)
        IsChanged = true;
      else
        IsInCall |= names(Argument, Wanted);
    return true;
  }
  bool VisitLambdaExpr(LambdaExpr *E) override {
    for (const LambdaCapture &Capture : E->captures())
      IsChanged |= Capture.capturesVariable() && Capture.getCapturedVar() == Wanted &&
                   Capture.getCaptureKind() == LCK_ByRef;
    return true;
  }
};

/// Whether something is returned, thrown or jumped to in the branch: somebody else is told.
struct TellsCaller : DynamicRecursiveASTVisitor {
  bool Found = false;
  bool VisitReturnStmt(ReturnStmt *S) override { return !(Found |= S->getRetValue() != nullptr); }
  bool VisitCXXThrowExpr(CXXThrowExpr *) override { return !(Found = true); }
  bool TraverseLambdaExpr(LambdaExpr *) override { return true; }
};

struct CallsFunction : DynamicRecursiveASTVisitor {
  const FunctionDecl *Wanted = nullptr;
  bool Found = false;
  bool VisitCallExpr(CallExpr *E) override {
    const FunctionDecl *Callee = E->getDirectCallee();
    return !(Found |= Callee && Callee->getCanonicalDecl() == Wanted->getCanonicalDecl());
  }
};

} // namespace

AtomicOperation::Answer FunctionLowering::answerOf(const Expr *Swap) {
  CallsFunction Recursion;
  Recursion.Wanted = Function;
  Recursion.TraverseStmt(Function->getBody());
  if (Recursion.Found)
    return AtomicOperation::Followed;
  const Stmt *Inner = Swap;
  const Stmt *Parent = Parents->getParent(Inner);
  auto IsTransparent = [](const Stmt *S) {
    if (const auto *Binary = dyn_cast<BinaryOperator>(S))
      return Binary->isLogicalOp();
    if (const auto *Unary = dyn_cast<UnaryOperator>(S))
      return Unary->getOpcode() == UO_LNot;
    return isa<CastExpr>(S) || isa<ParenExpr>(S) || isa<FullExpr>(S);
  };
  while (Parent && IsTransparent(Parent)) {
    Inner = Parent;
    Parent = Parents->getParent(Inner);
  }
  if (const auto *If = dyn_cast_or_null<IfStmt>(Parent)) {
    if (If->getCond() != Inner)
      return Inner == Swap || isa<ExprWithCleanups>(Inner) ? AtomicOperation::Ignored
                                                           : AtomicOperation::Followed;
    TellsCaller Search;
    Search.TraverseStmt(const_cast<IfStmt *>(If));
    return Search.Found ? AtomicOperation::Followed : AtomicOperation::Final;
  }
  if (!Parent || isa<CompoundStmt>(Parent) || isa<CaseStmt>(Parent) || isa<LabelStmt>(Parent)) {
    const auto *Cast = dyn_cast<CastExpr>(Inner);
    bool IsDropped =
        Inner == Swap || isa<FullExpr>(Inner) || (Cast && Cast->getCastKind() == CK_ToVoid);
    return IsDropped ? AtomicOperation::Ignored : AtomicOperation::Followed;
  }
  const auto *Declaration = dyn_cast<DeclStmt>(Parent);
  const auto *Variable = Declaration && Declaration->isSingleDecl()
                             ? dyn_cast<VarDecl>(Declaration->getSingleDecl())
                             : nullptr;
  if (!Variable)
    return AtomicOperation::Followed;
  // A variable that only branches of this function look at.
  VariableUses Uses(Variable);
  Uses.TraverseStmt(Function->getBody());
  struct Branches : DynamicRecursiveASTVisitor {
    const ValueDecl *Wanted;
    unsigned Tests = 0, Mentions = 0;
    bool Tells = false;
    bool VisitDeclRefExpr(DeclRefExpr *E) override {
      Mentions += E->getDecl() == Wanted;
      return true;
    }
    bool VisitIfStmt(IfStmt *If) override {
      const Expr *Condition = If->getCond()->IgnoreParenImpCasts();
      if (const auto *Not = dyn_cast<UnaryOperator>(Condition); Not && Not->getOpcode() == UO_LNot)
        Condition = Not->getSubExpr();
      if (!VariableUses::names(Condition, Wanted))
        return true;
      ++Tests;
      TellsCaller Search;
      Search.TraverseStmt(If);
      Tells |= Search.Found;
      return true;
    }
  } Search;
  Search.Wanted = Variable;
  Search.TraverseStmt(Function->getBody());
  bool IsFinal = Search.Tests > 0 && Search.Tests == Search.Mentions && !Search.Tells;
  return IsFinal ? AtomicOperation::Final : AtomicOperation::Followed;
}

namespace {

const VarDecl *localWithInitializer(const Expr *E) {
  const auto *Named = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
  const auto *Variable = Named ? dyn_cast<VarDecl>(Named->getDecl()) : nullptr;
  return Variable && Variable->isLocalVarDecl() && Variable->getInit() ? Variable : nullptr;
}

/// The loop has no end of its own: it is left when the attempt succeeds, or never.
bool isEndless(const Stmt *Loop, const ASTContext &Context) {
  const auto *For = dyn_cast<ForStmt>(Loop);
  const auto *While = dyn_cast<WhileStmt>(Loop);
  bool IsTrue = false;
  return (For && !For->getCond()) ||
         (While && While->getCond()->EvaluateAsBooleanCondition(IsTrue, Context) && IsTrue);
}

} // namespace

void FunctionLowering::describeCopiedExpectation(const AtomicSite &Site, const VarDecl &Copy,
                                                 AtomicOperation &Op) {
  // for (;;) { T expected = old; if (x.compare_exchange_weak(expected, next)) break; … }
  const VarDecl *Old = localWithInitializer(Copy.getInit());
  const Stmt *Loop = Parents->getParent(Site.Whole);
  while (Loop && !isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(Loop))
    Loop = Parents->getParent(Loop);
  if (!Old || !Loop || !isEndless(Loop, Context) || Old->getType()->isReferenceType() ||
      Copy.getType()->isReferenceType())
    return;
  auto IsWithin = [&](const VarDecl &V) {
    return Context.getSourceManager().isPointWithin(V.getLocation(), Loop->getBeginLoc(),
                                                    Loop->getEndLoc());
  };
  VariableUses OfOld(Old), OfCopy(&Copy, Site.Whole);
  OfOld.TraverseStmt(const_cast<Stmt *>(Loop));
  OfCopy.TraverseStmt(const_cast<Stmt *>(Loop));
  if (!IsWithin(Copy) || IsWithin(*Old) || OfOld.IsChanged || OfCopy.IsChanged ||
      !findRead(Old->getInit(),
                [&](const Expr *, const AccessPath &Path) { return Path == Site.Path; }))
    return;
  Op.ExpectsStale = true;
  Op.Stale = Unit.range(Old->getSourceRange());
  Op.StaleName = Old->getNameAsString();
}

void FunctionLowering::describeRetries(const AtomicSite &Site, AtomicOperation &Op) {
  const auto *Builtin = dyn_cast<AtomicExpr>(Site.Whole);
  if (Site.Meaning && !Site.Meaning->StrongForm.empty()) {
    Op.IsWeak = true;
    Op.StrongForm = Site.Meaning->StrongForm;
    if (Site.Name.isValid())
      Op.WeakWritten = Unit.editableRange(Site.Name);
  } else if (Builtin && Builtin->getOp() == AtomicExpr::AO__c11_atomic_compare_exchange_weak) {
    Op.IsWeak = true;
    // The standard's macro or the builtin itself: either name says which of the two it is.
    const SourceManager &SM = Context.getSourceManager();
    SourceLocation Name = SM.getExpansionLoc(Builtin->getBuiltinLoc());
    llvm::StringRef Text =
        Lexer::getSourceText(CharSourceRange::getTokenRange(Name, Name), SM, Context.getLangOpts());
    if (size_t At = Text.find("weak"); At != llvm::StringRef::npos) {
      Op.StrongForm = (Text.take_front(At) + "strong" + Text.drop_front(At + 4)).str();
      Op.WeakWritten = Unit.editableRange(Name);
    }
  } else if (Builtin && (Builtin->getOp() == AtomicExpr::AO__atomic_compare_exchange ||
                         Builtin->getOp() == AtomicExpr::AO__atomic_compare_exchange_n)) {
    bool Weak = false;
    Op.IsWeak = Builtin->getWeak()->EvaluateAsBooleanCondition(Weak, Context) && Weak;
    Op.StrongForm = Unit.context().getLangOpts().CPlusPlus ? "false" : "0";
    Op.WeakWritten = Unit.editableRange(Builtin->getWeak()->getSourceRange());
  }
  if (Op.IsWeak)
    Op.Outcome = answerOf(Site.Whole);

  // The loop that tries again, if its condition is the attempt.
  const Stmt *Inner = Site.Whole;
  const Stmt *Parent = Parents->getParent(Inner);
  while (Parent && isa<Expr>(Parent)) {
    Inner = Parent;
    Parent = Parents->getParent(Inner);
  }
  const auto *While = dyn_cast_or_null<WhileStmt>(Parent);
  const auto *Do = dyn_cast_or_null<DoStmt>(Parent);
  bool IsCondition = (While && While->getCond() == Inner) || (Do && Do->getCond() == Inner);
  if (!Site.Expected || !Site.Desired)
    return;
  const Expr *Expected = Site.Expected->IgnoreParenImpCasts();
  if (const auto *Address = dyn_cast<UnaryOperator>(Expected);
      Address && Address->getOpcode() == UO_AddrOf)
    Expected = Address->getSubExpr()->IgnoreParenImpCasts();
  const VarDecl *Old = localWithInitializer(Expected);
  if (!Old)
    return;
  if (!IsCondition)
    return describeCopiedExpectation(Site, *Old, Op);
  Stmt *Loop = const_cast<Stmt *>(Parent);
  VariableUses OldInLoop(Old, Site.Whole);
  OldInLoop.TraverseStmt(Loop);
  if (OldInLoop.IsChanged || Old->getType()->isReferenceType())
    return;
  auto IsRead = [&](const Expr *, const AccessPath &Path) { return Path == Site.Path; };
  VariableUses OldInDesired(Old);
  OldInDesired.TraverseStmt(const_cast<Expr *>(Site.Desired));
  auto DeclaredInLoop = [&](const VarDecl *V) {
    return Context.getSourceManager().isPointWithin(V->getLocation(), Loop->getBeginLoc(),
                                                    Loop->getEndLoc());
  };
  if (DeclaredInLoop(Old))
    return;
  auto NoteStale = [&](const VarDecl *V, clang::SourceRange Where) {
    Op.Stale = Unit.range(Where);
    Op.StaleName = V->getNameAsString();
  };
  bool OldIsRead = Site.ExpectsValue && findRead(Old->getInit(), IsRead);
  if (Site.ExpectsValue && !OldIsRead) {
    // Builtins work on plain objects: the first look may be a plain read.
    struct PlainRead : DynamicRecursiveASTVisitor {
      FunctionLowering &Lowering;
      const AccessPath &Wanted;
      bool Found = false;
      PlainRead(FunctionLowering &L, const AccessPath &W) : Lowering(L), Wanted(W) {}
      bool VisitImplicitCastExpr(ImplicitCastExpr *E) override {
        return !(Found |= E->getCastKind() == CK_LValueToRValue && Wanted.isKnown() &&
                          Lowering.path(E->getSubExpr()) == Wanted);
      }
    } Search(*this, Site.Path);
    Search.TraverseStmt(const_cast<Expr *>(Old->getInit()));
    OldIsRead = Search.Found;
  }
  if (OldIsRead && OldInDesired.IsMentioned) {
    Op.ExpectsStale = true;
    NoteStale(Old, Old->getSourceRange());
    return;
  }
  // What is to be stored was computed before the loop, from the first look.
  const auto *NewNamed = dyn_cast<DeclRefExpr>(Site.Desired->IgnoreParenImpCasts());
  const auto *New = NewNamed ? dyn_cast<VarDecl>(NewNamed->getDecl()) : nullptr;
  if (!New || New == Old || !New->isLocalVarDeclOrParm() || DeclaredInLoop(New))
    return;
  VariableUses NewInLoop(New, Site.Whole);
  NewInLoop.TraverseStmt(Loop);
  if (NewInLoop.IsChanged || !NewInLoop.MemberAssignments.empty() || NewInLoop.IsInCall)
    return;
  VariableUses OldInNew(Old);
  if (New->getInit())
    OldInNew.TraverseStmt(const_cast<Expr *>(New->getInit()));
  bool IsDerived = OldInNew.IsMentioned || (New->getInit() && findRead(New->getInit(), IsRead));
  VariableUses NewAnywhere(New);
  NewAnywhere.TraverseStmt(Function->getBody());
  if (New->getType()->isPointerType()) {
    // A node whose link was set to the first head it saw.
    for (const BinaryOperator *Link : NewAnywhere.MemberAssignments)
      if (VariableUses::names(Link->getRHS(), Old) &&
          (OldIsRead || findRead(Old->getInit(), IsRead)))
        NoteStale(New, Link->getSourceRange());
    return;
  }
  if (IsDerived && NewAnywhere.Assignments.empty() &&
      (OldIsRead || findRead(Old->getInit(), IsRead)))
    NoteStale(New, New->getSourceRange());
}

void FunctionLowering::describeAtomics() {
  bool HasFence = false;
  for (const Block &B : Facts.Blocks)
    for (const Event &E : B.Events)
      HasFence |= E.Kind == EventKind::Fence;
  // A fence orders what stands around it; which, is not looked into.
  if (HasFence)
    for (Block &B : Facts.Blocks) {
      for (Event &E : B.Events)
        if (E.has(Atomic))
          E.Flags &= ~static_cast<uint64_t>(Relaxed);
      for (Edge &Way : B.Successors)
        for (Event &E : Way.Events)
          if (E.has(Atomic))
            E.Flags &= ~static_cast<uint64_t>(Relaxed);
    }
  for (size_t I = 0; I < Facts.Atomics.size(); ++I) {
    if (Facts.Atomics[I].What == AtomicOperation::Load ||
        Facts.Atomics[I].What == AtomicOperation::Store)
      continue;
    llvm::SmallVector<const CFGBlock *, 8> Work{AtomicBlocks[I]};
    llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
    while (!Work.empty() && !Facts.Atomics[I].IsRepeated)
      for (const CFGBlock::AdjacentBlock &Next : Work.pop_back_val()->succs()) {
        const CFGBlock *To = Next.getReachableBlock();
        if (To == AtomicBlocks[I])
          Facts.Atomics[I].IsRepeated = true;
        else if (To && Seen.insert(To).second)
          Work.push_back(To);
      }
  }
}
