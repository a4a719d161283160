#include "model/unit/LoopIndices.h"

#include "clang/AST/ASTLambda.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/OpenMPClause.h"

using namespace clang;
using namespace heddle;

namespace {

const VarDecl *variableIn(const Expr *E) {
  const auto *Reference = dyn_cast_or_null<DeclRefExpr>(E ? E->IgnoreParenImpCasts() : nullptr);
  return Reference ? dyn_cast<VarDecl>(Reference->getDecl()) : nullptr;
}

/// The variable that the loop counts with, if it is written in the usual way.
const VarDecl *counterOf(const ForStmt *For) {
  if (const auto *Declaration = dyn_cast_or_null<DeclStmt>(For->getInit()))
    return Declaration->isSingleDecl() ? dyn_cast<VarDecl>(Declaration->getSingleDecl()) : nullptr;
  const auto *Assignment = dyn_cast_or_null<BinaryOperator>(For->getInit());
  return Assignment && Assignment->getOpcode() == BO_Assign ? variableIn(Assignment->getLHS())
                                                            : nullptr;
}

const Expr *firstValue(const ForStmt *For) {
  if (const auto *Declaration = dyn_cast_or_null<DeclStmt>(For->getInit()))
    return cast<VarDecl>(Declaration->getSingleDecl())->getInit();
  return cast<BinaryOperator>(For->getInit())->getRHS();
}

std::optional<int64_t> constant(const ASTContext &Context, const Expr *E) {
  Expr::EvalResult Result;
  if (!E || E->isValueDependent() || !E->getType()->isIntegralOrEnumerationType() ||
      !E->EvaluateAsInt(Result, Context) || !Result.Val.getInt().isRepresentableByInt64())
    return std::nullopt;
  return Result.Val.getInt().getExtValue();
}

/// By how much the loop's third part moves the variable; 0 if that is not known.
int64_t stepOf(const ASTContext &Context, const Expr *Inc, const VarDecl *V) {
  if (const auto *Unary = dyn_cast_or_null<UnaryOperator>(Inc))
    return !Unary->isIncrementDecrementOp() || variableIn(Unary->getSubExpr()) != V ? 0
           : Unary->isIncrementOp()                                                 ? 1
                                                                                    : -1;
  const auto *Binary = dyn_cast_or_null<BinaryOperator>(Inc);
  if (!Binary || variableIn(Binary->getLHS()) != V)
    return 0;
  if (Binary->getOpcode() == BO_AddAssign)
    return constant(Context, Binary->getRHS()).value_or(0);
  if (Binary->getOpcode() == BO_SubAssign)
    return -constant(Context, Binary->getRHS()).value_or(0);
  const auto *Sum = dyn_cast<BinaryOperator>(Binary->getRHS()->IgnoreParenImpCasts());
  if (Binary->getOpcode() != BO_Assign || !Sum || !Sum->isAdditiveOp())
    return 0;
  if (variableIn(Sum->getLHS()) == V) {
    int64_t Step = constant(Context, Sum->getRHS()).value_or(0);
    return Sum->getOpcode() == BO_Add ? Step : -Step;
  }
  return Sum->getOpcode() == BO_Add && variableIn(Sum->getRHS()) == V
             ? constant(Context, Sum->getLHS()).value_or(0)
             : 0;
}

/// Whether all threads meet, or share out work, somewhere in the statement.
void findMeetings(const Stmt *S, bool &Meets, bool &Shares) {
  if (!S)
    return;
  if (const auto *D = dyn_cast<OMPExecutableDirective>(S)) {
    Meets |= endsWithBarrier(*D) || D->getDirectiveKind() == llvm::omp::OMPD_barrier;
    Shares |= isOpenMPWorksharingDirective(D->getDirectiveKind()) ||
              isOpenMPDistributeDirective(D->getDirectiveKind());
    if (D->hasAssociatedStmt() && !D->isStandaloneDirective())
      findMeetings(D->getRawStmt(), Meets, Shares);
    return;
  }
  for (const Stmt *Child : S->children())
    findMeetings(Child, Meets, Shares);
}

AffineIndex known(int64_t Constant) { return {true, Constant, {}}; }

AffineIndex scaled(AffineIndex Index, int64_t Factor) {
  // Numbers of this size are no subscripts; small ones cannot overflow.
  constexpr int64_t Limit = int64_t(1) << 31;
  auto IsLarge = [&](int64_t N) { return N > Limit || N < -Limit; };
  if (!Index.IsKnown || IsLarge(Factor) || IsLarge(Index.Constant))
    return {};
  if (Factor == 0)
    return known(0);
  Index.Constant *= Factor;
  for (AffineTerm &T : Index.Terms) {
    if (IsLarge(T.Factor))
      return {};
    T.Factor *= Factor;
  }
  return Index;
}

AffineIndex sum(const AffineIndex &A, const AffineIndex &B) {
  if (!A.IsKnown || !B.IsKnown)
    return {};
  AffineIndex Result = A;
  Result.Constant += B.Constant;
  for (const AffineTerm &Added : B.Terms) {
    auto Same = llvm::find_if(Result.Terms, [&](const AffineTerm &T) {
      return T.What == Added.What && T.Variable == Added.Variable;
    });
    if (Same == Result.Terms.end())
      Result.Terms.push_back(Added);
    else
      Same->Factor += Added.Factor;
  }
  llvm::erase_if(Result.Terms, [](const AffineTerm &T) { return T.Factor == 0; });
  llvm::sort(Result.Terms);
  return Result;
}

} // namespace

