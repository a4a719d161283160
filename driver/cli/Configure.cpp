// Settings in the form of .clang-tidy: --config, --config-file and --dump-config.
#include "driver/catalogue/RuleSelection.h"
#include "driver/cli/Commands.h"
#include "driver/config/TidyConfig.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace heddle {
namespace {

constexpr StringLiteral MinimumOption = "HeddleMinConfidence";
constexpr StringLiteral FixUnsafeOption = "HeddleFixUnsafe";
constexpr StringLiteral VocabularyOption = "HeddleVocabulary";

class Applier {
public:
  Applier(CommandLine &Options, const Catalogue &Rules) : Options(Options), Rules(Rules) {}

  Error run() {
    Expected<TidyConfig> Read = read();
    if (!Read)
      return Read.takeError();
    if (Error E = applyRules(*Read))
      return E;
    for (const auto &[Name, Value] : Read->CheckOptions)
      if (Error E = applyCheckOption(Name, Value))
        return createStringError(Source + ": " + toString(std::move(E)));
    prepend(Options.VocabularyFiles, Vocabularies);
    if (Options.HeaderFilter.empty())
      Options.HeaderFilter = Read->HeaderFilter;
    if (Options.ExcludeHeaderFilter.empty())
      Options.ExcludeHeaderFilter = Read->ExcludeHeaderFilter;
    if (Read->UseColor && !Options.HasColor)
      Options.Color = *Read->UseColor ? ColorMode::Always : ColorMode::Never;
    prepend(Options.ExtraArguments, Read->ExtraArguments);
    prepend(Options.ExtraArgumentsBefore, Read->ExtraArgumentsBefore);
    prepend(Options.RemovedArguments, Read->RemovedArguments);
    Options.HasMinimum |= SaysMinimum;
    return Error::success();
  }

private:
  static void prepend(std::vector<std::string> &To, const std::vector<std::string> &What) {
    To.insert(To.begin(), What.begin(), What.end());
  }

  // The later globs have the last word.
  static std::string joined(const std::string &Globs, const std::string &Later) {
    return Later.empty() ? Globs : Globs + "," + Later;
  }

  Expected<TidyConfig> read() {
    SmallString<256> Here;
    if (std::error_code Problem = sys::fs::current_path(Here))
      return createStringError("no current folder: " + Problem.message());
    if (Options.Config) {
      Source = "--config";
      Folder = Here.str().str();
      return parseTidyConfig(*Options.Config, Source);
    }
    Source = *Options.ConfigFile;
    auto Buffer = MemoryBuffer::getFile(Source, /*IsText=*/true);
    if (!Buffer)
      return createStringError("cannot read configuration '" + Source +
                               "': " + Buffer.getError().message());
    SmallString<256> Path(Source);
    sys::path::make_absolute(Here, Path);
    Folder = sys::path::parent_path(Path).str();
    return parseTidyConfig((*Buffer)->getBuffer(), Source);
  }

  Error applyRules(const TidyConfig &Read) {
    if (!Read.Checks.empty()) {
      Options.Checks = joined(withoutOthersChecks(Rules, Read.Checks), Options.Checks);
      Expected<std::set<std::string>> Left = selectRules(Rules, Options.Checks, true);
      if (!Left)
        return createStringError(Source + ": " + toString(Left.takeError()));
      if (Left->empty() && !Options.AllowNoChecks)
        return createStringError(Source + ": its Checks name none of Heddle's rules\n"
                                          "Add heddle-* to them, or choose with --checks.");
    }
    if (std::string Ours = withoutOthersChecks(Rules, Read.WarningsAsErrors);
        !Ours.empty() && Ours != "-*")
      Options.WarningsAsErrors = joined(Ours, Options.WarningsAsErrors);
    return Error::success();
  }

  // "HeddleX" for all rules, "heddle-<rule>.HeddleX" for one; whatever else is clang-tidy's.
  Error applyCheckOption(StringRef Name, const std::string &Value) {
    std::string Rule;
    StringRef Option = Name;
    if (Name.starts_with("heddle-")) {
      StringRef Check;
      std::tie(Check, Option) = Name.split('.');
      Check.consume_front("heddle-");
      const RuleInfo *Known = Rules.find(Check);
      if (!Known)
        return unknownRule(Rules, Check);
      Rule = Known->Id;
    } else if (!Name.starts_with("Heddle")) {
      return Error::success();
    }
    if (Option == MinimumOption)
      return setMinimum(Rule, Value);
    if (Option == FixUnsafeOption)
      return setFixUnsafe(Rule, Value);
    if (Option == VocabularyOption && Rule.empty()) {
      for (const std::string &File : splitNames(Value))
        Vocabularies.push_back(locateUpwards(File, Folder));
      return Error::success();
    }
    return createStringError("unknown option '" + Name + "'\nThe options are: " + MinimumOption +
                             ", " + FixUnsafeOption + ", " + VocabularyOption);
  }

