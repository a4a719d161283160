// What Clang's thread-safety annotations say: which lock guards what, and which locks a call wants,
// takes and gives back.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace heddle;

namespace {

const CXXRecordDecl *parentOf(const FunctionDecl *Function) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  return Method ? Method->getParent() : nullptr;
}

/// The declaration that has inherited the annotations of those before it.
const FunctionDecl *annotated(const FunctionDecl *Function) {
  return Function->getMostRecentDecl();
}

/// Whether the type is a pointer of the project's own making: what is held is what it leads to.
bool leadsElsewhere(QualType Type) {
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition() || isCapability(Type))
    return false;
  return llvm::any_of(Record->methods(), [](const CXXMethodDecl *Method) {
    return Method->getOverloadedOperator() == OO_Arrow;
  });
}

} // namespace

bool heddle::isCapability(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  const RecordDecl *Record = Type->getAsRecordDecl();
  return Record && Record->hasAttr<CapabilityAttr>();
}

bool heddle::isScopedCapability(const CXXRecordDecl *Record) {
  if (!Record || !Record->hasAttr<ScopedLockableAttr>() || !Record->hasDefinition())
    return false;
  // Without a word on what its constructors take, their bodies have to tell.
  for (const CXXConstructorDecl *Constructor : Record->ctors())
    if (Constructor->hasAttr<AcquireCapabilityAttr>() ||
        Constructor->hasAttr<RequiresCapabilityAttr>() ||
        Constructor->hasAttr<TryAcquireCapabilityAttr>() ||
        Constructor->hasAttr<LocksExcludedAttr>())
      return true;
  return false;
}

bool heddle::changesLocks(const FunctionDecl *Function) {
  Function = annotated(Function);
  return Function->hasAttrs() && (Function->hasAttr<AcquireCapabilityAttr>() ||
                                  Function->hasAttr<TryAcquireCapabilityAttr>() ||
                                  Function->hasAttr<ReleaseCapabilityAttr>());
}

std::vector<AnnotatedLock> UnitFactsBuilder::guardsOf(const ValueDecl *Declaration) {
  if (!Declaration->hasAttrs())
    return {};
  return FunctionLowering::guards(*this, Declaration);
}

AccessPath FunctionLowering::capability(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  if (isa<StringLiteral>(E))
    return {};
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->getOpcode() == UO_LNot) // must not be held
      return {};
    if (Unary->getOpcode() == UO_AddrOf)
      return capability(Unary->getSubExpr());
  }
  // In C a member is named without the object that it belongs to.
  if (const auto *Reference = dyn_cast<DeclRefExpr>(E))
    if (const auto *Field = dyn_cast<FieldDecl>(Reference->getDecl())) {
      AccessPath Named = AccessPath(RootKind::Parameter, 0).deref().field(Unit.entity(Field));
      return Field->getType()->isPointerType() ? Named.deref() : Named;
    }
  if (const auto *Call = dyn_cast<CallExpr>(E))
    if (const FunctionDecl *Getter = Call->getDirectCallee())
      if (const auto *Returned = annotated(Getter)->getAttr<LockReturnedAttr>()) {
        AccessPath Named = capability(Returned->getArg());
        bool IsMember = Named.root() == RootKind::Parameter && Named.rootId() == 0;
        return IsMember && Named.derefs() > 0 ? inCaller(callSite(Call), Named) : Named;
      }
  bool IsPointer = E->getType()->isPointerType() || isPointerLike(E->getType());
  if (!IsPointer)
    return leadsElsewhere(E->getType()) ? AccessPath() : path(E);
  return E->isGLValue() ? path(E).deref() : value(E).pointee();
}

void FunctionLowering::addAnnotated(LockContract::Locks &To, llvm::ArrayRef<Expr *> Named,
                                    bool IsShared, bool MeansThis) {
  if (Named.empty() && MeansThis)
    To.push_back({AccessPath(RootKind::Parameter, 0).deref(), IsShared});
  for (const Expr *E : Named)
    if (AccessPath Path = capability(E); Path.isKnown())
      To.push_back({Path, IsShared});
}

std::vector<AnnotatedLock> FunctionLowering::guards(UnitFactsBuilder &Unit, const ValueDecl *Of) {
  FunctionLowering Frame(Unit, nullptr, 0);
  std::vector<AnnotatedLock> Result;
  for (const auto *Attr : Of->specific_attrs<GuardedByAttr>())
    if (AccessPath Path = Frame.capability(Attr->getArg()); Path.isKnown())
      Result.push_back({Path});
  for (const auto *Attr : Of->specific_attrs<PtGuardedByAttr>())
    if (AccessPath Path = Frame.capability(Attr->getArg()); Path.isKnown())
      Result.push_back({Path, /*IsShared=*/false, /*OfPointee=*/true});
  return Result;
}

