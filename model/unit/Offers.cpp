// Callables that are put where others find and call them: queues of tasks, handlers in members.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;
using namespace heddle;

bool FunctionLowering::isCallable(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isFunctionPointerType() || hasRole(Type, TypeRole::Callable))
    return true;
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  return Record && Record->isLambda();
}

Value FunctionLowering::functor(const Expr *Object) {
  const CXXRecordDecl *Record = Object->getType().getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition() || Record->isLambda() || !isProjectCode(Context, Record))
    return {};
  for (const CXXMethodDecl *Method : Record->methods())
    if (Method->getOverloadedOperator() == OO_Call)
      if (FunctionId Callee = Unit.function(Method); Callee != InvalidId)
        // Who is given it has a copy; only what is built for it can be followed into that.
        return {Value::Closure,
                {},
                Callee,
                0,
                {Object->isLValue() ? Value() : Value::pointsTo(path(Object))}};
  return {};
}

llvm::SmallVector<const FieldDecl *, 2> FunctionLowering::callableMembers(QualType Type) {
  llvm::SmallVector<const FieldDecl *, 2> Result;
  const CXXRecordDecl *Record = Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (Record && Record->hasDefinition() && !Record->isLambda() && !Record->isUnion() &&
      isProjectCode(Context, Record))
    for (const FieldDecl *Field : Record->fields())
      if (isCallable(Field->getType()))
        Result.push_back(Field);
  return Result;
}

void FunctionLowering::offer(const AccessPath &Place, QualType Type, const AccessPath &From,
                             clang::SourceRange Where) {
  if (!Place.isKnown() || !From.isKnown())
    return;
  if (isCallable(Type)) {
    emit(EventKind::Offer, Place, Where).Values = {Value::load(From)};
    return;
  }
  offerObject(Place, Type, From.deref(), Where);
  for (const FieldDecl *Field : callableMembers(Type))
    emit(EventKind::Offer, Place, Where).Values = {Value::load(From.field(Unit.entity(Field)))};
}

void FunctionLowering::offer(const AccessPath &Place, QualType Type, const Expr *Given) {
  if (pointedRecord(Type))
    return offerObject(Place, Type, value(Given).pointee(), Given->getSourceRange());
  if (!isCallable(Type))
    return offer(Place, Type, path(Given), Given->getSourceRange());
  if (Value Held = value(Given); Held.isKnown() && Place.isKnown())
    emit(EventKind::Offer, Place, Given->getSourceRange()).Values = {Held};
}

void FunctionLowering::store(const AccessPath &To, QualType Type, Value Held,
                             clang::SourceRange Where) {
  emit(EventKind::Store, To, Where).Values = {std::move(Held)};
  offer(To, Type, To, Where);
}

void FunctionLowering::storeCallables(const AccessPath &To, const Expr *From) {
  QualType Type = From->getType().getNonReferenceType();
  clang::SourceRange Where = From->getSourceRange();
  if (!To.isKnown())
    return;
  if (isCallable(Type))
    return store(To, Type, value(From), Where);
  if (AccessPath Source = path(From); Source.isKnown())
    for (const FieldDecl *Field : callableMembers(Type)) {
      EntityId Member = Unit.entity(Field);
      store(To.field(Member), Field->getType(), Value::load(Source.field(Member)), Where);
    }
}

void FunctionLowering::describeOffers() {
  auto IsMember = [](const AccessPath &P) {
    return P.isKnown() && !P.isRootOnly() && P.steps().back().What == PathStep::Field;
  };
  bool Any = llvm::any_of(Facts.Blocks, [&](const Block &B) {
    return llvm::any_of(
        B.Events, [&](const Event &E) { return E.Kind == EventKind::Offer && IsMember(E.Path); });
  });
  if (!Any)
    return;
  auto ObjectOf = [](const AccessPath &P) { return P.prefix(P.steps().size() - 1); };
  std::map<AccessPath, std::vector<std::pair<EntityId, Value>>> Stored; // by object
  for (const Block &B : Facts.Blocks)
    for (const Event &E : B.Events)
      if (E.Kind == EventKind::Store && IsMember(E.Path) && E.Values[0].isKnown())
        Stored[ObjectOf(E.Path)].emplace_back(E.Path.subject(), E.Values[0]);
  for (Block &B : Facts.Blocks)
    for (Event &E : B.Events)
      if (E.Kind == EventKind::Offer && IsMember(E.Path))
        for (const auto &[Field, Held] : Stored[ObjectOf(E.Path)])
          if (Field != E.Path.subject()) {
            E.Values.push_back(Value::load({RootKind::Global, Field}));
            E.Values.push_back(Held);
          }
}
