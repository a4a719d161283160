// What fixes need to know about the text: statements, declarators, lambdas, loop conditions.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/TypeLoc.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

#include <set>

using namespace clang;
using namespace heddle;

namespace {

/// Finds calls that may take a lock of the project's: of its own functions, through pointers, and
/// of anything that is given a callable.
struct CallFinder : DynamicRecursiveASTVisitor {
  explicit CallFinder(const ASTContext &Context) : Context(Context) {}
  const ASTContext &Context;
  bool Found = false;
  bool VisitLambdaExpr(LambdaExpr *) override { return !(Found = true); }
  bool VisitCallExpr(CallExpr *Call) override {
    const FunctionDecl *Callee = Call->getDirectCallee();
    return !(Found |= !Callee || isProjectCode(Context, Callee));
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *C) override {
    return !(Found |=
             !C->getConstructor()->isTrivial() && isProjectCode(Context, C->getConstructor()));
  }
};

/// Any call at all, also of library code: it may wait.
bool calls(const Stmt *S) {
  if (!S)
    return false;
  const auto *Construct = dyn_cast<CXXConstructExpr>(S);
  return isa<CallExpr, CXXNewExpr, CXXDeleteExpr>(S) ||
         (Construct && !Construct->getConstructor()->isTrivial()) ||
         llvm::any_of(S->children(), calls);
}

/// Whether nothing can happen behind `Place` in its block that another thread would notice late.
bool isQuietBehind(const ASTContext &Context, const CompoundStmt *Block, const Stmt *Place) {
  bool IsBehind = false;
  for (const Stmt *Each : Block->body()) {
    if (const auto *Declaration = dyn_cast<DeclStmt>(Each))
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D);
            Variable && Variable->needsDestruction(Context))
          return false;
    bool IsPlain = isa<Expr, DeclStmt, ReturnStmt, BreakStmt, ContinueStmt>(Each);
    if (IsBehind && (!IsPlain || calls(Each)))
      return false;
    IsBehind |= Each == Place;
  }
  return true;
}

/// Whether a destructor runs where the declared variables go out of scope.
bool isDestroyed(const ASTContext &Context, const DeclStmt *Declaration) {
  return llvm::any_of(Declaration->decls(), [&](const Decl *D) {
    const auto *Variable = dyn_cast<VarDecl>(D);
    // A temporary may live as long as a reference to it.
    return Variable && Variable->hasLocalStorage() &&
           (Variable->needsDestruction(Context) ||
            (Variable->getType()->isReferenceType() &&
             isa_and_nonnull<ExprWithCleanups>(Variable->getInit())));
  });
}

/// The last of those that are declared before `Whole` and still in scope there.
const DeclStmt *lastDestroyed(const ASTContext &Context, const ParentMap &Parents,
                              const Stmt *Whole) {
  for (const Stmt *Part = Whole, *Around = Parents.getParent(Part); Around;
       Part = Around, Around = Parents.getParent(Around)) {
    const DeclStmt *Last = nullptr;
    for (const Stmt *Each : Around->children()) {
      if (Each == Part)
        break;
      if (const auto *Declaration = dyn_cast_or_null<DeclStmt>(Each);
          Declaration && isDestroyed(Context, Declaration))
        Last = Declaration;
    }
    if (Last)
      return Last;
  }
  return nullptr;
}

} // namespace

void FunctionLowering::describeStatement(const Stmt *Whole, const Stmt *Parent, Statement &Out) {
  Out.Whole = Unit.withSemicolon(Unit.editableRange(Whole->getSourceRange()));
  Out.Lines = Unit.wholeLines(Out.Whole);
  Out.IsExpression = isa<Expr>(Whole);
  CallFinder Finder(Context);
  Finder.TraverseStmt(const_cast<Stmt *>(Whole));
  Out.HasCalls = Finder.Found;
  const auto *Block = dyn_cast_or_null<CompoundStmt>(Parent);
  Out.InBlock = Block;
  if (!Block)
    return;
  Out.Enclosing = Unit.editableRange(Block->getSourceRange());
  Out.IsLast = Block->body_back() == Whole;
  Out.IsQuietBehind = isQuietBehind(Context, Block, Whole);
  for (const Stmt *Each : Block->body()) {
    if (Each == Whole)
      break;
    Out.DeclarationsBefore += isa<DeclStmt>(Each);
  }
  if (const DeclStmt *Last = lastDestroyed(Context, *Parents, Whole))
    Out.LastDestroyed = Unit.range(Last->getSourceRange());
  if (isa<DeclStmt>(Whole))
    if (const auto *Around = dyn_cast_or_null<CompoundStmt>(Parents->getParent(Block))) {
      auto Place = llvm::find(Around->body(), Block);
      const auto *If = Place != Around->body_end() && std::next(Place) != Around->body_end()
                           ? dyn_cast<IfStmt>(*std::next(Place))
                           : nullptr;
      if (If && !If->getElse() && !If->hasInitStorage() && !If->hasVarStorage() &&
          isa<CompoundStmt>(If->getThen()) && !calls(If->getCond())) {
        Out.NextIf = Unit.editableRange(If->getSourceRange());
        Out.NextIfBlock = Unit.editableRange(If->getThen()->getSourceRange());
      }
    }
  struct HandleFinder : DynamicRecursiveASTVisitor {
    FunctionLowering &Lowering;
    clang::SourceRange Found;
    explicit HandleFinder(FunctionLowering &L) : Lowering(L) {}
    bool TraverseLambdaExpr(LambdaExpr *) override { return true; }
    bool VisitCXXTemporaryObjectExpr(CXXTemporaryObjectExpr *E) override { return note(E, E); }
    bool VisitCXXFunctionalCastExpr(CXXFunctionalCastExpr *E) override { return note(E, E); }
    bool note(Expr *E, ExplicitCastExpr *Cast) { return noteType(E, Cast->getTypeInfoAsWritten()); }
    bool note(Expr *E, CXXTemporaryObjectExpr *Made) {
      return noteType(E, Made->getTypeSourceInfo());
    }
    bool noteType(Expr *E, TypeSourceInfo *Info) {
      if (Lowering.hasRole(E->getType(), TypeRole::Thread))
        Found = Info->getTypeLoc().getSourceRange();
      return true;
    }
  } Handle(*this);
  Handle.TraverseStmt(const_cast<Stmt *>(Whole));
  Out.HandleType = Unit.editableRange(Handle.Found);
}

