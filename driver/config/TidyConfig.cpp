#include "driver/config/TidyConfig.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"

using namespace llvm;

namespace heddle {
namespace {

constexpr StringLiteral OurKeys[] = {
    "Checks",      "WarningsAsErrors", "HeaderFilterRegex", "ExcludeHeaderFilterRegex",
    "UseColor",    "ExtraArgs",        "ExtraArgsBefore",   "RemovedArgs",
    "CheckOptions"};

// What .clang-tidy may have besides; it concerns clang-tidy alone.
constexpr StringLiteral OthersKeys[] = {"CustomChecks",
                                        "FormatStyle",
                                        "HeaderFileExtensions",
                                        "ImplementationFileExtensions",
                                        "InheritParentConfig",
                                        "SystemHeaders",
                                        "User"};

class Reader {
public:
  Reader(StringRef Text, StringRef Name) : Stream(MemoryBufferRef(Text, Name), Sources) {
    Sources.setDiagHandler(
        [](const SMDiagnostic &D, void *Reader) { static_cast<class Reader *>(Reader)->note(D); },
        this);
  }

  Expected<TidyConfig> run() {
    yaml::document_iterator Document = Stream.begin();
    yaml::Node *Root = Document == Stream.end() ? nullptr : Document->getRoot();
    if (auto *Keys = dyn_cast_or_null<yaml::MappingNode>(Root))
      readKeys(*Keys);
    else if (Root && !isa<yaml::NullNode>(Root))
      complain(*Root, "a configuration is a list of 'Key: value'");
    if (Root && Problem.empty())
      Document->skip(); // to the end, for the syntax's sake
    if (!Problem.empty() || Stream.failed())
      return createStringError(Problem.empty() ? "the configuration is broken" : Problem);
    return std::move(Result);
  }

private:
  void note(const SMDiagnostic &D) {
    if (!Problem.empty()) // the first one says it all
      return;
    Problem = D.getFilename().str();
    if (D.getLineNo() > 0)
      Problem += ":" + utostr(D.getLineNo()) + ":" + utostr(D.getColumnNo() + 1);
    Problem += ": " + D.getMessage().str();
  }

  void complain(yaml::Node &Where, const Twine &Message) { Stream.printError(&Where, Message); }

  // Each value has to be read before the next one, as the parser goes on with it.
  void readKeys(yaml::MappingNode &Keys) {
    for (yaml::KeyValueNode &Each : Keys) {
      std::optional<std::string> Key = text(Each.getKey());
      if (!Key || !Each.getValue())
        return;
      readKey(*Key, *Each.getKey(), *Each.getValue());
      if (!Problem.empty())
        return;
    }
  }

  void readKey(StringRef Key, yaml::Node &Where, yaml::Node &Value) {
    if (Key == "Checks")
      Result.Checks = globs(Value);
    else if (Key == "WarningsAsErrors")
      Result.WarningsAsErrors = globs(Value);
    else if (Key == "HeaderFilterRegex")
      Result.HeaderFilter = regex(Value);
    else if (Key == "ExcludeHeaderFilterRegex")
      Result.ExcludeHeaderFilter = regex(Value);
    else if (Key == "UseColor")
      Result.UseColor = truth(Key, Value);
    else if (Key == "ExtraArgs")
      Result.ExtraArguments = list(Value);
    else if (Key == "ExtraArgsBefore")
      Result.ExtraArgumentsBefore = list(Value);
    else if (Key == "RemovedArgs")
      Result.RemovedArguments = list(Value);
    else if (Key == "CheckOptions")
      readCheckOptions(Value);
    else if (is_contained(OthersKeys, Key))
      Value.skip();
    else
      complain(Where, "unknown key '" + Key + "'" + didYouMean(Key));
  }

  static std::string didYouMean(StringRef Key) {
    for (ArrayRef<StringLiteral> Known : {ArrayRef(OurKeys), ArrayRef(OthersKeys)})
      for (StringRef Each : Known)
        if (Key.edit_distance_insensitive(Each, true, 2) <= 2)
          return ("; did you mean '" + Each + "'?").str();
    return "";
  }

