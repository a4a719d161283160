#include "driver/catalogue/Catalogue.h"

#include "llvm/ADT/STLExtras.h"

#include <nlohmann/json.hpp>

using namespace llvm;

namespace heddle {

StringRef spelling(Severity Level) {
  switch (Level) {
  case Severity::Error:
    return "error";
  case Severity::Warning:
    return "warning";
  case Severity::Note:
    return "note";
  }
  llvm_unreachable("all severities handled");
}

StringRef spelling(Confidence Sureness) {
  switch (Sureness) {
  case Confidence::Certain:
    return "certain";
  case Confidence::Likely:
    return "likely";
  case Confidence::Possible:
    return "possible";
  }
  llvm_unreachable("all confidences handled");
}

std::optional<Confidence> parseConfidence(StringRef Text) {
  for (Confidence C : {Confidence::Certain, Confidence::Likely, Confidence::Possible})
    if (spelling(C) == Text)
      return C;
  return std::nullopt;
}

namespace {

using Json = nlohmann::json;

// Takes one file apart. The first thing that is missing or of the wrong kind is remembered; what
// follows reads as empty, so that the reading needs no test at each key.
class RuleReader {
public:
  RuleReader(const Json &Object, StringRef Name) : Object(Object), Name(Name) {}

  std::string text(const char *Key) { return text(Object, Key); }

  std::vector<std::string> texts(const Json &From, const char *Key, bool Required) {
    std::vector<std::string> Result;
    auto It = From.find(Key);
    if (It == From.end() && !Required)
      return Result;
    if (It == From.end() || !It->is_array()) {
      complain(Key, "an array of strings");
      return Result;
    }
    for (const Json &Item : *It) {
      if (!Item.is_string())
        complain(Key, "an array of strings");
      else
        Result.push_back(Item.get<std::string>());
    }
    return Result;
  }

  Severity severity() {
    std::string Text = text("severity");
    for (Severity S : {Severity::Error, Severity::Warning, Severity::Note})
      if (spelling(S) == Text)
        return S;
    complain("severity", "error, warning or note");
    return Severity::Warning;
  }

  Confidence confidence() {
    if (auto C = parseConfidence(text("confidence")))
      return *C;
    complain("confidence", "certain, likely or possible");
    return Confidence::Likely;
  }

  std::vector<RuleOption> options() {
    std::vector<RuleOption> Result;
    for (const Json &Item : Object.value("options", Json::array())) {
      RuleOption O{text(Item, "name"), text(Item, "type"), "", text(Item, "description")};
      if (auto It = Item.find("default"); It != Item.end())
        O.Default = It->dump();
      Result.push_back(std::move(O));
    }
    return Result;
  }

  RuleInfo read() {
    RuleInfo R;
    R.Title = text("title");
    R.Why = texts(Object, "why", true);
    R.HowToFix = texts(Object, "how_to_fix", true);
    R.KnownLimits = texts(Object, "known_limits", true);
    R.Level = severity();
    R.DefaultConfidence = confidence();
    if (auto It = Object.find("security_severity"); It != Object.end() && It->is_number())
      R.SecuritySeverity = It->get<double>();
    Json Tags = Object.value("tags", Json::object());
    R.Cwe = texts(Tags, "cwe", false);
    R.Cert = texts(Tags, "cert", false);
    R.CoreGuidelines = texts(Tags, "core_guidelines", false);
    R.Guidelines = texts(Object, "guidelines", true);
    R.Since = text("since");
    R.Preview = text("status") == "preview";
    R.Aliases = texts(Object, "aliases", false);
    R.Options = options();
    return R;
  }

  std::string Problem;

private:
  std::string text(const Json &From, const char *Key) {
    auto It = From.find(Key);
    if (It != From.end() && It->is_string())
      return It->get<std::string>();
    complain(Key, "a string");
    return "";
  }

  void complain(const char *Key, const char *Wanted) {
    if (Problem.empty())
      Problem = (Name + ": '" + Key + "' must be " + Wanted).str();
  }

  const Json &Object;
  StringRef Name;
};

} // namespace

Expected<Catalogue> Catalogue::builtin() { return parse(embeddedRules()); }

Expected<Catalogue> Catalogue::parse(ArrayRef<EmbeddedFile> Files) {
  Catalogue Result;
  for (const EmbeddedFile &File : Files) {
    Json Object = Json::parse(File.Text.begin(), File.Text.end(), nullptr, false);
    if (!Object.is_object())
      return createStringError("rules/" + File.Name + ": not a JSON object");
    RuleReader Reader(Object, File.Name);
    RuleInfo Rule = Reader.read();
    if (!Reader.Problem.empty())
      return createStringError("rules/" + Reader.Problem);
    std::tie(Rule.Family, Rule.Id) =
        std::pair(File.Name.split('/').first.str(), File.Name.split('/').second.drop_back(5).str());
    Result.Rules.push_back(std::move(Rule));
  }
  llvm::sort(Result.Rules, [](const RuleInfo &A, const RuleInfo &B) { return A.Id < B.Id; });
  return Result;
}

const RuleInfo *Catalogue::find(StringRef Name) const {
  Name.consume_front("heddle-");
  for (const RuleInfo &Rule : Rules)
    if (Name == Rule.Id || Name == Rule.Family + "/" + Rule.Id || is_contained(Rule.Aliases, Name))
      return &Rule;
  return nullptr;
}

void Catalogue::raiseToError(StringRef Id) {
  find_if(Rules, [&](const RuleInfo &Rule) { return Rule.Id == Id; })->Level = Severity::Error;
}

void Catalogue::lowerToWarnings() {
  for (RuleInfo &Rule : Rules)
    Rule.Level = Severity::Warning;
}

std::string Catalogue::nearest(StringRef Name) const {
  Name.consume_front("heddle-");
  std::string Best;
  // More than a third of the letters wrong is another word, not a misspelling.
  unsigned BestDistance = std::max<unsigned>(2, Name.size() / 3) + 1;
  auto Consider = [&](StringRef Candidate) {
    unsigned Distance = Name.edit_distance(Candidate, true, BestDistance);
    if (Distance < BestDistance) {
      BestDistance = Distance;
      Best = Candidate.str();
    }
  };
  for (const RuleInfo &Rule : Rules) {
    Consider(Rule.Id);
    Consider(Rule.Family + "/" + Rule.Id);
    for (const std::string &Alias : Rule.Aliases)
      Consider(Alias);
  }
  return Best;
}

} // namespace heddle
