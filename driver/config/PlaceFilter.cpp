#include "driver/config/PlaceFilter.h"

#include "llvm/ADT/STLExtras.h"

#include <nlohmann/json.hpp>

using namespace llvm;

namespace heddle {
namespace {

using Json = nlohmann::json;

Error readRegex(StringRef Option, StringRef Text, std::optional<Regex> &Out) {
  if (Text.empty())
    return Error::success();
  Out.emplace(Text);
  std::string Problem;
  if (!Out->isValid(Problem))
    return createStringError("--" + Option + ": bad regular expression '" + Text + "': " + Problem);
  return Error::success();
}

Error badLines(StringRef Text) {
  return createStringError("--line-filter is JSON like "
                           "[{\"name\":\"a.cpp\",\"lines\":[[1,3],[5,7]]}], not '" +
                           Text + "'");
}

bool isLineRange(const Json &Range) {
  return Range.is_array() && Range.size() == 2 && Range[0].is_number_unsigned() &&
         Range[1].is_number_unsigned();
}

} // namespace

Expected<PlaceFilter> PlaceFilter::create(StringRef Headers, StringRef ExcludedHeaders,
                                          StringRef Lines) {
  PlaceFilter Result;
  if (Error E = readRegex("header-filter", Headers, Result.Headers))
    return std::move(E);
  if (Error E = readRegex("exclude-header-filter", ExcludedHeaders, Result.ExcludedHeaders))
    return std::move(E);
  if (Lines.empty())
    return std::move(Result);
  Json Given = Json::parse(Lines.begin(), Lines.end(), nullptr, /*allow_exceptions=*/false);
  if (!Given.is_array())
    return badLines(Lines);
  for (const Json &Item : Given) {
    if (!Item.is_object() || !Item.contains("name") || !Item["name"].is_string())
      return badLines(Lines);
    FileLines File{Item["name"].get<std::string>(), {}};
    Json Ranges = Item.value("lines", Json::array());
    if (!Ranges.is_array() || !all_of(Ranges, isLineRange))
      return badLines(Lines);
    for (const Json &Range : Ranges) {
      if (Range[0].get<uint64_t>() > Range[1].get<uint64_t>())
        return createStringError("--line-filter: the lines " + Range.dump() + " of '" + File.Name +
                                 "' end before they begin");
      File.Ranges.emplace_back(Range[0].get<uint32_t>(), Range[1].get<uint32_t>());
    }
    Result.Lines.push_back(std::move(File));
  }
  return std::move(Result);
}

bool PlaceFilter::passes(StringRef Path, uint32_t Line, bool IsCompiled) const {
  if (!IsCompiled &&
      ((Headers && !Headers->match(Path)) || (ExcludedHeaders && ExcludedHeaders->match(Path))))
    return false;
  if (Lines.empty())
    return true;
  auto File = find_if(Lines, [&](const FileLines &F) { return Path.ends_with(F.Name); });
  return File != Lines.end() &&
         (File->Ranges.empty() || any_of(File->Ranges, [&](std::pair<uint32_t, uint32_t> Range) {
            return Range.first <= Line && Line <= Range.second;
          }));
}

} // namespace heddle
