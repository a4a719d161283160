// What branches say about single values, and code that runs once: tests for null or a constant,
// copies of what was tested, initialisers of statics, calls of functions that keep something.
#include "model/unit/Equality.h"
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/Builtins.h"

#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;
using namespace heddle;

const Expr *heddle::sameValue(const Expr *E) {
  for (const Expr *Before = nullptr; E && E != Before;) {
    Before = E;
    E = E->IgnoreParens();
    if (const auto *Full = dyn_cast<FullExpr>(E))
      E = Full->getSubExpr();
    else if (const auto *Bound = dyn_cast<CXXBindTemporaryExpr>(E))
      E = Bound->getSubExpr();
    else if (const auto *Made = dyn_cast<MaterializeTemporaryExpr>(E))
      E = Made->getSubExpr();
    else if (const auto *Cast = dyn_cast<CastExpr>(E); Cast &&
                                                       Cast->getCastKind() != CK_LValueToRValue &&
                                                       Cast->getCastKind() != CK_AtomicToNonAtomic)
      E = Cast->getSubExpr();
    else if (const auto *Call = dyn_cast<CallExpr>(E); Call && isBranchHint(Call))
      E = Call->getArg(0);
  }
  return E;
}

static bool isNull(const Expr *E, ASTContext &Context) {
  return E->isNullPointerConstant(Context, Expr::NPC_ValueDependentIsNotNull) != Expr::NPCK_NotNull;
}

std::optional<Value> heddle::constantOf(const Expr *E, ASTContext &Context) {
  if (E->isValueDependent())
    return std::nullopt;
  if (isNull(E, Context))
    return Value::constant(0);
  Expr::EvalResult Known;
  if (E->getType()->isIntegralOrEnumerationType() && E->EvaluateAsInt(Known, Context) &&
      Known.Val.getInt().isRepresentableByInt64())
    return Value::constant(Known.Val.getInt().getExtValue());
  return std::nullopt;
}

static bool isTestable(QualType Type) {
  return Type->isPointerType() || Type->isIntegralOrEnumerationType() || Type->isNullPtrType();
}

bool heddle::isBranchHint(const CallExpr *Call) {
  unsigned Builtin = Call->getBuiltinCallee();
  return Builtin == Builtin::BI__builtin_expect ||
         Builtin == Builtin::BI__builtin_expect_with_probability;
}

AccessPath FunctionLowering::readFrom(const Expr *E, uint64_t &Flags) {
  E = sameValue(E);
  if (!E)
    return {};
  if (const auto *Assign = dyn_cast<BinaryOperator>(E))
    return Assign->getOpcode() == BO_Assign ? readFrom(Assign->getRHS(), Flags) : AccessPath();
  if (const auto *Cast = dyn_cast<CastExpr>(E)) {
    const Expr *Memory = Cast->getSubExpr();
    if (Cast->getCastKind() == CK_AtomicToNonAtomic)
      return readFrom(Memory, Flags |= Atomic);
    if (Memory->getType()->isAtomicType())
      Flags |= Atomic;
    return path(Memory);
  }
  if (const auto *Operation = dyn_cast<AtomicExpr>(E)) {
    if (!llvm::StringRef(Operation->getOpAsString()).contains("load"))
      return {};
    Flags |= Atomic;
    Expr::EvalResult Order;
    if (Operation->getOrder()->EvaluateAsInt(Order, Context) && Order.Val.getInt() == 0)
      Flags |= Relaxed;
    return value(Operation->getPtr()).pointee();
  }
  if (E->isGLValue())
    return hasRole(E->getType(), TypeRole::SmartPointer) ? path(E) : AccessPath();
  if (!isa<CallExpr>(E))
    return {};
  CallSite Call = callSite(E);
  if (!Call.Callee)
    return {};
  for (const CallMeaning &M : Unit.vocabulary().call(Call.Callee)) {
    if (M.What == Effect::Pointee)
      return operandObject(Call, M.Object);
    if (M.What != Effect::AtomicLoad)
      continue;
    Flags |= Atomic;
    Expr::EvalResult Order;
    if (const Expr *Given = operandExpr(Call, M.Order); Given && !Given->isValueDependent() &&
                                                        Given->EvaluateAsInt(Order, Context) &&
                                                        Order.Val.getInt() == 0)
      Flags |= Relaxed;
    return operandObject(Call, M.Object);
  }
  if (Call.Object && isa<CXXConversionDecl>(Call.Callee) && !Call.ObjectIsPointer &&
      hasRole(Call.Object->getType(), TypeRole::SmartPointer))
    return path(Call.Object);
  bool IsFollowed = isProjectCode(Context, Call.Callee) || setsUpOrTearsDown(Call);
  return IsFollowed && isTestable(E->getType()) ? resultPath(Call) : AccessPath();
}

