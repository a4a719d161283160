#include "driver/lsp/Server.h"

#include "driver/lsp/Pages.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using llvm::lsp::ErrorCode;
using llvm::lsp::Logger;

namespace heddle::lsp {

// Reads the parameters; what cannot be read is an error for the caller.
template <typename Params> static Expected<Params> read(const json::Value &From) {
  return llvm::lsp::MessageHandler::parse<Params>(From, "message", "parameters");
}

template <typename Params> static std::optional<Params> readOrLog(const json::Value &From) {
  Expected<Params> Result = read<Params>(From);
  if (Result)
    return std::move(*Result);
  Logger::error("{0}", toString(Result.takeError()));
  return std::nullopt;
}

Server::Server(EventLoop &Loop, Connection &Client, Catalogue Rules, std::string Version)
    : Loop(Loop), Client(Client), Rules(std::move(Rules)), Version(std::move(Version)),
      Analyses(Loop, Open, [this](const Session &Of) { sessionChanged(Of); }), Working(Client) {
  auto Request = [&](StringRef Method, void (Server::*Handler)(const json::Value &, Reply)) {
    Client.onRequest(Method, [this, Handler](const json::Value &Params, Reply Answer) {
      (this->*Handler)(Params, std::move(Answer));
    });
  };
  auto Event = [&](StringRef Method, void (Server::*Handler)(const json::Value &)) {
    Client.onNotification(Method,
                          [this, Handler](const json::Value &Params) { (this->*Handler)(Params); });
  };
  Request("initialize", &Server::initialize);
  Client.onNotification("initialized", [this](const json::Value &) { initialized(); });
  Event("workspace/didChangeConfiguration", &Server::settingsChanged);
  Event("workspace/didChangeWorkspaceFolders", &Server::foldersChanged);
  Event("workspace/didChangeWatchedFiles", &Server::filesChanged);
  Event("textDocument/didOpen", &Server::open);
  Event("textDocument/didChange", &Server::change);
  Event("textDocument/didClose", &Server::close);
  Request("textDocument/codeAction", &Server::actions);
  Request("textDocument/hover", &Server::hover);
  Request("workspace/executeCommand", &Server::execute);
}

void Server::open(const json::Value &From) {
  std::optional<OpenParams> Params = readOrLog<OpenParams>(From);
  // An editor's untitled text has no compile command, and a git revision is no work in progress.
  if (!Params || Params->Uri.Path.empty())
    return;
  std::string Path = Params->Uri.Path;
  Open.erase(Path);
  // What is new now is new for the others; then there is more to look at.
  lookAtDisk();
  auto [Opened, IsNew] = Open.emplace(
      Path, Document(std::move(Params->Uri), Params->Version, std::move(Params->Text)));
  Databases.note(databases());
  Analyses.opened(Opened->second);
  Working.update(Analyses.all());
}

void Server::change(const json::Value &From) {
  std::optional<ChangeParams> Params = readOrLog<ChangeParams>(From);
  if (!Params)
    return;
  auto Found = Open.find(Params->Uri.Path);
  if (Found == Open.end())
    return;
  if (EventLoop::Clock::now() >= NextLook)
    lookAtDisk();
  Found->second.change(Params->Version, Params->Changes, Columns);
  Analyses.edited(Found->second);
}

void Server::close(const json::Value &From) {
  std::optional<PlaceParams> Params = readOrLog<PlaceParams>(From);
  auto Found = Params ? Open.find(Params->Uri.Path) : Open.end();
  if (Found == Open.end())
    return;
  Document Gone = std::move(Found->second);
  Open.erase(Found);
  Published.erase(Gone.path());
  Analyses.closed(Gone);
  Client.notify("textDocument/publishDiagnostics",
                json::Object{{"uri", Gone.uri()}, {"diagnostics", json::Array()}});
  publishAll();
  Working.update(Analyses.all());
}

void Server::sessionChanged(const Session &Of) {
  publishAll();
  answerWaiting();
  Working.update(Analyses.all());
  if (!Of.Remark.empty() && !HasToldOfFallback) {
    HasToldOfFallback = true;
    show("Heddle: " + StringRef(Of.Remark).take_until([](char C) { return C == '\n'; }).str() +
             ". It is read with flags that fit most files. Let the build write a "
             "compile_commands.json (CMake: -DCMAKE_EXPORT_COMPILE_COMMANDS=ON), or set "
             "heddle.compilationDatabasePath or heddle.fallbackFlags.",
         /*IsWarning=*/true);
  }
}

void Server::publishAll() {
  std::set<std::string> Paths;
  for (const auto &[Path, Last] : Published)
    Paths.insert(Path);
  for (const auto &[Path, Each] : Analyses.all()) {
    if (Each.Last || Each.Failure)
      Paths.insert(Path);
    if (Each.Last)
      for (const Finding &F : Each.Last->Findings)
        Paths.insert(F.Primary.File);
  }
  for (const std::string &Path : Paths)
    publish(Path);
}

void Server::publish(const std::string &Path) {
  Places Where = places();
  auto Address = [this](const RuleInfo &Rule) { return addressOf(Rule); };
  json::Array List;
  for (const PlacedFinding &Each : findingsIn(Path, Analyses.all(), Where))
    List.push_back(toJson(diagnosticOf(Each, Rules, Where, Address), Abilities));
  auto Own = Analyses.all().find(Path);
  if (Own != Analyses.all().end()) {
    if (std::optional<Diagnostic> Failure = failureOf(Own->second, Where))
      List.push_back(toJson(*Failure, Abilities));
    // What was found in a text that has changed comes again, for the new one.
    if (!Own->second.isUpToDate() && !Own->second.IsCovered)
      return;
  }
  json::Object Params{{"uri", Where.uri(Path)}};
  bool IsEmpty = List.empty();
  Params["diagnostics"] = std::move(List);
  if (std::optional<int64_t> Version = Where.version(Path))
    Params["version"] = *Version;
  json::Value Message = std::move(Params);
  std::string Text;
  raw_string_ostream(Text) << Message;
  std::string &Last = Published[Path];
  if (Last != Text) {
    Last = std::move(Text);
    Client.notify("textDocument/publishDiagnostics", std::move(Message));
  }
  if (IsEmpty && !Open.count(Path))
    Published.erase(Path);
}

void Server::actions(const json::Value &From, Reply Answer) {
  Expected<ActionParams> Params = read<ActionParams>(From);
  if (!Params)
    return Answer(Params.takeError());
  auto Found = Analyses.all().find(Params->Uri.Path);
  if (Found == Analyses.all().end())
    return Answer(json::Array());
  // A menu can wait for a moment, but not while headers are read for the first time.
  bool Waits = !Found->second.isUpToDate() && !Found->second.IsCovered &&
               (Found->second.Last || !Params->Only.empty());
  if (!Waits)
    return Answer(actionsNow(*Params));
  std::string Path = Params->Uri.Path;
  WaitingForAnalysis.push_back({Path, std::move(*Params), std::move(Answer)});
}

json::Value Server::actionsNow(const ActionParams &Params) {
  json::Array Result;
  auto Document = Open.find(Params.Uri.Path);
  if (Document == Open.end())
    return Result;
  Places Where = places();
  std::vector<PlacedFinding> Findings = findingsIn(Params.Uri.Path, Analyses.all(), Where);
  PageAddress Address = [this](const RuleInfo &Rule) { return addressOf(Rule); };
  std::string Root = root();
  ActionMaker Maker{Document->second, Findings, Rules, Where, Root, Address};
  for (const CodeAction &Each : Maker.at(Params))
    if (Abilities.ActionLiterals)
      Result.push_back(toJson(Each, Abilities));
  return Result;
}

void Server::answerWaiting() {
  std::vector<Waiting> Still;
  for (Waiting &Each : WaitingForAnalysis) {
    auto Found = Analyses.all().find(Each.Path);
    if (Found != Analyses.all().end() && !Found->second.isUpToDate() && !Found->second.IsCovered)
      Still.push_back(std::move(Each));
    else
      Each.Answer(actionsNow(Each.Params));
  }
  WaitingForAnalysis = std::move(Still);
}

void Server::hover(const json::Value &From, Reply Answer) {
  Expected<PlaceParams> Params = read<PlaceParams>(From);
  if (!Params)
    return Answer(Params.takeError());
  std::string Text;
  std::optional<Range> Shown;
  std::set<std::string> Told;
  for (const PlacedFinding &Each : findingsIn(Params->Uri.Path, Analyses.all(), places())) {
    if (Params->Place < Each.Where.start || Each.Where.end < Params->Place)
      continue;
    const RuleInfo *Rule = Rules.find(Each.What->Rule);
    if (!Rule || !Told.insert(Rule->Id).second)
      continue;
    if (!Text.empty())
      Text += "\n---\n";
    Text += rulePage(*Rule);
    if (!Shown)
      Shown = Each.Where;
  }
  if (!Shown)
    return Answer(nullptr);
  Answer(json::Object{{"contents", json::Object{{"kind", "markdown"}, {"value", Text}}},
                      {"range", *Shown}});
}

void Server::execute(const json::Value &From, Reply Answer) {
  Expected<CommandParams> Params = read<CommandParams>(From);
  if (!Params)
    return Answer(Params.takeError());
  if (Params->Command != StoryCommand)
    return Answer(
        protocolError(ErrorCode::InvalidParams, "unknown command '" + Params->Command + "'"));
  const json::Object *Which =
      Params->Arguments.empty() ? nullptr : Params->Arguments.front().getAsObject();
  const json::Value *Given = Which ? Which->get("uri") : nullptr;
  DocumentUri Uri;
  json::Path::Root Root;
  if (!Given || !fromJSON(*Given, Uri, Root))
    return Answer(protocolError(ErrorCode::InvalidParams,
                                "heddle.showStory needs {\"uri\": …, \"finding\": …}"));
  std::optional<StringRef> Id = Which->getString("finding");
  Range Wanted;
  const json::Value *Place = Which->get("position");
  bool HasPlace = Place && fromJSON(*Place, Wanted.start, Root);
  for (const PlacedFinding &Each : findingsIn(Uri.Path, Analyses.all(), places())) {
    bool IsAt = HasPlace && Each.Where.start.line <= Wanted.start.line &&
                Wanted.start.line <= Each.Where.end.line;
    if (Id ? Each.Id != *Id : !IsAt)
      continue;
    std::string Story =
        storyPage(*Each.What, Rules.find(Each.What->Rule), Each.From->Texts, root());
    if (Abilities.ShowsDocuments && Which->getBoolean("show").value_or(true)) {
      std::string Name = Each.What->Rule + "-" + std::to_string(++Stories) + ".md";
      std::string Page = Pages.page(Name, [&] { return Story; });
      if (!Page.empty())
        Client.request("window/showDocument",
                       json::Object{{"uri", uriOf(Page)}, {"takeFocus", true}},
                       [](Expected<json::Value> Shown) {
                         if (!Shown)
                           consumeError(Shown.takeError());
                       });
    }
    return Answer(json::Object{{"kind", "markdown"}, {"value", Story}});
  }
  Answer(protocolError(ErrorCode::RequestFailed, "the finding is gone"));
}

void Server::show(StringRef Message, bool IsWarning) {
  Client.notify("window/showMessage",
                json::Object{{"type", IsWarning ? 2 : 3}, {"message", Message}});
}

std::string Server::addressOf(const RuleInfo &Rule) {
  std::string Page = Pages.page(Rule.Id + ".md", [&] { return rulePage(Rule); });
  return Page.empty() ? "" : uriOf(Page);
}

} // namespace heddle::lsp
