// Atomic operations in all their spellings: as events, and as they are written for the rules on
// orders and retries.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace heddle;

std::string FunctionLowering::writtenText(const Stmt *S) {
  return S ? writtenText(S->getSourceRange()) : std::string();
}

std::string FunctionLowering::writtenText(clang::SourceRange R) {
  if (R.isInvalid() || R.getBegin().isMacroID() || R.getEnd().isMacroID())
    return {};
  return Lexer::getSourceText(CharSourceRange::getTokenRange(R), Context.getSourceManager(),
                              Context.getLangOpts())
      .str();
}

OrderArgument FunctionLowering::orderArgument(const Expr *E) {
  OrderArgument Result;
  if (!E)
    return Result;
  Expr::EvalResult Number;
  bool IsKnown = !E->isValueDependent() && E->EvaluateAsInt(Number, Context) &&
                 Number.Val.getInt() >= 0 && Number.Val.getInt() <= 5;
  Result.Order =
      IsKnown ? static_cast<MemoryOrder>(Number.Val.getInt().getExtValue()) : MemoryOrder::Unknown;
  if (isa<CXXDefaultArgExpr>(E))
    return Result;
  Result.Written = Unit.range(E->getSourceRange());
  const SourceManager &SM = Context.getSourceManager();
  CharSourceRange Text = SM.getExpansionRange(E->getSourceRange());
  Result.Text = Lexer::getSourceText(Text, SM, Context.getLangOpts()).str();
  return Result;
}

AccessPath FunctionLowering::atomicObject(const CallSite &Call, const CallMeaning &M) {
  if (M.Object.What == Operand::Kind::This && Call.Object && !Call.ObjectIsPointer &&
      hasRole(Call.Object->IgnoreImpCasts()->getType(), TypeRole::Reference))
    return value(Call.Object).pointee();
  return operandObject(Call, M.Object);
}

void FunctionLowering::lowerAtomic(const CallSite &Call, const CallMeaning &M) {
  AtomicSite Site;
  Site.Whole = Call.Whole;
  Site.Meaning = &M;
  Site.Order = operandExpr(Call, M.Order);
  if (M.What == Effect::AtomicUpdate && !M.Object) {
    if (orderArgument(Site.Order).Order != MemoryOrder::Relaxed)
      emit(EventKind::Fence, {}, Call.Whole->getSourceRange());
    return;
  }
  Site.What = M.What == Effect::AtomicLoad    ? AtomicOperation::Load
              : M.What == Effect::AtomicStore ? AtomicOperation::Store
              : M.Expected                    ? AtomicOperation::CompareExchange
                                              : AtomicOperation::Update;
  Site.Path = atomicObject(Call, M);
  Site.Replaces = M.Replaces;
  Site.SucceedsOnZero = M.SucceedsOnZero;
  if (M.Object.What == Operand::Kind::Pointee) {
    QualType Pointer = operandExpr(Call, M.Object)->IgnoreParenCasts()->getType();
    bool IsPlain = Pointer->isPointerType() && Pointer->getPointeeType()->isScalarType() &&
                   !Pointer->getPointeeType()->isAtomicType();
    Site.How = IsPlain ? AtomicOperation::Builtin : AtomicOperation::Declared;
  } else if (Call.Object && !Call.ObjectIsPointer &&
             hasRole(Call.Object->IgnoreImpCasts()->getType(), TypeRole::Reference)) {
    Site.How = AtomicOperation::Reference;
  }
  Site.Object = M.Object.What == Operand::Kind::This ? Call.Object : nullptr;
  Site.ObjectIsPointer = Call.ObjectIsPointer;
  Site.Failure = operandExpr(Call, M.FailureOrder);
  Site.Desired = operandExpr(Call, M.Value);
  Site.Expected = operandExpr(Call, M.Expected);
  if (M.Expected.What == Operand::Kind::Argument && M.Expected.Index < Call.Callee->getNumParams())
    Site.ExpectsValue = !Call.Callee->getParamDecl(M.Expected.Index)->getType()->isReferenceType();
  else if (M.Expected.What == Operand::Kind::Argument)
    Site.ExpectsValue = true; // a builtin without a prototype of its own
  if (const auto *Plain = dyn_cast<CallExpr>(Call.Whole)) {
    const Expr *Callee = Plain->getCallee()->IgnoreParenImpCasts();
    if (const auto *Member = dyn_cast<MemberExpr>(Callee))
      Site.Name = Member->getMemberLoc();
    else if (const auto *Named = dyn_cast<DeclRefExpr>(Callee);
             Named && !isa<CXXOperatorCallExpr>(Plain))
      Site.Name = Named->getLocation();
  }
  lowerAtomic(Site);
}

