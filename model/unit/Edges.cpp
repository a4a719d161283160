// What is known on the edges of branches and loops: locks that were taken, threads that do not
// exist, what a loop has done for every element.
#include "model/unit/FunctionLowering.h"
#include "model/unit/ThreadNames.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace heddle;

void FunctionLowering::lowerTryTogether(const CallSite &Call, unsigned First, uint64_t Flags) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  llvm::ArrayRef<const Expr *> Given = llvm::ArrayRef(Call.Arguments).drop_front(First);
  bool AreLocks = llvm::all_of(
      Given, [&](const Expr *Argument) { return hasRole(Argument->getType(), TypeRole::Mutex); });
  if (Given.empty() || !AreLocks) {
    // Which of those are held afterwards is not followed.
    for (const Expr *Argument : Given)
      emit(EventKind::TryLock, path(Argument), Where, Flags | ChosenKind);
    return;
  }
  for (const Expr *Argument : Given)
    Flags |= lockFlags(Argument->getType());
  Event &E = emit(EventKind::TryLock, path(Given[0]), Where, Flags | Together);
  E.Values.push_back(Value::load(resultPath(Call)));
  for (const Expr *Other : Given.drop_front())
    E.Values.push_back(Value::pointsTo(path(Other)));
}

void FunctionLowering::lowerTriedTogether(const Expr *Condition, Edge &WhenTrue, Edge &WhenFalse) {
  const auto *Compare = dyn_cast<BinaryOperator>(Condition->IgnoreParenImpCasts());
  const auto *Tries = Compare && Compare->isEqualityOp()
                          ? dyn_cast<CallExpr>(Compare->getLHS()->IgnoreParenImpCasts())
                          : nullptr;
  Expr::EvalResult Answer;
  if (!Tries || !Tries->getDirectCallee() || !Compare->getRHS()->EvaluateAsInt(Answer, Context) ||
      Answer.Val.getInt() != -1)
    return;
  CallSite Call = callSite(Tries);
  for (const CallMeaning &M : Unit.vocabulary().call(Call.Callee)) {
    if (M.What != Effect::TryAcquire || M.Lock.What != Operand::Kind::From)
      continue;
    Out = &(Compare->getOpcode() == BO_EQ ? WhenTrue : WhenFalse).Events;
    for (unsigned I = M.Lock.Index; I < Call.Arguments.size(); ++I)
      if (hasRole(Call.Arguments[I]->getType(), TypeRole::Mutex))
        emit(EventKind::Acquire, path(Call.Arguments[I]), Tries->getSourceRange(), Together);
  }
}

bool FunctionLowering::dependsOnOwnValue(const Expr *E) const {
  struct Finder : DynamicRecursiveASTVisitor {
    const FunctionLowering &Lowering;
    bool Found = false;
    unsigned Depth = 0;
    explicit Finder(const FunctionLowering &L) : Lowering(L) {}
    bool VisitDeclRefExpr(DeclRefExpr *Reference) override {
      const auto *Variable = dyn_cast<VarDecl>(Reference->getDecl());
      if (!Variable || Variable->getType()->isReferenceType() || Variable->hasGlobalStorage())
        return true;
      // What a pointer leads to may be everybody's; what was read from there into a local, or the
      // number in the pointer itself, is this thread's.
      if (Variable->getType()->isPointerType() && Depth == 0)
        return true;
      auto Captured = Lowering.CaptureSlots.find(Variable);
      bool IsCopy = Captured != Lowering.CaptureSlots.end() && !Captured->second.second;
      Found |= IsCopy || Lowering.ParameterSlots.count(Variable);
      if (!Found && Variable->getInit() && Depth < 4) {
        ++Depth;
        TraverseStmt(const_cast<Expr *>(Variable->getInit()));
        --Depth;
      }
      return !Found;
    }
  } Search(*this);
  Search.TraverseStmt(const_cast<Expr *>(E));
  return Search.Found;
}

