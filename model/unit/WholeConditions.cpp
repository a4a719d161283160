// Conditions that are put together by `&&`, `||` and `!`, as a whole, and what `?:` yields: where
// ways meet again, nothing is left of the parts that sent them there.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"

#include "llvm/ADT/STLExtras.h"

#include <functional>

using namespace clang;
using namespace heddle;

static const BinaryOperator *logicalOf(const Expr *E) {
  const auto *Binary = dyn_cast<BinaryOperator>(E);
  return Binary && Binary->isLogicalOp() ? Binary : nullptr;
}

/// Without negations; whether there was an odd number of them is added to `Negated`.
static const Expr *withoutNot(const Expr *E, bool &Negated) {
  for (E = sameValue(E);;) {
    const auto *Not = dyn_cast<UnaryOperator>(E);
    if (!Not || Not->getOpcode() != UO_LNot)
      return E;
    Negated = !Negated;
    E = sameValue(Not->getSubExpr());
  }
}

uint32_t FunctionLowering::numberOf(const llvm::FoldingSetNodeID &Text) {
  return Unit.Conditions.try_emplace(Text, static_cast<uint32_t>(Unit.Conditions.size() + 1))
      .first->second;
}

FunctionLowering::Literal FunctionLowering::literal(const Expr *Condition, bool IsNegated) {
  bool Negated = IsNegated;
  const Expr *E = withoutNot(Condition, Negated);
  llvm::FoldingSetNodeID Text;
  const BinaryOperator *Both = logicalOf(E);
  if (!Both) {
    Judgement Says = relation(E);
    if (Says.Subject.isKnown() && (Says.Mask == 0 || Says.Against != 0) &&
        Says.Subject.root() != RootKind::Temporary) {
      Relation How = std::min(Says.How, opposite(Says.How));
      Negated ^= How != Says.How;
      Text.AddInteger(static_cast<unsigned>(How));
      Text.AddInteger(Says.Against);
      Text.AddInteger(static_cast<unsigned>(Says.Subject.root()));
      Text.AddInteger(Says.Subject.rootId());
      for (PathStep Step : Says.Subject.steps())
        Text.AddInteger(Step.rank());
    } else {
      E->Profile(Text, Context, true);
    }
    return {numberOf(Text), Negated};
  }
  // Both by one form, whatever their order: `a && b` is what `!a || !b` is not.
  bool IsOr = (Both->getOpcode() == BO_LOr) != Negated;
  if (!IsOr)
    return literal(Condition, !IsNegated).negated();
  std::vector<Literal> Parts;
  std::vector<Judgement> Claims;
  std::function<void(const Expr *, bool)> Flatten = [&](const Expr *Part, bool Not) {
    const Expr *Inner = withoutNot(Part, Not);
    const BinaryOperator *Pair = logicalOf(Inner);
    if (!Pair || (Pair->getOpcode() == BO_LOr) == Not) {
      Parts.push_back(literal(Inner, Not));
      if (Judgement Claim = claim(Inner, Pair, Parts.back(), Not); Claim.Subject.isKnown())
        Claims.push_back(std::move(Claim));
      return;
    }
    Flatten(Pair->getLHS(), Not);
    Flatten(Pair->getRHS(), Not);
  };
  Flatten(E, Negated);
  llvm::sort(Parts);
  Parts.erase(llvm::unique(Parts), Parts.end());
  Text.AddString("any of");
  for (const Literal &Part : Parts) {
    Text.AddInteger(Part.Number);
    Text.AddBoolean(Part.IsNegated);
  }
  uint32_t Number = numberOf(Text);
  Facts.Conditions.try_emplace(Number, std::move(Claims));
  return {Number, false};
}

Judgement FunctionLowering::claim(const Expr *Part, bool IsWhole, Literal Named, bool IsNegated) {
  Judgement Says;
  if (IsWhole) {
    Says.What = Judgement::Decided;
    Says.Subject = AccessPath::wholeCondition(Named.Number);
    Says.How = Named.IsNegated ? Relation::Equal : Relation::Differs;
    conditionPath(Part, Says.Reads);
    return Says;
  }
  Says = relation(Part);
  if (IsNegated)
    Says.How = opposite(Says.How);
  if (Says.Subject.root() == RootKind::Temporary) // of this evaluation alone
    Says.Subject = {};
  return Says;
}

bool FunctionLowering::relateWhole(const Expr *Condition, Judgement &Result) {
  if (!logicalOf(Condition) || !isAllSteady(Condition))
    return false;
  std::vector<AccessPath> Reads;
  conditionPath(Condition, Reads);
  Literal Whole = literal(Condition, false);
  Result.Subject = AccessPath::wholeCondition(Whole.Number);
  Result.Reads = std::move(Reads);
  if (Whole.IsNegated)
    Result.How = opposite(Result.How);
  auto &[First, IsAskedAgain] = WholeConditions[Whole.Number];
  IsAskedAgain |= First && First != Condition;
  First = Condition;
  return true;
}

