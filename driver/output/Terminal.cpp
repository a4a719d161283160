#include "driver/output/Terminal.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Unicode.h"

#include <algorithm>
#include <vector>

using namespace llvm;

namespace heddle {
namespace {

constexpr unsigned MostColumns = 160;
constexpr unsigned ColumnsBefore = 40; // Of the mark, in a line that is cut.
constexpr size_t BytesAround = 2048;   // Nobody has to see more, and some lines have millions.
constexpr StringLiteral Ellipsis = "...";

/// One character, as it is shown.
struct Cell {
  std::string Text;
  unsigned Width;
  size_t Bytes; ///< Of the source.
};

bool isContinuation(char C) { return (static_cast<unsigned char>(C) & 0xC0) == 0x80; }

Cell escaped(StringRef Bytes) {
  std::string Text;
  for (char C : Bytes)
    Text += "\\x" + utohexstr(static_cast<unsigned char>(C), /*LowerCase=*/false, /*Width=*/2);
  unsigned Width = Text.size();
  return {std::move(Text), Width, Bytes.size()};
}

Cell firstCell(StringRef Text) {
  if (Text.front() == '\t')
    return {"\t", 1, 1};
  const auto *Begin = reinterpret_cast<const UTF8 *>(Text.data());
  size_t Length = getNumBytesForUTF8(*Begin);
  if (Length > Text.size() || !isLegalUTF8Sequence(Begin, Begin + Length))
    return escaped(Text.take_front(1));
  StringRef Character = Text.take_front(Length);
  UTF32 Code = 0;
  if (convertUTF8Sequence(&Begin, Begin + Length, &Code, strictConversion) != conversionOK ||
      !sys::unicode::isPrintable(static_cast<int>(Code)))
    return escaped(Character);
  return {Character.str(), static_cast<unsigned>(sys::unicode::columnWidthUTF8(Character)), Length};
}

} // namespace

std::string printable(StringRef Text, bool KeepLines) {
  std::string Result;
  while (!Text.empty()) {
    if (KeepLines && Text.front() == '\n') {
      Result += '\n';
      Text = Text.drop_front();
      continue;
    }
    Cell Next = firstCell(Text);
    Result += Next.Text;
    Text = Text.drop_front(Next.Bytes);
  }
  return Result;
}

MarkedLine markedLine(StringRef Line, size_t Begin, size_t End) {
  Begin = std::min(Begin, Line.size());
  End = std::clamp(End, Begin, Line.size());
  size_t From = Begin > BytesAround ? Begin - BytesAround : 0;
  while (From > 0 && From < Begin && isContinuation(Line[From]))
    ++From;
  size_t To = std::min(Line.size(), Begin + BytesAround);
  while (To < Line.size() && isContinuation(Line[To]))
    ++To;
  bool CutsLeft = From > 0, CutsRight = To < Line.size();

  std::vector<Cell> Cells;
  size_t First = 0, Mark = 0; // The mark's cell; the first one that is shown.
  unsigned Total = 0, BeforeMark = 0;
  for (size_t At = From; At < To; At += Cells.back().Bytes) {
    Cells.push_back(firstCell(Line.slice(At, To)));
    if (At < Begin) {
      BeforeMark += Cells.back().Width;
      ++Mark;
    }
    Total += Cells.back().Width;
  }
  bool IsLong = CutsLeft || CutsRight || Total > MostColumns;
  if (IsLong)
    for (; BeforeMark > ColumnsBefore && First < Mark; ++First, CutsLeft = true)
      BeforeMark -= Cells[First].Width;

  MarkedLine Result;
  if (CutsLeft) {
    Result.Text = Ellipsis;
    Result.Before.append(Ellipsis.size(), ' ');
  }
  unsigned Column = Result.Text.size();
  size_t At = Begin;
  for (size_t I = First; I < Cells.size(); ++I) {
    const Cell &Each = Cells[I];
    if (IsLong && Column + Each.Width > MostColumns - Ellipsis.size()) {
      CutsRight = true;
      break;
    }
    Column += Each.Width;
    Result.Text += Each.Text;
    if (I < Mark)
      Result.Before += Each.Text == "\t" ? "\t" : std::string(Each.Width, ' ');
    else if (At < End)
      Result.Width += Each.Width;
    if (I >= Mark)
      At += Each.Bytes;
  }
  if (CutsRight)
    Result.Text += Ellipsis;
  Result.Width = std::max(1U, Result.Width);
  return Result;
}

} // namespace heddle
