// Coroutines: where they may be suspended, what of their callers' they use behind that, and calls
// that let them refer to what ends too early.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclCXX.h"

#include <deque>
#include <set>

using namespace clang;
using namespace heddle;

namespace {

/// An awaitable that says of itself, in sight, that it is always ready.
bool neverSuspends(const CoroutineSuspendExpr *Suspension) {
  const Expr *Ready = Suspension->getReadyExpr();
  while (Ready) {
    Ready = Ready->IgnoreImplicit()->IgnoreParens();
    const auto *Cleanups = dyn_cast<ExprWithCleanups>(Ready);
    if (!Cleanups)
      break;
    Ready = Cleanups->getSubExpr();
  }
  const auto *Call = dyn_cast_or_null<CallExpr>(Ready);
  const FunctionDecl *Definition = nullptr;
  if (!Call || !Call->getDirectCallee() || !Call->getDirectCallee()->isDefined(Definition))
    return false;
  // Of those in system headers, some front ends have parsed the constant ones only.
  if (!Definition->isConstexpr() && !isProjectCode(Definition->getASTContext(), Definition))
    return false;
  const auto *Body = dyn_cast_or_null<CompoundStmt>(Definition->getBody());
  const auto *Return =
      Body && Body->size() == 1 ? dyn_cast<ReturnStmt>(Body->body_front()) : nullptr;
  const auto *Answer =
      Return && Return->getRetValue()
          ? dyn_cast<CXXBoolLiteralExpr>(Return->getRetValue()->IgnoreParenImpCasts())
          : nullptr;
  return Answer && Answer->getValue();
}

const CoroutineBodyStmt *coroutineBody(const FunctionDecl *Function) {
  const FunctionDecl *Definition = nullptr;
  return Function && Function->isDefined(Definition)
             ? dyn_cast_or_null<CoroutineBodyStmt>(Definition->getBody())
             : nullptr;
}

/// Runs until its first suspension before the call returns.
bool startsAtOnce(const CoroutineBodyStmt *Body) {
  const Stmt *Initial = Body->getInitSuspendStmt();
  while (Initial && !isa<CoroutineSuspendExpr>(Initial))
    Initial = Initial->child_begin() == Initial->child_end() ? nullptr : *Initial->child_begin();
  return Initial && neverSuspends(cast<CoroutineSuspendExpr>(Initial));
}

/// The unnamed object that the expression refers to, if it ends with the full expression.
bool isTemporary(const Expr *E) {
  if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(E))
    E = Default->getExpr();
  while (true) {
    if (const auto *Full = dyn_cast<FullExpr>(E))
      E = Full->getSubExpr();
    else if (const auto *Cast = dyn_cast<ImplicitCastExpr>(E); Cast && Cast->isGLValue())
      E = Cast->getSubExpr();
    else if (const auto *Paren = dyn_cast<ParenExpr>(E))
      E = Paren->getSubExpr();
    else
      break;
  }
  const auto *Made = dyn_cast<MaterializeTemporaryExpr>(E);
  return Made && Made->getStorageDuration() == SD_FullExpression;
}

/// The function's own variable that the expression names.
const VarDecl *localOf(const Expr *E) {
  const auto *Reference = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
  const auto *Variable = Reference && !Reference->refersToEnclosingVariableOrCapture()
                             ? dyn_cast<VarDecl>(Reference->getDecl())
                             : nullptr;
  return Variable && Variable->hasLocalStorage() && !Variable->getType()->isReferenceType()
             ? Variable
             : nullptr;
}

} // namespace

void FunctionLowering::lowerSuspension(const CoroutineSuspendExpr *Suspension) {
  if (!neverSuspends(Suspension))
    emit(EventKind::Suspend, {}, Suspension->getSourceRange());
}

void FunctionLowering::describeCoroutine() {
  const CoroutineBodyStmt *Body = coroutineBody(Function);
  if (!Body || Region)
    return;
  Facts.IsCoroutine = true;
  // Forward: whether the coroutine may have been suspended when a block is entered.
  struct Past {
    bool Suspended = false;
    heddle::SourceRange Where;
  };
  std::map<const CFGBlock *, Past> In;
  std::set<std::tuple<uint32_t, bool, heddle::SourceRange>> Told;
  auto Note = [&](uint32_t Slot, bool IsCapture, const Expr *Use, const Past &Before) {
    heddle::SourceRange Where = Unit.range(Use->getSourceRange());
    if (Told.insert({Slot, IsCapture, Where}).second)
      Facts.LateUses.push_back({Slot, IsCapture, Where, Before.Where});
  };
  auto Look = [&](const Stmt *S, const Past &Before) {
    if (const auto *Reference = dyn_cast<DeclRefExpr>(S)) {
      if (auto Slot = ParameterSlots.find(Reference->getDecl());
          Slot != ParameterSlots.end() && Reference->getDecl()->getType()->isReferenceType())
        Note(Slot->second, false, Reference, Before);
      else if (auto Capture = CaptureSlots.find(Reference->getDecl());
               Capture != CaptureSlots.end())
        Note(Capture->second.first, true, Reference, Before);
    } else if (const auto *This = dyn_cast<CXXThisExpr>(S)) {
      if (CapturedThis)
        Note(CapturedThis->first, true, This, Before);
      else if (Facts.HasThis)
        Note(0, false, This, Before);
    }
  };
  std::deque<const CFGBlock *> Work{&Graph->getEntry()};
  std::set<const CFGBlock *> Done;
  In[&Graph->getEntry()].Suspended = !startsAtOnce(Body);
  while (!Work.empty()) {
    const CFGBlock *Next = Work.front();
    Work.pop_front();
    Past State = In[Next];
    Done.insert(Next);
    for (const CFGElement &Element : *Next) {
      auto Statement = Element.getAs<CFGStmt>();
      if (!Statement)
        continue;
      if (State.Suspended)
        Look(Statement->getStmt(), State);
      const auto *Suspension = dyn_cast<CoroutineSuspendExpr>(Statement->getStmt());
      if (Suspension && !neverSuspends(Suspension))
        State = {true, Unit.range(Suspension->getSourceRange())};
    }
    for (const CFGBlock::AdjacentBlock &Way : Next->succs())
      if (const CFGBlock *To = Way.getReachableBlock()) {
        bool Changes = State.Suspended && !In[To].Suspended;
        if (Changes)
          In[To] = State;
        if (Changes || !Done.count(To))
          Work.push_back(To);
      }
  }
  llvm::sort(Facts.LateUses, [](const LateUse &A, const LateUse &B) { return A.Where < B.Where; });
}

