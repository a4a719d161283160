// Walks the control-flow graph of a function, statement by statement, to the ends of life.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/ASTLambda.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Index/USRGeneration.h"

#include <set>

using namespace clang;
using namespace heddle;

FunctionLowering::FunctionLowering(UnitFactsBuilder &Unit, const FunctionDecl *Function,
                                   FunctionId Id, const RegionRequest *Region)
    : Unit(Unit), Context(Unit.context()), Function(Function), Id(Id), Region(Region) {}

Event &FunctionLowering::emit(EventKind Kind, AccessPath Path, clang::SourceRange Where,
                              uint64_t Flags) {
  Event E;
  E.Kind = Kind;
  E.Flags = Flags;
  E.Path = std::move(Path);
  E.Where = Unit.range(Where);
  if (Current)
    E.Statement = statementOf(Current);
  if (Directives)
    placeInTeam(E);
  else if (Indices && Current)
    E.Elements.IsSometimes = Indices->isSometimes(Current);
  Out->push_back(std::move(E));
  return Out->back();
}

uint32_t FunctionLowering::statementOf(const Stmt *E) {
  const Stmt *Whole = E;
  const Stmt *Parent = Parents->getParent(Whole);
  while (Parent && !isa<CompoundStmt, IfStmt, WhileStmt, ForStmt, DoStmt, CXXForRangeStmt,
                        SwitchStmt, CaseStmt, DefaultStmt, LabelStmt, LambdaExpr>(Parent)) {
    Whole = Parent;
    Parent = Parents->getParent(Whole);
  }
  auto [Known, IsNew] = StatementIds.try_emplace(Whole, InvalidId);
  if (!IsNew)
    return Known->second;
  Statement S;
  S.Whole = Unit.withSemicolon(Unit.editableRange(Whole->getSourceRange()));
  S.IsExpression = isa<Expr>(Whole);
  describeStatement(Whole, Parent, S);
  return StatementIds[Whole] = Unit.addStatement(S);
}

namespace {

std::string qualifiedName(const FunctionDecl *Function) {
  PrintingPolicy Policy(Function->getLangOpts());
  Policy.SuppressUnwrittenScope = true;
  std::string Name;
  llvm::raw_string_ostream OS(Name);
  Function->printQualifiedName(OS, Policy);
  return Name;
}

} // namespace

void FunctionLowering::describeFunction() {
  Facts.HasBody = true;
  if (Region)
    return describeRegion();
  llvm::SmallString<128> Usr;
  if (!index::generateUSRForDecl(Function, Usr))
    Facts.Usr = std::string(Usr);
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  Facts.IsLambda = Method && Method->getParent()->isLambda();
  Facts.Name = Facts.IsLambda ? "lambda" : qualifiedName(Function);
  Facts.IsConstructor = isa<CXXConstructorDecl>(Function);
  Facts.IsDestructor = isa<CXXDestructorDecl>(Function);
  Facts.IsMain = Function->isMain();
  Facts.HasThis = Method && Method->isInstance() && !Facts.IsLambda;
  Facts.IsLocalToUnit = !Function->isExternallyVisible();
  Facts.IsPublic =
      !Facts.IsLambda && (Method ? Method->getAccess() == AS_public : !Facts.IsLocalToUnit);
  Facts.IsAssignment = Method && Method->getOverloadedOperator() == OO_Equal;
  Facts.IsOverridable = Method && Method->isVirtual() && !Method->hasAttr<FinalAttr>() &&
                        !Method->getParent()->isEffectivelyFinal();
  Facts.IsConst = Method && Method->isConst() && !Facts.IsLambda;
  Facts.NameRange = Unit.range(Function->getNameInfo().getSourceRange());
  if (!Function->isDefaulted())
    Facts.BodyRange = Unit.range(Function->getBody()->getSourceRange());
  Facts.BodyEnd = Unit.range(Function->getBody()->getEndLoc());
  Facts.Parameters.emplace_back();
  for (const ParmVarDecl *Parameter : Function->parameters()) {
    ParameterSlots[Parameter] = Facts.Parameters.size();
    Facts.Parameters.push_back({Unit.entity(Parameter), Parameter->getType()->isReferenceType()});
  }
  describeFixedParameters();
  describeCancels();
  LockContract Annotated = contract(Unit, Function);
  Facts.Requires = std::move(Annotated.Requires);
  Facts.Acquires = std::move(Annotated.Acquires);
  Facts.Releases = std::move(Annotated.Releases);
  Facts.ChangesLocksAsAnnotated = changesLocks(Function);
  Facts.IsExemptFromAnnotations = Function->hasAttr<NoThreadSafetyAnalysisAttr>();
  describeReturnedReference();
  noteLockParameters();
  describeCopyFunction();
  if (!Facts.IsLambda)
    return;
  for (const LambdaCapture &Capture : Method->getParent()->captures()) {
    uint32_t Slot = Facts.Captures.size();
    bool ByReference = Capture.getCaptureKind() == LCK_ByRef;
    if (Capture.capturesThis()) {
      CapturedThis = {Slot, Capture.getCaptureKind() == LCK_StarThis};
      Facts.Captures.push_back({InvalidId, true});
    } else if (Capture.capturesVariable()) {
      CaptureSlots[Capture.getCapturedVar()] = {Slot, ByReference};
      Facts.Captures.push_back({Unit.entity(Capture.getCapturedVar()), ByReference});
    } else {
      Facts.Captures.emplace_back();
    }
  }
  describeLambdaText(Method->getParent());
}

