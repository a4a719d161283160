#include "driver/lsp/Protocol.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace heddle::lsp {
namespace {

const json::Value *lookUp(const json::Value &From, ArrayRef<StringRef> Keys) {
  const json::Value *At = &From;
  for (StringRef Key : Keys) {
    const json::Object *Object = At->getAsObject();
    At = Object ? Object->get(Key) : nullptr;
    if (!At)
      return nullptr;
  }
  return At;
}

bool isSet(const json::Value &From, ArrayRef<StringRef> Keys) {
  const json::Value *Found = lookUp(From, Keys);
  return Found && Found->getAsBoolean().value_or(false);
}

// For what a client says by giving an object at all.
bool isThere(const json::Value &From, ArrayRef<StringRef> Keys) {
  const json::Value *Found = lookUp(From, Keys);
  return Found && Found->kind() != json::Value::Null;
}

ClientAbilities readAbilities(const json::Value &From) {
  ClientAbilities Result;
  if (const json::Value *Encodings = lookUp(From, {"general", "positionEncodings"}))
    if (const json::Array *List = Encodings->getAsArray()) {
      // In the client's order, as clangd reads it: some clients want all servers of a file to
      // agree.
      auto First = find_if(*List, [](const json::Value &E) {
        return E.getAsString() == "utf-8" || E.getAsString() == "utf-16";
      });
      Result.Utf8 = First != List->end() && First->getAsString() == "utf-8";
    }
  Result.RelatedInformation =
      isSet(From, {"textDocument", "publishDiagnostics", "relatedInformation"});
  Result.CodeDescription =
      isSet(From, {"textDocument", "publishDiagnostics", "codeDescriptionSupport"});
  Result.ActionLiterals = isThere(From, {"textDocument", "codeAction", "codeActionLiteralSupport"});
  Result.PreferredActions = isSet(From, {"textDocument", "codeAction", "isPreferredSupport"});
  Result.DocumentChanges = isSet(From, {"workspace", "workspaceEdit", "documentChanges"});
  Result.Configuration = isSet(From, {"workspace", "configuration"});
  Result.ConfigurationEvents =
      isSet(From, {"workspace", "didChangeConfiguration", "dynamicRegistration"});
  Result.WatchesFiles = isSet(From, {"workspace", "didChangeWatchedFiles", "dynamicRegistration"});
  Result.ShowsDocuments = isSet(From, {"window", "showDocument", "support"});
  Result.ShowsProgress = isSet(From, {"window", "workDoneProgress"});
  return Result;
}

void addFolder(InitializeParams &To, const json::Value *Uri) {
  DocumentUri Folder;
  json::Path::Root Root;
  if (Uri && fromJSON(*Uri, Folder, Root) && !Folder.Path.empty())
    To.Folders.push_back(Folder.Path);
}

json::Value toJson(const std::vector<TextEdit> &From) {
  json::Array Result;
  for (const TextEdit &Each : From)
    Result.push_back(json::Object{{"range", Each.Where}, {"newText", Each.Text}});
  return Result;
}

} // namespace

bool fromJSON(const json::Value &From, DocumentUri &To, json::Path At) {
  std::optional<StringRef> Text = From.getAsString();
  if (!Text) {
    At.report("expected a URI");
    return false;
  }
  To.Text = Text->str();
  if (!Text->starts_with("file:"))
    return true;
  // A host is read as the first folder by LLVM. The only one that can be meant is this one.
  StringRef Rest = *Text;
  std::string Local = Rest.consume_front("file://localhost/") ? ("file:///" + Rest).str() : To.Text;
  if (auto Uri = llvm::lsp::URIForFile::fromURI(Local))
    To.Path = Uri->file().str();
  else
    consumeError(Uri.takeError());
  return true;
}

bool fromJSON(const json::Value &From, InitializeParams &To, json::Path At) {
  const json::Object *Object = From.getAsObject();
  if (!Object) {
    At.report("expected an object");
    return false;
  }
  if (const json::Value *Abilities = Object->get("capabilities"))
    To.Client = readAbilities(*Abilities);
  if (const json::Array *Folders = Object->getArray("workspaceFolders"))
    for (const json::Value &Folder : *Folders)
      addFolder(To, lookUp(Folder, {"uri"}));
  if (To.Folders.empty())
    addFolder(To, Object->get("rootUri"));
  if (std::optional<StringRef> Path = Object->getString("rootPath"); Path && To.Folders.empty())
    To.Folders.push_back(Path->str());
  if (const json::Value *Options = Object->get("initializationOptions"))
    To.Options = *Options;
  return true;
}

bool fromJSON(const json::Value &From, OpenParams &To, json::Path At) {
  const json::Value *Item = lookUp(From, {"textDocument"});
  json::ObjectMapper Map(Item ? *Item : From, At.field("textDocument"));
  return Map && Map.map("uri", To.Uri) && Map.mapOptional("languageId", To.Language) &&
         Map.map("text", To.Text) && Map.map("version", To.Version);
}

static bool fromJSON(const json::Value &From, TextChange &To, json::Path At) {
  json::ObjectMapper Map(From, At);
  return Map && Map.map("range", To.Where) && Map.map("text", To.Text);
}