/// Whether branches depend on the condition, and nothing else.
static bool isAsked(const ParentMap &Parents, const Expr *Condition) {
  const Stmt *Part = Condition;
  for (const Stmt *Around = Parents.getParent(Part); Around;
       Part = Around, Around = Parents.getParent(Around)) {
    const auto *E = dyn_cast<Expr>(Around);
    const auto *Not = dyn_cast<UnaryOperator>(Around);
    if (isa<ParenExpr, ImplicitCastExpr, FullExpr>(Around) || (Not && Not->getOpcode() == UO_LNot))
      continue;
    if (const auto *Choice = dyn_cast<ConditionalOperator>(Around))
      return Part == Choice->getCond();
    return (E && logicalOf(E)) || isa<IfStmt, WhileStmt, DoStmt, ForStmt>(Around);
  }
  return false;
}

void FunctionLowering::judgeWhole(const Expr *Condition, Block &Result) {
  if (Result.Successors.size() != 2)
    return;
  for (unsigned Way : {0u, 1u}) {
    // Of each expression around it that this way decides.
    bool Holds = Way == 0;
    const Stmt *Part = Condition;
    for (const Stmt *Around = Parents->getParent(Part); Around;
         Part = Around, Around = Parents->getParent(Around)) {
      if (const auto *Not = dyn_cast<UnaryOperator>(Around); Not && Not->getOpcode() == UO_LNot) {
        Holds = !Holds;
        continue;
      }
      if (isa<ParenExpr, ImplicitCastExpr, FullExpr>(Around))
        continue;
      const auto *E = dyn_cast<Expr>(Around);
      const BinaryOperator *Both = E ? logicalOf(E) : nullptr;
      if (!Both || (Part == Both->getLHS() && (Both->getOpcode() == BO_LOr) != Holds))
        break;
      Judgement Says;
      Says.What = Judgement::Decided;
      Says.How = Relation::Differs;
      if (!relateWhole(Both, Says)) {
        if (isAsked(*Parents, Both))
          continue;
        // What it yields is decided before all of it has been evaluated.
        Says = Judgement();
        Says.Subject = temporary(Both);
        Says.Right = Judgement::Constant;
        Says.Against = Holds;
        Out = &Result.Successors[Way].Events;
        judge(std::move(Says), Both->getSourceRange());
        continue;
      }
      if (!Holds)
        Says.How = opposite(Says.How);
      Out = &Result.Successors[Way].Events;
      judge(std::move(Says), Both->getSourceRange());
    }
  }
}

void FunctionLowering::judgeChosen(const CFGBlock &Source, Block &Result) {
  if (Result.Successors.size() != 1 || Source.empty())
    return;
  auto Last = Source.back().getAs<CFGStmt>();
  if (!Last)
    return;
  const Stmt *Part = Last->getStmt();
  for (const Stmt *Around = Parents->getParent(Part); isa_and_nonnull<Expr>(Around);
       Part = Around, Around = Parents->getParent(Around)) {
    const auto *Choice = dyn_cast<ConditionalOperator>(Around);
    if (const BinaryOperator *Both = logicalOf(cast<Expr>(Around))) {
      if (Part != Both->getRHS() || isAllSteady(Both))
        return;
      Out = &Result.Events;
      Current = nullptr;
      judgeAssigned(temporary(Both), Both->getType(), Both->getRHS());
      continue;
    }
    if (!Choice) {
      if (isa<ParenExpr, ImplicitCastExpr, FullExpr>(Around))
        continue;
      return;
    }
    if (Part != Choice->getCond() && ChosenArguments.count(Choice)) {
      const auto *Chosen = cast<Expr>(Part);
      Out = &Result.Events;
      Current = nullptr;
      emit(EventKind::Store, temporary(Choice), Chosen->getSourceRange()).Values = {
          constantOf(Chosen, Context) ? Value{Value::Null, {}, InvalidId, 0, {}} : value(Chosen)};
    }
    if (Part == Choice->getCond() || isAllSteady(Choice))
      return;
    Out = &Result.Events;
    Current = nullptr;
    judgeAssigned(temporary(Choice), Choice->getType(), cast<Expr>(Part));
  }
}

bool FunctionLowering::isIdle(const Judgement &J) const {
  auto IsSingle = [&](const AccessPath &Path) {
    auto Known =
        Path.isWholeCondition() ? WholeConditions.find(Path.rootId()) : WholeConditions.end();
    return Known != WholeConditions.end() && !Known->second.second;
  };
  return J.What == Judgement::Decided && IsSingle(J.Subject);
}
