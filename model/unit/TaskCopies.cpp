// What would have to be written so that a task works on a copy of an object that it is handed by
// pointer or reference.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclTemplate.h"

#include "llvm/ADT/StringExtras.h"

#include <set>

using namespace clang;
using namespace heddle;

namespace {

/// A copy of the object is all of it: no part of a larger one, and nobody's handle.
bool isWholeObject(QualType Type) {
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  return Record && Record->hasDefinition() && !Record->isPolymorphic() && !Record->isUnion() &&
         !Type.isConstQualified() && !Type.isVolatileQualified() && isCopyable(Type);
}

/// What the pointer, smart or not, leads to; null if that cannot be told.
QualType pointeeOf(const VarDecl *Pointer) {
  QualType Type = Pointer->getType().getNonReferenceType();
  if (Type->isPointerType())
    return Type->getPointeeType();
  return typeArgument(Type->getAsCXXRecordDecl());
}

const DeclRefExpr *namedVariable(const Expr *E) {
  const auto *Reference = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
  return Reference && isa<VarDecl>(Reference->getDecl()) ? Reference : nullptr;
}

/// Uses of a captured variable, and whether an inner lambda has some as well.
struct PointerUses {
  const VarDecl *Pointer;
  llvm::SmallVector<const DeclRefExpr *, 8> Found;
  bool IsCapturedAgain = false;

  void look(const Stmt *S) {
    if (!S)
      return;
    if (const auto *Inner = dyn_cast<LambdaExpr>(S)) {
      for (const LambdaCapture &Capture : Inner->captures())
        IsCapturedAgain |= Capture.capturesVariable() && Capture.getCapturedVar() == Pointer;
      return;
    }
    if (const auto *Reference = dyn_cast<DeclRefExpr>(S);
        Reference && Reference->getDecl() == Pointer)
      Found.push_back(Reference);
    for (const Stmt *Child : S->children())
      look(Child);
  }
};

} // namespace

bool heddle::isPlainCopy(const ASTContext &Context, QualType Type) {
  const RecordDecl *Record = Type->getAsRecordDecl();
  if (!Record || !Record->isCompleteDefinition() || Record->isUnion() ||
      !isProjectCode(Context, Record))
    return false;
  const auto *Class = dyn_cast<CXXRecordDecl>(Record);
  return !Class || (!Class->hasUserDeclaredCopyConstructor() && !Class->isLambda() &&
                    !Class->hasUserDeclaredMoveConstructor());
}

std::string FunctionLowering::copyForm(const VarDecl *Pointer) {
  QualType Type = Pointer->getType().getNonReferenceType();
  const TypeMeaning *Meaning = meaning(Type);
  QualType Pointee = pointeeOf(Pointer);
  if (!Meaning || Meaning->CopyForm.empty() || Pointee.isNull() || !isWholeObject(Pointee))
    return {};
  PrintingPolicy Policy(Context.getLangOpts());
  Policy.SuppressTagKeyword = true;
  Policy.SuppressUnwrittenScope = true;
  std::string Text = Meaning->CopyForm;
  auto Fill = [&](llvm::StringRef Hole, const std::string &With) {
    for (size_t At; (At = Text.find(Hole.str())) != std::string::npos;)
      Text.replace(At, Hole.size(), With);
  };
  Fill("{type}", Pointee.getAsString(Policy));
  Fill("{pointer}", Pointer->getNameAsString());
  return Text;
}

