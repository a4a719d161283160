// Which open file is analysed when: a session for each, the one that was edited last first. Work
// on a text that has changed meanwhile is given up.
#ifndef HEDDLE_DRIVER_LSP_SESSIONS_H
#define HEDDLE_DRIVER_LSP_SESSIONS_H

#include "driver/lsp/Configuration.h"
#include "driver/lsp/Documents.h"
#include "driver/lsp/EventLoop.h"
#include "driver/lsp/Workers.h"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace heddle::lsp {

using Documents = std::map<std::string, Document>; ///< By path.

/// What an analysis that went through found out. Never changes once it is made.
struct Analysis {
  std::vector<Finding> Findings;
  SourceTexts Texts;
  std::map<std::string, size_t> Ages; ///< Of the documents that were open, by path.
};

/// The work for one open file. Others see it through const references.
struct Session {
  std::string Path;
  /// What was found last. Kept while the text does not compile; null before.
  std::shared_ptr<const Analysis> Last;
  std::optional<UnitFailure> Failure; ///< Of the last try.
  std::set<std::string> Files;        ///< What the last try read of the project.
  std::string Remark;                 ///< On how the file is compiled; only if that is a guess.
  std::vector<UnitCommand> Commands;  ///< With which the last try compiled it.
  bool IsCovered = false;             ///< A header that another session's unit includes.
  /// Whether the last try was on the texts as they are.
  bool isUpToDate() const { return !IsDirty && !Running; }

  struct Work; ///< What its jobs keep. Only a running job touches it.
  std::shared_ptr<Work> Kept;
  std::shared_ptr<std::atomic<bool>> Running; ///< The job's cancellation; null without a job.
  bool IsDirty = true;
  bool MustChoose = false; ///< How the file is compiled has to be found out again.
  EventLoop::Clock::time_point Due;
  uint64_t LastEdit = 0;
};

/// Lives on the loop's thread.
class Sessions {
public:
  /// `Changed` is called whenever a session has finished, and before one goes.
  Sessions(EventLoop &Loop, const Documents &Open, std::function<void(const Session &)> Changed);
  ~Sessions();

  /// Has everything analysed anew as configured.
  void configure(std::shared_ptr<const Configuration> New);

  /// The document has been opened or changed, or is about to be closed.
  void opened(const Document &Opened);
  void edited(const Document &Edited);
  void closed(const Document &Closed);
  /// Files have changed on disk.
  void filesChanged(const std::set<std::string> &Paths);
  /// How files are compiled may have changed.
  void commandsChanged();

  const std::map<std::string, Session> &all() const { return ByPath; }

private:
  struct Outcome;
  struct Job {
    std::string Path;
    std::shared_ptr<Session::Work> Kept;
    std::shared_ptr<std::atomic<bool>> Cancelled;
    bool MustChoose = false;
    std::map<std::string, size_t> Ages;
  };
  void touch(Session &Each, std::chrono::milliseconds Delay);
  void pump();
  void start(Session &Each);
  void finish(const Job &Done, Outcome Result);
  bool take(Session &Each, const Job &Done, Outcome Result);
  void updateCover();
  void forgetOldest();
  static Outcome analyze(const Job &Task, const UnsavedTexts &Unsaved, const FileNames &Names);

  EventLoop &Loop;
  const Documents &Open;
  std::function<void(const Session &)> Changed;
  std::shared_ptr<const Configuration> Config;
  std::map<std::string, Session> ByPath;
  uint64_t Edits = 0;
  unsigned AtWork = 0, MostAtWork = 1;
  std::optional<Workers> Pool;
};

} // namespace heddle::lsp

#endif
