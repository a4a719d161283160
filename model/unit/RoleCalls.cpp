// What calls mean by the role of the type they are made on, and calls of the project's own
// functions and of unknown ones.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace heddle;

FunctionId FunctionLowering::lockMember(QualType Lock, const TypeMeaning &Guard) {
  Lock = Lock.getNonReferenceType();
  const CXXRecordDecl *Record = Lock->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition() || Guard.LocksBy.empty() || meaning(Lock) ||
      isCapability(Lock))
    return InvalidId;
  for (; Record; Record = Record->getNumBases() == 1
                              ? Record->bases_begin()->getType()->getAsCXXRecordDecl()
                              : nullptr)
    for (const NamedDecl *Named : Record->lookup(&Context.Idents.get(Guard.LocksBy)))
      if (const auto *Method = dyn_cast<CXXMethodDecl>(Named);
          Method && !Method->isVirtual() && !Method->isStatic() && Method->getNumParams() == 0)
        return Unit.function(Method);
  return InvalidId;
}

void FunctionLowering::lowerGuardConstruction(const CallSite &Call, const TypeMeaning &Guard) {
  uint64_t Flags = (Guard.Shared ? Shared : NoFlags) | (Guard.Lenient ? uint64_t(Lenient) : 0);
  std::vector<Value> Locks;
  for (const Expr *Argument : Call.Arguments) {
    const TypeMeaning *Type = meaning(Argument->getType());
    TypeRole Role = Type ? Type->Role : TypeRole::None;
    if (Role == TypeRole::DeferTag)
      Flags |= Deferred;
    else if (Role == TypeRole::AdoptTag)
      Flags |= Adopted;
    else if (Role == TypeRole::TryTag)
      Flags |= Tried;
    else if (isa<CXXDefaultArgExpr>(Argument))
      continue; // no word of the caller's: the place of the call, for reports
    else if (Argument->isGLValue()) {
      Locks.push_back(Value::pointsTo(path(Argument)));
      Locks.back().Callee = lockMember(Argument->getType(), Guard);
      Flags |= lockFlags(Argument->getType());
    } else if (Argument->getType()->isPointerType()) {
      Locks.push_back(value(Argument));
      Locks.back().Callee = lockMember(Argument->getType()->getPointeeType(), Guard);
      Flags |= lockFlags(Argument->getType()->getPointeeType());
    } else if (!Argument->getType()->isArithmeticType())
      Flags |= Tried; // a timeout: the lock may not be taken; a truth value says how, not whether
  }
  if (Locks.size() == 1) {
    describeLockIndex(Call.Arguments[0], Call.Whole->getSourceRange());
    describeLockChoice(Call.Arguments[0], Call.Whole->getSourceRange());
  }
  if (Call.Constructed.root() == RootKind::Heap && Call.Constructed.isRootOnly())
    emit(EventKind::Fresh, Call.Constructed, Call.Whole->getSourceRange());
  emit(EventKind::GuardMake, Call.Constructed, Call.Whole->getSourceRange(), Flags).Values = Locks;
}

void FunctionLowering::lowerGuardSource(const CallSite &Call, const CallMeaning &M) {
  if (!M.Source)
    return;
  uint64_t Flags = Deferred | lockFlags(Call, M.Source);
  emit(EventKind::GuardMake, operandObject(Call, M.Lock), Call.Whole->getSourceRange(),
       Flags | (M.Shared ? uint64_t(Shared) : NoFlags))
      .Values = {Value::pointsTo(operandObject(Call, M.Source))};
}

bool heddle::isFixedContainer(QualType Container) {
  const CXXRecordDecl *Record = Container.getNonReferenceType()->getAsCXXRecordDecl();
  return Record && Record->hasDefinition() && Record->isAggregate();
}

/// What an access to a container as a whole is to.
static uint64_t structureOf(QualType Container) {
  return isFixedContainer(Container) ? uint64_t(NoFlags) : uint64_t(heddle::Container);
}

