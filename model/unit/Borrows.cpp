// References, pointers, iterators and views: where what they refer to is looked at, and what kind
// of thing a function hands out by reference.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/TypeLoc.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace heddle;

bool UnitFactsBuilder::isSynchronized(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isAtomicType())
    return true;
  if (const TypeMeaning *Meaning = Lookup.type(Type))
    switch (Meaning->Role) {
    case TypeRole::Mutex:
    case TypeRole::Atomic:
    case TypeRole::Condition:
    case TypeRole::SyncObject:
    case TypeRole::Channel:
    case TypeRole::Semaphore:
    case TypeRole::WaitGroup:
    case TypeRole::StopSource:
      return true;
    default:
      return false;
    }
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition() || Record->isDependentContext() ||
      !isProjectCode(Context, Record))
    return false;
  auto [Known, IsNew] = Synchronized.try_emplace(Record, false);
  if (!IsNew)
    return Known->second;
  bool Holds = llvm::any_of(
      Record->fields(), [&](const FieldDecl *Field) { return isSynchronized(Field->getType()); });
  for (const CXXBaseSpecifier &Base : Record->bases())
    Holds |= isSynchronized(Base.getType());
  return Synchronized[Record] = Holds;
}

void FunctionLowering::lowerUse(const DeclRefExpr *Reference) {
  const auto *Variable = dyn_cast<VarDecl>(Reference->getDecl());
  if (!Variable || !Variable->hasLocalStorage() || isa<ParmVarDecl>(Variable) ||
      CaptureSlots.count(Variable))
    return;
  QualType Type = Variable->getType();
  if (!Type->isReferenceType() && !isPointerLike(Type))
    return;
  // What synchronises is used for that, whoever holds it.
  if (const TypeMeaning *Meaning = meaning(Type);
      Meaning && Meaning->Role != TypeRole::Container && Meaning->Role != TypeRole::SmartPointer)
    return;
  const Stmt *Parent = Parents->getParentIgnoreParenImpCasts(const_cast<DeclRefExpr *>(Reference));
  bool IsUsed = false;
  if (Type->isReferenceType()) {
    const auto *Address = dyn_cast_or_null<UnaryOperator>(Parent);
    const auto *Declaration = dyn_cast_or_null<DeclStmt>(Parent);
    bool IsRenamed = Declaration && Declaration->isSingleDecl() &&
                     isa<VarDecl>(Declaration->getSingleDecl()) &&
                     cast<VarDecl>(Declaration->getSingleDecl())->getType()->isReferenceType() &&
                     !cast<VarDecl>(Declaration->getSingleDecl())->isImplicit();
    IsUsed = !(Address && Address->getOpcode() == UO_AddrOf) && !IsRenamed;
  } else if (Type->isPointerType()) {
    const auto *Unary = dyn_cast_or_null<UnaryOperator>(Parent);
    const auto *Member = dyn_cast_or_null<MemberExpr>(Parent);
    IsUsed = (Unary && Unary->getOpcode() == UO_Deref) || (Member && Member->isArrow()) ||
             isa_and_nonnull<ArraySubscriptExpr>(Parent);
  } else if (const auto *Operator = dyn_cast_or_null<CXXOperatorCallExpr>(Parent)) {
    OverloadedOperatorKind Kind = Operator->getOperator();
    IsUsed = Kind == OO_Star || Kind == OO_Arrow || Kind == OO_Subscript || Kind == OO_PlusPlus ||
             Kind == OO_LessLess;
  }
  // Measures of a range that is owned elsewhere say nothing about it; its contents do.
  if (IsUsed)
    emit(EventKind::Use, {RootKind::Local, Unit.entity(Variable)}, Reference->getSourceRange());
}

void FunctionLowering::describeReturnedReference() {
  QualType Type = Function->getReturnType();
  QualType Referred = Type->isPointerType() ? Type->getPointeeType() : Type.getNonReferenceType();
  Facts.ReturnsSynchronized = Unit.isSynchronized(Referred);
  if (!Type->isLValueReferenceType() || Referred->isIncompleteType())
    return;
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  bool IsOnly = llvm::hasSingleElement(Function->redecls()) &&
                !(Method && (Method->isVirtual() || Method->getParent()->isLambda()));
  const CXXRecordDecl *Record = Referred->getAsCXXRecordDecl();
  bool IsCopyable = !Referred->isArrayType() && !Referred->isFunctionType() &&
                    (!Record || (Record->hasDefinition() && !Record->isAbstract() &&
                                 !Record->defaultedCopyConstructorIsDeleted() &&
                                 llvm::any_of(Record->ctors(), [](const CXXConstructorDecl *Made) {
                                   return Made->isCopyConstructor() && !Made->isDeleted() &&
                                          Made->getAccess() == AS_public;
                                 })));
  FunctionTypeLoc Written = Function->getFunctionTypeLoc();
  if (!IsOnly || !IsCopyable || !Written)
    return;
  auto Reference = Written.getReturnLoc().getAs<LValueReferenceTypeLoc>();
  if (!Reference || Reference.getAmpLoc().isMacroID())
    return;
  Facts.ReturnReference = Unit.editableRange(Reference.getAmpLoc());
  SourceLocation Begin = Reference.getPointeeLoc().getUnqualifiedLoc().getBeginLoc();
  if (Begin.isMacroID())
    return;
  const SourceManager &SM = Context.getSourceManager();
  std::optional<Token> Before =
      Lexer::findPreviousToken(Begin, SM, Context.getLangOpts(), /*IncludeComments=*/false);
  if (Before && Before->is(tok::raw_identifier) && Before->getRawIdentifier() == "const") {
    Facts.ReturnConst = Unit.editableRange(Before->getLocation());
    if (Facts.ReturnConst.isValid())
      Facts.ReturnConst.End = SM.getFileOffset(Begin);
  }
}
