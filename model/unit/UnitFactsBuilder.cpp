#include "model/unit/UnitFactsBuilder.h"

#include "model/facts/KnownTargets.h"
#include "model/unit/FunctionLowering.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Index/USRGeneration.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace heddle;

bool heddle::isProjectCode(const ASTContext &Context, const Decl *Declaration) {
  const SourceManager &SM = Context.getSourceManager();
  SourceLocation Place = SM.getFileLoc(Declaration->getLocation());
  return Place.isValid() && !SM.isInSystemHeader(Place);
}

QualType heddle::typeArgument(const CXXRecordDecl *Class) {
  const auto *Instance = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Class);
  if (!Instance || Instance->getTemplateArgs().size() == 0 ||
      Instance->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
    return {};
  return Instance->getTemplateArgs()[0].getAsType();
}

UnitFactsBuilder::UnitFactsBuilder(ASTContext &Context, const Vocabulary &Words)
    : Context(Context), Lookup(Words) {
  Facts.IsC = !Context.getLangOpts().CPlusPlus;
  Facts.IsCPlusPlus17 = Context.getLangOpts().CPlusPlus17;
  Facts.IsCPlusPlus20 = Context.getLangOpts().CPlusPlus20;
}

uint32_t UnitFactsBuilder::file(FileID Id) {
  auto [Known, IsNew] = Files.try_emplace(Id, Facts.Files.size());
  if (IsNew) {
    const SourceManager &SM = Context.getSourceManager();
    llvm::SmallString<256> Path;
    if (auto Entry = SM.getFileEntryRefForID(Id)) {
      Path = Entry->getName();
      SM.getFileManager().makeAbsolutePath(Path);
      llvm::sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
    }
    Facts.Files.push_back(std::string(Path));
  }
  return Known->second;
}

heddle::SourceRange UnitFactsBuilder::range(clang::SourceRange R) {
  auto [Known, IsNew] = Ranges.try_emplace({R.getBegin(), R.getEnd()});
  if (IsNew)
    Known->second = measure(R);
  return Known->second;
}

heddle::SourceRange UnitFactsBuilder::measure(clang::SourceRange R) {
  const SourceManager &SM = Context.getSourceManager();
  CharSourceRange Text =
      SM.getExpansionRange(CharSourceRange::getTokenRange(R.getBegin(), R.getEnd()));
  if (Text.isInvalid())
    return {};
  auto [File, Begin] = SM.getDecomposedLoc(Text.getBegin());
  auto [EndFile, End] = SM.getDecomposedLoc(Text.getEnd());
  if (File != EndFile)
    End = Begin;
  if (Text.isTokenRange() || File != EndFile)
    End += Lexer::MeasureTokenLength(File == EndFile ? Text.getEnd() : Text.getBegin(), SM,
                                     Context.getLangOpts());
  return {file(File), Begin, End, SM.getLineNumber(File, Begin), SM.getColumnNumber(File, Begin)};
}

heddle::SourceRange UnitFactsBuilder::editableRange(clang::SourceRange R) {
  if (R.isInvalid() || R.getBegin().isMacroID() || R.getEnd().isMacroID())
    return {};
  return range(R);
}

llvm::StringRef UnitFactsBuilder::text(uint32_t File) const {
  for (auto [Id, Index] : Files)
    if (Index == File)
      return Context.getSourceManager().getBufferData(Id);
  return {};
}

heddle::SourceRange UnitFactsBuilder::withSemicolon(heddle::SourceRange R) {
  if (!R.isValid())
    return R;
  llvm::StringRef Text = text(R.File);
  size_t Next = Text.find_first_not_of(" \t\r\n", R.End);
  if (Next != llvm::StringRef::npos && Text[Next] == ';')
    R.End = Next + 1;
  return R;
}

heddle::SourceRange UnitFactsBuilder::wholeLines(heddle::SourceRange R) {
  if (!R.isValid())
    return R;
  llvm::StringRef Text = text(R.File);
  size_t Begin = Text.take_front(R.Begin).find_last_not_of(" \t") + 1;
  size_t End = Text.find_first_not_of(" \t\r", R.End);
  if (Begin == 0 || Text[Begin - 1] != '\n' || End == llvm::StringRef::npos || Text[End] != '\n')
    return R;
  R.Column -= R.Begin - Begin;
  R.Begin = Begin;
  R.End = End + 1;
  return R;
}

uint32_t UnitFactsBuilder::addStatement(Statement S) {
  Facts.Statements.push_back(S);
  return Facts.Statements.size() - 1;
}