void FunctionLowering::lowerAtomic(const AtomicExpr *Operation) {
  AtomicSite Site;
  Site.Whole = Operation;
  Site.Path = value(Operation->getPtr()).pointee();
  if (!Operation->getPtr()->getType()->getPointeeType()->isAtomicType())
    Site.How = AtomicOperation::Builtin;
  llvm::StringRef Name = Operation->getOpAsString();
  bool IsInit = Operation->getOp() == AtomicExpr::AO__c11_atomic_init;
  bool HasValue = Operation->getNumSubExprs() > 2;
  Site.Replaces = Name.contains("exchange") || Name.contains("test_and_set");
  Site.SucceedsOnZero = !Operation->isCmpXChg();
  Site.What = Operation->isCmpXChg()                             ? AtomicOperation::CompareExchange
              : Name.contains("load")                            ? AtomicOperation::Load
              : Name.contains("store") || Name.contains("clear") ? AtomicOperation::Store
                                                                 : AtomicOperation::Update;
  if (IsInit) {
    emit(EventKind::Update, Site.Path, Operation->getSourceRange(), Atomic);
    return;
  }
  Site.Order = Operation->getOrder();
  if (Operation->isCmpXChg()) {
    Site.Failure = Operation->getOrderFail();
    Site.Expected = Operation->getVal1();
    Site.Desired = Operation->getVal2();
  } else if (HasValue && Site.What != AtomicOperation::Load) {
    Site.Desired = Operation->getVal1();
  }
  Site.Name = Operation->getBuiltinLoc();
  lowerAtomic(Site);
  if (Name.contains("clear"))
    Out->back().Flags |= FixedValue | ZeroValue;
}

void FunctionLowering::lowerAtomicAssignment(const BinaryOperator *Assignment) {
  if (Out->empty())
    return;
  Event &E = Out->back();
  E.Flags |= Atomic;
  AtomicSite Site;
  Site.Whole = Assignment;
  Site.What =
      Assignment->isCompoundAssignmentOp() ? AtomicOperation::Update : AtomicOperation::Store;
  Site.Path = E.Path;
  Site.Object = Assignment->getLHS();
  Site.Desired = Assignment->getRHS();
  AtomicOperation Op;
  Op.What = Site.What;
  Op.Path = E.Path;
  Op.Where = E.Where;
  if (Op.What == AtomicOperation::Store) {
    describeSplit(Site, Op);
    if (Op.Shape != AtomicOperation::Whole)
      Out->back().Flags |= Split;
    if (Expr::EvalResult Number; Site.Desired->EvaluateAsInt(Number, Context) &&
                                 Number.Val.getInt().isRepresentableByInt64())
      Out->back().Values = {Value::constant(Number.Val.getInt().getExtValue())};
  }
  Facts.Atomics.push_back(std::move(Op));
  AtomicBlocks.push_back(CurrentBlock);
  lowerSpin(Site, MemoryOrder::SequentiallyConsistent);
}

void FunctionLowering::noteVolatileWrite(const BinaryOperator *Assignment) {
  Event &E = Out->back();
  E.Flags |= Volatile;
  Expr::EvalResult Number;
  if (!Assignment->isCompoundAssignmentOp() &&
      Assignment->getRHS()->EvaluateAsInt(Number, Context) &&
      Number.Val.getInt().isRepresentableByInt64())
    E.Values = {Value::constant(Number.Val.getInt().getExtValue())};
}

void FunctionLowering::lowerRead(const CastExpr *Load) {
  QualType Type = Load->getSubExpr()->getType();
  uint64_t Flags = NoFlags;
  if (Type->isAtomicType())
    Flags = Atomic;
  else if (Type.isVolatileQualified())
    Flags = Volatile;
  Event &E = emit(EventKind::Read, path(Load->getSubExpr()), Load->getSourceRange(),
                  Flags | (Load->getType()->isRecordType() ? 0u : Scalar));
  describeElements(E, Load->getSubExpr());
  if (!(Flags & Atomic))
    return;
  AtomicOperation Op;
  Op.Path = E.Path;
  Op.Where = E.Where;
  if (Load->getType()->isPointerType() && isPointeeUsed(Load))
    E.Flags |= UsesPointee;
  Facts.Atomics.push_back(std::move(Op));
  AtomicBlocks.push_back(CurrentBlock);
}

/// Whether the value goes into an output of a library and nowhere else: nothing is done because of
/// it.
static bool isOnlyPrinted(const Expr *Value, ParentMap &Parents) {
  const Stmt *Inner = Value;
  for (const Stmt *Parent = Parents.getParent(Inner); Parent;
       Inner = Parent, Parent = Parents.getParent(Parent)) {
    if (isa<CastExpr, ParenExpr, FullExpr, MaterializeTemporaryExpr, CXXBindTemporaryExpr>(Parent))
      continue;
    const auto *Call = dyn_cast<CallExpr>(Parent);
    if (!Call)
      return Inner != Value && isa<CallExpr>(Inner) && isa<CompoundStmt>(Parent);
    const FunctionDecl *Callee = Call->getDirectCallee();
    const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
    bool Prints = Operator ? Operator->getOperator() == OO_LessLess
                           : Callee && Callee->isVariadic() && Call->getNumArgs() > 1;
    if (!Prints || !Callee)
      return false;
  }
  return false;
}

