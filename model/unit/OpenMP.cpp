// OpenMP: directives that start threads or tasks, share out work, keep threads apart or let them
// meet. Source: OpenMP API 5.2, chapters 5 (data environment), 10–12 and 15.
#include "model/unit/FunctionLowering.h"
#include "model/unit/WaysAround.h"

#include "clang/AST/OpenMPClause.h"
#include "clang/AST/StmtOpenMP.h"

using namespace clang;
using namespace heddle;

const Stmt *FunctionLowering::body() const {
  return Region ? Region->Directive->getRawStmt() : Function->getBody();
}

void FunctionLowering::describeRegion() {
  const OpenMPRegions::Directive &Info = (*Directives)[0];
  clang::SourceRange Pragma = Info.Clang->getSourceRange();
  Facts.Region = Region->Kind;
  Facts.Parent = Region->Parent;
  Facts.Name = Info.Clang->getDirectiveKind() == llvm::omp::OMPD_task ? "task" : "region";
  Facts.IsLocalToUnit = true;
  Facts.NameRange = Unit.range(Pragma);
  Facts.BodyRange = Unit.range(body()->getSourceRange());
  Facts.BodyEnd = Unit.range(body()->getEndLoc());
  Facts.Parameters.emplace_back();
  if (Info.UsesThis) {
    CapturedThis = {0, false};
    Facts.Captures.push_back({InvalidId, true});
  }
  for (const VarDecl *Variable : Info.Used) {
    bool IsCopy = Info.Privates.count(Variable);
    CaptureSlots[Variable] = {Facts.Captures.size(), !IsCopy};
    Facts.Captures.push_back({Unit.entity(Variable), !IsCopy});
  }
  // What orders tasks is meant as it is outside, whatever they have of it themselves.
  for (const auto *Depend : Info.Clang->getClausesOfKind<OMPDependClause>())
    for (unsigned I = 0; I < Depend->varlist_size(); ++I)
      Facts.Captures.push_back({InvalidId, true});
}

namespace {

/// The object that an item of a depend clause stands for; of a section of an array, the array.
const Expr *dependence(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  while (const auto *Section = dyn_cast<ArraySectionExpr>(E))
    E = Section->getBase()->IgnoreParenImpCasts();
  return E;
}

/// Whether the clause says which objects it is about.
bool namesObjects(const OMPDependClause *Depend) {
  auto IsNamed = [](const Expr *E) {
    while (true) {
      E = dependence(E);
      if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
        E = Subscript->getBase();
      else if (const auto *Member = dyn_cast<MemberExpr>(E))
        E = Member->getBase();
      else if (const auto *Unary = dyn_cast<UnaryOperator>(E);
               Unary && Unary->getOpcode() == UO_Deref)
        E = Unary->getSubExpr();
      else
        return isa<DeclRefExpr, CXXThisExpr>(E);
    }
  };
  OpenMPDependClauseKind Kind = Depend->getDependencyKind();
  bool IsPlain = Kind == OMPC_DEPEND_in || Kind == OMPC_DEPEND_out || Kind == OMPC_DEPEND_inout ||
                 Kind == OMPC_DEPEND_mutexinoutset || Kind == OMPC_DEPEND_inoutset;
  return IsPlain && !Depend->getModifier() && llvm::all_of(Depend->varlist(), IsNamed);
}

} // namespace

Value FunctionLowering::regionClosure(const OMPExecutableDirective *D, FunctionId Callee) {
  const OpenMPRegions::Directive &Info = (*Directives)[Directives->indexOf(D)];
  Value Result;
  Result.What = Value::Closure;
  Result.Callee = Callee;
  if (Info.UsesThis) {
    // The same object as around, by whatever name it has there.
    if (CapturedThis) {
      AccessPath Slot(RootKind::Capture, CapturedThis->first);
      Result.Bound.push_back(CapturedThis->second ? Value::pointsTo(Slot) : Value::load(Slot));
    } else {
      Result.Bound.push_back(Value::load({RootKind::Parameter, 0}));
    }
  }
  for (const VarDecl *Variable : Info.Used) {
    Value Captured;
    if (!Info.Privates.count(Variable))
      Captured = Value::pointsTo(variablePath(Variable));
    else if (Info.Copies.count(Variable) && isPointerLike(Variable->getType()))
      Captured = Value::load(variablePath(Variable));
    Result.Bound.push_back(std::move(Captured));
  }
  for (const auto *Depend : D->getClausesOfKind<OMPDependClause>())
    for (const Expr *E : Depend->varlist())
      Result.Bound.push_back(Value::pointsTo(path(dependence(E))));
  return Result;
}

