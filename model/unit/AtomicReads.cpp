// What is computed from atomic and volatile reads: stores that undo what others stored meanwhile,
// and branches that pass on what was read.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace heddle;

AccessPath FunctionLowering::readObject(const Expr *E, uint64_t &Flags) {
  if (const auto *Cast = dyn_cast<ImplicitCastExpr>(E)) {
    QualType Type = Cast->getSubExpr()->getType();
    if (Cast->getCastKind() != CK_LValueToRValue ||
        !(Type->isAtomicType() || Type.isVolatileQualified()))
      return {};
    Flags = Volatile;
    if (Type->isAtomicType())
      Flags = Atomic;
    return path(Cast->getSubExpr());
  }
  auto Ordered = [&](const Expr *Order) {
    return orderArgument(Order).Order == MemoryOrder::Relaxed ? Atomic | Relaxed : Atomic;
  };
  if (const auto *Builtin = dyn_cast<AtomicExpr>(E)) {
    llvm::StringRef Name = Builtin->getOpAsString();
    if (Name.contains("store") || Name.contains("clear") || Name.contains("init"))
      return {};
    Flags = Ordered(Builtin->getOrder()) | (Name.contains("load") ? 0 : Claimed);
    return value(Builtin->getPtr()).pointee();
  }
  if (!isa<CallExpr>(E) || isa<UserDefinedLiteral>(E) || !cast<CallExpr>(E)->getDirectCallee())
    return {};
  for (const CallMeaning &M : Unit.vocabulary().call(cast<CallExpr>(E)->getDirectCallee())) {
    bool IsLoad = M.What == Effect::AtomicLoad;
    CallSite Call = callSite(E);
    if ((!IsLoad && M.What != Effect::AtomicUpdate) || !M.Object ||
        !M.appliesTo(Call.Arguments.size()))
      continue;
    Flags = Ordered(operandExpr(Call, M.Order)) | (IsLoad ? 0 : Claimed);
    return atomicObject(Call, M);
  }
  return {};
}

const Expr *
FunctionLowering::findRead(const Expr *In,
                           llvm::function_ref<bool(const Expr *, const AccessPath &)> Accepts,
                           bool ThroughLocals) {
  struct Finder : DynamicRecursiveASTVisitor {
    FunctionLowering &Lowering;
    llvm::function_ref<bool(const Expr *, const AccessPath &)> Accepts;
    bool ThroughLocals;
    const Expr *Found = nullptr;
    Finder(FunctionLowering &L, decltype(Accepts) A, bool T)
        : Lowering(L), Accepts(A), ThroughLocals(T) {
      ShouldVisitImplicitCode = true;
    }
    bool TraverseLambdaExpr(LambdaExpr *) override { return true; }
    bool VisitExpr(Expr *E) override {
      if (const auto *Named = dyn_cast<DeclRefExpr>(E); Named && ThroughLocals) {
        const auto *Variable = dyn_cast<VarDecl>(Named->getDecl());
        if (Variable && Variable->isLocalVarDecl() && Variable->getInit() &&
            !Variable->hasGlobalStorage() && !Variable->getType()->isReferenceType())
          Found = Lowering.findRead(Variable->getInit(), Accepts);
        return !Found;
      }
      if (!isa<CallExpr>(E) && !isa<ImplicitCastExpr>(E) && !isa<AtomicExpr>(E))
        return true;
      uint64_t Flags = 0;
      AccessPath Path = Lowering.readObject(E, Flags);
      if (Path.isKnown() && Accepts(E, Path))
        Found = E;
      return !Found;
    }
  } Search(*this, Accepts, ThroughLocals);
  Search.TraverseStmt(const_cast<Expr *>(In));
  return Search.Found;
}

