// Guards that are written so that they guard nothing: without a name, without a lock, or over a
// lock that nobody else can take.
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/TypeLoc.h"
#include "clang/Lex/Lexer.h"

#include <set>

using namespace clang;
using namespace heddle;

bool FunctionLowering::isGuard(QualType Type) {
  Type = Type.getNonReferenceType();
  return hasRole(Type, TypeRole::Guard) || isScopedCapability(Type->getAsCXXRecordDecl());
}

namespace {

/// What hands on the value of its operand, or throws it away, without looking at it.
bool isTransparent(const Stmt *S) {
  if (const auto *Cast = dyn_cast<CastExpr>(S))
    return Cast->getCastKind() == CK_ToVoid || Cast->getCastKind() == CK_NoOp ||
           isa<CXXFunctionalCastExpr>(S);
  return isa<FullExpr, CXXBindTemporaryExpr, ParenExpr, MaterializeTemporaryExpr>(S);
}

/// Names that a new variable of the function must not have.
struct NameFinder : DynamicRecursiveASTVisitor {
  std::set<std::string> Names;
  bool VisitNamedDecl(NamedDecl *D) override {
    Names.insert(D->getNameAsString());
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) override {
    Names.insert(E->getDecl()->getNameAsString());
    return true;
  }
  bool VisitMemberExpr(MemberExpr *E) override {
    if (E->isImplicitAccess())
      Names.insert(E->getMemberDecl()->getNameAsString());
    return true;
  }
};

std::string freeName(const FunctionDecl *Function) {
  NameFinder Finder;
  Finder.TraverseStmt(Function->getBody());
  for (const ParmVarDecl *Parameter : Function->parameters())
    Finder.VisitNamedDecl(const_cast<ParmVarDecl *>(Parameter));
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Function))
    for (const FieldDecl *Field : Method->getParent()->fields())
      Finder.Names.insert(Field->getNameAsString());
  for (const char *Name : {"lock", "guard", "held_lock", "scope_lock"})
    if (!Finder.Names.count(Name))
      return Name;
  return {};
}

/// The declaration that the name meant if the function did not declare it: a member, or something
/// of a namespace.
const ValueDecl *hiddenBy(const VarDecl *Local, const FunctionDecl *Function) {
  for (const DeclContext *Scope = Function->getDeclContext(); Scope; Scope = Scope->getParent())
    if (Scope->isLookupContext())
      for (const NamedDecl *Found : Scope->lookup(Local->getDeclName()))
        if (const auto *Value = dyn_cast<ValueDecl>(Found))
          return Value;
  return nullptr;
}

TypeLoc writtenType(const Expr *E) {
  if (const auto *Object = dyn_cast<CXXTemporaryObjectExpr>(E))
    return Object->getTypeSourceInfo()->getTypeLoc();
  if (const auto *Cast = dyn_cast<CXXFunctionalCastExpr>(E))
    return Cast->getTypeInfoAsWritten()->getTypeLoc();
  return {};
}

const CXXConstructExpr *constructionOf(const Expr *Initializer) {
  for (const Expr *E = Initializer; E;) {
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
      if (!Construct->isElidable() || Construct->getNumArgs() < 1)
        return Construct;
      E = Construct->getArg(0);
    } else if (isTransparent(E)) {
      E = cast<Expr>(*E->child_begin());
    } else {
      return nullptr;
    }
  }
  return nullptr;
}

} // namespace