/// A copy that is not made, up to C++14: what it would copy is built in its place.
static bool isElided(const Stmt *S) {
  const auto *Construct = dyn_cast_or_null<CXXConstructExpr>(S);
  return Construct && Construct->isElidable();
}

static CallExpr::const_arg_range argumentsOf(const Expr *Made) {
  const auto *Call = dyn_cast<CallExpr>(Made);
  return Call ? Call->arguments() : cast<CXXConstructExpr>(Made)->arguments();
}

void FunctionLowering::lowerStatement(const Stmt *S) {
  Current = S;
  if (Unit.Uses.Handlers)
    noteHazard(S);
  if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : Declaration->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D))
        lowerVariable(Variable);
    noteGuardDeclarations(Declaration);
  } else if (const auto *Cast = dyn_cast<CastExpr>(S)) {
    if (Cast->getCastKind() == CK_LValueToRValue) {
      lowerRead(Cast);
      if (QualType Read = Cast->getSubExpr()->getType();
          Read->isRecordType() || isa<TypedefType>(Read.getTypePtr()))
        noteLockCopy(Cast);
    }
  } else if (const auto *Binary = dyn_cast<BinaryOperator>(S)) {
    if (Binary->isAssignmentOp())
      lowerAssignment(Binary);
  } else if (const auto *Unary = dyn_cast<UnaryOperator>(S)) {
    if (Unary->isIncrementDecrementOp()) {
      AccessPath Where = path(Unary->getSubExpr());
      QualType Type = Unary->getSubExpr()->getType();
      uint64_t Flags = describeWrite(Unary->getSubExpr(), nullptr) | Acts |
                       (Unary->isIncrementOp() ? Raises : Lowers);
      if (Type->isAtomicType())
        Flags |= Atomic;
      else if (Type.isVolatileQualified())
        Flags |= Volatile;
      describeElements(emit(EventKind::Update, Where, Unary->getSourceRange(), Flags | Scalar),
                       Unary->getSubExpr());
      if (Unary->getType()->isPointerType())
        emit(EventKind::Store, Where, Unary->getSourceRange()).Values = {Value()};
      judgeChanged(Where, Type, Unary);
    } else if (Unary->getOpcode() == UO_AddrOf) {
      judgeHandedOut(Unary->getSubExpr());
    }
  } else if (const auto *Reference = dyn_cast<DeclRefExpr>(S)) {
    lowerUse(Reference);
  } else if (const auto *List = dyn_cast<InitListExpr>(S); List && List->getType()->isArrayType()) {
    for (const Expr *Each : List->inits())
      loseListed(Each);
  } else if (const auto *Operation = dyn_cast<AtomicExpr>(S)) {
    lowerAtomic(Operation);
  } else if (isa<CallExpr>(S) || isa<CXXConstructExpr>(S)) {
    const auto *Made = cast<Expr>(S);
    const auto *New = dyn_cast_or_null<CXXNewExpr>(Parents->getParent(const_cast<Expr *>(Made)));
    if (New && New->getConstructExpr() == Made) // there is an object before it is built
      noteNew(New);
    if (isElided(Made))
      return;
    lowerCall(Made);
    // The ways on which they were chosen need not be told apart by that any more.
    for (const Expr *Argument : argumentsOf(Made))
      if (const auto *Choice = dyn_cast<ConditionalOperator>(Argument->IgnoreParenImpCasts());
          ChosenArguments.count(Choice))
        emit(EventKind::Store, temporary(Choice), Choice->getSourceRange()).Values = {Value()};
    noteUnnamedDeleter(Made);
    noteDroppedGuard(Made);
    noteLockCopy(Made);
    if (Made->isPRValue() && mayHoldCancel(Made->getType()))
      if (AccessPath Object = temporary(Made);
          Object.root() == RootKind::Temporary && !followsResult(Made))
        emit(EventKind::Escape, Object, Made->getSourceRange());
  } else if (const auto *New = dyn_cast<CXXNewExpr>(S)) {
    if (!New->getConstructExpr())
      noteNew(New);
  } else if (const auto *Delete = dyn_cast<CXXDeleteExpr>(S)) {
    emit(EventKind::Write, value(Delete->getArgument()).pointee(), Delete->getSourceRange(), Ends);
  } else if (isa<LambdaExpr>(S) || isa<ConditionalOperator>(S)) {
    lowerHandovers(S);
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
      judgeCaptures(Lambda);
  } else if (const auto *Suspension = dyn_cast<CoroutineSuspendExpr>(S)) {
    lowerSuspension(Suspension);
  } else if (const auto *Directive = dyn_cast<OMPExecutableDirective>(S)) {
    lowerDirective(Directive);
  } else if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
    Value Held;
    std::vector<Value> Alternatives;
    if (const Expr *Returned = Return->getRetValue()) {
      Current = Returned;
      describeReturnedElement(Returned, Return->getSourceRange());
      if (isPlainHandle(Returned->getType())) {
        if (AccessPath Source = value(Returned).Path; Source.isKnown())
          emit(EventKind::Move, {RootKind::Return, 0}, Return->getSourceRange()).Values = {
              Value::load(Source)};
      } else if (Returned->isGLValue() || isPointerLike(Returned->getType())) {
        storeOverriders(Returned, Returned->getType());
        Alternatives = alternatives(Returned, /*ByReference=*/Returned->isGLValue());
        if (Alternatives.size() == 1)
          Held = std::exchange(Alternatives, {}).front();
      } else if (Returned->getType()->isRecordType())
        storeInto({RootKind::Return, 0}, Returned->getType(), Returned);
      else if (Value Number = value(Returned); Number.What == Value::Constant)
        Held = Number;
      copyInto({RootKind::Return, 0}, Returned->getType(), Returned);
      if (!Returned->isGLValue())
        derive({RootKind::Return, 0}, Returned);
      judgeAssigned({RootKind::Return, 0}, Returned->getType(), Returned);
    }
    Alternatives.insert(Alternatives.begin(), Held);
    emit(EventKind::Return, {}, Return->getSourceRange()).Values = std::move(Alternatives);
  }
}

