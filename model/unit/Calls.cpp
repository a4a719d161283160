// What calls mean: the vocabulary's effects, the behaviour of types by their role, and calls of
// the project's own functions, as events.
#include "model/unit/CallTests.h"
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace heddle;

/// Whether locks of that kind are sure not to be recursive.
static bool isPlainKind(const Expr *Kind, ASTContext &Context) {
  std::optional<Value> Known = Kind ? constantOf(Kind, Context) : Value::constant(0);
  return Known && Known->Number == 0;
}

bool FunctionLowering::lowerLockMeaning(const CallSite &Call, const CallMeaning &M) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  uint64_t Flags = M.Shared ? Shared : NoFlags;
  switch (M.What) {
  case Effect::Acquire: {
    lowerPrimitiveUse(Call, M.Lock);
    describeLockIndex(operandExpr(Call, M.Lock), Where);
    describeLockChoice(operandExpr(Call, M.Lock), Where);
    Event &E = emit(EventKind::Acquire, operandObject(Call, M.Lock), Where,
                    Flags | lockFlags(Call, M.Lock));
    if (Call.Whole->getType()->isIntegerType() && !Call.Whole->getType()->isBooleanType())
      E.Values = {Value::load(resultPath(Call))};
    return true;
  }
  case Effect::Release:
    describeLockChoice(operandExpr(Call, M.Lock), Where);
    emit(EventKind::Release, operandObject(Call, M.Lock), Where,
         Flags | lockFlags(Call, M.Lock) | (M.AnyMode ? uint64_t(AnyMode) : 0));
    return true;
  case Effect::NoneHeld:
    emit(EventKind::NoneHeld, {}, Where);
    return true;
  case Effect::LockInit: {
    bool IsPlain = isPlainKind(operandExpr(Call, M.Value), Context);
    Event &E = emit(EventKind::LockInit, operandObject(Call, M.Lock), Where,
                    IsPlain ? 0 : uint64_t(Reentrant));
    if (!IsPlain)
      E.Values = {operandValue(Call, M.Value)};
    return true;
  }
  case Effect::LockKind:
    emit(EventKind::LockKind, operandObject(Call, M.Object), Where,
         isPlainKind(operandExpr(Call, M.Value), Context) ? 0 : uint64_t(Reentrant));
    return true;
  case Effect::LockRobust:
    emit(EventKind::LockRobust, operandObject(Call, M.Object), Where);
    return true;
  case Effect::AcquireAll:
    for (unsigned I = M.Lock.Index; I < Call.Arguments.size(); ++I) {
      bool IsGuard = hasRole(Call.Arguments[I]->getType(), TypeRole::Guard);
      emit(IsGuard ? EventKind::GuardLock : EventKind::Acquire, path(Call.Arguments[I]), Where,
           Together | (IsGuard ? uint64_t(NoFlags) : lockFlags(Call.Arguments[I]->getType())));
    }
    return true;
  case Effect::GuardAcquire:
    describeGuardIndex(operandExpr(Call, M.Lock), Where);
    lowerGuardSource(Call, M);
    emit(EventKind::GuardLock, operandObject(Call, M.Lock), Where, Flags);
    return true;
  case Effect::GuardRelease:
    emit(EventKind::GuardUnlock, operandObject(Call, M.Lock), Where, Flags);
    return true;
  case Effect::GuardSwap:
    return lowerGuardSwap(Call, M);
  case Effect::GuardDisown:
    emit(EventKind::GuardDisown, operandObject(Call, M.Lock), Where, Flags);
    return true;
  case Effect::TryAcquire: // what a yes means stands on the edge where the outcome is known
  case Effect::GuardTryAcquire:
  case Effect::GuardOwns:
    lowerLockTry(Call, M);
    return true;
  default:
    return false;
  }
}

Value FunctionLowering::storedFunction(const AccessPath &Object) const {
  Value Stored;
  auto Look = [&](llvm::ArrayRef<Event> Events) {
    for (const Event &E : Events)
      if (E.Kind == EventKind::Store && Object.isKnown() && E.Path.startsWith(Object) &&
          E.Values[0].isCallable())
        Stored = E.Values[0];
  };
  for (const Block &B : Facts.Blocks)
    Look(B.Events);
  Look(*Out);
  return Stored;
}

