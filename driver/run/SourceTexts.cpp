#include "driver/run/SourceTexts.h"

#include <algorithm>

using namespace llvm;

namespace heddle {

size_t SourceTexts::File::lineIndex(uint32_t Offset) const {
  return std::upper_bound(LineStarts.begin(), LineStarts.end(), Offset) - LineStarts.begin() - 1;
}

void SourceTexts::add(StringRef Path, StringRef Text) {
  auto [It, Inserted] = Files.try_emplace(Path.str());
  if (!Inserted)
    return;
  It->second.Text = Text.str();
  It->second.LineStarts.push_back(0);
  for (size_t I = 0; I < Text.size(); ++I)
    if (Text[I] == '\n')
      It->second.LineStarts.push_back(I + 1);
}

std::vector<std::string> SourceTexts::paths() const {
  std::vector<std::string> Result;
  for (const auto &[Path, Text] : Files)
    Result.push_back(Path);
  return Result;
}

void SourceTexts::merge(SourceTexts Other) { Files.merge(Other.Files); }

void SourceTexts::rename(const std::string &From, std::string To) {
  auto Node = Files.extract(From);
  if (!Node)
    return;
  Node.key() = std::move(To);
  Files.insert(std::move(Node));
}

std::optional<StringRef> SourceTexts::text(StringRef Path) const {
  auto It = Files.find(Path.str());
  if (It == Files.end())
    return std::nullopt;
  return StringRef(It->second.Text);
}

const SourceTexts::File *SourceTexts::find(StringRef Path, uint32_t Offset) const {
  auto It = Files.find(Path.str());
  if (It == Files.end() || Offset > It->second.Text.size())
    return nullptr;
  return &It->second;
}

StringRef SourceTexts::lineAt(StringRef Path, uint32_t Offset) const {
  const File *F = find(Path, Offset);
  if (!F)
    return "";
  StringRef Rest = StringRef(F->Text).substr(F->LineStarts[F->lineIndex(Offset)]);
  return Rest.take_until([](char C) { return C == '\n' || C == '\r'; });
}

uint32_t SourceTexts::lineNumber(StringRef Path, uint32_t Offset) const {
  const File *F = find(Path, Offset);
  return F ? F->lineIndex(Offset) + 1 : 0;
}

uint32_t SourceTexts::bytesIntoLine(StringRef Path, uint32_t Offset) const {
  const File *F = find(Path, Offset);
  return F ? Offset - F->LineStarts[F->lineIndex(Offset)] : 0;
}

} // namespace heddle
