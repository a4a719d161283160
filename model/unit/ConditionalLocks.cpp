// Results that tell whether a lock was taken.
#include "model/unit/FunctionLowering.h"

using namespace clang;
using namespace heddle;

void FunctionLowering::findOutcomes() {
  llvm::DenseSet<const VarDecl *> SetElsewhere;
  auto Set = [&](const VarDecl *Variable, const Expr *From) {
    if (!From || !Outcomes.try_emplace(Variable, From).second)
      SetElsewhere.insert(Variable);
  };
  for (const CFGBlock *B : *Graph)
    for (const CFGElement &Element : *B) {
      auto Statement = Element.getAs<CFGStmt>();
      if (!Statement)
        continue;
      if (const auto *Declaration = dyn_cast<DeclStmt>(Statement->getStmt())) {
        for (const Decl *D : Declaration->decls())
          if (const auto *Variable = dyn_cast<VarDecl>(D);
              Variable && Variable->getInit() && Variable->getType()->isIntegralOrEnumerationType())
            Set(Variable, Variable->getInit());
        continue;
      }
      const auto *Reference = dyn_cast<DeclRefExpr>(Statement->getStmt());
      const auto *Variable = Reference ? dyn_cast<VarDecl>(Reference->getDecl()) : nullptr;
      // What is captured is set where it was declared, too.
      if (!Variable || !Variable->isLocalVarDecl() ||
          !Variable->getType()->isIntegralOrEnumerationType() || CaptureSlots.count(Variable))
        continue;
      const Stmt *Parent = Parents->getParentIgnoreParens(const_cast<DeclRefExpr *>(Reference));
      if (const auto *Cast = dyn_cast_or_null<CastExpr>(Parent);
          Cast && Cast->getCastKind() == CK_LValueToRValue)
        continue;
      const auto *Assign = dyn_cast_or_null<BinaryOperator>(Parent);
      bool IsSet = Assign && Assign->getOpcode() == BO_Assign &&
                   Assign->getLHS()->IgnoreParens() == Reference;
      Set(Variable, IsSet ? Assign->getRHS() : nullptr);
    }
  for (const VarDecl *Variable : SetElsewhere)
    Outcomes.erase(Variable);
}

void FunctionLowering::lowerOutcome(const CallSite &Call, Edge &WhenTrue, Edge &WhenFalse) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
  if ((Method && (Method->isVirtual() || Method->getParent()->isLambda())) ||
      !Call.Whole->getType()->isIntegralOrEnumerationType() ||
      !Unit.vocabulary().call(Call.Callee).empty())
    return;
  FunctionId Callee = Unit.function(Call.Callee);
  if (Callee == InvalidId)
    return;
  std::vector<Value> Slots = callSlots(Call);
  for (Edge *Way : {&WhenTrue, &WhenFalse}) {
    Out = &Way->Events;
    Event &E = emit(EventKind::CallOutcome, {}, Call.Whole->getSourceRange(),
                    Way == &WhenFalse ? OnZero : NoFlags);
    E.Callee = Callee;
    E.Values = Slots;
  }
}

void FunctionLowering::splitReturn(const CFGBlock &Source, uint32_t Index) {
  // `return m.try_lock();` leaves on two ways: with the lock and true, or without and false.
  const ReturnStmt *Return = nullptr;
  for (const CFGElement &Element : Source)
    if (auto Statement = Element.getAs<CFGStmt>())
      if (const auto *Found = dyn_cast<ReturnStmt>(Statement->getStmt()))
        Return = Found;
  const Expr *Returned = Return ? Return->getRetValue() : nullptr;
  if (!Returned || !Returned->getType()->isIntegralOrEnumerationType() ||
      Facts.Blocks[Index].Successors.size() != 1 ||
      Facts.Blocks[Index].Successors[0].To != FunctionFacts::ExitBlock)
    return;
  Block Ways;
  Ways.Successors.resize(2);
  lowerCondition(Returned, Ways);
  if (Ways.Successors[0].Events.empty() && Ways.Successors[1].Events.empty())
    return;
  judgeBranch(Returned, Ways);
  std::vector<Event> &Events = Facts.Blocks[Index].Events;
  auto At = llvm::find_if(Events, [](const Event &E) { return E.Kind == EventKind::Return; });
  std::vector<Event> Rest(std::make_move_iterator(At), std::make_move_iterator(Events.end()));
  Events.erase(At, Events.end());
  if (Rest.empty())
    return;
  Facts.Blocks[Index].Successors.clear();
  for (unsigned Way : {0u, 1u}) {
    Block Leaves;
    Leaves.Events = Rest;
    Leaves.Events.front().Values = {Value::constant(Way == 0 ? 1 : 0)};
    Leaves.Successors = {{FunctionFacts::ExitBlock, {}}};
    Facts.Blocks[Index].Successors.push_back(
        {static_cast<uint32_t>(Facts.Blocks.size()), std::move(Ways.Successors[Way].Events)});
    Facts.Blocks.push_back(std::move(Leaves));
  }
}