AccessPath FunctionLowering::privateCopy(const VarDecl *Variable) const {
  int Around = Current ? Directives->around(Current) : Region ? 0 : -1;
  if (!Directives->isPrivate(Variable, Around))
    return {};
  // A pointer that every thread has a copy of still leads to the same object.
  if (Region && (*Directives)[0].Copies.count(Variable->getCanonicalDecl()) &&
      CaptureSlots.count(Variable) && Variable->getType()->isPointerType())
    return {};
  return {RootKind::Local, Unit.entity(Variable)};
}

bool FunctionLowering::isElsewhere(const Stmt *S) const {
  return Directives && Directives->isElsewhere(Directives->around(S));
}

bool FunctionLowering::isElsewhere(const CFGElement &Element) const {
  switch (Element.getKind()) {
  case CFGElement::Statement:
  case CFGElement::Constructor:
  case CFGElement::CXXRecordTypedCall:
    return isElsewhere(Element.castAs<CFGStmt>().getStmt());
  case CFGElement::AutomaticObjectDtor:
    return Directives->isElsewhere(
        Directives->around(Element.castAs<CFGAutomaticObjDtor>().getVarDecl()));
  case CFGElement::TemporaryDtor:
    return isElsewhere(Element.castAs<CFGTemporaryDtor>().getBindTemporaryExpr());
  case CFGElement::DeleteDtor:
    return isElsewhere(Element.castAs<CFGDeleteDtor>().getDeleteExpr());
  case CFGElement::ScopeBegin:
    if (const VarDecl *Variable = Element.castAs<CFGScopeBegin>().getVarDecl())
      return Directives->isElsewhere(Directives->around(Variable));
    return false;
  default:
    return false;
  }
}

uint32_t FunctionLowering::teamContext(int Directive, bool IsAtomic) {
  auto [Known, IsNew] = Contexts.try_emplace({Directive, IsAtomic}, InvalidId);
  if (!IsNew)
    return Known->second;
  TeamContext Result;
  auto AddLock = [&](const std::string &Name) {
    Result.Locks.emplace_back(RootKind::Global, Unit.namedEntity(Name));
  };
  if (IsAtomic)
    AddLock("atomic");
  for (int I = Directive; I >= 0; I = (*Directives)[I].Parent) {
    const OpenMPRegions::Directive &Info = (*Directives)[I];
    OpenMPDirectiveKind Kind = Info.Clang->getDirectiveKind();
    if (const auto *Critical = dyn_cast<OMPCriticalDirective>(Info.Clang)) {
      std::string Name = Critical->getDirectiveName().getAsString();
      AddLock(Name.empty() ? "critical" : "critical(" + Name + ")");
    }
    bool IsOwn = Region && I == 0;
    if (Result.Work != WorkKind::Everybody || (Info.Region != RegionKind::None && !IsOwn))
      continue;
    if (isa<OMPSectionDirective>(Info.Clang)) {
      Result.Work = WorkKind::Section;
      Result.Part = Info.Part + 1;
      I = Info.Parent >= 0 ? Info.Parent : I;
    } else if (isa<OMPSectionsDirective, OMPParallelSectionsDirective>(Info.Clang)) {
      Result.Work = WorkKind::Section;
    } else if (isa<OMPSingleDirective>(Info.Clang)) {
      Result.Work = WorkKind::Single;
    } else if (isa<OMPMasterDirective, OMPMaskedDirective, OMPParallelMasterDirective,
                   OMPParallelMaskedDirective>(Info.Clang)) {
      Result.Work = WorkKind::Master;
    } else if (const auto *Loop = dyn_cast<OMPLoopDirective>(Info.Clang);
               Loop && (isOpenMPWorksharingDirective(Kind) || isOpenMPDistributeDirective(Kind) ||
                        isOpenMPTaskLoopDirective(Kind) || isOpenMPGenericLoopDirective(Kind))) {
      Result.Work = WorkKind::Loop;
      Result.Variables = Indices->distributedBy(I);
      const auto *Ordered = Loop->getSingleClause<OMPOrderedClause>();
      Result.IsOrdered = Ordered && Ordered->getNumForLoops();
    } else {
      continue;
    }
    // One number for each construct: that of the context of the construct itself.
    Result.Construct = I == Directive && !IsAtomic ? InvalidId : teamContext(I, false);
  }
  // Ordered sections of one loop follow one another.
  for (int I = Directive; I >= 0; I = (*Directives)[I].Parent)
    if (isa<OMPOrderedDirective>((*Directives)[I].Clang))
      AddLock("ordered");
  bool IsFirst = Result.Construct == InvalidId;
  uint32_t Id = Unit.addTeamContext(Result);
  if (IsFirst)
    Unit.teamContext(Id).Construct = Id;
  return Contexts[{Directive, IsAtomic}] = Id;
}