CopyEdits FunctionLowering::ownCopyInBody(const VarDecl *Pointer, const std::string &Capture,
                                          heddle::SourceRange Where) {
  PointerUses Uses{Pointer, {}, false};
  Uses.look(Function->getBody());
  QualType Pointee = pointeeOf(Pointer);
  if (Uses.IsCapturedAgain || Pointee.isNull() || !isWholeObject(Pointee))
    return {};
  bool IsPlain = Pointer->getType()->isPointerType();
  CopyEdits Edits{{Where, Capture}};
  for (const DeclRefExpr *Use : Uses.Found) {
    const Stmt *Parent = Parents->getParent(Use);
    while (isa_and_nonnull<ImplicitCastExpr>(Parent))
      Parent = Parents->getParent(Parent);
    const auto *Call = dyn_cast_or_null<CXXOperatorCallExpr>(Parent);
    const auto *Unary = dyn_cast_or_null<UnaryOperator>(Parent);
    if (Call && Call->getOperator() == OO_Arrow)
      Parent = Parents->getParent(Call);
    heddle::SourceRange Changed;
    std::string Text;
    if (const auto *Member = dyn_cast_or_null<MemberExpr>(Parent);
        Member && Member->isArrow() && (IsPlain || Call)) {
      Changed = Unit.editableRange(Member->getOperatorLoc());
      Text = ".";
    } else if (Call && Call->getOperator() == OO_Star) {
      Changed = Unit.editableRange(Call->getOperatorLoc());
    } else if (Unary && Unary->getOpcode() == UO_Deref && IsPlain) {
      Changed = Unit.editableRange(Unary->getOperatorLoc());
    } else if (isa_and_nonnull<CallExpr>(Parent) && IsPlain) {
      Changed = Unit.editableRange(Use->getSourceRange());
      Changed.End = Changed.Begin;
      Text = "&";
    }
    if (!Changed.isValid())
      return {};
    Edits.emplace_back(Changed, Text);
  }
  // What it owns, it may only change if it says so.
  if (cast<CXXMethodDecl>(Function)->isConst()) {
    if (!Facts.ParameterList.isValid())
      return {};
    heddle::SourceRange Behind = Facts.ParameterList;
    bool HasList = Behind.Begin != Behind.End;
    Behind.Begin = Behind.End;
    Edits.emplace_back(Behind, HasList ? " mutable" : "() mutable");
  }
  return Edits;
}

CopyEdits FunctionLowering::ownCopy(const VarDecl *Pointer, const CaptureText &Text) {
  QualType Type = Pointer->getType().getNonReferenceType();
  if (!Context.getLangOpts().CPlusPlus14 ||
      !(Type->isPointerType() || hasRole(Type, TypeRole::SmartPointer)))
    return {};
  std::string Name = Pointer->getNameAsString(), Capture = Name + " = *" + Name;
  std::string Made = copyForm(Pointer);
  heddle::SourceRange Where = Text.Written;
  std::string Before;
  if (!Where.isValid() && Facts.CaptureDefault.isValid()) {
    Where = Facts.CaptureDefault;
    Where.Begin = Where.End;
    Before = ", ";
  }
  if (!Where.isValid())
    return {};
  CopyEdits Edits = ownCopyInBody(Pointer, Before + Capture, Where);
  if (Edits.empty() && !Made.empty())
    Edits = {{Where, Before + Name + " = " + Made}};
  return Edits;
}