LoopIndices::LoopIndices(UnitFactsBuilder &Unit, const OpenMPRegions &Directives, const Stmt *Body,
                         const ParentMap &Parents, const FunctionDecl *Function, RegionKind Kind)
    : Unit(Unit), Directives(Directives), Parents(Parents), Function(Function), Kind(Kind) {
  walk(Body);
}

void LoopIndices::note(const Expr *Target, const Expr *Held, const Stmt *Where) {
  if (const VarDecl *V = variableIn(Target))
    Stores[V].push_back({Where, Held});
}

void LoopIndices::walk(const Stmt *S) {
  if (!S)
    return;
  if (const auto *D = dyn_cast<OMPExecutableDirective>(S)) {
    if (D->hasAssociatedStmt() && !D->isStandaloneDirective())
      walk(D->getRawStmt());
    return;
  }
  if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
    for (const Decl *Each : Declaration->decls())
      if (const auto *V = dyn_cast<VarDecl>(Each)) {
        Declared.insert(V);
        if (V->getInit())
          Stores[V].push_back({S, V->getInit()});
        if (V->getType()->isReferenceType() && V->getInit())
          note(V->getInit(), nullptr, S); // it may be changed by another name
      }
  } else if (const auto *Binary = dyn_cast<BinaryOperator>(S)) {
    if (Binary->isAssignmentOp())
      note(Binary->getLHS(), Binary->getOpcode() == BO_Assign ? Binary->getRHS() : nullptr, S);
  } else if (const auto *Unary = dyn_cast<UnaryOperator>(S)) {
    if (Unary->isIncrementDecrementOp() || Unary->getOpcode() == UO_AddrOf)
      note(Unary->getSubExpr(), nullptr, S);
  } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
    // A reference parameter may be written through; a container makes an element of what it is
    // given.
    const FunctionDecl *Callee = Call->getDirectCallee();
    bool Emplaces = Callee && isa<CXXMethodDecl>(Callee) && Callee->getPrimaryTemplate() &&
                    isa<CXXMemberCallExpr>(Call) && !isProjectCode(Unit.context(), Callee);
    if (Callee && !Emplaces)
      for (unsigned I = 0; I < Call->getNumArgs() && I < Callee->getNumParams(); ++I)
        if (QualType Type = Callee->getParamDecl(I)->getType();
            Type->isReferenceType() && !Type->getPointeeType().isConstQualified())
          note(Call->getArg(I), nullptr, S);
  } else if (const auto *For = dyn_cast<CXXForRangeStmt>(S)) {
    Ranges[For->getLoopVariable()] = {For, Unit.nextNumber()};
  } else if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
    for (const LambdaCapture &Capture : Lambda->captures())
      if (Capture.capturesVariable() && Capture.getCaptureKind() == LCK_ByRef)
        if (const auto *V = dyn_cast<VarDecl>(Capture.getCapturedVar()))
          Stores[V].push_back({S, nullptr});
  }
  for (const Stmt *Child : S->children())
    walk(Child);
}