void FunctionLowering::placeInTeam(Event &E) {
  int Around = Current ? Directives->around(Current) : Region ? 0 : -1;
  if (Around < 0 || isElsewhere(Current))
    return;
  bool IsAtomic = false;
  bool IsAccess =
      E.Kind == EventKind::Read || E.Kind == EventKind::Write || E.Kind == EventKind::Update;
  if (const auto *Atomic = dyn_cast<OMPAtomicDirective>((*Directives)[Around].Clang);
      Atomic && IsAccess && Atomic->getX())
    IsAtomic = path(Atomic->getX()) == E.Path;
  E.Context = teamContext(Around, IsAtomic);
}

void FunctionLowering::joinTasks(clang::SourceRange Where, bool Descendants) {
  emit(EventKind::Join, {RootKind::Global, Unit.namedEntity("tasks")}, Where);
  if (Descendants)
    emit(EventKind::Join, AccessPath(RootKind::Global, Unit.namedEntity("tasks")).deref(), Where);
}

void FunctionLowering::lowerRegionStart(const OMPExecutableDirective *D, RegionKind Kind) {
  FunctionId Callee = Unit.region({D, Id, Kind}, Function);
  clang::SourceRange Where = D->getSourceRange();
  bool IsLeft = isLeftBehind(Context, *D);
  AccessPath Handle = IsLeft ? AccessPath(RootKind::Global, Unit.namedEntity("tasks"))
                             : AccessPath(RootKind::Temporary, (Id << 12) + Callee);
  Value Closure = regionClosure(D, Callee);
  Event &E = emit(EventKind::Spawn, Handle, Where, Kind == RegionKind::Task ? NoFlags : Parallel);
  E.Callee = Callee;
  E.Values.push_back(std::move(Closure));
  if (IsLeft)
    return;
  emit(EventKind::Join, Handle, Where);
  waitForDependences(D);
}

void FunctionLowering::lowerCombination(const OMPExecutableDirective *D) {
  // At the end every thread adds what it has, one after the other.
  auto Combine = [&](llvm::ArrayRef<const Expr *> List) {
    for (const Expr *E : List) {
      AccessPath Combined = path(E);
      if (!Combined.isKnown())
        continue;
      Event &Update = emit(EventKind::Update, Combined, D->getSourceRange());
      TeamContext Here;
      if (Update.Context != InvalidId)
        Here = Unit.teamContext(Update.Context);
      Here.Locks.emplace_back(RootKind::Global, Unit.namedEntity("reduction"));
      Update.Context = Unit.addTeamContext(std::move(Here));
    }
  };
  for (const auto *Reduction : D->getClausesOfKind<OMPReductionClause>())
    Combine(Reduction->getVarRefs());
  for (const auto *Last : D->getClausesOfKind<OMPLastprivateClause>())
    Combine(Last->getVarRefs());
}

