// Primitives that calls set up and tear down, memory in which they have yet to be set up, and waits
// at conditions.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DynamicRecursiveASTVisitor.h"

using namespace clang;
using namespace heddle;

namespace {

bool isPrimitive(const TypeMeaning *Meaning) {
  if (!Meaning)
    return false;
  switch (Meaning->Role) {
  case TypeRole::Mutex:
  case TypeRole::Condition:
  case TypeRole::Barrier:
  case TypeRole::Semaphore:
    return true;
  default:
    return false;
  }
}

/// The expression around this one, casts and parentheses left out; null if there is a statement.
const Stmt *parentOf(const ParentMap &Parents, const Expr *E) {
  const Stmt *Parent = Parents.getParentIgnoreParenImpCasts(const_cast<Expr *>(E));
  while (isa_and_nonnull<FullExpr, CStyleCastExpr>(Parent))
    Parent = Parents.getParentIgnoreParenImpCasts(const_cast<Stmt *>(Parent));
  return Parent;
}

} // namespace

bool FunctionLowering::holdsPrimitive(QualType Type, unsigned Depth) {
  while (const auto *Array = Type->getAsArrayTypeUnsafe())
    Type = Array->getElementType();
  const auto *Class = Type->getAsCXXRecordDecl();
  if (Class && (!Class->hasDefinition() || !Class->hasTrivialDefaultConstructor()))
    return false;
  if (const TypeMeaning *Meaning = meaning(Type))
    return isPrimitive(Meaning);
  const RecordDecl *Record = Type->getAsRecordDecl();
  if (!Record || Record->isUnion() || Depth == 0 || !Record->isCompleteDefinition())
    return false;
  return llvm::any_of(Record->fields(), [&](const FieldDecl *Field) {
    return holdsPrimitive(Field->getType(), Depth - 1);
  });
}

namespace {

/// Looks for a place where the variable's address goes another way than into a call or a pointer.
struct AddressFinder : DynamicRecursiveASTVisitor {
  AddressFinder(const ParentMap &Parents, const VarDecl *Variable)
      : Parents(Parents), Variable(Variable) {}
  const ParentMap &Parents;
  const VarDecl *Variable;
  bool IsLost = false;

  bool VisitDeclRefExpr(DeclRefExpr *Reference) override {
    if (Reference->getDecl() != Variable)
      return true;
    bool IsAddress = false;
    const Stmt *Place = Reference;
    for (const Stmt *Next = Parents.getParent(Place); isa_and_nonnull<Expr>(Next);
         Next = Parents.getParent(Place)) {
      if (const auto *Unary = dyn_cast<UnaryOperator>(Next))
        IsAddress = Unary->getOpcode() == UO_AddrOf;
      else if (const auto *Cast = dyn_cast<CastExpr>(Next))
        IsAddress |= Cast->getCastKind() == CK_ArrayToPointerDecay;
      else if (!isa<MemberExpr, ParenExpr, ArraySubscriptExpr>(Next))
        break;
      Place = Next;
    }
    const Stmt *User = Parents.getParent(Place);
    IsLost |= IsAddress && !isa_and_nonnull<CallExpr, CXXConstructExpr, DeclStmt>(User);
    return !IsLost;
  }
};

} // namespace

bool FunctionLowering::isRaw(const VarDecl *Variable) {
  if (const Expr *Init = Variable->getInit()) {
    const auto *Made = dyn_cast<CXXConstructExpr>(Init);
    if (!Made || !Made->getConstructor()->isTrivial() || Made->getNumArgs() > 0 ||
        Made->requiresZeroInitialization())
      return false;
  }
  if (!holdsPrimitive(Variable->getType()))
    return false;
  AddressFinder Finder(*Parents, Variable);
  Finder.TraverseStmt(const_cast<Stmt *>(body()));
  return !Finder.IsLost;
}

bool FunctionLowering::isRaw(const CXXNewExpr *New) {
  const CXXConstructExpr *Made = New->getConstructExpr();
  bool IsEmpty = New->getInitializationStyle() == CXXNewInitializationStyle::None &&
                 (!Made || (Made->getConstructor()->isTrivial() && Made->getNumArgs() == 0 &&
                            !Made->requiresZeroInitialization()));
  return IsEmpty && holdsPrimitive(New->getAllocatedType());
}

