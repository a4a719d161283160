#include "driver/output/Sarif.h"

#include "driver/fix/Edits.h"
#include "driver/output/Fingerprint.h"
#include "driver/output/Utf16.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <nlohmann/json.hpp>

#include <csignal>

using namespace llvm;

namespace heddle {
namespace {

using Json = nlohmann::ordered_json;

Json message(const std::string &Text) { return {{"text", Text}}; }

std::string paragraphs(ArrayRef<std::string> Texts) { return join(Texts, "\n\n"); }

// "unguarded-shared-write" as "UnguardedSharedWrite".
std::string camelCase(StringRef Id) {
  std::string Result;
  for (StringRef Word : split(Id, '-')) {
    Result += toUpper(Word.front());
    Result += Word.drop_front();
  }
  return Result;
}

std::string percentEncoded(StringRef Path) {
  std::string Result;
  for (char C : Path) {
    if (isAlnum(C) || StringRef("-._~/!$&'()*+,;=@").contains(C))
      Result += C;
    else
      Result += formatv("%{0:X-2}", static_cast<unsigned char>(C)).str();
  }
  return Result;
}

StringRef precision(Confidence Sureness) {
  switch (Sureness) {
  case Confidence::Certain:
    return "very-high";
  case Confidence::Likely:
    return "high";
  case Confidence::Possible:
    return "medium";
  }
  llvm_unreachable("all confidences handled");
}

double rank(Confidence Sureness) {
  switch (Sureness) {
  case Confidence::Certain:
    return 95;
  case Confidence::Likely:
    return 75;
  case Confidence::Possible:
    return 40;
  }
  llvm_unreachable("all confidences handled");
}

class SarifWriter {
public:
  explicit SarifWriter(const Report &What) : What(What) {
    for (const RuleInfo &Rule : What.Rules.rules())
      for (const std::string &Id : Rule.Cwe)
        if (!is_contained(Weaknesses, Id))
          Weaknesses.push_back(Id);
    sort(Weaknesses);
  }

  Json log() {
    Json Run;
    Run["tool"]["driver"] = driver();
    Run["invocations"] = Json::array({invocation()});
    Run["originalUriBaseIds"]["%SRCROOT%"]["description"] =
        message("The root of the project's sources.");
    if (!Weaknesses.empty())
      Run["taxonomies"] = Json::array({taxonomy()});
    Run["columnKind"] = "utf16CodeUnits";
    Run["results"] = results();
    return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
            {"version", "2.1.0"},
            {"runs", Json::array({std::move(Run)})}};
  }

private:
  // The tool and its rules.

  Json driver() {
    Json Rules = Json::array();
    for (const RuleInfo &Rule : What.Rules.rules())
      Rules.push_back(rule(Rule));
    Json Result = {{"name", "Heddle"},
                   {"fullName", "Heddle " + What.Version},
                   {"semanticVersion", What.Version},
                   {"version", What.Version},
                   {"rules", std::move(Rules)},
                   {"notifications", Json::array({failureDescriptor(), commentDescriptor()})}};
    if (!Weaknesses.empty())
      Result["supportedTaxonomies"] = Json::array({{{"name", "CWE"}, {"index", 0}}});
    return Result;
  }

  static Json failureDescriptor() {
    return descriptor("unit-failed", "UnitFailed", "A file could not be analysed.",
                      "A file could not be analysed, for instance because it does not compile or "
                      "its compile command is out of date. Findings in it are missing.");
  }

  static Json commentDescriptor() {
    return descriptor("unmatched-comment", "UnmatchedComment", "A NOLINT comment has no partner.",
                      "NOLINTBEGIN and NOLINTEND come in pairs that name the same rules. One "
                      "that is alone suppresses nothing.");
  }

  static Json descriptor(StringRef Id, StringRef Name, StringRef Short, StringRef Text) {
    return {{"id", Id},
            {"name", Name},
            {"shortDescription", message(Short.str())},
            {"fullDescription", message(Text.str())},
            {"help", {{"text", Text}, {"markdown", Text}}}};
  }