void FunctionLowering::lowerDependences(const OMPExecutableDirective *D,
                                        llvm::function_ref<AccessPath(const Expr *)> PathOf) {
  clang::SourceRange Where = D->getSourceRange();
  bool NamesAll = true;
  // Who writes follows all who name the object; who reads follows who writes.
  for (const auto *Depend : D->getClausesOfKind<OMPDependClause>()) {
    NamesAll &= namesObjects(Depend);
    for (const Expr *E : Depend->varlist()) {
      AccessPath Object = PathOf(E);
      AccessPath Written = Object.field(Unit.namedEntity("depend(written)"));
      AccessPath Read = Object.field(Unit.namedEntity("depend(read)"));
      bool Reads = Depend->getDependencyKind() == OMPC_DEPEND_in;
      emit(EventKind::Wait, Written, Where);
      emit(EventKind::Signal, Reads ? Read : Written, Where);
      if (!Reads)
        emit(EventKind::Wait, Read, Where);
    }
  }
  // Where it is not known which object is meant, it may be any that another one names.
  AccessPath Any(RootKind::Global, Unit.namedEntity("depend(any)"));
  AccessPath Unknown(RootKind::Global, Unit.namedEntity("depend(unknown)"));
  emit(EventKind::Wait, Unknown, Where);
  emit(EventKind::Signal, Any, Where);
  if (NamesAll)
    return;
  emit(EventKind::Wait, Any, Where);
  emit(EventKind::Signal, Unknown, Where);
}

void FunctionLowering::waitForDependences(const OMPExecutableDirective *D) {
  if (!D->hasClausesOfKind<OMPDependClause>())
    return;
  std::vector<Event> Order, *Before = Out;
  auto Lower = [&](const OMPExecutableDirective *Of, std::vector<Event> &To) {
    Out = &To;
    lowerDependences(Of, [&](const Expr *E) { return path(dependence(E)); });
    Out = Before;
  };
  auto IsWait = [](const Event &E) { return E.Kind == EventKind::Wait; };
  auto IsRepeated = [&](const Stmt *S) {
    while (S && !isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(S))
      S = Parents->getParent(S);
    return S != nullptr;
  };
  std::vector<Event> Own;
  Lower(D, Own);
  llvm::copy_if(Own, std::back_inserter(Order), IsWait);
  // What a task waits for that is waited for has come before as well. It waits for those that were
  // made before it; in loops that may be any.
  bool AnyOrder = IsRepeated(D);
  std::vector<std::vector<Event>> Others;
  for (int I = Directives->size(), At = Directives->indexOf(D); I-- > 0;) {
    const OMPExecutableDirective *Other = (*Directives)[I].Clang;
    if (Other == D || !Other->hasClausesOfKind<OMPDependClause>())
      continue;
    bool Repeats = IsRepeated(Other);
    AnyOrder |= Repeats;
    if (I < At || Repeats || AnyOrder)
      Lower(Other, Others.emplace_back());
  }
  auto IsWaitedFor = [&](const Event &E) {
    return E.Kind == EventKind::Signal &&
           llvm::any_of(Order, [&](const Event &Wait) { return Wait.Path == E.Path; });
  };
  std::vector<bool> Done(Others.size());
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (size_t I = 0; I < Others.size(); ++I) {
      if (Done[I] || !llvm::any_of(Others[I], IsWaitedFor))
        continue;
      // Of what it would wait for, what somebody gives who may have come before.
      for (size_t Giver = AnyOrder ? 0 : I + 1; Giver < Others.size(); ++Giver)
        if (Giver != I)
          llvm::copy_if(Others[I], std::back_inserter(Order), [&](const Event &E) {
            return IsWait(E) && llvm::any_of(Others[Giver], [&](const Event &Given) {
                     return Given.Kind == EventKind::Signal && Given.Path == E.Path;
                   });
          });
      Done[I] = true;
      Changed = AnyOrder;
    }
  }
  Out->insert(Out->end(), Order.begin(), Order.end());
}