void FunctionLowering::noteNew(const CXXNewExpr *New) {
  emit(EventKind::Fresh, {RootKind::Heap, site(New)}, New->getSourceRange(),
       isRaw(New) ? Raw : NoFlags);
}

uint64_t FunctionLowering::flagsOfHandle(const TypeMeaning &Type) {
  return (Type.JoinsOnDestroy ? Joins : NoFlags) | (Type.StopsOnDestroy ? Stops : NoFlags) |
         (Type.TerminatesOnDestroy ? Terminates : NoFlags);
}

/// The array that the type is, or is made of.
static const ConstantArrayType *arrayIn(QualType Type, const ASTContext &Context) {
  Type = Type.getNonReferenceType();
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (Record && Record->hasDefinition() && Record->isAggregate() && !Record->field_empty())
    Type = Record->field_begin()->getType();
  return Context.getAsConstantArrayType(Type);
}

void FunctionLowering::lowerEndOfElements(const AccessPath &Container, QualType Type,
                                          clang::SourceRange Where) {
  if (holdsHandle(Type, /*ByEnd=*/true)) {
    emit(EventKind::Destroy, Container.element(), Where, Joins | Ends).Values = {
        Value::load({RootKind::Global, Unit.namedEntity("waits for the end of a task")})};
    return;
  }
  const ConstantArrayType *Array = arrayIn(Type, Context);
  const QualType Held = Array ? Array->getElementType()
                              : typeArgument(Type.getNonReferenceType()->getAsCXXRecordDecl());
  if (Held.isNull() || !hasRole(Held, TypeRole::Guard))
    return;
  emit(EventKind::Destroy, holdsOneGuard(Type) ? Container.elementAt(0) : Container.element(),
       Where, OfGuard);
  // Those that are made in their place have a name each.
  constexpr uint64_t Most = 32;
  for (uint64_t I = Array ? std::min(Array->getZExtSize(), Most) : 0; I-- > 0;)
    emit(EventKind::Destroy, Container.elementAt(I), Where, OfGuard);
}

