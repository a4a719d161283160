#include "driver/lsp/Places.h"

using namespace llvm;

namespace heddle::lsp {

static Position positionIn(const SourceTexts &Texts, const std::string &File, uint32_t Offset,
                           Encoding Columns) {
  StringRef Line = Texts.lineAt(File, Offset).take_front(Texts.bytesIntoLine(File, Offset));
  return {int(Texts.lineNumber(File, Offset)) - 1, int(columnAfter(Line, Columns))};
}

std::optional<Place> Places::find(const Analysis &Of, const FileRange &Where) const {
  auto Document = Open.find(Where.File);
  if (Document == Open.end()) {
    std::optional<StringRef> Text = Of.Texts.text(Where.File);
    if (!Text || Where.End > Text->size())
      return std::nullopt;
    return Place{uriOf(Where.File), Range(positionIn(Of.Texts, Where.File, Where.Begin, Columns),
                                          positionIn(Of.Texts, Where.File, Where.End, Columns))};
  }
  auto Age = Of.Ages.find(Where.File);
  // A document that was not open then said what its file said.
  size_t Then = Age == Of.Ages.end() ? 0 : Age->second;
  auto Moved = Document->second.moved(Where.Begin, Where.End, Then);
  if (!Moved || Moved->second > Document->second.text().size())
    return std::nullopt;
  return Place{Document->second.uri(), Range(Document->second.positionOf(Moved->first, Columns),
                                             Document->second.positionOf(Moved->second, Columns))};
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
