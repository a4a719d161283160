// Conditions that say the same again as long as nothing has changed that they read.
#include "model/unit/Equality.h"
#include "model/unit/FunctionLowering.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DynamicRecursiveASTVisitor.h"

#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace heddle;

/// Whether the function is in sight, and does nothing but return what it has looked at.
static bool onlyLooks(const FunctionDecl *Function, const ASTContext &Context) {
  const auto *Body = dyn_cast_or_null<CompoundStmt>(Function->getBody());
  const auto *Return =
      Body && Body->size() == 1 ? dyn_cast<ReturnStmt>(Body->body_front()) : nullptr;
  return Return && Return->getRetValue() &&
         !Return->getRetValue()->HasSideEffects(Context, /*IncludePossibleEffects=*/true);
}

/// Whether a library call that means this leaves everything as it is, and answers the same again.
static bool onlyAsks(const CallMeaning &Meaning) {
  switch (Meaning.What) {
  case Effect::Joinable:
  case Effect::Pointee:
  case Effect::SameValue:
  case Effect::AddressOf:
  case Effect::Element:
  case Effect::Observe:
    return true;
  default:
    return false;
  }
}

const Expr *FunctionLowering::askedForContent(const Expr *E, bool &Negated) {
  auto IsOwner = [&](const Expr *Object) {
    return Object->isGLValue() && (hasRole(Object->getType(), TypeRole::SmartPointer) ||
                                   hasRole(Object->getType(), TypeRole::Container));
  };
  auto IsNull = [&](const Expr *Side) {
    return sameValue(Side)->getType()->isNullPtrType() || isa<GNUNullExpr>(sameValue(Side));
  };
  if (std::optional<Equality> Compared = equalityOf(E); Compared && !isa<BinaryOperator>(E)) {
    if (IsNull(Compared->Left))
      std::swap(Compared->Left, Compared->Right);
    const Expr *Object = sameValue(Compared->Left);
    if (!IsNull(Compared->Right) || !hasRole(Object->getType(), TypeRole::SmartPointer) ||
        !IsOwner(Object))
      return nullptr;
    Negated ^= Compared->IsSame;
    return Object;
  }
  const auto *Call = dyn_cast<CXXMemberCallExpr>(E);
  const CXXMethodDecl *Method = Call ? Call->getMethodDecl() : nullptr;
  if (!Method || !Method->isConst() || Call->getNumArgs() > 0 ||
      !(Call->getType()->isBooleanType() || Call->getType()->isPointerType()))
    return nullptr;
  const Expr *Object = sameValue(Call->getImplicitObjectArgument());
  bool Asks = llvm::any_of(Unit.vocabulary().call(Method), [&](const CallMeaning &M) {
    return M.What == Effect::Joinable ||
           (M.What == Effect::Pointee && Call->getType()->isPointerType());
  });
  return Asks && IsOwner(Object) ? Object : nullptr;
}

bool FunctionLowering::isSteady(const Expr *Subject) {
  const auto *Call = dyn_cast<CallExpr>(Subject);
  if (!Call)
    return !Subject->HasSideEffects(Context, /*IncludePossibleEffects=*/false);
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee || llvm::any_of(Call->arguments(), [&](const Expr *Argument) {
        return Argument->HasSideEffects(Context, /*IncludePossibleEffects=*/false);
      }))
    return false;
  bool Negated = false;
  if (auto Meanings = Unit.vocabulary().call(Callee); !Meanings.empty())
    return llvm::all_of(Meanings, [&](const CallMeaning &M) {
      if (M.What == Effect::MemoryRead) // not what is written to a file
        return Callee->isOverloadedOperator() || Callee->hasAttr<PureAttr>();
      return onlyAsks(M) && (M.What != Effect::Joinable || askedForContent(Call, Negated));
    });
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee); Method && Method->isInstance())
    return Method->isConst();
  return Callee->getReturnType()->isBooleanType() || onlyLooks(Callee, Context) ||
         llvm::none_of(Callee->parameters(), [](const ParmVarDecl *Parameter) {
           QualType Type = Parameter->getType();
           return (Type->isPointerType() || Type->isReferenceType()) &&
                  !Type->getPointeeType().isConstQualified();
         });
}

