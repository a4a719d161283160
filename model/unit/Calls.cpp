// What calls mean: the vocabulary's effects, the behaviour of types by their role, and calls of
// the project's own functions, as events.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace heddle;

CallSite FunctionLowering::callSite(const Expr *E) {
  CallSite Call;
  Call.Whole = E;
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    Call.Callee = Construct->getConstructor();
    Call.Constructed = temporary(Construct);
    Call.Arguments.append(Construct->arg_begin(), Construct->arg_end());
    return Call;
  }
  const auto *Plain = cast<CallExpr>(E);
  Call.Callee = Plain->getDirectCallee();
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Call.Callee);
    bool OnObject = Method && !Method->isStatic();
    if (OnObject)
      Call.Object = Operator->getArg(0);
    Call.Arguments.append(Operator->arg_begin() + (OnObject ? 1 : 0), Operator->arg_end());
    return Call;
  }
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(E)) {
    Call.Object = Member->getImplicitObjectArgument();
    Call.ObjectIsPointer = Call.Object && Call.Object->getType()->isPointerType();
  }
  Call.Arguments.append(Plain->arg_begin(), Plain->arg_end());
  return Call;
}

AccessPath FunctionLowering::resultPath(const CallSite &Call) {
  return Call.Constructed.isKnown() ? Call.Constructed : temporary(Call.Whole);
}

AccessPath FunctionLowering::objectPath(const CallSite &Call) {
  if (Call.Constructed.isKnown())
    return Call.Constructed;
  if (!Call.Object)
    return {};
  return Call.ObjectIsPointer ? value(Call.Object).pointee() : path(Call.Object);
}

const Expr *FunctionLowering::operandExpr(const CallSite &Call, Operand O) {
  switch (O.What) {
  case Operand::Kind::This:
    return Call.Object;
  case Operand::Kind::Argument:
  case Operand::Kind::Pointee:
  case Operand::Kind::From:
    return O.Index < Call.Arguments.size() ? Call.Arguments[O.Index] : nullptr;
  default:
    return nullptr;
  }
}

Value FunctionLowering::operandValue(const CallSite &Call, Operand O) {
  const Expr *E = operandExpr(Call, O);
  return E ? value(E) : Value();
}

AccessPath FunctionLowering::operandObject(const CallSite &Call, Operand O) {
  switch (O.What) {
  case Operand::Kind::This:
    return objectPath(Call);
  case Operand::Kind::Return:
    return resultPath(Call);
  case Operand::Kind::Pointee: {
    const Expr *E = operandExpr(Call, O);
    return E ? value(E).pointee() : AccessPath();
  }
  case Operand::Kind::Argument:
  case Operand::Kind::From: {
    const Expr *E = operandExpr(Call, O);
    if (!E)
      return {};
    if (E->isGLValue())
      return path(E);
    Value Held = value(E);
    return Held.What == Value::Load ? Held.Path : AccessPath();
  }
  default:
    return {};
  }
}

std::vector<Value> FunctionLowering::argumentValues(const CallSite &Call, Operand From) {
  std::vector<Value> Result;
  if (From.What == Operand::Kind::Argument) {
    if (const Expr *E = operandExpr(Call, From))
      Result.push_back(value(E));
  } else if (From.What == Operand::Kind::From) {
    for (unsigned I = From.Index; I < Call.Arguments.size(); ++I) {
      const Expr *E = Call.Arguments[I];
      // Threads and bound calls copy their arguments; only what is pointer-like still leads back.
      Result.push_back(isPointerLike(E->getType()) || E->getType()->isIntegralOrEnumerationType()
                           ? value(E)
                           : Value());
    }
  }
  return Result;
}

