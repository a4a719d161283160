// Turns one function's control-flow graph into blocks of events.
#ifndef HEDDLE_MODEL_UNIT_FUNCTIONLOWERING_H
#define HEDDLE_MODEL_UNIT_FUNCTIONLOWERING_H

#include "model/unit/CallSite.h"
#include "model/unit/LocalSettings.h"
#include "model/unit/LoopIndices.h"
#include "model/unit/OpenMPRegions.h"
#include "model/unit/UnitFactsBuilder.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/ParentMap.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Analysis/CFG.h"

#include "llvm/ADT/SmallPtrSet.h"

#include <map>
#include <memory>
#include <optional>

namespace heddle {

/// Strips casts, parentheses and wrappers that leave the value what it is. Stops at a read of
/// memory.
const clang::Expr *sameValue(const clang::Expr *E);
/// What the expression's value is, if it is null or a constant.
std::optional<Value> constantOf(const clang::Expr *E, clang::ASTContext &Context);

/// Whether a container has its elements in itself and always as many: nothing but these can change.
bool isFixedContainer(clang::QualType Container);

/// Whether an object of the type can be copied.
bool isCopyable(clang::QualType Type);

/// Single use: construct, run(), discard.
class FunctionLowering {
public:
  /// With `Region`, lowers the body of that directive in the function.
  FunctionLowering(UnitFactsBuilder &Unit, const clang::FunctionDecl *Function, FunctionId Id,
                   const RegionRequest *Region = nullptr);
  FunctionFacts run();

  // LockAnnotations.cpp: what Clang's thread-safety annotations say
  static LockContract contract(UnitFactsBuilder &Unit, const clang::FunctionDecl *Of);
  static std::vector<AnnotatedLock> guards(UnitFactsBuilder &Unit, const clang::ValueDecl *Of);

private:
  // Primitives.cpp: what calls set up and tear down, waits at conditions
  bool holdsPrimitive(clang::QualType Type, unsigned Depth = 3);
  /// Whether a primitive in the new object has yet to be set up.
  bool isRaw(const clang::VarDecl *Variable);
  bool isRaw(const clang::CXXNewExpr *New);
  bool isRaw(const CallSite &Allocation, const CallMeaning &Meaning);
  bool isPrimitiveOperand(const CallSite &Call, Operand O);
  bool setsUpOrTearsDown(const CallSite &Call);
  /// Primitive, and Tried where the program may learn of a failure in a way that is not followed.
  uint64_t flagsOfOutcome(const CallSite &Call);
  bool lowerSetUp(const CallSite &Call, const CallMeaning &Meaning);
  // OwnedLocks.cpp: guards that are alive when what owns their lock lets go of it
  void lowerEndOfOwned(const CallSite &Call, const CallMeaning &Meaning);
  bool isSoleOwner(clang::QualType Type);
  /// Whether the lock lies there. `Names` are what it goes by.
  bool liesIn(const clang::Expr *Lock, const EndOfOwned &Ended,
              llvm::SmallVectorImpl<const clang::Expr *> &Names);
  /// Of a statement, the lock that it takes, by a guard or by hand; null if it takes none.
  const clang::Expr *lockTakenBy(const clang::Stmt *S, const clang::VarDecl *&Guard,
                                 bool &MayBeDeferred);
  void lowerConditionWait(const CallSite &Call, const CallMeaning &Meaning);
  void describeGuardedWait(const CallSite &Call);
  /// The text of what holds when the condition does not; empty if it cannot be told.
  std::string negated(const clang::Expr *Condition);

  // LockAnnotations.cpp
  void addAnnotated(LockContract::Locks &To, llvm::ArrayRef<clang::Expr *> Named, bool IsShared,
                    bool MeansThis);
  AccessPath capability(const clang::Expr *E);
  AccessPath inCaller(const CallSite &Call, const AccessPath &Named);
  bool lowerByContract(const CallSite &Call);
  bool lowerGuardByContract(const CallSite &Call, const LockContract &Contract);
  void lowerEndByContract(const AccessPath &Object, const clang::CXXDestructorDecl *Destructor,
                          clang::SourceRange Where);
  void lowerTryByContract(const CallSite &Call, Edge &WhenTrue, Edge &WhenFalse);