/// What a request holds beside the function that it asks to run, as that one's parameters.
static std::vector<Value> storedArguments(UnitFactsBuilder &Unit, const ASTContext &Context,
                                          const AccessPath &Request, QualType Type,
                                          const FunctionDecl *Entry) {
  std::vector<Value> Result;
  const RecordDecl *Record = Type->getAsRecordDecl();
  for (const ParmVarDecl *Parameter : Entry->parameters()) {
    Value Given;
    for (const FieldDecl *Field : Record->fields())
      if (Field->getType()->isRecordType() &&
          Context.hasSameUnqualifiedType(Field->getType(), Parameter->getType()))
        Given = Value::load(Request.field(Unit.entity(Field)));
    Result.push_back(std::move(Given));
  }
  return Result;
}

void FunctionLowering::lowerSpawn(const CallSite &Call, const CallMeaning &M,
                                  const AccessPath &Handle, uint64_t Flags) {
  const Expr *CallableExpr = operandExpr(Call, M.Callable);
  handOverArguments(Call);
  Value Callable;
  if (CallableExpr && M.Callable.What == Operand::Kind::Pointee) {
    Callable = storedFunction(operandObject(Call, M.Callable));
    if (!Callable.isKnown())
      return; // a request for something else
  } else if (CallableExpr)
    Callable = M.Method.empty() ? argument(CallableExpr, CallableExpr->getType())
                                : boundMethod(CallableExpr, M.Method);
  std::vector<Value> Arguments = argumentValues(Call, M.Arguments);
  if (!Callable.isKnown() && !Arguments.empty() && M.Method.empty())
    Callable = virtualTarget(CallableExpr, Arguments.front());
  const FunctionDecl *Entry = Unit.declaration(Callable.Callee);
  if (QualType Pointed = CallableExpr ? CallableExpr->getType()->getPointeeType() : QualType();
      Entry && M.Callable.What == Operand::Kind::Pointee && Pointed->isRecordType())
    Arguments = storedArguments(Unit, Context, operandObject(Call, M.Callable), Pointed, Entry);
  if (!Entry && CallableExpr && M.Method.empty())
    if (Value Object = functor(CallableExpr); Object.isKnown()) {
      Entry = Unit.declaration(Object.Callee);
      Callable = std::move(Object);
    }
  if (Flags & Stops && Entry) {
    // The stop token comes first where the entry takes one.
    unsigned First = isa<CXXMethodDecl>(Entry) && Callable.What == Value::Function ? 1 : 0;
    if (Entry->getNumParams() > 0 &&
        hasRole(Entry->getParamDecl(0)->getType(), TypeRole::StopToken) &&
        Arguments.size() >= First)
      Arguments.insert(Arguments.begin() + First, Value());
  }
  if (Entry && Callable.What == Value::Function && M.Method.empty() && !(Flags & Parallel))
    describeTaskStart(Call, M, Entry);
  describeSharing(Call, CallableExpr);
  Event &E = emit(EventKind::Spawn, Handle, Call.Whole->getSourceRange(), Flags);
  E.Callee = Callable.Callee;
  E.Values.push_back(std::move(Callable));
  for (Value &Argument : Arguments)
    E.Values.push_back(std::move(Argument));
  if (Call.Whole->getType()->isIntegerType())
    emit(EventKind::SpawnAsk, Handle, Call.Whole->getSourceRange()).Values = {
        Value::load(resultPath(Call))};
}

AccessPath FunctionLowering::signalledObject(const CallSite &Call, const CallMeaning &M) {
  if (!M.State.empty())
    return {RootKind::Global, Unit.libraryState(M.State)};
  Operand O = M.Object;
  AccessPath Object = operandObject(Call, O);
  const Expr *E = operandExpr(Call, O);
  if (!E || !E->getType()->isIntegralOrEnumerationType() || Object.steps().size() < 2)
    return Object;
  // The two ends of a pipe are neighbours in one array: what goes in at one comes out at the other.
  llvm::ArrayRef<PathStep> Steps = Object.steps();
  return Steps.back().What == PathStep::Deref &&
                 (Steps[Steps.size() - 2].What == PathStep::ElementAt ||
                  Steps[Steps.size() - 2].What == PathStep::Element)
             ? Object.prefix(Steps.size() - 2)
             : Object;
}

void FunctionLowering::lowerPrimitiveUse(const CallSite &Call, Operand O, uint64_t Flags) {
  // Primitives of C are set up and torn down by calls, so that another thread can come too early
  // or too late; those of C++ live as long as their object.
  if (O.What == Operand::Kind::Pointee)
    emit(EventKind::Read, operandObject(Call, O), Call.Whole->getSourceRange(),
         Atomic | Usage | Flags);
}

