// What declarations put where functions are called from: into variables, members, constant tables.
#include "model/unit/UnitFactsBuilder.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;
using namespace heddle;

/// The function that the expression is the name or the address of.
static const FunctionDecl *functionNamedBy(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  if (const auto *Address = dyn_cast<UnaryOperator>(E);
      Address && Address->getOpcode() == UO_AddrOf)
    E = Address->getSubExpr()->IgnoreParens();
  const auto *Reference = dyn_cast<DeclRefExpr>(E);
  return dyn_cast_or_null<FunctionDecl>(Reference ? Reference->getDecl() : nullptr);
}

void UnitFactsBuilder::noteConstantCallables(const AccessPath &Object, const Expr *Initializer) {
  const Expr *Plain = Initializer ? Initializer->IgnoreParenImpCasts() : nullptr;
  const auto *List = dyn_cast_or_null<InitListExpr>(Plain);
  const auto *Record = List ? List->getType()->getAsRecordDecl() : nullptr;
  const auto *Class = dyn_cast_or_null<CXXRecordDecl>(Record);
  if (!Record || Record->isUnion() || List->isValueDependent() || (Class && Class->getNumBases()))
    return;
  unsigned Next = 0;
  for (const FieldDecl *Field : Record->fields()) {
    if (Field->isUnnamedBitField() || Next >= List->getNumInits())
      continue;
    const Expr *Init = List->getInit(Next++);
    if (Field->getType()->isRecordType())
      noteConstantCallables(Object.field(entity(Field)), Init);
    if (!Field->getType()->isFunctionPointerType())
      continue;
    if (FunctionId Known = function(functionNamedBy(Init)); Known != InvalidId)
      Facts.ConstantCallables[Object.field(entity(Field))] = {Value::Function, {}, Known, 0, {}};
  }
}

std::map<EntityId, Value> UnitFactsBuilder::initialCallables() const {
  std::map<EntityId, Value> Result;
  for (EntityId Id = 0; Id < EntityDeclarations.size(); ++Id) {
    const ValueDecl *Declaration = EntityDeclarations[Id];
    const Expr *E = Declaration ? initializerOf(Declaration) : nullptr;
    const auto *Variable = dyn_cast_or_null<VarDecl>(Declaration);
    if (!E || (Variable && !Variable->hasGlobalStorage()))
      continue;
    E = E->IgnoreParenImpCasts();
    if (E->isValueDependent() ||
        E->isNullPointerConstant(Context, Expr::NPC_NeverValueDependent) != Expr::NPCK_NotNull)
      continue;
    Value &Held = Result[Id];
    const FunctionDecl *Definition = nullptr;
    if (const FunctionDecl *Named = functionNamedBy(E); Named && Named->isDefined(Definition))
      if (auto Known = Functions.find(Definition); Known != Functions.end())
        Held = {Value::Function, {}, Known->second, 0, {}};
  }
  return Result;
}
