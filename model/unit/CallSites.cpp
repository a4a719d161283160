// The parts of a call: who is called, on which object, with what.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace heddle;

/// What a local pointer to functions holds all the time; null if that is not known.
static const FunctionDecl *heldFunction(const Expr *Callee, const LocalSettings &Settings) {
  const auto *Reference = dyn_cast<DeclRefExpr>(Callee->IgnoreParenImpCasts());
  const auto *Pointer = Reference ? dyn_cast<VarDecl>(Reference->getDecl()) : nullptr;
  const Expr *From = Pointer ? Settings.only(Pointer) : nullptr;
  if (!From)
    return nullptr;
  From = From->IgnoreParenCasts();
  if (const auto *Address = dyn_cast<UnaryOperator>(From);
      Address && Address->getOpcode() == UO_AddrOf)
    From = Address->getSubExpr()->IgnoreParenCasts();
  const auto *Named = dyn_cast<DeclRefExpr>(From);
  return Named ? dyn_cast<FunctionDecl>(Named->getDecl()) : nullptr;
}

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
  // A function of a library is nothing that a value could name.
  if (const FunctionDecl *Held = Call.Callee ? nullptr : heldFunction(Plain->getCallee(), Settings);
      Held && !isProjectCode(Context, Held))
    Call.Callee = Held;
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
      bool IsFollowed = isPointerLike(E->getType()) || isHandle(E->getType()) ||
                        E->getType()->isIntegralOrEnumerationType() ||
                        isPlainCopy(Context, E->getType()) || E->getType()->isFunctionType();
      const Expr *Bare = E->IgnoreImplicit()->IgnoreParenCasts()->IgnoreImplicit();
      if (const auto *List = dyn_cast<InitListExpr>(Bare);
          List && isPlainCopy(Context, E->getType())) {
        storeFields(temporary(List), List);
        Result.push_back(Value::load(temporary(List)));
        continue;
      }
      Result.push_back(IsFollowed ? argument(E, E->getType()) : Value());
    }
  }
  return Result;
}