void FunctionLowering::lowerContainerCall(const CallSite &Call, uint64_t Flags) {
  const auto *Method = cast<CXXMethodDecl>(Call.Callee);
  AccessPath Object = objectPath(Call);
  clang::SourceRange Where = Call.Whole->getSourceRange();
  QualType Type = Context.getCanonicalTagType(Method->getParent());
  if (Method->isConst()) {
    if (!isFixedContainer(Type))
      emit(EventKind::Read, Object, Where, Container);
    return;
  }
  bool IsKnown = Flags & (Inserts | Removes);
  Flags |= describeContainerWrite(Call);
  if (!IsKnown && !(Flags & Inserts))
    Flags &= ~Acts;
  emit(EventKind::Write, Object, Where, structureOf(Type) | Flags);
  if (Method->getOverloadedOperator() == OO_Equal && !Call.Arguments.empty())
    derive(Object, Call.Arguments[0]);
  if (Method->isCopyAssignmentOperator())
    emit(EventKind::Read, path(Call.Arguments[0]), Where, structureOf(Type));
  if (Flags & Removes)
    lowerEndOfElements(Object, Call.Object->getType(), Where);
  // What goes in can be reached as an element. A container of threads that is given a callable
  // starts one.
  const QualType Held = typeArgument(Method->getParent());
  if (!Held.isNull() && lowerSpawnInPlace(Call, Held, Object.element()))
    return;
  for (const Expr *Argument : Call.Arguments)
    if (Argument->getType()->isRecordType() || isPointerLike(Argument->getType())) {
      if (!Held.isNull())
        storeOverriders(Argument, Held);
      if (const auto *List = dyn_cast<InitListExpr>(Argument->IgnoreImplicit()))
        storeFields(path(Argument), List);
      offer(Object.element(), Argument->getType(), Argument);
      AccessPath Source = path(Argument);
      if (Source.isKnown())
        emit(EventKind::Move, Object.element(), Where).Values = {Value::load(Source)};
      putElement(Object.element(), Argument);
      loseListed(Argument);
    } else {
      loseHandle(Argument);
    }
}