void FunctionLowering::describeLambdaText(const CXXRecordDecl *Closure) {
  const CXXMethodDecl *Call = Closure->getLambdaCallOperator();
  const SourceManager &SM = Context.getSourceManager();
  const LangOptions &Options = Context.getLangOpts();
  const Stmt *Body = Call->getBody();
  if (!Body || Closure->getBeginLoc().isMacroID() || Body->getBeginLoc().isMacroID())
    return;
  // The text from the introducer to the end of the body.
  clang::SourceRange Text(Closure->getBeginLoc(), Body->getEndLoc());
  auto [File, Begin] = SM.getDecomposedLoc(Text.getBegin());
  unsigned End = SM.getFileOffset(Text.getEnd());
  llvm::StringRef Buffer = SM.getBufferData(File);
  Lexer Raw(SM.getLocForStartOfFile(File), Options, Buffer.begin(), Buffer.begin() + Begin,
            Buffer.end());
  std::set<std::string> Names;
  unsigned Brackets = 0;
  SourceLocation AfterIntroducer;
  Token Next;
  while (!Raw.LexFromRawLexer(Next) && SM.getFileOffset(Next.getLocation()) <= End) {
    if (Next.is(tok::raw_identifier))
      Names.insert(Next.getRawIdentifier().str());
    if (AfterIntroducer.isInvalid()) {
      Brackets += Next.is(tok::l_square);
      if (Next.is(tok::r_square) && --Brackets == 0)
        AfterIntroducer = Next.getEndLoc();
    }
  }
  Facts.NamesWritten.assign(Names.begin(), Names.end());
  const TypeSourceInfo *Info = Call->getTypeSourceInfo();
  FunctionTypeLoc Type = Info ? Info->getTypeLoc().getAs<FunctionTypeLoc>() : FunctionTypeLoc();
  if (Type && Type.getLParenLoc().isValid() && Type.getRParenLoc().isValid() &&
      SM.getFileOffset(Type.getLParenLoc()) < SM.getFileOffset(Body->getBeginLoc()) &&
      Lexer::getSourceText(CharSourceRange::getTokenRange(Type.getLParenLoc()), SM, Options) ==
          "(") {
    Facts.ParameterList = Unit.editableRange(Type.getParensRange());
  } else if (AfterIntroducer.isValid() && !Call->getDescribedFunctionTemplate()) {
    Facts.ParameterList = Unit.range(AfterIntroducer);
    Facts.ParameterList.End = Facts.ParameterList.Begin;
  }
}

heddle::SourceRange FunctionLowering::conditionRange(const Stmt *Loop, const Expr *Condition) {
  if (Condition)
    return Unit.editableRange(Condition->getSourceRange());
  const auto *For = dyn_cast<ForStmt>(Loop);
  if (!For || For->getBeginLoc().isMacroID())
    return {};
  // The place before the second semicolon of `for (;;)`.
  const SourceManager &SM = Context.getSourceManager();
  SourceLocation First = For->getInit() ? For->getInit()->getEndLoc() : For->getLParenLoc();
  if (First.isMacroID())
    return {};
  bool InitHasSemicolon = For->getInit() && isa<DeclStmt>(For->getInit());
  unsigned Wanted = InitHasSemicolon ? 1 : 2;
  for (SourceLocation At = First; Wanted > 0;) {
    std::optional<Token> Next = Lexer::findNextToken(At, SM, Context.getLangOpts());
    if (!Next || Next->is(tok::r_paren))
      return {};
    At = Next->getLocation();
    if (Next->is(tok::semi) && --Wanted == 0) {
      heddle::SourceRange Place = Unit.range(At);
      Place.End = Place.Begin;
      return Place;
    }
  }
  return {};
}