  // Outcomes.cpp: what the results of calls tell
  class OutcomeFinder;
  /// Those of the condition, which stands at the place: through locals, assignments, comparisons
  /// with numbers and choices between numbers.
  std::vector<Outcome> outcomes(const clang::Expr *Condition, GraphPlace At) const;
  void lowerCondition(const clang::Expr *Condition, GraphPlace At, Edge &WhenTrue, Edge &WhenFalse);
  void lowerOutcome(const Outcome &About, Edge &WhenTrue, Edge &WhenFalse);
  /// Whether it asks for the outcome of a call that means such a thing.
  bool asksFor(const clang::Expr *Condition, GraphPlace At,
               llvm::function_ref<bool(const CallMeaning &)> Is) const;
  /// Who asks a try for one way to fail takes the others for impossible.
  void askWhetherFailed(const clang::Expr *Condition, GraphPlace At, Judgement &Says) const;
  bool holdsThread(const clang::Expr *E) const; ///< As a handle, or in the object it leads to.
  void lowerNoThread(const clang::Expr *Handle, Edge &WhenZero); ///< No handle, no thread.
  void lowerFailedSpawn(const CallSite &Call, Edge &WhenTrue);
  /// What is known where a call has returned something else than zero, and zero.
  void lowerOutcomeOf(const CallSite &Call, Edge &WhenTrue, Edge &WhenFalse, bool ZeroIsGuess);
  void lowerOwnOutcome(const CallSite &Call, Edge &WhenTrue, Edge &WhenFalse);
  void lowerSwitch(const clang::CFGBlock &Source, Block &B);
  void splitReturn(const clang::CFGBlock &Source, uint32_t Index);

  // LockIndices.cpp: which element of an array a lock is
  void describeLockIndex(const clang::Expr *Lock, clang::SourceRange Where);
  /// The same for a guard that is to take its lock now.
  void describeGuardIndex(const clang::Expr *Guard, clang::SourceRange Where);
  /// Whether the expression has the same value again unless memory has changed that it reads.
  bool isSameAgain(const clang::Stmt *Part);
  void describeLockChoice(const clang::Expr *Lock, clang::SourceRange Where);
  /// The same for what is returned: an element of an array, or the number by which one is chosen.
  void describeReturnedElement(const clang::Expr *Returned, clang::SourceRange Where);
  void describeChoice(const clang::Expr *Index, clang::SourceRange Where);
  bool computeIndex(const clang::Expr *E, LockIndex &Out, unsigned Depth);
  bool isChanged(const clang::VarDecl *Variable);
  bool isAsGiven(const clang::VarDecl *Variable); ///< Not changed, nor put in an order.
  bool areDrawnAlike(const clang::Expr *A, const clang::Expr *B);
  void describeDrawnArguments(const CallSite &Call);
  bool findSlot(const clang::Expr *Owner, LockIndex &Out);

  // VirtualCalls.cpp: which override an object brings along, and when it no longer does
  void lowerDestructorEntry();
  /// The class, one of the project's, of the object that a pointer or smart pointer leads to.
  const clang::CXXRecordDecl *pointedRecord(clang::QualType Type);
  void storeOverriders(const AccessPath &Object, const clang::CXXRecordDecl *Derived,
                       const clang::CXXRecordDecl *Base, clang::SourceRange Where);
  /// For a pointer, or an owner, that becomes one to a base class.
  void storeOverriders(const clang::Expr *Given, clang::QualType To);
  void storeOverriders(const CallSite &Call);
  /// The virtual functions of the object to which the pointer leads that is put into Place.
  void offerObject(const AccessPath &Place, clang::QualType Type, const AccessPath &Object,
                   clang::SourceRange Where);
  bool lowerVirtualCall(const CallSite &Call);
  /// What `&Base::method` leads to on that object, where the base class has no body for it.
  Value virtualTarget(const clang::Expr *Named, const Value &Object);
  /// The named member function of the object that the expression is or points to, bound to it.
  Value boundMethod(const clang::Expr *Object, llvm::StringRef Name);