bool FunctionLowering::lowerByRole(const CallSite &Call) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  const auto *Constructor = dyn_cast<CXXConstructorDecl>(Call.Callee);
  const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
  QualType Type = Constructor   ? Call.Whole->getType()
                  : Call.Object ? (Call.ObjectIsPointer ? Call.Object->getType()->getPointeeType()
                                                        : Call.Object->getType())
                                : QualType();
  const TypeMeaning *Meaning = Type.isNull() ? nullptr : meaning(Type);
  if (!Meaning)
    return false;
  bool IsAssignment = Method && Method->getOverloadedOperator() == OO_Equal;
  if (lowerGuardOwner(Call, Type))
    return true;
  if (Constructor && Constructor->isCopyOrMoveConstructor()) {
    Value Source = value(Call.Arguments[0]);
    if (isPointerLike(Type) && Constructor->isCopyConstructor())
      emit(EventKind::Read, path(Call.Arguments[0]), Where);
    if (Meaning->Role == TypeRole::Container && Constructor->isCopyConstructor())
      emit(EventKind::Read, path(Call.Arguments[0]), Where, structureOf(Type));
    if (isHandle(Type) && Constructor->isCopyConstructor())
      return true; // a shared future is copied, and the first one stays what it was
    if (Source.What == Value::Load && !isPointerLike(Type))
      emit(EventKind::Move, Call.Constructed, Where,
           Meaning->Role == TypeRole::Guard ? uint64_t(OfGuard) : NoFlags)
          .Values = {Source};
    else if (Source.isKnown())
      emit(EventKind::Store, Call.Constructed, Where).Values = {Source};
    return true;
  }
  switch (Meaning->Role) {
  case TypeRole::Guard:
    if (Constructor)
      lowerGuardConstruction(Call, *Meaning);
    else if (IsAssignment)
      emit(EventKind::Move, objectPath(Call), Where, uint64_t(OfGuard) | Replaces).Values = {
          Value::load(path(Call.Arguments[0]))};
    return true;
  case TypeRole::Cancel:
    // Kept for later, where nobody says on which ways it is set.
    if (IsAssignment)
      handOver(Call.Arguments[0]);
    return true;
  case TypeRole::Thread:
  case TypeRole::Future:
    if (IsAssignment && Meaning->JoinsOnDestroy)
      emit(EventKind::Destroy, objectPath(Call), Where, flagsOfHandle(*Meaning));
    if (IsAssignment)
      emit(EventKind::Move, objectPath(Call), Where).Values = {
          Value::load(path(Call.Arguments[0]))};
    else if (Constructor && !Call.Arguments.empty() && isHandle(Call.Arguments[0]->getType()))
      storeInto(Call.Constructed, Type, Call.Arguments[0]); // a shared future out of another one
    return true;
  case TypeRole::StopSource:
    if (Constructor)
      emit(EventKind::CancelMake, Call.Constructed, Where, Stops);
    else if (IsAssignment)
      emit(EventKind::Escape, objectPath(Call), Where);
    return true;
  case TypeRole::Semaphore:
    if (Constructor)
      emit(EventKind::ChannelMake, Call.Constructed, Where, Semaphore).Values = {
          Call.Arguments.empty() ? Value() : value(Call.Arguments[0])};
    return true;
  case TypeRole::SmartPointer:
  case TypeRole::Callable:
  case TypeRole::Reference:
  case TypeRole::Channel:
  case TypeRole::Sender:
  case TypeRole::Receiver:
    if (Constructor) {
      if (!Call.Arguments.empty())
        store(Call.Constructed, Type, callValue(Call.Whole), Where);
    } else if (Method->getOverloadedOperator() == OO_Call) {
      AccessPath Object = objectPath(Call);
      handOverArguments(Call);
      std::vector<Value> Arguments = argumentValues(Call, {Operand::Kind::From, 0});
      emit(EventKind::Read, Object, Where);
      Event &E = emit(EventKind::CallValue, resultPath(Call), Where);
      E.Values.push_back(Value::load(Object));
      for (Value &Argument : Arguments)
        E.Values.push_back(std::move(Argument));
    } else if (Method->isConst()) {
      emit(EventKind::Read, objectPath(Call), Where);
    } else {
      AccessPath Object = objectPath(Call);
      emit(EventKind::Write, Object, Where);
      if (IsAssignment && !Call.Arguments.empty())
        handOver(Call.Arguments[0]);
      lowerEndOfLife(Object, Type, Where);
      // A pointer that an owner is given is what it owns from then on.
      bool IsOwned = Meaning->Role == TypeRole::SmartPointer && !Call.Arguments.empty() &&
                     Call.Arguments[0]->getType()->isPointerType();
      Value Held =
          (IsAssignment || IsOwned) && !Call.Arguments.empty() ? value(Call.Arguments[0]) : Value();
      if (IsAssignment)
        store(Object, Type, std::move(Held), Where);
      else
        emit(EventKind::Store, Object, Where).Values = {std::move(Held)};
    }
    return true;
  case TypeRole::Deferred:
    if (Constructor && !Call.Arguments.empty()) {
      Value Callable = argument(Call.Arguments[0], Call.Arguments[0]->getType());
      if (Callable.What == Value::Function && Call.Arguments.size() > 1) {
        Callable.What = Value::Closure;
        Callable.Bound.emplace_back(); // in the place of an object
        for (Value &Argument : argumentValues(Call, {Operand::Kind::From, 1}))
          Callable.Bound.push_back(std::move(Argument));
      }
      emit(EventKind::Store, Call.Constructed, Where).Values = {Callable};
      // From here on no way out of the scope leaves it uncalled.
      handOver(Call.Arguments[0]);
    }
    return true;
  case TypeRole::Container:
    if (!Constructor && Method)
      lowerContainerCall(Call);
    else if (Call.Arguments.size() == 1)
      storeCallables(Call.Constructed.element(), Call.Arguments[0]);
    return true;
  case TypeRole::None:
    return false;
  default:
    return true;
  }
}

std::vector<Value> FunctionLowering::callSlots(const CallSite &Call) {
  Value Object;
  if (Call.Constructed.isKnown())
    Object = Value::pointsTo(Call.Constructed);
  else if (Call.Object)
    Object = Call.ObjectIsPointer ? value(Call.Object) : Value::pointsTo(path(Call.Object));
  std::vector<Value> Slots{Object};
  for (unsigned I = 0; I < Call.Arguments.size() && I < Call.Callee->getNumParams(); ++I)
    Slots.push_back(argument(Call.Arguments[I], Call.Callee->getParamDecl(I)->getType()));
  return Slots;
}