void FunctionLowering::copyInto(const AccessPath &Where, QualType Type, const Expr *From) {
  bool IsOwn = Where.root() == RootKind::Local || Where.root() == RootKind::Return;
  if (!From || !IsOwn || !Where.isRootOnly() || !isTestable(Type))
    return;
  uint64_t Flags = NoFlags;
  AccessPath Source = From->isGLValue() ? AccessPath() : readFrom(From, Flags);
  Value Held = Value::load(Source);
  if (!Source.isKnown() && !From->isGLValue())
    Held = constantOf(From, Context).value_or(Value());
  emit(EventKind::Copied, Where, From->getSourceRange(), Flags).Values = {std::move(Held)};
}

void FunctionLowering::noteConstant(Event &Write, const Expr *Written) {
  Write.Flags |= constantFlags(Written);
  if (std::optional<Value> Known = constantOf(Written, Context); Known && !Write.has(Atomic))
    Write.Values = {*Known};
}

uint64_t FunctionLowering::countingFlags(const BinaryOperator *Compound) {
  bool Adds = Compound->getOpcode() == BO_AddAssign;
  std::optional<Value> By = constantOf(Compound->getRHS(), Context);
  if ((!Adds && Compound->getOpcode() != BO_SubAssign) || !By || By->Number == 0)
    return NoFlags;
  return Adds == (By->Number > 0) ? Raises : Lowers;
}

uint64_t FunctionLowering::constantFlags(const Expr *Written) {
  std::optional<Value> Known = constantOf(Written, Context);
  if (!Known)
    return NoFlags;
  return Known->Number == 0 ? FixedValue | ZeroValue : FixedValue;
}

void FunctionLowering::addFound(const Expr *Condition, Block &B) {
  if (B.Successors.size() != 2 || Condition->isValueDependent())
    return;
  const Expr *E = Condition;
  bool IsEqual = false; // on the first edge
  std::optional<Value> Against = Value::constant(0);
  for (const Expr *Before = nullptr; E && E != Before;) {
    Before = E;
    E = sameValue(E);
    if (const auto *Unary = dyn_cast<UnaryOperator>(E); Unary && Unary->getOpcode() == UO_LNot) {
      IsEqual = !IsEqual;
      E = Unary->getSubExpr();
    }
  }
  if (const std::optional<Equality> Compared = equalityOf(E)) {
    // `!(x == k)` has been counted; what is left of the negations decides between the edges.
    bool Negated = IsEqual;
    Against = constantOf(Compared->Right, Context);
    E = Compared->Left;
    if (!Against) {
      Against = constantOf(Compared->Left, Context);
      E = Compared->Right;
    }
    IsEqual = Compared->IsSame != Negated;
  }
  if (!Against)
    return;
  Current = nullptr;
  uint64_t Flags = NoFlags;
  AccessPath Read = readFrom(E, Flags);
  bool IsParameter = Read.root() == RootKind::Parameter && Read.derefs() == 0;
  if (!Read.isKnown() ||
      (IsParameter && !(Read.isRootOnly() && Facts.Parameters[Read.rootId()].IsFixed)))
    return;
  for (unsigned Way = 0; Way < 2; ++Way) {
    Out = &B.Successors[Way].Events;
    bool EqualHere = IsEqual == (Way == 0);
    emit(EventKind::Found, Read, E->getSourceRange(), Flags | (EqualHere ? NoFlags : Differs))
        .Values = {*Against};
  }
}

