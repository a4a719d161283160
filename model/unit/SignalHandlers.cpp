// What signal handlers are made of: where they are installed, and what must not happen in them.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Lex/Lexer.h"

#include "llvm/ADT/StringExtras.h"

using namespace clang;
using namespace heddle;

uint32_t UnitFactsBuilder::addHandlerInstall(HandlerInstall Install) {
  Facts.HandlerInstalls.push_back(std::move(Install));
  return Facts.HandlerInstalls.size() - 1;
}

uint32_t UnitFactsBuilder::addHazard(SignalHazard Hazard) {
  Facts.SignalHazards.push_back(std::move(Hazard));
  return Facts.SignalHazards.size() - 1;
}

void UnitFactsBuilder::dropNumbersSetElsewhere() {
  struct Finder : DynamicRecursiveASTVisitor {
    explicit Finder(UnitFactsBuilder &Unit) : Unit(Unit) {}
    UnitFactsBuilder &Unit;
    llvm::DenseSet<const Expr *> Reads;
    bool TraverseDecl(Decl *D) override {
      if (D && !isa<TranslationUnitDecl>(D) && D->getDeclContext()->isFileContext() &&
          !isProjectCode(Unit.Context, D))
        return true;
      const auto *Function = dyn_cast_or_null<FunctionDecl>(D);
      bool IsLowered = Function && Unit.Functions.count(Function);
      return IsLowered || DynamicRecursiveASTVisitor::TraverseDecl(D);
    }
    bool VisitImplicitCastExpr(ImplicitCastExpr *Cast) override {
      if (Cast->getCastKind() == CK_LValueToRValue)
        Reads.insert(Cast->getSubExpr()->IgnoreParens());
      return true;
    }
    bool VisitDeclRefExpr(DeclRefExpr *Reference) override {
      const auto *Variable = dyn_cast<VarDecl>(Reference->getDecl());
      EntityId Known = Variable && !Reads.count(Reference) ? Unit.knownEntity(Variable) : InvalidId;
      if (Known != InvalidId)
        Unit.Facts.Entities[Known].FirstNumber.reset();
      return true;
    }
  } Search(*this);
  Search.TraverseDecl(Context.getTranslationUnitDecl());
}

namespace {

/// A variable or member that is no constant: where errno was kept.
bool isKept(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  if (const auto *Reference = dyn_cast<DeclRefExpr>(E))
    return isa<VarDecl>(Reference->getDecl());
  return isa<MemberExpr>(E);
}

/// The macro by which the text names the signal; empty if it does not.
std::string nameOfSignal(const Expr *E, ASTContext &Context) {
  if (!E->getBeginLoc().isMacroID())
    return {};
  llvm::StringRef Text =
      Lexer::getSourceText(Context.getSourceManager().getExpansionRange(E->getSourceRange()),
                           Context.getSourceManager(), Context.getLangOpts());
  bool IsWord = llvm::all_of(Text, [](char C) { return llvm::isAlnum(C) || C == '_'; });
  return IsWord ? Text.str() : std::string();
}

constexpr llvm::StringLiteral TakesHeapLock =
    "takes the lock of the heap, which the interrupted code may hold";

} // namespace

void FunctionLowering::noteHazard(SignalHazard Hazard, clang::SourceRange Where) {
  emit(EventKind::Hazard, {}, Where).Values = {Value::constant(Unit.addHazard(std::move(Hazard)))};
}

void FunctionLowering::noteHazard(const Stmt *S) {
  clang::SourceRange Where = S->getSourceRange();
  if (const auto *New = dyn_cast<CXXNewExpr>(S)) {
    const FunctionDecl *Allocator = New->getOperatorNew();
    if (New->getNumPlacementArgs() == 0 && Allocator && !isProjectCode(Context, Allocator))
      noteHazard({SignalHazard::Unsafe, "new", TakesHeapLock.str()}, Where);
  } else if (const auto *Delete = dyn_cast<CXXDeleteExpr>(S)) {
    const FunctionDecl *Deallocator = Delete->getOperatorDelete();
    if (Deallocator && !isProjectCode(Context, Deallocator))
      noteHazard({SignalHazard::Unsafe, "delete", TakesHeapLock.str()}, Where);
  } else if (isa<CXXThrowExpr>(S)) {
    noteHazard({SignalHazard::Unsafe, "throw", TakesHeapLock.str()}, Where);
  } else if (const auto *Assignment = dyn_cast<BinaryOperator>(S);
             Assignment && Assignment->isAssignmentOp()) {
    const auto *Deref = dyn_cast<UnaryOperator>(Assignment->getLHS()->IgnoreParens());
    const auto *Location =
        Deref ? dyn_cast<CallExpr>(Deref->getSubExpr()->IgnoreParenImpCasts()) : nullptr;
    const FunctionDecl *Callee = Location ? Location->getDirectCallee() : nullptr;
    if (!Callee)
      return;
    for (const CallMeaning &M : Unit.vocabulary().call(Callee))
      if (M.What == Effect::ErrnoLocation)
        noteHazard({isKept(Assignment->getRHS()) ? SignalHazard::Restores : SignalHazard::Spoils,
                    "errno",
                    {}},
                   Where);
  }
}

void FunctionLowering::noteSignals(const CallSite &Call, const CallMeaning &M) {
  if (!Unit.Uses.Handlers)
    return;
  clang::SourceRange Where = Call.Whole->getSourceRange();
  std::string Name = Call.Callee->getNameAsString();
  switch (M.What) {
  case Effect::InstallHandler: {
    HandlerInstall Install;
    if (const Expr *Signal = operandExpr(Call, M.Signal)) {
      Expr::EvalResult Known;
      if (!Signal->isValueDependent() && Signal->EvaluateAsInt(Known, Context)) {
        Install.IsKnown = true;
        Install.IsFault = llvm::is_contained(M.Faults, Known.Val.getInt().getExtValue());
        Install.Signal = nameOfSignal(Signal, Context);
      }
    }
    Value Handler = operandValue(Call, M.Callable);
    if (!Handler.isKnown() || Handler.What == Value::Constant || Handler.What == Value::Null)
      return; // SIG_IGN, SIG_DFL, or a question
    uint32_t Index = Unit.addHandlerInstall(std::move(Install));
    emit(EventKind::Handler, {}, Where).Values = {Handler, Value::constant(Index)};
    return;
  }
  case Effect::SignalUnsafe:
    if (isa<CXXOperatorCallExpr>(Call.Whole))
      Name = getOperatorSpelling(Call.Callee->getOverloadedOperator());
    return noteHazard({SignalHazard::Unsafe, Name, M.State}, Where);
  case Effect::SetsErrno:
    return noteHazard({SignalHazard::Spoils, Name, {}}, Where);
  case Effect::RaiseSignal:
    return noteHazard({SignalHazard::Raises, Name, {}}, Where);
  case Effect::BlockSignals:
    return noteHazard({SignalHazard::Blocks, Name, {}}, Where);
  default:
    return;
  }
}