void FunctionLowering::lowerAtomic(const AtomicSite &Site) {
  AtomicOperation Op;
  Op.What = Site.What;
  Op.How = Site.How;
  Op.Path = Site.Path;
  Op.Order = orderArgument(Site.Order);
  Op.Failure = orderArgument(Site.Failure);
  if (isa_and_nonnull<CXXDefaultArgExpr>(Site.Failure))
    Op.Failure = {};
  Op.LimitsFailure = Context.getLangOpts().CPlusPlus && !Context.getLangOpts().CPlusPlus17;

  EventKind Kind = Site.What == AtomicOperation::Load    ? EventKind::Read
                   : Site.What == AtomicOperation::Store ? EventKind::Write
                                                         : EventKind::Update;
  uint64_t Flags = Atomic;
  if (Op.Order.Order == MemoryOrder::Relaxed)
    Flags |= Relaxed;
  if (Site.What == AtomicOperation::Load && Site.Whole->getType()->isPointerType() &&
      isPointeeUsed(Site.Whole))
    Flags |= UsesPointee;
  Value Stored;
  if (Site.Desired && Site.What != AtomicOperation::Load) {
    Expr::EvalResult Number;
    if (Site.Desired->getType()->isPointerType())
      Stored = value(Site.Desired);
    else if (!Site.Desired->isValueDependent() && Site.Desired->getType()->isIntegerType() &&
             Site.Desired->EvaluateAsInt(Number, Context) &&
             Number.Val.getInt().isRepresentableByInt64())
      Stored = Value::constant(Number.Val.getInt().getExtValue());
  }
  if (Site.What == AtomicOperation::Store)
    describeSplit(Site, Op);
  if (Site.What == AtomicOperation::CompareExchange)
    describeRetries(Site, Op);
  if (Op.Shape != AtomicOperation::Whole)
    Flags |= Split;
  if (Op.Shape == AtomicOperation::SelfUpdate)
    for (Event &Read : *Out)
      if (Read.Kind == EventKind::Read && Read.Path == Site.Path && Read.Where == Op.BasedOn)
        Read.Flags |= ResultUnused;
  if (Site.What != AtomicOperation::Store &&
      (isResultUnused(Site.Whole) || isOnlyPrinted(Site.Whole, *Parents)))
    Flags |= ResultUnused;
  lowerSpin(Site, Op.Order.Order);
  Event &E = emit(Kind, Site.Path, Site.Whole->getSourceRange(), Flags);
  if (Stored.isKnown())
    E.Values = {std::move(Stored)};
  Op.Where = E.Where;
  Facts.Atomics.push_back(std::move(Op));
  AtomicBlocks.push_back(CurrentBlock);
}

bool FunctionLowering::isPointeeUsed(const Expr *Load) {
  const Stmt *Inner = Load;
  const Stmt *Parent = Parents->getParent(Inner);
  while (Parent && (isa<CastExpr>(Parent) || isa<ParenExpr>(Parent) || isa<FullExpr>(Parent))) {
    Inner = Parent;
    Parent = Parents->getParent(Inner);
  }
  if (!Parent)
    return false;
  if (isa<MemberExpr>(Parent) || isa<ReturnStmt>(Parent) || isa<ArraySubscriptExpr>(Parent))
    return true;
  if (const auto *Unary = dyn_cast<UnaryOperator>(Parent))
    return Unary->getOpcode() == UO_Deref;
  const auto *Declaration = dyn_cast<DeclStmt>(Parent);
  if (!Declaration || !Declaration->isSingleDecl())
    return false;
  struct Finder : DynamicRecursiveASTVisitor {
    const Decl *Wanted = nullptr;
    bool Found = false;
    bool isWanted(const Expr *E) {
      const auto *Named = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
      return Named && Named->getDecl() == Wanted;
    }
    bool VisitMemberExpr(MemberExpr *E) override {
      return !(Found |= E->isArrow() && isWanted(E->getBase()));
    }
    bool VisitUnaryOperator(UnaryOperator *E) override {
      return !(Found |= E->getOpcode() == UO_Deref && isWanted(E->getSubExpr()));
    }
    bool VisitArraySubscriptExpr(ArraySubscriptExpr *E) override {
      return !(Found |= isWanted(E->getBase()));
    }
    bool VisitReturnStmt(ReturnStmt *E) override {
      return !(Found |= E->getRetValue() && isWanted(E->getRetValue()));
    }
  } Search;
  Search.Wanted = Declaration->getSingleDecl();
  Search.TraverseStmt(Function->getBody());
  return Search.Found;
}
