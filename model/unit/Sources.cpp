// What values are computed from: the memory that an expression reads, the calls whose results it
// uses, and what it asks them about. Knows nothing of locks.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DynamicRecursiveASTVisitor.h"

#include "llvm/ADT/Hashing.h"

using namespace clang;
using namespace heddle;

namespace {

/// Numbers of constants lie above those of variables.
constexpr uint32_t ConstantKey = 1u << 31;

/// Things to compute with, unlike those that synchronise or stand for something that does.
bool isData(VocabularyLookup &Lookup, QualType Type) {
  const TypeMeaning *Meaning = Lookup.type(Type);
  if (!Meaning)
    return true;
  switch (Meaning->Role) {
  case TypeRole::None:
  case TypeRole::Container:
  case TypeRole::SmartPointer:
  case TypeRole::Unit:
    return true;
  default:
    return false;
  }
}

/// The expression without what builds an object of it: a copy, a temporary, a conversion.
const Expr *unwrapped(const Expr *E) {
  for (const Expr *Before = nullptr; E && E != Before;) {
    Before = E;
    E = E->IgnoreParenImpCasts();
    if (const auto *Full = dyn_cast<FullExpr>(E))
      E = Full->getSubExpr();
    else if (const auto *Bound = dyn_cast<CXXBindTemporaryExpr>(E))
      E = Bound->getSubExpr();
    else if (const auto *Made = dyn_cast<MaterializeTemporaryExpr>(E))
      E = Made->getSubExpr();
  }
  return E;
}

} // namespace

std::vector<Value> FunctionLowering::keys(llvm::ArrayRef<const Expr *> Expressions) {
  struct Collector : DynamicRecursiveASTVisitor {
    FunctionLowering &Lowering;
    std::vector<Value> Found;
    explicit Collector(FunctionLowering &L) : Lowering(L) {}
    bool TraverseLambdaExpr(LambdaExpr *) override { return true; }
    bool VisitDeclRefExpr(DeclRefExpr *Reference) override {
      if (const auto *Variable = dyn_cast<VarDecl>(Reference->getDecl()))
        Found.push_back(Value::constant(Lowering.Unit.entity(Variable)));
      else if (isa<BindingDecl, EnumConstantDecl>(Reference->getDecl()))
        addConstant(llvm::hash_value(Reference->getDecl()->getName()));
      return true;
    }
    bool VisitMemberExpr(MemberExpr *Member) override {
      if (const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl()))
        Found.push_back(Value::constant(Lowering.Unit.entity(Field)));
      return true;
    }
    bool VisitStringLiteral(StringLiteral *Text) override {
      return addConstant(llvm::hash_value(Text->getBytes()));
    }
    bool VisitIntegerLiteral(IntegerLiteral *Number) override {
      return addConstant(llvm::hash_value(Number->getValue()));
    }
    bool VisitCXXThisExpr(CXXThisExpr *) override { return true; }
    bool addConstant(llvm::hash_code Code) {
      Found.push_back(Value::constant(ConstantKey | static_cast<uint32_t>(size_t(Code))));
      return true;
    }
  } Walk(*this);
  for (const Expr *E : Expressions)
    Walk.TraverseStmt(const_cast<Expr *>(E));
  return std::move(Walk.Found);
}

