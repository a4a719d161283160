#include "driver/lsp/Places.h"

using namespace llvm;

namespace heddle::lsp {

std::optional<Place> Places::find(const Analysis &Of, const FileRange &Where) const {
  auto Document = Open.find(Where.File);
  if (Document == Open.end()) {
    std::optional<StringRef> Text = Of.Texts.text(Where.File);
    if (!Text)
      return std::nullopt;
    return Place{uriOf(Where.File), Range(positionOf(*Text, Where.Begin, Columns),
                                          positionOf(*Text, Where.End, Columns))};
  }
  auto Age = Of.Ages.find(Where.File);
  // A document that was not open then said what its file said.
  size_t Then = Age == Of.Ages.end() ? 0 : Age->second;
  auto Moved = Document->second.moved(Where.Begin, Where.End, Then);
  if (!Moved || Moved->second > Document->second.text().size())
    return std::nullopt;
  StringRef Text = Document->second.text();
  return Place{Document->second.uri(), Range(positionOf(Text, Moved->first, Columns),
                                             positionOf(Text, Moved->second, Columns))};
}

std::string Places::uri(const std::string &Path) const {
  auto Document = Open.find(Path);
  return Document == Open.end() ? uriOf(Path) : Document->second.uri();
}

std::optional<int64_t> Places::version(const std::string &Path) const {
  auto Document = Open.find(Path);
  if (Document == Open.end())
    return std::nullopt;
  return Document->second.version();
}

std::optional<Place> Places::findFirstLine(const Analysis &Of, const FileRange &Where) const {
  FileRange Line = Where;
  if (std::optional<StringRef> Text = Of.Texts.text(Where.File))
    if (size_t End = Text->slice(Where.Begin, Where.End).find('\n'); End != StringRef::npos)
      Line.End = Where.Begin + End;
  return find(Of, Line);
}

} // namespace heddle::lsp
