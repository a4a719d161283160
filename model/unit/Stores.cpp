// What variables, fields and elements are set to: by initialisers and by assignments.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace heddle;

void FunctionLowering::target(const Expr *Initializer, const AccessPath &Where) {
  const Expr *E = Initializer;
  while (E) {
    if (const auto *Full = dyn_cast<FullExpr>(E))
      E = Full->getSubExpr();
    else if (const auto *Bound = dyn_cast<CXXBindTemporaryExpr>(E))
      E = Bound->getSubExpr();
    else if (const auto *Materialized = dyn_cast<MaterializeTemporaryExpr>(E))
      E = Materialized->getSubExpr();
    else if (const auto *Paren = dyn_cast<ParenExpr>(E))
      E = Paren->getSubExpr();
    else if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(E))
      E = Default->getExpr();
    else if (const auto *Cast = dyn_cast<CastExpr>(E); Cast && E->getType()->isRecordType())
      E = Cast->getSubExpr();
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(E);
             Construct && Construct->isElidable() && Construct->getNumArgs() >= 1)
      E = Construct->getArg(0);
    else
      break;
  }
  if (const auto *Choice = dyn_cast_or_null<ConditionalOperator>(E)) {
    target(Choice->getTrueExpr(), Where);
    target(Choice->getFalseExpr(), Where);
    return;
  }
  if (const auto *List = dyn_cast_or_null<InitListExpr>(E)) {
    if (const ArrayType *Array = Context.getAsArrayType(List->getType())) {
      // Which of them is cancelled, no subscript has to say.
      if (mayHoldCancel(Array->getElementType()))
        return;
      for (unsigned I = 0; I < List->getNumInits(); ++I)
        target(List->getInit(I), Where.elementAt(I));
      return;
    }
    // The array inside of a container is the container.
    if (hasRole(List->getType(), TypeRole::Container) && List->getNumInits() == 1)
      return target(List->getInit(0), Where);
    const CXXRecordDecl *Record = List->getType()->getAsCXXRecordDecl();
    if (!Record || Record->isUnion() || !Record->isAggregate() || Record->getNumBases() > 0)
      return;
    unsigned Next = 0;
    for (const FieldDecl *Field : Record->fields())
      if (!Field->isUnnamedBitField() && Next < List->getNumInits())
        target(List->getInit(Next++), Where.field(Unit.entity(Field)));
    return;
  }
  if (const auto *Lambda = dyn_cast_or_null<LambdaExpr>(E)) {
    const auto *Init = Lambda->capture_init_begin();
    for (const FieldDecl *Field : Lambda->getLambdaClass()->fields())
      if (const Expr *Captured = *Init++; hasRole(Field->getType(), TypeRole::Guard))
        target(Captured, Where.field(Unit.entity(Field)));
    return;
  }
  if (E && E->getType()->isRecordType() && (isa<CXXConstructExpr>(E) || isa<CallExpr>(E)))
    Targets[E] = Where;
}

namespace {

/// A reference that is the only name of the object that its initialiser makes.
bool isLifetimeExtended(const VarDecl *Variable) {
  const Expr *Init = Variable->getInit()->IgnoreImpCasts();
  if (const auto *Full = dyn_cast<FullExpr>(Init))
    Init = Full->getSubExpr()->IgnoreImpCasts();
  const auto *Made = dyn_cast<MaterializeTemporaryExpr>(Init);
  return Made && Made->getExtendingDecl() == Variable && !Variable->hasGlobalStorage();
}

} // namespace

/// Without what is written around the list of an aggregate.
static const Expr *bare(const Expr *E) {
  E = E->IgnoreImplicit();
  while (const auto *Cast = dyn_cast<ExplicitCastExpr>(E))
    E = Cast->getSubExpr()->IgnoreImplicit();
  return E;
}

/// `c ? &lock : nullptr`, or the other way round.
static const ConditionalOperator *choiceOfNull(const Expr *Argument, ASTContext &Context) {
  const auto *Choice = dyn_cast<ConditionalOperator>(Argument->IgnoreParenImpCasts());
  if (!Choice || !Choice->getType()->isPointerType() ||
      !Choice->getType()->getPointeeType()->isRecordType())
    return nullptr;
  auto IsNull = [&](const Expr *E) {
    std::optional<Value> Known = constantOf(E, Context);
    return Known && Known->Number == 0;
  };
  return IsNull(Choice->getTrueExpr()) != IsNull(Choice->getFalseExpr()) ? Choice : nullptr;
}

