// A variable, field or parameter: what its declaration says, and how it is written.
#ifndef HEDDLE_MODEL_FACTS_ENTITY_H
#define HEDDLE_MODEL_FACTS_ENTITY_H

#include "model/facts/AccessPath.h"
#include "model/facts/Source.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace heddle {

/// A lock as an annotation names it. Paths from the object that owns what is annotated start with
/// parameter 0, dereferenced.
struct AnnotatedLock {
  AccessPath Path;
  bool IsShared = false;
  bool OfPointee = false; ///< Guards what the annotated pointer points to, not the pointer.
};

/// A variable, field or parameter.
struct Entity {
  std::string Usr;
  std::string Name;
  std::string Type;            ///< As written by the user, without qualifiers of the declarator.
  SourceRange Declaration;     ///< The name where it is declared.
  SourceRange TypeWritten;     ///< The type specifier where it is declared alone; else invalid.
  SourceRange WholeType;       ///< TypeWritten and the `const` beside it, if there is one.
  SourceRange VolatileWritten; ///< The word before TypeWritten, with the space behind it.
  SourceRange Initializer; ///< From behind the name to the end of the initialiser; may be empty.
  bool IsField = false;
  bool IsPrivate = false; ///< A private or protected member of a class without friends.
  /// A member of a class that only another class, one without friends, can name.
  bool IsOfPrivateClass = false;
  bool IsThreadLocal = false;
  bool IsVolatile = false;
  bool IsConst = false;
  bool IsMutex = false; ///< In C++: one that some guard can hold.
  /// Of such a mutex: the declaration of a guard that holds it exclusively, with "{name}" and
  /// "{lock}" in it, and the header that this needs.
  std::string GuardForm, GuardFormHeader;
  bool IsLockable = false; ///< std::scoped_lock takes it together with others.
  /// Its initialiser, or that it is a global without one, makes it a lock of the plain kind, which
  /// its owner may not take again; for types that leave the kind to whoever sets the lock up.
  bool IsPlainLock = false;
  bool IsPointer = false;      ///< Raw or smart.
  bool IsReference = false;    ///< Its name stands for what it refers to.
  bool IsMutable = false;      ///< A field that const members may change.
  bool IsLibraryState = false; ///< Stands for what a library keeps between calls.
  bool IsCapability = false;   ///< Its class says so: clang's -Wthread-safety can check its guards.
  bool IsScalar = false;       ///< Arithmetic, enumeration or pointer.
  bool IsLocalToUnit = false;  ///< Nothing outside of the unit can name it.
  /// Of scalars of static storage that the unit defines: the constant that they begin with. Where
  /// handlers of signals are installed, only if every function that sets it is among the facts.
  std::optional<int64_t> FirstNumber;
  /// Of numbers and atomics: the declaration sets it to something else than zero, or to who knows
  /// what.
  bool StartsSet = false;
  bool IsSynchronized = false; ///< Its type is for threads to share: atomics, or locks of its own.
  bool HasStableElements = false; ///< Containers: elements stay where they are until removed.
  bool IsBarrier = false;
  bool IsC = false;
  /// Every use seen in the unit still compiles with std::atomic (C: _Atomic) as the type, once
  /// `.load()` stands behind the uses in AtomicLoads.
  bool AllowsAtomic = false;
  std::vector<SourceRange> AtomicLoads;
  /// Role-specific text for fixes, from the vocabulary: what replaces a channel or semaphore that
  /// is used as a mutex.
  std::string LockReplacement, LockReplacementHeader;
  std::string GuardReplacement, GuardReplacementHeader;
  /// Channels and semaphores: the constant in the declaration's own initialiser; -1 if there is
  /// none. For globals and members that is the only place where it is known.
  int64_t DeclaredCapacity = -1;
  bool TypeIsDeduced = false; ///< TypeWritten is `auto`.
  /// Contexts and stop tokens: what behind the name asks whether to stop, e.g. ".err()".
  std::string StopTest;
  /// Thread handles: the type that may stand in place of Type and hands its callable a
  /// std::stop_token, e.g. "std::jthread".
  std::string StoppableReplacement;
  /// Guards that take their locks shared: the template of those that take them exclusively.
  std::string ExclusiveForm, ExclusiveFormHeader;
  /// Channels: the template's name where the declaration spells it, and the receive end's that may
  /// stand in its place.
  SourceRange TemplateName;
  std::string ReceiveEnd;
  /// Cancels and channels: the type that runs a callable at the end of its scope, and its header.
  std::string Deferrer, DeferrerHeader;
  /// Structured bindings: the names under which fields of this variable are known.
  std::vector<std::pair<EntityId, std::string>> Bindings;
  /// The locks that the declaration itself says guard it: GUARDED_BY, PT_GUARDED_BY.
  std::vector<AnnotatedLock> GuardedBy;
};

} // namespace heddle

#endif