  // Lowering.cpp: blocks, edges, declarations, ends of life
  void describeFunction();
  void collectTargets();
  void targetArguments(const clang::Stmt *S); ///< Aggregates that are made to be handed over.
  void target(const clang::Expr *Initializer, const AccessPath &Where);
  void lowerBlock(const clang::CFGBlock &Source, uint32_t Index);
  void lowerElement(const clang::CFGElement &Element);
  void lowerStatement(const clang::Stmt *S);
  void lowerAssignment(const clang::BinaryOperator *Assignment);
  bool isAwaitedOwner(const clang::VarDecl *Variable);
  void lowerVariable(const clang::VarDecl *Variable);
  void lowerInitializer(const clang::CXXCtorInitializer *Initializer);
  /// Only the guards among the parts: the rest is what its destructor does.
  void lowerEndOfGuards(const AccessPath &Object, const clang::CXXRecordDecl *Record,
                        clang::SourceRange Where);
  /// As the destructor does it that the compiler writes.
  void lowerEndOfParts(const AccessPath &Object, const clang::CXXRecordDecl *Record,
                       clang::SourceRange Where);
  void lowerEndOfElements(const AccessPath &Container, clang::QualType Type,
                          clang::SourceRange Where);
  void lowerEndOfArray(const AccessPath &Array, const clang::ArrayType *Type,
                       clang::SourceRange Where);
  void lowerEndOfLife(const AccessPath &Object, clang::QualType Type, clang::SourceRange Where);
  /// Handles.cpp: what may be, or hold, the handle of a thread. `ByEnd`: and waits for it when its
  /// life ends.
  bool holdsHandle(clang::QualType Type, bool ByEnd, unsigned Depth = 0);
  bool isPlainHandle(clang::QualType Type);   ///< Of a thread, copied as a number is.
  void loseHandle(const clang::Expr *Handle); ///< It goes where it is not followed.
  /// The same of a handle to which a pointer is put among others.
  void loseListed(const clang::Expr *Pointer);
  void lowerExchange(const CallSite &Call, const CallMeaning &Meaning);
  /// Whether what is waited for is the result of a task.
  bool isOfTask(const CallSite &Call, const CallMeaning &Meaning);
  AccessPath taskPath(const CallSite &Call, const CallMeaning &Meaning);
  /// std::swap and std::exchange of pointers and numbers; false if they are of something else.
  bool lowerPointerExchange(const CallSite &Call, const CallMeaning &Meaning);
  bool isReplacement(const CallSite &Call);
  bool lowerReplacement(const CallSite &Call, const CallMeaning &Meaning);
  /// The thread that is started where an object of the type is made from the call's arguments.
  bool lowerSpawnInPlace(const CallSite &Call, clang::QualType Type, const AccessPath &Handle);
  /// Calls the constructor of the object that the library makes from those arguments.
  void lowerConstruction(const CallSite &Call, Operand Arguments, const AccessPath &Object);
  void lowerHandlesMade(const CallSite &Call, const AccessPath &Object); ///< Among the arguments.
  /// What the test says of a thread that is held by the object.
  void lowerNothingToJoin(const CallSite &Call, const CallMeaning &Meaning);
  /// The method of a library that the expression names, itself or bound.
  const clang::CXXMethodDecl *namedMethod(const clang::Expr *E);
  bool lowerJoinByName(const CallSite &Call, const CallMeaning &Meaning);
  void noteNew(const clang::CXXNewExpr *New); ///< It is there, and holds nothing yet.
  /// What the destructor of a thread or future does, as flags of its Spawn and Destroy.
  static uint64_t flagsOfHandle(const TypeMeaning &Type);
  void storeInto(const AccessPath &Where, clang::QualType Type, const clang::Expr *Initializer);
  void storeFields(const AccessPath &Object, const clang::InitListExpr *List);
  void lowerEdges(const clang::CFGBlock &Source, uint32_t Index);
  /// Whether the expression looks at a value that every thread has for itself: a parameter or a
  /// capture by copy, or a local made from one.
  bool dependsOnOwnValue(const clang::Expr *E) const;
  /// Whether the expression is the outcome of an atomic update, which differs between threads.
  bool claims(const clang::Expr *E) const;
  /// Whether it orders a number by one that is read from an atomic object.
  bool comparesWithAtomic(const clang::Expr *Condition);
  /// What is joined in every round, in the body or behind a call.
  void addJoins(const Loop &L, std::vector<Event> &Completed) const;
  void addLockPolls(const clang::Stmt *LoopStatement, const Loop &L, std::vector<Event> &Completed);
  void describeLoops();
  void dropPrivateAccesses();

  // OpenMP.cpp: directives, the regions that they start, what is private where
  const clang::Stmt *body() const;
  void describeRegion();
  /// Whether the element belongs to a region, which is a function of its own.
  bool isElsewhere(const clang::CFGElement &Element) const;
  bool isElsewhere(const clang::Stmt *S) const;
  void lowerDirective(const clang::OMPExecutableDirective *D);
  void lowerRegionStart(const clang::OMPExecutableDirective *D, RegionKind Kind);
  void lowerCombination(const clang::OMPExecutableDirective *D);
  void lowerDependences(const clang::OMPExecutableDirective *D,
                        llvm::function_ref<AccessPath(const clang::Expr *)> PathOf);
  void waitForDependences(const clang::OMPExecutableDirective *D);
  void lowerRegionEnds();
  void lowerTeamCondition(const clang::Expr *Condition, Block &Out);
  void joinTasks(clang::SourceRange Where, bool Descendants);
  /// The thread's own variable that stands for `Variable` here; unknown if there is none.
  AccessPath privateCopy(const clang::VarDecl *Variable) const;
  Value regionClosure(const clang::OMPExecutableDirective *D, FunctionId Region);
  void placeInTeam(Event &E);
  uint32_t teamContext(int Directive, bool IsAtomic);
  /// The subscripts on the way to the element that is accessed.
  void describeElements(Event &Access, const clang::Expr *E);