/// The constructor that takes the arguments: the only one that takes as many, or that takes just
/// these types. Null if that is not known.
static const CXXConstructorDecl *constructorFor(const CXXRecordDecl *Record,
                                                llvm::ArrayRef<const Expr *> Arguments) {
  const CXXConstructorDecl *Fitting = nullptr, *Exact = nullptr;
  unsigned Count = 0;
  for (const CXXConstructorDecl *Each : Record->ctors()) {
    if (Each->isDeleted() || Each->isCopyOrMoveConstructor() || Each->isVariadic() ||
        Arguments.size() < Each->getMinRequiredArguments() ||
        Arguments.size() > Each->getNumParams())
      continue;
    Fitting = Each;
    ++Count;
    auto Parameters = Each->parameters().take_front(Arguments.size());
    if (llvm::all_of(llvm::zip(Parameters, Arguments), [](const auto &Pair) {
          auto [Parameter, Argument] = Pair;
          return Parameter->getType()
                     .getNonReferenceType()
                     .getCanonicalType()
                     .getUnqualifiedType() ==
                 Argument->getType().getCanonicalType().getUnqualifiedType();
        }))
      Exact = Each;
  }
  bool HasTemplates = llvm::any_of(Record->decls(), [](const Decl *D) {
    const auto *Template = dyn_cast<FunctionTemplateDecl>(D);
    return Template && isa<CXXConstructorDecl>(Template->getTemplatedDecl());
  });
  return HasTemplates ? nullptr : Count == 1 ? Fitting : Exact;
}

void FunctionLowering::lowerConstruction(const CallSite &Call, Operand Arguments,
                                         const AccessPath &Object) {
  const CXXRecordDecl *Record = pointedRecord(Call.Whole->getType());
  if (!Record || !isProjectCode(Context, Record) || Arguments.What != Operand::Kind::From ||
      Arguments.Index > Call.Arguments.size())
    return;
  CallSite Construction{Call.Whole, nullptr, nullptr, false, Object, {}};
  Construction.Arguments.append(Call.Arguments.begin() + Arguments.Index, Call.Arguments.end());
  const CXXConstructorDecl *Constructor = constructorFor(Record, Construction.Arguments);
  FunctionId Callee = Constructor ? Unit.function(Constructor) : InvalidId;
  if (Callee == InvalidId)
    return;
  Construction.Callee = Constructor;
  storeOverriders(Construction);
  lowerProjectCall(Construction, Callee);
}

void FunctionLowering::lowerProjectCall(const CallSite &Call, FunctionId Callee) {
  const uint64_t BeginsLater = beginsLater(Call) ? Deferred : NoFlags;
  const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
  // A lambda that is called where it can be seen: its captures come along.
  if (Method && Method->getParent()->isLambda() && Call.Object) {
    Value Lambda = value(Call.Object);
    std::vector<Value> Arguments;
    for (unsigned I = 0; I < Call.Arguments.size(); ++I)
      Arguments.push_back(argument(Call.Arguments[I], Method->getParamDecl(I)->getType()));
    Event &E = emit(EventKind::CallValue, resultPath(Call), Call.Whole->getSourceRange());
    E.Flags |= BeginsLater;
    E.Values.push_back(std::move(Lambda));
    for (Value &Argument : Arguments)
      E.Values.push_back(std::move(Argument));
    return;
  }
  std::vector<Value> Slots = callSlots(Call);
  describeArguments(Call, Slots.size());
  describeDrawnArguments(Call);
  Event &E = emit(EventKind::Call, resultPath(Call), Call.Whole->getSourceRange());
  E.Flags |= BeginsLater;
  E.Callee = Callee;
  E.Values = std::move(Slots);
}

namespace {

/// An lvalue or pointer behind which there is a plain number and nothing else.
bool leadsToNumber(const Expr *Argument) {
  const Expr *Bare = Argument->IgnoreParenCasts();
  QualType Type = Bare->getType();
  if (!Argument->isGLValue() || !Bare->isGLValue()) {
    if (!Type->isPointerType())
      return false;
    Type = Type->getPointeeType();
  }
  return Type->isArithmeticType() && !Type->isAnyCharacterType();
}

} // namespace

/// See UnseenSections.h.
static Value markOf(EntityId Unseen) {
  Value Result = Value::pointsTo({RootKind::Global, Unseen});
  Result.Number = 1 + Unseen;
  return Result;
}

