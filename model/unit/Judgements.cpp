// What variables are set to and what branches say about values, for analyses that tell ways apart;
// and attempts to take locks, whose answers are such values.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DynamicRecursiveASTVisitor.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <functional>
#include <limits>

using namespace clang;
using namespace heddle;

namespace {

Relation relationOf(BinaryOperatorKind Opcode) {
  switch (Opcode) {
  case BO_EQ:
    return Relation::Equal;
  case BO_NE:
    return Relation::Differs;
  case BO_LT:
    return Relation::Less;
  case BO_LE:
    return Relation::LessEqual;
  case BO_GT:
    return Relation::Greater;
  default:
    return Relation::GreaterEqual;
  }
}

/// The same with the sides exchanged.
Relation mirrored(Relation How) {
  switch (How) {
  case Relation::Less:
    return Relation::Greater;
  case Relation::Greater:
    return Relation::Less;
  case Relation::LessEqual:
    return Relation::GreaterEqual;
  case Relation::GreaterEqual:
    return Relation::LessEqual;
  default:
    return How;
  }
}

bool isNumber(QualType Type) {
  return Type->isPointerType() || Type->isIntegralOrEnumerationType() || Type->isNullPtrType();
}

/// `c ? 1 : 0`, or the other way round: says of `c` whether it holds, and nothing more.
const ConditionalOperator *choiceOfTruth(const Expr *E, ASTContext &Context) {
  const auto *Choice = dyn_cast<ConditionalOperator>(E);
  if (!Choice)
    return nullptr;
  std::optional<Value> Yes = constantOf(Choice->getTrueExpr(), Context),
                       No = constantOf(Choice->getFalseExpr(), Context);
  return Yes && No && (Yes->Number == 0) != (No->Number == 0) ? Choice : nullptr;
}

/// Which of several expressions it yields, is decided on the way.
bool isChoice(const Expr *E) {
  const auto *Binary = dyn_cast<BinaryOperator>(E);
  return isa<ConditionalOperator>(E) || (Binary && Binary->isLogicalOp());
}

/// Yields one or zero, as the language has it.
bool isTruth(const Expr *E) {
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    return Unary->getOpcode() == UO_LNot;
  const auto *Binary = dyn_cast<BinaryOperator>(E);
  return Binary && (Binary->isComparisonOp() || Binary->isLogicalOp());
}

} // namespace

void FunctionLowering::judge(Judgement What, clang::SourceRange Where) {
  Event &E = emit(EventKind::Judged, {}, Where);
  E.Statement = InvalidId;
  E.Values = {Value::constant(static_cast<int64_t>(Facts.Judgements.size()))};
  Facts.Judgements.push_back(std::move(What));
}

Judgement FunctionLowering::relation(const Expr *Condition) {
  Judgement Result;
  Result.What = Judgement::Decided;
  Result.How = Relation::Differs;
  bool Negated = false, IsCompared = false;
  const Expr *E = Condition;
  for (const Expr *Before = nullptr; E && E != Before;) {
    Before = E;
    E = sameValue(E);
    if (const auto *Unary = dyn_cast<UnaryOperator>(E); Unary && Unary->getOpcode() == UO_LNot) {
      Negated = !Negated;
      E = Unary->getSubExpr();
      continue;
    }
    if (const ConditionalOperator *Choice = choiceOfTruth(E, Context)) {
      Negated ^= constantOf(Choice->getTrueExpr(), Context)->Number == 0;
      E = Choice->getCond();
      continue;
    }
    if (!isa<CXXMemberCallExpr>(E) && askedForContent(E, Negated)) {
      IsCompared = true;
      break;
    }
    const auto *Binary = dyn_cast<BinaryOperator>(E);
    if (Binary && Binary->getOpcode() == BO_Comma) {
      E = Binary->getRHS();
      continue;
    }
    if (!Binary || !Binary->isComparisonOp() || !isNumber(Binary->getLHS()->getType()))
      break;
    const Expr *Subject = Binary->getLHS();
    Relation How = relationOf(Binary->getOpcode());
    std::optional<Value> Against = constantOf(Binary->getRHS(), Context);
    if (!Against && (Against = constantOf(Subject, Context))) {
      Subject = Binary->getRHS();
      How = mirrored(How);
    }
    if (!Against) {
      Negated ^=
          How == Relation::Differs || How == Relation::GreaterEqual || How == Relation::LessEqual;
      break;
    }
    bool IsEquality = How == Relation::Equal || How == Relation::Differs;
    if (IsEquality && Against->Number == 0 && isTruth(sameValue(Subject))) {
      Negated ^= How == Relation::Equal;
      E = Subject;
      continue;
    }
    Result.How = How;
    Result.Against = Against->Number;
    E = sameValue(Subject);
    break;
  }
  if (Negated)
    Result.How = opposite(Result.How);
  if (!E)
    return Result;
  if (const auto *Assign = dyn_cast<BinaryOperator>(E); Assign && Assign->isAssignmentOp())
    Result.Subject = path(Assign->getLHS());
  else if (const auto *Cast = dyn_cast<CastExpr>(E);
           Cast && Cast->getCastKind() == CK_LValueToRValue && isNumber(E->getType()))
    Result.Subject = path(Cast->getSubExpr());
  else if (isa<CallExpr>(E) && !IsCompared)
    Result.Subject = resultPath(callSite(E));
  else if (isa<AtomicExpr>(E))
    Result.Subject = temporary(E);
  // Of elements it is the subscript that says which.
  if (isa<CastExpr>(E) && Result.Subject.isKnown() && !Result.Subject.isPrecise())
    Result.Subject = AccessPath();
  if (const auto *Binary = dyn_cast<BinaryOperator>(E))
    judgeArithmetic(*Binary, Result);
  if (!Result.Subject.isKnown() && relateWhole(E, Result))
    return Result;
  if (!Result.Subject.isKnown() && isChoice(E) && !isAllSteady(E))
    Result.Subject = temporary(E);
  if (!Result.Subject.isKnown() && (IsCompared || isSteady(E)))
    Result.Subject = conditionPath(E, Result.Reads);
  return Result;
}

