// Finds the functions worth looking at: those in which something concurrent happens, and callers of
// those that start, end or wait for it.
#include "model/unit/LockHolders.h"
#include "model/unit/UnitFactsBuilder.h"

#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtOpenMP.h"

#include "llvm/ADT/SetVector.h"

using namespace clang;
using namespace heddle;

namespace {

bool isTrigger(Effect E) {
  switch (E) {
  case Effect::Spawn:
  case Effect::Serve:
  case Effect::ParallelCall:
  case Effect::ChannelMake:
  case Effect::Send:
  case Effect::TrySend:
  case Effect::Receive:
  case Effect::TryReceive:
  case Effect::Close:
  case Effect::SelectReceive:
  case Effect::SelectSend:
  case Effect::ContextDerive:
  case Effect::CancelCall:
  case Effect::SemaphoreInit:
  case Effect::SemaphoreAcquire:
  case Effect::SemaphoreRelease:
  case Effect::StopRequest:
  case Effect::StopThread:
  case Effect::InstallHandler:
    return true;
  default:
    return false;
  }
}

/// What makes a function worth looking at for its own sake, whoever calls it.
bool isLocalTrigger(Effect E) {
  switch (E) {
  case Effect::Acquire:
  case Effect::TryAcquire:
  case Effect::Release:
  case Effect::AcquireAll:
  case Effect::LockKind:
  case Effect::LockRobust:
  case Effect::Join: // of a thread that another function may have started
  case Effect::AtomicLoad:
  case Effect::AtomicStore:
  case Effect::AtomicUpdate:
  case Effect::CallOnce:
    return true;
  default:
    return false;
  }
}

/// Whether the type, or an array of it, is for threads to meet on: a lock, an atomic.
bool isForThreads(VocabularyLookup &Lookup, QualType Type) {
  Type = Type.getNonReferenceType();
  while (const auto *Array = dyn_cast<ArrayType>(Type.getTypePtr()))
    Type = Array->getElementType();
  if (Type->isAtomicType())
    return true;
  if (isCapability(Type))
    return true;
  const TypeMeaning *Meaning = Lookup.type(Type);
  return Meaning && (Meaning->Role == TypeRole::Mutex || Meaning->Role == TypeRole::Atomic);
}

/// Whether the type, or what it is a pointer to, is a primitive that is not a lock.
bool isMeetingPlace(VocabularyLookup &Lookup, QualType Type) {
  Type = Type.getNonReferenceType();
  while (Type->isPointerType())
    Type = Type->getPointeeType();
  const TypeMeaning *Meaning = Lookup.type(Type);
  return Meaning && (Meaning->Role == TypeRole::Condition || Meaning->Role == TypeRole::Barrier ||
                     Meaning->Role == TypeRole::Mutex || Meaning->Role == TypeRole::Semaphore);
}

class CallCollector : public RecursiveASTVisitor<CallCollector> {
public:
  CallCollector(ASTContext &Context, VocabularyLookup &Lookup)
      : Context(Context), Lookup(Lookup), Holders(Lookup) {}

  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitImplicitCode() const { return true; }