namespace {

const Stmt *lastOf(const Stmt *S) {
  const auto *Compound = dyn_cast_or_null<CompoundStmt>(S);
  return Compound ? Compound->body_empty() ? nullptr : Compound->body_back() : S;
}

/// Whether the code does anything but the given store.
struct Effects : DynamicRecursiveASTVisitor {
  const Expr *Except;
  VocabularyLookup &Words;
  bool Found = false;
  Effects(const Expr *Except, VocabularyLookup &Words) : Except(Except), Words(Words) {}
  bool TraverseStmt(Stmt *S) override {
    return S == Except || DynamicRecursiveASTVisitor::TraverseStmt(S);
  }
  bool VisitCallExpr(CallExpr *E) override {
    const FunctionDecl *Callee = E->getDirectCallee();
    for (const CallMeaning &M : Callee ? Words.call(Callee) : llvm::ArrayRef<CallMeaning>())
      if (M.What == Effect::AtomicLoad || M.What == Effect::AtomicStore)
        return true;
    return !(Found = true);
  }
  bool VisitBinaryOperator(BinaryOperator *E) override { return !(Found |= E->isAssignmentOp()); }
  bool VisitUnaryOperator(UnaryOperator *E) override {
    return !(Found |= E->isIncrementDecrementOp());
  }
  bool VisitReturnStmt(ReturnStmt *E) override { return !(Found |= E->getRetValue() != nullptr); }
};

/// Whether the code changes something that outlives it, makes an object, or may.
struct Changes : DynamicRecursiveASTVisitor {
  VocabularyLookup &Words;
  bool Found = false, InCallee = false;
  explicit Changes(VocabularyLookup &Words) : Words(Words) {}
  bool VisitCXXNewExpr(CXXNewExpr *) override { return !(Found = true); }
  bool VisitLambdaExpr(LambdaExpr *) override { return !(Found = true); }
  bool VisitUnaryOperator(UnaryOperator *E) override {
    return !(Found |= E->isIncrementDecrementOp() && !isOwn(E->getSubExpr()));
  }
  bool VisitBinaryOperator(BinaryOperator *E) override {
    return !(Found |= E->isAssignmentOp() && !isOwn(E->getLHS()));
  }
  bool VisitAtomicExpr(AtomicExpr *E) override {
    return !(Found |= !llvm::StringRef(E->getOpAsString()).contains("load"));
  }
  bool VisitCallExpr(CallExpr *E) override {
    const FunctionDecl *Callee = E->getDirectCallee();
    for (const CallMeaning &M : Callee ? Words.call(Callee) : llvm::ArrayRef<CallMeaning>())
      Found |= M.What == Effect::AtomicUpdate || M.What == Effect::AtomicStore ||
               M.What == Effect::Allocate;
    if (Callee && !Found && !InCallee && Callee->getBody()) {
      InCallee = true;
      TraverseStmt(Callee->getBody());
      InCallee = false;
    }
    return !Found;
  }

private:
  static bool isOwn(const Expr *E) {
    const auto *Reference = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
    const auto *Variable = Reference ? dyn_cast<VarDecl>(Reference->getDecl()) : nullptr;
    return Variable && Variable->hasLocalStorage() && !Variable->getType()->isReferenceType();
  }
};

/// The expressions that stand before a statement in its own block.
std::vector<const Expr *> expressionsBefore(const Stmt *Inner, ParentMap &Parents) {
  while (Inner && !isa_and_nonnull<CompoundStmt>(Parents.getParent(Inner)))
    Inner = Parents.getParent(Inner);
  std::vector<const Expr *> Result;
  if (!Inner)
    return Result;
  for (const Stmt *Each : cast<CompoundStmt>(Parents.getParent(Inner))->body()) {
    if (Each == Inner)
      break;
    if (const auto *Whole = dyn_cast<Expr>(Each))
      Result.push_back(sameValue(Whole));
  }
  return Result;
}

/// What the local that is stored has been set from, right before, in the same block; null if the
/// value stored is something else.
const Expr *setBefore(const Expr *Stored, const Stmt *Store, ParentMap &Parents) {
  const auto *Reference = dyn_cast<DeclRefExpr>(Stored->IgnoreParenImpCasts());
  if (!Reference)
    return nullptr;
  const Expr *From = nullptr;
  for (const Expr *Each : expressionsBefore(Store, Parents)) {
    const auto *Set = dyn_cast<BinaryOperator>(Each);
    const auto *Left =
        Set && Set->getOpcode() == BO_Assign ? dyn_cast<DeclRefExpr>(Set->getLHS()) : nullptr;
    if (Left && Left->getDecl() == Reference->getDecl())
      From = Set->getRHS();
  }
  return From;
}

/// What is stored into a member of the object whose address is stored itself then, as where it goes
/// into a list: `n->next = head; head = n;`
std::vector<const Expr *> linksBefore(const Expr *Stored, const Stmt *Store, ParentMap &Parents) {
  std::vector<const Expr *> Result;
  const auto *Reference = dyn_cast<DeclRefExpr>(Stored->IgnoreParenImpCasts());
  if (!Reference || !Reference->getType()->isPointerType())
    return Result;
  auto IsMember = [&](const Expr *E) {
    const auto *Member = dyn_cast<MemberExpr>(E->IgnoreParenImpCasts());
    const auto *Object =
        Member ? dyn_cast<DeclRefExpr>(Member->getBase()->IgnoreParenImpCasts()) : nullptr;
    return Object && Object->getDecl() == Reference->getDecl();
  };
  for (const Expr *Each : expressionsBefore(Store, Parents)) {
    if (const auto *Set = dyn_cast<BinaryOperator>(Each)) {
      if (Set->getOpcode() == BO_Assign && IsMember(Set->getLHS()))
        Result.push_back(Set->getRHS());
    } else if (const auto *Call = dyn_cast<CallExpr>(Each)) {
      const auto *Method = dyn_cast<CXXMemberCallExpr>(Call);
      const Expr *Object = Method                           ? Method->getImplicitObjectArgument()
                           : isa<CXXOperatorCallExpr>(Call) ? Call->getArg(0)
                                                            : nullptr;
      if (Object && IsMember(Object) && Call->getNumArgs() > 0)
        Result.push_back(Call->getArg(Method ? 0 : Call->getNumArgs() - 1));
    }
  }
  return Result;
}

/// Whether the condition finds that the value is still the one it began with, and what is stored
/// then is worked out from other things: the same, whoever does so.
bool fillsCache(const Expr *Condition, const Expr *From, ASTContext &Context,
                VocabularyLookup &Words) {
  const Expr *E = sameValue(Condition);
  const auto *Not = dyn_cast<UnaryOperator>(E);
  const auto *Compare = dyn_cast<BinaryOperator>(E);
  bool FindsFirst =
      (Not && Not->getOpcode() == UO_LNot) ||
      (Compare && Compare->getOpcode() == BO_EQ &&
       (constantOf(Compare->getRHS(), Context) || constantOf(Compare->getLHS(), Context)));
  if (!FindsFirst || constantOf(From, Context))
    return false;
  Changes Search(Words);
  Search.TraverseStmt(const_cast<Expr *>(From));
  return !Search.Found;
}

} // namespace