void FunctionLowering::lowerEndOfArray(const AccessPath &Array, const ArrayType *Type,
                                       clang::SourceRange Where) {
  const QualType Held = Type->getElementType();
  if (holdsHandle(Held, /*ByEnd=*/true) || hasRole(Held, TypeRole::Guard))
    return lowerEndOfElements(Array, {Type, 0}, Where);
  // Threads whose handles end the program are joined by names that are not always followed.
  const CXXRecordDecl *Record = Held->getAsCXXRecordDecl();
  const CXXDestructorDecl *Destructor =
      Record && Record->hasDefinition() ? Record->getDestructor() : nullptr;
  if (Destructor && Unit.function(Destructor) != InvalidId)
    lowerEndOfLife(Array.element(), Held, Where);
}

void FunctionLowering::lowerEndOfLife(const AccessPath &Object, QualType Type,
                                      clang::SourceRange Where) {
  Type = Type.getNonReferenceType();
  if (const ArrayType *Array = Context.getAsArrayType(Type))
    return lowerEndOfArray(Object, Array, Where);
  const TypeMeaning *Meaning = meaning(Type);
  TypeRole Role = Meaning ? Meaning->Role : TypeRole::None;
  switch (Role) {
  case TypeRole::Guard:
    emit(EventKind::Destroy, Object, Where, OfGuard);
    return;
  case TypeRole::SmartPointer:
    if (lowerDeleter(Object, Where))
      return;
    if (ownedGuard(Type))
      emit(EventKind::Destroy, Object.deref(), Where, OfGuard);
    else if (holdsHandle(Type, /*ByEnd=*/true))
      emit(EventKind::Destroy, Object.deref(), Where, Joins);
    return;
  case TypeRole::Thread:
  case TypeRole::Future:
    // Words for the case that the destructor has to wait.
    emit(EventKind::Destroy, Object, Where, flagsOfHandle(*Meaning)).Values = {
        Value::load({RootKind::Global, Unit.namedEntity("waits for the end of a task")})};
    return;
  case TypeRole::Deferred: {
    Event &E = emit(EventKind::CallValue, {}, Where);
    E.Values = {Value::load(Object)};
    return;
  }
  case TypeRole::Container:
    lowerEndOfElements(Object, Type, Where);
    return;
  default:
    break;
  }
  if (Meaning)
    return;
  if (isScopedCapability(Type->getAsCXXRecordDecl())) {
    emit(EventKind::Destroy, Object, Where);
    return;
  }
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return;
  const CXXDestructorDecl *Destructor = Record->getDestructor();
  FunctionId Callee = Destructor ? Unit.function(Destructor) : InvalidId;
  if (Callee != InvalidId) {
    Event &E = emit(EventKind::Call, {}, Where);
    E.Callee = Callee;
    E.Values = {Value::pointsTo(Object)};
    // Which locks its guards hold, only who made the object knows.
    lowerEndOfGuards(Object, Record, Where);
  } else if (!Destructor || !Destructor->isUserProvided()) {
    lowerEndOfParts(Object, Record, Where);
  } else {
    lowerEndByContract(Object, Destructor, Where);
  }
}