bool fromJSON(const json::Value &From, ChangeParams &To, json::Path At) {
  const json::Value *Item = lookUp(From, {"textDocument"});
  json::ObjectMapper Document(Item ? *Item : From, At.field("textDocument"));
  if (!Document || !Document.map("uri", To.Uri) || !Document.map("version", To.Version))
    return false;
  const json::Value *Changes = lookUp(From, {"contentChanges"});
  const json::Array *List = Changes ? Changes->getAsArray() : nullptr;
  if (!List) {
    At.field("contentChanges").report("expected an array");
    return false;
  }
  for (const json::Value &Each : *List)
    if (!fromJSON(Each, To.Changes.emplace_back(), At.field("contentChanges")))
      return false;
  return true;
}

static bool readDocument(const json::Value &From, DocumentUri &To, json::Path At) {
  const json::Value *Uri = lookUp(From, {"textDocument", "uri"});
  if (Uri)
    return fromJSON(*Uri, To, At);
  At.field("textDocument").report("expected a document");
  return false;
}

bool fromJSON(const json::Value &From, PlaceParams &To, json::Path At) {
  if (!readDocument(From, To.Uri, At))
    return false;
  json::ObjectMapper Map(From, At);
  return Map && Map.mapOptional("position", To.Place);
}

bool fromJSON(const json::Value &From, ActionParams &To, json::Path At) {
  if (!readDocument(From, To.Uri, At))
    return false;
  if (const json::Value *Only = lookUp(From, {"context", "only"}))
    if (const json::Array *Kinds = Only->getAsArray())
      for (const json::Value &Kind : *Kinds)
        To.Only.push_back(Kind.getAsString().value_or("").str());
  json::ObjectMapper Map(From, At);
  return Map && Map.map("range", To.Where);
}

bool fromJSON(const json::Value &From, CommandParams &To, json::Path At) {
  json::ObjectMapper Map(From, At);
  if (!Map || !Map.map("command", To.Command))
    return false;
  if (const json::Value *Arguments = lookUp(From, {"arguments"}))
    if (const json::Array *List = Arguments->getAsArray())
      To.Arguments.assign(List->begin(), List->end());
  return true;
}

json::Value toJson(const Diagnostic &From, const ClientAbilities &Client) {
  json::Object Result{{"range", From.Where},
                      {"severity", int(From.Severity)},
                      {"source", "heddle"},
                      {"message", From.Message}};
  if (!From.Code.empty())
    Result["code"] = From.Code;
  if (Client.CodeDescription && !From.CodeHref.empty())
    Result["codeDescription"] = json::Object{{"href", From.CodeHref}};
  if (!From.Tags.empty()) {
    json::Array Tags;
    for (DiagnosticTag Tag : From.Tags)
      Tags.push_back(int(Tag));
    Result["tags"] = std::move(Tags);
  }
  if (Client.RelatedInformation && !From.Related.empty()) {
    json::Array Places;
    for (const RelatedPlace &Each : From.Related)
      Places.push_back(
          json::Object{{"location", json::Object{{"uri", Each.Uri}, {"range", Each.Where}}},
                       {"message", Each.Message}});
    Result["relatedInformation"] = std::move(Places);
  }
  if (From.Data.kind() != json::Value::Null)
    Result["data"] = From.Data;
  return Result;
}

json::Value toJson(const std::vector<DocumentEdits> &From, const ClientAbilities &Client) {
  if (!Client.DocumentChanges) {
    json::Object Changes;
    for (const DocumentEdits &Each : From)
      Changes[Each.Uri] = toJson(Each.Edits);
    return json::Object{{"changes", std::move(Changes)}};
  }
  json::Array Documents;
  for (const DocumentEdits &Each : From)
    Documents.push_back(
        json::Object{{"textDocument", json::Object{{"uri", Each.Uri}, {"version", Each.Version}}},
                     {"edits", toJson(Each.Edits)}});
  return json::Object{{"documentChanges", std::move(Documents)}};
}

static json::Value toJson(const Command &From) {
  return json::Object{
      {"title", From.Title}, {"command", From.Name}, {"arguments", json::Array(From.Arguments)}};
}

json::Value toJson(const CodeAction &From, const ClientAbilities &Client) {
  json::Object Result{{"title", From.Title}, {"kind", From.Kind}};
  if (!From.Diagnostics.empty()) {
    json::Array Diagnostics;
    for (const Diagnostic &Each : From.Diagnostics)
      Diagnostics.push_back(toJson(Each, Client));
    Result["diagnostics"] = std::move(Diagnostics);
  }
  if (From.IsPreferred && Client.PreferredActions)
    Result["isPreferred"] = true;
  if (!From.Edits.empty())
    Result["edit"] = toJson(From.Edits, Client);
  if (From.Run)
    Result["command"] = toJson(*From.Run);
  return Result;
}

std::string uriOf(StringRef Path) {
  if (auto Uri = llvm::lsp::URIForFile::fromFile(Path))
    return Uri->uri().str();
  else
    consumeError(Uri.takeError());
  return ("file://" + Path).str();
}

} // namespace heddle::lsp