bool FunctionLowering::lowerLockMeaning(const CallSite &Call, const CallMeaning &M) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  uint32_t Flags = M.Shared ? Shared : NoFlags;
  switch (M.What) {
  case Effect::Acquire:
    emit(EventKind::Acquire, operandObject(Call, M.Lock), Where, Flags);
    return true;
  case Effect::Release:
    emit(EventKind::Release, operandObject(Call, M.Lock), Where, Flags);
    return true;
  case Effect::AcquireAll:
    for (unsigned I = M.Lock.Index; I < Call.Arguments.size(); ++I) {
      bool IsGuard = hasRole(Call.Arguments[I]->getType(), TypeRole::Guard);
      emit(IsGuard ? EventKind::GuardLock : EventKind::Acquire, path(Call.Arguments[I]), Where);
    }
    return true;
  case Effect::GuardAcquire:
    emit(EventKind::GuardLock, operandObject(Call, M.Lock), Where, Flags);
    return true;
  case Effect::GuardRelease:
    emit(EventKind::GuardUnlock, operandObject(Call, M.Lock), Where, Flags);
    return true;
  case Effect::GuardDisown:
    emit(EventKind::GuardDisown, operandObject(Call, M.Lock), Where, Flags);
    return true;
  case Effect::TryAcquire: // on the edge, where the outcome is known
  case Effect::GuardTryAcquire:
  case Effect::GuardOwns:
    return true;
  default:
    return false;
  }
}

void FunctionLowering::lowerSpawn(const CallSite &Call, const CallMeaning &M,
                                  const AccessPath &Handle, uint32_t Flags) {
  const Expr *CallableExpr = operandExpr(Call, M.Callable);
  handOverArguments(Call);
  Value Callable = CallableExpr ? argument(CallableExpr, CallableExpr->getType()) : Value();
  std::vector<Value> Arguments = argumentValues(Call, M.Arguments);
  const FunctionDecl *Entry = Unit.declaration(Callable.Callee);
  if (!Entry && CallableExpr)
    if (const CXXRecordDecl *Record =
            CallableExpr->getType().getNonReferenceType()->getAsCXXRecordDecl();
        Record && Record->hasDefinition() && !Record->isLambda() && isProjectCode(Context, Record))
      for (const CXXMethodDecl *Method : Record->methods())
        if (Method->getOverloadedOperator() == OO_Call &&
            Unit.function(Method) != InvalidId) {
          Entry = Method;
          Callable.What = Value::Closure;
          Callable.Callee = Unit.function(Method);
          // The task gets a copy; only what is built for it can be followed into it.
          Callable.Bound = {CallableExpr->isLValue() ? Value()
                                                     : Value::pointsTo(path(CallableExpr))};
        }
  if (Flags & Stops && Entry) {
    // The stop token comes first where the entry takes one.
    unsigned First = isa<CXXMethodDecl>(Entry) && Callable.What == Value::Function ? 1 : 0;
    if (Entry->getNumParams() > 0 &&
        hasRole(Entry->getParamDecl(0)->getType(), TypeRole::StopToken) &&
        Arguments.size() >= First)
      Arguments.insert(Arguments.begin() + First, Value());
  }
  Event &E = emit(EventKind::Spawn, Handle, Call.Whole->getSourceRange(), Flags);
  E.Callee = Callable.Callee;
  E.Values.push_back(std::move(Callable));
  for (Value &Argument : Arguments)
    E.Values.push_back(std::move(Argument));
}