AccessPath FunctionLowering::conditionPath(const Expr *Subject, std::vector<AccessPath> &Reads) {
  struct Finder : DynamicRecursiveASTVisitor {
    FunctionLowering &Lowering;
    std::vector<AccessPath> &Reads;
    Finder(FunctionLowering &L, std::vector<AccessPath> &Reads) : Lowering(L), Reads(Reads) {}
    bool TraverseLambdaExpr(LambdaExpr *) override { return true; }
    void note(const Expr *E) {
      if (AccessPath Path = Lowering.path(E); Path.isKnown() && Reads.size() < 8)
        Reads.push_back(std::move(Path));
    }
    bool VisitDeclRefExpr(DeclRefExpr *Reference) override {
      if (isa<VarDecl, BindingDecl>(Reference->getDecl()))
        note(Reference);
      return true;
    }
    bool VisitArraySubscriptExpr(ArraySubscriptExpr *Element) override {
      note(Element);
      return true;
    }
    bool VisitMemberExpr(MemberExpr *Member) override {
      if (isa<FieldDecl>(Member->getMemberDecl()))
        note(Member);
      return true;
    }
  };
  Finder(*this, Reads).TraverseStmt(const_cast<Expr *>(Subject));
  llvm::FoldingSetNodeID Text;
  bool Negated = false;
  if (const auto *Compare = dyn_cast<BinaryOperator>(Subject);
      Compare && Compare->isComparisonOp()) {
    // `a >= b` has been turned into `!(a < b)`; `b > a` is `a < b`.
    const Expr *Left = sameValue(Compare->getLHS()), *Right = sameValue(Compare->getRHS());
    BinaryOperatorKind Opcode = Compare->getOpcode();
    bool IsOrder = Compare->isRelationalOp();
    llvm::FoldingSetNodeID Sides[2];
    Left->Profile(Sides[0], Context, true);
    Right->Profile(Sides[1], Context, true);
    if (IsOrder ? Opcode == BO_GT || Opcode == BO_LE : Sides[1] < Sides[0])
      std::swap(Left, Right);
    Text.AddInteger(IsOrder ? BO_LT : BO_EQ);
    Left->Profile(Text, Context, true);
    Right->Profile(Text, Context, true);
  } else if (const Expr *Object = askedForContent(Subject, Negated)) {
    Text.AddString("has content");
    Object->Profile(Text, Context, true);
  } else {
    Subject->Profile(Text, Context, true);
  }
  return {RootKind::Return, numberOf(Text)};
}

bool FunctionLowering::isAllSteady(const Expr *Subject) {
  struct Finder : DynamicRecursiveASTVisitor {
    FunctionLowering &Lowering;
    bool IsSteady = true;
    explicit Finder(FunctionLowering &L) : Lowering(L) {}
    bool VisitCallExpr(CallExpr *Call) override {
      IsSteady &= Lowering.isSteady(Call);
      return IsSteady;
    }
    bool VisitLambdaExpr(LambdaExpr *) override { return IsSteady = false; }
  } Calls(*this);
  Calls.TraverseStmt(const_cast<Expr *>(Subject));
  return Calls.IsSteady && isSteady(Subject);
}

const Expr *FunctionLowering::steadyCall(const Expr *Condition) {
  // A helper of the project's may tell what it did, or the same thing whenever it is asked.
  for (const Expr *E = sameValue(Condition), *Before = nullptr; E != Before;) {
    Before = E;
    if (isa<CallExpr>(E))
      return isSteady(E) ? E : nullptr;
    if (const auto *Not = dyn_cast<UnaryOperator>(E); Not && Not->getOpcode() == UO_LNot)
      E = sameValue(Not->getSubExpr());
    if (const auto *Compare = dyn_cast<BinaryOperator>(E); Compare && Compare->isComparisonOp())
      E = sameValue(constantOf(Compare->getRHS(), Context) ? Compare->getLHS() : Compare->getRHS());
  }
  return nullptr;
}
