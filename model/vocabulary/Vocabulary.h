// What library types and calls mean. The only place that compares a library's names: the words
// come from rules/vocabulary/*.json and from a project's own files with the same schema.
#ifndef HEDDLE_MODEL_VOCABULARY_VOCABULARY_H
#define HEDDLE_MODEL_VOCABULARY_VOCABULARY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace clang {
class DeclContext;
class FunctionDecl;
class NamedDecl;
class QualType;
class RecordDecl;
} // namespace clang

namespace heddle {

/// What an object of a library type is for. In JSON: the name in kebab-case.
enum class TypeRole : uint8_t {
  None,
  Mutex,        // mutex
  Guard,        // guard: RAII owner of locks
  DeferTag,     // defer-tag: guard constructed without locking
  AdoptTag,     // adopt-tag: guard constructed over locks already held
  TryTag,       // try-tag: guard that may fail to lock
  Thread,       // thread: handle of a thread or task
  ThreadId,     // thread-id: says which thread it is
  Future,       // future: result of a task; getting it joins the task's work
  Atomic,       // atomic
  SmartPointer, // smart-pointer: pointer semantics, copies share the pointee
  Container,    // container: const members read it, other members write it
  Callable,     // callable: std::function and alike
  Reference,    // reference: reference_wrapper and alike
  Channel,      // channel: handle to shared state; both directions
  Sender,       // sender: send end of a channel
  Receiver,     // receiver: receive end of a channel
  Context,      // context
  Cancel,       // cancel: function object that cancels one context
  Deferred,     // deferred: runs its callable when its scope ends
  WaitGroup,    // wait-group
  Semaphore,    // semaphore
  Condition,    // condition: condition variable
  Barrier,      // barrier: threads wait there for each other, again and again
  SyncObject,   // sync-object: latch, event, promise: signal and wait only
  StopSource,   // stop-source
  StopToken,    // stop-token
  Unit,         // unit: carries no information
};

/// A library type. Extra properties hold for the roles named beside them.
struct TypeMeaning {
  TypeRole Role = TypeRole::None;
  bool Shared = false;              ///< mutex: has shared mode; guard: takes its locks shared.
  bool Recursive = false;           ///< mutex: the owner may lock again.
  bool ChosenKind = false;          ///< mutex: whether it may is decided when it is set up.
  bool Lenient = false;             ///< guard: told again what it has done, it does nothing.
  bool JoinsOnDestroy = false;      ///< thread, future: destructor waits for the task.
  bool TerminatesOnDestroy = false; ///< thread: destructor ends the program if it is joinable.
  bool StopsOnDestroy = false;      ///< thread: destructor requests stop before it joins.
  bool StableElements = false;      ///< container: elements stay where they are until removed.
  bool SingleElement = false;       ///< container: holds one element, or none.
  bool SoleOwner = false;           ///< smart pointer: what it lets go of is destroyed.
  bool AllowsAtomic = false;        ///< smart pointer: from C++20 on std::atomic may hold it.
  std::string Header;               ///< That declares the type, as it stands behind `#include`.
  /// Mutex: declares a guard that holds it exclusively; "{type}", "{name}" and "{lock}" stand for
  /// the mutex's type, the guard's name and the mutex.
  std::string GuardForm;
  /// What a fix writes in place of this type, where one is named (e.g. the mutex that replaces a
  /// channel used as one). The header of this, as of all that fixes write, is asked by name.
  std::string LockReplacement, GuardReplacement;
  /// What behind a context or stop token asks whether to stop, e.g. ".err()".
  std::string StopTest;
  /// Thread: the handle that gives its callable a stop token, e.g. "std::jthread".
  std::string StoppableReplacement;
  /// Thread: how an object is made that a task and its giver own together; "{type}" and
  /// "{arguments}" stand for what they say. And the header that this needs.
  std::string SharedForm, SharedFormHeader;
  /// Guard: of one that takes its locks shared, the template that takes them exclusively.
  std::string ExclusiveForm;
  /// Guard: the member function by which it takes the lock of a class that the project has made.
  std::string LocksBy;
  /// Smart pointer: makes another object, a copy; "{type}" and "{pointer}" stand for what they say.
  std::string CopyForm;
  /// Channel: the template of its receive end, for parameters that only receive.
  std::string ReceiveEnd;
  /// Cancel, channel: the type that runs a callable at the end of its scope.
  std::string Deferrer;
};

/// What a call does. In JSON: the name in kebab-case. Comments name the operands; which of them an
/// effect needs and which it may have stands in VocabularyFile.cpp.
enum class Effect : uint8_t {
  // locks: operand `lock`
  Acquire,
  TryAcquire, // with `succeeds`: "true" or "zero"
  Release,
  AcquireAll,   // deadlock-free lock of several
  NoneHeld,     // says that the thread holds no lock
  LockInit,     // sets it up; a `value` other than zero or null may make it recursive
  LockKind,     // locks set up with `object` are told by `value`, as by that of LockInit
  LockRobust,   // locks set up with `object` may be left behind by a thread that ends
  GuardAcquire, // with `source`: it is given this lock first
  GuardTryAcquire,
  GuardRelease, // unlock(): still associated
  GuardDisown,  // release(): gives the locks up, still held
  GuardOwns,    // owns_lock(), operator bool
  GuardSwap,    // `lock` and `source`, if they are guards, get what the other one owns
  // threads: `callable`, `arguments`, `handle`
  Spawn,
  Serve,        // runs what is spawned on the handle, in the calling thread
  ParallelCall, // runs the callable in parallel with itself, ends before returning
  Join,
  Detach,
  Ready,       // the task `object` keeps nobody waiting
  Joinable,    // whether there is a thread to join: false says that it has ended
  StopThread,  // asks a thread to end: pthread_cancel, request_stop
  ThreadExit,  // ends the calling thread
  CancelPoint, // where a thread ends that has been cancelled
  HoldCancel,  // keeps the calling thread from being cancelled
  CleanupPush, // what has been registered is called if the thread ends before the matching
  CleanupPop,  // one of these, which stands in the same function
  CallNow,     // runs the callable before returning, in this thread
  CallOnce,    // runs it once per program, others wait
  // happens-before: `object`
  Signal,
  Wait,
  SignalAndWait, // barrier
  ConditionWait, // `object` waited on, `lock` dropped meanwhile, optional `callable`: predicate;
                 // `bounded`: gives up after a while
  Expect,        // `object` will be signalled `count` more times: wait_group::add, latch(n)
  // memory: `object`, `source`
  AtomicLoad,   // optional `order`: argument that holds the memory order
  AtomicStore,  // optional `order`
  AtomicUpdate, // without `object`: a fence; with `expected`: a compare-and-swap
  MemoryWrite,  // writes `object`, reads `source` if given (memcpy: "*0" and "*1")
  MemoryRead,
  Allocate, // returns a new object, made from `arguments`; with `object`: stores a pointer there
  Deallocate,
  // values: result computed from `object`
  SameValue,       // std::move, forward, pointer casts
  AddressOf,       // std::ref, addressof: result points to the object
  Pointee,         // get(), operator->, operator*: result is or refers to what the object points to
  Element,         // operator[], at, front, begin, find: refers to an element, itself or as an
                   // iterator; does not change the container
  DestroyElements, // the container's elements end here: clear()
  Exchange,        // `object` and `source` change places: swap
  Replace,         // yields what was in `object`, which now holds `source`
  Observe,         // non-const member that does not change the object
  InsertElement,   // puts an element into the container: push, insert
  RemoveElement,   // takes one out that has to be there: pop
  EraseElement,    // destroys the one that `source` says, an iterator or a key: erase
  LetGo,           // what the smart pointer owned is destroyed: reset, assignment
  Dismiss,         // what was to be called at the end of the scope is not
  Bind,            // `callable`, `arguments`: a callable that remembers arguments
  // channels: `channel`, `value`, `capacity`
  ChannelMake,
  Send,
  TrySend,
  Receive,
  TryReceive,
  Close,
  SelectReceive, // a case of a select: `channel`, `callable` run when chosen
  SelectSend,
  // contexts: `parent`, `context`, `cancel`
  ContextRoot,   // background
  ContextTodo,   // todo
  ContextDerive, // result is { context, cancel }
  CancelCall,    // `cancel`
  ContextDone,   // observes cancellation
  // semaphores: `object`, `count`
  SemaphoreInit,
  SemaphoreAcquire,
  SemaphoreTryAcquire,
  SemaphoreRelease,
  StopRequest,  // `object`: a stop source
  ThreadUnsafe, // keeps `state` between calls, with no lock; `replacement`: see CallMeaning
  // signals
  InstallHandler, // `callable`: the handler, or the object that holds it; `signal`: which one
  SignalUnsafe,   // not async-signal-safe, because it `state`
  SetsErrno,      // where it is used as usual, it ends with an error
  ErrnoLocation,  // returns where the thread's errno is
  RaiseSignal,    // sends a signal to the caller itself
  BlockSignals,   // keeps handlers from running, or lets them
  // waiting: optional `object` waited for, `lock` given back meanwhile
  Block, // may take for ever; `does`: what it does, in words
  // control
  AtExit, // `callable`: is called when the program ends
  AtFork, // `callable`: is called by every fork
  Fork,
  ThreadNumber, // the caller's number in its team
  Abort,        // ends the program because it is broken
  Jump,         // goes on where a jump-target was called, in some caller
  JumpTarget,
};

/// Names a value of a call. In JSON: "this" (the object), "return", "2" (an argument), "*2" (what
/// the argument points to), "2.." (all arguments from there). Arguments count from 0; the object of
/// an operator call is "this" and does not count.
struct Operand {
  enum class Kind : uint8_t { None, This, Return, Argument, Pointee, From };
  Kind What = Kind::None;
  uint8_t Index = 0;
  explicit operator bool() const { return What != Kind::None; }
};

/// Tells overloads apart that take the same number of arguments: the type of a parameter,
/// without references, pointers and qualifiers, is (Negated: is not) the named one. With a
/// constant, tells calls apart: the argument has (has not) that value; whoever looks at the call
/// has to check it.
struct ParameterTest {
  uint8_t Index = 0;
  bool Negated = false;
  std::string Type;
  std::optional<int64_t> Constant;
  bool IsBits = false; ///< The constant's bits are among those of the argument.
};

/// One meaning of a call; a function may have several, applied in order.
struct CallMeaning {
  Effect What;
  Operand Lock, Handle, Callable, Arguments, Object, Source, Order, Channel, Value, Capacity,
      Parent, Count, Context, Cancel, Expected, FailureOrder, Signal;
  /// Signal, wait: what stands in the object's place, where two calls meet that share none. Ready,
  /// block: what is ready, where the one call says it and the other one then need not wait.
  /// Thread-unsafe: what the library keeps, in words, and how the call is written with an object of
  /// the caller's instead: "localtime_r({0}, &{new})", with `Local` as declaration of that object:
  /// "struct tm {new}". Both may be empty.
  std::string State, Replacement, Local;
  std::string Method;       ///< spawn: the callable is an object; this member function of it runs.
  std::string Does;         ///< block: "sleeps", "waits for input".
  bool UntilSignal = false; ///< block: until a signal handler has run.
  bool Bounded = false;     ///< block, condition-wait: not for longer than the call says.
  bool Shared = false;      ///< acquire, try-acquire, release: shared mode.
  bool SucceedsOnZero = false; ///< try-acquire, try effects: zero means success.
  /// atomic-update: puts `value`, or a number other than zero, in the place of what was there. If
  /// that was zero, the call returns what SucceedsOnZero says.
  bool Replaces = false;
  bool Uninitialized = false; ///< allocate: what the memory holds has yet to be written.
  bool AnyMode = false;       ///< release: in whichever mode it is held.
  bool Served = false;        ///< spawn: threads that serve the handle run the callable.
  bool Cancels = false;       ///< stop-thread: it ends at its next cancellation point.
  /// atomic-update with `expected`, where it may fail for no reason: the name of what does not.
  std::string StrongForm;
  /// atomic-store: the member that returns the old value besides, and what those that combine it
  /// with the new one begin with ("fetch_").
  std::string ExchangeForm, UpdateForm;
  /// The entry applies only to calls with this many arguments (overloads), where those that are
  /// left to their defaults do not count; 0xFF: any.
  uint8_t MinArguments = 0, MaxArguments = 0xFF;
  /// Install-handler: the signals that a fault of the program's own raises.
  std::vector<int64_t> Faults;
  /// Block: who asks whether the call has failed with one of these does not let it wait.
  std::vector<int64_t> Errors;
  /// All hold for the meanings that VocabularyLookup answers with.
  std::vector<ParameterTest> Tests;