/// Whether the executor is made with one thread, so that its tasks run one after the other.
static bool isMadeForOne(const Expr *Executor, const ASTContext &Context) {
  auto IsOne = [&](const Expr *Init) {
    Init = Init ? Init->IgnoreImplicit() : nullptr;
    if (const auto *List = dyn_cast_or_null<InitListExpr>(Init); List && List->getNumInits() == 1)
      Init = List->getInit(0)->IgnoreImplicit();
    const auto *Made = dyn_cast_or_null<CXXConstructExpr>(Init);
    Expr::EvalResult Count;
    return Made && Made->getNumArgs() > 0 && Made->getArg(0)->getType()->isIntegerType() &&
           !isa<CXXDefaultArgExpr>(Made->getArg(0)) &&
           Made->getArg(0)->EvaluateAsInt(Count, Context) && Count.Val.getInt() == 1;
  };
  Executor = Executor ? Executor->IgnoreParenImpCasts() : nullptr;
  if (const auto *Named = dyn_cast_or_null<DeclRefExpr>(Executor)) {
    const auto *Variable = dyn_cast<VarDecl>(Named->getDecl());
    return Variable && IsOne(Variable->getAnyInitializer());
  }
  const auto *Member = dyn_cast_or_null<MemberExpr>(Executor);
  const auto *Field = dyn_cast_or_null<FieldDecl>(Member ? Member->getMemberDecl() : nullptr);
  const auto *Record = dyn_cast_or_null<CXXRecordDecl>(Field ? Field->getParent() : nullptr);
  if (!Record)
    return false;
  bool AnyOther = false, Any = false;
  for (const CXXConstructorDecl *Constructor : Record->ctors())
    for (const CXXCtorInitializer *Init : Constructor->inits())
      if (Init->getMember() == Field) {
        const auto *Default = dyn_cast<CXXDefaultInitExpr>(Init->getInit());
        (IsOne(Default ? Default->getExpr() : Init->getInit()) ? Any : AnyOther) = true;
      }
  return (Any || IsOne(Field->getInClassInitializer())) && !AnyOther;
}

bool FunctionLowering::lowerThreadMeaning(const CallSite &Call, const CallMeaning &M) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  switch (M.What) {
  case Effect::Spawn: {
    AccessPath Handle = operandObject(Call, M.Handle);
    // It has a name, if one that is not followed.
    if (M.Handle && !Handle.isKnown())
      Handle = temporary(Call.Whole);
    uint64_t Flags = NoFlags;
    QualType HandleType = M.Handle.What == Operand::Kind::This && Call.Object
                              ? Call.Object->getType()
                              : Call.Whole->getType();
    if (const TypeMeaning *Type = meaning(HandleType)) {
      Flags |= flagsOfHandle(*Type);
    }
    if (M.Served)
      Flags |= Served;
    if (!M.Served && !Call.Constructed.isKnown() &&
        isMadeForOne(operandExpr(Call, M.Handle), Context))
      Flags |= Deferred;
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
  case Effect::Serve:
    emit(EventKind::Serve, operandObject(Call, M.Handle), Where);
    return true;
  case Effect::ThreadExit:
    emit(EventKind::ThreadExit, {}, Where);
    return true;
  case Effect::StopThread:
    emit(EventKind::StopThread, operandObject(Call, M.Handle), Where,
         M.Cancels ? uint64_t(Cancels) : NoFlags);
    return true;
  case Effect::CallNow:
  case Effect::CallOnce: {
    // What a once-function does is seen by everybody who comes out of the call.
    AccessPath Once = M.What == Effect::CallOnce ? operandObject(Call, M.Object) : AccessPath();
    if (M.What == Effect::CallOnce) {
      emit(EventKind::Wait, Once, Where);
      Facts.OnceCalls.push_back({Once, operandValue(Call, M.Callable), Unit.range(Where)});
    }
    handOverArguments(Call);
    if (lowerJoinByName(Call, M))
      return true;
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
    emit(EventKind::Signal, signalledObject(Call, M), Where);
    lowerPrimitiveUse(Call, M.Object);
    return true;
  case Effect::ConditionWait:
    lowerConditionWait(Call, M);
    return true;
  case Effect::Wait: {
    AccessPath Object = signalledObject(Call, M);
    emit(EventKind::Wait, Object, Where);
    if (Call.Object && hasRole(Call.Object->getType(), TypeRole::WaitGroup))
      emit(EventKind::Join, Object, Where);
    return true;
  }
  case Effect::SignalAndWait: {
    AccessPath Object = operandObject(Call, M.Object);
    lowerPrimitiveUse(Call, M.Object, Meeting);
    emit(EventKind::Signal, Object, Where);
    emit(EventKind::Wait, Object, Where, Meeting);
    return true;
  }
  case Effect::Block: {
    Value Does = Value::load({RootKind::Global, Unit.namedEntity(M.Does)});
    AccessPath Object = isOfTask(Call, M) ? taskPath(Call, M) : operandObject(Call, M.Object);
    AccessPath GivenBack = operandObject(Call, M.Lock);
    uint64_t Flags = (M.Bounded ? uint64_t(Bounded) : 0) |
                     (M.UntilSignal ? uint64_t(heddle::UntilSignal) : 0) |
                     (isOfTask(Call, M) ? uint64_t(Joins) : 0);
    if (asksForError(body(), M.Errors, Unit.vocabulary(), Context))
      return true;
    Value Ready = M.State.empty() ? Value() : Value::load(signalledObject(Call, M));
    Event &Waits = emit(EventKind::Block, Object, Where, Flags);
    Waits.Values = {std::move(Does), Value::pointsTo(GivenBack)};
    if (Ready.isKnown())
      Waits.Values.push_back(std::move(Ready));
    return true;
  }
  default:
    return lowerCancellation(Call, M);
  }
}

bool FunctionLowering::lowerCancellation(const CallSite &Call, const CallMeaning &M) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  switch (M.What) {
  case Effect::CancelPoint:
    if (Unit.Uses.Cancellation)
      emit(EventKind::CancelPoint, {}, Where);
    return true;
  case Effect::HoldCancel:
    Unit.noteHeldCancellation();
    return true;
  case Effect::CleanupPush:
    Facts.CleanupPushes.push_back(Unit.range(Where));
    return true;
  case Effect::CleanupPop:
    Facts.CleanupPops.push_back(Unit.range(Where));
    return true;
  default:
    return false;
  }
}