std::vector<Value> FunctionLowering::sources(const Expr *E) {
  struct Collector : DynamicRecursiveASTVisitor {
    FunctionLowering &Lowering;
    std::vector<Value> Found;
    explicit Collector(FunctionLowering &L) : Lowering(L) {}
    bool TraverseLambdaExpr(LambdaExpr *) override { return true; }
    // What is changed here is not looked at: whoever changes it knows what it was.
    bool TraverseUnaryOperator(UnaryOperator *Operator) override {
      return Operator->isIncrementDecrementOp() ||
             DynamicRecursiveASTVisitor::TraverseUnaryOperator(Operator);
    }
    bool TraverseCompoundAssignOperator(CompoundAssignOperator *) override { return true; }

    void add(const AccessPath &Path, QualType Type, std::vector<Value> Keys) {
      if (!Path.isKnown() || !isData(Lowering.Unit.vocabulary(), Type))
        return;
      Value Source = Value::load(Path);
      Source.Bound = std::move(Keys);
      Found.push_back(std::move(Source));
    }
    bool VisitImplicitCastExpr(ImplicitCastExpr *Cast) override {
      if (Cast->getCastKind() != CK_LValueToRValue || Cast->getSubExpr()->getType()->isAtomicType())
        return true;
      add(Lowering.path(Cast->getSubExpr()), Cast->getType(),
          Lowering.keysOfElement(Cast->getSubExpr()));
      return true;
    }
    bool VisitCXXConstructExpr(CXXConstructExpr *Construct) override {
      if (Construct->getConstructor()->isCopyOrMoveConstructor() &&
          Construct->getArg(0)->isGLValue())
        add(Lowering.path(Construct->getArg(0)), Construct->getType(), {});
      return true;
    }
    bool VisitCallExpr(CallExpr *Written) override {
      CallSite Call = Lowering.callSite(Written);
      if (!Call.Callee)
        return true;
      std::vector<Value> Keys = Lowering.keys(Call.Arguments);
      if (isProjectCode(Lowering.Context, Call.Callee)) {
        add(Lowering.resultPath(Call), Written->getType(), std::move(Keys));
        return true;
      }
      // What a library's function is given by reference it looks at.
      for (const Expr *Argument : Call.Arguments)
        if (Argument->isGLValue())
          add(Lowering.path(Argument), Argument->getType(), {});
      if (Call.Object && !Lowering.changes(Call))
        add(Lowering.objectPath(Call),
            Call.ObjectIsPointer ? Call.Object->getType()->getPointeeType()
                                 : Call.Object->getType(),
            std::move(Keys));
      return true;
    }
  } Walk(*this);
  if (!E)
    return {};
  Walk.TraverseStmt(const_cast<Expr *>(E));
  if (E->isGLValue())
    Walk.add(path(E), E->getType(), {});
  return std::move(Walk.Found);
}

bool FunctionLowering::changes(const CallSite &Call) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
  if (!Method || Method->isConst() || Method->isStatic())
    return false;
  for (const CallMeaning &M : Unit.vocabulary().call(Call.Callee))
    if (M.What == Effect::Element || M.What == Effect::Observe || M.What == Effect::Pointee)
      return false;
  return true;
}

std::vector<Value> FunctionLowering::keysOfElement(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  while (const auto *Member = dyn_cast<MemberExpr>(E))
    E = Member->getBase()->IgnoreParenImpCasts();
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
    return keys(Subscript->getIdx());
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
      Operator && Operator->getOperator() == OO_Subscript && Operator->getNumArgs() > 1)
    return keys(Operator->getArg(1));
  return {};
}

void FunctionLowering::derive(const AccessPath &Target, const Expr *From, uint64_t Flags) {
  // What others can reach is looked at anew each time.
  bool IsOwn = Target.root() == RootKind::Local || Target.root() == RootKind::Return ||
               (Target.root() == RootKind::Parameter && Target.rootId() != 0) ||
               Target.root() == RootKind::Capture;
  if (!IsOwn || Target.derefs() > 1 || !isData(Unit.vocabulary(), From->getType()))
    return;
  emit(EventKind::Derive, Target, From->getSourceRange(), Flags).Values = sources(From);
}

void FunctionLowering::addTests(const Expr *Condition, Block &B) {
  if (B.Successors.size() < 2)
    return;
  std::vector<Value> Sources = sources(Condition);
  // Whether a wait has failed is nothing that others have written.
  if (Sources.empty() && !asksFor(Condition, {}, [](const CallMeaning &M) {
        return M.What == Effect::ConditionWait && !M.Callable;
      }))
    return;
  Current = Condition;
  for (size_t Way = 0; Way < B.Successors.size(); ++Way) {
    Out = &B.Successors[Way].Events;
    Event &E = emit(EventKind::Test, {}, Condition->getSourceRange());
    E.Values = {Value::constant(Way)};
    E.Values.insert(E.Values.end(), Sources.begin(), Sources.end());
    if (B.Successors.size() == 2)
      describeComparison(Condition, Way == 0, E);
  }
}

uint64_t FunctionLowering::describeWrite(const Expr *Target, const Expr *Source) {
  Value About, Given;
  About.Bound = keysOfElement(Target);
  Given.Bound = sources(Source);
  emit(EventKind::Inputs, {}, Target->getSourceRange()).Values = {std::move(About),
                                                                  std::move(Given)};
  const Expr *Made = Source ? unwrapped(Source) : nullptr;
  if (Made && isa<ExplicitCastExpr>(Made))
    Made = unwrapped(cast<ExplicitCastExpr>(Made)->getSubExpr());
  if (Made && isa<CXXNewExpr>(Made))
    return Acts;
  if (const auto *Call = dyn_cast_or_null<CallExpr>(Made))
    if (const FunctionDecl *Callee = Call->getDirectCallee())
      for (const CallMeaning &M : Unit.vocabulary().call(Callee))
        if (M.What == Effect::Allocate)
          return Acts;
  return NoFlags;
}