Leaving FunctionLowering::leaving(const CFGBlock &Source) {
  bool ToExit = llvm::any_of(Source.succs(), [&](const CFGBlock::AdjacentBlock &Next) {
    return Next.getReachableBlock() == &Graph->getExit();
  });
  if (!ToExit)
    return Leaving::Normally;
  for (const CFGElement &Element : llvm::reverse(Source)) {
    auto Statement = Element.getAs<CFGStmt>();
    if (!Statement)
      continue;
    if (isa<CXXThrowExpr>(Statement->getStmt()))
      return Leaving::Throws;
    if (!Source.hasNoReturnElement())
      continue;
    if (const auto *Call = dyn_cast<CallExpr>(Statement->getStmt()))
      if (const FunctionDecl *Callee = Call->getDirectCallee())
        for (const CallMeaning &M : Unit.vocabulary().call(Callee)) {
          if (M.What == Effect::Jump)
            return Leaving::Jumps;
          if (M.What == Effect::Abort) {
            if (!Call->getBeginLoc().isMacroID())
              return Leaving::GivesUp;
            Facts.Assertions.push_back(Unit.range(Call->getSourceRange()));
            return Leaving::Aborts;
          }
        }
  }
  return Source.hasNoReturnElement() ? Leaving::NeverReturns : Leaving::Normally;
}

void UnitFactsBuilder::describeDeclarator(const DeclaratorDecl *Declaration, Entity &Out) {
  const TypeSourceInfo *Info = Declaration->getTypeSourceInfo();
  if (!Info)
    return;
  // `int a, b;` and `int *p` keep their specifier: it cannot be changed for one name alone. A type
  // behind the name (arrays, functions) is left alone as well.
  SourceLocation Name = Declaration->getLocation();
  clang::SourceRange Written = Info->getTypeLoc().getUnqualifiedLoc().getSourceRange();
  if (Name.isMacroID() || Written.isInvalid() || Written.getEnd().isMacroID() ||
      !Context.getSourceManager().isBeforeInTranslationUnit(Written.getEnd(), Name))
    return;
  SourceLocation End = Declaration->getEndLoc();
  Token Next;
  SourceLocation AfterEnd =
      Lexer::getLocForEndOfToken(End, 0, Context.getSourceManager(), Context.getLangOpts());
  if (AfterEnd.isInvalid() ||
      Lexer::getRawToken(AfterEnd, Next, Context.getSourceManager(), Context.getLangOpts(), true) ||
      !Next.isOneOf(tok::semi, tok::comma, tok::r_paren))
    return;
  std::optional<Token> Before =
      Lexer::findPreviousToken(Name, Context.getSourceManager(), Context.getLangOpts(), false);
  if (!Before || Before->is(tok::comma) || (Next.is(tok::comma) && !isa<ParmVarDecl>(Declaration)))
    return;
  Out.TypeIsDeduced = Info->getType()->getContainedAutoType();
  if (auto Named = Info->getTypeLoc().getUnqualifiedLoc().getAs<TemplateSpecializationTypeLoc>()) {
    Out.TemplateName = editableRange({Written.getBegin(), Named.getTemplateNameLoc()});
  }
  Out.TypeWritten = editableRange(Written);
  const SourceManager &SM = Context.getSourceManager();
  auto IsConst = [](const std::optional<Token> &T) {
    return T && T->is(tok::raw_identifier) && T->getRawIdentifier() == "const";
  };
  std::optional<Token> West =
      Lexer::findPreviousToken(Written.getBegin(), SM, Context.getLangOpts(), false);
  std::optional<Token> East = Lexer::findNextToken(Written.getEnd(), SM, Context.getLangOpts());
  Out.WholeType = editableRange({IsConst(West) ? West->getLocation() : Written.getBegin(),
                                 IsConst(East) ? East->getLocation() : Written.getEnd()});
  if (West && West->is(tok::raw_identifier) && West->getRawIdentifier() == "volatile")
    if (Out.VolatileWritten = editableRange(West->getLocation()); Out.VolatileWritten.isValid())
      Out.VolatileWritten.End = Out.TypeWritten.Begin;
  SourceLocation AfterName =
      Lexer::getLocForEndOfToken(Name, 0, Context.getSourceManager(), Context.getLangOpts());
  heddle::SourceRange NameRange = range(Name), Whole = range({Name, End});
  if (AfterName.isValid() && !End.isMacroID()) {
    Out.Initializer = NameRange;
    Out.Initializer.Begin = NameRange.End;
    Out.Initializer.End = Whole.End;
    Out.Initializer.Column += NameRange.End - NameRange.Begin;
  }
}
