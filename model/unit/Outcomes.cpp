// What the results of calls tell on the edges of branches: locks that were taken, threads that do
// not exist.
#include "model/unit/FunctionLowering.h"
#include "model/unit/StatusCalls.h"

using namespace clang;
using namespace heddle;

namespace {

/// A comparison with a number, that number on the right.
struct Comparison {
  BinaryOperatorKind How;
  int64_t Number;

  bool holds(int64_t Left) const {
    switch (How) {
    case BO_EQ:
      return Left == Number;
    case BO_NE:
      return Left != Number;
    case BO_LT:
      return Left < Number;
    case BO_GT:
      return Left > Number;
    case BO_LE:
      return Left <= Number;
    default:
      return Left >= Number;
    }
  }
};

} // namespace

/// Looks through a condition for the expressions whose outcomes it is.
class FunctionLowering::OutcomeFinder {
public:
  explicit OutcomeFinder(const FunctionLowering &Lowering) : Lowering(Lowering) {}

  std::vector<Outcome> Found;

  /// `About.Of` is what is left to look through; it stands at the place.
  void find(Outcome About, GraphPlace At, std::optional<Comparison> Asked, unsigned Depth) {
    constexpr unsigned MaxDepth = 16;
    const Expr *E = stripped(About);
    if (Depth > MaxDepth)
      return;
    auto GoOn = [&](const Expr *To) {
      About.Of = To;
      find(About, At, Asked, Depth + 1);
    };
    auto Settle = [&] {
      bool SaysSomething = !Asked || settle(About, *Asked);
      Asked.reset();
      return SaysSomething;
    };
    if (const auto *Compare = dyn_cast<BinaryOperator>(E); Compare && Compare->isComparisonOp()) {
      if (!Settle())
        return;
      auto Right = constantOf(Compare->getRHS(), Lowering.Context);
      auto Left = Right ? std::nullopt : constantOf(Compare->getLHS(), Lowering.Context);
      if (!Right && !Left)
        return;
      Asked = Right ? Comparison{Compare->getOpcode(), Right->Number}
                    : Comparison{BinaryOperator::reverseComparisonOp(Compare->getOpcode()),
                                 Left->Number};
      return GoOn(Right ? Compare->getLHS() : Compare->getRHS());
    }
    if (const auto *Unary = dyn_cast<UnaryOperator>(E); Unary && Unary->getOpcode() == UO_LNot) {
      if (!Settle())
        return;
      About.Negated = !About.Negated;
      return GoOn(Unary->getSubExpr());
    }
    if (const auto *Assign = dyn_cast<BinaryOperator>(E);
        Assign && Assign->getOpcode() == BO_Assign)
      return GoOn(Assign->getRHS());
    if (const auto *Both = dyn_cast<BinaryOperator>(E); Both && Both->isLogicalOp()) {
      if (!Settle())
        return;
      // Of `a && b`, both are known where it holds; where it does not, neither.
      bool IsKnownOnTrue = (Both->getOpcode() == BO_LAnd) != About.Negated;
      (IsKnownOnTrue ? About.OnFalse : About.OnTrue) = false;
      GoOn(Both->getLHS());
      return GoOn(Both->getRHS());
    }
    if (const auto *Choice = dyn_cast<ConditionalOperator>(E)) {
      auto WhenTrue = constantOf(Choice->getTrueExpr(), Lowering.Context),
           WhenFalse = constantOf(Choice->getFalseExpr(), Lowering.Context);
      if (!WhenTrue || !WhenFalse) {
        About.IsOneOf = true;
        GoOn(Choice->getTrueExpr());
        return GoOn(Choice->getFalseExpr());
      }
      bool IsTrue = holds(Asked, *WhenTrue), IsFalse = holds(Asked, *WhenFalse);
      Asked.reset();
      About.Negated = About.Negated != IsFalse;
      if (IsTrue != IsFalse)
        GoOn(Choice->getCond());
      return;
    }
    if (const auto *Call = dyn_cast<CallExpr>(E))
      findStatus(Call, About, At, Asked, Depth);
    if (Lowering.holdsThread(E))
      Found.push_back(About);
    const auto *Reference = dyn_cast<DeclRefExpr>(E);
    if (const auto *Variable = Reference ? dyn_cast<VarDecl>(Reference->getDecl()) : nullptr)
      return findSettings(Variable, About, At, Asked, Depth);
    if (Settle())
      Found.push_back(About);
  }

private:
  const Expr *stripped(Outcome &About) const {
    for (const Expr *Before = nullptr; About.Of != Before;) {
      Before = About.Of;
      About.Of = About.Of->IgnoreParenImpCasts();
      if (const auto *Full = dyn_cast<FullExpr>(About.Of))
        About.Of = Full->getSubExpr();
      if (const auto *Call = dyn_cast<CallExpr>(About.Of); Call && isBranchHint(Call))
        About.Of = Call->getArg(0);
    }
    return About.Of;
  }