void FunctionLowering::judgeArithmetic(const BinaryOperator &Operation, Judgement &Result) {
  bool IsEquality = Result.How == Relation::Equal || Result.How == Relation::Differs;
  const Expr *Number = sameValue(Operation.getLHS());
  std::optional<Value> Amount = constantOf(Operation.getRHS(), Context);
  if (!Amount && Operation.getOpcode() == BO_And) {
    Amount = constantOf(Operation.getLHS(), Context);
    Number = sameValue(Operation.getRHS());
  }
  const auto *Read = dyn_cast<CastExpr>(Number);
  if (!IsEquality || !Amount || !Read || Read->getCastKind() != CK_LValueToRValue ||
      !Number->getType()->isIntegralOrEnumerationType())
    return;
  AccessPath Subject = path(Read->getSubExpr());
  int64_t Moved = 0;
  switch (Operation.getOpcode()) {
  case BO_And:
    if (Amount->Number != 0) {
      Result.From = Subject;
      Result.Mask = Amount->Number;
    }
    return;
  case BO_Add:
    if (llvm::SubOverflow(Result.Against, Amount->Number, Moved))
      return;
    break;
  case BO_Sub:
    if (llvm::AddOverflow(Result.Against, Amount->Number, Moved))
      return;
    break;
  default:
    return;
  }
  Result.Subject = Subject;
  Result.Against = Moved;
}

void FunctionLowering::judgeChanged(const AccessPath &Where, QualType Type, const Expr *Operation) {
  if (!Where.isKnown() || !isNumber(Type))
    return;
  Judgement Change;
  Change.Subject = Where;
  std::optional<Value> Amount;
  if (const auto *Binary = dyn_cast<BinaryOperator>(Operation))
    Amount = constantOf(Binary->getRHS(), Context);
  const auto *Unary = dyn_cast<UnaryOperator>(Operation);
  int64_t By = 0;
  if (Unary) {
    By = Unary->isIncrementOp() ? 1 : -1;
  } else if (Amount) {
    BinaryOperatorKind Opcode = cast<BinaryOperator>(Operation)->getOpcode();
    if (Opcode == BO_OrAssign && Amount->Number != 0) {
      Change.Right = Judgement::WithBits;
      Change.Against = Amount->Number;
    }
    bool IsStep = Opcode == BO_AddAssign || Opcode == BO_SubAssign;
    if (IsStep && Amount->Number != std::numeric_limits<int64_t>::min())
      By = Opcode == BO_AddAssign ? Amount->Number : -Amount->Number;
  }
  // Below zero an unsigned number wraps.
  if (By > 0 || (By < 0 && Type->isSignedIntegerType())) {
    Change.Right = Judgement::Shifted;
    Change.Against = By;
  }
  judge(std::move(Change), Operation->getSourceRange());
}

bool FunctionLowering::isTaking(const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  return Callee && Call->getType()->isIntegerType() && !Call->getType()->isBooleanType() &&
         llvm::any_of(Unit.vocabulary().call(Callee),
                      [](const CallMeaning &M) { return M.What == Effect::Acquire; });
}