  bool appliesTo(unsigned NumArguments) const {
    return MinArguments <= NumArguments && (NumArguments <= MaxArguments || MaxArguments == 0xFF);
  }
};

/// The union of all loaded vocabulary files. Immutable after loading; lookups are thread-safe only
/// per instance of VocabularyLookup.
class Vocabulary {
public:
  /// The vocabulary shipped in the build.
  static llvm::Expected<Vocabulary> builtin();

  /// Adds the words of one file of a project. What it says about a name replaces what was known
  /// of that name, so that a project can correct the shipped words. `Name` is used in messages.
  /// Errors name the file, the place in it (JSON pointer) and what would be accepted there.
  /// Nothing is added on error.
  llvm::Error add(llvm::StringRef Json, llvm::StringRef Name);

  const TypeMeaning *type(llvm::StringRef QualifiedName) const;
  /// Constructors are named "ns::type::type", conversions "ns::type::operator bool" or, whatever
  /// the type they convert to, "ns::type::operator auto".
  llvm::ArrayRef<CallMeaning> call(llvm::StringRef QualifiedName) const;
  /// Whether some entry's name ends in this identifier; a quick no for most declarations.
  /// Operators count by their symbol ("->"), all conversions as "operator".
  bool mayMention(llvm::StringRef LastIdentifier) const;
  /// Whether the words about a call come with the build, not from a project's file.
  bool isShipped(llvm::StringRef QualifiedName) const;
  /// The header of the type that C++ text begins with ("std::lock_guard<std::mutex>"); empty if no
  /// entry names one.
  llvm::StringRef headerOf(llvm::StringRef Written) const;
  /// The class or namespace that users know, for one in which a library hides its members
  /// (std::__shared_ptr holds those of std::shared_ptr); otherwise the name itself.
  llvm::StringRef publicScope(llvm::StringRef QualifiedName) const;

private:
  llvm::Error load(llvm::StringRef Json, llvm::StringRef Name, bool Shipped);