bool FunctionLowering::claims(const Expr *E) const {
  struct Finder : DynamicRecursiveASTVisitor {
    const FunctionLowering &Lowering;
    bool Found = false;
    unsigned Depth = 0;
    explicit Finder(const FunctionLowering &L) : Lowering(L) {}
    bool VisitCallExpr(CallExpr *Call) override {
      if (const FunctionDecl *Callee = Call->getDirectCallee())
        for (const CallMeaning &M : Lowering.Unit.vocabulary().call(Callee))
          Found |= M.What == Effect::AtomicUpdate || M.What == Effect::SignalAndWait;
      return !Found;
    }
    bool VisitAtomicExpr(AtomicExpr *Operation) override {
      llvm::StringRef Name = Operation->getOpAsString();
      Found |= !Name.contains("load") && !Name.contains("store");
      return !Found;
    }
    bool VisitDeclRefExpr(DeclRefExpr *Reference) override {
      // An initialiser may name its own variable.
      if (const auto *Variable = dyn_cast<VarDecl>(Reference->getDecl()); Variable && Depth < 4)
        if (const Expr *Source = Lowering.Settings.only(Variable)) {
          ++Depth;
          TraverseStmt(const_cast<Expr *>(Source));
          --Depth;
        }
      return !Found;
    }
  } Search(*this);
  Search.TraverseStmt(const_cast<Expr *>(E));
  return Search.Found;
}

namespace {

/// The loop whose condition the expression is, or a part of.
const Stmt *loopDecidedBy(const ParentMap &Parents, const Expr *Condition) {
  const Stmt *Inner = Condition, *Parent = Parents.getParent(Inner);
  while (isa_and_nonnull<Expr>(Parent)) {
    Inner = Parent;
    Parent = Parents.getParent(Inner);
  }
  const Expr *Whole = nullptr;
  if (const auto *For = dyn_cast_or_null<ForStmt>(Parent))
    Whole = For->getCond();
  else if (const auto *While = dyn_cast_or_null<WhileStmt>(Parent))
    Whole = While->getCond();
  else if (const auto *Do = dyn_cast_or_null<DoStmt>(Parent))
    Whole = Do->getCond();
  return Whole && Whole == Inner ? Parent : nullptr;
}

/// Finds the variables that a loop moves on from where they are: by arithmetic, not to what is
/// read elsewhere.
struct StepFinder : DynamicRecursiveASTVisitor {
  llvm::SmallPtrSet<const ValueDecl *, 4> Moved;
  static const ValueDecl *named(const Expr *E) {
    const auto *Reference = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
    return Reference ? Reference->getDecl() : nullptr;
  }
  static bool isArithmetic(BinaryOperatorKind Kind) {
    return Kind == BO_Add || Kind == BO_Sub || Kind == BO_Mul || Kind == BO_Div || Kind == BO_Shl ||
           Kind == BO_Shr;
  }
  bool TraverseLambdaExpr(LambdaExpr *) override { return true; }
  bool VisitUnaryOperator(UnaryOperator *Unary) override {
    if (Unary->isIncrementDecrementOp())
      Moved.insert(named(Unary->getSubExpr()));
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *Binary) override {
    const ValueDecl *Target = Binary->isAssignmentOp() ? named(Binary->getLHS()) : nullptr;
    if (!Target)
      return true;
    if (Binary->isCompoundAssignmentOp()) {
      if (isArithmetic(BinaryOperator::getOpForCompoundAssignment(Binary->getOpcode())))
        Moved.insert(Target);
      return true;
    }
    const auto *New = dyn_cast<BinaryOperator>(Binary->getRHS()->IgnoreParenImpCasts());
    if (New && isArithmetic(New->getOpcode()) &&
        (named(New->getLHS()) == Target || named(New->getRHS()) == Target))
      Moved.insert(Target);
    return true;
  }
  bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr *Call) override {
    OverloadedOperatorKind Kind = Call->getOperator();
    if (Call->getNumArgs() > 0 && (Kind == OO_PlusPlus || Kind == OO_MinusMinus ||
                                   Kind == OO_PlusEqual || Kind == OO_MinusEqual))
      Moved.insert(named(Call->getArg(0)));
    return true;
  }
};