void FunctionLowering::lowerDirective(const OMPExecutableDirective *D) {
  if (RegionKind Kind = regionKind(Context, *D); Kind != RegionKind::None)
    return lowerRegionStart(D, Kind);
  clang::SourceRange Where = D->getSourceRange();
  OpenMPDirectiveKind Kind = D->getDirectiveKind();
  if (const auto *Operation = dyn_cast<OMPAtomicDirective>(D); Operation && Operation->getX()) {
    AccessPath Object = path(Operation->getX());
    if (!D->hasClausesOfKind<OMPWriteClause>() &&
        (D->hasClausesOfKind<OMPReadClause>() || D->hasClausesOfKind<OMPCaptureClause>()))
      emit(EventKind::Wait, Object, Where);
    if (!D->hasClausesOfKind<OMPReadClause>())
      emit(EventKind::Signal, Object, Where);
    return;
  }
  if (isOpenMPTargetDataManagementDirective(Kind) && !D->hasClausesOfKind<OMPNowaitClause>())
    return waitForDependences(D);
  if (Kind == llvm::omp::OMPD_taskwait && D->hasClausesOfKind<OMPDependClause>())
    return waitForDependences(D);
  if (Kind == llvm::omp::OMPD_taskwait)
    return joinTasks(Where, false);
  if (Kind == llvm::omp::OMPD_taskgroup)
    return joinTasks(Where, true);
  if (isOpenMPWorksharingDirective(Kind) || isOpenMPDistributeDirective(Kind))
    lowerCombination(D);
  if (Kind == llvm::omp::OMPD_barrier || endsWithBarrier(*D)) {
    joinTasks(Where, true);
    emit(EventKind::Barrier, {}, Where).Values = {Value::constant(Unit.nextNumber())};
  }
}

void FunctionLowering::lowerRegionEnds() {
  if (Directives)
    addWaysAround(
        *Directives, *Graph, BlockIndex,
        [&](const Stmt *S) { return Unit.range(S->getSourceRange()); }, Facts.Blocks);
  if (!Region)
    return;
  Current = nullptr;
  std::vector<Event> Order;
  if (Region->Directive->hasClausesOfKind<OMPDependClause>()) {
    // What the task waits for comes before all else in it, what waits for the task after.
    Out = &Order;
    uint32_t Slot = Facts.Captures.size();
    for (const auto *Depend : Region->Directive->getClausesOfKind<OMPDependClause>())
      Slot -= Depend->varlist_size();
    lowerDependences(Region->Directive,
                     [&](const Expr *) { return AccessPath(RootKind::Capture, Slot++).deref(); });
    for (Event &E : Order)
      if (E.Kind == EventKind::Wait)
        Facts.Blocks[FunctionFacts::EntryBlock].Events.push_back(E);
  }
  // No thread leaves a team before its tasks are done.
  for (Block &B : Facts.Blocks)
    for (Edge &Way : B.Successors)
      if (Way.To == FunctionFacts::ExitBlock) {
        Out = &Way.Events;
        if (Region->Kind != RegionKind::Task)
          joinTasks(body()->getEndLoc(), true);
        for (const Event &E : Order)
          if (E.Kind == EventKind::Signal)
            Out->push_back(E);
      }
}

void FunctionLowering::lowerTeamCondition(const Expr *Condition, Block &Result) {
  if (Result.Successors.size() != 2)
    return;
  Current = Condition;
  unsigned Way = 0;
  const Expr *E = Condition->IgnoreParenImpCasts();
  if (const auto *Not = dyn_cast<UnaryOperator>(E); Not && Not->getOpcode() == UO_LNot)
    E = Not->getSubExpr()->IgnoreParenImpCasts();
  else if (const auto *Compare = dyn_cast<BinaryOperator>(E); !Compare || !Compare->isEqualityOp())
    Way = 1; // `if (me)`: one thread goes the other way
  AffineIndex Left, Right;
  if (const auto *Compare = dyn_cast<BinaryOperator>(E); Compare && Compare->isEqualityOp()) {
    Way = Compare->getOpcode() == BO_EQ ? 0 : 1;
    Left = Indices->affine(Compare->getLHS());
    Right = Indices->affine(Compare->getRHS());
  } else {
    Left = Indices->affine(E);
    Right.IsKnown = true;
  }
  if (!Left.IsKnown && Right.IsKnown)
    std::swap(Left, Right);
  auto IsOwn = [](const AffineTerm &T) {
    return T.What == AffineTerm::Distributed || T.What == AffineTerm::ThreadNumber;
  };
  if (!Left.IsKnown || llvm::none_of(Left.Terms, IsOwn)) {
    if (llvm::none_of(Right.Terms, IsOwn))
      return;
    std::swap(Left, Right);
  }
  if (Left.Terms.size() != 1)
    return;
  bool IsConstant = Right.IsKnown && Right.Terms.empty();
  Out = &Result.Successors[Way].Events;
  // Compared with something of its own, every thread may come this way, but each for itself.
  if (!Right.IsKnown || llvm::any_of(Right.Terms, IsOwn))
    return;
  emit(EventKind::Choose, {}, Condition->getSourceRange()).Values = {
      Value::constant(IsConstant && Left.Terms[0].Factor == 1 ? Left.Terms[0].Variable : InvalidId),
      Value::constant(IsConstant ? Right.Constant - Left.Constant : 0)};
}