void FunctionLowering::addFoundCase(const SwitchStmt *Switch, const Value &Case, uint64_t Flags) {
  uint64_t Ignored = NoFlags;
  AccessPath Read = readFrom(Switch->getCond(), Ignored);
  if (Read.root() == RootKind::Parameter && Read.isRootOnly() &&
      Facts.Parameters[Read.rootId()].IsFixed)
    emit(EventKind::Found, Read, Switch->getCond()->getSourceRange(), Flags).Values = {Case};
}

void FunctionLowering::describeComparison(const Expr *Condition, bool Holds, Event &Way) {
  const Expr *E = sameValue(Condition);
  for (; const auto *Unary = dyn_cast<UnaryOperator>(E); E = sameValue(Unary->getSubExpr())) {
    if (Unary->getOpcode() != UO_LNot)
      return;
    Holds = !Holds;
  }
  const auto *Compare = dyn_cast<BinaryOperator>(E);
  if (!Compare || !(Compare->isRelationalOp() || Compare->isEqualityOp()))
    return;
  BinaryOperatorKind Is = Compare->getOpcode();
  if (!Holds)
    Is = BinaryOperator::negateComparisonOp(Is);
  const Expr *Read = Compare->getLHS(), *With = Compare->getRHS();
  uint64_t Flags = NoFlags;
  AccessPath Object = readFrom(Read, Flags);
  auto IsOwn = [](const AccessPath &P) { return P.root() == RootKind::Local && P.isRootOnly(); };
  uint64_t OtherFlags = NoFlags;
  AccessPath Other = readFrom(With, OtherFlags);
  if (!Object.isKnown() || (IsOwn(Object) && Other.isKnown() && !IsOwn(Other))) {
    std::swap(Read, With);
    Object = Other;
    Flags = OtherFlags;
    Is = BinaryOperator::reverseComparisonOp(Is);
  }
  if (Is == BO_NE || !Object.isKnown() || (Flags & Atomic))
    return;
  Way.Path = Object;
  std::optional<Value> Number = constantOf(With, Context);
  if (Number && Is == BO_GT)
    ++Number->Number;
  if (Number && Is == BO_LT)
    --Number->Number;
  if (Is == BO_GT || Is == BO_GE)
    Way.Flags |= Raises;
  else if (Is != BO_EQ)
    Way.Flags |= Lowers;
  if (Number)
    Way.Values[0].Bound = {*Number};
}

void FunctionLowering::describeFixedParameters() {
  struct Finder : DynamicRecursiveASTVisitor {
    llvm::SmallPtrSet<const ValueDecl *, 8> Changed;
    void note(const Expr *E) {
      if (const auto *Reference = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts()))
        Changed.insert(Reference->getDecl());
    }
    bool VisitBinaryOperator(BinaryOperator *Assign) override {
      if (Assign->isAssignmentOp())
        note(Assign->getLHS());
      return true;
    }
    bool VisitUnaryOperator(UnaryOperator *Unary) override {
      if (Unary->isIncrementDecrementOp() || Unary->getOpcode() == UO_AddrOf)
        note(Unary->getSubExpr());
      return true;
    }
    bool VisitCallExpr(CallExpr *Call) override {
      // By reference, as far as that shows: what is read is converted first.
      for (const Expr *Argument : Call->arguments())
        if (Argument->isLValue())
          note(Argument);
      return true;
    }
    bool VisitCXXConstructExpr(CXXConstructExpr *Construct) override {
      for (const Expr *Argument : Construct->arguments())
        if (Argument->isLValue())
          note(Argument);
      return true;
    }
    bool VisitVarDecl(VarDecl *Variable) override {
      if (Variable->getType()->isReferenceType() && Variable->getInit())
        note(Variable->getInit());
      return true;
    }
    bool VisitLambdaExpr(LambdaExpr *Lambda) override {
      for (const LambdaCapture &Capture : Lambda->captures())
        if (Capture.capturesVariable() && Capture.getCaptureKind() == LCK_ByRef)
          Changed.insert(Capture.getCapturedVar());
      return true;
    }
  } Search;
  bool Any = llvm::any_of(Function->parameters(), [](const ParmVarDecl *Parameter) {
    return isTestable(Parameter->getType());
  });
  if (!Any)
    return;
  Search.TraverseStmt(Function->getBody());
  for (const ParmVarDecl *Parameter : Function->parameters())
    Facts.Parameters[ParameterSlots[Parameter]].IsFixed =
        isTestable(Parameter->getType()) && !Search.Changed.count(Parameter);
}