bool LoopIndices::countsWith(const Stmt *S, const ForStmt *Inner) const {
  if (!S)
    return false;
  if (const auto *Reference = dyn_cast<DeclRefExpr>(S))
    if (const auto *V = dyn_cast<VarDecl>(Reference->getDecl()))
      return loopOf(V, Parents.getParent(Inner));
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return countsWith(Child, Inner); });
}

bool LoopIndices::isInside(const Stmt *S, const Stmt *Outer) const {
  for (; S; S = Parents.getParent(S)) {
    if (S == Outer)
      return true;
  }
  return false;
}

const ForStmt *LoopIndices::loopOf(const VarDecl *V, const Stmt *Use) const {
  for (const Stmt *S = Use; S; S = Parents.getParent(S))
    if (const auto *For = dyn_cast<ForStmt>(S); For && counterOf(For) == V)
      return For;
  return nullptr;
}

void LoopIndices::describeRange(const ForStmt *For, const VarDecl *V, Loop &Out) {
  const ASTContext &Context = Unit.context();
  Out.Range.Step = stepOf(Context, For->getInc(), V);
  const auto *Condition = dyn_cast_or_null<BinaryOperator>(
      For->getCond() ? For->getCond()->IgnoreParenImpCasts() : nullptr);
  if (Out.Range.Step == 0 || !Condition || !Condition->isComparisonOp()) {
    Out.IsKnown = false;
    return;
  }
  bool IsLeft = variableIn(Condition->getLHS()) == V;
  if (!IsLeft && variableIn(Condition->getRHS()) != V) {
    Out.IsKnown = false;
    return;
  }
  AffineIndex First = affine(firstValue(For));
  AffineIndex Bound = affine(IsLeft ? Condition->getRHS() : Condition->getLHS());
  auto IsOwn = [](const AffineIndex &Index) {
    return !Index.IsKnown || llvm::any_of(Index.Terms, [](const AffineTerm &T) {
      return T.What != AffineTerm::Symbol;
    });
  };
  // How far a thread gets may depend on the thread; then the values that they share are not known.
  if (IsOwn(First) || IsOwn(Bound))
    Out.IsKnown = false;
  if (First.IsKnown && First.Terms.empty())
    Out.Range.First = First.Constant;
  AffineIndex Distance = sum(Bound, scaled(First, -1));
  if (!Distance.IsKnown || !Distance.Terms.empty())
    return;
  bool IsInclusive = Condition->getOpcode() == BO_LE || Condition->getOpcode() == BO_GE;
  int64_t Length = Out.Range.Step > 0 ? Distance.Constant : -Distance.Constant;
  int64_t Step = std::abs(Out.Range.Step);
  Out.Range.Count = std::max<int64_t>(0, (Length + (IsInclusive ? 1 : 0) + Step - 1) / Step);
}