void FunctionLowering::lowerEndOfGuards(const AccessPath &Object, const CXXRecordDecl *Record,
                                        clang::SourceRange Where) {
  if (!Record || !Record->hasDefinition() || Record->hasTrivialDestructor() || Record->isUnion())
    return;
  for (const FieldDecl *Field : Record->fields()) {
    AccessPath Part = Object.field(Unit.entity(Field));
    const TypeMeaning *Meaning = meaning(Field->getType());
    if (Meaning ? Meaning->Role == TypeRole::Guard
                : isScopedCapability(Field->getType()->getAsCXXRecordDecl()))
      emit(EventKind::Destroy, Part, Where, OfGuard);
    else if (ownedGuard(Field->getType()) || Field->getType()->isArrayType())
      lowerEndOfLife(Part, Field->getType(), Where);
    else if (!Meaning)
      lowerEndOfGuards(Part, Field->getType()->getAsCXXRecordDecl(), Where);
  }
  for (const CXXBaseSpecifier &Base : Record->bases())
    lowerEndOfGuards(Object, Base.getType()->getAsCXXRecordDecl(), Where);
}

void FunctionLowering::lowerEndOfParts(const AccessPath &Object, const CXXRecordDecl *Record,
                                       clang::SourceRange Where) {
  if (Record->hasTrivialDestructor() || Record->isUnion())
    return;
  std::vector<const FieldDecl *> Fields(Record->field_begin(), Record->field_end());
  for (const FieldDecl *Field : llvm::reverse(Fields))
    lowerEndOfLife(Object.field(Unit.entity(Field)), Field->getType(), Where);
  for (const CXXBaseSpecifier &Base : llvm::reverse(Record->bases()))
    lowerEndOfLife(Object, Base.getType(), Where);
}