bool FunctionLowering::beginsLater(const CallSite &Call) const {
  const CoroutineBodyStmt *Body = coroutineBody(Call.Callee);
  if (!Body || startsAtOnce(Body))
    return false;
  // Awaited in the same expression, or told to run: all else may keep it until then.
  const Stmt *Use = Call.Whole;
  for (const Stmt *Parent = Parents->getParent(Use); Parent && isa<Expr>(Parent);
       Use = Parent, Parent = Parents->getParent(Parent)) {
    const auto *Member = dyn_cast<MemberExpr>(Parent);
    if (isa<CoroutineSuspendExpr>(Parent) || (Member && Member->getBase() == Use))
      return false;
  }
  return true;
}

void FunctionLowering::noteCoroutineCall(const CallSite &Call) {
  const CoroutineBodyStmt *Body = coroutineBody(Call.Callee);
  if (!Body)
    return;
  // What becomes of the coroutine: kept, returned or let go; all else may wait for it at once.
  bool IsReturned = false, IsKept = false, IsDropped = false;
  const Stmt *Use = Call.Whole;
  for (const Stmt *Parent = Parents->getParent(Use); Parent;
       Use = Parent, Parent = Parents->getParent(Parent)) {
    if (isa<ReturnStmt>(Parent))
      IsReturned = IsKept = true;
    else if (isa<DeclStmt>(Parent))
      IsKept = true;
    else if (isa<CompoundStmt>(Parent))
      IsDropped = true;
    const auto *Construct = dyn_cast<CXXConstructExpr>(Parent);
    const auto *Method = dyn_cast<CXXMemberCallExpr>(Parent);
    const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Parent);
    bool IsStored =
        (Operator && Operator->getOperator() == OO_Equal && Operator->getArg(0) != Use) ||
        (Method && Method->getObjectType()->isRecordType() &&
         hasRole(Method->getObjectType(), TypeRole::Container) && Method->getCallee() != Use);
    if (IsStored)
      IsKept = true;
    bool GoesOn =
        isa<FullExpr, CXXBindTemporaryExpr, MaterializeTemporaryExpr, ParenExpr>(Parent) ||
        (isa<ImplicitCastExpr, CXXFunctionalCastExpr, CStyleCastExpr>(Parent)) ||
        (Construct && Construct->getConstructor()->isCopyOrMoveConstructor());
    if (IsKept || IsDropped || !GoesOn)
      break;
  }
  if (!IsKept && !(IsDropped && startsAtOnce(Body)))
    return;
  auto Report = [&](CoroutineCall::Kind How, uint32_t Slot, const Expr *Object,
                    const VarDecl *Local) {
    CoroutineCall Made;
    Made.How = How;
    Made.Callee = Unit.function(Call.Callee);
    Made.Slot = Slot;
    Made.Where = Unit.range(Call.Whole->getSourceRange());
    Made.Object =
        isa<CXXDefaultArgExpr>(Object) ? Made.Where : Unit.range(Object->getSourceRange());
    if (Local)
      Made.Name = Local->getNameAsString();
    if (Made.Callee != InvalidId)
      Facts.CoroutineCalls.push_back(std::move(Made));
  };
  auto Consider = [&](const Expr *Object, uint32_t Slot, bool IsClosure) {
    if (isTemporary(Object))
      Report(IsClosure ? CoroutineCall::Closure : CoroutineCall::Temporary, Slot, Object, nullptr);
    else if (const VarDecl *Local = localOf(Object); Local && IsReturned)
      Report(IsClosure ? CoroutineCall::Variable : CoroutineCall::Local, Slot, Object, Local);
  };
  const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
  if (Call.Object && !Call.ObjectIsPointer && Method)
    Consider(Call.Object, 0, Method->getParent()->isLambda());
  for (unsigned I = 0; I < Call.Arguments.size() && I < Call.Callee->getNumParams(); ++I)
    if (Call.Callee->getParamDecl(I)->getType()->isReferenceType())
      Consider(Call.Arguments[I], I + 1, false);
}