void FunctionLowering::describeSplit(const AtomicSite &Site, AtomicOperation &Op) {
  const AccessPath &Path = Site.Path;
  bool IsOwn = (Path.root() == RootKind::Local || Path.root() == RootKind::Parameter ||
                Path.root() == RootKind::Temporary) &&
               Path.isRootOnly() && !Path.derefs() && Path.root() != RootKind::Local;
  if (!Site.Desired || !Path.isKnown() || !Path.isPrecise() || IsOwn)
    return;
  auto IsSame = [&](const Expr *E, const AccessPath &Read) {
    uint64_t Flags = 0;
    readObject(E, Flags);
    return Read == Path && (Flags & Atomic) && !(Flags & Claimed);
  };
  auto Note = [&](AtomicOperation::Split Shape, const Expr *Read) {
    Op.Shape = Shape;
    Op.BasedOn = Unit.range(Read->getSourceRange());
  };
  if (const Expr *Read = findRead(Site.Desired, IsSame)) {
    Note(AtomicOperation::SelfUpdate, Read);
    rewriteSelfUpdate(Site, Op);
    return;
  }
  const Expr *Set = setBefore(Site.Desired, Site.Whole, *Parents);
  const Expr *Made = Set ? Set : Site.Desired;
  if (const Expr *Read = findRead(Made, IsSame, /*ThroughLocals=*/true)) {
    Note(AtomicOperation::ThroughLocal, Read);
    return;
  }
  for (const Expr *Link : linksBefore(Site.Desired, Site.Whole, *Parents))
    if (const Expr *Read = findRead(Link, IsSame, /*ThroughLocals=*/true)) {
      Note(AtomicOperation::ThroughMember, Read);
      return;
    }
  Expr::EvalResult Number;
  bool IsConstant = Site.Desired->EvaluateAsInt(Number, Context);
  auto DoesMore = [&](const Stmt *S) {
    Effects Search(Site.Whole, Unit.vocabulary());
    Search.TraverseStmt(const_cast<Stmt *>(S));
    return Search.Found;
  };
  const Stmt *Inner = Site.Whole;
  for (const Stmt *Parent = Parents->getParent(Inner); Parent;
       Inner = Parent, Parent = Parents->getParent(Parent)) {
    if (isa<LambdaExpr>(Parent))
      return;
    if (const auto *If = dyn_cast<IfStmt>(Parent); If && Inner == If->getThen()) {
      const Expr *Read = findRead(If->getCond(), IsSame, /*ThroughLocals=*/true);
      if (!Read)
        continue;
      if ((IsConstant && !DoesMore(If->getThen())) ||
          fillsCache(If->getCond(), Made, Context, Unit.vocabulary()))
        return;
      Note(AtomicOperation::CheckThenSet, Read);
      rewriteCheckThenSet(Site, If, Op);
      return;
    }
    const auto *Compound = dyn_cast<CompoundStmt>(Parent);
    if (!Compound)
      continue;
    // `if (x) return; x = 1; …` and `while (x); x = 1; …`
    const Stmt *Before = nullptr;
    for (const Stmt *Each : Compound->body()) {
      if (Each == Inner)
        break;
      Before = Each;
    }
    const auto *If = dyn_cast_or_null<IfStmt>(Before);
    const auto *While = dyn_cast_or_null<WhileStmt>(Before);
    bool Leaves = If && !If->getElse() && isa_and_nonnull<ReturnStmt>(lastOf(If->getThen()));
    const Expr *Condition = Leaves ? If->getCond() : While ? While->getCond() : nullptr;
    const Expr *Read = Condition ? findRead(Condition, IsSame, /*ThroughLocals=*/true) : nullptr;
    if (!Read)
      continue;
    bool More = !IsConstant;
    bool Behind = false;
    for (const Stmt *Each : Compound->body()) {
      More |= Behind && DoesMore(Each);
      Behind |= Each == Before;
    }
    if (More)
      Note(AtomicOperation::CheckThenSet, Read);
    return;
  }
}

