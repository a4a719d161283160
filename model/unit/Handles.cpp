// Where handles of threads go: into what holds them, out of it, and to their end.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace heddle;

bool FunctionLowering::isPlainHandle(QualType Type) {
  return !Type->isRecordType() && !Type->isReferenceType() && hasRole(Type, TypeRole::Thread);
}

void FunctionLowering::loseHandle(const Expr *Handle) {
  Handle = Handle->IgnoreParenImpCasts();
  if (!isPlainHandle(Handle->getType()))
    return;
  if (AccessPath Source = Handle->isGLValue() ? path(Handle) : value(Handle).Path; Source.isKnown())
    emit(EventKind::Escape, Source, Handle->getSourceRange());
}

void FunctionLowering::loseListed(const Expr *Pointer) {
  const QualType Type = Pointer->getType();
  const QualType Handle = Type->isPointerType() ? Type->getPointeeType()
                          : hasRole(Type, TypeRole::Reference)
                              ? typeArgument(Type->getAsCXXRecordDecl())
                              : QualType();
  if (Handle.isNull() || !hasRole(Handle, TypeRole::Thread))
    return;
  if (AccessPath Listed = value(Pointer).pointee(); Listed.isKnown())
    emit(EventKind::Escape, Listed, Pointer->getSourceRange());
}

bool FunctionLowering::holdsHandle(QualType Type, bool ByEnd, unsigned Depth) {
  constexpr unsigned MaxDepth = 4;
  if (Depth > MaxDepth)
    return false;
  Type = Type.getNonReferenceType();
  if (Type->isArrayType())
    return holdsHandle(Context.getBaseElementType(Type), ByEnd, Depth + 1);
  if (Type->isPointerType())
    return !ByEnd && holdsHandle(Type->getPointeeType(), ByEnd, Depth + 1);
  const TypeMeaning *Meaning = meaning(Type);
  TypeRole Role = Meaning ? Meaning->Role : TypeRole::None;
  if (Role == TypeRole::Thread || Role == TypeRole::Future)
    return !ByEnd || Meaning->JoinsOnDestroy;
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return false;
  if (!isProjectCode(Context, Record)) {
    const auto *Template = dyn_cast<ClassTemplateSpecializationDecl>(Record);
    if (!Template || (Meaning && Role != TypeRole::Container && Role != TypeRole::SmartPointer))
      return false;
    bool Holds = false, HoldsAny = false, EndsOwnWay = false;
    auto Look = [&](const TemplateArgument &Argument) {
      if (Argument.getKind() != TemplateArgument::Type)
        return;
      QualType Part = Argument.getAsType();
      Holds |= holdsHandle(Part, ByEnd, Depth + 1);
      HoldsAny |= holdsHandle(Part, false, Depth + 1);
      const CXXRecordDecl *Class = Part->getAsCXXRecordDecl();
      EndsOwnWay |= Role == TypeRole::SmartPointer && Class && isProjectCode(Context, Class);
    };
    for (const TemplateArgument &Argument : Template->getTemplateArgs().asArray())
      if (Argument.getKind() == TemplateArgument::Pack)
        llvm::for_each(Argument.pack_elements(), Look);
      else
        Look(Argument);
    // A deleter of the project's may join what it ends.
    bool HasDeleter = EndsOwnWay && Template->getTemplateArgs().size() > 1;
    return Holds || (HasDeleter && HoldsAny);
  }
  if (Meaning)
    return false;
  // What a destructor does with the threads that it has is taken to be waiting for them.
  const CXXDestructorDecl *Destructor = Record->getDestructor();
  bool EndsByItself = Destructor && Destructor->isUserProvided();
  auto Holds = [&](QualType Part) { return holdsHandle(Part, ByEnd && !EndsByItself, Depth + 1); };
  return llvm::any_of(Record->fields(),
                      [&](const FieldDecl *Field) { return Holds(Field->getType()); }) ||
         llvm::any_of(Record->bases(),
                      [&](const CXXBaseSpecifier &Base) { return Holds(Base.getType()); });
}