  struct CallEntry {
    std::vector<CallMeaning> Meanings;
    bool Shipped = false;
  };
  llvm::StringMap<TypeMeaning> Types;
  llvm::StringMap<CallEntry> Calls;
  llvm::StringMap<std::string> Aliases;
  llvm::StringMap<char> LastIdentifiers;
};

/// Answers for Clang declarations, remembered per declaration. One per ASTContext; not thread-safe.
/// Inline namespaces and template arguments are left out of names. Members of a base class in the
/// vocabulary count for derived classes as well, overridden or inherited as constructors. Copy and
/// move constructors and destructors have no meaning here: copies and ends of life follow from the
/// role of the type. A global function that the project itself defines, or declares with the
/// linkage of C++, is the project's, whatever its name: only the project's own words speak of it.
/// Functions of unnamed namespaces and local classes have no name here.
class VocabularyLookup {
public:
  explicit VocabularyLookup(const Vocabulary &Words) : Words(Words) {}

  llvm::ArrayRef<CallMeaning> call(const clang::FunctionDecl *Function);
  /// Meaning of the reference-stripped type; null if it has none. A typedef name counts before
  /// what it stands for: pthread_t has a meaning, unsigned long has none.
  const TypeMeaning *type(clang::QualType Type);
  const TypeMeaning *type(const clang::RecordDecl *Record);
  llvm::StringRef headerOf(llvm::StringRef Written) const { return Words.headerOf(Written); }

private:
  llvm::ArrayRef<CallMeaning> find(const clang::FunctionDecl *Function);
  llvm::ArrayRef<CallMeaning> applicable(llvm::ArrayRef<CallMeaning> Meanings,
                                         const clang::FunctionDecl *Function);
  bool holds(const ParameterTest &Test, const clang::FunctionDecl *Function) const;
  bool appendScope(const clang::DeclContext *Scope, std::string &Out) const;
  /// Empty if a vocabulary cannot name the declaration.
  std::string qualifiedName(const clang::NamedDecl *Named) const;
  const TypeMeaning *named(const clang::NamedDecl *TypeName);

  const Vocabulary &Words;
  llvm::DenseMap<const clang::FunctionDecl *, llvm::ArrayRef<CallMeaning>> Functions;
  llvm::DenseMap<const clang::NamedDecl *, const TypeMeaning *> Records;
  /// Meanings of overloads, where only some of a name's meanings apply.
  std::deque<std::vector<CallMeaning>> Selected;
};

} // namespace heddle

#endif