namespace {

const Decl *identityOf(const ValueDecl *Declaration) {
  // A field of a class template's instance is the same entity as in any other instance: what a
  // reader sees and what a fix edits is the pattern.
  if (const auto *Field = dyn_cast<FieldDecl>(Declaration))
    if (const auto *Record = dyn_cast<CXXRecordDecl>(Field->getParent()))
      if (const CXXRecordDecl *Pattern = Record->getTemplateInstantiationPattern()) {
        unsigned Wanted = Field->getFieldIndex();
        for (const FieldDecl *Candidate : Pattern->fields())
          if (Candidate->getFieldIndex() == Wanted &&
              Candidate->getDeclName() == Field->getDeclName())
            return Candidate;
      }
  return Declaration->getCanonicalDecl();
}

/// What is declared only in the main file is taken to be used only there: another file that wants
/// it would find it in a header.
bool isLocalToUnit(const ASTContext &Context, const ValueDecl *Declaration) {
  if (Declaration->isInAnonymousNamespace() || !Declaration->isExternallyVisible())
    return true;
  const auto *Variable = dyn_cast<VarDecl>(Declaration);
  if (Variable && Variable->hasExternalStorage() && !Variable->getDefinition())
    return false; // it is another unit's
  const SourceManager &SM = Context.getSourceManager();
  for (const Decl *Each : Declaration->redecls())
    if (!SM.isInMainFile(SM.getExpansionLoc(Each->getLocation())))
      return false;
  return true;
}

} // namespace

const Expr *heddle::initializerOf(const ValueDecl *Declaration) {
  if (const auto *Variable = dyn_cast<VarDecl>(Declaration))
    return Variable->getAnyInitializer();
  if (const auto *Field = dyn_cast<FieldDecl>(identityOf(Declaration)))
    return Field->getInClassInitializer();
  return nullptr;
}

/// Whether the initialiser of a number, or of an atomic one, may leave something else than zero.
static bool mayStartSet(const Expr *Initializer, ASTContext &Context) {
  const Expr *E = Initializer;
  for (const Expr *Before = nullptr; E && E != Before;) {
    Before = E;
    E = E->IgnoreImplicit()->IgnoreParenCasts();
    if (const auto *List = dyn_cast<InitListExpr>(E); List && List->getNumInits() <= 1)
      E = List->getNumInits() == 1 ? List->getInit(0) : nullptr;
    else if (const auto *List = dyn_cast<ParenListExpr>(E); List && List->getNumExprs() == 1)
      E = List->getExpr(0);
    else if (const auto *Made = dyn_cast<CXXConstructExpr>(E); Made && Made->getNumArgs() <= 1)
      E = Made->getNumArgs() == 1 ? Made->getArg(0) : nullptr;
  }
  if (!E || isa<ImplicitValueInitExpr, CXXScalarValueInitExpr>(E))
    return false;
  Expr::EvalResult Known;
  return E->isValueDependent() || !E->EvaluateAsInt(Known, Context) || Known.Val.getInt() != 0;
}

int64_t UnitFactsBuilder::declaredCapacity(const Expr *Initializer) {
  const Expr *E = Initializer;
  for (const Expr *Before = nullptr; E && E != Before;) {
    Before = E;
    E = E->IgnoreImplicit()->IgnoreParens();
    if (const auto *List = dyn_cast<InitListExpr>(E); List && List->getNumInits() == 1)
      E = List->getInit(0);
    else if (const auto *Cast = dyn_cast<CXXFunctionalCastExpr>(E))
      E = Cast->getSubExpr();
    else if (const auto *Copy = dyn_cast<CXXConstructExpr>(E);
             Copy && Copy->getNumArgs() > 0 && Copy->getConstructor()->isCopyOrMoveConstructor())
      E = Copy->getArg(0);
  }
  const FunctionDecl *Callee = nullptr;
  llvm::ArrayRef<const Expr *> Arguments;
  const auto *Construct = dyn_cast_or_null<CXXConstructExpr>(E);
  if (Construct) {
    Callee = Construct->getConstructor();
    Arguments = {Construct->getArgs(), Construct->getNumArgs()};
  } else if (const auto *Call = dyn_cast_or_null<CallExpr>(E)) {
    Callee = Call->getDirectCallee();
    Arguments = {Call->getArgs(), Call->getNumArgs()};
  }
  if (!Callee)
    return -1;
  Operand Count;
  for (const CallMeaning &M : Lookup.call(Callee))
    if (M.What == Effect::ChannelMake)
      Count = M.Capacity;
    else if (M.What == Effect::SemaphoreInit)
      Count = M.Count;
  if (!Count && Construct)
    if (const TypeMeaning *Type = Lookup.type(Construct->getType());
        Type && Type->Role == TypeRole::Semaphore)
      Count = {Operand::Kind::Argument, 0};
  if (Count.What != Operand::Kind::Argument || Count.Index >= Arguments.size())
    return -1;
  const Expr *Number = Arguments[Count.Index];
  Expr::EvalResult Known;
  if (Number->isValueDependent() || !Number->EvaluateAsInt(Known, Context) ||
      !Known.Val.getInt().isRepresentableByInt64())
    return -1;
  return Known.Val.getInt().getExtValue();
}