  Json rule(const RuleInfo &Rule) {
    Json Result;
    Result["id"] = Rule.Id;
    Result["name"] = camelCase(Rule.Id);
    Result["shortDescription"] = message(Rule.Title + ".");
    Result["fullDescription"] = message(Rule.Why.front());
    Result["defaultConfiguration"] = {{"level", spelling(Rule.Level)},
                                      {"rank", rank(Rule.DefaultConfidence)}};
    std::string Markdown = "# " + Rule.Title + "\n\n" + paragraphs(Rule.Why) +
                           "\n\n## How to fix it\n\n" + paragraphs(Rule.HowToFix) +
                           "\n\n## Known limits\n\n- " + join(Rule.KnownLimits, "\n- ") + "\n";
    Result["help"] = {
        {"text", paragraphs(Rule.Why) + "\n\nHow to fix it: " + paragraphs(Rule.HowToFix)},
        {"markdown", Markdown}};
    if (!Rule.Aliases.empty())
      Result["deprecatedIds"] = Rule.Aliases;
    Json Relationships = Json::array();
    for (const std::string &Id : Rule.Cwe)
      Relationships.push_back({{"target", weakness(Id)}, {"kinds", Json::array({"superset"})}});
    if (!Relationships.empty())
      Result["relationships"] = std::move(Relationships);
    Result["properties"] = ruleProperties(Rule);
    return Result;
  }

  Json ruleProperties(const RuleInfo &Rule) {
    Json Tags = Json::array({"concurrency", Rule.Family});
    if (Rule.SecuritySeverity)
      Tags.push_back("security");
    for (const std::string &Id : Rule.Cwe)
      Tags.push_back("external/cwe/" + StringRef(Id).lower());
    for (const std::string &Id : Rule.Cert)
      Tags.push_back("external/cert/" + StringRef(Id).lower());
    for (const std::string &Id : Rule.CoreGuidelines)
      Tags.push_back("external/cpp-core-guidelines/" + StringRef(Id).lower());
    Json Result = {{"tags", std::move(Tags)},
                   {"precision", precision(Rule.DefaultConfidence)},
                   {"problem.severity",
                    Rule.Level == Severity::Note ? "recommendation" : spelling(Rule.Level).str()}};
    if (Rule.SecuritySeverity)
      Result["security-severity"] = formatv("{0:f1}", *Rule.SecuritySeverity).str();
    return Result;
  }

  Json weakness(const std::string &Id) {
    return {{"id", Id},
            {"index", find(Weaknesses, Id) - Weaknesses.begin()},
            {"toolComponent", {{"name", "CWE"}, {"index", 0}}}};
  }

  Json taxonomy() {
    Json Taxa = Json::array();
    for (const std::string &Id : Weaknesses)
      Taxa.push_back({{"id", Id}});
    return {{"name", "CWE"},
            {"organization", "MITRE"},
            {"shortDescription", message("The Common Weakness Enumeration.")},
            {"isComprehensive", false},
            {"taxa", std::move(Taxa)}};
  }

  Json invocation() {
    Json Notifications = Json::array();
    for (const UnitFailure &Failure : What.Run.Failures) {
      std::string Text = Failure.Message;
      // The folder of the project is this machine's affair.
      for (size_t At; !What.Root.empty() && (At = Text.find(What.Root + "/")) != std::string::npos;)
        Text.erase(At, What.Root.size() + 1);
      Notifications.push_back(
          {{"level", "error"},
           {"descriptor", {{"id", "unit-failed"}, {"index", 0}}},
           {"message", message(Text)},
           {"locations", Json::array({{{"physicalLocation",
                                        {{"artifactLocation", artifact(Failure.File)}}}}})}});
    }
    for (const Note &Comment : What.Run.UnmatchedComments)
      Notifications.push_back(
          {{"level", "error"},
           {"descriptor", {{"id", "unmatched-comment"}, {"index", 1}}},
           {"message", message(sentence(Comment.Message))},
           {"locations", Json::array({{{"physicalLocation", physical(Comment.Where)}}})}});
    Json Result = {{"executionSuccessful", What.Run.Failures.empty() && !What.Run.Interrupted}};
    if (What.Run.Interrupted)
      Result["exitSignalName"] = What.Run.Signal == SIGTERM ? "SIGTERM" : "SIGINT";
    Result["toolExecutionNotifications"] = std::move(Notifications);
    return Result;
  }