LoopIndices::Loop &LoopIndices::describe(const ForStmt *For) {
  auto [Known, IsNew] = Loops.try_emplace(For);
  Loop &Result = Known->second;
  if (!IsNew)
    return Result;
  const VarDecl *V = counterOf(For);
  Result.Number = Unit.nextNumber();
  LoopsByNumber[Result.Number] = For;
  Result.Range.Variable = Result.Number;
  int Around = Directives.around(For);
  // The loops that belong to the directive count with its private counters.
  for (int I = Around; I >= 0 && !Result.IsDistributed; I = Directives[I].Parent)
    if (const auto *D = dyn_cast<OMPLoopDirective>(Directives[I].Clang)) {
      bool IsShared = isOpenMPWorksharingDirective(D->getDirectiveKind()) ||
                      isOpenMPDistributeDirective(D->getDirectiveKind()) ||
                      isOpenMPTaskLoopDirective(D->getDirectiveKind()) ||
                      isOpenMPGenericLoopDirective(D->getDirectiveKind());
      unsigned Depth = 0;
      for (const Stmt *S = For; S && S != D->getRawStmt(); S = Parents.getParent(S))
        Depth += isa<ForStmt>(S);
      for (const Expr *Counter : D->counters())
        Result.IsDistributed |=
            IsShared && variableIn(Counter) == V && I == Around && Depth < D->getLoopsNumber();
    }
  Result.IsKnown = true;
  if (!Result.IsDistributed) {
    bool Meets = false, Shares = false;
    findMeetings(For->getBody(), Meets, Shares);
    Result.InStep = Meets;
    Result.IsKnown = Meets || !Shares;
  }
  bool IsSame = Result.IsKnown;
  describeRange(For, V, Result);
  // Threads have other rounds of a loop that is shared out. Its values are told by the rounds, as
  // long as one knows how far apart they are and that all threads begin to count at one number.
  Result.IsKnown = Result.IsDistributed
                       ? Result.Range.Step != 0 && !countsWith(firstValue(For), For)
                       : Result.InStep || (IsSame && Result.IsKnown);
  return Result;
}

std::vector<uint32_t> LoopIndices::distributedBy(int Directive) {
  std::vector<uint32_t> Result;
  const auto *D = cast<OMPLoopDirective>(Directives[Directive].Clang);
  std::function<void(const Stmt *)> Visit = [&](const Stmt *S) {
    if (!S || Result.size() >= D->getLoopsNumber())
      return;
    if (const auto *For = dyn_cast<ForStmt>(S)) {
      if (counterOf(For))
        if (Loop &L = describe(For); L.IsDistributed)
          Result.push_back(L.Number);
      return Visit(For->getBody());
    }
    for (const Stmt *Child : S->children())
      Visit(Child);
  };
  Visit(D->getRawStmt());
  return Result;
}

bool LoopIndices::isThreadNumber(const Expr *E) {
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call || !Call->getDirectCallee())
    return false;
  for (const CallMeaning &M : Unit.vocabulary().call(Call->getDirectCallee()))
    if (M.What == Effect::ThreadNumber)
      return true;
  return false;
}

AffineIndex LoopIndices::term(AffineTerm::Kind What, uint32_t Variable) {
  return {true, 0, {{What, Variable, 1}}};
}