void FunctionLowering::lowerExchange(const CallSite &Call, const CallMeaning &M) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  AccessPath One = operandObject(Call, M.Object), Other = operandObject(Call, M.Source);
  if (Call.Object && !hasRole(Call.Object->getType(), TypeRole::Thread))
    for (const AccessPath &Changed : {One, Other})
      emit(EventKind::Write, Changed, Where,
           hasRole(Call.Object->getType(), TypeRole::Container) ? Container : NoFlags);
  const AccessPath Between = temporary(Call.Whole);
  emit(EventKind::Move, Between, Where).Values = {Value::load(One)};
  emit(EventKind::Move, One, Where).Values = {Value::load(Other)};
  emit(EventKind::Move, Other, Where).Values = {Value::load(Between)};
}

bool FunctionLowering::isOfTask(const CallSite &Call, const CallMeaning &M) {
  const Expr *Object = operandExpr(Call, M.Object);
  if (!Object)
    return false;
  QualType Type = Object->getType();
  if (Call.ObjectIsPointer && Type->isPointerType())
    Type = Type->getPointeeType();
  return hasRole(Type, TypeRole::Future);
}

AccessPath FunctionLowering::taskPath(const CallSite &Call, const CallMeaning &M) {
  // What an iterator leads to, by its name.
  const Expr *Object = operandExpr(Call, M.Object);
  if (const auto *Operator =
          dyn_cast_or_null<CXXOperatorCallExpr>(Object ? Object->IgnoreParenImpCasts() : nullptr))
    if (Operator->getOperator() == OO_Arrow || Operator->getOperator() == OO_Star)
      if (const auto *Iterator = dyn_cast<DeclRefExpr>(Operator->getArg(0)->IgnoreParenImpCasts()))
        return variablePath(Iterator->getDecl()).deref();
  return operandObject(Call, M.Object);
}

bool FunctionLowering::lowerPointerExchange(const CallSite &Call, const CallMeaning &M) {
  clang::SourceRange Where = Call.Whole->getSourceRange();
  AccessPath One = operandObject(Call, M.Object), Other = operandObject(Call, M.Source);
  if (!One.isKnown() || !Other.isKnown())
    return false;
  const AccessPath Between = temporary(Call.Whole);
  emit(EventKind::Store, Between, Where).Values = {Value::load(One)};
  emit(EventKind::Store, One, Where).Values = {Value::load(Other)};
  emit(EventKind::Store, Other, Where).Values = {Value::load(Between)};
  return true;
}

bool FunctionLowering::isReplacement(const CallSite &Call) {
  return Call.Whole->getType()->isScalarType() &&
         llvm::any_of(Unit.vocabulary().call(Call.Callee),
                      [](const CallMeaning &M) { return M.What == Effect::Replace; });
}

bool FunctionLowering::lowerReplacement(const CallSite &Call, const CallMeaning &M) {
  const Expr *New = operandExpr(Call, M.Source);
  if (!New || !isReplacement(Call))
    return false;
  QualType Type = Call.Whole->getType();
  clang::SourceRange Where = Call.Whole->getSourceRange();
  AccessPath Object = operandObject(Call, M.Object), Before = resultPath(Call);
  if (isPointerLike(Type)) {
    emit(EventKind::Store, Before, Where).Values = {Value::load(Object)};
    emit(EventKind::Store, Object, Where).Values = {value(New)};
  }
  // What the result is known to be, the object was known to be.
  Judgement Held;
  Held.Right = Judgement::Copy;
  Held.Subject = Before;
  Held.From = Object;
  if (Object.isKnown())
    judge(std::move(Held), Where);
  judgeAssigned(Object, Type, New);
  return true;
}

