// Atomic operations that may take or give back a spin lock: which they are, and where it shows that
// one was taken. Whether the object is a lock is decided when all of its uses are known.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"

using namespace clang;
using namespace heddle;

namespace {

/// Whether all that the function ever sets the variable to is zero. What a failed exchange leaves
/// there does not count: it is there to be set to zero again.
bool isOnlySetToZero(const VarDecl *Variable, const Stmt *Body, ASTContext &Context) {
  struct Finder : DynamicRecursiveASTVisitor {
    const VarDecl *Wanted;
    ASTContext &Context;
    bool IsOther = false;
    Finder(const VarDecl *Wanted, ASTContext &Context) : Wanted(Wanted), Context(Context) {}
    bool VisitBinaryOperator(BinaryOperator *Assign) override {
      const auto *Named = dyn_cast<DeclRefExpr>(Assign->getLHS()->IgnoreParens());
      if (Assign->isAssignmentOp() && Named && Named->getDecl() == Wanted) {
        std::optional<Value> Set = constantOf(Assign->getRHS(), Context);
        IsOther |= Assign->getOpcode() != BO_Assign || !Set || Set->Number != 0;
      }
      return !IsOther;
    }
  } Search(Variable, Context);
  std::optional<Value> First =
      Variable->getInit() ? constantOf(Variable->getInit(), Context) : std::nullopt;
  if (!First || First->Number != 0)
    return false;
  Search.TraverseStmt(const_cast<Stmt *>(Body));
  return !Search.IsOther;
}

} // namespace

bool FunctionLowering::expectsZero(const AtomicSite &Site) {
  if (!Site.Expected)
    return true;
  if (std::optional<Value> Known = constantOf(Site.Expected, Context))
    return Site.ExpectsValue && Known->Number == 0;
  const Expr *Place = Site.Expected->IgnoreParenImpCasts();
  if (const auto *Address = dyn_cast<UnaryOperator>(Place);
      Address && Address->getOpcode() == UO_AddrOf)
    Place = Address->getSubExpr()->IgnoreParens();
  const auto *Named = dyn_cast<DeclRefExpr>(Place);
  const auto *Variable = Named ? dyn_cast<VarDecl>(Named->getDecl()) : nullptr;
  return Variable && Variable->isLocalVarDecl() && isOnlySetToZero(Variable, body(), Context);
}

void FunctionLowering::lowerSpin(const AtomicSite &Site, MemoryOrder Order) {
  if (!Site.Path.isKnown() || !Site.Path.isPrecise() || Site.What == AtomicOperation::Load)
    return;
  std::optional<Value> Desired;
  if (!Site.Desired) // set, or cleared
    Desired = Value::constant(Site.What == AtomicOperation::Store ? 0 : 1);
  else if (Site.Desired->getType()->isIntegralOrEnumerationType())
    Desired = constantOf(Site.Desired, Context);
  bool IsUnused = isResultUnused(Site.Whole);
  clang::SourceRange Where = Site.Whole->getSourceRange();
  using enum MemoryOrder;
  bool Stores = Site.What == AtomicOperation::Store || (Site.Replaces && IsUnused);
  if (Stores && Desired && Desired->Number == 0) {
    if (llvm::is_contained({Release, AcquireRelease, SequentiallyConsistent}, Order))
      emit(EventKind::Release, Site.Path, Where, uint64_t(Claimed) | AnyMode);
    return;
  }
  // A number that is not known may be the thread's own; nobody takes a lock for nobody. Who does
  // not look at the outcome sets the flag, whatever it was before.
  bool Takes = Site.Replaces && !IsUnused && (!Desired || Desired->Number != 0) &&
               expectsZero(Site) && (Desired || Site.Expected);
  if (!Takes ||
      !llvm::is_contained({Acquire, Consume, AcquireRelease, SequentiallyConsistent}, Order))
    return;
  uint64_t Flags = Claimed | (Site.SucceedsOnZero ? OnZero : NoFlags);
  emit(EventKind::TryLock, Site.Path, Where, Flags).Values = {Value::load(temporary(Site.Whole))};
  SpinTakes.try_emplace(Site.Whole, Site.Path, Site.SucceedsOnZero);
}

void FunctionLowering::lowerSpinOutcome(const Expr *Take, Edge &WhenTrue, Edge &WhenFalse) {
  auto Known = SpinTakes.find(Take);
  if (Known == SpinTakes.end())
    return;
  auto &[Path, OnZero] = Known->second;
  Current = Take;
  Out = &(OnZero ? WhenFalse : WhenTrue).Events;
  emit(EventKind::Acquire, Path, Take->getSourceRange(), Claimed);
}