bool FunctionLowering::lowerProcessMeaning(const CallSite &Call, const CallMeaning &M) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  switch (M.What) {
  case Effect::AtExit:
    if (Value Callable = operandValue(Call, M.Callable); Callable.isKnown())
      emit(EventKind::AtExit, {}, Where).Values = {Callable};
    return true;
  case Effect::AtFork:
    if (Value Callable = operandValue(Call, M.Callable); Callable.isKnown())
      ForkHandlers.push_back(Callable);
    return true;
  case Effect::Fork:
    for (const Value &Handler : ForkHandlers)
      emit(EventKind::CallValue, {}, Where).Values = {Handler};
    return true;
  default:
    return false;
  }
}

bool FunctionLowering::lowerMemoryMeaning(const CallSite &Call, const CallMeaning &M) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  auto DescriptorFlag = [&](Operand O) -> uint64_t {
    const Expr *E = operandExpr(Call, O);
    return E && E->getType()->isIntegralOrEnumerationType() ? Descriptor : NoFlags;
  };
  // Functions on raw memory are given the first element and mean all of them.
  auto WholeObject = [&](Operand O) {
    AccessPath P = operandObject(Call, O);
    if (O.What != Operand::Kind::Pointee)
      return P;
    if (!P.steps().empty() && P.steps().back() == PathStep(PathStep::ElementAt))
      P = P.prefix(P.steps().size() - 1);
    return P;
  };
  switch (M.What) {
  case Effect::AtomicLoad:
  case Effect::AtomicStore:
  case Effect::AtomicUpdate:
    Facts.HasFence |= M.What == Effect::AtomicUpdate && !M.Object;
    lowerAtomic(Call, M);
    if (M.What == Effect::AtomicStore && !Out->empty()) {
      const Expr *Written = operandExpr(Call, M.Value);
      Out->back().Flags |= Written ? constantFlags(Written) : FixedValue | ZeroValue;
    }
    return true;
  case Effect::ThreadUnsafe:
    lowerUnsafeCall(Call, M);
    return true;
  case Effect::MemoryWrite:
    noteMemoryCopy(Call, M);
    if (const Expr *Source = operandExpr(Call, M.Source); Source && M.Source)
      emit(EventKind::Read, WholeObject(M.Source), Source->getSourceRange());
    emit(EventKind::Write, WholeObject(M.Object), Where,
         isa<CXXOperatorCallExpr>(Call.Whole) ? describeContainerWrite(Call) : NoFlags);
    return true;
  case Effect::MemoryRead:
    emit(EventKind::Read, WholeObject(M.Object), Where, DescriptorFlag(M.Object));
    return true;
  case Effect::Allocate: {
    handOverArguments(Call);
    AccessPath Object(RootKind::Heap, site(Call.Whole));
    emit(EventKind::Fresh, Object, Where, isRaw(Call, M) ? Raw : NoFlags);
    if (const TypeMeaning *Guard = ownedGuard(Call.Whole->getType()))
      makeOwnedGuard(Call, *Guard, Object);
    lowerConstruction(Call, M.Arguments, Object);
    emit(EventKind::Store, resultPath(Call), Where).Values = {Value::pointsTo(Object)};
    lowerHandlesMade(Call, Object);
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
    emit(EventKind::Write, WholeObject(M.Object), Where, Ends | DescriptorFlag(M.Object));
    return true;
  case Effect::AddressOf:
    return true;
  case Effect::Pointee:
    emit(EventKind::Read, operandObject(Call, M.Object), Where);
    return true;
  case Effect::InsertElement:
  case Effect::RemoveElement:
    if (!M.Method.empty())
      lowerEndOfOwned(Call, M);
    lowerContainerCall(Call, M.What == Effect::InsertElement ? Inserts : Removes);
    return true;
  case Effect::DestroyElements: {
    AccessPath Object = operandObject(Call, M.Object);
    lowerEndOfOwned(Call, M);
    emit(EventKind::Write, Object, Where, Container);
    if (Call.Object)
      lowerEndOfElements(Object, Call.Object->getType(), Where);
    return true;
  }
  case Effect::Element:
  case Effect::Observe:
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
        Method && isFixedContainer(Context.getCanonicalTagType(Method->getParent())))
      return true;
    emit(EventKind::Read, operandObject(Call, M.Object), Where, Container);
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
  if (!isMeant(M, llvm::ArrayRef(Call.Arguments).take_front(Count), Context))
    return true; // known, and not this meaning
  switch (M.What) {
  case Effect::Joinable:
    if (!hasRole(operandExpr(Call, M.Handle)->getType(), TypeRole::Thread))
      return false; // of interest to the edges alone
    break;
  case Effect::Ready:
    emit(EventKind::Ready, signalledObject(Call, M), Call.Whole->getSourceRange());
    return false;
  case Effect::Replace:
    return lowerReplacement(Call, M);
  case Effect::Exchange:
    if (isPointerLike(operandExpr(Call, M.Object)->getType()))
      return lowerPointerExchange(Call, M);
    if (!holdsHandle(operandExpr(Call, M.Object)->getType(), false))
      return false;
    lowerExchange(Call, M);
    return true;
  case Effect::CleanupPush:
    lowerCancellation(Call, M);
    return !Call.Constructed.isKnown(); // the object that is made has a role as well
  case Effect::Dismiss:
    emit(EventKind::Store, operandObject(Call, M.Object), Call.Whole->getSourceRange()).Values = {
        Value()};
    return true;
  case Effect::LetGo:
  case Effect::EraseElement:
    lowerEndOfOwned(Call, M);
    return false;
  case Effect::InstallHandler:
  case Effect::SignalUnsafe:
  case Effect::SetsErrno:
  case Effect::ErrnoLocation:
  case Effect::RaiseSignal:
  case Effect::BlockSignals:
    // Of interest to handlers alone; for all others the call is what it is besides.
    noteSignals(Call, M);
    return false;
  case Effect::JumpTarget:
    Facts.IsJumpTarget = true;
    // It comes back once more, but by then the way is that of the jump, which is not followed.
    if (Judgement First; Call.Whole->getType()->isIntegerType()) {
      First.Right = Judgement::Constant;
      First.Subject = resultPath(Call);
      judge(std::move(First), Call.Whole->getSourceRange());
    }
    return false;
  case Effect::Jump:
    emit(EventKind::UnknownCall, {}, Call.Whole->getSourceRange(), Library);
    return true;
  default:
    break;
  }
  lowerSetUp(Call, M) || lowerLockMeaning(Call, M) || lowerThreadMeaning(Call, M) ||
      lowerProcessMeaning(Call, M) || lowerMemoryMeaning(Call, M) || lowerChannelMeaning(Call, M) ||
      lowerContextMeaning(Call, M);
  return true;
}
