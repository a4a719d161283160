// Where something stands in the sources: plain data, comparable, free of Clang.
#ifndef HEDDLE_MODEL_FACTS_SOURCE_H
#define HEDDLE_MODEL_FACTS_SOURCE_H

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace heddle {

/// A half-open range of bytes in one file. `File` indexes the file table of the unit that made
/// the range (`UnitFacts::Files`); `Begin` and `End` are byte offsets; `Line` and `Column` are
/// the one-based line and byte column of `Begin`. A range with `Line == 0` names no place.
struct SourceRange {
  uint32_t File = 0;
  uint32_t Begin = 0;
  uint32_t End = 0;
  uint32_t Line = 0;
  uint32_t Column = 0;

  bool isValid() const { return Line != 0; }
  bool encloses(const SourceRange &Inner) const {
    return File == Inner.File && Begin <= Inner.Begin && Inner.End <= End;
  }
  friend bool operator==(const SourceRange &, const SourceRange &) = default;
  friend bool operator<(const SourceRange &A, const SourceRange &B) {
    return std::tie(A.File, A.Begin, A.End) < std::tie(B.File, B.Begin, B.End);
  }
};

/// The same, with the file by its path, as findings carry it: valid across units.
struct FileRange {
  std::string File; ///< Absolute path, native separators.
  uint32_t Begin = 0;
  uint32_t End = 0;
  uint32_t Line = 0;
  uint32_t Column = 0;

  bool isValid() const { return Line != 0; }
  /// The empty ranges where it begins and, for one within a line, where it ends.
  FileRange before() const { return {File, Begin, Begin, Line, Column}; }
  FileRange behind() const { return {File, End, End, Line, Column + (End - Begin)}; }
  friend bool operator==(const FileRange &, const FileRange &) = default;
  friend bool operator<(const FileRange &A, const FileRange &B) {
    return std::tie(A.File, A.Begin, A.End) < std::tie(B.File, B.Begin, B.End);
  }
};

} // namespace heddle

#endif