void FunctionLowering::judgeAssigned(const AccessPath &Where, QualType Type, const Expr *From) {
  if (!Where.isKnown() || !isNumber(Type))
    return;
  Judgement Set;
  Set.Subject = Where;
  clang::SourceRange Place = From ? From->getSourceRange() : clang::SourceRange();
  if (From && !From->isGLValue()) {
    const Expr *E = sameValue(From);
    while (const auto *Comma = dyn_cast<BinaryOperator>(E)) {
      if (Comma->getOpcode() != BO_Comma)
        break;
      E = sameValue(From = Comma->getRHS());
    }
    if (std::optional<Value> Known = constantOf(From, Context)) {
      Set.Right = Judgement::Constant;
      Set.Against = Known->Number;
    } else if (isa<CXXNewExpr>(E)) {
      Set.Right = Judgement::Address;
    } else if (const auto *Call = dyn_cast<CallExpr>(E); Call && isTaking(Call)) {
      Set.Right = Judgement::Constant; // otherwise the lock would not be held
    } else if (const auto *Unary = dyn_cast<UnaryOperator>(E);
               E->getType()->isArrayType() || (Unary && Unary->getOpcode() == UO_AddrOf)) {
      Set.Right = Judgement::Address;
    } else {
      Judgement Truth = relation(From);
      bool IsItself = !isTruth(E) && !From->getType()->isBooleanType() && Truth.Reads.empty();
      Set.From = Truth.Subject;
      Set.How = Truth.How;
      Set.Against = Truth.Against;
      Set.Reads = Truth.Reads;
      bool IsComputed = !Truth.Reads.empty() || Truth.Subject.root() == RootKind::Return;
      if (Set.From.isKnown() && (isTruth(E) || From->getType()->isBooleanType() || !IsComputed))
        Set.Right = IsItself ? Judgement::Copy : Judgement::Truth;
      // A flag that is copied: its truth is the value.
      if (Set.From.isKnown() && From->getType()->isBooleanType() && !isTruth(E) &&
          Truth.Reads.empty() && E->getType()->isBooleanType())
        Set.Right = Judgement::Copy;
      if (Set.Right == Judgement::Copy && Set.From == Set.Subject)
        return;
    }
  }
  judge(std::move(Set), Place);
}

void FunctionLowering::judgeHandedOut(const Expr *Variable) {
  const auto *Reference = dyn_cast<DeclRefExpr>(Variable->IgnoreParenImpCasts());
  if (!Reference || !isNumber(Reference->getType()))
    return;
  Judgement Lost;
  Lost.What = Judgement::Assigned;
  Lost.Subject = variablePath(Reference->getDecl());
  if (Lost.Subject.isKnown())
    judge(std::move(Lost), Variable->getSourceRange());
}

void FunctionLowering::judgeArguments(const CallSite &Call) {
  if (!Call.Callee)
    return;
  for (unsigned I = 0; I < Call.Arguments.size() && I < Call.Callee->getNumParams(); ++I) {
    QualType Type = Call.Callee->getParamDecl(I)->getType();
    if (Type->isReferenceType() && !Type->getPointeeType().isConstQualified())
      judgeHandedOut(Call.Arguments[I]);
  }
}

void FunctionLowering::judgeCaptures(const LambdaExpr *Lambda) {
  for (const LambdaCapture &Capture : Lambda->captures())
    if (Capture.capturesVariable() && Capture.getCaptureKind() == LCK_ByRef &&
        isNumber(Capture.getCapturedVar()->getType())) {
      Judgement Lost;
      Lost.What = Judgement::Captured;
      Lost.Subject = variablePath(Capture.getCapturedVar());
      if (Lost.Subject.isKnown())
        judge(std::move(Lost), Lambda->getSourceRange());
    }
}

/// Whether the condition is a conjunction or disjunction, negated or not.
static bool isLogical(const Expr *Condition) {
  const Expr *E = sameValue(Condition);
  while (const auto *Not = dyn_cast<UnaryOperator>(E)) {
    if (Not->getOpcode() != UO_LNot)
      return false;
    E = sameValue(Not->getSubExpr());
  }
  const auto *Both = dyn_cast<BinaryOperator>(E);
  return Both && Both->isLogicalOp();
}

