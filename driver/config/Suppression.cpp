#include "driver/config/Suppression.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <optional>

using namespace llvm;

namespace heddle {
namespace {

enum class CommentKind { Line, NextLine, Begin, End };

struct Comment {
  CommentKind Kind;
  size_t Offset;   // of the word's first letter
  StringRef Globs; // "*" if there are no parentheses
  bool HasGlobs;
};

std::optional<CommentKind> kindOf(StringRef Word) {
  if (Word == "NOLINT")
    return CommentKind::Line;
  if (Word == "NOLINTNEXTLINE")
    return CommentKind::NextLine;
  if (Word == "NOLINTBEGIN")
    return CommentKind::Begin;
  if (Word == "NOLINTEND")
    return CommentKind::End;
  return std::nullopt;
}

std::vector<Comment> commentsIn(StringRef Text) {
  constexpr StringLiteral Mark = "NOLINT";
  std::vector<Comment> Result;
  for (size_t At = Text.find(Mark); At != StringRef::npos; At = Text.find(Mark, At)) {
    size_t Begin = At;
    At += Mark.size();
    while (At < Text.size() && isAlpha(Text[At]))
      ++At;
    std::optional<CommentKind> Kind = kindOf(Text.slice(Begin, At));
    if (!Kind)
      continue;
    StringRef Globs = "*";
    bool HasGlobs = false;
    if (At < Text.size() && Text[At] == '(') {
      size_t Close = Text.find_first_of("\n)", ++At);
      if (Close != StringRef::npos && Text[Close] == ')') {
        HasGlobs = true;
        Globs = Text.slice(At, Close);
        At = Close + 1;
      }
    }
    Result.push_back({*Kind, Begin, Globs, HasGlobs});
  }
  return Result;
}

bool matches(StringRef Glob, StringRef Name) {
  auto [Start, Rest] = Glob.split('*');
  if (Start.size() == Glob.size())
    return Glob == Name;
  if (!Name.consume_front(Start))
    return false;
  for (;; Name = Name.drop_front())
    if (matches(Rest, Name))
      return true;
    else if (Name.empty())
      return false;
}

// What is taken away again by a '-' counts for nothing: nobody else would suppress it.
bool coveredBy(StringRef Globs, ArrayRef<std::string> Names) {
  return any_of(split(Globs, ','), [&](StringRef Glob) {
    Glob = Glob.trim();
    return !Glob.starts_with("-") &&
           any_of(Names, [&](StringRef Name) { return matches(Glob, Name); });
  });
}

bool sameGlobs(const Comment &A, const Comment &B) {
  if (A.HasGlobs != B.HasGlobs)
    return false;
  auto Trim = [](StringRef Glob) { return Glob.trim(); };
  return equal(map_range(split(A.Globs, ','), Trim), map_range(split(B.Globs, ','), Trim));
}

bool lineCovers(StringRef Line, CommentKind Wanted, ArrayRef<std::string> Names) {
  return any_of(commentsIn(Line), [&](const Comment &Each) {
    return Each.Kind == Wanted && coveredBy(Each.Globs, Names);
  });
}

} // namespace

Suppressions::Suppressions(StringRef Text) : Text(Text) {
  std::vector<Comment> Open;
  for (const Comment &Each : commentsIn(Text)) {
    if (Each.Kind == CommentKind::Begin) {
      Open.push_back(Each);
    } else if (Each.Kind == CommentKind::End) {
      if (!Open.empty() && sameGlobs(Open.back(), Each)) {
        Blocks.push_back({Open.back().Offset, Each.Offset, Open.back().Globs});
        Open.pop_back();
      } else {
        Alone.push_back({static_cast<uint32_t>(Each.Offset), sizeof("NOLINTEND") - 1,
                         "unmatched 'NOLINTEND' comment without a previous 'NOLINTBEGIN' comment"});
      }
    }
  }
  for (const Comment &Each : Open)
    Alone.push_back({static_cast<uint32_t>(Each.Offset), sizeof("NOLINTBEGIN") - 1,
                     "unmatched 'NOLINTBEGIN' comment without a subsequent 'NOLINTEND' comment"});
  sort(Alone, [](const Unmatched &A, const Unmatched &B) { return A.Offset < B.Offset; });
}

bool Suppressions::coverLine(uint32_t Offset, ArrayRef<std::string> Names) const {
  size_t Begin = Text.rfind('\n', Offset) + 1;
  StringRef Line = Text.slice(Begin, Text.find('\n', Offset));
  if (lineCovers(Line, CommentKind::Line, Names))
    return true;
  if (Begin == 0)
    return false;
  StringRef Before = Text.slice(Text.rfind('\n', Begin - 1) + 1, Begin - 1);
  return lineCovers(Before, CommentKind::NextLine, Names);
}

bool Suppressions::cover(uint32_t Offset, ArrayRef<std::string> Names) const {
  return coverLine(Offset, Names) || any_of(Blocks, [&](const Block &Each) {
           return Each.Begin < Offset && Offset < Each.End && coveredBy(Each.Globs, Names);
         });
}

} // namespace heddle