bool FunctionLowering::isRaw(const CallSite &Allocation, const CallMeaning &M) {
  if (!M.Uninitialized)
    return false;
  const auto *Cast = dyn_cast_or_null<CastExpr>(
      Parents->getParentIgnoreParens(const_cast<Expr *>(Allocation.Whole)));
  return Cast && Cast->getType()->isPointerType() &&
         holdsPrimitive(Cast->getType()->getPointeeType());
}

bool FunctionLowering::isPrimitiveOperand(const CallSite &Call, Operand O) {
  // By the parameter: whoever fills any memory at all sets nothing up.
  if (O.What != Operand::Kind::Pointee || !Call.Callee || O.Index >= Call.Callee->getNumParams())
    return false;
  QualType Type = Call.Callee->getParamDecl(O.Index)->getType();
  return Type->isPointerType() && isPrimitive(meaning(Type->getPointeeType()));
}

bool FunctionLowering::setsUpOrTearsDown(const CallSite &Call) {
  for (const CallMeaning &M : Unit.vocabulary().call(Call.Callee))
    if ((M.What == Effect::MemoryWrite || M.What == Effect::Deallocate ||
         M.What == Effect::SemaphoreInit) &&
        isPrimitiveOperand(Call, M.Object))
      return true;
  return false;
}

uint64_t FunctionLowering::flagsOfOutcome(const CallSite &Call) {
  const Expr *E = Call.Whole;
  const Stmt *Parent = parentOf(*Parents, E);
  if (E->getType()->isVoidType() || isa_and_nonnull<CompoundStmt, LabelStmt, SwitchCase>(Parent))
    return Primitive;
  if (const auto *Declaration = dyn_cast_or_null<DeclStmt>(Parent))
    return Declaration->isSingleDecl() ? Primitive : Primitive | Tried;
  if (const auto *Assign = dyn_cast_or_null<BinaryOperator>(Parent);
      Assign && Assign->getOpcode() == BO_Assign) {
    const auto *Target = dyn_cast<DeclRefExpr>(Assign->getLHS()->IgnoreParens());
    const auto *Variable = Target ? dyn_cast<VarDecl>(Target->getDecl()) : nullptr;
    if (!Variable || Variable->hasGlobalStorage() || Variable->getType()->isReferenceType())
      return Primitive | Tried;
    Parent = parentOf(*Parents, Assign);
    if (isa_and_nonnull<CompoundStmt, LabelStmt, SwitchCase>(Parent))
      return Primitive;
  }
  // Told apart on the edges where it is compared; what else is made of it is not followed.
  while (const auto *Not = dyn_cast_or_null<UnaryOperator>(Parent)) {
    if (Not->getOpcode() != UO_LNot)
      return Primitive | Tried;
    Parent = parentOf(*Parents, Not);
  }
  if (const auto *Compare = dyn_cast_or_null<BinaryOperator>(Parent);
      Compare && !Compare->isEqualityOp() && !Compare->isLogicalOp())
    return Primitive | Tried;
  bool IsBranch =
      isa_and_nonnull<IfStmt, WhileStmt, DoStmt, ForStmt, BinaryOperator, ConditionalOperator>(
          Parent);
  return IsBranch ? uint64_t(Primitive) : Primitive | Tried;
}

bool FunctionLowering::lowerSetUp(const CallSite &Call, const CallMeaning &M) {
  bool IsSemaphore = M.What == Effect::SemaphoreInit;
  if ((M.What != Effect::MemoryWrite && M.What != Effect::Deallocate && !IsSemaphore) ||
      !isPrimitiveOperand(Call, M.Object))
    return false;
  clang::SourceRange Where = Call.Whole->getSourceRange();
  std::vector<Value> Values;
  if (IsSemaphore)
    Values.push_back(operandValue(Call, M.Count));
  uint64_t Flags = flagsOfOutcome(Call) | (IsSemaphore ? Semaphore : NoFlags) |
                   (M.What == Effect::Deallocate ? Ends : NoFlags);
  Values.push_back(Value::load(resultPath(Call)));
  emit(IsSemaphore ? EventKind::ChannelMake : EventKind::Write, operandObject(Call, M.Object),
       Where, Flags)
      .Values = std::move(Values);
  return true;
}