AffineIndex LoopIndices::variable(const VarDecl *V, const Expr *Use) {
  if (!V->getType()->isIntegralOrEnumerationType())
    return {};
  int Around = Directives.around(Use);
  bool IsOwn = Declared.count(V) || Directives.isPrivate(V, Around);
  auto Stored = Stores.find(V);
  if (const ForStmt *For = loopOf(V, Use); For && IsOwn) {
    // Only the loop itself counts: once to begin with and once for every round.
    unsigned Inside = 0;
    if (Stored != Stores.end())
      for (const Store &Each : Stored->second)
        Inside += isInside(Each.Where, For);
    if (Inside > 2)
      return {};
    Loop &L = describe(For);
    if (!L.IsKnown)
      return ForRounds && L.Range.Step != 0 ? term(AffineTerm::Round, L.Number) : AffineIndex();
    if (L.IsDistributed)
      return term(AffineTerm::Distributed, L.Number);
    return term(L.InStep ? AffineTerm::Symbol : AffineTerm::Inner, L.Number);
  }
  if (IsOwn && Stored != Stores.end()) {
    bool IsCopy = false;
    for (int I = Around; I >= 0; I = Directives[I].Parent)
      IsCopy |= Directives[I].Copies.count(V->getCanonicalDecl());
    if (Stored->second.size() != 1 || !Stored->second[0].Held || IsCopy ||
        !InProgress.insert(V).second)
      return {};
    const Expr *Held = Stored->second[0].Held;
    AffineIndex Result = affine(Held);
    InProgress.erase(V);
    // The value was taken in a round of each loop around it; it must still be the same round.
    for (const AffineTerm &T : Result.Terms)
      if (auto Loop = LoopsByNumber.find(T.Variable); T.What != AffineTerm::Parameter &&
                                                      Loop != LoopsByNumber.end() &&
                                                      !isInside(Use, Loop->second))
        return {};
    return Result;
  }
  if (!IsOwn && Stored == Stores.end() && Directives.empty())
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Function);
        Method && isLambdaCallOperator(Method))
      for (auto [Slot, Capture] : llvm::enumerate(Method->getParent()->captures()))
        if (Capture.capturesVariable() && Capture.getCapturedVar() == V)
          return Capture.getCaptureKind() == LCK_ByCopy ? term(AffineTerm::Captured, Slot)
                                                        : AffineIndex();
  const auto *Given = dyn_cast<ParmVarDecl>(V);
  if (Given && Given->getDeclContext() == Function && Kind == RegionKind::None &&
      Directives.empty() && Stored == Stores.end())
    return term(AffineTerm::Parameter, Given->getFunctionScopeIndex() + 1);
  bool IsSame = Kind == RegionKind::Team || Kind == RegionKind::Tasks;
  if (!IsSame || Stored != Stores.end() || V->getType().isVolatileQualified())
    return {};
  if (IsOwn && !Directives[0].Copies.count(V->getCanonicalDecl()))
    return {};
  auto [Known, IsNew] = Symbols.try_emplace(V, 0);
  if (IsNew)
    Known->second = Unit.nextNumber();
  return term(AffineTerm::Symbol, Known->second);
}

AffineIndex LoopIndices::affine(const Expr *E) {
  if (!E || !E->getType()->isIntegralOrEnumerationType())
    return {};
  if (std::optional<int64_t> Value = constant(Unit.context(), E))
    return known(*Value);
  return compute(E->IgnoreParenImpCasts());
}

AffineIndex LoopIndices::compute(const Expr *E) {
  if (isThreadNumber(E))
    return term(AffineTerm::ThreadNumber, Unit.namedEntity("thread number"));
  if (const VarDecl *V = variableIn(E))
    return variable(V, E);
  if (const auto *Cast = dyn_cast<ExplicitCastExpr>(E))
    return affine(Cast->getSubExpr());
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    return Unary->getOpcode() == UO_Minus  ? scaled(affine(Unary->getSubExpr()), -1)
           : Unary->getOpcode() == UO_Plus ? affine(Unary->getSubExpr())
                                           : AffineIndex();
  const auto *Binary = dyn_cast<BinaryOperator>(E);
  if (!Binary)
    return {};
  AffineIndex Left = affine(Binary->getLHS()), Right = affine(Binary->getRHS());
  switch (Binary->getOpcode()) {
  case BO_Add:
    return sum(Left, Right);
  case BO_Sub:
    return sum(Left, scaled(Right, -1));
  case BO_Mul:
    if (Left.IsKnown && Left.Terms.empty())
      return scaled(Right, Left.Constant);
    return Right.IsKnown && Right.Terms.empty() ? scaled(Left, Right.Constant) : AffineIndex();
  default:
    return {};
  }
}