LockContract FunctionLowering::contract(UnitFactsBuilder &Unit, const FunctionDecl *Of) {
  LockContract Result;
  const FunctionDecl *Last = annotated(Of);
  if (!Last->hasAttrs())
    return Result;
  FunctionLowering Frame(Unit, Of, 0);
  // An annotation speaks of the parameters of the declaration that it was written on.
  for (const FunctionDecl *Each : Last->redecls())
    for (unsigned I = 0; I < Each->getNumParams(); ++I)
      Frame.ParameterSlots[Each->getParamDecl(I)] = I + 1;
  const auto *Method = dyn_cast<CXXMethodDecl>(Of);
  bool HasThis = Method && Method->isInstance();
  auto Named = [](const auto *Attr) {
    return llvm::ArrayRef<Expr *>(Attr->args_begin(), Attr->args_size());
  };
  for (const auto *Attr : Last->specific_attrs<RequiresCapabilityAttr>())
    Frame.addAnnotated(Result.Requires, Named(Attr), Attr->isShared(), false);
  for (const auto *Attr : Last->specific_attrs<LocksExcludedAttr>())
    Frame.addAnnotated(Result.Excludes, Named(Attr), false, false);
  for (const auto *Attr : Last->specific_attrs<AcquireCapabilityAttr>())
    Frame.addAnnotated(Result.Acquires, Named(Attr), Attr->isShared(), HasThis);
  for (const auto *Attr : Last->specific_attrs<ReleaseCapabilityAttr>())
    Frame.addAnnotated(Result.Releases, Named(Attr), Attr->isShared(), HasThis);
  for (const auto *Attr : Last->specific_attrs<AssertCapabilityAttr>())
    Frame.addAnnotated(Result.Asserts, Named(Attr), Attr->isShared(), HasThis);
  for (const auto *Attr : Last->specific_attrs<TryAcquireCapabilityAttr>()) {
    Frame.addAnnotated(Result.Tries, Named(Attr), Attr->isShared(), HasThis);
    bool Success = true;
    if (Attr->getSuccessValue()->EvaluateAsBooleanCondition(Success, Unit.context()))
      Result.SucceedsOnZero = !Success;
  }
  return Result;
}

AccessPath FunctionLowering::inCaller(const CallSite &Call, const AccessPath &Named) {
  if (Named.root() != RootKind::Parameter)
    return Named;
  if (Named.isRootOnly() || Named.steps()[0].What != PathStep::Deref)
    return {};
  if (Named.rootId() == 0)
    return Named.rebased(objectPath(Call), 1);
  unsigned Index = Named.rootId() - 1;
  if (Index >= Call.Arguments.size() || !Call.Callee || Index >= Call.Callee->getNumParams())
    return {};
  QualType Type = Call.Callee->getParamDecl(Index)->getType();
  return Named.rebased(argument(Call.Arguments[Index], Type).pointee(), 1);
}

bool FunctionLowering::lowerGuardByContract(const CallSite &Call, const LockContract &Contract) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Call.Callee)) {
    if (Constructor->isCopyOrMoveConstructor()) {
      emit(EventKind::Move, Call.Constructed, Where).Values = {
          Value::load(path(Call.Arguments[0]))};
      return true;
    }
    uint64_t Flags = Blind;
    const LockContract::Locks *Locks = &Contract.Acquires;
    if (!Contract.Tries.empty()) {
      Locks = &Contract.Tries;
      Flags |= Tried;
    } else if (Locks->empty() && !Contract.Requires.empty()) {
      Locks = &Contract.Requires;
      Flags |= Adopted;
    } else if (Locks->empty()) {
      Locks = &Contract.Excludes;
      Flags |= Deferred;
    }
    if (Locks->empty())
      return false;
    std::vector<Value> Owned;
    for (const AnnotatedLock &Lock : *Locks) {
      Owned.push_back(Value::pointsTo(inCaller(Call, Lock.Path)));
      Flags |= Lock.IsShared ? Shared : NoFlags;
    }
    emit(EventKind::GuardMake, Call.Constructed, Where, Flags).Values = std::move(Owned);
    return true;
  }
  bool Locks = !Contract.Acquires.empty(), Unlocks = !Contract.Releases.empty();
  if (Unlocks)
    emit(EventKind::GuardUnlock, objectPath(Call), Where);
  if (Locks) // with the above: in another mode from now on
    emit(EventKind::GuardLock, objectPath(Call), Where);
  if (Locks || Unlocks)
    return true;
  if (!Contract.Tries.empty())
    emit(EventKind::GuardTry, objectPath(Call), Where,
         (Contract.SucceedsOnZero ? OnZero : NoFlags) |
             (isResultUnused(Call.Whole) ? ResultUnused : NoFlags))
        .Values = {Value::load(resultPath(Call))};
  return !Contract.Tries.empty();
}