void FunctionLowering::targetArguments(const Stmt *S) {
  auto Aim = [&](const Expr *Argument) {
    if (const ConditionalOperator *Choice = choiceOfNull(Argument, Context))
      ChosenArguments.insert(Choice);
    if (Argument->getType()->isRecordType() && isa<InitListExpr>(bare(Argument)))
      target(bare(Argument), temporary(bare(Argument)));
  };
  if (const auto *Call = dyn_cast<CallExpr>(S))
    llvm::for_each(Call->arguments(), Aim);
  else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S))
    llvm::for_each(Construct->arguments(), Aim);
}

void FunctionLowering::collectTargets() {
  for (const CFGBlock *B : *Graph)
    for (const CFGElement &Element : *B) {
      if (auto Init = Element.getAs<CFGInitializer>()) {
        const CXXCtorInitializer *Member = Init->getInitializer();
        if (Member->isAnyMemberInitializer())
          target(Member->getInit(), AccessPath(RootKind::Parameter, 0)
                                        .deref()
                                        .field(Unit.entity(Member->getAnyMember())));
        else
          target(Member->getInit(), AccessPath(RootKind::Parameter, 0).deref());
        continue;
      }
      auto Statement = Element.getAs<CFGStmt>();
      if (!Statement)
        continue;
      const Stmt *S = Statement->getStmt();
      targetArguments(S);
      if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
        for (const Decl *D : Declaration->decls())
          if (const auto *Variable = dyn_cast<VarDecl>(D);
              Variable && Variable->getInit() &&
              (!Variable->getType()->isReferenceType() || isLifetimeExtended(Variable))) {
            const Expr *Built = Variable->getInit()->IgnoreImplicit();
            while (const auto *Copy = dyn_cast<CXXConstructExpr>(Built)) {
              if (!Copy->isElidable() || Copy->getNumArgs() == 0)
                break;
              Built = Copy->getArg(0)->IgnoreImplicit();
            }
            if (isa<ConditionalOperator>(Built) && Built->getType()->isRecordType())
              ChosenVariables[Built] = Variable;
            target(Variable->getInit(),
                   {Variable->hasGlobalStorage() ? RootKind::Global : RootKind::Local,
                    Unit.entity(Variable)});
          }
      } else if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
        target(Lambda, temporary(Lambda)); // if it becomes no variable, which is seen later
      } else if (const auto *New = dyn_cast<CXXNewExpr>(S)) {
        if (const Expr *Init = New->getInitializer())
          target(Init, {RootKind::Heap, site(New)});
        if (const CXXConstructExpr *Construct = New->getConstructExpr())
          Targets[Construct] = {RootKind::Heap, site(New)};
      } else if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
        if (Return->getRetValue() && Return->getRetValue()->getType()->isRecordType())
          target(Return->getRetValue(), {RootKind::Return, 0});
      }
    }
}

void FunctionLowering::storeInto(const AccessPath &Where, QualType Type, const Expr *Initializer) {
  if (!Initializer)
    return;
  clang::SourceRange Range = Initializer->getSourceRange();
  if (Type->isReferenceType()) {
    if (AccessPath Named = path(Initializer); !(Named == Where)) {
      Value Held = Value::pointsTo(Named);
      if (Indices && !Directives)
        Indices->choose(Held, Initializer);
      emit(EventKind::Store, Where, Range).Values = {std::move(Held)};
    }
    return;
  }
  if (isPointerLike(Type)) {
    storeOverriders(Initializer, Type);
    Value Held = value(Initializer);
    if (Held == Value::load(Where))
      return;
    return store(Where, Type, std::move(Held), Range);
  }
  // What a call returned or a moved object held arrives here; objects built in place are here.
  if (const auto *List = dyn_cast<InitListExpr>(Initializer->IgnoreImplicit()))
    return storeFields(Where, List);
  if (Type->isRecordType()) {
    if (AccessPath Origin = standsFor(Initializer); Origin.isKnown()) {
      emit(EventKind::Store, Where, Range).Values = {Value::pointsTo(Origin)};
      return;
    }
    // One with a meaning is moved there by its constructor.
    const auto *Made = dyn_cast<CXXConstructExpr>(Initializer->IgnoreImplicit());
    if (Made && !Made->isElidable() && Made->getConstructor()->isCopyOrMoveConstructor() &&
        meaning(Type))
      return;
    AccessPath Source = path(Initializer);
    if (Source.isKnown() && !(Source == Where)) {
      storeCallables(Where, Initializer);
      emit(EventKind::Move, Where, Range).Values = {Value::load(Source)};
    }
  }
}