bool LoopIndices::addPointer(const Expr *&E, AffineIndex Index, bool IsConstant,
                             std::vector<AffineIndex> &To) {
  while (true) {
    E = E->IgnoreParens();
    const auto *Sum = dyn_cast<BinaryOperator>(E);
    if (!Sum || !Sum->isAdditiveOp())
      break;
    bool IsLeft = Sum->getLHS()->getType()->isPointerType();
    const Expr *Count = IsLeft ? Sum->getRHS() : Sum->getLHS();
    IsConstant &= constant(Unit.context(), Count).has_value();
    Index = sum(Index, scaled(affine(Count), Sum->getOpcode() == BO_Sub ? -1 : 1));
    E = IsLeft ? Sum->getLHS() : Sum->getRHS();
  }
  const auto *Cast = dyn_cast<ImplicitCastExpr>(E);
  if (!Cast)
    return false;
  bool IsArray = Cast->getCastKind() == CK_ArrayToPointerDecay;
  if (!IsArray && Cast->getCastKind() != CK_LValueToRValue)
    return false;
  E = Cast->getSubExpr();
  // Paths have no step for what a pointer points to itself.
  if (IsArray || !IsConstant || !Index.IsKnown || Index.Constant != 0)
    To.push_back(std::move(Index));
  return true;
}

bool LoopIndices::addElementOf(const VarDecl *Reference, const Expr *&E, Subscripts &To) {
  if (!Reference->getType()->isReferenceType() || !Declared.count(Reference))
    return false;
  if (auto Range = Ranges.find(Reference); Range != Ranges.end()) {
    To.Indices.push_back(term(AffineTerm::Round, Range->second.second));
    E = Range->second.first->getRangeInit()->IgnoreParenImpCasts();
    return true;
  }
  if (!Reference->getInit())
    return false;
  E = Reference->getInit()->IgnoreParenImpCasts();
  return true;
}

bool LoopIndices::addSubscripts(const Expr *E, bool AsRounds, Subscripts &Result) {
  while (true) {
    E = E->IgnoreParens();
    if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
      E = Subscript->getBase();
      bool IsConstant = constant(Unit.context(), Subscript->getIdx()).has_value();
      if (!addPointer(E, affine(Subscript->getIdx()), IsConstant, Result.Indices))
        return false;
    } else if (const auto *Unary = dyn_cast<UnaryOperator>(E);
               Unary && Unary->getOpcode() == UO_Deref) {
      E = Unary->getSubExpr();
      if (!addPointer(E, known(0), true, Result.Indices))
        return false;
    } else if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      E = Member->getBase()->IgnoreParenImpCasts();
    } else if (const auto *Cast = dyn_cast<ImplicitCastExpr>(E);
               Cast && Cast->getCastKind() == CK_NoOp) {
      E = Cast->getSubExpr();
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
               Operator && Operator->getOperator() == OO_Subscript && Operator->getNumArgs() == 2) {
      Result.Indices.push_back(affine(Operator->getArg(1)));
      E = Operator->getArg(0);
    } else if (const VarDecl *V = variableIn(E); !AsRounds || !V || !addElementOf(V, E, Result)) {
      break;
    }
  }
  // A pointer that changes in the region leads to another place each time.
  const VarDecl *V = variableIn(E);
  if (!V)
    return isa<CXXThisExpr>(E);
  auto Stored = Stores.find(V);
  return !V->getType()->isPointerType() || Stored == Stores.end() ||
         (AsRounds ? Stored->second.size() <= 1 : Declared.count(V));
}

Subscripts LoopIndices::subscripts(const Expr *E) {
  Subscripts Result;
  if (!addSubscripts(E, /*AsRounds=*/false, Result))
    return {};
  bool Any = llvm::any_of(Result.Indices, [](const AffineIndex &Index) { return Index.IsKnown; });
  if (!Any)
    return {};
  for (const AffineIndex &Index : Result.Indices)
    for (const AffineTerm &T : Index.Terms)
      if (auto For = LoopsByNumber.find(T.Variable);
          T.What != AffineTerm::Parameter && For != LoopsByNumber.end()) {
        const IterationRange &Range = Loops[For->second].Range;
        if (T.What != AffineTerm::Symbol && llvm::find(Result.Ranges, Range) == Result.Ranges.end())
          Result.Ranges.push_back(Range);
      }
  llvm::sort(Result.Ranges);
  return Result;
}
