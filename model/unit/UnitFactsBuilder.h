// Extracts the facts of one translation unit from its AST.
#ifndef HEDDLE_MODEL_UNIT_UNITFACTSBUILDER_H
#define HEDDLE_MODEL_UNIT_UNITFACTSBUILDER_H

#include "model/facts/StopRequest.h"
#include "model/facts/UnitFacts.h"
#include "model/unit/LockHolders.h"
#include "model/vocabulary/Vocabulary.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/AST/StmtOpenMP.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include <deque>
#include <map>

namespace heddle {

/// Reads the functions of the project's own files (never those of system headers) that have
/// something to do with threads, channels or contexts, and all they call. Empty for a unit in
/// which none does. The AST is not changed.
UnitFacts extractUnitFacts(clang::ASTContext &Context, const Vocabulary &Words,
                           StopRequest Stop = {});

/// The body of a directive that becomes a function of its own.
struct RegionRequest {
  const clang::OMPExecutableDirective *Directive = nullptr;
  FunctionId Parent = InvalidId;
  RegionKind Kind = RegionKind::None;
};

/// What some function of the unit does.
struct UnitUses {
  bool Handlers = false;     ///< Installs a signal handler.
  bool Cancellation = false; ///< Cancels a thread.
};

/// Tables shared by all functions of the unit while its facts are built.
class UnitFactsBuilder {
public:
  UnitFactsBuilder(clang::ASTContext &Context, const Vocabulary &Words);

  /// Lowers the given functions and, transitively, everything that they name.
  UnitFacts build(llvm::ArrayRef<const clang::FunctionDecl *> Roots, StopRequest Stop);

  clang::ASTContext &context() { return Context; }
  VocabularyLookup &vocabulary() { return Lookup; }
  llvm::DenseMap<const clang::RecordDecl *, bool> CancelHolders; ///< Answers of mayHoldCancel.
  llvm::DenseMap<const clang::RecordDecl *, bool> Synchronized;  ///< Of isSynchronized.

  LockHolders &lockHolders() { return Holders; }
  /// Numbers of computed conditions, from 1.
  std::map<llvm::FoldingSetNodeID, uint32_t> Conditions;

  EntityId entity(const clang::ValueDecl *Declaration);
  /// Functions that the initialiser puts into a constant object's members.
  void noteConstantCallables(const AccessPath &Object, const clang::Expr *Initializer);
  const Entity &entityFacts(EntityId Id) const { return Facts.Entities[Id]; }
  /// What a library keeps between calls, by a name of the vocabulary's.
  EntityId libraryState(llvm::StringRef Name);
  void addUnsafeCall(UnsafeCall Call) { Facts.UnsafeCalls.push_back(std::move(Call)); }
  UnitUses Uses;
  void noteHeldCancellation() { Facts.HoldsCancellation = true; }
  uint32_t addHandlerInstall(HandlerInstall Install);
  uint32_t addHazard(SignalHazard Hazard);
  void addLockChoice(heddle::SourceRange Where, LockChoice Choice) {
    Facts.LockChoices.insert_or_assign(Where, std::move(Choice));
  }
  void addLockIndex(LockIndex Index) { Facts.LockIndices.push_back(Index); }
  void addDrawn(DrawnArguments Call) { Facts.Drawn.push_back(Call); }
  void noteSharedCopy(FunctionId Copy) { Facts.SharedCopies.insert(Copy); }
  /// Whether objects of the type are made for threads to share: atomics, locks, and classes that
  /// hold one.
  bool isSynchronized(clang::QualType Type);
  /// The id if entity() has handed one out, else InvalidId.
  EntityId knownEntity(const clang::ValueDecl *Declaration) const;
  /// The function's id, queueing its body for lowering; InvalidId if the unit shows no body that
  /// the project owns.
  FunctionId function(const clang::FunctionDecl *Function);
  /// The declaration behind an id that function() handed out.
  const clang::FunctionDecl *declaration(FunctionId Id) const {
    return Id < FunctionDeclarations.size() ? FunctionDeclarations[Id] : nullptr;
  }
  /// The id of the directive's body, queueing it for lowering.
  FunctionId region(const RegionRequest &Request, const clang::FunctionDecl *Around);
  /// Something that has no declaration: the lock of a critical section, the tasks of a team.
  EntityId namedEntity(llvm::StringRef Name);
  /// What whoever comes by a static local waits for: no part of the variable that is in use later.
  AccessPath initializationOf(const clang::VarDecl *Static) {
    return AccessPath(RootKind::Global, entity(Static)).field(namedEntity("initialization"));
  }
  uint32_t addTeamContext(TeamContext Context);
  TeamContext &teamContext(uint32_t Id) { return Facts.TeamContexts[Id]; }
  /// For what has to be told apart within the unit: barriers, loops. Never 0.
  uint32_t nextNumber() { return ++LastNumber; }
  uint32_t addStatement(Statement S);
  FunctionFacts &facts(FunctionId Id) { return Facts.Functions[Id]; }

