// A unit that is analysed again and again while it is being written. What stands before its first
// declaration, which is mostly headers, is parsed once and kept.
#ifndef HEDDLE_DRIVER_RUN_LIVEUNIT_H
#define HEDDLE_DRIVER_RUN_LIVEUNIT_H

#include "driver/run/UnitRunner.h"

#include <memory>
#include <set>
#include <string>

namespace heddle {

struct UnitTask;

/// Yields for each state of the texts what runUnit would yield if they were on disk. One thread at
/// a time.
class LiveUnit {
public:
  LiveUnit(UnitCommand Unit, std::shared_ptr<const Vocabulary> Words, UnitOptions Options);
  ~LiveUnit();
  LiveUnit(const LiveUnit &) = delete;
  LiveUnit &operator=(const LiveUnit &) = delete;

  /// Parses and analyses the unit as the texts are now. Never fails as a whole, as runUnit. When
  /// `Cancelled` becomes true, the parse stops at the next declaration behind the headers, and the
  /// analysis at the next function.
  UnitOutcome analyze(const UnsavedTexts &Unsaved, const std::atomic<bool> &Cancelled);

  /// The files of the project that the last analysis read, the unit's own among them.
  const std::set<std::string> &files() const { return Files; }

  /// Gives back what was kept for the next analysis, which will take as long as the first.
  void forget();

private:
  struct Kept;
  void run(const UnsavedTexts &Unsaved, const UnitTask &Task, UnitOutcome &Outcome);

  const UnitCommand Unit;
  const std::shared_ptr<const Vocabulary> Words;
  const UnitOptions Options;
  std::unique_ptr<Kept> State;
  std::set<std::string> Files;
};

} // namespace heddle

#endif