void FunctionLowering::noteDroppedGuard(const Expr *Made) {
  if (!Made->isPRValue() || !Made->getType()->isRecordType())
    return;
  const CXXRecordDecl *Record = Made->getType()->getAsCXXRecordDecl();
  const auto *Construct = dyn_cast<CXXConstructExpr>(Made);
  DroppedGuard Dropped;
  if (!isGuard(Made->getType())) {
    // What takes a lock and gives it back at the end of its life is a guard, whatever its name.
    const CXXDestructorDecl *Destructor = Record ? Record->getDestructor() : nullptr;
    if (!Construct || !Destructor || meaning(Made->getType()))
      return;
    Dropped.Destructor = Unit.function(Destructor);
    if (Dropped.Destructor == InvalidId)
      return;
    Dropped.Constructor = Unit.function(Construct->getConstructor());
    if (Dropped.Constructor == InvalidId)
      return;
  }
  TypeLoc Type = writtenType(Made);
  const Stmt *Whole = Made, *Parent = Parents->getParent(Made);
  for (; Parent && isTransparent(Parent); Parent = Parents->getParent(Parent)) {
    Whole = Parent;
    if (const auto *Cast = dyn_cast<CXXFunctionalCastExpr>(Parent);
        Cast && Cast->getCastKind() != CK_ToVoid)
      Type = writtenType(Cast);
  }
  // What follows in the block would be guarded by a guard with a name; a temporary at the end of
  // its block lives as long as a variable there would.
  const auto *Choice = dyn_cast_or_null<IfStmt>(Parent);
  bool IsInit = Choice && Choice->getInit() == Whole;
  const Stmt *Place = Whole;
  while (isa_and_nonnull<SwitchCase, LabelStmt, AttributedStmt>(Parent)) {
    Place = Parent;
    Parent = Parents->getParent(Parent);
  }
  const auto *Block = dyn_cast_or_null<CompoundStmt>(Parent);
  if (!IsInit && (!Block || Block->body_back() == Place))
    return;
  if (Construct) {
    if (!Type || Construct->getConstructor()->isCopyOrMoveConstructor())
      return;
    for (const Expr *Argument : Construct->arguments())
      Dropped.IsAdopted |= hasRole(Argument->getType(), TypeRole::AdoptTag);
    Dropped.NameBelongs = Unit.editableRange(Type.getSourceRange());
    Dropped.Type = writtenText(Type.getSourceRange());
  } else {
    const auto *Call = cast<CallExpr>(Made);
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee || !Callee->getIdentifier())
      return;
    Dropped.How = DroppedGuard::Result;
    Dropped.Name = Callee->getNameAsString();
    if (Whole == Made || isa<FullExpr, CXXBindTemporaryExpr>(Whole))
      Dropped.NameBelongs = Unit.editableRange(Whole->getSourceRange());
  }
  Dropped.Whole = Unit.range(Made->getSourceRange());
  Dropped.FreeName = freeName(Function);
  Facts.DroppedGuards.push_back(std::move(Dropped));
}

void FunctionLowering::noteNamedGuard(DroppedGuard Dropped, const NamedDecl *Named) {
  Dropped.Name = Named->getNameAsString();
  Dropped.Whole = Unit.range(Named->getLocation());
  Dropped.FreeName = freeName(Function);
  Facts.DroppedGuards.push_back(std::move(Dropped));
}

void FunctionLowering::notePrototypes() {
  for (const Decl *D : Function->decls()) {
    const auto *Prototype = dyn_cast<FunctionDecl>(D);
    if (!Prototype || Prototype->isReferenced() ||
        !hasRole(Prototype->getReturnType(), TypeRole::Guard) ||
        Prototype->getReturnType()->isReferenceType())
      continue;
    DroppedGuard Dropped;
    Dropped.How = DroppedGuard::Prototype;
    Dropped.Type = writtenText(Prototype->getReturnTypeSourceRange());
    noteNamedGuard(std::move(Dropped), Prototype);
  }
}

void FunctionLowering::noteGuardDeclarations(const DeclStmt *Declaration) {
  for (const Decl *D : Declaration->decls()) {
    const auto *Variable = dyn_cast<VarDecl>(D);
    if (!Variable || (!Variable->hasLocalStorage() && !Variable->isStaticLocal()) ||
        Variable->getType()->isReferenceType())
      continue;
    bool IsShared = Variable->isStaticLocal() && Variable->getTLSKind() == VarDecl::TLS_None;
    if (hasRole(Variable->getType(), TypeRole::Mutex) && !IsShared)
      DeclaredLocks.push_back(Variable);
    if (!isGuard(Variable->getType()) || Variable->isStaticLocal())
      continue;
    auto Paren = Variable->getTypeSourceInfo()->getTypeLoc().getAs<ParenTypeLoc>();
    const CXXConstructExpr *Made = constructionOf(Variable->getInit());
    if (!Paren || !Made || Made->getNumArgs() > 0) {
      DeclaredGuards.push_back(Variable);
      continue;
    }
    DroppedGuard Dropped;
    Dropped.How = DroppedGuard::Variable;
    clang::SourceRange Type = Paren.getInnerLoc().getSourceRange();
    Dropped.NameBelongs = Unit.editableRange(Type);
    Dropped.Type = writtenText(Type);
    if (const ValueDecl *Hidden = hiddenBy(Variable, Function);
        Hidden && hasRole(Hidden->getType(), TypeRole::Mutex))
      Dropped.Lock = Unit.entity(Hidden);
    noteNamedGuard(std::move(Dropped), Variable);
  }
}