bool FunctionLowering::lowerThreadMeaning(const CallSite &Call, const CallMeaning &M) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  switch (M.What) {
  case Effect::Spawn: {
    AccessPath Handle = operandObject(Call, M.Handle);
    uint32_t Flags = NoFlags;
    QualType HandleType = M.Handle.What == Operand::Kind::This && Call.Object
                              ? Call.Object->getType()
                              : Call.Whole->getType();
    if (const TypeMeaning *Type = meaning(HandleType)) {
      Flags |= Type->JoinsOnDestroy ? Joins : NoFlags;
      Flags |= Type->StopsOnDestroy ? Stops : NoFlags;
    }
    lowerSpawn(Call, M, Handle, Flags);
    return true;
  }
  case Effect::ParallelCall: {
    AccessPath Handle = temporary(Call.Whole);
    lowerSpawn(Call, M, Handle, Parallel);
    emit(EventKind::Join, Handle, Where);
    return true;
  }
  case Effect::Join:
    emit(EventKind::Join, operandObject(Call, M.Handle), Where);
    return true;
  case Effect::Joinable: // on the edge, where the answer is known
    return true;
  case Effect::Detach:
    emit(EventKind::Detach, operandObject(Call, M.Handle), Where);
    return true;
  case Effect::StopThread:
    emit(EventKind::StopThread, operandObject(Call, M.Handle), Where);
    return true;
  case Effect::CallNow:
  case Effect::CallOnce: {
    // What a once-function does is seen by everybody who comes out of the call.
    AccessPath Once =
        M.What == Effect::CallOnce ? operandObject(Call, M.Object) : AccessPath();
    if (M.What == Effect::CallOnce)
      emit(EventKind::Wait, Once, Where);
    handOverArguments(Call);
    Value Callable = operandValue(Call, M.Callable);
    std::vector<Value> Arguments = argumentValues(Call, M.Arguments);
    Event &E = emit(EventKind::CallValue, {}, Where);
    E.Values.push_back(std::move(Callable));
    for (Value &Argument : Arguments)
      E.Values.push_back(std::move(Argument));
    if (M.What == Effect::CallOnce)
      emit(EventKind::Signal, Once, Where);
    return true;
  }
  case Effect::Signal:
    emit(EventKind::Signal, operandObject(Call, M.Object), Where);
    return true;
  case Effect::Wait:
  case Effect::ConditionWait: {
    AccessPath Object = operandObject(Call, M.Object);
    emit(EventKind::Wait, Object, Where);
    if (Call.Object && hasRole(Call.Object->getType(), TypeRole::WaitGroup))
      emit(EventKind::Join, Object, Where);
    return true;
  }
  case Effect::SignalAndWait: {
    AccessPath Object = operandObject(Call, M.Object);
    emit(EventKind::Signal, Object, Where);
    emit(EventKind::Wait, Object, Where);
    return true;
  }
  default:
    return false;
  }
}

bool FunctionLowering::lowerMemoryMeaning(const CallSite &Call, const CallMeaning &M) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  // Functions on raw memory are given the first element and mean all of them.
  auto WholeObject = [&](Operand O) {
    AccessPath P = operandObject(Call, O);
    if (O.What != Operand::Kind::Pointee)
      return P;
    while (!P.steps().empty() && P.steps().back().What == PathStep::Element)
      P = P.prefix(P.steps().size() - 1);
    return P;
  };
  switch (M.What) {
  case Effect::AtomicLoad:
  case Effect::AtomicStore:
  case Effect::AtomicUpdate: {
    EventKind Kind = M.What == Effect::AtomicLoad    ? EventKind::Read
                     : M.What == Effect::AtomicStore ? EventKind::Write
                                                     : EventKind::Update;
    uint32_t Flags = Atomic;
    if (const Expr *Order = operandExpr(Call, M.Order); Order && !Order->isValueDependent()) {
      // memory_order_relaxed is the zero of every spelling of the orders.
      Expr::EvalResult Result;
      if (Order->EvaluateAsInt(Result, Context) && Result.Val.getInt() == 0)
        Flags |= Relaxed;
    }
    emit(Kind, operandObject(Call, M.Object), Where, Flags);
    return true;
  }
  case Effect::MemoryWrite:
    if (const Expr *Source = operandExpr(Call, M.Source); Source && M.Source)
      emit(EventKind::Read, WholeObject(M.Source), Source->getSourceRange());
    emit(EventKind::Write, WholeObject(M.Object), Where);
    return true;
  case Effect::MemoryRead:
    emit(EventKind::Read, WholeObject(M.Object), Where);
    return true;
  case Effect::Allocate: {
    handOverArguments(Call);
    AccessPath Object(RootKind::Heap, site(Call.Whole));
    emit(EventKind::Fresh, Object, Where);
    emit(EventKind::Store, resultPath(Call), Where).Values = {Value::pointsTo(Object)};
    return true;
  }
  case Effect::SameValue:
    if (hasRole(Call.Whole->getType(), TypeRole::StopToken) && Call.Object &&
        hasRole(Call.Object->getType(), TypeRole::StopSource))
      emit(EventKind::TokenTaken, objectPath(Call), Where);
    return true;
  case Effect::Bind:
    handOverArguments(Call);
    return true;
  case Effect::Deallocate:
  case Effect::AddressOf:
    return true;
  case Effect::Pointee:
    emit(EventKind::Read, operandObject(Call, M.Object), Where);
    return true;
  case Effect::DestroyElements: {
    AccessPath Object = operandObject(Call, M.Object);
    emit(EventKind::Write, Object, Where, Container);
    if (Call.Object)
      lowerEndOfElements(Object, Call.Object->getType(), Where);
    return true;
  }
  case Effect::Element:
  case Effect::Observe:
    emit(EventKind::Read, operandObject(Call, M.Object), Where, Container);
    return true;
  default:
    return false;
  }
}