  std::string regex(yaml::Node &Value) {
    std::string Text = text(&Value).value_or("");
    if (std::string Problem; !Text.empty() && !Regex(Text).isValid(Problem))
      complain(Value, "bad regular expression '" + Text + "': " + Problem);
    return Text;
  }

  std::optional<bool> truth(StringRef Key, yaml::Node &Value) {
    std::string Text = text(&Value).value_or("");
    std::optional<bool> Known = yaml::parseBool(Text);
    if (!Known && !Text.empty())
      complain(Value, Key + " is true or false, not '" + Text + "'");
    return Known;
  }

  // {name: value}, or the older [{key: name, value: value}].
  void readCheckOptions(yaml::Node &Value) {
    if (auto *Options = dyn_cast<yaml::MappingNode>(&Value)) {
      for (yaml::KeyValueNode &Each : *Options)
        if (std::optional<std::string> Name = text(Each.getKey()))
          Result.CheckOptions[*Name] = text(Each.getValue()).value_or("");
      return;
    }
    auto *Options = dyn_cast<yaml::SequenceNode>(&Value);
    if (!Options) {
      if (!isa<yaml::NullNode>(&Value))
        complain(Value, "CheckOptions are a list of 'name: value'");
      return;
    }
    for (yaml::Node &Each : *Options) {
      std::map<StringRef, std::string> Parts = {{"key", ""}, {"value", ""}};
      auto *Option = dyn_cast<yaml::MappingNode>(&Each);
      if (!Option)
        return complain(Each, "an option is '{key: name, value: value}'");
      for (yaml::KeyValueNode &Part : *Option) {
        std::optional<std::string> Name = text(Part.getKey());
        auto Known = Parts.find(Name.value_or(""));
        if (Known == Parts.end())
          return complain(Each, "an option is '{key: name, value: value}'");
        Known->second = text(Part.getValue()).value_or("");
      }
      Result.CheckOptions[Parts["key"]] = Parts["value"];
    }
  }

  std::optional<std::string> text(yaml::Node *Value) {
    if (auto *Scalar = dyn_cast_or_null<yaml::ScalarNode>(Value)) {
      SmallString<64> Storage;
      return Scalar->getValue(Storage).str();
    }
    if (auto *Block = dyn_cast_or_null<yaml::BlockScalarNode>(Value))
      return Block->getValue().str();
    if (isa_and_nonnull<yaml::NullNode>(Value))
      return "";
    if (Value)
      complain(*Value, "a single value is expected");
    return std::nullopt;
  }

  std::vector<std::string> list(yaml::Node &Value) {
    std::vector<std::string> Words;
    auto *Sequence = dyn_cast<yaml::SequenceNode>(&Value);
    if (!Sequence && !isa<yaml::NullNode>(&Value))
      complain(Value, "a list is expected");
    if (Sequence)
      for (yaml::Node &Each : *Sequence)
        if (std::optional<std::string> Word = text(&Each))
          Words.push_back(std::move(*Word));
    return Words;
  }

  std::string globs(yaml::Node &Value) {
    std::string Text =
        isa<yaml::SequenceNode>(&Value) ? join(list(Value), ",") : text(&Value).value_or("");
    std::replace(Text.begin(), Text.end(), '\n', ',');
    return Text;
  }

  SourceMgr Sources;
  yaml::Stream Stream;
  std::string Problem;
  TidyConfig Result;
};

} // namespace

Expected<TidyConfig> parseTidyConfig(StringRef Text, StringRef Name) {
  return Reader(Text, Name).run();
}

std::vector<std::string> splitNames(StringRef Names) {
  SmallVector<StringRef> Words;
  SplitString(Names, Words, ";,");
  std::vector<std::string> Result;
  for (StringRef Word : Words)
    if (!Word.trim().empty())
      Result.push_back(Word.trim().str());
  return Result;
}

std::string locateUpwards(StringRef Name, StringRef Folder) {
  if (!sys::path::is_absolute(Name))
    for (StringRef At = Folder; !At.empty(); At = sys::path::parent_path(At)) {
      SmallString<256> Candidate(At);
      sys::path::append(Candidate, Name);
      if (sys::fs::exists(Candidate))
        return Candidate.str().str();
    }
  return Name.str();
}

} // namespace heddle