EntityId UnitFactsBuilder::entity(const ValueDecl *Declaration) {
  auto [Known, IsNew] = Entities.try_emplace(identityOf(Declaration), Facts.Entities.size());
  EntityId Id = Known->second; // describing one may add others
  if (IsNew) {
    Facts.Entities.emplace_back();
    EntityDeclarations.push_back(Declaration);
    Entity Description;
    describe(Declaration, Description);
    Facts.Entities[Id] = std::move(Description);
    const auto *Variable = dyn_cast<VarDecl>(Declaration);
    if (Variable && Variable->hasGlobalStorage() && Variable->getType().isConstQualified())
      noteConstantCallables({RootKind::Global, Id}, Variable->getAnyInitializer());
  }
  return Id;
}

EntityId UnitFactsBuilder::libraryState(llvm::StringRef Name) {
  auto [Known, IsNew] = LibraryStates.try_emplace(Name, Facts.Entities.size());
  if (IsNew) {
    Entity &State = Facts.Entities.emplace_back();
    EntityDeclarations.push_back(nullptr);
    State.Name = Name.str();
    State.Usr = "library-state:" + Name.str();
    State.IsLibraryState = true;
  }
  return Known->second;
}

EntityId UnitFactsBuilder::knownEntity(const ValueDecl *Declaration) const {
  auto Known = Entities.find(identityOf(Declaration));
  return Known == Entities.end() ? InvalidId : Known->second;
}

/// Whether a lock that leaves its kind to its set-up gets the plain one right where it is declared.
static bool isPlainLock(const ValueDecl *Declaration) {
  const auto *Variable = dyn_cast<VarDecl>(Declaration);
  if (!Variable)
    return false;
  const VarDecl *Definition = Variable->getDefinition();
  if (!Definition)
    Definition = const_cast<VarDecl *>(Variable)->getActingDefinition();
  if (!Definition)
    return false;
  const Expr *Init = Definition->getAnyInitializer();
  if (!Init)
    return Definition->hasGlobalStorage();
  if (const auto *Made = dyn_cast<CXXConstructExpr>(Init->IgnoreImplicit()))
    return Made->getNumArgs() == 0;
  if (!isa<InitListExpr>(Init->IgnoreImplicit()))
    return false;
  std::function<bool(const Stmt *)> IsZero = [&](const Stmt *Part) {
    if (const auto *Number = dyn_cast_or_null<IntegerLiteral>(Part))
      return Number->getValue() == 0;
    if (const auto *Named = dyn_cast_or_null<DeclRefExpr>(Part))
      if (const auto *Constant = dyn_cast<EnumConstantDecl>(Named->getDecl()))
        return Constant->getInitVal() == 0;
    return !Part || llvm::all_of(Part->children(), IsZero);
  };
  return IsZero(Init);
}

/// Whether it has all of these members without parameters; [thread.req.lockable].
/// The macro as it stands in the code: "GUARDED_BY", whatever that is made of.
static std::string outermostMacro(SourceLocation Where, const ASTContext &Context) {
  const SourceManager &SM = Context.getSourceManager();
  std::string Name;
  for (; Where.isMacroID(); Where = SM.getImmediateMacroCallerLoc(Where))
    if (!SM.isMacroArgExpansion(Where))
      Name = Lexer::getImmediateMacroName(Where, SM, Context.getLangOpts()).str();
  return Name;
}

static bool hasMembers(QualType Type, std::initializer_list<llvm::StringRef> Names) {
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return false;
  std::set<llvm::StringRef> Missing(Names);
  auto Look = [&](const CXXRecordDecl *Class) {
    for (const CXXMethodDecl *Method : Class->methods())
      if (Method->getIdentifier() && Method->getMinRequiredArguments() == 0)
        Missing.erase(Method->getName());
    return true;
  };
  Look(Record);
  Record->forallBases(Look);
  return Missing.empty();
}