  // EditFacts.cpp: what fixes need to know about the text
  void describeStatement(const clang::Stmt *Whole, const clang::Stmt *Parent, Statement &Out);
  void describeLambdaText(const clang::CXXRecordDecl *Closure);
  /// CaptureFacts.cpp: how captures are written and whether copies of them would do.
  void describeCaptures();
  /// TaskCopies.cpp: what would make tasks work on copies.
  CopyEdits ownCopy(const clang::VarDecl *Pointer, const CaptureText &Text);
  CopyEdits ownCopyInBody(const clang::VarDecl *Pointer, const std::string &Capture,
                          SourceRange Where);
  // SharedForms.cpp
  void describeSharing(const CallSite &Call, const clang::Expr *Callable);
  CopyEdits sharedForm(const clang::VarDecl *Variable, const std::string &Form);
  /// What the variable is initialised with, as arguments of a call; nothing if it cannot be.
  std::optional<std::string> initialArguments(const clang::VarDecl *Variable);
  void describeTaskStart(const CallSite &Call, const CallMeaning &Meaning,
                         const clang::FunctionDecl *Entry);
  /// The text that makes another smart pointer with an object of its own; empty if there is none.
  std::string copyForm(const clang::VarDecl *Pointer);
  SourceRange conditionRange(const clang::Stmt *Loop, const clang::Expr *Condition);
  Leaving leaving(const clang::CFGBlock &Source);

  // Calls.cpp: what a call means
  CallSite callSite(const clang::Expr *Call); // CallSites.cpp: and its operands
  void lowerCall(const clang::Expr *Call);
  /// False if the meaning is for another number of arguments.
  bool lowerMeaning(const CallSite &Call, const CallMeaning &Meaning);
  bool lowerLockMeaning(const CallSite &Call, const CallMeaning &Meaning);
  bool lowerThreadMeaning(const CallSite &Call, const CallMeaning &Meaning);
  bool lowerCancellation(const CallSite &Call, const CallMeaning &Meaning);
  bool lowerProcessMeaning(const CallSite &Call, const CallMeaning &Meaning);
  /// What a signal or wait is about; for descriptors, what both ends of a pipe have in common.
  AccessPath signalledObject(const CallSite &Call, const CallMeaning &Meaning);
  void lowerPrimitiveUse(const CallSite &Call, Operand O, uint64_t Flags = NoFlags);
  bool lowerMemoryMeaning(const CallSite &Call, const CallMeaning &Meaning);
  bool lowerChannelMeaning(const CallSite &Call, const CallMeaning &Meaning);
  bool lowerContextMeaning(const CallSite &Call, const CallMeaning &Meaning);
  void lowerSpawn(const CallSite &Call, const CallMeaning &Meaning, const AccessPath &Handle,
                  uint64_t Flags);
  bool lowerByRole(const CallSite &Call);
  void lowerContainerCall(const CallSite &Call, uint64_t Flags = NoFlags);
  // Offers.cpp: callables that are kept for others to call
  bool isCallable(clang::QualType Type);
  /// What can be called of the value of that type, which is at From, is put into Place.
  void offer(const AccessPath &Place, clang::QualType Type, const AccessPath &From,
             clang::SourceRange Where);
  void offer(const AccessPath &Place, clang::QualType Type, const clang::Expr *Given);
  /// The members of a class of the project's that say what an object of it does.
  llvm::SmallVector<const clang::FieldDecl *, 2> callableMembers(clang::QualType Type);
  /// The value is put there, where others may find and call it.
  void store(const AccessPath &To, clang::QualType Type, Value Held, clang::SourceRange Where);
  /// The callable, or those in the object, are now in the copy as well.
  void storeCallables(const AccessPath &To, const clang::Expr *From);
  /// What calling an object of a class of the project's does; unknown for others.
  Value functor(const clang::Expr *Object);
  /// Adds to each what is put beside it into the same object.
  void describeOffers();
  void lowerGuardConstruction(const CallSite &Call, const TypeMeaning &Guard);
  /// By which a guard takes a lock of a class of the project's; InvalidId for all others.
  FunctionId lockMember(clang::QualType Lock, const TypeMeaning &Guard);
  // GuardOwners.cpp
  /// A pair, tuple or variant of the library's with a guard in it, which is not followed.
  bool bundlesGuard(clang::QualType Type);
  /// What the guards mean that a container or smart pointer of that type owns, if it does.
  const TypeMeaning *ownedGuard(clang::QualType Owner);
  bool holdsOneGuard(clang::QualType Owner);
  /// The arguments of the call, but for tags that are none of the guard's, go to its constructor.
  void makeOwnedGuard(const CallSite &Call, const TypeMeaning &Guard, const AccessPath &Where);
  /// False if the call is none by which such an owner makes, takes or drops its guard.
  bool lowerGuardOwner(const CallSite &Call, clang::QualType Owner);
  bool lowerGuardSwap(const CallSite &Call, const CallMeaning &M);
  /// Of a call that gives a guard its lock: which one.
  void lowerGuardSource(const CallSite &Call, const CallMeaning &M);
  void lowerProjectCall(const CallSite &Call, FunctionId Callee);
  std::vector<Value> callSlots(const CallSite &Call);
  void lowerUnknownCall(const CallSite &Call);
  /// In a loop, a library's call returns something else each time.
  void noteNewResult(const CallSite &Call);
  /// An iterator of a library that goes on to another element.
  /// Whether an operator of a library's iterator or pointer looks through it, or compares it: that
  /// changes nothing.
  bool isLook(const CallSite &Call);
  void lowerAdvance(const clang::CXXOperatorCallExpr *Operator);
  const clang::Expr *operandExpr(const CallSite &Call, Operand O);
  Value operandValue(const CallSite &Call, Operand O);
  /// A function that was put into the object, as in a request that says what to call.
  Value storedFunction(const AccessPath &Object) const;
  /// The object that the operand names: an lvalue's path, or what a pointer points to.
  AccessPath operandObject(const CallSite &Call, Operand O);
  AccessPath objectPath(const CallSite &Call);
  std::vector<Value> argumentValues(const CallSite &Call, Operand From);
  AccessPath resultPath(const CallSite &Call);