bool FunctionLowering::isLeftAlone(const DeclRefExpr *Mention) {
  const Stmt *Use = Mention, *Parent = Parents->getParent(Mention);
  while (Parent && (isTransparent(Parent) || isa<UnaryOperator, ImplicitCastExpr>(Parent))) {
    const auto *Unary = dyn_cast<UnaryOperator>(Parent);
    if (Unary && Unary->getOpcode() != UO_AddrOf)
      return false;
    Use = Parent;
    Parent = Parents->getParent(Parent);
  }
  if (isa_and_nonnull<CompoundStmt>(Parent)) // (void)guard;
    return true;
  bool IsObject = false;
  if (isa_and_nonnull<MemberExpr>(Parent)) {
    IsObject = true;
    Parent = Parents->getParent(Parent);
  }
  const auto *Call = dyn_cast_or_null<Expr>(Parent);
  if (!Call || !isa<CallExpr, CXXConstructExpr>(Call))
    return false;
  CallSite Site = callSite(Call);
  if (!Site.Callee)
    return false;
  if (isGuard(Mention->getType())) {
    if (!IsObject)
      return false;
    for (const CallMeaning &M : Unit.vocabulary().call(Site.Callee))
      if (M.What == Effect::GuardRelease || M.What == Effect::GuardOwns)
        return true;
    return cast<CXXMethodDecl>(Site.Callee)->isConst();
  }
  if (isa<CXXConstructExpr>(Call) && isGuard(Call->getType())) {
    const auto *Guard = dyn_cast_or_null<DeclStmt>([&] {
      const Stmt *Around = Parents->getParent(Call);
      while (Around && isa<Expr>(Around))
        Around = Parents->getParent(Around);
      return Around;
    }());
    return Guard && Guard->isSingleDecl() && isa<VarDecl>(Guard->getSingleDecl()) &&
           llvm::is_contained(DeclaredGuards, cast<VarDecl>(Guard->getSingleDecl()));
  }
  for (const CallMeaning &M : Unit.vocabulary().call(Site.Callee)) {
    bool IsLock = M.What == Effect::Acquire || M.What == Effect::Release ||
                  M.What == Effect::TryAcquire || M.What == Effect::MemoryWrite ||
                  M.What == Effect::Deallocate || M.What == Effect::LockInit;
    Operand Named = M.Lock ? M.Lock : M.Object;
    if (!IsLock || (IsObject ? Named.What != Operand::Kind::This : operandExpr(Site, Named) != Use))
      return false;
  }
  return !Unit.vocabulary().call(Site.Callee).empty();
}

void FunctionLowering::noteIdleGuard(const VarDecl *Guard, bool IsLeftAlone, bool IsMentioned) {
  const CXXConstructExpr *Made = constructionOf(Guard->getInit());
  if (!Made || !hasRole(Guard->getType(), TypeRole::Guard) ||
      Made->getConstructor()->isCopyOrMoveConstructor())
    return;
  IdleGuard Idle;
  bool HasLock = false, IsAdopted = false, IsDeferred = false, IsTried = false;
  const Expr *Before = nullptr;
  for (const Expr *Argument : Made->arguments()) {
    bool Defers = hasRole(Argument->getType(), TypeRole::DeferTag);
    bool Adopts = hasRole(Argument->getType(), TypeRole::AdoptTag);
    IsDeferred |= Defers;
    IsAdopted |= Adopts;
    IsTried |= hasRole(Argument->getType(), TypeRole::TryTag);
    HasLock |= !Defers && !Adopts;
    if (Defers && Before) {
      Idle.Tag = Unit.editableRange(Argument->getSourceRange());
      heddle::SourceRange First = Unit.editableRange(Before->getSourceRange());
      if (Idle.Tag.isValid() && First.isValid()) // with the comma
        std::tie(Idle.Tag.Begin, Idle.Tag.Line, Idle.Tag.Column) =
            std::tuple(First.End, First.Line, First.Column + (First.End - First.Begin));
    }
    Before = Argument;
  }
  if (HasLock && !IsAdopted && !IsDeferred && !IsTried)
    return;
  Idle.How = !HasLock     ? IdleGuard::Empty
             : IsDeferred ? IdleGuard::Deferred
             : IsAdopted  ? IdleGuard::Adopted
                          : IdleGuard::Tried;
  // An empty pack expands to nothing in this instance.
  clang::SourceRange Parens = Made->getParenOrBraceRange();
  if (Idle.How == IdleGuard::Empty && Parens.isValid() && Made->getNumArgs() == 0) {
    heddle::SourceRange Between = Unit.range(Parens);
    if (Between.End - Between.Begin > 2)
      return;
  }
  if (Idle.How == IdleGuard::Empty)
    findOnlyLock(Guard, *Made, Idle);
  Idle.IsLeftAlone = IsLeftAlone && !(IsMentioned && Idle.How == IdleGuard::Tried);
  Idle.Variable = Unit.entity(Guard);
  Idle.Where = Unit.range(Guard->getLocation());
  Facts.IdleGuards.push_back(std::move(Idle));
}