  static bool holds(const std::optional<Comparison> &Asked, const Value &Constant) {
    return Asked ? Asked->holds(Constant.Number) : Constant.Number != 0;
  }

  /// What the comparison says of zero and other numbers; false if nothing.
  static bool settle(Outcome &About, const Comparison &Asked) {
    bool IsZero = Asked.Number == 0, IsEquality = BinaryOperator::isEqualityOp(Asked.How);
    bool Holds = Asked.How == BO_EQ || Asked.How == BO_LT || Asked.How == BO_GT;
    if (!IsEquality && !IsZero)
      return false;
    // `x == 0` holds exactly when x is false; `x != 0` when it is true.
    if (Holds == (IsEquality && IsZero))
      About.Negated = !About.Negated;
    if (!IsEquality)
      About.IsOrdered = true;
    else if (!IsZero && Asked.Number != 1)
      About.ZeroIsGuess = true;
    return true;
  }

  /// A function of the project's looks at the outcome, and says what it has seen.
  void findStatus(const CallExpr *Call, Outcome About, GraphPlace At,
                  const std::optional<Comparison> &Asked, unsigned Depth) {
    auto Holds = [&](std::optional<int64_t> Number) -> std::optional<bool> {
      if (Number)
        return Asked ? Asked->holds(*Number) : *Number != 0;
      if (!Asked)
        return true;
      bool IsSaid = Asked->Number == 0 && BinaryOperator::isEqualityOp(Asked->How);
      return IsSaid ? std::optional(Asked->How == BO_NE) : std::nullopt;
    };
    std::optional<GivenStatus> Status = statusGivenTo(Call, Holds, Lowering.Context);
    if (!Status)
      return;
    if (!Status->IsCertain) // where it says what zero makes it say, nothing is known
      (Status->IsZeroWhere != About.Negated ? About.OnTrue : About.OnFalse) = false;
    About.Negated ^= Status->IsZeroWhere;
    About.Of = Status->Given;
    find(About, At, std::nullopt, Depth + 1);
  }

  void findSettings(const VarDecl *Variable, const Outcome &About, GraphPlace At,
                    const std::optional<Comparison> &Asked, unsigned Depth) {
    // A local may be set from what it was, as in `any = any || found`.
    if (!Followed.insert(Variable).second)
      return;
    struct Source {
      const Expr *From;
      GraphPlace At;
    };
    llvm::SmallVector<Source, 2> Others;
    Outcome Next = About;
    for (const LocalSettings::Setting *Each : Lowering.Settings.last(Variable, At)) {
      auto Number =
          Each->From && !Each->Keeps ? constantOf(Each->From, Lowering.Context) : std::nullopt;
      if (!Number)
        Others.push_back({Each->From, Each->At});
      else if (holds(Asked, *Number) != About.Negated)
        Next.IsNumberOnTrue = true;
      else
        Next.IsNumberOnFalse = true;
    }
    Next.IsOneOf |= Others.size() > 1;
    for (const Source &Each : Others) {
      Next.Of = Each.From;
      if (Each.From)
        find(Next, Each.At, Asked, Depth + 1);
    }
    Followed.erase(Variable);
  }

  const FunctionLowering &Lowering;
  llvm::SmallPtrSet<const VarDecl *, 4> Followed;
};

std::vector<Outcome> FunctionLowering::outcomes(const Expr *Condition, GraphPlace At) const {
  OutcomeFinder Finder(*this);
  Outcome Whole;
  Whole.Of = Condition;
  Finder.find(Whole, At, std::nullopt, 0);
  return std::move(Finder.Found);
}

void FunctionLowering::lowerCondition(const Expr *Condition, GraphPlace At, Edge &WhenTrue,
                                      Edge &WhenFalse) {
  lowerTriedTogether(Condition, WhenTrue, WhenFalse);
  for (const Outcome &Each : outcomes(Condition, At))
    lowerOutcome(Each, WhenTrue, WhenFalse);
}

void FunctionLowering::lowerOutcome(const Outcome &About, Edge &WhenTrue, Edge &WhenFalse) {
  Edge Unsaid{0, {}};
  Edge *Nonzero = About.OnTrue ? &WhenTrue : &Unsaid, *Zero = About.OnFalse ? &WhenFalse : &Unsaid;
  if (About.Negated)
    std::swap(Nonzero, Zero);
  CallSite Call = isa<CallExpr>(About.Of) ? callSite(About.Of) : CallSite();
  if (Call.Callee)
    lowerFailedSpawn(Call, *Nonzero);
  if (!About.IsOneOf && !About.IsOrdered && holdsThread(About.Of))
    lowerNoThread(About.Of, *Zero);
  if (About.IsNumberOnTrue)
    (About.Negated ? Zero : Nonzero) = &Unsaid;
  if (About.IsNumberOnFalse)
    (About.Negated ? Nonzero : Zero) = &Unsaid;
  if (About.IsOneOf || About.IsOrdered)
    return;
  if (!About.ZeroIsGuess)
    lowerSpinOutcome(About.Of, *Nonzero, *Zero);
  if (Call.Callee)
    lowerOutcomeOf(Call, *Nonzero, *Zero, About.ZeroIsGuess);
}