  /// The text that `R` covers in the file as written; macro expansions count as the place where
  /// the macro is used.
  SourceRange range(clang::SourceRange R);
  /// The same, but invalid if either end comes out of a macro: only such text may be edited.
  SourceRange editableRange(clang::SourceRange R);
  /// `R` and the semicolon that follows it, if one does.
  SourceRange withSemicolon(SourceRange R);
  /// `R` and its whole lines, if nothing else stands on them.
  SourceRange wholeLines(SourceRange R);

private:
  uint32_t file(clang::FileID Id);
  SourceRange measure(clang::SourceRange R);
  llvm::StringRef text(uint32_t File) const;
  void describe(const clang::ValueDecl *Declaration, Entity &Out);
  std::vector<AnnotatedLock> guardsOf(const clang::ValueDecl *Declaration);
  void describeDeclarator(const clang::DeclaratorDecl *Declaration, Entity &Out);
  int64_t declaredCapacity(const clang::Expr *Initializer);
  void lower(const clang::FunctionDecl *Function, FunctionId Id);
  // InitialCallables.cpp
  /// What the declarations of globals and members put there: a function that is lowered, or a value
  /// that is not known.
  std::map<EntityId, Value> initialCallables() const;
  /// Forgets with what variables begin that functions set which are not lowered.
  void dropNumbersSetElsewhere();

  clang::ASTContext &Context;
  VocabularyLookup Lookup;
  LockHolders Holders{Lookup};
  UnitFacts Facts;
  llvm::DenseMap<const clang::Decl *, EntityId> Entities;
  llvm::DenseMap<const clang::FunctionDecl *, FunctionId> Functions;
  llvm::StringMap<EntityId> LibraryStates;
  llvm::DenseMap<clang::FileID, uint32_t> Files;
  /// Answers of range(): several events stand at one place.
  llvm::DenseMap<std::pair<clang::SourceLocation, clang::SourceLocation>, SourceRange> Ranges;
  std::deque<std::pair<const clang::FunctionDecl *, FunctionId>> Pending;
  std::vector<const clang::ValueDecl *> EntityDeclarations;
  std::vector<const clang::FunctionDecl *> FunctionDeclarations;
  llvm::DenseMap<const clang::OMPExecutableDirective *, FunctionId> Regions;
  llvm::DenseMap<FunctionId, RegionRequest> RegionRequests;
  std::map<std::string, EntityId> NamedEntities;
  uint32_t LastNumber = 0;

  friend UnitFacts extractUnitFacts(clang::ASTContext &, const Vocabulary &, StopRequest);
};

/// What an instance of a class template is made for: its first argument. Null if that is no type,
/// or the class no such instance.
clang::QualType typeArgument(const clang::CXXRecordDecl *Class);

/// The declaration's own initialiser. Of a member of a class template that of the pattern, because
/// all instances are one entity.
const clang::Expr *initializerOf(const clang::ValueDecl *Declaration);

/// True if the declaration stands in a file of the project rather than a system header.
bool isProjectCode(const clang::ASTContext &Context, const clang::Decl *Declaration);

/// Whether copies of the project's type lead where its members lead, as far as the members can
/// tell.
bool isPlainCopy(const clang::ASTContext &Context, clang::QualType Type);

/// Whether the call only tells the compiler which way is likely: __builtin_expect.
bool isBranchHint(const clang::CallExpr *Call);

/// Whether Clang's thread-safety annotations declare the type, or what it points to, to be a lock.
bool isCapability(clang::QualType Type);
/// Whether they declare the class to be an owner of locks.
bool isScopedCapability(const clang::CXXRecordDecl *Record);
/// Whether they say that a call of the function takes or gives back a lock.
bool changesLocks(const clang::FunctionDecl *Function);

/// The functions of the unit in which something about threads, channels or contexts happens, and
/// all that call them, directly or not, in source order. `Uses` says what one of them does.
std::vector<const clang::FunctionDecl *>
concurrentFunctions(clang::ASTContext &Context, VocabularyLookup &Lookup, UnitUses &Uses);

/// Fills in Entity::AllowsAtomic and AtomicLoads of the candidates by looking at every use in the
/// unit's project code. `Declarations[I]` belongs to entity I; only entities set in `Candidates`
/// are looked at.
void collectAtomicUses(clang::ASTContext &Context, UnitFactsBuilder &Builder,
                       llvm::ArrayRef<const clang::ValueDecl *> Declarations,
                       const std::vector<bool> &Candidates, std::vector<Entity> &Entities);

/// The accesses to numbers and pointers in the body that are no atomic operations, unsorted.
std::vector<PlainAccess> plainAccesses(UnitFactsBuilder &Builder, const clang::FunctionDecl *Of);

} // namespace heddle

#endif
