#include "model/unit/Equality.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

std::optional<heddle::Equality> heddle::equalityOf(const Expr *E) {
  if (const auto *Compare = dyn_cast<BinaryOperator>(E); Compare && Compare->isEqualityOp())
    return Equality{Compare->getLHS(), Compare->getRHS(), Compare->getOpcode() == BO_EQ};
  if (const auto *Rewritten = dyn_cast<CXXRewrittenBinaryOperator>(E);
      Rewritten && BinaryOperator::isEqualityOp(Rewritten->getOpcode()))
    return Equality{Rewritten->getLHS(), Rewritten->getRHS(), Rewritten->getOpcode() == BO_EQ};
  const auto *Call = dyn_cast<CXXOperatorCallExpr>(E);
  bool IsSame = Call && Call->getOperator() == OO_EqualEqual;
  if (!Call || Call->getNumArgs() != 2 || (!IsSame && Call->getOperator() != OO_ExclaimEqual))
    return std::nullopt;
  return Equality{Call->getArg(0), Call->getArg(1), IsSame};
}