bool FunctionLowering::lowerChannelMeaning(const CallSite &Call, const CallMeaning &M) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  auto Channel = [&] {
    AccessPath Handle = operandObject(Call, M.Channel);
    return Handle.isKnown() ? Handle.deref() : AccessPath();
  };
  auto Unused = [&] {
    const Stmt *Parent = Parents->getParentIgnoreParenImpCasts(const_cast<Expr *>(Call.Whole));
    while (Parent && (isa<ExprWithCleanups>(Parent) || isa<CXXBindTemporaryExpr>(Parent) ||
                      isa<CStyleCastExpr>(Parent)))
      Parent = Parents->getParentIgnoreParenImpCasts(const_cast<Stmt *>(Parent));
    return Parent && !isa<Expr>(Parent) && !isa<DeclStmt>(Parent) && !isa<IfStmt>(Parent) &&
           !isa<WhileStmt>(Parent) && !isa<ReturnStmt>(Parent) && !isa<SwitchStmt>(Parent);
  };
  switch (M.What) {
  case Effect::ChannelMake: {
    AccessPath State(RootKind::Heap, site(Call.Whole));
    emit(EventKind::Fresh, State, Where);
    Value Capacity = operandValue(Call, M.Capacity);
    emit(EventKind::ChannelMake, State, Where).Values = {Capacity};
    emit(EventKind::Store, resultPath(Call), Where).Values = {Value::pointsTo(State)};
    return true;
  }
  case Effect::Send:
  case Effect::TrySend:
  case Effect::SelectSend: {
    const Expr *Sent = operandExpr(Call, M.Value);
    Value SentValue = Sent ? value(Sent) : Value();
    uint32_t Flags = M.What == Effect::Send ? NoFlags : NonBlocking;
    if (!Sent || hasRole(Sent->getType(), TypeRole::Unit) || SentValue.What == Value::Constant)
      Flags |= UnitValue;
    AccessPath State = Channel();
    if (SentValue.isKnown() && SentValue.What != Value::Constant)
      emit(EventKind::Escape, SentValue.Path, Where);
    emit(EventKind::Send, State, Where, Flags).Values = {SentValue};
    return true;
  }
  case Effect::Receive:
  case Effect::TryReceive: {
    uint32_t Flags = M.What == Effect::Receive ? NoFlags : NonBlocking;
    emit(EventKind::Receive, Channel(), Where, Flags | (Unused() ? ResultUnused : NoFlags));
    return true;
  }
  case Effect::SelectReceive: {
    emit(EventKind::Receive, Channel(), Where, NonBlocking);
    Value Callable = operandValue(Call, M.Callable);
    if (Callable.isKnown())
      emit(EventKind::CallValue, {}, Where).Values = {Callable};
    return true;
  }
  case Effect::Close:
    emit(EventKind::Close, Channel(), Where);
    return true;
  case Effect::SemaphoreInit: {
    Value Count = operandValue(Call, M.Count);
    emit(EventKind::ChannelMake, operandObject(Call, M.Object), Where, Semaphore).Values = {Count};
    return true;
  }
  case Effect::SemaphoreAcquire:
    emit(EventKind::Receive, operandObject(Call, M.Object), Where, Semaphore | ResultUnused);
    return true;
  case Effect::SemaphoreTryAcquire:
    emit(EventKind::Receive, operandObject(Call, M.Object), Where, Semaphore | NonBlocking);
    return true;
  case Effect::SemaphoreRelease:
    emit(EventKind::Send, operandObject(Call, M.Object), Where, Semaphore | UnitValue);
    return true;
  default:
    return false;
  }
}

