#include "model/unit/CallTests.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"

#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace heddle;

namespace {

class ErrorFinder : public DynamicRecursiveASTVisitor {
public:
  ErrorFinder(llvm::ArrayRef<int64_t> Numbers, VocabularyLookup &Words, ASTContext &Context)
      : Numbers(Numbers), Words(Words), Context(Context) {}

  bool IsFound = false;

  bool VisitBinaryOperator(BinaryOperator *Compare) override {
    if (Compare->isEqualityOp())
      IsFound |= (isError(Compare->getLHS()) && isAmong(Compare->getRHS())) ||
                 (isError(Compare->getRHS()) && isAmong(Compare->getLHS()));
    return !IsFound;
  }

  bool VisitSwitchStmt(SwitchStmt *Switch) override {
    if (isError(Switch->getCond()))
      for (const SwitchCase *Each = Switch->getSwitchCaseList(); Each;
           Each = Each->getNextSwitchCase())
        if (const auto *Case = dyn_cast<CaseStmt>(Each))
          IsFound |= isAmong(Case->getLHS());
    return !IsFound;
  }

private:
  /// `errno` as the library spells it, or a variable that begins as that.
  bool isError(const Expr *E) {
    E = E->IgnoreParenImpCasts();
    if (const auto *Reference = dyn_cast<DeclRefExpr>(E)) {
      const auto *Variable = dyn_cast<VarDecl>(Reference->getDecl());
      return Variable && Variable->isLocalVarDecl() && Variable->getInit() &&
             !isa<DeclRefExpr>(Variable->getInit()->IgnoreParenImpCasts()) &&
             isError(Variable->getInit());
    }
    const auto *Behind = dyn_cast<UnaryOperator>(E);
    const auto *Call = Behind && Behind->getOpcode() == UO_Deref
                           ? dyn_cast<CallExpr>(Behind->getSubExpr()->IgnoreParenImpCasts())
                           : nullptr;
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    return Callee && llvm::any_of(Words.call(Callee), [](const CallMeaning &M) {
             return M.What == Effect::ErrnoLocation;
           });
  }

  bool isAmong(const Expr *E) const {
    Expr::EvalResult Number;
    return !E->isValueDependent() && E->EvaluateAsInt(Number, Context) &&
           llvm::is_contained(Numbers, Number.Val.getInt().getExtValue());
  }

  llvm::ArrayRef<int64_t> Numbers;
  VocabularyLookup &Words;
  ASTContext &Context;
};

} // namespace

bool heddle::asksForError(const Stmt *Body, llvm::ArrayRef<int64_t> Numbers,
                          VocabularyLookup &Words, ASTContext &Context) {
  if (!Body || Numbers.empty())
    return false;
  ErrorFinder Finder(Numbers, Words, Context);
  Finder.TraverseStmt(const_cast<Stmt *>(Body));
  return Finder.IsFound;
}

bool heddle::isMeant(const CallMeaning &Meaning, llvm::ArrayRef<const Expr *> Arguments,
                     ASTContext &Context) {
  return llvm::all_of(Meaning.Tests, [&](const ParameterTest &Test) {
    if (!Test.Constant)
      return true;
    Expr::EvalResult Given;
    bool IsNumber =
        Test.Index < Arguments.size() && Arguments[Test.Index]->EvaluateAsInt(Given, Context);
    int64_t Number = IsNumber ? Given.Val.getInt().getExtValue() : 0;
    bool IsSame = (Test.IsBits ? Number & *Test.Constant : Number) == *Test.Constant;
    return (IsNumber && IsSame) != Test.Negated;
  });
}