/// Whether one of the variables is what the expression computes with; not what it reads from
/// memory by it.
bool computesWith(const Expr *E, const llvm::SmallPtrSetImpl<const ValueDecl *> &Variables) {
  E = E->IgnoreParenCasts();
  if (const auto *Reference = dyn_cast<DeclRefExpr>(E))
    return Variables.contains(Reference->getDecl());
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    return (Unary->isArithmeticOp() || Unary->isIncrementDecrementOp() ||
            Unary->getOpcode() == UO_LNot) &&
           computesWith(Unary->getSubExpr(), Variables);
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E))
    return (Operator->isComparisonOp() || Operator->getOperator() == OO_PlusPlus ||
            Operator->getOperator() == OO_MinusMinus) &&
           llvm::any_of(Operator->arguments(),
                        [&](const Expr *Each) { return computesWith(Each, Variables); });
  if (const auto *Rewritten = dyn_cast<CXXRewrittenBinaryOperator>(E))
    return computesWith(Rewritten->getSemanticForm(), Variables);
  const auto *Binary = dyn_cast<BinaryOperator>(E);
  return Binary && (Binary->isComparisonOp() || StepFinder::isArithmetic(Binary->getOpcode())) &&
         (computesWith(Binary->getLHS(), Variables) || computesWith(Binary->getRHS(), Variables));
}

/// The condition of a loop on a number or a place that the loop itself moves on: how often each
/// thread goes round says nothing about whether they do.
bool counts(const ParentMap &Parents, const Expr *Condition) {
  const Stmt *Loop = loopDecidedBy(Parents, Condition);
  if (!Loop)
    return false;
  StepFinder Steps;
  Steps.TraverseStmt(const_cast<Stmt *>(Loop));
  return computesWith(Condition, Steps.Moved);
}

} // namespace

bool FunctionLowering::comparesWithAtomic(const Expr *Condition) {
  const auto *Compare = dyn_cast<BinaryOperator>(Condition->IgnoreParenImpCasts());
  return Compare && Compare->isRelationalOp() &&
         findRead(Compare, [&](const Expr *E, const AccessPath &) {
           uint64_t Flags = 0;
           readObject(E, Flags);
           return Flags & Atomic;
         });
}