static void describeMutex(QualType Type, const TypeMeaning &Meaning, const VocabularyLookup &Lookup,
                          Entity &Out) {
  if (Out.IsC) {
    Out.IsMutex = true;
    return;
  }
  bool IsLockable = hasMembers(Type, {"lock", "unlock"});
  Out.IsLockable = IsLockable && hasMembers(Type, {"try_lock"});
  Out.GuardForm = Meaning.GuardForm;
  if (Out.GuardForm.empty() && IsLockable)
    Out.GuardForm = "std::lock_guard<{type}> {name}({lock})";
  Out.IsMutex = !Out.GuardForm.empty();
  Out.GuardFormHeader = Lookup.headerOf(Out.GuardForm);
  if (size_t At = Out.GuardForm.find("{type}"); At != std::string::npos)
    Out.GuardForm.replace(At, strlen("{type}"), Out.Type);
}

void UnitFactsBuilder::describe(const ValueDecl *Declaration, Entity &Out) {
  Out.Name = Declaration->getNameAsString();
  llvm::SmallString<128> Usr;
  if (!index::generateUSRForDecl(Declaration, Usr))
    Out.Usr = std::string(Usr);
  QualType Type = Declaration->getType().getNonReferenceType();
  Out.IsConst = Type.isConstQualified();
  Out.IsVolatile = Type.isVolatileQualified();
  Out.IsField = isa<FieldDecl>(Declaration);
  const auto *Class = dyn_cast<CXXRecordDecl>(Declaration->getDeclContext());
  auto IsKeptBy = [](const CXXRecordDecl *Owner, const Decl *Member) {
    return Owner && Owner->hasDefinition() && !Owner->hasFriends() &&
           (Member->getAccess() == AS_private || Member->getAccess() == AS_protected);
  };
  Out.IsPrivate = IsKeptBy(Class, Declaration);
  Out.IsOfPrivateClass = Class && IsKeptBy(dyn_cast<CXXRecordDecl>(Class->getDeclContext()), Class);
  Out.IsScalar = Type->isScalarType();
  Out.IsReference = Declaration->getType()->isReferenceType();
  Out.IsPointer = Type.getAtomicUnqualifiedType()->isPointerType();
  if (const auto *Field = dyn_cast<FieldDecl>(Declaration))
    Out.IsMutable = Field->isMutable();
  Out.IsC = Facts.IsC;
  Out.IsLocalToUnit = isLocalToUnit(Context, Declaration);
  PrintingPolicy Policy(Context.getLangOpts());
  Policy.SuppressTagKeyword = true;
  Out.Type = Type.getUnqualifiedType().getAsString(Policy);
  Out.Declaration = range(Declaration->getLocation());
  Out.IsSynchronized =
      isSynchronized(Type->isPointerType() ? Type->getPointeeType() : QualType(Type));
  if (const TypeMeaning *Meaning = Lookup.type(Type)) {
    Out.HasStableElements = Meaning->StableElements;
    if (Meaning->Role == TypeRole::Mutex)
      describeMutex(Type, *Meaning, Lookup, Out);
    Out.IsPointer |= Meaning->Role == TypeRole::SmartPointer;
    if (QualType Held = typeArgument(Type->getAsCXXRecordDecl());
        Meaning->Role == TypeRole::Atomic && !Held.isNull())
      Out.IsPointer |= Held->isPointerType();
    Out.IsBarrier = Meaning->Role == TypeRole::Barrier;
    Out.LockReplacement = Meaning->LockReplacement;
    Out.LockReplacementHeader = Lookup.headerOf(Meaning->LockReplacement);
    Out.GuardReplacement = Meaning->GuardReplacement;
    Out.GuardReplacementHeader = Lookup.headerOf(Meaning->GuardReplacement);
    Out.StopTest = Meaning->StopTest;
    Out.StoppableReplacement = Meaning->StoppableReplacement;
    Out.ExclusiveForm = Meaning->ExclusiveForm;
    Out.ExclusiveFormHeader = Lookup.headerOf(Meaning->ExclusiveForm);
    Out.ReceiveEnd = Meaning->ReceiveEnd;
    Out.Deferrer = Meaning->Deferrer;
    Out.DeferrerHeader = Lookup.headerOf(Meaning->Deferrer);
    if (Meaning->Role == TypeRole::Channel || Meaning->Role == TypeRole::Semaphore)
      Out.DeclaredCapacity = declaredCapacity(initializerOf(Declaration));
  }
  const TypeMeaning *Known = Lookup.type(Type);
  if (Type->isIntegralOrEnumerationType() || Type->isAtomicType() ||
      (Known && Known->Role == TypeRole::Atomic))
    Out.StartsSet = mayStartSet(initializerOf(Declaration), Context);
  QualType Single = Context.getBaseElementType(Type);
  if (const TypeMeaning *Meaning = Lookup.type(Single))
    Out.IsPlainLock = Meaning->ChosenKind && isPlainLock(Declaration);
  Out.GuardedBy = guardsOf(Declaration);
  Out.IsCapability = isCapability(Type);
  if (const auto *Guard = Declaration->getAttr<GuardedByAttr>();
      Guard && Guard->getLocation().isMacroID() && Facts.GuardMacro.empty())
    Facts.GuardMacro = outermostMacro(Guard->getLocation(), Context);
  if (const auto *Variable = dyn_cast<VarDecl>(Declaration))
    Out.IsThreadLocal = Variable->getTLSKind() != VarDecl::TLS_None ||
                        Variable->hasAttr<OMPThreadPrivateDeclAttr>();
  if (const auto *Variable = dyn_cast<VarDecl>(Declaration);
      Variable && Out.IsScalar && Variable->hasGlobalStorage() &&
      Variable->hasDefinition(Context) != VarDecl::DeclarationOnly &&
      !Variable->getType()->isDependentType()) {
    const Expr *First = Variable->getAnyInitializer();
    Expr::EvalResult Known;
    if (!First)
      Out.FirstNumber = 0;
    else if (!First->isValueDependent() && First->EvaluateAsInt(Known, Context) &&
             Known.Val.getInt().isRepresentableByInt64())
      Out.FirstNumber = Known.Val.getInt().getExtValue();
  }
  if (const auto *Declarator = dyn_cast<DeclaratorDecl>(Declaration))
    describeDeclarator(Declarator, Out);
  if (const auto *Decomposed = dyn_cast<DecompositionDecl>(Declaration))
    for (const BindingDecl *Binding : Decomposed->bindings())
      if (const auto *Member = dyn_cast_or_null<MemberExpr>(
              Binding->getBinding() ? Binding->getBinding()->IgnoreImplicit() : nullptr))
        Out.Bindings.emplace_back(entity(Member->getMemberDecl()), Binding->getNameAsString());
}

