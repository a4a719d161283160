#include "driver/lsp/Documents.h"

#include "driver/output/Utf16.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>

using namespace llvm;

namespace heddle::lsp {

// Nobody asks for what happened so long ago.
constexpr size_t MostReplacements = 1000;

unsigned columnAfter(StringRef Before, Encoding Columns) {
  return Columns == Encoding::Utf8 ? Before.size() : utf16Length(Before);
}

static size_t bytesOfColumns(StringRef Line, unsigned Column, Encoding Columns) {
  if (Columns == Encoding::Utf8)
    return std::min<size_t>(Column, Line.size());
  size_t Bytes = 0;
  for (unsigned Units = 0; Bytes < Line.size() && Units < Column;) {
    // The first byte of a character tells how many follow; those outside of the basic plane are two
    // units.
    unsigned char Lead = Line[Bytes];
    size_t Length = Lead < 0xC0 ? 1 : Lead < 0xE0 ? 2 : Lead < 0xF0 ? 3 : 4;
    Length = std::min(Length, Line.size() - Bytes);
    Units += utf16Length(Line.substr(Bytes, Length));
    Bytes += Length;
  }
  return Bytes;
}

Document::Document(DocumentUri Uri, int64_t Version, std::string Text)
    : Uri(std::move(Uri)), Version(Version),
      Text(std::make_shared<const std::string>(std::move(Text))) {
  auto OnDisk =
      MemoryBuffer::getFile(this->path(), /*IsText=*/false, /*RequiresNullTerminator=*/false);
  FromDisk = OnDisk && (*OnDisk)->getBuffer() == *this->Text;
  countLines();
}

void Document::countLines() {
  LineStarts = {0};
  IsAscii = isASCII(*Text);
  for (size_t At = Text->find('\n'); At != std::string::npos; At = Text->find('\n', At + 1))
    LineStarts.push_back(At + 1);
}

size_t Document::offsetOf(Position Place, Encoding Columns) const {
  size_t Number = std::max(0, Place.line);
  if (Number >= LineStarts.size())
    return Text->size();
  StringRef Line = StringRef(*Text).substr(LineStarts[Number]);
  Line = Line.take_until([](char C) { return C == '\n'; });
  Line.consume_back("\r");
  return LineStarts[Number] +
         bytesOfColumns(Line, std::max(0, Place.character), IsAscii ? Encoding::Utf8 : Columns);
}

Position Document::positionOf(size_t Offset, Encoding Columns) const {
  auto Line = std::upper_bound(LineStarts.begin(), LineStarts.end(), Offset) - 1;
  return {int(Line - LineStarts.begin()), int(columnAfter(StringRef(*Text).slice(*Line, Offset),
                                                          IsAscii ? Encoding::Utf8 : Columns))};
}

void Document::change(int64_t NewVersion, ArrayRef<TextChange> Changes, Encoding Columns) {
  Version = NewVersion;
  FromDisk = false;
  for (const TextChange &Each : Changes) {
    if (Each.Where) {
      size_t Begin = offsetOf(Each.Where->start, Columns);
      size_t End = std::max(Begin, offsetOf(Each.Where->end, Columns));
      replace(Begin, End, Each.Text);
      continue;
    }
    // A client that sends whole texts changes a place as well; findings elsewhere stay.
    StringRef Old = *Text, New = Each.Text;
    size_t Least = std::min(Old.size(), New.size());
    size_t Front = std::mismatch(Old.begin(), Old.begin() + Least, New.begin()).first - Old.begin();
    size_t Back = 0;
    while (Back < Least - Front && Old[Old.size() - 1 - Back] == New[New.size() - 1 - Back])
      ++Back;
    replace(Front, Old.size() - Back, New.slice(Front, New.size() - Back));
  }
}

void Document::replace(size_t Begin, size_t End, StringRef With) {
  std::string New;
  New.reserve(Text->size() + With.size());
  New.append(*Text, 0, Begin).append(With).append(*Text, End);
  Text = std::make_shared<const std::string>(std::move(New));
  countLines();
  Replacements.push_back({uint32_t(Begin), uint32_t(End), uint32_t(With.size())});
  if (Replacements.size() > MostReplacements) {
    Replacements.pop_front();
    ++Forgotten;
  }
}

std::optional<std::pair<uint32_t, uint32_t>> Document::moved(uint32_t Begin, uint32_t End,
                                                             size_t Age) const {
  if (Age < Forgotten)
    return std::nullopt;
  for (size_t I = Age - Forgotten; I < Replacements.size(); ++I) {
    const Replacement &R = Replacements[I];
    if (R.End <= Begin) {
      Begin += R.Length - (R.End - R.Begin);
      End += R.Length - (R.End - R.Begin);
    } else if (R.Begin < End) {
      return std::nullopt;
    }
  }
  return std::pair(Begin, End);
}

} // namespace heddle::lsp