  bool TraverseDecl(Decl *D) {
    // System headers hold no code of the project's; what they instantiate is not looked into.
    if (D && !isa<TranslationUnitDecl>(D) && D->getLocation().isValid() &&
        D->getDeclContext()->isFileContext() && !isProjectCode(Context, D))
      return true;
    const auto *Entered = dyn_cast_or_null<FunctionDecl>(D);
    if (!Entered || !Entered->doesThisDeclarationHaveABody() || Entered->isDependentContext())
      return RecursiveASTVisitor::TraverseDecl(D);
    const FunctionDecl *Outer = Function;
    Function = Entered;
    All.insert(Entered);
    if (isa_and_nonnull<CoroutineBodyStmt>(Entered->getBody()))
      Coroutines.insert(Entered);
    for (const ParmVarDecl *Parameter : Entered->parameters())
      if (Holders.find(Parameter->getType()))
        Locals.insert(Entered);
    // A class that owns a lock promises that threads may share its objects; one that owns a thread
    // may share its members with it.
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Entered))
      if (isShared(Method->getParent()))
        Locals.insert(Entered);
    bool Result = RecursiveASTVisitor::TraverseDecl(D);
    Function = Outer;
    return Result;
  }

  bool TraverseLambdaExpr(LambdaExpr *Lambda) {
    // A lambda's body counts for the function around it.
    if (Function && isa_and_nonnull<CoroutineBodyStmt>(Lambda->getBody()))
      Locals.insert(Function);
    return !Function || TraverseStmt(Lambda->getBody());
  }

  bool VisitAtomicExpr(AtomicExpr *Operation) {
    if (Function)
      Locals.insert(Function);
    noteAtomic(Operation->getPtr());
    return true;
  }

  bool VisitUnaryOperator(UnaryOperator *Operator) {
    if (Operator->isIncrementDecrementOp())
      noteChange(Operator->getSubExpr());
    return true;
  }

  bool VisitCompoundAssignOperator(CompoundAssignOperator *Operator) {
    noteChange(Operator->getLHS());
    return true;
  }

  bool VisitOMPExecutableDirective(OMPExecutableDirective *) {
    if (Function)
      Triggers.insert(Function);
    return true;
  }

  bool VisitDeclRefExpr(DeclRefExpr *Reference) {
    if (Function && (isForThreads(Lookup, Reference->getType()) ||
                     isMeetingPlace(Lookup, Reference->getType())))
      Locals.insert(Function);
    return true;
  }

  bool VisitCastExpr(CastExpr *Cast) {
    if (Cast->getCastKind() == CK_LValueToRValue && Function && !Locals.count(Function))
      if (QualType Read = Cast->getSubExpr()->getType();
          (Read->isRecordType() || isa<TypedefType>(Read.getTypePtr())) && Holders.isCopy(Cast))
        Locals.insert(Function);
    return true;
  }

  bool VisitCallExpr(CallExpr *Call) {
    noteCopy(Call);
    if (const FunctionDecl *Callee = Call->getDirectCallee())
      for (const CallMeaning &M : Lookup.call(Callee)) {
        if (M.What == Effect::AtomicUpdate && Call->getNumArgs() > 0)
          noteAtomic(Call->getArg(0));
        else if (M.What == Effect::Allocate)
          noteMade(Call->getType());
      }
    if (Function && (ownsLocks(Call->getType()) || ordersLocks(Call)))
      Locals.insert(Function);
    if (const FunctionDecl *Callee = Call->getDirectCallee())
      note(Callee);
    // What is handed on is called, too, by whoever gets it.
    for (const Expr *Argument : Call->arguments())
      if (const auto *Reference = dyn_cast<DeclRefExpr>(Argument->IgnoreImpCasts()))
        noteCaller(dyn_cast<FunctionDecl>(Reference->getDecl()));
    return true;
  }

  bool VisitDeclStmt(DeclStmt *Declaration) {
    // What was meant to be a guard may be the declaration of a function.
    for (const Decl *D : Declaration->decls())
      if (const auto *Prototype = dyn_cast<FunctionDecl>(D))
        if (Function && ownsLocks(Prototype->getReturnType()))
          Locals.insert(Function);
    return true;
  }

  bool VisitVarDecl(VarDecl *Variable) {
    if (Function && ownsLocks(Variable->getType()))
      Locals.insert(Function);
    // What is made here is set up by a function that this one calls, or by none.
    if (const RecordDecl *Record = Variable->getType()->getAsRecordDecl();
        Function && Record && Variable->hasLocalStorage() && Record->isCompleteDefinition() &&
        isProjectCode(Context, Record) &&
        llvm::any_of(Record->fields(), [&](const FieldDecl *Field) {
          return !Field->getType()->isPointerType() && isMeetingPlace(Lookup, Field->getType());
        }))
      Locals.insert(Function);
    // Whoever comes by while a static is initialised waits, the initialiser itself included.
    if (Function && Variable->isStaticLocal() && Variable->getInit() &&
        callsProject(Variable->getInit()))
      Locals.insert(Function);
    return true;
  }

  bool VisitCXXConstructExpr(CXXConstructExpr *Construct) {
    note(Construct->getConstructor());
    if (Function && Construct->getConstructor()->isCopyOrMoveConstructor() &&
        Holders.isCopy(Construct))
      Locals.insert(Function);
    if (const CXXDestructorDecl *Destructor =
            Construct->getConstructor()->getParent()->getDestructor())
      note(Destructor);
    const TypeMeaning *Type = Lookup.type(Construct->getConstructor()->getParent());
    if (Type && Type->Role == TypeRole::Reference && Construct->getNumArgs() == 1)
      noteAtomic(Construct->getArg(0));
    if (Type && Function &&
        (Type->Role == TypeRole::StopSource || Type->Role == TypeRole::Semaphore))
      Triggers.insert(Function);
    return true;
  }

  bool VisitMemberExpr(MemberExpr *Member) {
    // Whoever touches a stop source may be the one who stops it.
    const TypeMeaning *Type = Lookup.type(Member->getType());
    if (Type && Function && Type->Role == TypeRole::StopSource)
      Triggers.insert(Function);
    if (Function &&
        (isForThreads(Lookup, Member->getType()) || isMeetingPlace(Lookup, Member->getType())))
      Locals.insert(Function);
    return true;
  }

  /// The field or global that is meant, or pointed to.
  static const ValueDecl *sharedVariable(const Expr *E) {
    E = E->IgnoreParenCasts();
    if (const auto *Address = dyn_cast<UnaryOperator>(E);
        Address && Address->getOpcode() == UO_AddrOf)
      E = Address->getSubExpr()->IgnoreParenCasts();
    if (const auto *Member = dyn_cast<MemberExpr>(E))
      return dyn_cast<FieldDecl>(Member->getMemberDecl());
    const auto *Named = dyn_cast<DeclRefExpr>(E);
    const auto *Variable = Named ? dyn_cast<VarDecl>(Named->getDecl()) : nullptr;
    return Variable && Variable->hasGlobalStorage() ? Variable : nullptr;
  }

  void noteAtomic(const Expr *Object) {
    if (const ValueDecl *Variable = sharedVariable(Object))
      ChangedAtomically.insert(Variable);
  }

  /// The library calls a constructor for an owner that it returns.
  void noteMade(QualType Owner) {
    const QualType Type = typeArgument(Owner->getAsCXXRecordDecl());
    const CXXRecordDecl *Made = Type.isNull() ? nullptr : Type->getAsCXXRecordDecl();
    if (!Made || !Made->hasDefinition() || !isProjectCode(Context, Made))
      return;
    for (const CXXConstructorDecl *Constructor : Made->ctors())
      note(Constructor);
    if (const CXXDestructorDecl *Destructor = Made->getDestructor())
      note(Destructor);
  }

  /// A plain change, which matters if others change the variable atomically.
  void noteChange(const Expr *Object) {
    const ValueDecl *Variable = Function ? sharedVariable(Object) : nullptr;
    if (Variable && !Locals.count(Function))
      PlainChanges.emplace_back(Variable, Function);
  }

  /// Whether the call copies locks: an assignment, or a copy of bytes.
  void noteCopy(const CallExpr *Call) {
    if (!Function || Locals.count(Function))
      return;
    if (isa<CXXOperatorCallExpr>(Call)) {
      if (Holders.isCopy(Call))
        Locals.insert(Function);
      return;
    }
    for (const Expr *Argument : Call->arguments())
      if (Argument->getType()->isVoidPointerType()) {
        QualType Given = Argument->IgnoreParenCasts()->getType();
        if (Given->isPointerType() && Given->getPointeeType()->isRecordType() &&
            Holders.find(Given->getPointeeType()))
          Locals.insert(Function);
      }
  }

  /// Whether two objects with locks are given to one call: which comes first is said here.
  bool ordersLocks(const CallExpr *Call) {
    if (!Call->getDirectCallee() || !isProjectCode(Context, Call->getDirectCallee()))
      return false;
    auto HasLock = [&](const Expr *Given) {
      QualType Type = Given->getType();
      return Holders.find(Type->isPointerType() ? Type->getPointeeType() : Type).has_value();
    };
    unsigned Count = llvm::count_if(Call->arguments(), HasLock);
    if (const auto *Method = dyn_cast<CXXMemberCallExpr>(Call))
      Count += HasLock(Method->getImplicitObjectArgument());
    return Count > 1;
  }

  /// A guard by value.
  bool ownsLocks(QualType Type) {
    const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
    if (!Record)
      return false;
    const TypeMeaning *Meaning = Lookup.type(Type);
    return (Meaning && Meaning->Role == TypeRole::Guard) || isScopedCapability(Record);
  }

  bool callsProject(const Stmt *S) {
    if (!S)
      return false;
    const FunctionDecl *Callee = nullptr;
    if (const auto *Call = dyn_cast<CallExpr>(S))
      Callee = Call->getDirectCallee();
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S))
      Callee = Construct->getConstructor();
    if (Callee && !Callee->isConstexpr() && !Callee->isImplicit() && isProjectCode(Context, Callee))
      return true;
    return llvm::any_of(S->children(), [&](const Stmt *Part) { return callsProject(Part); });
  }

  /// A container of handles of threads.
  bool holdsThreads(const CXXRecordDecl *Record) {
    const QualType Held = typeArgument(Record);
    const TypeMeaning *Element = Held.isNull() ? nullptr : Lookup.type(Held);
    return Element && Element->Role == TypeRole::Thread;
  }

  bool isThread(QualType Type) {
    const TypeMeaning *Meaning = Lookup.type(Type);
    return (Meaning && Meaning->Role == TypeRole::Thread) ||
           holdsThreads(Type->getAsCXXRecordDecl());
  }

  /// Whether the object has a lock in it, or leads to some: a container of such, an implementation
  /// behind a pointer.
  bool holdsLocks(QualType Type, unsigned Depth = 3) {
    while (const auto *Array = dyn_cast<ArrayType>(Type.getTypePtr()))
      Type = Array->getElementType();
    const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
    if (!Record || Depth == 0)
      return false;
    if (Holders.find(Type))
      return true;
    const auto *Instance = dyn_cast<ClassTemplateSpecializationDecl>(Record);
    return Instance && llvm::any_of(Instance->getTemplateArgs().asArray(),
                                    [&](const TemplateArgument &Argument) {
                                      return Argument.getKind() == TemplateArgument::Type &&
                                             holdsLocks(Argument.getAsType(), Depth - 1);
                                    });
  }

  bool isShared(const CXXRecordDecl *Record) {
    auto [Known, IsNew] = Shared.try_emplace(Record, false);
    if (!IsNew)
      return Known->second;
    bool Owns = false;
    if (Record->hasDefinition() && !Record->isDependentContext()) {
      for (const FieldDecl *Field : Record->fields())
        Owns |= isForThreads(Lookup, Field->getType()) || isThread(Field->getType()) ||
                holdsLocks(Field->getType());
      for (const Decl *Member : Record->decls())
        if (const auto *Static = dyn_cast<VarDecl>(Member))
          Owns |= isForThreads(Lookup, Static->getType());
      for (const CXXBaseSpecifier &Base : Record->bases())
        if (const CXXRecordDecl *Parent = Base.getType()->getAsCXXRecordDecl())
          Owns |= isShared(Parent);
    }
    return Shared[Record] = Owns;
  }

  void note(const FunctionDecl *Callee) {
    if (!Function)
      return;
    for (const CallMeaning &M : Lookup.call(Callee))
      if (isTrigger(M.What)) {
        Uses.Handlers |= M.What == Effect::InstallHandler;
        Uses.Cancellation |= M.Cancels;
        Triggers.insert(Function);
        return;
      } else if (isLocalTrigger(M.What)) {
        Locals.insert(Function);
      }
    if (changesLocks(Callee))
      Locals.insert(Function);
    // Growing a container of threads starts one.
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
        Method && holdsThreads(Method->getParent())) {
      Triggers.insert(Function);
      return;
    }
    noteCaller(Callee);
  }

  void noteCaller(const FunctionDecl *Callee) {
    const FunctionDecl *Definition = nullptr;
    if (Function && Callee && Callee->isDefined(Definition))
      Callers[Definition].push_back(Function);
  }

  std::vector<const FunctionDecl *> concurrent() {
    std::vector<const FunctionDecl *> Result;
    std::vector<const FunctionDecl *> Work(Triggers.begin(), Triggers.end());
    llvm::DenseSet<const FunctionDecl *> Reached;
    while (!Work.empty()) {
      const FunctionDecl *Next = Work.back();
      Work.pop_back();
      if (!Reached.insert(Next).second)
        continue;
      for (const FunctionDecl *Caller : Callers[Next])
        Work.push_back(Caller);
    }
    for (const auto &[Variable, Changer] : PlainChanges)
      if (ChangedAtomically.count(Variable))
        Locals.insert(Changer);
    // Who calls several of those that lock for themselves may need one lock around them.
    llvm::DenseMap<const FunctionDecl *, unsigned> LocalCallees;
    // Who calls a coroutine decides how long what it refers to lives.
    for (const FunctionDecl *Coroutine : Coroutines) {
      Locals.insert(Coroutine);
      for (const FunctionDecl *Caller : Callers[Coroutine])
        Locals.insert(Caller);
    }
    for (const FunctionDecl *Callee : Locals)
      for (const FunctionDecl *Caller : llvm::SmallSetVector<const FunctionDecl *, 8>(
               Callers[Callee].begin(), Callers[Callee].end()))
        ++LocalCallees[Caller];
    for (const FunctionDecl *Candidate : All)
      if (Reached.count(Candidate) || Locals.count(Candidate) || LocalCallees[Candidate] > 1)
        Result.push_back(Candidate);
    return Result;
  }

  UnitUses Uses;

private:
  ASTContext &Context;
  VocabularyLookup &Lookup;
  const FunctionDecl *Function = nullptr;
  LockHolders Holders;
  llvm::SetVector<const FunctionDecl *> All, Triggers, Locals, Coroutines;
  llvm::DenseSet<const ValueDecl *> ChangedAtomically;
  std::vector<std::pair<const ValueDecl *, const FunctionDecl *>> PlainChanges;
  llvm::DenseMap<const CXXRecordDecl *, bool> Shared;
  llvm::DenseMap<const FunctionDecl *, std::vector<const FunctionDecl *>> Callers;
};

} // namespace

std::vector<const FunctionDecl *>
heddle::concurrentFunctions(ASTContext &Context, VocabularyLookup &Lookup, UnitUses &Uses) {
  CallCollector Collector(Context, Lookup);
  Collector.TraverseDecl(Context.getTranslationUnitDecl());
  Uses = Collector.Uses;
  return Collector.concurrent();
}