void FunctionLowering::lowerEndByContract(const AccessPath &Object,
                                          const CXXDestructorDecl *Destructor,
                                          clang::SourceRange Where) {
  // A class that can do nothing but begin and end.
  auto IsOther = [](const CXXMethodDecl *Method) {
    return Method->isUserProvided() && !isa<CXXConstructorDecl, CXXDestructorDecl>(Method);
  };
  bool IsUnseen =
      !Destructor->isDefined() && isProjectCode(Context, Destructor) &&
      llvm::any_of(Destructor->getParent()->ctors(),
                   [](const CXXConstructorDecl *C) {
                     return C->getNumParams() == 0 && C->isUserProvided() && !C->isDefined();
                   }) &&
      llvm::none_of(Destructor->getParent()->methods(), IsOther);
  if (IsUnseen && Object.root() == RootKind::Local) {
    Value Mark = Value::pointsTo({RootKind::Global, Unit.entity(Destructor)}); // UnseenSections.h
    Mark.Number = 1 + Mark.Path.rootId();
    emit(EventKind::UnknownCall, {}, Where).Values = {std::move(Mark)};
  }
  if (!changesLocks(Destructor))
    return;
  for (const AnnotatedLock &Lock : contract(Unit, Destructor).Releases) {
    bool IsOwn = Lock.Path.root() == RootKind::Parameter && Lock.Path.derefs() > 0;
    emit(EventKind::Release, IsOwn ? Lock.Path.rebased(Object, 1) : Lock.Path, Where,
         AnyMode | uint64_t(ChosenKind));
  }
}

bool FunctionLowering::lowerByContract(const CallSite &Call) {
  const CXXRecordDecl *Record = parentOf(Call.Callee);
  bool IsGuard = isScopedCapability(Record);
  if (!annotated(Call.Callee)->hasAttrs() && !IsGuard)
    return false;
  LockContract Contract = contract(Unit, Call.Callee);
  if (IsGuard)
    return lowerGuardByContract(Call, Contract);
  clang::SourceRange Where = Call.Whole->getSourceRange();
  auto FlagsOf = [](const AnnotatedLock &Lock) { return Lock.IsShared ? Shared : NoFlags; };
  for (const AnnotatedLock &Lock : Contract.Asserts)
    emit(EventKind::Acquire, inCaller(Call, Lock.Path), Where, FlagsOf(Lock) | Given);
  bool IsLock = Record && Record->hasAttr<CapabilityAttr>();
  bool Changes =
      !Contract.Acquires.empty() || !Contract.Releases.empty() || !Contract.Tries.empty();
  if (!Changes)
    return !Contract.Asserts.empty();
  // What a lock is made of is its own affair; other functions show in their bodies what they do.
  if (!IsLock) {
    if (Unit.function(Call.Callee) != InvalidId)
      return false;
    lowerUnknownCall(Call);
  }
  uint64_t Kind = Call.Object && IsLock
                      ? lockFlags(Call.ObjectIsPointer ? Call.Object->getType()->getPointeeType()
                                                       : Call.Object->getType())
                      : ChosenKind;
  for (const AnnotatedLock &Lock : Contract.Releases)
    emit(EventKind::Release, inCaller(Call, Lock.Path), Where, FlagsOf(Lock) | Kind | AnyMode);
  for (const AnnotatedLock &Lock : Contract.Acquires)
    emit(EventKind::Acquire, inCaller(Call, Lock.Path), Where, FlagsOf(Lock) | Kind);
  for (const AnnotatedLock &Lock : Contract.Tries)
    emit(EventKind::TryLock, inCaller(Call, Lock.Path), Where,
         FlagsOf(Lock) | Kind | (Contract.SucceedsOnZero ? OnZero : NoFlags) |
             (isResultUnused(Call.Whole) ? ResultUnused : NoFlags))
        .Values = {Value::load(resultPath(Call))};
  return true;
}

void FunctionLowering::lowerTryByContract(const CallSite &Call, Edge &WhenTrue, Edge &WhenFalse) {
  if (!changesLocks(Call.Callee))
    return;
  const CXXRecordDecl *Record = parentOf(Call.Callee);
  bool IsGuard = isScopedCapability(Record), IsLock = Record && Record->hasAttr<CapabilityAttr>();
  if (!IsGuard && !IsLock && Unit.function(Call.Callee) != InvalidId)
    return;
  LockContract Contract = contract(Unit, Call.Callee);
  if (Contract.Tries.empty())
    return;
  Out = &(Contract.SucceedsOnZero ? WhenFalse : WhenTrue).Events;
  clang::SourceRange Where = Call.Whole->getSourceRange();
  if (IsGuard) {
    emit(EventKind::GuardLock, objectPath(Call), Where);
    return;
  }
  for (const AnnotatedLock &Lock : Contract.Tries)
    emit(EventKind::Acquire, inCaller(Call, Lock.Path), Where, Lock.IsShared ? Shared : NoFlags);
}