  // Places.

  Json artifact(StringRef Path) {
    StringRef Relative = relativeTo(What.Root, Path);
    if (Relative.size() == Path.size())
      return {{"uri", "file://" + percentEncoded(Path)}};
    return {{"uri", percentEncoded(Relative)}, {"uriBaseId", "%SRCROOT%"}};
  }

  unsigned column(const FileRange &Where, uint32_t Offset) {
    StringRef Text = What.Run.Texts.text(Where.File).value_or("");
    uint32_t Bytes = What.Run.Texts.bytesIntoLine(Where.File, Offset);
    StringRef Before = Text.slice(Offset - Bytes, Offset);
    // A byte order mark is no column.
    if (Offset == Bytes)
      Before.consume_front("\xEF\xBB\xBF");
    return utf16Length(Before) + 1;
  }

  Json region(const FileRange &Where) {
    if (!What.Run.Texts.lineNumber(Where.File, Where.End))
      return {{"startLine", std::max(1u, Where.Line)}};
    return {{"startLine", What.Run.Texts.lineNumber(Where.File, Where.Begin)},
            {"startColumn", column(Where, Where.Begin)},
            {"endLine", What.Run.Texts.lineNumber(Where.File, Where.End)},
            {"endColumn", column(Where, Where.End)}};
  }

  Json physical(const FileRange &Where) {
    Json Region = region(Where);
    std::string Snippet =
        What.Run.Texts.text(Where.File).value_or("").slice(Where.Begin, Where.End).str();
    if (!Snippet.empty())
      Region["snippet"] = message(Snippet);
    return {{"artifactLocation", artifact(Where.File)}, {"region", std::move(Region)}};
  }

  // The lines of a place with one before and one after.
  Json contextRegion(const FileRange &Where) {
    StringRef Text = What.Run.Texts.text(Where.File).value_or("");
    uint32_t Line = What.Run.Texts.lineNumber(Where.File, Where.Begin);
    if (!Line || Where.End > Text.size())
      return {};
    size_t Begin = Text.rfind('\n', Where.Begin);
    if (Begin != StringRef::npos)
      Begin = Text.rfind('\n', Begin);
    Begin = Begin == StringRef::npos ? 0 : Begin + 1;
    size_t End = Text.find('\n', Where.End);
    if (End != StringRef::npos)
      End = Text.find('\n', End + 1);
    uint32_t Last = std::min<size_t>(End, Text.size());
    return {{"startLine", What.Run.Texts.lineNumber(Where.File, Begin)},
            {"endLine", What.Run.Texts.lineNumber(Where.File, Last)},
            {"snippet", message(Text.slice(Begin, End).str())}};
  }

  // Findings.

  Json results() {
    std::vector<std::string> Fingerprints = fingerprints(What);
    Json Result = Json::array();
    size_t Count = What.Run.Findings.size();
    for (size_t I = 0; I < Count; ++I)
      if (!What.Fixed.count(I))
        Result.push_back(result(What.Run.Findings[I], Fingerprints[I]));
    for (size_t I = 0; What.WithSuppressed && I < What.Run.Suppressed.size(); ++I) {
      Result.push_back(result(What.Run.Suppressed[I], Fingerprints[Count + I]));
      Result.back()["suppressions"].push_back({{"kind", "inSource"}});
    }
    return Result;
  }