bool FunctionLowering::lowerContextMeaning(const CallSite &Call, const CallMeaning &M) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  switch (M.What) {
  case Effect::ContextDerive: {
    for (const AccessPath &Cancel : cancelsIn(Call.Whole->getType(), resultPath(Call)))
      emit(EventKind::CancelMake, Cancel, Where);
    const CXXRecordDecl *Result = Call.Whole->getType()->getAsCXXRecordDecl();
    // The context is a handle whose state the cancel beside it ends.
    if (Result && Result->hasDefinition()) {
      AccessPath State(RootKind::Heap, site(Call.Whole));
      emit(EventKind::Fresh, State, Where);
      for (const FieldDecl *Field : Result->fields())
        if (hasRole(Field->getType(), TypeRole::Context))
          emit(EventKind::Store, resultPath(Call).field(Unit.entity(Field)), Where).Values = {
              Value::pointsTo(State)};
    }
    return true;
  }
  case Effect::CancelCall:
    emit(EventKind::Cancel, operandObject(Call, M.Cancel), Where);
    return true;
  case Effect::StopRequest:
    emit(EventKind::Cancel, operandObject(Call, M.Object), Where, Stops);
    return true;
  case Effect::ContextDone:
    if (Call.Object && hasRole(Call.Object->getType(), TypeRole::StopSource))
      emit(EventKind::Read, operandObject(Call, M.Context), Where);
    return true;
  case Effect::ContextRoot:
  case Effect::ContextTodo:
  case Effect::Abort:
  case Effect::Expect:
    return true;
  default:
    return false;
  }
}

bool FunctionLowering::lowerMeaning(const CallSite &Call, const CallMeaning &M) {
  size_t Count = Call.Arguments.size();
  while (Count > 0 && isa<CXXDefaultArgExpr>(Call.Arguments[Count - 1]))
    --Count;
  if (!M.appliesTo(Count))
    return false;
  for (const ParameterTest &Test : M.Tests)
    if (Test.Constant) {
      Expr::EvalResult Given;
      bool Same = Test.Index < Count && Call.Arguments[Test.Index]->EvaluateAsInt(Given, Context) &&
                  Given.Val.getInt() == *Test.Constant;
      if (Same == Test.Negated)
        return true; // known, and not this meaning
    }
  lowerLockMeaning(Call, M) || lowerThreadMeaning(Call, M) || lowerMemoryMeaning(Call, M) ||
      lowerChannelMeaning(Call, M) || lowerContextMeaning(Call, M);
  return true;
}

void FunctionLowering::lowerGuardConstruction(const CallSite &Call, const TypeMeaning &Guard) {
  uint32_t Flags = Guard.Shared ? Shared : NoFlags;
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
    else if (Argument->isGLValue())
      Locks.push_back(Value::pointsTo(path(Argument)));
    else if (Argument->getType()->isPointerType())
      Locks.push_back(value(Argument));
    else
      Flags |= Tried; // a timeout: the lock may not be taken
  }
  emit(EventKind::GuardMake, Call.Constructed, Call.Whole->getSourceRange(), Flags).Values = Locks;
}