void FunctionLowering::lowerElement(const CFGElement &Element) {
  if (Directives && isElsewhere(Element))
    return;
  AccessPath This = AccessPath(RootKind::Parameter, 0).deref();
  clang::SourceRange End(body()->getEndLoc());
  Current = nullptr;
  switch (Element.getKind()) {
  case CFGElement::Statement:
  case CFGElement::Constructor:
  case CFGElement::CXXRecordTypedCall:
    lowerStatement(Element.castAs<CFGStmt>().getStmt());
    break;
  case CFGElement::Initializer:
    lowerInitializer(Element.castAs<CFGInitializer>().getInitializer());
    break;
  case CFGElement::AutomaticObjectDtor: {
    auto Ends = Element.castAs<CFGAutomaticObjDtor>();
    const VarDecl *Variable = Ends.getVarDecl();
    const Stmt *Trigger = Ends.getTriggerStmt();
    clang::SourceRange Where =
        Trigger ? clang::SourceRange(Trigger->getEndLoc()) : clang::SourceRange(End);
    lowerEndOfLife(variablePath(Variable), Variable->getType(), Where);
    break;
  }
  case CFGElement::TemporaryDtor: {
    const auto *Bound = Element.castAs<CFGTemporaryDtor>().getBindTemporaryExpr();
    const Stmt *User = Parents->getParent(Bound);
    while (isa_and_nonnull<MaterializeTemporaryExpr, CastExpr, ParenExpr>(User))
      User = Parents->getParent(User);
    if (isElided(User))
      break; // it lives on as what it would have been copied to
    lowerEndOfLife(path(Bound), Bound->getType(), Bound->getSourceRange());
    break;
  }
  case CFGElement::MemberDtor: {
    const FieldDecl *Field = Element.castAs<CFGMemberDtor>().getFieldDecl();
    lowerEndOfLife(This.field(Unit.entity(Field)), Field->getType(), End);
    break;
  }
  case CFGElement::BaseDtor:
    lowerEndOfLife(This, Element.castAs<CFGBaseDtor>().getBaseSpecifier()->getType(), End);
    break;
  case CFGElement::DeleteDtor: {
    const CXXDeleteExpr *Delete = Element.castAs<CFGDeleteDtor>().getDeleteExpr();
    lowerEndOfLife(value(Delete->getArgument()).pointee(), Delete->getDestroyedType(),
                   Delete->getSourceRange());
    break;
  }
  case CFGElement::LifetimeEnds: {
    auto Ends = Element.castAs<CFGLifetimeEnds>();
    const VarDecl *Variable = Ends.getVarDecl();
    const Stmt *Trigger = Ends.getTriggerStmt();
    if (!isa<ParmVarDecl>(Variable) && !Variable->hasGlobalStorage() &&
        !Variable->getType()->isReferenceType())
      emit(EventKind::End, variablePath(Variable),
           Trigger ? clang::SourceRange(Trigger->getEndLoc()) : End);
    break;
  }
  case CFGElement::CleanupFunction:
    lowerCleanup(Element.castAs<CFGCleanupFunction>());
    break;
  case CFGElement::ScopeBegin:
    if (const VarDecl *Variable = Element.castAs<CFGScopeBegin>().getVarDecl())
      emit(EventKind::Fresh, {RootKind::Local, Unit.entity(Variable)}, Variable->getSourceRange());
    break;
  default:
    break;
  }
}

void FunctionLowering::lowerBlock(const CFGBlock &Source, uint32_t Index) {
  std::vector<Event> Events;
  Out = &Events;
  // Declarations come to life before their initialisers run, which the graph lists first.
  std::set<const VarDecl *> Declared;
  for (const CFGElement &Element : Source)
    if (auto Statement = Element.getAs<CFGStmt>())
      if (const auto *Declaration = dyn_cast<DeclStmt>(Statement->getStmt()))
        for (const Decl *D : Declaration->decls())
          if (const auto *Variable = dyn_cast<VarDecl>(D);
              Variable && !Variable->hasGlobalStorage() && !isElsewhere(Declaration) &&
              llvm::none_of(ChosenVariables,
                            [&](const auto &Entry) { return Entry.second == Variable; }))
            emit(EventKind::Fresh, {RootKind::Local, Unit.entity(Variable)},
                 Variable->getSourceRange(), isRaw(Variable) ? Raw : NoFlags);
  CurrentBlock = &Source;
  for (const CFGElement &Element : Source)
    lowerElement(Element);
  // What ?: chooses is built before the graph comes to the declaration.
  if (auto Chosen = ChosenVariables.find(Source.getTerminatorStmt());
      Chosen != ChosenVariables.end() && !Chosen->second->hasGlobalStorage())
    emit(EventKind::Fresh, {RootKind::Local, Unit.entity(Chosen->second)},
         Chosen->second->getSourceRange());
  // The graph lists the ends of parameters on some ways only.
  if (&Source == &Graph->getExit())
    for (const ParmVarDecl *Parameter : Function->parameters())
      if (!Parameter->getType()->isReferenceType())
        emit(EventKind::End, variablePath(Parameter),
             clang::SourceRange(Function->getBody()->getEndLoc()));
  Facts.Blocks[Index].Events = std::move(Events);
  Facts.Blocks[Index].Leaves = leaving(Source);
}