bool FunctionLowering::lowerSpawnInPlace(const CallSite &Call, QualType Type,
                                         const AccessPath &Handle) {
  const TypeMeaning *Held = meaning(Type);
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Held || Held->Role != TypeRole::Thread || !Record || Call.Arguments.empty() ||
      hasRole(Call.Arguments[0]->getType(), TypeRole::Thread))
    return false;
  for (const Decl *Member : Record->decls()) {
    const auto *Maker = dyn_cast<FunctionTemplateDecl>(Member);
    if (!Maker || !isa<CXXConstructorDecl>(Maker->getTemplatedDecl()))
      continue;
    for (const CallMeaning &M : Unit.vocabulary().call(Maker->getTemplatedDecl()))
      if (M.What == Effect::Spawn) {
        lowerSpawn(Call, M, Handle, flagsOfHandle(*Held));
        return true;
      }
  }
  return true;
}

void FunctionLowering::lowerHandlesMade(const CallSite &Call, const AccessPath &Object) {
  const QualType Made =
      typeArgument(Call.Whole->getType().getNonReferenceType()->getAsCXXRecordDecl());
  if (Made.isNull() || lowerSpawnInPlace(Call, Made, Object))
    return;
  if (Call.Arguments.size() == 1 && isCallable(Call.Arguments[0]->getType()) && isCallable(Made))
    emit(EventKind::Store, Object, Call.Whole->getSourceRange()).Values = {
        value(Call.Arguments[0])};
  for (const Expr *Argument : Call.Arguments)
    if (Argument->getType()->isRecordType() && holdsHandle(Argument->getType(), false))
      if (AccessPath Source = path(Argument); Source.isKnown())
        emit(EventKind::Move, Object, Call.Whole->getSourceRange()).Values = {Value::load(Source)};
}

void FunctionLowering::lowerNothingToJoin(const CallSite &Call, const CallMeaning &M) {
  const Expr *Holder = operandExpr(Call, M.Handle);
  if (!Holder || !holdsHandle(Holder->getType(), false))
    return;
  AccessPath Handle = operandObject(Call, M.Handle);
  if (hasRole(Holder->getType(), TypeRole::SmartPointer))
    Handle = Handle.deref();
  if (Handle.isKnown() || hasRole(Holder->getType(), TypeRole::Thread))
    emit(EventKind::Join, Handle, Call.Whole->getSourceRange());
}

const CXXMethodDecl *FunctionLowering::namedMethod(const Expr *E) {
  E = E->IgnoreUnlessSpelledInSource();
  if (const auto *Address = dyn_cast<UnaryOperator>(E);
      Address && Address->getOpcode() == UO_AddrOf) {
    const auto *Named = dyn_cast<DeclRefExpr>(Address->getSubExpr()->IgnoreParens());
    return Named ? dyn_cast<CXXMethodDecl>(Named->getDecl()) : nullptr;
  }
  if (!isa<CallExpr>(E))
    return nullptr;
  CallSite Call = callSite(E);
  if (Call.Callee)
    for (const CallMeaning &M : Unit.vocabulary().call(Call.Callee))
      if (const Expr *Bound = operandExpr(Call, M.Callable); Bound && M.What == Effect::Bind)
        return namedMethod(Bound);
  return nullptr;
}

bool FunctionLowering::lowerJoinByName(const CallSite &Call, const CallMeaning &M) {
  const Expr *Callable = operandExpr(Call, M.Callable);
  const CXXMethodDecl *Method = Callable ? namedMethod(Callable) : nullptr;
  if (!Method || Call.Arguments.empty())
    return false;
  auto Means = [&](Effect What) {
    return llvm::any_of(Unit.vocabulary().call(Method),
                        [&](const CallMeaning &Each) { return Each.What == What; });
  };
  bool IsJoin = Means(Effect::Join);
  if (!IsJoin && !Means(Effect::Detach))
    return false;
  if (const Expr *Handle = operandExpr(Call, M.Arguments)) { // of one thread
    AccessPath Named = isPointerLike(Handle->getType()) ? value(Handle).pointee() : path(Handle);
    emit(IsJoin ? EventKind::Join : EventKind::Detach, Named, Call.Whole->getSourceRange());
    return true;
  }
  if (!IsJoin)
    return false;
  const Expr *Range = Call.Arguments[0];
  AccessPath Each =
      isPointerLike(Range->getType()) ? value(Range).pointee() : path(Range).element();
  emit(EventKind::Join, Each, Call.Whole->getSourceRange());
  return true;
}
