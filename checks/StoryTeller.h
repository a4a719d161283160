// How one thread got to an operation, told step by step for findings.
#ifndef HEDDLE_CHECKS_STORYTELLER_H
#define HEDDLE_CHECKS_STORYTELLER_H

#include "checks/Finding.h"
#include "model/program/ProgramModel.h"

namespace heddle {

/// Turns operations of the model into thread stories. Holds a reference to the model, which must
/// outlive it; otherwise stateless.
class StoryTeller {
public:
  explicit StoryTeller(const ProgramModel &Program) : Program(Program) {}

  /// The story of the thread that performs `Op`, as seen from the function `Frame`: where the
  /// thread starts, what it calls, and as its last step `LastWords` at the operation itself.
  ThreadStory tell(const Operation &Op, FunctionId Frame, std::string LastWords) const;

  /// Names the thread in a sentence: "the main thread", "the thread that runs 'worker'".
  std::string nameThread(const Operation &Op, FunctionId Frame) const;

  /// The thread of the second operation, "another thread that runs 'worker'" where both run that.
  std::string nameOther(const ConcurrentPair &Pair) const;

  /// The locks of an operation as a user would write them.
  std::vector<std::string> locks(const Operation &Op, FunctionId Frame) const;

private:
  void tellOrigin(const ThreadOrigin &Origin, std::vector<ThreadStep> &Steps) const;
  void tellCalls(const std::vector<CallStep> &Calls, std::vector<ThreadStep> &Steps) const;

  const ProgramModel &Program;
};

/// The function's name in quotes, or "the lambda at line 7".
std::string quoteFunction(const UnitFacts &Unit, FunctionId Id);

/// Where several threads have one name, makes it "one thread ..." and "another thread ...".
void tellApart(std::vector<ThreadStory> &Threads);

} // namespace heddle

#endif