void FunctionLowering::lowerEdges(const CFGBlock &Source, uint32_t Index) {
  Block &B = Facts.Blocks[Index];
  Current = nullptr;
  for (const CFGBlock::AdjacentBlock &Next : Source.succs())
    if (const CFGBlock *To = Next.getReachableBlock())
      B.Successors.push_back({BlockIndex[To->getBlockID()], {}});
  if (const auto *Static = dyn_cast_or_null<DeclStmt>(Source.getTerminatorStmt())) {
    // Initialised once, by whoever comes first; the others wait until that is done.
    for (Edge &Way : B.Successors) {
      Out = &Way.Events;
      for (const Decl *D : Static->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D))
          emit(EventKind::Wait, Unit.initializationOf(Variable), Variable->getSourceRange());
    }
    return;
  }
  splitReturn(Source, Index);
  lowerSwitch(Source, B);
  judgeCases(Source, B);
  judgeChosen(Source, B);
  const Expr *Condition = Source.getLastCondition();
  if (!Condition || isElsewhere(Condition))
    return;
  if (B.Successors.size() == 2)
    lowerCondition(Condition, {&Source, Source.size()}, B.Successors[0], B.Successors[1]);
  judgeBranch(Condition, {&Source, Source.size()}, B);
  addFound(Condition, B);
  const std::optional<bool> IsNamed = namesThread(Condition, Unit, Settings);
  if (IsNamed && B.Successors.size() == 2) {
    const unsigned Way = *IsNamed ? 0 : 1;
    Out = &B.Successors[Way].Events;
    emit(EventKind::Assume, {}, Condition->getSourceRange(), OfOneThread).Values = {
        Value::constant(Way)};
  } else {
    lowerPassedValues(Condition, B);
  }
  // What a thread of a team has for itself says little about where the others go.
  if (Region && Region->Kind == RegionKind::Team)
    return lowerTeamCondition(Condition, B);
  addTests(Condition, B);
  bool IsClaim = claims(Condition);
  // Who spins until an update succeeds gets there in the end, and a relaxed one orders nothing.
  if (uint64_t Flags = 0; IsClaim && decidesLoop(Condition))
    if (const Expr *Update = findRead(Condition, [&](const Expr *E, const AccessPath &) {
          readObject(E, Flags);
          return Flags & Claimed;
        }))
      IsClaim = !(readObject(Update, Flags).isKnown() && (Flags & Relaxed));
  // Where threads meet at a barrier, branches are there to give each of them its part.
  bool IsShared = isa_and_nonnull<IfStmt>(Source.getTerminatorStmt()) &&
                  llvm::any_of(Facts.Blocks, [](const Block &Any) {
                    return llvm::any_of(Any.Events, [](const Event &E) { return E.has(Meeting); });
                  });
  bool IsOwn = dependsOnOwnValue(Condition) && !counts(*Parents, Condition) &&
               !comparesWithAtomic(Condition);
  if (B.Successors.size() == 2 && (IsClaim || IsShared || IsOwn))
    for (unsigned Way = 0; Way < 2; ++Way) {
      Out = &B.Successors[Way].Events;
      emit(EventKind::Assume, {}, Condition->getSourceRange(), IsClaim ? Claimed : NoFlags)
          .Values = {Value::constant(Way)};
    }
}

namespace {

const Stmt *loopBody(const Stmt *S) {
  if (const auto *While = dyn_cast<WhileStmt>(S))
    return While->getBody();
  if (const auto *For = dyn_cast<ForStmt>(S))
    return For->getBody();
  if (const auto *Do = dyn_cast<DoStmt>(S))
    return Do->getBody();
  if (const auto *Range = dyn_cast<CXXForRangeStmt>(S))
    return Range->getBody();
  return nullptr;
}

struct LoopFinder : DynamicRecursiveASTVisitor {
  std::vector<std::pair<const Stmt *, bool>> Found;
  unsigned Tries = 0;
  bool TraverseLambdaExpr(LambdaExpr *) override { return true; }
  bool TraverseCXXTryStmt(CXXTryStmt *Try) override {
    ++Tries;
    TraverseStmt(Try->getTryBlock());
    --Tries;
    for (unsigned I = 0; I < Try->getNumHandlers(); ++I)
      TraverseStmt(Try->getHandler(I));
    return true;
  }
  bool VisitStmt(Stmt *S) override {
    if (loopBody(S))
      Found.emplace_back(S, Tries > 0);
    return true;
  }
};

} // namespace

void FunctionLowering::addLockPolls(const Stmt *LoopStatement, const Loop &L,
                                    std::vector<Event> &Completed) {
  // Who loops until what is read under a lock says so has seen what was done before it was set.
  heddle::SourceRange Whole = Unit.range(LoopStatement->getSourceRange());
  for (const Block &B : Facts.Blocks)
    for (const Event &E : B.Events) {
      if (E.Where.File != Whole.File || E.Where.Begin < Whole.Begin || E.Where.End > Whole.End)
        continue;
      bool InBody = E.Where.Begin >= L.Body.Begin;
      Event Poll = E;
      Poll.Kind = EventKind::LockPoll;
      if (E.Kind == EventKind::Acquire) {
        Poll.Callee = InvalidId;
        Completed.push_back(std::move(Poll));
      } else if (E.Kind == EventKind::GuardMake) {
        for (const Value &Lock : E.Values)
          if (Poll.Path = Lock.pointee(); Poll.Path.isKnown()) {
            Poll.Callee = InvalidId;
            Completed.push_back(Poll);
          }
      } else if (E.Kind == EventKind::Call && !InBody) {
        Completed.push_back(std::move(Poll));
      }
    }
}

