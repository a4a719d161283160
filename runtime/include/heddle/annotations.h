// Macros for Clang's thread-safety analysis; with other compilers they vanish. The runtime marks
// its own locks with them, and a program may mark its data: int n HEDDLE_GUARDED_BY(mu) = 0;
#pragma once

#if defined(__clang__)
#define HEDDLE_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define HEDDLE_THREAD_ATTRIBUTE(x)
#endif

/// The class is a lock; the string is its kind in the compiler's messages.
#define HEDDLE_CAPABILITY(kind) HEDDLE_THREAD_ATTRIBUTE(capability(kind))
/// The class takes a lock in its constructor and frees it in its destructor.
#define HEDDLE_SCOPED_CAPABILITY HEDDLE_THREAD_ATTRIBUTE(scoped_lockable)

/// The variable may be used only while the lock is held.
#define HEDDLE_GUARDED_BY(lock) HEDDLE_THREAD_ATTRIBUTE(guarded_by(lock))
/// What the pointer points to may be used only while the lock is held.
#define HEDDLE_PT_GUARDED_BY(lock) HEDDLE_THREAD_ATTRIBUTE(pt_guarded_by(lock))

/// The function must be called with the locks held, and leaves them held.
#define HEDDLE_REQUIRES(...) HEDDLE_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
/// As above, where it is enough to hold them shared.
#define HEDDLE_REQUIRES_SHARED(...) HEDDLE_THREAD_ATTRIBUTE(requires_shared_capability(__VA_ARGS__))
/// The function must be called with the locks free.
#define HEDDLE_EXCLUDES(...) HEDDLE_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))
/// The function takes the locks.
#define HEDDLE_ACQUIRE(...) HEDDLE_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
/// The function frees the locks.
#define HEDDLE_RELEASE(...) HEDDLE_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
/// The function frees the locks, in whichever mode they are held: for destructors of guards.
#define HEDDLE_RELEASE_GENERIC(...) HEDDLE_THREAD_ATTRIBUTE(release_generic_capability(__VA_ARGS__))
/// The function takes the lock when it returns its first argument.
#define HEDDLE_TRY_ACQUIRE(...) HEDDLE_THREAD_ATTRIBUTE(try_acquire_capability(__VA_ARGS__))
/// These take and free locks in shared mode: for readers.
#define HEDDLE_ACQUIRE_SHARED(...) HEDDLE_THREAD_ATTRIBUTE(acquire_shared_capability(__VA_ARGS__))
#define HEDDLE_RELEASE_SHARED(...) HEDDLE_THREAD_ATTRIBUTE(release_shared_capability(__VA_ARGS__))
#define HEDDLE_TRY_ACQUIRE_SHARED(...)                                                             \
  HEDDLE_THREAD_ATTRIBUTE(try_acquire_shared_capability(__VA_ARGS__))
/// From here on the analysis takes the lock as held.
#define HEDDLE_ASSERT_CAPABILITY(...) HEDDLE_THREAD_ATTRIBUTE(assert_capability(__VA_ARGS__))
/// The function returns a reference to the lock.
#define HEDDLE_RETURN_CAPABILITY(lock) HEDDLE_THREAD_ATTRIBUTE(lock_returned(lock))
/// The body is not analysed: its locking cannot be written down. Say why beside it.
#define HEDDLE_NO_THREAD_SAFETY_ANALYSIS HEDDLE_THREAD_ATTRIBUTE(no_thread_safety_analysis)
