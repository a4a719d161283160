#include "driver/lsp/Settings.h"

#include "driver/catalogue/Catalogue.h"

using namespace llvm;

namespace heddle::lsp {
namespace {

class SettingsReader {
public:
  explicit SettingsReader(std::vector<std::string> &Complaints) : Complaints(Complaints) {}

  Settings read(const json::Object &From) {
    for (const auto &[Key, Value] : From)
      if (Value.kind() != json::Value::Null)
        set(Key, Value);
    return std::move(Result);
  }

private:
  void set(StringRef Key, const json::Value &Value) {
    if (Key == "checks")
      text(Key, Value, Result.Checks);
    else if (Key == "minConfidence")
      confidence(Key, Value);
    else if (Key == "vocabulary")
      texts(Key, Value, Result.Vocabulary);
    else if (Key == "compilationDatabasePath")
      text(Key, Value, Result.DatabasePath);
    else if (Key == "extraArgs")
      texts(Key, Value, Result.ExtraArguments);
    else if (Key == "extraArgsBefore")
      texts(Key, Value, Result.ExtraArgumentsBefore);
    else if (Key == "fallbackFlags")
      texts(Key, Value, Result.FallbackFlags);
    else if (Key == "debounce")
      number(Key, Value, Result.Debounce);
    else if (Key == "jobs")
      number(Key, Value, Result.Jobs);
    // Others are the editor's own: where the server is, whether it is traced.
  }

  void complain(StringRef Key, StringRef Wanted) {
    Complaints.push_back(("the setting 'heddle." + Key + "' must be " + Wanted).str());
  }

  void text(StringRef Key, const json::Value &Value, std::string &To) {
    if (std::optional<StringRef> Text = Value.getAsString())
      To = Text->str();
    else
      complain(Key, "a string");
  }

  void texts(StringRef Key, const json::Value &Value, std::vector<std::string> &To) {
    const json::Array *List = Value.getAsArray();
    if (!List)
      return complain(Key, "a list of strings");
    for (const json::Value &Each : *List)
      text(Key, Each, To.emplace_back());
  }

  void number(StringRef Key, const json::Value &Value, unsigned &To) {
    std::optional<int64_t> Number = Value.getAsInteger();
    if (Number && *Number >= 0 && *Number <= 60000)
      To = *Number;
    else
      complain(Key, "a number from 0 to 60000");
  }

  void confidence(StringRef Key, const json::Value &Value) {
    if (std::optional<Confidence> Level = parseConfidence(Value.getAsString().value_or("")))
      Result.Minimum = *Level;
    else
      complain(Key, "certain, likely or possible");
  }

  Settings Result;
  std::vector<std::string> &Complaints;
};

} // namespace

Settings readSettings(const json::Value &From, std::vector<std::string> &Complaints) {
  const json::Object *Object = From.getAsObject();
  if (Object)
    if (const json::Object *Section = Object->getObject("heddle"))
      Object = Section;
  return Object ? SettingsReader(Complaints).read(*Object) : Settings();
}

} // namespace heddle::lsp