void FunctionLowering::lowerContainerCall(const CallSite &Call) {
  const auto *Method = cast<CXXMethodDecl>(Call.Callee);
  AccessPath Object = objectPath(Call);
  clang::SourceRange Where = Call.Whole->getSourceRange();
  if (Method->isConst()) {
    emit(EventKind::Read, Object, Where, Container);
    return;
  }
  emit(EventKind::Write, Object, Where, Container);
  // What goes in can be reached as an element. A container of threads that is given a callable
  // starts one.
  const auto *Template =
      dyn_cast<ClassTemplateSpecializationDecl>(Method->getParent());
  const TypeMeaning *ElementType = nullptr;
  QualType Element;
  if (Template && Template->getTemplateArgs().size() > 0 &&
      Template->getTemplateArgs()[0].getKind() == TemplateArgument::Type) {
    Element = Template->getTemplateArgs()[0].getAsType();
    ElementType = meaning(Element);
  }
  bool HoldsThreads = ElementType && ElementType->Role == TypeRole::Thread;
  if (HoldsThreads && !Call.Arguments.empty() &&
      !hasRole(Call.Arguments[0]->getType(), TypeRole::Thread)) {
    if (const CXXRecordDecl *Record = Element->getAsCXXRecordDecl())
      for (const Decl *Member : Record->decls()) {
        const auto *Maker = dyn_cast<FunctionTemplateDecl>(Member);
        if (!Maker || !isa<CXXConstructorDecl>(Maker->getTemplatedDecl()))
          continue;
        for (const CallMeaning &M : Unit.vocabulary().call(Maker->getTemplatedDecl()))
          if (M.What == Effect::Spawn)
            return lowerSpawn(Call, M, Object.element(),
                              (ElementType->JoinsOnDestroy ? Joins : NoFlags) |
                                  (ElementType->StopsOnDestroy ? Stops : NoFlags));
      }
    return;
  }
  for (const Expr *Argument : Call.Arguments)
    if (Argument->getType()->isRecordType() || isPointerLike(Argument->getType())) {
      AccessPath Source = path(Argument);
      if (Source.isKnown())
        emit(EventKind::Move, Object.element(), Where).Values = {Value::load(Source)};
    }
}

bool FunctionLowering::lowerByRole(const CallSite &Call) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  const auto *Constructor = dyn_cast<CXXConstructorDecl>(Call.Callee);
  const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
  QualType Type = Constructor ? Call.Whole->getType()
                  : Call.Object
                      ? (Call.ObjectIsPointer ? Call.Object->getType()->getPointeeType()
                                              : Call.Object->getType())
                      : QualType();
  const TypeMeaning *Meaning = Type.isNull() ? nullptr : meaning(Type);
  if (!Meaning)
    return false;
  bool IsAssignment = Method && Method->getOverloadedOperator() == OO_Equal;
  if (Constructor && Constructor->isCopyOrMoveConstructor()) {
    Value Source = value(Call.Arguments[0]);
    if (isPointerLike(Type) && Constructor->isCopyConstructor())
      emit(EventKind::Read, path(Call.Arguments[0]), Where);
    if (Source.What == Value::Load && !isPointerLike(Type))
      emit(EventKind::Move, Call.Constructed, Where).Values = {Source};
    else if (Source.isKnown())
      emit(EventKind::Store, Call.Constructed, Where).Values = {Source};
    return true;
  }
  switch (Meaning->Role) {
  case TypeRole::Guard:
    if (Constructor)
      lowerGuardConstruction(Call, *Meaning);
    else if (IsAssignment)
      emit(EventKind::Move, objectPath(Call), Where).Values = {
          Value::load(path(Call.Arguments[0]))};
    return true;
  case TypeRole::Cancel:
    // Kept for later, where nobody says on which ways it is set.
    if (IsAssignment)
      handOver(Call.Arguments[0]);
    return true;
  case TypeRole::Thread:
  case TypeRole::Future:
    if (IsAssignment)
      emit(EventKind::Move, objectPath(Call), Where).Values = {
          Value::load(path(Call.Arguments[0]))};
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
        emit(EventKind::Store, Call.Constructed, Where).Values = {callValue(Call.Whole)};
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
      emit(EventKind::Store, Object, Where).Values = {
          IsAssignment && !Call.Arguments.empty() ? value(Call.Arguments[0]) : Value()};
    }
    return true;
  case TypeRole::Deferred:
    if (Constructor && !Call.Arguments.empty()) {
      Value Callable = argument(Call.Arguments[0], Call.Arguments[0]->getType());
      emit(EventKind::Store, Call.Constructed, Where).Values = {Callable};
      // From here on no way out of the scope leaves it uncalled.
      handOver(Call.Arguments[0]);
    }
    return true;
  case TypeRole::Container:
    if (!Constructor && Method)
      lowerContainerCall(Call);
    return true;
  case TypeRole::None:
    return false;
  default:
    return true;
  }
}