bool FunctionLowering::holdsThread(const Expr *E) const {
  auto IsThread = [&](QualType Type) {
    const TypeMeaning *Meaning = Unit.vocabulary().type(Type);
    return Meaning && Meaning->Role == TypeRole::Thread;
  };
  QualType Type = E->getType();
  if (IsThread(Type))
    return true;
  const auto *Record = Type->isPointerType() ? Type->getPointeeType()->getAsRecordDecl() : nullptr;
  return Record && Record->isCompleteDefinition() &&
         llvm::any_of(Record->fields(),
                      [&](const FieldDecl *Field) { return IsThread(Field->getType()); });
}

void FunctionLowering::lowerNoThread(const Expr *Handle, Edge &WhenZero) {
  AccessPath Object = Handle->getType()->isPointerType() ? value(Handle).pointee() : path(Handle);
  Current = Handle;
  Out = &WhenZero.Events;
  if (Object.isKnown())
    emit(EventKind::Join, Object, Handle->getSourceRange(), Missing);
}

bool FunctionLowering::asksFor(const Expr *Condition, GraphPlace At,
                               llvm::function_ref<bool(const CallMeaning &)> Is) const {
  return llvm::any_of(outcomes(Condition, At), [&](const Outcome &Each) {
    const auto *Call = dyn_cast<CallExpr>(Each.Of);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    return Callee && llvm::any_of(Unit.vocabulary().call(Callee), Is);
  });
}

void FunctionLowering::askWhetherFailed(const Expr *Condition, GraphPlace At,
                                        Judgement &Says) const {
  bool IsEquality = Says.How == Relation::Equal || Says.How == Relation::Differs;
  if (!IsEquality || Says.Against == 0 || !asksFor(Condition, At, [](const CallMeaning &M) {
        return M.What == Effect::TryAcquire && M.SucceedsOnZero;
      }))
    return;
  Says.How = opposite(Says.How);
  Says.Against = 0;
}

void FunctionLowering::lowerFailedSpawn(const CallSite &Call, Edge &WhenTrue) {
  // A number other than zero says that no thread was started. Where another call may have returned
  // it, that call has failed.
  Current = Call.Whole;
  Out = &WhenTrue.Events;
  for (const CallMeaning &M : Unit.vocabulary().call(Call.Callee))
    if (M.What == Effect::Spawn && Call.Whole->getType()->isIntegerType())
      emit(EventKind::Join, operandObject(Call, M.Handle), Call.Whole->getSourceRange(),
           Missing | Tried);
}

void FunctionLowering::lowerOutcomeOf(const CallSite &Call, Edge &WhenTrue, Edge &WhenFalse,
                                      bool ZeroIsGuess) {
  Current = Call.Whole;
  Edge Unsaid{0, {}};
  lowerTryByContract(Call, WhenTrue, ZeroIsGuess ? Unsaid : WhenFalse);
  lowerOwnOutcome(Call, WhenTrue, ZeroIsGuess ? Unsaid : WhenFalse);
  clang::SourceRange Where = Call.Whole->getSourceRange();
  for (const CallMeaning &M : Unit.vocabulary().call(Call.Callee)) {
    // Who asks for one way to fail takes the others for impossible.
    if (ZeroIsGuess && !M.SucceedsOnZero)
      continue;
    Edge &Success = M.SucceedsOnZero ? WhenFalse : WhenTrue;
    Edge &Failure = M.SucceedsOnZero ? WhenTrue : WhenFalse;
    Out = &Success.Events;
    if (M.What == Effect::TryAcquire) {
      if (M.Lock.What == Operand::Kind::From) // the result says which one was not got: see LockFlow
        continue;
      emit(EventKind::Acquire, operandObject(Call, M.Lock), Where, M.Shared ? Shared : NoFlags);
    } else if (M.What == Effect::GuardTryAcquire || M.What == Effect::GuardOwns) {
      AccessPath Guard = operandObject(Call, M.Lock);
      if (M.What == Effect::GuardTryAcquire)
        emit(EventKind::GuardLock, Guard, Where);
      else
        emit(EventKind::GuardOwned, Guard, Where);
      Out = &Failure.Events;
      emit(EventKind::GuardFree, Guard, Where);
    } else if (M.What == Effect::Joinable) {
      Out = &Failure.Events;
      lowerNothingToJoin(Call, M);
    } else if (M.What == Effect::Block && M.Bounded && isOfTask(Call, M)) {
      Out = &WhenFalse.Events; // std::future_status::ready
      emit(EventKind::Ready, taskPath(Call, M), Where);
    } else if (M.What == Effect::SemaphoreTryAcquire) {
      emit(EventKind::Wait, operandObject(Call, M.Object), Where);
    }
  }
}