namespace {

/// Whether control may leave the statement otherwise than by its end.
bool jumpsOut(const Stmt *S) {
  if (!S || isa<LambdaExpr>(S))
    return false;
  if (isa<ReturnStmt, BreakStmt, ContinueStmt, GotoStmt, LabelStmt, CoreturnStmt, CoawaitExpr>(S))
    return true;
  return llvm::any_of(S->children(), jumpsOut);
}

} // namespace

void FunctionLowering::describeInitializers() {
  struct Finder : DynamicRecursiveASTVisitor {
    FunctionLowering &Lowering;
    explicit Finder(FunctionLowering &L) : Lowering(L) {}
    bool TraverseLambdaExpr(LambdaExpr *) override { return true; }
    bool VisitIfStmt(IfStmt *If) override {
      if (If->getElse() || If->getInit() || If->getConditionVariable() || If->isConstexpr() ||
          If->isConsteval() || jumpsOut(If->getThen()))
        return true;
      PlainIf Out;
      Out.Head = Lowering.Unit.editableRange({If->getBeginLoc(), If->getRParenLoc()});
      Out.Condition = Lowering.Unit.editableRange(If->getCond()->getSourceRange());
      Out.Body = Lowering.Unit.editableRange(If->getThen()->getSourceRange());
      Out.BodyIsBlock = isa<CompoundStmt>(If->getThen());
      if (!Out.BodyIsBlock)
        Out.Body = Lowering.Unit.withSemicolon(Out.Body);
      if (Out.Head.isValid() && Out.Condition.isValid() && Out.Body.isValid())
        Lowering.Facts.PlainIfs.push_back(Out);
      return true;
    }
    bool VisitAsmStmt(AsmStmt *) override { return Lowering.Facts.HasFence = true; }
  };
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Function))
    for (const FieldDecl *Field : Method->getParent()->fields())
      Facts.IsInLockOwner |= hasRole(Field->getType(), TypeRole::Mutex);
  bool HasTests = llvm::any_of(Facts.Blocks, [](const Block &B) {
    return llvm::any_of(B.Successors, [](const Edge &Way) {
      return llvm::any_of(Way.Events, [](const Event &E) { return E.Kind == EventKind::Found; });
    });
  });
  if (HasTests)
    Finder(*this).TraverseStmt(Function->getBody());
  for (const CFGBlock *B : *Graph)
    for (const CFGElement &Element : *B) {
      auto Statement = Element.getAs<CFGStmt>();
      const auto *Declaration = Statement ? dyn_cast<DeclStmt>(Statement->getStmt()) : nullptr;
      if (!Declaration)
        continue;
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D);
            Variable && Variable->isStaticLocal() && Variable->getInit() &&
            Variable->getTLSKind() == VarDecl::TLS_None)
          Facts.StaticInitializers.push_back(
              {Unit.entity(Variable), Unit.range(Variable->getInit()->getSourceRange())});
    }
}