void FunctionLowering::storeFields(const AccessPath &Object, const InitListExpr *List) {
  const RecordDecl *Record = List->getType()->getAsRecordDecl();
  const auto *Class = dyn_cast_or_null<CXXRecordDecl>(Record);
  if (!Record || (Class && (!Class->isAggregate() || Class->getNumBases() > 0)))
    return;
  auto Store = [&](const FieldDecl *Field, const Expr *Init) {
    bool IsList = isa<InitListExpr>(Init->IgnoreImplicit());
    bool IsFollowed = Field->getType()->isReferenceType() || isPointerLike(Field->getType());
    if (!isa<ImplicitValueInitExpr>(Init) && (IsList || IsFollowed))
      storeInto(Object.field(Unit.entity(Field)), Field->getType(), Init);
  };
  if (Record->isUnion()) {
    if (const FieldDecl *Field = List->getInitializedFieldInUnion(); Field && List->getNumInits())
      Store(Field, List->getInit(0));
    return;
  }
  unsigned Next = 0;
  for (const FieldDecl *Field : Record->fields())
    if (!Field->isUnnamedBitField() && Next < List->getNumInits())
      Store(Field, List->getInit(Next++));
}

/// What was waited for, cannot be copied and does something when it ends may own a lock; which one,
/// only the library knows that resumes its waiters.
bool FunctionLowering::isAwaitedOwner(const VarDecl *Variable) {
  const CXXRecordDecl *Record = Variable->getType()->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition() || meaning(Variable->getType()))
    return false;
  const auto *Await = dyn_cast<CoawaitExpr>(Variable->getInit()->IgnoreUnlessSpelledInSource());
  bool IsCopied = Record->hasSimpleCopyConstructor() ||
                  llvm::any_of(Record->ctors(), [](const CXXConstructorDecl *C) {
                    return C->isCopyConstructor() && !C->isDeleted();
                  });
  return Await && !IsCopied && Record->hasNonTrivialDestructor();
}

void FunctionLowering::lowerVariable(const VarDecl *Variable) {
  // What is known before the program runs, nobody waits for.
  if (Variable->isStaticLocal() && Variable->getInit() && !Variable->hasConstantInitialization())
    emit(EventKind::Signal, Unit.initializationOf(Variable), Variable->getSourceRange());
  if (!Variable->getInit())
    noteElements(Variable);
  if (Variable->hasGlobalStorage() || !Variable->getInit())
    return;
  AccessPath Where(RootKind::Local, Unit.entity(Variable));
  // Which locks several guards hold is not followed: any, from here to their end.
  const ArrayType *Array = Context.getAsArrayType(Variable->getType());
  if (Array ? hasRole(Array->getElementType(), TypeRole::Guard)
            : hasRole(Variable->getType(), TypeRole::Container) &&
                  ownedGuard(Variable->getType()) && !holdsOneGuard(Variable->getType()))
    emit(EventKind::GuardMake, Where.element(), Variable->getSourceRange()).Values = {Value()};
  else if (isAwaitedOwner(Variable) || bundlesGuard(Variable->getType()))
    emit(EventKind::GuardMake, Where, Variable->getSourceRange(), Adopted).Values = {Value()};
  // A number that a pointer was made into, to be handed over: what matters is what it stands for.
  if (const Expr *Bare = Variable->getInit()->IgnoreParenCasts();
      Variable->getType()->isIntegerType() && Bare->getType()->isPointerType()) {
    Value Held = value(Variable->getInit());
    if (Held.isKnown())
      emit(EventKind::Store, Where, Variable->getSourceRange()).Values = {Held};
  }
  loseHandle(Variable->getInit());
  storeInto(Where, Variable->getType(), Variable->getInit());
  noteElements(Variable);
  noteDeleter(Variable, Where);
  copyInto(Where, Variable->getType(), Variable->getInit());
  judgeAssigned(Where, Variable->getType(), Variable->getInit());
  if (!Variable->getType()->isReferenceType())
    derive(Where, Variable->getInit());
}