void FunctionLowering::lowerOwnOutcome(const CallSite &Call, Edge &WhenTrue, Edge &WhenFalse) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
  if ((Method && (Method->isVirtual() || Method->getParent()->isLambda())) ||
      !(Call.Whole->getType()->isIntegralOrEnumerationType() ||
        Call.Whole->getType()->isPointerType()) ||
      !Unit.vocabulary().call(Call.Callee).empty())
    return;
  FunctionId Callee = Unit.function(Call.Callee);
  if (Callee == InvalidId)
    return;
  std::vector<Value> Slots = callSlots(Call);
  for (Edge *Way : {&WhenTrue, &WhenFalse}) {
    Out = &Way->Events;
    Event &E = emit(EventKind::CallOutcome, {}, Call.Whole->getSourceRange(),
                    Way == &WhenFalse ? OnZero : NoFlags);
    E.Callee = Callee;
    E.Values = Slots;
  }
}

void FunctionLowering::lowerSwitch(const CFGBlock &Source, Block &B) {
  const auto *Switch = dyn_cast_or_null<SwitchStmt>(Source.getTerminatorStmt());
  if (!Switch)
    return;
  std::vector<std::optional<bool>> IsZero; // By way; of no number in particular: none.
  bool HasZero = false;
  for (const CFGBlock::AdjacentBlock &Next : Source.succs())
    if (const CFGBlock *To = Next.getReachableBlock()) {
      const auto *Case = dyn_cast_or_null<CaseStmt>(To->getLabel());
      auto Number = Case && !Case->getRHS() ? constantOf(Case->getLHS(), Context) : std::nullopt;
      IsZero.push_back(Number ? std::optional<bool>(Number->Number == 0) : std::nullopt);
      HasZero |= Number && Number->Number == 0;
    }
  for (size_t Way = 0; Way < IsZero.size() && Way < B.Successors.size(); ++Way) {
    Edge Unsaid{0, {}};
    if (IsZero[Way].value_or(false))
      lowerCondition(Switch->getCond(), {&Source, Source.size()}, Unsaid, B.Successors[Way]);
    else if (IsZero[Way] || HasZero)
      lowerCondition(Switch->getCond(), {&Source, Source.size()}, B.Successors[Way], Unsaid);
  }
}

void FunctionLowering::splitReturn(const CFGBlock &Source, uint32_t Index) {
  // `return m.try_lock();` leaves on two ways: with the lock and true, or without and false.
  const ReturnStmt *Return = nullptr;
  for (const CFGElement &Element : Source)
    if (auto Statement = Element.getAs<CFGStmt>())
      if (const auto *Found = dyn_cast<ReturnStmt>(Statement->getStmt()))
        Return = Found;
  const Expr *Returned = Return ? Return->getRetValue() : nullptr;
  if (!Returned || !Returned->getType()->isIntegralOrEnumerationType() ||
      Facts.Blocks[Index].Successors.size() != 1 ||
      Facts.Blocks[Index].Successors[0].To != FunctionFacts::ExitBlock)
    return;
  Block Ways;
  Ways.Successors.resize(2);
  lowerCondition(Returned, {&Source, Source.size()}, Ways.Successors[0], Ways.Successors[1]);
  if (Ways.Successors[0].Events.empty() && Ways.Successors[1].Events.empty())
    return;
  judgeBranch(Returned, {&Source, Source.size()}, Ways);
  std::vector<Event> &Events = Facts.Blocks[Index].Events;
  auto At = llvm::find_if(Events, [](const Event &E) { return E.Kind == EventKind::Return; });
  std::vector<Event> Rest(std::make_move_iterator(At), std::make_move_iterator(Events.end()));
  Events.erase(At, Events.end());
  if (Rest.empty())
    return;
  Facts.Blocks[Index].Successors.clear();
  for (unsigned Way : {0u, 1u}) {
    Block Leaves;
    Leaves.Events = Rest;
    Leaves.Events.front().Values = {Value::constant(Way == 0 ? 1 : 0)};
    Leaves.Successors = {{FunctionFacts::ExitBlock, {}}};
    Facts.Blocks[Index].Successors.push_back(
        {static_cast<uint32_t>(Facts.Blocks.size()), std::move(Ways.Successors[Way].Events)});
    Facts.Blocks.push_back(std::move(Leaves));
  }
}
