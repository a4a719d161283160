// How the server begins, and what changes around it: settings, folders, files on disk.
#include "driver/lsp/Server.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using llvm::lsp::Logger;

namespace heddle::lsp {

void Server::initialize(const json::Value &From, Reply Answer) {
  auto Params =
      llvm::lsp::MessageHandler::parse<InitializeParams>(From, "initialize", "parameters");
  if (!Params)
    return Answer(Params.takeError());
  Abilities = Params->Client;
  Folders = Params->Folders;
  Columns = Abilities.Utf8 ? Encoding::Utf8 : Encoding::Utf16;
  Working.IsWanted = Abilities.ShowsProgress;
  std::vector<std::string> Complaints;
  User = readSettings(Params->Options, Complaints);
  for (const std::string &Each : Complaints)
    show("Heddle: " + Each, /*IsWarning=*/true);
  reconfigure();
  Answer(json::Object{{"capabilities", capabilities()},
                      {"serverInfo", json::Object{{"name", "heddle"}, {"version", Version}}}});
}

json::Value Server::capabilities() const {
  return json::Object{
      {"positionEncoding", Columns == Encoding::Utf8 ? "utf-8" : "utf-16"},
      {"textDocumentSync", json::Object{{"openClose", true}, {"change", 2}, {"save", false}}},
      {"codeActionProvider",
       json::Object{{"codeActionKinds", json::Array{"quickfix", FixAllKind}}}},
      {"hoverProvider", true},
      {"executeCommandProvider", json::Object{{"commands", json::Array{StoryCommand}}}},
      {"workspace",
       json::Object{{"workspaceFolders",
                     json::Object{{"supported", true}, {"changeNotifications", true}}}}}};
}

void Server::initialized() {
  registerForEvents();
  askForSettings();
}

void Server::registerForEvents() {
  json::Array Wanted;
  if (Abilities.WatchesFiles) {
    json::Array Watchers;
    for (StringRef Glob : {"**/compile_commands.json", "**/compile_flags.txt",
                           "**/*.{h,hh,hpp,hxx,inc,inl,ipp,tpp}", "**/*.json"})
      Watchers.push_back(json::Object{{"globPattern", Glob}});
    Wanted.push_back(
        json::Object{{"id", "heddle-files"},
                     {"method", "workspace/didChangeWatchedFiles"},
                     {"registerOptions", json::Object{{"watchers", std::move(Watchers)}}}});
  }
  if (Abilities.ConfigurationEvents)
    Wanted.push_back(json::Object{{"id", "heddle-settings"},
                                  {"method", "workspace/didChangeConfiguration"},
                                  {"registerOptions", json::Object{{"section", "heddle"}}}});
  if (Wanted.empty())
    return;
  Client.request("client/registerCapability", json::Object{{"registrations", std::move(Wanted)}},
                 [](Expected<json::Value> Answer) {
                   if (!Answer)
                     Logger::error("cannot register: {0}", toString(Answer.takeError()));
                 });
}

void Server::askForSettings() {
  if (!Abilities.Configuration)
    return;
  json::Object Item{{"section", "heddle"}};
  if (!Folders.empty())
    Item["scopeUri"] = uriOf(Folders.front());
  Client.request("workspace/configuration", json::Object{{"items", json::Array{std::move(Item)}}},
                 [this](Expected<json::Value> Answer) {
                   if (!Answer)
                     return consumeError(Answer.takeError());
                   const json::Array *List = Answer->getAsArray();
                   // Null: the editor knows no such settings, and those given at first stay.
                   if (!List || List->empty())
                     return;
                   if (const json::Object *Given = List->front().getAsObject();
                       Given && !Given->empty())
                     use(List->front());
                 });
}

void Server::settingsChanged(const json::Value &Params) {
  const json::Object *Object = Params.getAsObject();
  const json::Value *Given = Object ? Object->get("settings") : nullptr;
  const json::Object *Settings = Given ? Given->getAsObject() : nullptr;
  if (Abilities.Configuration)
    return askForSettings();
  if (Settings && !Settings->empty())
    use(*Given);
}

void Server::use(const json::Value &Given) {
  std::vector<std::string> Complaints;
  Settings New = readSettings(Given, Complaints);
  for (const std::string &Each : Complaints)
    show("Heddle: " + Each, /*IsWarning=*/true);
  if (New == User)
    return;
  User = std::move(New);
  reconfigure();
}

/// Before anything is read: what changes while it is read is seen the next time.
void Server::rememberDisk() {
  Vocabularies.remember(vocabularyFiles());
  Databases.remember(databases());
}

void Server::reconfigure() {
  std::vector<std::string> Complaints;
  HasToldOfFallback = false;
  rememberDisk();
  Analyses.configure(configure(User, Folders, Rules, Complaints));
  for (const std::string &Each : Complaints)
    show("Heddle: " + Each, /*IsWarning=*/true);
  Working.update(Analyses.all());
}

void Server::commandsChanged() {
  HasToldOfFallback = false;
  rememberDisk();
  Analyses.commandsChanged();
  Working.update(Analyses.all());
}

std::set<std::string> Server::vocabularyFiles() const {
  std::set<std::string> Result;
  for (const std::string &File : User.Vocabulary)
    Result.insert(inFirstFolder(File, Folders));
  return Result;
}

/// All that may tell how an open file is compiled, not only those that did: another one may come
/// nearer to the file, or tell what the nearest does not.
std::set<std::string> Server::databases() const {
  if (!User.DatabasePath.empty())
    return findDatabases({}, inFirstFolder(User.DatabasePath, Folders));
  std::set<std::string> Around;
  for (const auto &[Path, Text] : Open) {
    Around.insert(sys::path::parent_path(Path).str());
    if (SmallString<256> Real; !sys::fs::real_path(Path, Real))
      Around.insert(sys::path::parent_path(Real).str());
  }
  return findDatabases(Around, "");
}

/// Sees what the client cannot tell of. Now and then is enough, and whoever does not type needs
/// nothing new.
void Server::lookAtDisk() {
  NextLook = EventLoop::Clock::now() + std::chrono::seconds(1);
  if (Vocabularies.haveChanged(vocabularyFiles()))
    reconfigure();
  else if (Databases.haveChanged(databases()))
    commandsChanged();
}

void Server::foldersChanged(const json::Value &Params) {
  const json::Object *Object = Params.getAsObject();
  const json::Object *Event = Object ? Object->getObject("event") : nullptr;
  if (!Event)
    return;
  auto ForEach = [&](StringRef Key, function_ref<void(const std::string &)> Visit) {
    if (const json::Array *List = Event->getArray(Key))
      for (const json::Value &Each : *List) {
        const json::Object *Folder = Each.getAsObject();
        const json::Value *Given = Folder ? Folder->get("uri") : nullptr;
        DocumentUri Uri;
        json::Path::Root Root;
        if (Given && fromJSON(*Given, Uri, Root) && !Uri.Path.empty())
          Visit(Uri.Path);
      }
  };
  ForEach("removed", [&](const std::string &Path) { llvm::erase(Folders, Path); });
  ForEach("added", [&](const std::string &Path) {
    if (!is_contained(Folders, Path))
      Folders.push_back(Path);
  });
  reconfigure();
}

void Server::filesChanged(const json::Value &Params) {
  const json::Object *Object = Params.getAsObject();
  const json::Array *Changes = Object ? Object->getArray("changes") : nullptr;
  if (!Changes)
    return;
  std::set<std::string> Paths;
  bool Commands = false, Words = false;
  for (const json::Value &Each : *Changes) {
    const json::Object *Change = Each.getAsObject();
    const json::Value *Given = Change ? Change->get("uri") : nullptr;
    DocumentUri Uri;
    json::Path::Root Root;
    if (!Given || !fromJSON(*Given, Uri, Root) || Uri.Path.empty())
      continue;
    StringRef Name = sys::path::filename(Uri.Path);
    Commands |= Name == "compile_commands.json" || Name == "compile_flags.txt";
    Words |= vocabularyFiles().count(Uri.Path) != 0;
    // What is open is what the editor says, not what is on disk.
    if (!Open.count(Uri.Path))
      Paths.insert(Uri.Path);
  }
  if (Words)
    return reconfigure();
  if (Commands)
    return commandsChanged();
  Analyses.filesChanged(Paths);
}

} // namespace heddle::lsp
