// Calls on channels and contexts.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace heddle;

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
    uint64_t Flags = M.What == Effect::Send ? NoFlags : NonBlocking;
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
    uint64_t Flags = M.What == Effect::Receive ? NoFlags : NonBlocking;
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
  case Effect::ThreadNumber:
  case Effect::Abort:
  case Effect::Expect:
    return true;
  default:
    return false;
  }
}