void FunctionLowering::lowerUnknownCall(const CallSite &Call) {
  std::vector<Value> Reached;
  if (AccessPath Object = objectPath(Call); Object.isKnown())
    Reached.push_back(Value::pointsTo(Object));
  for (const Expr *Argument : Call.Arguments) {
    Value Passed = Argument->isGLValue() ? Value::pointsTo(path(Argument)) : value(Argument);
    bool IsFollowed =
        Passed.What == Value::PointsTo || Passed.What == Value::Load || Passed.isCallable();
    if (!IsFollowed)
      continue;
    if (Call.Callee && leadsToNumber(Argument))
      Passed.Number = 1 + Unit.entity(Call.Callee);
    Reached.push_back(std::move(Passed));
  }
  bool IsLibrary = Call.Callee && !isProjectCode(Context, Call.Callee);
  const auto *Constructor = dyn_cast_or_null<CXXConstructorDecl>(Call.Callee);
  bool IsMember = Call.Callee && isa<CXXMethodDecl>(Call.Callee) &&
                  cast<CXXMethodDecl>(Call.Callee)->isInstance();
  if (Call.Callee && !IsLibrary && Call.Arguments.empty() && !Call.Callee->isDefined() &&
      Call.Callee->getReturnType()->isVoidType() && (Constructor || !IsMember))
    Reached.push_back(markOf(Unit.entity(Call.Callee)));
  emit(EventKind::UnknownCall, resultPath(Call), Call.Whole->getSourceRange(),
       IsLibrary ? Library : NoFlags)
      .Values = std::move(Reached);
}

void FunctionLowering::noteNewResult(const CallSite &Call) {
  AccessPath Returned = resultPath(Call);
  if (Returned.root() != RootKind::Temporary ||
      (!Call.Whole->isGLValue() && !isPointerLike(Call.Whole->getType())))
    return;
  const Stmt *Around = Call.Whole;
  while (Around && !isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(Around))
    Around = Parents->getParent(Around);
  if (Around)
    emit(EventKind::Fresh, Returned, Call.Whole->getSourceRange());
}

void FunctionLowering::lowerAdvance(const CXXOperatorCallExpr *Operator) {
  OverloadedOperatorKind Kind = Operator->getOperator();
  bool Advances =
      Kind == OO_PlusPlus || Kind == OO_MinusMinus || Kind == OO_PlusEqual || Kind == OO_MinusEqual;
  if (!Advances || !isPointerLike(Operator->getArg(0)->getType()))
    return;
  AccessPath Iterator = path(Operator->getArg(0));
  emit(EventKind::Store, Iterator, Operator->getSourceRange()).Values = {Value::load(Iterator)};
}

bool FunctionLowering::isLook(const CallSite &Call) {
  const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call.Whole);
  if (!Operator || !Call.Callee || isProjectCode(Context, Call.Callee) ||
      !isPointerLike(Operator->getArg(0)->getType()))
    return false;
  switch (Operator->getOperator()) {
  case OO_Star:
    return Operator->getNumArgs() == 1;
  case OO_Arrow:
  case OO_EqualEqual:
  case OO_ExclaimEqual:
  case OO_Less:
  case OO_LessEqual:
  case OO_Greater:
  case OO_GreaterEqual:
    return true;
  default:
    return false;
  }
}

