// The protocol's values, as far as this server reads and writes them. LLVM's own types know no
// rule, no page and no data of a diagnostic, and no folders of a workspace.
#ifndef HEDDLE_DRIVER_LSP_PROTOCOL_H
#define HEDDLE_DRIVER_LSP_PROTOCOL_H

#include "llvm/Support/JSON.h"
#include "llvm/Support/LSP/Protocol.h"

#include <optional>
#include <string>
#include <vector>

namespace heddle::lsp {

namespace json = llvm::json;
using llvm::lsp::Position;
using llvm::lsp::Range;

/// What the client can do with what we send.
struct ClientAbilities {
  bool Utf8 = false;               ///< Counts columns in bytes, and likes that better.
  bool RelatedInformation = false; ///< Shows places that belong to a diagnostic.
  bool CodeDescription = false;    ///< Opens a rule's page.
  bool ActionLiterals = false;     ///< Takes actions with edits, not commands alone.
  bool PreferredActions = false;
  bool DocumentChanges = false;     ///< Takes edits that name the version they are for.
  bool Configuration = false;       ///< Can be asked for its settings.
  bool ConfigurationEvents = false; ///< Tells of changed settings if it is asked to.
  bool WatchesFiles = false;        ///< Tells of changed files if it is asked to.
  bool ShowsDocuments = false;      ///< Opens a document if it is asked to.
  bool ShowsProgress = false;
};

struct InitializeParams {
  ClientAbilities Client;
  std::vector<std::string> Folders; ///< Absolute paths; the first one is the root.
  json::Value Options = nullptr;    ///< initializationOptions, unread.
};

/// `Path` is empty for what is no file: an editor's untitled text, a git revision.
struct DocumentUri {
  std::string Text, Path;
};

struct OpenParams {
  DocumentUri Uri;
  std::string Language, Text;
  int64_t Version = 0;
};

struct TextChange {
  std::optional<Range> Where; ///< Nothing: everything.
  std::string Text;
};

struct ChangeParams {
  DocumentUri Uri;
  int64_t Version = 0;
  std::vector<TextChange> Changes; ///< Each applies to what the one before left.
};

/// For notifications and requests that name a document, and maybe a place in it.
struct PlaceParams {
  DocumentUri Uri;
  Position Place;
};

struct ActionParams {
  DocumentUri Uri;
  Range Where;
  std::vector<std::string> Only; ///< Kinds that are asked for; empty: all.
};

struct CommandParams {
  std::string Command;
  std::vector<json::Value> Arguments;
};

struct RelatedPlace {
  std::string Uri;
  Range Where;
  std::string Message;
};

enum class DiagnosticSeverity { Error = 1, Warning = 2, Information = 3, Hint = 4 };
enum class DiagnosticTag { Unnecessary = 1, Deprecated = 2 };

struct Diagnostic {
  Range Where;
  DiagnosticSeverity Severity = DiagnosticSeverity::Warning;
  std::string Code, CodeHref, Message;
  std::vector<DiagnosticTag> Tags;
  std::vector<RelatedPlace> Related;
  json::Value Data = nullptr;
};

struct TextEdit {
  Range Where;
  std::string Text;
};

/// The edits of one document; without a version if it is not open.
struct DocumentEdits {
  std::string Uri;
  std::optional<int64_t> Version;
  std::vector<TextEdit> Edits;
};

struct Command {
  std::string Title, Name;
  std::vector<json::Value> Arguments;
};

struct CodeAction {
  std::string Title, Kind;
  std::vector<Diagnostic> Diagnostics;
  bool IsPreferred = false;
  std::vector<DocumentEdits> Edits;
  std::optional<Command> Run;
};

// Reading never fails for want of what we can do without; the path says what was wrong otherwise.
bool fromJSON(const json::Value &From, InitializeParams &To, json::Path At);
bool fromJSON(const json::Value &From, DocumentUri &To, json::Path At);
bool fromJSON(const json::Value &From, OpenParams &To, json::Path At);
bool fromJSON(const json::Value &From, ChangeParams &To, json::Path At);
bool fromJSON(const json::Value &From, PlaceParams &To, json::Path At);
bool fromJSON(const json::Value &From, ActionParams &To, json::Path At);
bool fromJSON(const json::Value &From, CommandParams &To, json::Path At);

json::Value toJson(const Diagnostic &From, const ClientAbilities &Client);
json::Value toJson(const CodeAction &From, const ClientAbilities &Client);
json::Value toJson(const std::vector<DocumentEdits> &From, const ClientAbilities &Client);

/// The URI of a file. "file:///…", escaped.
std::string uriOf(llvm::StringRef Path);

} // namespace heddle::lsp

#endif
