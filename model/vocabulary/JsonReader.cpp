#include "model/vocabulary/JsonReader.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace heddle;

JsonReader::Place JsonReader::Place::operator[](StringRef Key) const {
  std::string Escaped;
  for (char C : Key)
    Escaped += C == '~' ? "~0" : C == '/' ? "~1" : std::string(1, C);
  return {Value.at(Key.str()), Pointer + "/" + Escaped};
}

Error JsonReader::fail(const Place &At, const Twine &Message) {
  return createStringError(FileName + ": " + At.Pointer + (At.Pointer.empty() ? "" : ": ") +
                           Message);
}

std::string JsonReader::acceptedInstead(StringRef Written, const Names &Accepted) {
  StringRef Nearest;
  unsigned Least = std::max<size_t>(2, Written.size() / 3) + 1;
  for (StringRef Name : Accepted)
    if (unsigned Distance = Written.edit_distance(Name, true, Least); Distance < Least) {
      Least = Distance;
      Nearest = Name;
    }
  if (!Nearest.empty())
    return ("; did you mean \"" + Nearest + "\"?").str();
  return "; accepted: " + join(Accepted, ", ");
}

Error JsonReader::parse(StringRef Text, Json &Root) {
  // The library keeps the last of two equal keys; here that would lose words without a sound.
  std::vector<StringSet<>> Open;
  std::string Repeated;
  auto Watch = [&](int, Json::parse_event_t Event, Json &Parsed) {
    if (Event == Json::parse_event_t::object_start)
      Open.emplace_back();
    else if (Event == Json::parse_event_t::object_end)
      Open.pop_back();
    else if (Event == Json::parse_event_t::key && Repeated.empty())
      if (const auto &Key = Parsed.get_ref<const std::string &>(); !Open.back().insert(Key).second)
        Repeated = Key;
    return true;
  };
  try {
    Root = Json::parse(Text.begin(), Text.end(), Watch);
  } catch (const Json::parse_error &E) {
    StringRef Before = Text.take_front(E.byte ? E.byte - 1 : 0);
    size_t Line = Before.count('\n') + 1;
    size_t Column = Before.size() - (Before.rfind('\n') + 1) + 1; // npos + 1 is 0
    // "[json.exception.parse_error.101] parse error at line 1, column 2: reason"
    StringRef Reason = StringRef(E.what()).split("] ").second.split(": ").second;
    return createStringError(FileName + ":" + Twine(Line) + ":" + Twine(Column) +
                             ": invalid JSON: " + Reason);
  }
  if (!Repeated.empty())
    return createStringError(FileName + ": the key \"" + Repeated +
                             "\" stands twice in one object; join the two");
  return Error::success();
}

Error JsonReader::object(const Place &At, StringRef What, const Names &Accepted) {
  if (!At.Value.is_object())
    return fail(At, What + " must be an object with the keys " + join(Accepted, ", "));
  for (const auto &Item : At.Value.items())
    if (!is_contained(Accepted, Item.key()))
      return fail(At, "unknown key \"" + Item.key() + "\"" + acceptedInstead(Item.key(), Accepted));
  return Error::success();
}

Error JsonReader::text(const Place &At, std::string &Result) {
  if (!At.Value.is_string() || At.Value.get_ref<const std::string &>().empty())
    return fail(At, "must be a string that is not empty");
  Result = At.Value.get<std::string>();
  return Error::success();
}

Error JsonReader::flag(const Place &At, bool &Result) {
  if (!At.Value.is_boolean())
    return fail(At, "must be true or false");
  Result = At.Value.get<bool>();
  return Error::success();
}

Error JsonReader::strings(const Place &At, StringRef What, std::vector<std::string> &Result) {
  if (At.Value.is_string()) {
    Result.push_back(At.Value.get<std::string>());
    return Error::success();
  }
  if (!At.Value.is_array() || At.Value.empty())
    return fail(At, "must be a list of " + What);
  for (size_t I = 0; I < At.Value.size(); ++I)
    if (Error E = text(At[I], Result.emplace_back()))
      return E;
  return Error::success();
}

Error JsonReader::numbers(const Place &At, std::vector<int64_t> &Result) {
  for (const Json &Each : At.Value)
    if (Each.is_number_integer())
      Result.push_back(Each.get<int64_t>());
  if (!At.Value.is_array() || Result.size() != At.Value.size())
    return fail(At, "must be a list of numbers");
  return Error::success();
}