void FunctionLowering::rewriteSelfUpdate(const AtomicSite &Site, AtomicOperation &Op) {
  const Expr *Desired = Site.Desired->IgnoreParenImpCasts();
  const auto *Binary = dyn_cast<BinaryOperator>(Desired);
  if (!Binary || !Site.Object ||
      !(Site.Desired->getType()->isIntegerType() || Site.Desired->getType()->isPointerType()))
    return;
  auto IsIt = [&](const Expr *E) {
    uint64_t Flags = 0;
    const Expr *Read =
        findRead(E, [&](const Expr *, const AccessPath &P) { return P == Site.Path; });
    if (!Read)
      return false;
    readObject(Read, Flags);
    // The read and nothing around it but conversions.
    const Expr *Plain = E->IgnoreParens();
    while (Plain != Read) {
      const auto *Cast = dyn_cast<ImplicitCastExpr>(Plain);
      if (!Cast)
        return false;
      Plain = Cast->getSubExpr()->IgnoreParens();
    }
    return true;
  };
  BinaryOperatorKind Operator = Binary->getOpcode();
  bool Commutes =
      Operator == BO_Add || Operator == BO_And || Operator == BO_Or || Operator == BO_Xor;
  if (!Commutes && Operator != BO_Sub)
    return;
  const Expr *Operand = IsIt(Binary->getLHS())               ? Binary->getRHS()
                        : Commutes && IsIt(Binary->getRHS()) ? Binary->getLHS()
                                                             : nullptr;
  if (!Operand ||
      findRead(Operand, [&](const Expr *, const AccessPath &P) { return P == Site.Path; }))
    return;
  std::string Text = writtenText(Operand);
  if (Text.empty())
    return;
  static constexpr std::pair<BinaryOperatorKind, const char *> Names[] = {
      {BO_Add, "add"}, {BO_Sub, "sub"}, {BO_And, "and"}, {BO_Or, "or"}, {BO_Xor, "xor"}};
  std::string Name;
  for (auto [Kind, Word] : Names)
    if (Kind == Operator)
      Name = Word;
  clang::SourceRange Value = Site.Desired->getSourceRange();
  if (Site.Name.isValid()) {
    if (!Site.Meaning || Site.Meaning->UpdateForm.empty())
      return;
    Op.RewriteName = Site.Meaning->UpdateForm + Name;
    Op.Rewrite = {{Unit.editableRange(Site.Name), Op.RewriteName},
                  {Unit.editableRange(Value), Text}};
  } else {
    SourceLocation Place;
    if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(Site.Whole))
      Place = Call->getOperatorLoc();
    else if (const auto *Assignment = dyn_cast<BinaryOperator>(Site.Whole))
      Place = Assignment->getOperatorLoc();
    Op.RewriteName = std::string(BinaryOperator::getOpcodeStr(Operator)) + "=";
    Op.Rewrite = {{Unit.editableRange(Place), Op.RewriteName}, {Unit.editableRange(Value), Text}};
  }
  for (const auto &[Where, NewText] : Op.Rewrite)
    if (!Where.isValid()) {
      Op.Rewrite.clear();
      return;
    }
}

