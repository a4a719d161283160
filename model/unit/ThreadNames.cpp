#include "model/unit/ThreadNames.h"

#include "model/unit/Equality.h"
#include "model/unit/FunctionLowering.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace heddle {

namespace {

class Finder {
public:
  Finder(UnitFactsBuilder &Unit, const LocalSettings &Settings) : Unit(Unit), Settings(Settings) {}

  std::optional<bool> find(const Expr *E, unsigned Depth) {
    constexpr unsigned MaxDepth = 4;
    E = plain(E);
    if (!E || Depth > MaxDepth)
      return std::nullopt;
    if (const auto *Not = dyn_cast<UnaryOperator>(E))
      return Not->getOpcode() == UO_LNot ? opposite(find(Not->getSubExpr(), Depth)) : std::nullopt;
    if (const std::optional<Equality> Compared = equalityOf(E))
      return findEquality(*Compared, Depth);
    if (const auto *Call = dyn_cast<CallExpr>(E))
      return findCall(Call, Depth);
    const auto *Reference = dyn_cast<DeclRefExpr>(E);
    const auto *Variable = Reference ? dyn_cast<VarDecl>(Reference->getDecl()) : nullptr;
    if (!Variable)
      return std::nullopt;
    if (isOwn(E))
      return Variable->getType()->isBooleanType() ? std::optional(true) : std::nullopt;
    const Expr *From = Settings.only(Variable);
    return From ? find(From, Depth + 1) : std::nullopt;
  }

private:
  static const Expr *plain(const Expr *E) {
    for (const Expr *Before = nullptr; E && E != Before;) {
      Before = E;
      E = sameValue(E)->IgnoreParenImpCasts();
    }
    return E;
  }

  static std::optional<bool> opposite(std::optional<bool> Answer) {
    return Answer ? std::optional(!*Answer) : std::nullopt;
  }

  /// A name of a thread; of C's handles, which are names as well, the handle itself.
  bool isName(const Expr *E) { return isName(E->getType()); }
  bool isName(QualType Type) {
    Type = Type.getNonReferenceType();
    const TypeMeaning *Meaning = Unit.vocabulary().type(Type);
    return Meaning && (Meaning->Role == TypeRole::ThreadId ||
                       (Meaning->Role == TypeRole::Thread && !Type->isRecordType()));
  }

  /// Each thread has its own.
  static bool isOwn(const Expr *E) {
    const auto *Reference = dyn_cast<DeclRefExpr>(plain(E));
    const auto *Variable = Reference ? dyn_cast<VarDecl>(Reference->getDecl()) : nullptr;
    return Variable && Variable->getTLSKind() != VarDecl::TLS_None;
  }

  std::optional<bool> findEquality(const Equality &Compared, unsigned Depth) {
    const auto [Left, Right, Holds] = Compared;
    for (const auto &[One, Other] : {std::pair(Left, Right), std::pair(Right, Left)})
      if (std::optional<Value> Known = constantOf(Other, Unit.context())) {
        if (Known->Number != 0)
          return std::nullopt;
        std::optional<bool> Answer = find(One, Depth + 1);
        return Holds ? opposite(Answer) : Answer;
      }
    bool Names = isName(Left) || isName(Right) || isOwn(Left) != isOwn(Right);
    return Names ? std::optional(Holds) : std::nullopt;
  }

  std::optional<bool> findCall(const CallExpr *Call, unsigned Depth) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee)
      return std::nullopt;
    bool Compares = Callee->getNumParams() == 2 && isName(Callee->getParamDecl(0)->getType()) &&
                    isName(Callee->getParamDecl(1)->getType());
    if (Compares && Call->getType()->isIntegerType())
      return true; // whether the two are one
    const auto *Body = dyn_cast_or_null<CompoundStmt>(Callee->getBody());
    const auto *Return =
        Body && Body->size() == 1 ? dyn_cast<ReturnStmt>(Body->body_front()) : nullptr;
    return Return && Return->getRetValue() ? find(Return->getRetValue(), Depth + 1) : std::nullopt;
  }

  UnitFactsBuilder &Unit;
  const LocalSettings &Settings;
};

} // namespace

std::optional<bool> namesThread(const Expr *Condition, UnitFactsBuilder &Unit,
                                const LocalSettings &Settings) {
  return Condition->isValueDependent() ? std::nullopt : Finder(Unit, Settings).find(Condition, 0);
}

} // namespace heddle