void FunctionLowering::describeTaskStart(const CallSite &Call, const CallMeaning &M,
                                         const FunctionDecl *Entry) {
  unsigned First = M.Arguments.Index;
  if (!Context.getLangOpts().CPlusPlus14 || M.Arguments.What != Operand::Kind::From ||
      M.Callable.What != Operand::Kind::Argument || M.Callable.Index + 1 != First ||
      Call.Arguments.size() <= First || Entry->getNumParams() != Call.Arguments.size() - First)
    return;
  const Expr *Called = Call.Arguments[M.Callable.Index]->IgnoreParenImpCasts();
  if (const auto *Address = dyn_cast<UnaryOperator>(Called))
    Called = Address->getSubExpr()->IgnoreParenImpCasts();
  std::string Name = isa<DeclRefExpr>(Called) ? writtenText(Called) : std::string();
  // By argument: how the lambda that makes the call has it, and how it passes it on.
  struct Passed {
    std::string Capture, Argument, OwnCapture, OwnArgument;
  };
  std::vector<Passed> All;
  TaskStart Start{Unit.range(Call.Whole->getSourceRange()), {{}}};
  for (unsigned I = First; I < Call.Arguments.size(); ++I) {
    const Expr *E = Call.Arguments[I]->IgnoreImplicit()->IgnoreParenImpCasts();
    const auto *Address = dyn_cast<UnaryOperator>(E);
    const auto *Made = dyn_cast<CallExpr>(E);
    bool IsAddress = Address && Address->getOpcode() == UO_AddrOf;
    bool IsReference =
        Made && Made->getNumArgs() == 1 && hasRole(E->getType(), TypeRole::Reference);
    const DeclRefExpr *Named = namedVariable(IsAddress     ? Address->getSubExpr()
                                             : IsReference ? Made->getArg(0)
                                                           : E);
    Passed &Each = All.emplace_back();
    CopyEdits &Copy = Start.OwnCopies.emplace_back();
    Each.Argument = writtenText(E);
    if (!Named) {
      bool IsLiteral = isa<IntegerLiteral, CXXBoolLiteralExpr, CXXNullPtrLiteralExpr,
                           FloatingLiteral, CharacterLiteral>(E);
      if (!IsLiteral)
        Name.clear();
      continue;
    }
    const auto *Variable = cast<VarDecl>(Named->getDecl());
    std::string Written = Variable->getNameAsString();
    QualType Type = Variable->getType().getNonReferenceType();
    bool IsOwn = Variable->hasLocalStorage() && !isa<DecompositionDecl>(Variable);
    if ((IsAddress || IsReference) && IsOwn && isWholeObject(Type)) {
      Each.OwnCapture = Written;
      Each.OwnArgument = IsAddress ? "&" + Written : Written;
    } else if (!IsAddress && !IsReference && IsOwn && Type->isPointerType() &&
               isWholeObject(Type->getPointeeType())) {
      Each.OwnCapture = Written + " = *" + Written;
      Each.OwnArgument = "&" + Written;
    } else if (std::string Form = copyForm(Variable); !IsAddress && !IsReference && !Form.empty()) {
      if (heddle::SourceRange Where = Unit.editableRange(E->getSourceRange()); Where.isValid())
        Copy = {{Where, Form}};
    }
    // What is a constant there needs no capture, unless its address does.
    bool IsConstant = Variable->isUsableInConstantExpressions(Context) &&
                      !Entry->getParamDecl(I - First)->getType()->isReferenceType();
    if (IsAddress || IsReference || !IsOwn || !isCopyable(Type))
      Each.Argument.clear();
    else if (!IsConstant)
      Each.Capture = Written;
  }
  heddle::SourceRange Whole = Unit.editableRange(
      {Call.Arguments[M.Callable.Index]->getBeginLoc(), Call.Arguments.back()->getEndLoc()});
  for (unsigned Own = 0; Own < All.size() && !Name.empty() && Whole.isValid(); ++Own) {
    if (All[Own].OwnCapture.empty())
      continue;
    std::vector<std::string> Captures, Arguments;
    bool IsComplete = true;
    for (unsigned I = 0; I < All.size(); ++I) {
      const std::string &Capture = I == Own ? All[I].OwnCapture : All[I].Capture;
      const std::string &Argument = I == Own ? All[I].OwnArgument : All[I].Argument;
      IsComplete &=
          !Argument.empty() && (Capture.empty() || !llvm::is_contained(Captures, Capture));
      if (!Capture.empty())
        Captures.push_back(Capture);
      Arguments.push_back(Argument);
    }
    if (IsComplete)
      Start.OwnCopies[Own + 1] = {
          {Whole, "[" + llvm::join(Captures, ", ") + "]() mutable { " +
                      (Entry->getReturnType()->isVoidType() ? "" : "return ") + Name + "(" +
                      llvm::join(Arguments, ", ") + "); }"}};
  }
  if (llvm::any_of(Start.OwnCopies, [](const CopyEdits &Copy) { return !Copy.empty(); }))
    Facts.TaskStarts.push_back(std::move(Start));
}