void FunctionLowering::lowerProjectCall(const CallSite &Call, FunctionId Callee) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
  Value Object;
  if (Call.Constructed.isKnown())
    Object = Value::pointsTo(Call.Constructed);
  else if (Call.Object)
    Object = Call.ObjectIsPointer ? value(Call.Object) : Value::pointsTo(path(Call.Object));
  // A lambda that is called where it can be seen: its captures come along.
  if (Method && Method->getParent()->isLambda() && Call.Object) {
    Value Lambda = value(Call.Object);
    std::vector<Value> Arguments;
    for (unsigned I = 0; I < Call.Arguments.size(); ++I)
      Arguments.push_back(argument(Call.Arguments[I], Method->getParamDecl(I)->getType()));
    Event &E = emit(EventKind::CallValue, resultPath(Call), Call.Whole->getSourceRange());
    E.Values.push_back(std::move(Lambda));
    for (Value &Argument : Arguments)
      E.Values.push_back(std::move(Argument));
    return;
  }
  std::vector<Value> Slots{Object};
  for (unsigned I = 0; I < Call.Arguments.size() && I < Call.Callee->getNumParams(); ++I)
    Slots.push_back(argument(Call.Arguments[I], Call.Callee->getParamDecl(I)->getType()));
  Event &E = emit(EventKind::Call, resultPath(Call), Call.Whole->getSourceRange());
  E.Callee = Callee;
  E.Values = std::move(Slots);
}

void FunctionLowering::lowerUnknownCall(const CallSite &Call) {
  std::vector<Value> Reached;
  if (AccessPath Object = objectPath(Call); Object.isKnown())
    Reached.push_back(Value::pointsTo(Object));
  for (const Expr *Argument : Call.Arguments) {
    Value Passed = Argument->isGLValue() ? Value::pointsTo(path(Argument)) : value(Argument);
    if (Passed.What == Value::PointsTo || Passed.What == Value::Load ||
        Passed.What == Value::Closure)
      Reached.push_back(std::move(Passed));
  }
  bool IsLibrary = Call.Callee && !isProjectCode(Context, Call.Callee);
  emit(EventKind::UnknownCall, resultPath(Call), Call.Whole->getSourceRange(),
       IsLibrary ? Library : NoFlags)
      .Values = std::move(Reached);
}

void FunctionLowering::lowerCall(const Expr *E) {
  CallSite Call = callSite(E);
  if (!Call.Callee) {
    const auto *Plain = cast<CallExpr>(E);
    if (Plain->getCallee()->getType()->isFunctionPointerType() ||
        Plain->getCallee()->getType()->isMemberPointerType() ||
        !isa<CXXPseudoDestructorExpr>(Plain->getCallee()->IgnoreParens())) {
      handOverArguments(Call);
      std::vector<Value> Arguments = argumentValues(Call, {Operand::Kind::From, 0});
      Value Target = value(Plain->getCallee());
      Event &Out = emit(EventKind::CallValue, resultPath(Call), E->getSourceRange());
      Out.Values.push_back(std::move(Target));
      for (Value &Argument : Arguments)
        Out.Values.push_back(std::move(Argument));
    }
    return;
  }
  // Copying or moving a handle says nothing but that; the constructors that start a thread or take
  // a lock are the others.
  const auto *Constructor = dyn_cast<CXXConstructorDecl>(Call.Callee);
  bool IsCopy = Constructor && Constructor->isCopyOrMoveConstructor();
  if (!IsCopy)
    if (auto Meanings = Unit.vocabulary().call(Call.Callee); !Meanings.empty()) {
      bool Any = false;
      for (const CallMeaning &M : Meanings)
        Any |= lowerMeaning(Call, M);
      if (Any)
        return;
    }
  if (lowerByRole(Call))
    return;
  const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
  if (Method && Method->isDefaulted() &&
      (IsCopy || Method->isCopyAssignmentOperator() || Method->isMoveAssignmentOperator())) {
    emit(EventKind::Read, path(Call.Arguments[0]), E->getSourceRange());
    if (!Constructor) {
      emit(EventKind::Write, objectPath(Call), E->getSourceRange());
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
  if (!IsAmbiguous)
    if (FunctionId Callee = Unit.function(Call.Callee); Callee != InvalidId)
      return lowerProjectCall(Call, Callee);
  if (Constructor && Constructor->isTrivial())
    return;
  lowerUnknownCall(Call);
}