  // AtomicOperations.cpp: orders, retries
  void lowerAtomic(const CallSite &Call, const CallMeaning &Meaning);
  void lowerAtomic(const clang::AtomicExpr *Operation);
  void lowerAtomicAssignment(const clang::BinaryOperator *Assignment);
  void lowerRead(const clang::CastExpr *Load);
  void noteVolatileWrite(const clang::BinaryOperator *Assignment);
  void lowerAtomic(const AtomicSite &Site);
  /// What the operation works on; for std::atomic_ref and the like, what that refers to.
  AccessPath atomicObject(const CallSite &Call, const CallMeaning &Meaning);
  OrderArgument orderArgument(const clang::Expr *E);
  AtomicOperation::Answer answerOf(const clang::Expr *Swap);
  void describeRetries(const AtomicSite &Site, AtomicOperation &Out);
  void describeCopiedExpectation(const AtomicSite &Site, const clang::VarDecl &Copy,
                                 AtomicOperation &Op);
  bool isPointeeUsed(const clang::Expr *Load);
  void describeAtomics();
  /// The text as written; empty if it comes out of a macro.
  std::string writtenText(const clang::Stmt *S);
  std::string writtenText(clang::SourceRange R);

  // SpinLocks.cpp: operations that may take or give back a spin lock
  bool expectsZero(const AtomicSite &Site);
  void lowerSpin(const AtomicSite &Site, MemoryOrder Order);
  void lowerSpinOutcome(const clang::Expr *Take, Edge &WhenTrue, Edge &WhenFalse);

  // AtomicReads.cpp: what is computed from atomic reads, and branches on them
  /// The first read of an atomic (or, if asked for, volatile) object in the expression, for which
  /// `Accepts` holds.
  const clang::Expr *
  findRead(const clang::Expr *In,
           llvm::function_ref<bool(const clang::Expr *, const AccessPath &)> Accepts,
           bool ThroughLocals = false);
  /// What the expression reads, if it is an atomic or volatile read; else unknown.
  AccessPath readObject(const clang::Expr *E, uint64_t &Flags);
  void describeSplit(const AtomicSite &Site, AtomicOperation &Out);
  void rewriteSelfUpdate(const AtomicSite &Site, AtomicOperation &Out);
  void rewriteCheckThenSet(const AtomicSite &Site, const clang::IfStmt *Check,
                           AtomicOperation &Out);
  void lowerPassedValues(const clang::Expr *Condition, Block &Result);
  bool decidesLoop(const clang::Expr *Condition);

  // Deleters.cpp: smart pointers that are given what to do at their end
  Value deleterOf(const clang::CXXConstructExpr *Made);
  void noteDeleter(const clang::VarDecl *Pointer, const AccessPath &Where);
  void noteUnnamedDeleter(const clang::Expr *Made);
  /// Whether nobody takes away what the variable owns, or hands it over.
  bool isOnlyLookedAt(const clang::VarDecl *Pointer);
  /// Where the pointer ends; false if it is an ordinary one.
  bool lowerDeleter(const AccessPath &Pointer, clang::SourceRange Where);

