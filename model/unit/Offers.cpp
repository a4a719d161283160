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

/// The members of a class of the project's that say what an object of it does.
static llvm::SmallVector<const FieldDecl *, 2>
fieldsOf(const CXXRecordDecl *Record, llvm::function_ref<bool(QualType)> IsWanted) {
  llvm::SmallVector<const FieldDecl *, 2> Result;
  if (Record && Record->hasDefinition() && !Record->isLambda() && !Record->isUnion())
    for (const FieldDecl *Field : Record->fields())
      if (IsWanted(Field->getType()))
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
  const CXXRecordDecl *Record = Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (Record && isProjectCode(Context, Record))
    for (const FieldDecl *Field : fieldsOf(Record, [&](QualType T) { return isCallable(T); }))
      emit(EventKind::Offer, Place, Where).Values = {Value::load(From.field(Unit.entity(Field)))};
}

void FunctionLowering::offer(const AccessPath &Place, QualType Type, const Expr *Given) {
  if (!isCallable(Type))
    return offer(Place, Type, path(Given), Given->getSourceRange());
  if (Value Held = value(Given); Held.isKnown() && Place.isKnown())
    emit(EventKind::Offer, Place, Given->getSourceRange()).Values = {Held};
}

void FunctionLowering::storeCallables(const AccessPath &To, const Expr *From) {
  QualType Type = From->getType().getNonReferenceType();
  clang::SourceRange Where = From->getSourceRange();
  if (!To.isKnown())
    return;
  if (isCallable(Type)) {
    emit(EventKind::Store, To, Where).Values = {value(From)};
    offer(To, Type, To, Where);
    return;
  }
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || !isProjectCode(Context, Record))
    return;
  AccessPath Source = path(From);
  if (Source.isKnown())
    for (const FieldDecl *Field : fieldsOf(Record, [&](QualType T) { return isCallable(T); })) {
      AccessPath Member = To.field(Unit.entity(Field));
      emit(EventKind::Store, Member, Where).Values = {
          Value::load(Source.field(Unit.entity(Field)))};
      offer(Member, Field->getType(), Member, Where);
    }
}

void FunctionLowering::describeOffers() {
  auto IsMember = [](const AccessPath &P) {
    return P.isKnown() && !P.isRootOnly() && P.steps().back().What == PathStep::Field;
  };
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