FunctionId UnitFactsBuilder::function(const FunctionDecl *Function) {
  const FunctionDecl *Definition = nullptr;
  if (!Function || !Function->isDefined(Definition) || Definition->isDependentContext() ||
      !Definition->getBody() || Definition->isConsteval())
    return InvalidId;
  // Implicit members have a body where they are used, but their place is the class.
  if (!isProjectCode(Context, Definition))
    return InvalidId;
  auto [Known, IsNew] = Functions.try_emplace(Definition, Facts.Functions.size());
  if (IsNew) {
    Facts.Functions.emplace_back();
    FunctionDeclarations.push_back(Definition);
    Pending.emplace_back(Definition, Known->second);
  }
  return Known->second;
}

FunctionId UnitFactsBuilder::region(const RegionRequest &Request, const FunctionDecl *Around) {
  auto [Known, IsNew] = Regions.try_emplace(Request.Directive, Facts.Functions.size());
  if (IsNew) {
    Facts.Functions.emplace_back();
    FunctionDeclarations.push_back(nullptr);
    RegionRequests[Known->second] = Request;
    Pending.emplace_back(Around, Known->second);
  }
  return Known->second;
}

EntityId UnitFactsBuilder::namedEntity(llvm::StringRef Name) {
  auto [Known, IsNew] = NamedEntities.try_emplace(Name.str(), Facts.Entities.size());
  if (IsNew) {
    Facts.Entities.emplace_back();
    Facts.Entities.back().Name = Name.str();
    EntityDeclarations.push_back(nullptr);
  }
  return Known->second;
}

uint32_t UnitFactsBuilder::addTeamContext(TeamContext Context) {
  Facts.TeamContexts.push_back(std::move(Context));
  return Facts.TeamContexts.size() - 1;
}

void UnitFactsBuilder::lower(const FunctionDecl *Function, FunctionId Id) {
  auto Region = RegionRequests.find(Id);
  RegionRequest Request = Region == RegionRequests.end() ? RegionRequest() : Region->second;
  FunctionLowering Lowering(*this, Function, Id, Request.Directive ? &Request : nullptr);
  FunctionFacts Result = Lowering.run();
  Facts.Functions[Id] = std::move(Result);
}