  Error setMinimum(const std::string &Rule, const std::string &Value) {
    std::optional<Confidence> Level = parseConfidence(Value);
    if (!Level)
      return createStringError(MinimumOption + " is certain, likely or possible, not '" + Value +
                               "'");
    if (Options.HasMinimum)
      return Error::success();
    SaysMinimum |= Rule.empty();
    (Rule.empty() ? Options.Minimum : Options.MinimumOf[Rule]) = *Level;
    return Error::success();
  }

  Error setFixUnsafe(const std::string &Rule, const std::string &Value) {
    bool Wanted = Value == "true" || Value == "1";
    if (!Wanted && Value != "false" && Value != "0")
      return createStringError(FixUnsafeOption + " is true or false, not '" + Value + "'");
    bool Said = Options.Fix && Options.FixUnsafe; // by --fix-unsafe, which is for all rules
    if (Rule.empty())
      Options.FixUnsafe |= Wanted;
    else if (!Said)
      Options.FixUnsafeOf[Rule] = Wanted;
    return Error::success();
  }

  CommandLine &Options;
  const Catalogue &Rules;
  std::string Source; ///< How messages call the configuration.
  std::string Folder; ///< Where its relative names start from.
  std::vector<std::string> Vocabularies;
  bool SaysMinimum = false;
};

// Whoever names a rule wants to hear of it, also if it is never sure. Who says how sure it has to
// be has the last word.
void lowerMinimumOfNamed(CommandLine &Options, const Catalogue &Rules) {
  if (Options.HasMinimum)
    return;
  for (StringRef Word : split(Options.Checks, ','))
    if (const RuleInfo *Rule = Rules.find(Word.trim());
        Rule && Rule->DefaultConfidence > Options.Minimum)
      Options.MinimumOf.try_emplace(Rule->Id, Rule->DefaultConfidence);
}

std::string quoted(StringRef Text) {
  std::string Result = "'";
  for (char C : Text)
    Result += C == '\'' ? std::string("''") : std::string(1, C);
  return Result + "'";
}

std::string names(const Catalogue &Rules, const std::set<std::string> &Selected) {
  if (Selected.size() == Rules.rules().size())
    return "heddle-*";
  std::vector<std::string> Result;
  for (const std::string &Id : Selected)
    Result.push_back("heddle-" + Id);
  return join(Result, ",");
}

void printList(StringRef Key, ArrayRef<std::string> Words) {
  if (Words.empty())
    return;
  outs() << Key << ":\n";
  for (const std::string &Word : Words)
    outs() << "  - " << quoted(Word) << '\n';
}

StringRef asText(bool Value) { return Value ? "true" : "false"; }

} // namespace

Error applyConfig(CommandLine &Options, const Catalogue &Rules) {
  // The empty --config is how clang-tidy is told to look for files of its own.
  if (Options.ConfigFile || !Options.Config.value_or("").empty())
    if (Error E = Applier(Options, Rules).run())
      return E;
  lowerMinimumOfNamed(Options, Rules);
  return Error::success();
}

int runDumpConfig(const CommandLine &Options, const Catalogue &Rules) {
  Expected<std::set<std::string>> Selected =
      selectRules(Rules, Options.Checks, Options.AllowNoChecks);
  if (!Selected)
    return complain(Selected.takeError());
  Expected<std::set<std::string>> Raised = selectRules(Rules, Options.WarningsAsErrors, true);
  if (!Raised)
    return complain(Raised.takeError());
  std::string Errors = Options.WarningsAsErrors.empty() ? ""
                       : Raised->empty()                ? "-*"
                                                        : names(Rules, *Raised);
  outs() << "---\nChecks: " << quoted("-*," + names(Rules, *Selected))
         << "\nWarningsAsErrors: " << quoted(Errors) << "\nHeaderFilterRegex: "
         << quoted(Options.HeaderFilter.empty() ? ".*" : Options.HeaderFilter)
         << "\nExcludeHeaderFilterRegex: " << quoted(Options.ExcludeHeaderFilter)
         << "\nFormatStyle: file\n";
  printList("ExtraArgs", Options.ExtraArguments);
  printList("ExtraArgsBefore", Options.ExtraArgumentsBefore);
  printList("RemovedArgs", Options.RemovedArguments);
  outs() << "CheckOptions:\n  " << FixUnsafeOption << ": " << asText(Options.FixUnsafe) << "\n  "
         << MinimumOption << ": " << spelling(Options.Minimum) << "\n  " << VocabularyOption << ": "
         << quoted(join(Options.VocabularyFiles, ";")) << '\n';
  for (const auto &[Rule, Wanted] : Options.FixUnsafeOf)
    outs() << "  heddle-" << Rule << "." << FixUnsafeOption << ": " << asText(Wanted) << '\n';
  for (const auto &[Rule, Level] : Options.MinimumOf)
    outs() << "  heddle-" << Rule << "." << MinimumOption << ": " << spelling(Level) << '\n';
  outs() << "...\n";
  return ExitClean;
}

} // namespace heddle