void FunctionLowering::judgeBranch(const Expr *Condition, GraphPlace At, Block &Result) {
  if (Result.Successors.size() != 2 || Condition->isValueDependent() ||
      !(Condition->getType()->isScalarType() || Condition->getType()->isBooleanType()))
    return;
  Current = nullptr;
  // Where both sides have been joined again, they tell as much as the whole does; of a side that
  // was not evaluated nothing is known that this could contradict.
  std::function<void(const Expr *, bool)> JudgeParts = [&](const Expr *Part, bool Holds) {
    const Expr *E = sameValue(Part);
    if (const auto *Not = dyn_cast<UnaryOperator>(E); Not && Not->getOpcode() == UO_LNot)
      return JudgeParts(Not->getSubExpr(), !Holds);
    if (const auto *Both = dyn_cast<BinaryOperator>(E); Both && Both->isLogicalOp()) {
      if ((Both->getOpcode() == BO_LAnd) == Holds)
        JudgeParts(Both->getLHS(), Holds);
      return JudgeParts(Both->getRHS(), Holds);
    }
    Judgement Says = relation(E);
    if (!Says.Subject.isKnown())
      return;
    askWhetherFailed(E, At, Says);
    if (!Holds)
      Says.How = opposite(Says.How);
    judge(std::move(Says), E->getSourceRange());
  };
  if (isLogical(Condition)) {
    for (unsigned Way : {0u, 1u}) {
      Out = &Result.Successors[Way].Events;
      JudgeParts(Condition, Way == 0);
      Judgement Whole = relation(Condition);
      if (!Whole.Subject.isWholeCondition())
        continue;
      if (Way == 1)
        Whole.How = opposite(Whole.How);
      judge(std::move(Whole), Condition->getSourceRange());
    }
    return;
  }
  judgeWhole(Condition, Result);
  Judgement Says = relation(Condition);
  if (!Says.Subject.isKnown())
    return;
  askWhetherFailed(Condition, At, Says);
  std::vector<Judgement> All{Says};
  if (const Expr *Call = steadyCall(Condition);
      Call && Says.Subject.root() == RootKind::Temporary) {
    All.push_back(Says);
    All.back().Subject = conditionPath(Call, All.back().Reads);
  }
  for (unsigned Way : {0u, 1u}) {
    Out = &Result.Successors[Way].Events;
    for (Judgement Each : All) {
      if (Way == 1)
        Each.How = opposite(Each.How);
      judge(std::move(Each), Condition->getSourceRange());
    }
  }
}

void FunctionLowering::judgeCases(const CFGBlock &Source, Block &Result) {
  const auto *Switch = dyn_cast_or_null<SwitchStmt>(Source.getTerminatorStmt());
  if (!Switch || !Switch->getCond() || Switch->getCond()->isValueDependent())
    return;
  Current = nullptr;
  Judgement Says = relation(Switch->getCond());
  if (!Says.Subject.isKnown() || Says.How != Relation::Differs || Says.Against != 0)
    return;
  unsigned Way = 0;
  size_t Left = Source.succ_size();
  for (const CFGBlock::AdjacentBlock &Next : Source.succs()) {
    bool IsDefault = --Left == 0;
    const CFGBlock *To = Next.getReachableBlock();
    if (!To)
      continue;
    if (Way >= Result.Successors.size())
      return;
    Out = &Result.Successors[Way++].Events;
    if (IsDefault) {
      judgeDefault(Switch, Says);
      continue;
    }
    const auto *Case = dyn_cast_or_null<CaseStmt>(To->getLabel());
    if (!Case || Case->getRHS())
      continue;
    std::optional<Value> Against = constantOf(Case->getLHS(), Context);
    if (!Against)
      continue;
    Says.How = Relation::Equal;
    Says.Against = Against->Number;
    judge(Says, Case->getLHS()->getSourceRange());
    addFoundCase(Switch, *Against, NoFlags);
  }
}

void FunctionLowering::judgeDefault(const SwitchStmt *Switch, Judgement Says) {
  Says.How = Relation::Differs;
  for (const SwitchCase *Each = Switch->getSwitchCaseList(); Each; Each = Each->getNextSwitchCase())
    if (const auto *Case = dyn_cast<CaseStmt>(Each); Case && !Case->getRHS())
      if (std::optional<Value> Against = constantOf(Case->getLHS(), Context)) {
        Says.Against = Against->Number;
        judge(Says, Case->getLHS()->getSourceRange());
        addFoundCase(Switch, *Against, Differs);
      }
}

