// From a member to the object around it, where that is computed by the member's offset.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/Decl.h"
#include "clang/AST/ExprCXX.h"

#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace heddle;

/// The members that the offset goes down to, if it is written as one: by offsetof, or as the
/// address of a member of an object that would be at null.
static std::vector<const FieldDecl *> membersOf(const Expr *Offset) {
  std::vector<const FieldDecl *> Result;
  Offset = Offset->IgnoreParenCasts();
  if (const auto *Written = dyn_cast<OffsetOfExpr>(Offset)) {
    for (unsigned I = 0; I < Written->getNumComponents(); ++I) {
      if (Written->getComponent(I).getKind() != OffsetOfNode::Field)
        return {};
      Result.push_back(Written->getComponent(I).getField());
    }
    return Result;
  }
  const auto *Address = dyn_cast<UnaryOperator>(Offset);
  if (!Address || Address->getOpcode() != UO_AddrOf)
    return {};
  const Expr *Base = Address->getSubExpr()->IgnoreParens();
  while (const auto *Member = dyn_cast<MemberExpr>(Base)) {
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (!Field)
      return {};
    Result.insert(Result.begin(), Field);
    Base = Member->getBase()->IgnoreParenCasts();
    if (Member->isArrow())
      return isa<IntegerLiteral, CXXNullPtrLiteralExpr>(Base) ? Result
                                                              : std::vector<const FieldDecl *>();
  }
  return {};
}

AccessPath FunctionLowering::objectAround(const AccessPath &Member, const Expr *Offset) {
  std::vector<const FieldDecl *> Fields = membersOf(Offset);
  if (Fields.empty())
    return {};
  AccessPath Result = Member;
  for (const FieldDecl *Field : llvm::reverse(Fields))
    Result = Result.outer(Unit.entity(Field));
  return Result;
}