/// Whether the function returns a local that is part of what it puts somewhere: who comes second
/// puts the same there.
static bool returnsPart(const FunctionDecl *Function, llvm::ArrayRef<const Expr *> Put) {
  struct Finder : DynamicRecursiveASTVisitor {
    llvm::SmallPtrSet<const VarDecl *, 4> Returned, Named;
    bool TraverseLambdaExpr(LambdaExpr *) override { return true; }
    bool VisitReturnStmt(ReturnStmt *S) override {
      const Expr *E = S->getRetValue() ? sameValue(S->getRetValue()) : nullptr;
      if (const auto *Made = dyn_cast_or_null<CXXConstructExpr>(E); Made && Made->getNumArgs() == 1)
        E = sameValue(Made->getArg(0));
      if (const auto *Read = dyn_cast_or_null<CastExpr>(E))
        E = Read->getSubExpr();
      note(E ? E->IgnoreParenImpCasts() : nullptr, Returned);
      return true;
    }
    bool VisitDeclRefExpr(DeclRefExpr *E) override {
      note(E, Named);
      return true;
    }
    static void note(const Expr *E, llvm::SmallPtrSetImpl<const VarDecl *> &To) {
      const auto *Reference = dyn_cast_or_null<DeclRefExpr>(E);
      const auto *Variable = Reference ? dyn_cast<VarDecl>(Reference->getDecl()) : nullptr;
      if (Variable && Variable->isLocalVarDecl() && Variable->hasLocalStorage())
        To.insert(Variable);
    }
  };
  Finder Parts, Results;
  for (const Expr *Each : Put)
    Parts.TraverseStmt(const_cast<Expr *>(Each));
  if (Parts.Named.empty())
    return false;
  Results.TraverseStmt(Function->getBody());
  return llvm::any_of(Results.Returned,
                      [&](const VarDecl *Each) { return Parts.Named.contains(Each); });
}

uint64_t FunctionLowering::describeContainerWrite(const CallSite &Call) {
  const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call.Whole);
  OverloadedOperatorKind Kind = Operator ? Operator->getOperator() : OO_None;
  Value About, Given;
  About.Bound = keys(Call.Arguments);
  for (const Expr *Argument : Call.Arguments)
    for (Value &Source : sources(Argument))
      Given.Bound.push_back(std::move(Source));
  if (Kind == OO_Equal)
    About.Bound.clear();
  emit(EventKind::Inputs, {}, Call.Whole->getSourceRange()).Values = {std::move(About),
                                                                      std::move(Given)};
  const Stmt *Parent = Parents->getParentIgnoreParenImpCasts(const_cast<Expr *>(Call.Whole));
  while (isa_and_nonnull<ExprWithCleanups, CXXBindTemporaryExpr, MaterializeTemporaryExpr>(Parent))
    Parent = Parents->getParentIgnoreParenImpCasts(const_cast<Stmt *>(Parent));
  if (Kind == OO_Subscript) {
    // An element that is made where there is none yet; overwriting it is another matter.
    const auto *Assigned = dyn_cast_or_null<CXXOperatorCallExpr>(Parent);
    const auto *Stored = dyn_cast_or_null<BinaryOperator>(Parent);
    bool IsTarget = (Assigned && Assigned->getOperator() == OO_Equal &&
                     Assigned->getArg(0)->IgnoreParenImpCasts() == Call.Whole) ||
                    (Stored && Stored->getOpcode() == BO_Assign &&
                     Stored->getLHS()->IgnoreParenImpCasts() == Call.Whole);
    const Expr *Put = !IsTarget ? nullptr : Assigned ? Assigned->getArg(1) : Stored->getRHS();
    return Inserts | (Put && !returnsPart(Function, Put) ? Acts : NoFlags);
  }
  const auto *Cast = dyn_cast_or_null<CastExpr>(Parent);
  bool IsUsed = isa_and_nonnull<Expr, DeclStmt, ReturnStmt>(Parent) &&
                !Call.Whole->getType()->isVoidType() && !(Cast && Cast->getCastKind() == CK_ToVoid);
  return IsUsed || returnsPart(Function, Call.Arguments) ? NoFlags : Acts;
}

void FunctionLowering::describeArguments(const CallSite &Call, unsigned Count) {
  if (Call.Arguments.empty())
    return;
  std::vector<Value> Values(Count + 1);
  Values[0].Bound = keys(Call.Arguments);
  for (unsigned I = 0; I + 2 < Values.size() && I < Call.Arguments.size(); ++I)
    Values[I + 2].Bound = sources(Call.Arguments[I]);
  emit(EventKind::Inputs, {}, Call.Whole->getSourceRange()).Values = std::move(Values);
}