/// Whether to set such an object up is nothing but to write it.
static bool isPlainData(const TypeMeaning *Meaning) {
  return !Meaning || Meaning->Role == TypeRole::None || Meaning->Role == TypeRole::Container ||
         Meaning->Role == TypeRole::SmartPointer || Meaning->Role == TypeRole::Callable ||
         Meaning->Role == TypeRole::Atomic;
}

/// Whether the object that is being made was given to a thread, or to a function that may do so.
static bool isHandedOn(const FunctionFacts &Facts, llvm::ArrayRef<Event> Latest) {
  const AccessPath This(RootKind::Parameter, 0);
  std::function<bool(const Value &)> Leads = [&](const Value &Given) {
    return (Given.Path.isKnown() && Given.Path.startsWith(This)) ||
           llvm::any_of(Given.Bound, Leads);
  };
  auto Tells = [&](const Event &E) {
    return (E.Kind == EventKind::Spawn && llvm::any_of(E.Values, Leads)) ||
           (E.Kind == EventKind::Call && llvm::any_of(llvm::drop_begin(E.Values), Leads));
  };
  return llvm::any_of(Facts.Blocks,
                      [&](const Block &B) { return llvm::any_of(B.Events, Tells); }) ||
         llvm::any_of(Latest, Tells);
}

void FunctionLowering::lowerInitializer(const CXXCtorInitializer *Initializer) {
  if (!Initializer->isAnyMemberInitializer())
    return;
  const FieldDecl *Field = Initializer->getAnyMember();
  AccessPath Where = AccessPath(RootKind::Parameter, 0).deref().field(Unit.entity(Field));
  storeInto(Where, Field->getType(), Initializer->getInit());
  // Until a thread has been told of the object, nobody else can notice.
  if (!isHandedOn(Facts, *Out) || !isPlainData(meaning(Field->getType())) ||
      Field->getType()->isReferenceType())
    return;
  const Expr *Init = Initializer->getInit();
  if (const auto *Default = dyn_cast_or_null<CXXDefaultInitExpr>(Init))
    Init = Default->getExpr();
  const bool IsWritten = Initializer->isWritten() || (Init && Init != Initializer->getInit());
  emit(EventKind::Write, Where, IsWritten ? Init->getSourceRange() : Field->getSourceRange(),
       Field->getType()->isRecordType() ? NoFlags : Scalar);
}

void FunctionLowering::lowerAssignment(const BinaryOperator *Assignment) {
  AccessPath Where = path(Assignment->getLHS());
  bool IsCompound = Assignment->isCompoundAssignmentOp();
  uint64_t Flags = describeWrite(Assignment->getLHS(), Assignment->getRHS());
  QualType Type = Assignment->getLHS()->getType();
  emit(IsCompound ? EventKind::Update : EventKind::Write, Where,
       Assignment->getLHS()->getSourceRange(),
       (IsCompound ? uint64_t(Acts) : Flags) | (Type->isAtomicType() ? Atomic : NoFlags) |
           (Type->isRecordType() ? NoFlags : Scalar));
  describeElements(Out->back(), Assignment->getLHS());
  if (Assignment->getOpcode() == BO_Assign)
    noteConstant(Out->back(), Assignment->getRHS());
  else
    Out->back().Flags |= countingFlags(Assignment);
  if (Type->isAtomicType())
    lowerAtomicAssignment(Assignment);
  else if (Type.isVolatileQualified())
    noteVolatileWrite(Assignment);
  loseHandle(Assignment->getRHS());
  copyInto(Where, Type, Assignment->getRHS());
  if (IsCompound)
    judgeChanged(Where, Type, Assignment);
  else
    judgeAssigned(Where, Type, Assignment->getRHS());
  if (isPointerLike(Type)) {
    Value Held = Assignment->isCompoundAssignmentOp() ? Value() : value(Assignment->getRHS());
    storeOverriders(Assignment->getRHS(), Type);
    store(Where, Type, std::move(Held), Assignment->getSourceRange());
  }
  derive(Where, Assignment->getRHS(), IsCompound ? Adds : NoFlags);
}