  // Cancels.cpp: who holds cancel functions
  /// The cancel functions in an object of the type, by what the type shows: members, and whole
  /// objects of a library (optional<cancel_function>).
  std::vector<AccessPath> cancelsIn(clang::QualType Type, const AccessPath &Object);
  bool mayHoldCancel(clang::QualType Type);
  void describeCancels();
  void handOver(const clang::Expr *E);
  void handOverArguments(const CallSite &Call);
  void lowerHandovers(const clang::Stmt *S);
  /// Whether the model sees what becomes of the unnamed object that the call returns.
  bool followsResult(const clang::Expr *Call);

  // ElementValues.cpp: what all elements of arrays and containers are known to be
  void noteElements(const clang::VarDecl *Variable);
  /// Whether the function does all that is done with the variable, and that in sight.
  bool isFilledHere(const clang::VarDecl *Variable, clang::QualType Held);
  bool keepsElementsKnown(const clang::DeclRefExpr *Mention, clang::QualType Held);
  /// The argument becomes one of the elements.
  void putElement(const AccessPath &Element, const clang::Expr *Argument);

  // SteadyConditions.cpp: what says the same again
  AccessPath conditionPath(const clang::Expr *Subject, std::vector<AccessPath> &Reads);
  /// The library's object of which the expression says whether it, or if Negated, not, has content.
  const clang::Expr *askedForContent(const clang::Expr *E, bool &Negated);
  /// Whether two calls on one way are taken to answer the same.
  bool isSteady(const clang::Expr *Subject);
  /// The same of all calls in the expression.
  bool isAllSteady(const clang::Expr *Subject);
  /// The call that the condition asks, alone or against a number, if it is steady.
  const clang::Expr *steadyCall(const clang::Expr *Condition);

  // Judgements.cpp: what variables are set to and what branches say, for telling ways apart
  void judge(Judgement What, clang::SourceRange Where);
  /// The relation that holds where the condition is true.
  Judgement relation(const clang::Expr *Condition);
  void judgeAssigned(const AccessPath &Where, clang::QualType Type, const clang::Expr *From);
  /// The operation changes a number: `++`, `|=`, ...
  void judgeChanged(const AccessPath &Where, clang::QualType Type, const clang::Expr *Operation);
  /// What a comparison of such a sum or mask with a number says about its variable.
  void judgeArithmetic(const clang::BinaryOperator &Operation, Judgement &Result);
  void judgeHandedOut(const clang::Expr *Variable);
  void judgeArguments(const CallSite &Call);
  void judgeCaptures(const clang::LambdaExpr *Lambda);
  void judgeBranch(const clang::Expr *Condition, GraphPlace At, Block &Out);
  /// On the way that is taken when no case is.
  void judgeDefault(const clang::SwitchStmt *Switch, Judgement Says);
  void judgeCases(const clang::CFGBlock &Source, Block &Out);
  void dropIdleJudgements();
  // WholeConditions.cpp: conditions that are put together from others, and what `?:` yields
  struct Literal {
    uint32_t Number = 0;
    bool IsNegated = false;
    Literal negated() const { return {Number, !IsNegated}; }
    friend auto operator<=>(const Literal &, const Literal &) = default;
  };
  /// The same for conditions that hold in the same cases, as far as their form says so.
  Literal literal(const clang::Expr *Condition, bool IsNegated);
  /// What a part of a disjunction says, if it holds; without a subject where that has no name.
  Judgement claim(const clang::Expr *Part, bool IsWhole, Literal Named, bool IsNegated);
  uint32_t numberOf(const llvm::FoldingSetNodeID &Text);
  /// Names the condition as a whole; false if it has no parts, or need not say the same again.
  bool relateWhole(const clang::Expr *Condition, Judgement &Result);
  void judgeWhole(const clang::Expr *Condition, Block &Out);
  void judgeChosen(const clang::CFGBlock &Source, Block &Out);
  /// A whole that nobody asks about again: its parts say as much.
  bool isIdle(const Judgement &J) const;
  bool isResultUnused(const clang::Expr *Call);
  uint64_t lockFlags(const CallSite &Call, Operand Lock);
  uint64_t lockFlags(clang::QualType Type);
  void lowerLockTry(const CallSite &Call, const CallMeaning &Meaning);
  /// Where the answer is -1, which says that all of them have been got.
  void lowerTriedTogether(const clang::Expr *Condition, Edge &WhenTrue, Edge &WhenFalse);
  void lowerTryTogether(const CallSite &Call, unsigned First, uint64_t Flags);
  void lowerCleanup(const clang::CFGCleanupFunction &Cleanup);

