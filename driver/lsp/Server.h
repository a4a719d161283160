// Answers the client: keeps its documents, has them analysed, and shows what was found.
#ifndef HEDDLE_DRIVER_LSP_SERVER_H
#define HEDDLE_DRIVER_LSP_SERVER_H

#include "driver/lsp/Actions.h"
#include "driver/lsp/Connection.h"
#include "driver/lsp/DiskWatch.h"
#include "driver/lsp/PageFolder.h"
#include "driver/lsp/Progress.h"

namespace heddle::lsp {

/// Lives on the loop's thread.
class Server {
public:
  Server(EventLoop &Loop, Connection &Client, Catalogue Rules, std::string Version);

private:
  struct Waiting {
    std::string Path;
    ActionParams Params;
    Reply Answer;
  };

  // The protocol's life cycle, and settings (ServerSettings.cpp).
  void initialize(const json::Value &Params, Reply Answer);
  void initialized();
  void registerForEvents();
  void settingsChanged(const json::Value &Params);
  void askForSettings();
  void use(const json::Value &Given);
  void foldersChanged(const json::Value &Params);
  void filesChanged(const json::Value &Params);
  void reconfigure();
  void commandsChanged();
  void lookAtDisk();
  void rememberDisk();
  std::set<std::string> vocabularyFiles() const;
  std::set<std::string> databases() const;
  json::Value capabilities() const;

  // Documents and what is asked about them.
  void open(const json::Value &Params);
  void change(const json::Value &Params);
  void close(const json::Value &Params);
  void actions(const json::Value &Params, Reply Answer);
  void hover(const json::Value &Params, Reply Answer);
  void execute(const json::Value &Params, Reply Answer);
  json::Value actionsNow(const ActionParams &Params);

  void sessionChanged(const Session &Of);
  void publishAll();
  void publish(const std::string &Path);
  void answerWaiting();
  void show(llvm::StringRef Message, bool IsWarning);
  std::string addressOf(const RuleInfo &Rule);
  std::string root() const { return Folders.empty() ? "" : Folders.front(); }
  Places places() const { return {Open, Columns}; }

  EventLoop &Loop;
  Connection &Client;
  Catalogue Rules;
  std::string Version;
  ClientAbilities Abilities;
  Encoding Columns = Encoding::Utf16;
  std::vector<std::string> Folders;
  Settings User;
  bool HasAskedForSettings = false;
  bool HasToldOfFallback = false;
  Documents Open;
  DiskWatch Vocabularies, Databases;
  EventLoop::Clock::time_point NextLook;
  Sessions Analyses;
  Progress Working;
  PageFolder Pages;
  std::map<std::string, std::string> Published; ///< What was sent last, by path.
  std::vector<Waiting> WaitingForAnalysis;
  uint64_t Stories = 0;
};

} // namespace heddle::lsp

#endif