void FunctionLowering::rewriteCheckThenSet(const AtomicSite &Site, const IfStmt *Check,
                                           AtomicOperation &Op) {
  // if (!flag) { flag = true; … }  becomes  if (!flag.exchange(true)) { … }
  const auto *Then = dyn_cast<CompoundStmt>(Check->getThen());
  bool Value = false;
  if (!Then || Then->body_empty() || !Site.Object || !Site.Meaning ||
      Site.Meaning->ExchangeForm.empty() || Check->getElse() || Check->getInit() ||
      !Site.Desired->getType()->isBooleanType() ||
      !Site.Desired->EvaluateAsBooleanCondition(Value, Context))
    return;
  const auto *First = dyn_cast<Expr>(Then->body_front());
  if (!First || First->IgnoreImplicit() != Site.Whole->IgnoreImplicit())
    return;
  const Expr *Condition = Check->getCond()->IgnoreParenImpCasts();
  bool Negated = false;
  if (const auto *Not = dyn_cast<UnaryOperator>(Condition); Not && Not->getOpcode() == UO_LNot) {
    Negated = true;
    Condition = Not->getSubExpr()->IgnoreParenImpCasts();
  }
  uint64_t Flags = 0;
  if (Negated != Value || !(readObject(Condition, Flags) == Site.Path))
    return;
  std::string Object = writtenText(Site.Object), New = writtenText(Site.Desired);
  heddle::SourceRange Removed =
      Unit.wholeLines(Unit.withSemicolon(Unit.editableRange(First->getSourceRange())));
  heddle::SourceRange Replaced = Unit.editableRange(Check->getCond()->getSourceRange());
  if (isa<CXXThisExpr>(Site.Object->IgnoreImpCasts()) || Object.empty() || New.empty() ||
      !Removed.isValid() || !Replaced.isValid())
    return;
  Op.RewriteName = Site.Meaning->ExchangeForm;
  Op.Rewrite = {{Replaced, (Negated ? "!" : "") + Object + (Site.ObjectIsPointer ? "->" : ".") +
                               Op.RewriteName + "(" + New + ")"},
                {Removed, ""}};
}