void FunctionLowering::findOnlyLock(const VarDecl *Guard, const CXXConstructExpr &Made,
                                    IdleGuard &Out) {
  const auto *Class =
      dyn_cast_or_null<ClassTemplateSpecializationDecl>(Guard->getType()->getAsCXXRecordDecl());
  clang::SourceRange Parens = Made.getParenOrBraceRange();
  heddle::SourceRange Name = Unit.editableRange(
      {Guard->getLocation(), Parens.isValid() ? Parens.getEnd() : Guard->getLocation()});
  std::string Written = writtenText(Guard->getTypeSourceInfo()->getTypeLoc().getSourceRange());
  if (!Class || !Name.isValid() || StringRef(Written).ends_with("<>"))
    return;
  // What it is made for, where that is spelled out.
  const QualType Wanted = typeArgument(Class);
  std::vector<const ValueDecl *> Locks;
  auto Note = [&](const ValueDecl *Lock) {
    if (hasRole(Lock->getType(), TypeRole::Mutex) && !Lock->getType().isConstQualified())
      Locks.push_back(Lock);
  };
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  if (Method && Method->isInstance())
    for (const FieldDecl *Field : Method->getParent()->fields())
      if (!Method->isConst() || Field->isMutable())
        Note(Field);
  for (const ParmVarDecl *Parameter : Function->parameters())
    Note(Parameter);
  for (const VarDecl *Local : DeclaredLocks)
    Note(Local);
  for (const DeclContext *Scope = Function->getDeclContext(); Scope; Scope = Scope->getParent())
    for (const Decl *D : Scope->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D))
        Note(Variable);
  if (Locks.size() != 1 ||
      (Method && (Method->getParent()->isLambda() || Method->getParent()->getNumBases() > 0)))
    return;
  QualType Type = Locks[0]->getType().getNonReferenceType();
  if (!Wanted.isNull() && !Context.hasSameUnqualifiedType(Type, Wanted))
    return;
  Out.OnlyLock = Locks[0]->getNameAsString();
  Out.LockBelongs = Name;
  Out.LockBelongs.Begin = Out.LockBelongs.Begin + Guard->getName().size();
  Out.LockBelongs.Column += Guard->getName().size();
}

void FunctionLowering::describeGuards() {
  notePrototypes();
  if (DeclaredGuards.empty() && DeclaredLocks.empty())
    return;
  struct MentionFinder : DynamicRecursiveASTVisitor {
    std::multimap<const ValueDecl *, const DeclRefExpr *> Mentions;
    bool VisitDeclRefExpr(DeclRefExpr *E) override {
      Mentions.emplace(E->getDecl(), E);
      return true;
    }
  } Finder;
  Finder.TraverseStmt(const_cast<Stmt *>(body()));
  auto LeftAlone = [&](const VarDecl *Variable) {
    auto [First, Last] = Finder.Mentions.equal_range(Variable);
    return std::all_of(First, Last, [&](const auto &M) { return isLeftAlone(M.second); });
  };
  std::set<const VarDecl *> HandedOn;
  for (const VarDecl *Guard : DeclaredGuards) {
    bool IsLeftAlone = LeftAlone(Guard);
    if (!IsLeftAlone)
      HandedOn.insert(Guard);
    noteIdleGuard(Guard, IsLeftAlone, Finder.Mentions.count(Guard) > 0);
  }
  for (const VarDecl *Lock : DeclaredLocks) {
    auto [First, Last] = Finder.Mentions.equal_range(Lock);
    bool IsOwn = !Directives && !Region && First != Last && LeftAlone(Lock);
    for (auto M = First; IsOwn && M != Last; ++M)
      for (const Stmt *Around = M->second; Around && IsOwn; Around = Parents->getParent(Around))
        if (const auto *Declaration = dyn_cast<DeclStmt>(Around))
          IsOwn = Declaration->isSingleDecl() &&
                  !HandedOn.count(dyn_cast<VarDecl>(Declaration->getSingleDecl()));
        else
          IsOwn = !isa<LambdaExpr>(Around);
    if (IsOwn)
      Facts.LocalLocks.push_back({Unit.entity(Lock), Unit.range(Lock->getLocation()),
                                  Lock->getTLSKind() != VarDecl::TLS_None});
  }
}