UnitFacts UnitFactsBuilder::build(llvm::ArrayRef<const FunctionDecl *> Roots, StopRequest Stop) {
  for (const FunctionDecl *Root : Roots)
    function(Root);
  while (!Pending.empty() && !Stop.isMade()) {
    auto [Function, Id] = Pending.front();
    Pending.pop_front();
    lower(Function, Id);
  }
  if (Uses.Handlers)
    dropNumbersSetElsewhere();
  llvm::sort(Facts.LockIndices, [](const LockIndex &A, const LockIndex &B) {
    return std::tie(A.Where, A.Variable, A.Offset) < std::tie(B.Where, B.Variable, B.Offset);
  });
  return std::move(Facts);
}

/// Only where some operation is atomic on an object that is not: there plain accesses meet it.
static void collectPlainAccesses(UnitFactsBuilder &Builder, UnitFacts &Facts) {
  bool IsMixed = llvm::any_of(Facts.Functions, [](const FunctionFacts &Function) {
    return llvm::any_of(Function.Atomics, [](const AtomicOperation &Op) {
      return Op.How != AtomicOperation::Declared;
    });
  });
  for (FunctionId Id = 0; IsMixed && Id < Facts.Functions.size(); ++Id)
    if (const FunctionDecl *Function = Builder.declaration(Id))
      llvm::append_range(Facts.PlainAccesses, plainAccesses(Builder, Function));
  llvm::stable_sort(Facts.PlainAccesses,
                    [](const PlainAccess &A, const PlainAccess &B) { return A.Where < B.Where; });
}

UnitFacts heddle::extractUnitFacts(ASTContext &Context, const Vocabulary &Words, StopRequest Stop) {
  UnitFactsBuilder Builder(Context, Words);
  std::vector<const FunctionDecl *> Roots =
      concurrentFunctions(Context, Builder.vocabulary(), Builder.Uses);
  UnitFacts Facts = Builder.build(Roots, Stop);
  if (Stop.isMade())
    return {};
  resolveKnownTargets(Facts, Builder.initialCallables());
  std::vector<bool> Written(Facts.Entities.size());
  // Without a thread in sight: what is tested twice may be initialised by whoever comes first.
  std::vector<unsigned> Tests(Facts.Entities.size());
  bool HasThreads = false;
  auto MayBecomeAtomic = [&](EntityId Id) {
    const ValueDecl *Declaration = Builder.EntityDeclarations[Id];
    if (Facts.Entities[Id].IsScalar || !Declaration || !Declaration->getType()->isRecordType())
      return Facts.Entities[Id].IsScalar;
    const TypeMeaning *Meaning = Builder.vocabulary().type(Declaration->getType());
    return Meaning && Meaning->AllowsAtomic;
  };
  for (const FunctionFacts &Function : Facts.Functions)
    for (const Block &B : Function.Blocks)
      for (const Event &E : B.Events) {
        HasThreads |= E.Kind == EventKind::Spawn;
        if (E.Kind == EventKind::Write || E.Kind == EventKind::Update)
          if (EntityId Subject = E.Path.subject(); Subject != InvalidId)
            Written[Subject] = MayBecomeAtomic(Subject);
        if (E.Kind == EventKind::Copied && E.Values[0].What == Value::Load)
          if (EntityId Subject = E.Values[0].Path.subject(); Subject != InvalidId)
            ++Tests[Subject];
      }
  for (const FunctionFacts &Function : Facts.Functions)
    for (const Block &B : Function.Blocks)
      for (const Edge &Way : B.Successors)
        for (const Event &E : Way.Events)
          if (EntityId Subject = E.Path.subject();
              E.Kind == EventKind::Found && !E.has(Differs) && Subject != InvalidId)
            ++Tests[Subject];
  bool HasCandidates = HasThreads;
  for (size_t I = 0; I < Written.size() && !HasThreads; ++I) {
    Written[I] = Written[I] && Tests[I] >= 2;
    HasCandidates |= Written[I];
  }
  if (HasCandidates) {
    Builder.Facts.Files = std::move(Facts.Files);
    collectAtomicUses(Context, Builder, Builder.EntityDeclarations, Written, Facts.Entities);
    if (HasThreads)
      collectPlainAccesses(Builder, Facts);
    Facts.Files = std::move(Builder.Facts.Files);
  }
  return Facts;
}