  Json result(const Finding &F, const std::string &Fingerprint) {
    Json Result;
    const RuleInfo *Rule = What.Rules.find(F.Rule);
    Result["ruleId"] = F.Rule;
    if (Rule)
      Result["ruleIndex"] = Rule - What.Rules.rules().begin();
    Result["level"] = spelling(Rule ? Rule->Level : Severity::Warning);
    Result["rank"] = rank(F.Sureness);
    Result["message"] = message(sentence(F.Message));
    Json Place = physical(F.Primary);
    if (Json Context = contextRegion(F.Primary); !Context.empty())
      Place["contextRegion"] = std::move(Context);
    Result["locations"] = Json::array({{{"physicalLocation", std::move(Place)}}});
    Json Related = Json::array();
    for (const Note &N : F.Notes)
      Related.push_back({{"id", Related.size()},
                         {"physicalLocation", physical(N.Where)},
                         {"message", message(sentence(N.Message))}});
    if (!Related.empty())
      Result["relatedLocations"] = std::move(Related);
    if (!F.Threads.empty())
      Result["codeFlows"] = Json::array({codeFlow(F)});
    Json Fixes = Json::array();
    for (const Fix &Proposal : F.Fixes)
      if (!Proposal.Edits.empty())
        Fixes.push_back(fix(Proposal));
    if (!Fixes.empty())
      Result["fixes"] = std::move(Fixes);
    Result["partialFingerprints"] = {{"heddle/v1", Fingerprint}};
    if (std::string LineHash = lineHash(F.Primary); !LineHash.empty())
      Result["partialFingerprints"]["primaryLocationLineHash"] = std::move(LineHash);
    // All results of a log have suppressions, empty or not, or none has.
    if (What.WithSuppressed)
      Result["suppressions"] = Json::array();
    Result["properties"] = {{"confidence", spelling(F.Sureness)}};
    return Result;
  }

  static std::string sentence(StringRef Text) {
    return (Text + (Text.ends_with(".") ? "" : ".")).str();
  }

  Json codeFlow(const Finding &F) {
    Json Threads = Json::array();
    for (const ThreadStory &Story : F.Threads) {
      Json Steps = Json::array();
      unsigned Depth = 0;
      for (const ThreadStep &Step : Story.Steps) {
        Json Location = {{"physicalLocation", physical(Step.Where)},
                         {"message", message(sentence(Step.Message))}};
        Steps.push_back({{"location", std::move(Location)},
                         {"nestingLevel", Depth},
                         {"importance", "essential"}});
        if (Step.IsCall)
          ++Depth;
      }
      if (Steps.empty())
        continue;
      Steps.back()["state"]["locks held"] =
          message(Story.LocksHeld.empty() ? "none" : join(Story.LocksHeld, ", "));
      Threads.push_back({{"id", std::to_string(Threads.size() + 1)},
                         {"message", message(Story.Name)},
                         {"locations", std::move(Steps)}});
    }
    return {{"message", message("What each thread does.")}, {"threadFlows", std::move(Threads)}};
  }

  Json fix(const Fix &Proposal) {
    std::map<std::string, Json> Files;
    for (const Edit &E : allEdits(Proposal, What.Run.Texts)) {
      Json Replacement = {{"deletedRegion", region(E.Where)}};
      if (!E.Text.empty())
        Replacement["insertedContent"] = message(E.Text);
      Files.try_emplace(E.Where.File, Json::array()).first->second.push_back(Replacement);
    }
    Json Changes = Json::array();
    for (auto &[File, Replacements] : Files)
      Changes.push_back(
          {{"artifactLocation", artifact(File)}, {"replacements", std::move(Replacements)}});
    bool Safe = Proposal.Safety == FixSafety::Safe;
    return {{"description", message(sentence(Proposal.Title))},
            {"artifactChanges", std::move(Changes)},
            {"properties", {{"safety", Safe ? "safe" : "unsafe"}}}};
  }

  std::string lineHash(const FileRange &Where) {
    auto [It, Inserted] = Hashes.try_emplace(Where.File);
    if (Inserted)
      It->second = lineHashes(What.Run.Texts.text(Where.File).value_or(""));
    uint32_t Line = What.Run.Texts.lineNumber(Where.File, Where.Begin);
    return Line && Line <= It->second.size() ? It->second[Line - 1] : "";
  }

  const Report &What;
  std::vector<std::string> Weaknesses;
  std::map<std::string, std::vector<std::string>> Hashes;
};

} // namespace

void writeSarif(raw_ostream &OS, const Report &What) {
  OS << SarifWriter(What).log().dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

} // namespace heddle