void FunctionLowering::lowerConditionWait(const CallSite &Call, const CallMeaning &M) {
  const Expr *Lock = operandExpr(Call, M.Lock);
  bool IsGuard = Lock && hasRole(Lock->getType(), TypeRole::Guard);
  std::vector<Value> Values;
  Values.push_back(IsGuard ? Value::load(path(Lock))
                           : Value::pointsTo(operandObject(Call, M.Lock)));
  if (M.Callable) {
    Values.push_back(operandValue(Call, M.Callable));
    // It is asked under the lock before anything is waited for, and after each wait again.
    emit(EventKind::CallValue, {}, Call.Whole->getSourceRange()).Values = {Values.back()};
  } else if (!M.Bounded) {
    describeGuardedWait(Call);
  }
  emit(EventKind::Wait, signalledObject(Call, M), Call.Whole->getSourceRange(),
       M.Bounded ? uint64_t(Bounded) : NoFlags)
      .Values = std::move(Values);
}

std::string FunctionLowering::negated(const Expr *Condition) {
  const Expr *Bare = Condition->IgnoreParenImpCasts();
  if (const auto *Full = dyn_cast<FullExpr>(Bare))
    Bare = Full->getSubExpr()->IgnoreParenImpCasts();
  if (const auto *Not = dyn_cast<UnaryOperator>(Bare); Not && Not->getOpcode() == UO_LNot)
    return writtenText(Not->getSubExpr());
  if (const auto *Compare = dyn_cast<BinaryOperator>(Bare);
      Compare && Compare->isComparisonOp() && Compare->getOpcode() != BO_Cmp) {
    std::string Left = writtenText(Compare->getLHS()), Right = writtenText(Compare->getRHS());
    bool IsNumber = Compare->getLHS()->getType()->isIntegralOrEnumerationType() ||
                    Compare->getLHS()->getType()->isPointerType();
    if (!Left.empty() && !Right.empty() && (IsNumber || Compare->isEqualityOp()))
      return Left + " " +
             BinaryOperator::getOpcodeStr(BinaryOperator::negateComparisonOp(Compare->getOpcode()))
                 .str() +
             " " + Right;
  }
  std::string Text = writtenText(Condition);
  if (Text.empty())
    return Text;
  return isa<CallExpr, DeclRefExpr, MemberExpr>(Bare) && !isa<CXXOperatorCallExpr>(Bare)
             ? "!" + Text
             : "!(" + Text + ")";
}

namespace {

/// A lambda could not capture what the condition mentions, or would change where it stands.
bool resistsCapture(const Stmt *S) {
  if (!S)
    return false;
  const auto *Reference = dyn_cast<DeclRefExpr>(S);
  return (Reference && isa<BindingDecl>(Reference->getDecl())) || isa<CoawaitExpr>(S) ||
         llvm::any_of(S->children(), resistsCapture);
}

} // namespace

void FunctionLowering::describeGuardedWait(const CallSite &Call) {
  const Stmt *Whole = Call.Whole, *Parent = Parents->getParent(Whole);
  while (isa_and_nonnull<Expr>(Parent)) {
    Whole = Parent;
    Parent = Parents->getParent(Parent);
  }
  const auto *Block = dyn_cast_or_null<CompoundStmt>(Parent);
  const auto *If = dyn_cast_or_null<IfStmt>(Block ? Parents->getParent(Block) : Parent);
  if (!If || If->getElse() || If->hasInitStorage() || If->hasVarStorage() ||
      If->getStatementKind() != IfStatementKind::Ordinary ||
      If->getThen() != (Block ? static_cast<const Stmt *>(Block) : Whole))
    return;
  GuardedWait Out;
  Out.Wait = Unit.range(Call.Whole->getSourceRange());
  Out.Keyword = Unit.editableRange(If->getIfLoc());
  Out.Whole = Unit.editableRange(If->getSourceRange());
  if (!Block)
    Out.Whole = Unit.withSemicolon(Out.Whole);
  Out.IsAlone = !Block || Block->size() == 1;
  if (!Out.Keyword.isValid() || !Out.Whole.isValid())
    return;
  bool TakesPredicate = llvm::any_of(Unit.vocabulary().call(Call.Callee), [](const CallMeaning &M) {
    return M.What == Effect::ConditionWait && M.Callable && !M.Bounded && M.Callable.Index == 1;
  });
  std::string Text = writtenText(Call.Whole), Condition = negated(If->getCond());
  if (Out.IsAlone && TakesPredicate && !Text.empty() && !Condition.empty() &&
      !resistsCapture(If->getCond()))
    Out.WithPredicate = Text.substr(0, Text.size() - 1) + ", [&] { return " + Condition + "; });";
  Facts.GuardedWaits.push_back(std::move(Out));
}