  // Conditions.cpp: what branches say about single values
  /// The memory that the scalar or smart pointer was just read from; a call's result counts as
  /// memory of its own. Unknown if it was computed. Sets Atomic and Relaxed in `Flags`.
  AccessPath readFrom(const clang::Expr *E, uint64_t &Flags);
  /// Emits Copied for a local, or for the result.
  void copyInto(const AccessPath &Where, clang::QualType Type, const clang::Expr *From);
  void addFound(const clang::Expr *Condition, Block &Out);
  /// That a parameter is that case of a switch, or, with Differs, is not.
  void addFoundCase(const clang::SwitchStmt *Switch, const Value &Case, uint64_t Flags);
  /// Adds to the Test what is compared, where the condition holds or does not.
  void describeComparison(const clang::Expr *Condition, bool Holds, Event &Way);
  /// What a write puts there, if that is a constant.
  void noteConstant(Event &Write, const clang::Expr *Written);
  uint64_t countingFlags(const clang::BinaryOperator *Compound);
  /// The parameters that the body never changes.
  void describeFixedParameters();
  uint64_t constantFlags(const clang::Expr *Written);
  void describeInitializers();
  void lowerUnsafeCall(const CallSite &Call, const CallMeaning &Meaning);
  // SignalHandlers.cpp: what signal handlers are made of
  void noteSignals(const CallSite &Call, const CallMeaning &Meaning);
  void noteHazard(SignalHazard Hazard, clang::SourceRange Where);
  void noteHazard(const clang::Stmt *S);
  // Sources.cpp: what values are computed from, and which writes depend on what was seen before
  /// The memory and calls that the expression's value comes from, without the project's callees.
  std::vector<Value> sources(const clang::Expr *E);
  /// Numbers for the variables and constants in the expressions: equal ones may mean the same key.
  std::vector<Value> keys(llvm::ArrayRef<const clang::Expr *> Expressions);
  std::vector<Value> keysOfElement(const clang::Expr *E);
  /// Whether a library's member changes its object.
  bool changes(const CallSite &Call);
  void derive(const AccessPath &Target, const clang::Expr *From, uint64_t Flags = NoFlags);
  void addTests(const clang::Expr *Condition, Block &Out);
  /// Inputs of a write of `Source` into `Target`, and of a call. The flags are for the write.
  uint64_t describeWrite(const clang::Expr *Target, const clang::Expr *Source);
  uint64_t describeContainerWrite(const CallSite &Call);
  void describeArguments(const CallSite &Call, unsigned Count);

  // GuardText.cpp: guards without a name or a lock, locks that are nobody else's
  void noteDroppedGuard(const clang::Expr *Made);
  void noteGuardDeclarations(const clang::DeclStmt *Declaration);
  void describeGuards();
  void noteNamedGuard(DroppedGuard Dropped, const clang::NamedDecl *Named);
  void notePrototypes();
  void findOnlyLock(const clang::VarDecl *Guard, const clang::CXXConstructExpr &Made,
                    IdleGuard &Out);
  void noteIdleGuard(const clang::VarDecl *Guard, bool IsLeftAlone, bool IsMentioned);
  /// Whether the vocabulary or an annotation says that objects of the type own locks.
  bool isGuard(clang::QualType Type);
  bool isLeftAlone(const clang::DeclRefExpr *Mention);

  // LockCopies.cpp: locks that are copied instead of shared
  void noteLockCopy(const clang::Expr *Copied);
  void noteMemoryCopy(const CallSite &Call, const CallMeaning &Meaning);
  void noteLockParameters();
  void addLockCopy(LockCopy Copy, const clang::Expr *From, clang::QualType Type);
  void describeCopyFunction();
  /// A defaulted copy, and those of the members that are copied with it.
  void noteSharedCopy(const clang::CXXMethodDecl *Copy, const AccessPath &From);

  // Coroutines.cpp: suspensions, what is used behind them, and who calls coroutines
  void lowerSuspension(const clang::CoroutineSuspendExpr *Suspension);
  void noteCoroutineCall(const CallSite &Call);
  bool beginsLater(const CallSite &Call) const;
  void describeCoroutine();

  // Borrows.cpp: references, pointers and views that lead into other objects
  void lowerUse(const clang::DeclRefExpr *Reference);
  void describeReturnedReference();