void FunctionLowering::addJoins(const Loop &L, std::vector<Event> &Completed) const {
  // Another one in each round: some element, what a pointer leads to, or a variable of the body.
  auto IsOther = [&](const AccessPath &Path) {
    if (!Path.isPrecise())
      return true;
    if (Path.root() == RootKind::Temporary)
      return Path.derefs() > 0;
    if (Path.root() != RootKind::Local)
      return false;
    const heddle::SourceRange &Declared = Unit.entityFacts(Path.rootId()).Declaration;
    return Path.derefs() > 0 || (Path.isRootOnly() && Declared.File == L.Keyword.File &&
                                 Declared.Begin >= L.Keyword.Begin && Declared.End <= L.Body.End);
  };
  for (const Block &B : Facts.Blocks)
    for (const Event &E : B.Events) {
      if (E.Where.File != L.Body.File || E.Where.Begin < L.Body.Begin || E.Where.End > L.Body.End)
        continue;
      if (E.Kind == EventKind::Wait ? !E.Path.isPrecise()
                                    : E.Kind == EventKind::Join && IsOther(E.Path))
        Completed.push_back(E);
      else if (E.Kind == EventKind::Call && llvm::any_of(E.Values, [&](const Value &Slot) {
                 return (Slot.What == Value::PointsTo || Slot.What == Value::Load) &&
                        IsOther(Slot.What == Value::Load ? Slot.Path.deref() : Slot.Path);
               })) {
        Event Joins = E;
        Joins.Kind = EventKind::Join;
        Joins.Path = AccessPath();
        Completed.push_back(std::move(Joins));
      }
    }
}

void FunctionLowering::describeLoops() {
  LoopFinder Finder;
  Finder.TraverseStmt(const_cast<Stmt *>(body()));
  for (auto [S, InsideTry] : Finder.Found) {
    if (isElsewhere(S))
      continue;
    Loop L;
    L.InsideTry = InsideTry;
    L.Keyword = Unit.range(S->getBeginLoc());
    const Expr *Condition = nullptr;
    if (const auto *While = dyn_cast<WhileStmt>(S))
      Condition = While->getCond();
    else if (const auto *For = dyn_cast<ForStmt>(S)) {
      Condition = For->getCond();
      L.ConditionIsTrue = !Condition;
    } else if (const auto *Do = dyn_cast<DoStmt>(S)) {
      Condition = Do->getCond();
    }
    bool Truth;
    if (Condition && !Condition->isValueDependent() &&
        Condition->EvaluateAsBooleanCondition(Truth, Context))
      L.ConditionIsTrue = Truth;
    L.Condition = conditionRange(S, Condition);
    L.Body = Unit.range(loopBody(S)->getSourceRange());
    for (const CFGBlock *B : *Graph)
      if (B->getTerminatorStmt() == S)
        L.Header = BlockIndex[B->getBlockID()];
    // What joins or waits for some element in every round has, when the loop is over, done so for
    // all of them.
    if (L.Header != InvalidId && Facts.Blocks[L.Header].Successors.size() == 2) {
      std::vector<Event> Completed;
      addJoins(L, Completed);
      addLockPolls(S, L, Completed);
      auto &Exit = Facts.Blocks[L.Header].Successors[1].Events;
      Exit.insert(Exit.end(), Completed.begin(), Completed.end());
    }
    Facts.Loops.push_back(L);
  }
}
