// Locks that are held only sometimes: results that tell whether a lock was taken, and branches that
// take a lock under a condition and give it back under the same one.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"

#include "llvm/ADT/FoldingSet.h"

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
              Variable && Variable->getInit() && Variable->getType()->isIntegerType())
            Set(Variable, Variable->getInit());
        continue;
      }
      const auto *Reference = dyn_cast<DeclRefExpr>(Statement->getStmt());
      const auto *Variable = Reference ? dyn_cast<VarDecl>(Reference->getDecl()) : nullptr;
      if (!Variable || !Variable->isLocalVarDecl() || !Variable->getType()->isIntegerType())
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

namespace {

/// Whether the condition is that of another pointer than that to the lock, handed in: whoever
/// starts the function has a reason to give one thread what the other is not given.
bool chosenByCaller(const Expr *Condition, const AccessPath &Lock) {
  const auto *Reference = dyn_cast<DeclRefExpr>(Condition->IgnoreParenCasts());
  const auto *Parameter = Reference ? dyn_cast<ParmVarDecl>(Reference->getDecl()) : nullptr;
  return Parameter && Parameter->getType()->isPointerType() && Lock.root() != RootKind::Parameter;
}

/// With the whole program in sight, the way without the lock is one that it can go.
bool definesMain(ASTContext &Context) {
  return llvm::any_of(Context.getTranslationUnitDecl()->lookup(&Context.Idents.get("main")),
                      [](const Decl *D) {
                        const auto *Found = dyn_cast<FunctionDecl>(D);
                        return Found && Found->isMain() && Found->hasBody();
                      });
}

struct BareIfFinder : DynamicRecursiveASTVisitor {
  std::vector<const IfStmt *> Found;
  bool TraverseLambdaExpr(LambdaExpr *) override { return true; }
  bool VisitIfStmt(IfStmt *If) override {
    if (!If->getElse() && !If->isConstexpr() && !If->getInit() && !If->getConditionVariable())
      Found.push_back(If);
    return true;
  }
};

} // namespace

void FunctionLowering::pairConditionalLocks() {
  struct ConditionalLock {
    llvm::FoldingSetNodeID Condition;
    uint32_t Block;
    Event Change;
  };
  bool TakesLock = llvm::any_of(Facts.Blocks, [](const Block &B) {
    return llvm::any_of(B.Events, [](const Event &E) { return E.Kind == EventKind::Acquire; });
  });
  if (!TakesLock || definesMain(Context))
    return;
  BareIfFinder Finder;
  Finder.TraverseStmt(Function->getBody());
  std::vector<ConditionalLock> Taken, Given;
  for (const IfStmt *If : Finder.Found) {
    if (If->getCond()->HasSideEffects(Context))
      continue;
    heddle::SourceRange Then = Unit.range(If->getThen()->getSourceRange());
    uint32_t Decides = InvalidId;
    for (const CFGBlock *B : *Graph)
      if (B->getTerminatorStmt() == If && B->getLastCondition() == If->getCond())
        Decides = BlockIndex[B->getBlockID()];
    if (Decides == InvalidId || Facts.Blocks[Decides].Successors.size() != 2)
      continue;
    std::vector<const Event *> Changes;
    for (const Block &B : Facts.Blocks)
      for (const Event &E : B.Events)
        if ((E.Kind == EventKind::Acquire || E.Kind == EventKind::Release) &&
            E.Where.File == Then.File && E.Where.Begin >= Then.Begin && E.Where.End <= Then.End)
          Changes.push_back(&E);
    if (Changes.size() != 1 || chosenByCaller(If->getCond(), Changes[0]->Path))
      continue;
    ConditionalLock Lock{{}, Decides, *Changes[0]};
    If->getCond()->IgnoreParenImpCasts()->Profile(Lock.Condition, Context, true);
    (Lock.Change.Kind == EventKind::Acquire ? Taken : Given).push_back(std::move(Lock));
  }
  // Where the condition says no, nobody else is expected; so the branch counts as if it were taken.
  for (const ConditionalLock &Lock : Taken) {
    bool IsGivenBack = false;
    for (const ConditionalLock &Unlock : Given)
      if (Lock.Condition == Unlock.Condition && Lock.Change.Path == Unlock.Change.Path &&
          Lock.Change.Where < Unlock.Change.Where) {
        Facts.Blocks[Unlock.Block].Successors[1].Events.push_back(Unlock.Change);
        IsGivenBack = true;
      }
    if (IsGivenBack)
      Facts.Blocks[Lock.Block].Successors[1].Events.push_back(Lock.Change);
  }
}