void FunctionLowering::dropIdleJudgements() {
  bool IsNeeded = llvm::any_of(Facts.Blocks, [](const Block &B) {
    return llvm::any_of(B.Events, [](const Event &E) {
      switch (E.Kind) {
      case EventKind::Acquire:
      case EventKind::Release:
      case EventKind::TryLock:
      case EventKind::GuardMake:
      case EventKind::GuardUnlock:
      case EventKind::Spawn:
      case EventKind::Call:
      case EventKind::CallValue:
        return true;
      default:
        return false;
      }
    });
  });
  bool IsKept = IsNeeded || Unit.Uses.Handlers;
  auto IsJudgement = [&](const Event &E) {
    return E.Kind == EventKind::Judged && (!IsKept || isIdle(Facts.Judgements[E.Values[0].Number]));
  };
  for (Block &B : Facts.Blocks) {
    llvm::erase_if(B.Events, IsJudgement);
    for (Edge &Way : B.Successors)
      llvm::erase_if(Way.Events, IsJudgement);
  }
  if (!IsKept)
    Facts.Judgements.clear();
}

bool FunctionLowering::isResultUnused(const Expr *Call) {
  const Stmt *Child = Call;
  const Stmt *Parent = Parents->getParent(const_cast<Expr *>(Call));
  while (
      isa_and_nonnull<ParenExpr, ExprWithCleanups, CXXBindTemporaryExpr, ImplicitCastExpr>(
          Parent) ||
      (isa_and_nonnull<CastExpr>(Parent) && cast<CastExpr>(Parent)->getCastKind() == CK_ToVoid)) {
    Child = Parent;
    Parent = Parents->getParent(Parent);
  }
  if (isa_and_nonnull<CompoundStmt, LabelStmt, SwitchCase>(Parent))
    return true;
  if (const auto *If = dyn_cast_or_null<IfStmt>(Parent))
    return Child == If->getThen() || Child == If->getElse();
  if (const auto *Binary = dyn_cast_or_null<BinaryOperator>(Parent))
    return Binary->getOpcode() == BO_Comma && Binary->getLHS() == Child;
  return false;
}

uint64_t FunctionLowering::lockFlags(QualType Type) {
  Type = Type.getNonReferenceType();
  if (const TypeMeaning *Meaning = meaning(Type); Meaning && Meaning->Role == TypeRole::Mutex)
    return (Meaning->Recursive ? uint64_t(Reentrant) : 0) |
           (Meaning->ChosenKind ? uint64_t(ChosenKind) : 0);
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record)
    return NoFlags;
  if (Record->hasAttr<ReentrantCapabilityAttr>())
    return Reentrant;
  // Of a lock that the project has made itself nobody says whether its owner may take it again.
  return isCapability(Type) ? 0 : uint64_t(ChosenKind);
}

uint64_t FunctionLowering::lockFlags(const CallSite &Call, Operand Lock) {
  const Expr *E = operandExpr(Call, Lock);
  if (!E)
    return NoFlags;
  bool IsPointer = Lock.What == Operand::Kind::Pointee ||
                   (Lock.What == Operand::Kind::This && Call.ObjectIsPointer);
  QualType Type = E->IgnoreParenImpCasts()->getType();
  if (IsPointer && Type->isPointerType())
    Type = Type->getPointeeType();
  return lockFlags(Type);
}

void FunctionLowering::lowerLockTry(const CallSite &Call, const CallMeaning &M) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  uint64_t Flags = (M.Shared ? Shared : NoFlags) | (M.SucceedsOnZero ? OnZero : NoFlags) |
                   (isResultUnused(Call.Whole) ? ResultUnused : NoFlags);
  lowerGuardSource(Call, M);
  Value Answer = Value::load(resultPath(Call));
  if (M.What == Effect::TryAcquire && M.Lock.What == Operand::Kind::From) {
    lowerTryTogether(Call, M.Lock.Index, Flags);
    return;
  }
  if (M.What == Effect::TryAcquire) {
    describeLockChoice(operandExpr(Call, M.Lock), Where);
    emit(EventKind::TryLock, operandObject(Call, M.Lock), Where, Flags | lockFlags(Call, M.Lock))
        .Values = {Answer};
    return;
  }
  emit(M.What == Effect::GuardOwns ? EventKind::GuardAsk : EventKind::GuardTry,
       operandObject(Call, M.Lock), Where, Flags)
      .Values = {Answer};
}

void FunctionLowering::lowerCleanup(const CFGCleanupFunction &Cleanup) {
  const VarDecl *Variable = Cleanup.getVarDecl();
  clang::SourceRange Where(body()->getEndLoc());
  AccessPath Object = variablePath(Variable);
  FunctionId Callee = Unit.function(Cleanup.getFunctionDecl());
  Event &E = emit(Callee == InvalidId ? EventKind::UnknownCall : EventKind::Call, {}, Where);
  E.Callee = Callee;
  if (Callee != InvalidId)
    E.Values.emplace_back();
  E.Values.push_back(Value::pointsTo(Object));
}