namespace {

/// Whether the element is one of an array or container that is named, not of what a pointer or a
/// view says.
bool isOfNamedArray(const Expr *E, llvm::function_ref<bool(QualType)> IsContainer) {
  bool HasSubscript = false;
  while (true) {
    E = E->IgnoreParens();
    const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E);
    const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
    if (Subscript) {
      const auto *Decay = dyn_cast<ImplicitCastExpr>(Subscript->getBase()->IgnoreParens());
      if (!Decay || Decay->getCastKind() != CK_ArrayToPointerDecay)
        return false;
      E = Decay->getSubExpr();
    } else if (Operator && Operator->getOperator() == OO_Subscript && Operator->getNumArgs() == 2 &&
               IsContainer(Operator->getArg(0)->getType())) {
      E = Operator->getArg(0)->IgnoreParenImpCasts();
    } else if (const auto *Member = dyn_cast<MemberExpr>(E);
               Member && (HasSubscript || !Member->isArrow())) {
      E = Member->getBase()->IgnoreParenImpCasts();
    } else {
      return HasSubscript && (isa<DeclRefExpr>(E) || isa<CXXThisExpr>(E));
    }
    HasSubscript |= Subscript || Operator;
  }
}

/// Whether something in the body of a loop may keep a round from getting to its end.
bool mayLeaveRound(const Stmt *S) {
  if (!S || isa<LambdaExpr>(S))
    return false;
  return isa<BreakStmt, ContinueStmt, ReturnStmt, GotoStmt, CXXThrowExpr>(S) ||
         llvm::any_of(S->children(), mayLeaveRound);
}

/// Whether each round of the loops around comes by. A condition may be there to share the elements
/// out among the threads.
bool isDoneInEveryRound(const ParentMap &Parents, const Stmt *S) {
  bool IsConditional = false;
  for (const Stmt *Parent = Parents.getParent(S); Parent; Parent = Parents.getParent(S)) {
    const auto *For = dyn_cast<ForStmt>(Parent);
    if (For && (IsConditional || For->getBody() != S || mayLeaveRound(For->getBody())))
      return false;
    IsConditional |= !For && !isa<Expr, CompoundStmt, DeclStmt>(Parent);
    IsConditional |= isa<AbstractConditionalOperator>(Parent) ||
                     (isa<BinaryOperator>(Parent) && cast<BinaryOperator>(Parent)->isLogicalOp());
    S = Parent;
  }
  return true;
}

} // namespace

void FunctionLowering::describeElements(Event &Access, const Expr *E) {
  if (!Indices || !Access.Path.isKnown() || isElsewhere(Current))
    return;
  auto IsContainer = [&](QualType Type) { return hasRole(Type, TypeRole::Container); };
  const bool IsSometimes = Access.Elements.IsSometimes;
  if (Directives || (isOfNamedArray(E, IsContainer) && isDoneInEveryRound(*Parents, E)))
    Access.Elements = Indices->subscripts(E);
  if (!Directives && Access.Elements.Indices.empty())
    Access.Elements = Indices->rounds(E);
  Access.Elements.IsSometimes = IsSometimes;
}