void FunctionLowering::lowerCall(const Expr *E) {
  CallSite Call = callSite(E);
  judgeArguments(Call);
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E))
    lowerAdvance(Operator);
  if (!Call.Callee) {
    const auto *Plain = cast<CallExpr>(E);
    if (Plain->getCallee()->getType()->isFunctionPointerType() ||
        Plain->getCallee()->getType()->isMemberPointerType() ||
        !isa<CXXPseudoDestructorExpr>(Plain->getCallee()->IgnoreParens())) {
      handOverArguments(Call);
      std::vector<Value> Arguments = argumentValues(Call, {Operand::Kind::From, 0});
      const auto *Member = dyn_cast<BinaryOperator>(Plain->getCallee()->IgnoreParens());
      bool IsMember = Member && Member->isPtrMemOp();
      if (IsMember)
        Arguments.insert(Arguments.begin(), Member->getOpcode() == BO_PtrMemI
                                                ? value(Member->getLHS())
                                                : Value::pointsTo(path(Member->getLHS())));
      Value Target = value(IsMember ? Member->getRHS() : Plain->getCallee());
      Event &Out = emit(EventKind::CallValue, resultPath(Call), E->getSourceRange());
      Out.Values.push_back(std::move(Target));
      for (Value &Argument : Arguments)
        Out.Values.push_back(std::move(Argument));
    }
    return;
  }
  // A lambda that becomes a function pointer is not called by that.
  if (const auto *Conversion = dyn_cast<CXXConversionDecl>(Call.Callee);
      Conversion && Conversion->getParent()->isLambda())
    return;
  if (Context.getLangOpts().Coroutines)
    noteCoroutineCall(Call);
  storeOverriders(Call);
  // Copying or moving a handle says nothing but that; the constructors that start a thread or take
  // a lock are the others.
  const auto *Constructor = dyn_cast<CXXConstructorDecl>(Call.Callee);
  bool IsCopy = Constructor && Constructor->isCopyOrMoveConstructor();
  if (!IsCopy)
    if (auto Meanings = Unit.vocabulary().call(Call.Callee); !Meanings.empty()) {
      noteNewResult(Call);
      bool Any = false;
      for (const CallMeaning &M : Meanings)
        // That a call may block, or end the thread, does not say what else it does.
        Any |= lowerMeaning(Call, M) && M.What != Effect::Block && M.What != Effect::CancelPoint;
      if (Any)
        return;
    }
  const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
  bool IsDefaultCopy =
      Method && Method->isDefaulted() &&
      (IsCopy || Method->isCopyAssignmentOperator() || Method->isMoveAssignmentOperator());
  if (IsDefaultCopy)
    noteSharedCopy(Method, path(Call.Arguments[0]));
  if (lowerByRole(Call) || lowerByContract(Call) || isLook(Call))
    return;
  if (IsDefaultCopy) {
    emit(EventKind::Read, path(Call.Arguments[0]), E->getSourceRange());
    if (!Constructor) {
      uint64_t Flags = describeWrite(Call.Object, Call.Arguments[0]);
      emit(EventKind::Write, objectPath(Call), E->getSourceRange(), Flags);
      if (Call.Object && isPointerLike(Call.Object->getType()))
        emit(EventKind::Store, objectPath(Call), E->getSourceRange()).Values = {
            value(Call.Arguments[0])};
      storeCallables(objectPath(Call), Call.Arguments[0]);
      derive(objectPath(Call), Call.Arguments[0]);
      handOver(Call.Arguments[0]);
    } else if (mayHoldCancel(E->getType())) {
      if (AccessPath Source = path(Call.Arguments[0]); Source.isKnown())
        emit(EventKind::Move, Call.Constructed, E->getSourceRange()).Values = {Value::load(Source)};
    }
    return;
  }
  bool IsAmbiguous = Method && Method->isVirtual() && Call.Object &&
                     !Method->getParent()->isEffectivelyFinal() && !Method->hasAttr<FinalAttr>() &&
                     !isa<CXXThisExpr>(Call.Object->IgnoreImpCasts());
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(E))
    if (const auto *Callee = dyn_cast<MemberExpr>(Member->getCallee()->IgnoreParens());
        Callee && Callee->hasQualifier())
      IsAmbiguous = false;
  if (IsAmbiguous && Call.Object && !Call.ObjectIsPointer)
    if (const auto *Reference = dyn_cast<DeclRefExpr>(Call.Object->IgnoreParenImpCasts()))
      IsAmbiguous = Reference->getDecl()->getType()->isReferenceType();
  if (Call.Object && Call.ObjectIsPointer && Method &&
      !isa<CXXThisExpr>(Call.Object->IgnoreImpCasts()))
    emit(EventKind::Read, objectPath(Call), E->getSourceRange(),
         Method->isVirtual() ? Usage | Dispatch : Usage);
  if (!IsAmbiguous)
    if (FunctionId Callee = Unit.function(Call.Callee); Callee != InvalidId)
      return lowerProjectCall(Call, Callee);
  if (Constructor && Constructor->isTrivial())
    return;
  if (!lowerVirtualCall(Call))
    lowerUnknownCall(Call);
}