FunctionFacts FunctionLowering::run() {
  if (Context.getLangOpts().OpenMP) {
    Directives =
        std::make_unique<OpenMPRegions>(Context, body(), Region ? Region->Directive : nullptr);
    if (Directives->empty())
      Directives.reset();
  }
  describeFunction();
  CFG::BuildOptions Options;
  Options.setAllAlwaysAdd();
  Options.AddImplicitDtors = true;
  Options.AddLifetime = true;
  Options.AddStaticInitBranches = true;
  Options.AddTemporaryDtors = true;
  Options.AddInitializers = true;
  Options.AddCXXDefaultInitExprInCtors = true;
  Options.AddRichCXXConstructors = false;
  Options.PruneTriviallyFalseEdges = true;
  const Decl *Owner = Function;
  if (Region)
    Owner = Region->Directive->getInnermostCapturedStmt()->getCapturedDecl();
  Graph = CFG::buildCFG(Owner, const_cast<Stmt *>(body()), &Context, Options);
  if (!Graph) {
    Facts.Blocks.resize(2);
    Facts.HasBody = false;
    return std::move(Facts);
  }
  for (const CFGBlock *B : Graph->try_blocks())
    if (const auto *Try = dyn_cast_or_null<CXXTryStmt>(B->getTerminatorStmt()))
      TryDispatches.emplace_back(Try, B);
  Parents = std::make_unique<ParentMap>(const_cast<Stmt *>(body()));
  for (unsigned I = 0; Directives && I < Directives->size(); ++I)
    if (const auto *D = (*Directives)[I].Clang; D->hasAssociatedStmt())
      Parents->addStmt(const_cast<Stmt *>(D->getRawStmt()));
  const OpenMPRegions None(Context, nullptr, nullptr); // outlives all use of Indices
  bool HasLoops = llvm::any_of(*Graph, [](const CFGBlock *B) {
    return isa_and_nonnull<ForStmt, CXXForRangeStmt>(B->getTerminatorStmt());
  });
  bool HasNumbers = llvm::any_of(Function->parameters(), [](const ParmVarDecl *Given) {
    return Given->getType()->isIntegralOrEnumerationType();
  });
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  if (Directives || HasLoops || HasNumbers || (Method && isLambdaCallOperator(Method)))
    Indices = std::make_unique<LoopIndices>(Unit, Directives ? *Directives : None, body(), *Parents,
                                            Function, Region ? Region->Kind : RegionKind::None);
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function))
    for (const CXXCtorInitializer *Initializer : Constructor->inits())
      if (Initializer->getInit())
        Parents->addStmt(Initializer->getInit());
  describeCaptures();
  BlockIndex[Graph->getEntry().getBlockID()] = FunctionFacts::EntryBlock;
  BlockIndex[Graph->getExit().getBlockID()] = FunctionFacts::ExitBlock;
  uint32_t Next = 2;
  // Clang numbers blocks from the exit up; going down keeps the order of the source.
  std::vector<const CFGBlock *> Order(Graph->begin(), Graph->end());
  llvm::sort(Order, [](const CFGBlock *A, const CFGBlock *B) {
    return A->getBlockID() > B->getBlockID();
  });
  for (const CFGBlock *B : Order)
    if (B != &Graph->getEntry() && B != &Graph->getExit())
      BlockIndex[B->getBlockID()] = Next++;
  Facts.Blocks.resize(Next);
  collectTargets();
  // What is captured is set where it was declared, too.
  Settings = LocalSettings(
      *Graph, *Parents, [&](const VarDecl *Variable) { return CaptureSlots.count(Variable) != 0; });
  for (const CFGBlock *B : Order)
    lowerBlock(*B, BlockIndex[B->getBlockID()]);
  lowerDestructorEntry();
  for (const CFGBlock *B : Order)
    lowerEdges(*B, BlockIndex[B->getBlockID()]);
  for (auto [Try, Dispatch] : TryDispatches)
    Facts.TryBlocks.push_back(
        {Unit.range(Try->getTryBlock()->getSourceRange()), BlockIndex[Dispatch->getBlockID()]});
  describeLoops();
  lowerRegionEnds();
  describeInitializers();
  describeAtomics();
  describeOffers();
  describeGuards();
  describeCoroutine();
  dropPrivateAccesses();
  dropIdleJudgements();
  return std::move(Facts);
}
