// A finding as plain data: what a check says, before anybody decides how to show it.
#ifndef HEDDLE_CHECKS_FINDING_H
#define HEDDLE_CHECKS_FINDING_H

#include "model/facts/Source.h"

#include <string>
#include <vector>

namespace heddle {

/// How sure the model is. The default report shows Certain and Likely.
enum class Confidence { Certain, Likely, Possible };

/// A place that explains the finding without belonging to one thread.
struct Note {
  FileRange Where;
  std::string Message;
};

/// One step of a thread's way to the bug, in the order in which it happens.
struct ThreadStep {
  FileRange Where;
  std::string Message;
  bool IsCall = false; ///< The following steps happen inside the function entered here.
};

/// What one thread does: where it starts, how it gets there, what it holds when it is there.
struct ThreadStory {
  std::string Name; ///< e.g. "main thread", "thread started at worker.cpp:12".
  std::vector<ThreadStep> Steps;
  std::vector<std::string> LocksHeld; ///< At the last step, as a user would write them.
};

/// Replaces the bytes of `Where` (empty range: inserts before `Where.Begin`) with `Text`.
struct Edit {
  FileRange Where;
  std::string Text;
};

/// A safe fix keeps the program's meaning apart from the bug; an unsafe one needs a reader.
enum class FixSafety { Safe, Unsafe };

/// All edits of a fix are applied together or not at all. `Includes` names headers that the
/// edited file needs, as written behind `#include`: "<mutex>", "\"heddle/defer.h\""; empty ones add
/// nothing.
struct Fix {
  std::string Title; ///< Imperative, e.g. "make 'hits' a std::atomic<int>".
  FixSafety Safety = FixSafety::Unsafe;
  std::vector<Edit> Edits;
  std::vector<std::string> Includes;
};

/// One bug. Value type; owns everything it holds; safe to move between threads.
struct Finding {
  std::string Rule; ///< Id of the rule; filled in by the reporter.
  std::string Message;
  FileRange Primary;
  Confidence Sureness = Confidence::Likely;
  std::vector<Note> Notes;
  std::vector<ThreadStory> Threads;
  std::vector<Fix> Fixes; ///< The best one first.
  /// Names of the program entities that make this finding what it is (USRs, in a fixed order).
  /// Together with the rule it identifies the finding when lines move.
  std::string Identity;
};

} // namespace heddle

#endif
