#include "driver/lsp/MessageReader.h"

#include <algorithm>

using namespace llvm;

namespace heddle::lsp {
namespace {

// Nobody edits a text as long as that.
constexpr size_t LongestMessage = size_t(1) << 30;
// What is in a header stands in its last bytes, if something else is before it.
constexpr size_t LongestLine = 4096;
// The reader of LLVM takes a stack frame for each level; messages have a dozen.
constexpr unsigned DeepestNesting = 500;

constexpr StringLiteral Length = "content-length:";

bool isTooDeep(StringRef Text) {
  unsigned Depth = 0;
  bool InString = false;
  for (size_t I = 0; I < Text.size(); ++I) {
    char C = Text[I];
    if (C == '"')
      InString = !InString;
    else if (InString)
      I += C == '\\';
    else if (C == '[' || C == '{') {
      if (++Depth > DeepestNesting)
        return true;
    } else if ((C == ']' || C == '}') && Depth > 0) {
      --Depth;
    }
  }
  return false;
}

} // namespace

/// False at the end of the input.
bool MessageReader::readLine(std::string &Line) {
  Line.clear();
  for (int C = std::getc(In); C != EOF; C = std::getc(In)) {
    if (C == '\n') {
      if (!Line.empty() && Line.back() == '\r')
        Line.pop_back();
      return true;
    }
    Line += char(C);
    if (Line.size() > 2 * LongestLine)
      Line.erase(0, LongestLine);
  }
  return false;
}

/// The length of the message that follows.
std::optional<size_t> MessageReader::readHeaders() {
  std::string Line;
  std::optional<size_t> Result;
  while (readLine(Line)) {
    if (Line.empty()) {
      if (Result)
        return Result;
      continue;
    }
    size_t At = StringRef(Line).rfind_insensitive(Length);
    if (At == StringRef::npos)
      continue;
    size_t Number = 0;
    if (!StringRef(Line).substr(At + Length.size()).trim().getAsInteger(10, Number) && Number > 0 &&
        Number <= LongestMessage)
      Result = Number;
  }
  return std::nullopt;
}

std::optional<Expected<json::Value>> MessageReader::next() {
  std::optional<size_t> Size = readHeaders();
  if (!Size)
    return std::nullopt;
  // What is promised need not come.
  std::string Text;
  char Part[65536];
  while (Text.size() < *Size) {
    size_t Got = std::fread(Part, 1, std::min(sizeof(Part), *Size - Text.size()), In);
    if (Got == 0)
      return std::nullopt;
    Text.append(Part, Got);
  }
  if (isTooDeep(Text))
    return createStringError("nested too deep");
  return json::parse(Text);
}

} // namespace heddle::lsp