bool FunctionLowering::decidesLoop(const Expr *Condition) {
  const Stmt *Inner = Condition;
  const Stmt *Parent = Parents->getParent(Inner);
  while (Parent && isa<Expr>(Parent)) {
    Inner = Parent;
    Parent = Parents->getParent(Inner);
  }
  if (isa_and_nonnull<WhileStmt>(Parent) || isa_and_nonnull<ForStmt>(Parent) ||
      isa_and_nonnull<DoStmt>(Parent))
    return true;
  const auto *If = dyn_cast_or_null<IfStmt>(Parent);
  if (!If || !(isa_and_nonnull<BreakStmt>(lastOf(If->getThen())) ||
               isa_and_nonnull<ReturnStmt>(lastOf(If->getThen()))))
    return false;
  for (const Stmt *Around = Parents->getParent(If); Around; Around = Parents->getParent(Around))
    if (isa<WhileStmt>(Around) || isa<ForStmt>(Around) || isa<DoStmt>(Around))
      return true;
  return false;
}

void FunctionLowering::lowerPassedValues(const Expr *Condition, Block &Result) {
  if (Result.Successors.size() != 2)
    return;
  bool Polls = decidesLoop(Condition);
  uint64_t Flags = 0;
  auto Concerns = [&](const Expr *E, const AccessPath &) {
    Flags = 0;
    readObject(E, Flags);
    return (Flags & Atomic) || Polls;
  };
  const Expr *Read = findRead(Condition, Concerns, /*ThroughLocals=*/true);
  if (!Read)
    return;
  AccessPath Object = readObject(Read, Flags);
  if (Polls) {
    heddle::SourceRange Where = Unit.range(Read->getSourceRange());
    for (Block &B : Facts.Blocks)
      for (Event &E : B.Events)
        if (E.Kind == EventKind::Read && E.Where == Where)
          E.Flags |= Polled;
  }
  // `x`, `!x`, `x == 2`: the value is known on one way, and known not to be on the other.
  const Expr *E = Condition;
  int64_t Number = 0;
  bool OnTrue = false; // whether the value is Number where the condition holds
  while (E) {
    const Expr *Before = E;
    E = E->IgnoreParens();
    if (const auto *Full = dyn_cast<FullExpr>(E))
      E = Full->getSubExpr();
    if (const auto *Not = dyn_cast<UnaryOperator>(E); Not && Not->getOpcode() == UO_LNot) {
      OnTrue = !OnTrue;
      E = Not->getSubExpr();
    }
    Expr::EvalResult Right;
    if (const auto *Compare = dyn_cast<BinaryOperator>(E);
        Compare && Compare->isEqualityOp() && Compare->getRHS()->EvaluateAsInt(Right, Context) &&
        Right.Val.getInt().isRepresentableByInt64()) {
      Number = Right.Val.getInt().getExtValue();
      OnTrue = OnTrue != (Compare->getOpcode() == BO_EQ);
      E = Compare->getLHS();
      continue;
    }
    if (E == Read)
      break;
    if (const auto *Cast = dyn_cast<ImplicitCastExpr>(E))
      E = Cast->getSubExpr();
    if (const auto *Named = dyn_cast<DeclRefExpr>(E))
      if (const auto *Variable = dyn_cast<VarDecl>(Named->getDecl()))
        if (const Expr *Source = Settings.only(Variable))
          E = Source;
    if (E == Before)
      break;
  }
  bool IsKnown = E == Read && !(Flags & Claimed);
  Current = nullptr;
  for (unsigned Way = 0; Way < 2; ++Way) {
    Out = &Result.Successors[Way].Events;
    bool IsNumber = (Way == 0) == OnTrue;
    Event &Passed = emit(EventKind::Passed, Object, Read->getSourceRange(),
                         (Flags & (Atomic | Relaxed | Volatile)) |
                             (IsKnown && !IsNumber ? static_cast<uint64_t>(Differs) : 0));
    if (IsKnown)
      Passed.Values = {Value::constant(Number)};
  }
}