  // Expressions.cpp: paths and values
  AccessPath path(const clang::Expr *E);
  /// What lies so many elements behind the given one.
  AccessPath movedBy(const AccessPath &Element, const clang::Expr *Count);
  /// The object of which this is a member at the offset, if it is written as such; else unknown.
  AccessPath objectAround(const AccessPath &Member, const clang::Expr *Offset);
  AccessPath variablePath(const clang::ValueDecl *Variable);
  /// Of a name for what std::get gives of a pair, or another class with a field for each of them:
  /// the field. Unknown otherwise.
  AccessPath partOfPair(const clang::BindingDecl &Binding);
  Value value(const clang::Expr *E);
  Value plainValue(const clang::Expr *E);
  Value callValue(const clang::Expr *E);
  /// Whether the call waits for a lock, and returns zero once it has it.
  bool isTaking(const clang::CallExpr *Call);
  /// The values between which conditional operators choose; a single one elsewhere.
  std::vector<Value> alternatives(const clang::Expr *E, bool ByReference);
  /// Whether such an object looks at the elements of the container that it is made from.
  bool isViewOf(clang::QualType Type, const clang::Expr *Source);
  /// What a capture is initialised with.
  Value handedIn(const clang::Expr *Init);
  Value closure(const clang::LambdaExpr *Lambda);
  /// The value that a parameter of the given type receives from an argument.
  Value argument(const clang::Expr *E, clang::QualType ParameterType);
  AccessPath temporary(const clang::Expr *E);
  /// The object of which the expression makes another handle: a promise's future.
  AccessPath standsFor(const clang::Expr *E);
  uint32_t site(const clang::Expr *E);
  const TypeMeaning *meaning(clang::QualType Type) { return Unit.vocabulary().type(Type); }
  bool hasRole(clang::QualType Type, TypeRole Role);
  /// Pointers, smart pointers, channels, callables: types whose values the model follows.
  bool isPointerLike(clang::QualType Type);
  /// Threads, futures, promises: objects that are followed when they change hands.
  bool isHandle(clang::QualType Type);

  Event &emit(EventKind Kind, AccessPath Path, clang::SourceRange Where, uint64_t Flags = 0);
  uint32_t statementOf(const clang::Stmt *S);

  UnitFactsBuilder &Unit;
  clang::ASTContext &Context;
  const clang::FunctionDecl *Function;
  FunctionId Id;
  FunctionFacts Facts;
  std::unique_ptr<clang::CFG> Graph;
  std::unique_ptr<clang::ParentMap> Parents;
  std::vector<Event> *Out = nullptr;
  const clang::Stmt *Current = nullptr;
  const clang::CFGBlock *CurrentBlock = nullptr;
  /// Operations that may have taken a spin lock: which one, and whether zero is a yes.
  llvm::DenseMap<const clang::Expr *, std::pair<AccessPath, bool>> SpinTakes;
  /// The graph's block of each entry of Facts.Atomics.
  std::vector<const clang::CFGBlock *> AtomicBlocks;
  llvm::DenseMap<const clang::ValueDecl *, uint32_t> ParameterSlots;
  llvm::DenseMap<const clang::ValueDecl *, std::pair<uint32_t, bool>> CaptureSlots;
  std::optional<std::pair<uint32_t, bool>> CapturedThis;
  /// Where a prvalue of class type is built, if not in a temporary.
  llvm::DenseMap<const clang::Expr *, AccessPath> Targets;
  /// Variables that are built on the ways of a ?:, by that.
  llvm::DenseMap<const clang::Stmt *, const clang::VarDecl *> ChosenVariables;
  llvm::SmallPtrSet<const clang::ConditionalOperator *, 2> ChosenArguments; ///< A pointer or null.
  llvm::DenseMap<const clang::Expr *, uint32_t> Sites;
  llvm::DenseMap<const clang::Stmt *, uint32_t> StatementIds;
  LocalSettings Settings;
  llvm::DenseMap<const clang::VarDecl *, bool> AsGiven;
  /// Variables of smart pointers, by their entity, that have a deleter; it is stored beside the
  /// pointer if it is no function that its type says.
  llvm::DenseMap<EntityId, FunctionId> Deleters;
  /// Where such a condition stands first, and whether it does so again.
  llvm::DenseMap<uint32_t, std::pair<const clang::Expr *, bool>> WholeConditions;
  llvm::DenseMap<unsigned, uint32_t> BlockIndex;
  std::vector<std::pair<const clang::CXXTryStmt *, const clang::CFGBlock *>> TryDispatches;
  /// Guards made without a lock, and local locks: what describeGuards looks for.
  llvm::SmallVector<const clang::VarDecl *, 2> DeclaredGuards, DeclaredLocks;
  std::vector<Value> ForkHandlers; ///< What a fork calls, as far as it is set up here.
  const RegionRequest *Region;
  std::unique_ptr<OpenMPRegions> Directives; ///< Null where there are none.
  std::unique_ptr<LoopIndices> Indices;      ///< Likewise.
  std::map<std::pair<int, bool>, uint32_t> Contexts;
};

} // namespace heddle

#endif
