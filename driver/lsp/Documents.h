// The texts that are open in the editor, and how they changed since somebody last looked.
#ifndef HEDDLE_DRIVER_LSP_DOCUMENTS_H
#define HEDDLE_DRIVER_LSP_DOCUMENTS_H

#include "driver/lsp/Protocol.h"

#include "llvm/ADT/StringMap.h"

#include <deque>
#include <memory>

namespace heddle::lsp {

/// What a column counts: bytes or UTF-16 code units.
enum class Encoding { Utf8, Utf16 };

/// The column of what stands behind `Before` on its line.
unsigned columnAfter(llvm::StringRef Before, Encoding Columns);

/// The bytes from `Begin` to `End` were replaced by `Length` bytes.
struct Replacement {
  uint32_t Begin = 0, End = 0, Length = 0;
};

/// One open document.
class Document {
public:
  Document(DocumentUri Uri, int64_t Version, std::string Text);

  const std::string &uri() const { return Uri.Text; }
  const std::string &path() const { return Uri.Path; }
  int64_t version() const { return Version; }
  const std::string &text() const { return *Text; }
  std::shared_ptr<const std::string> snapshot() const { return Text; }

  /// Whether the text is what the file said when it was opened, untouched since. Others stand in
  /// for their files even when they have been saved: to change over would cost a parse of headers.
  bool isFromDisk() const { return FromDisk; }

  /// The offset of a place. What is behind the end of a line or of the text is its end.
  size_t offsetOf(Position Place, Encoding Columns) const;

  /// The place of an offset, which is at most the text's size.
  Position positionOf(size_t Offset, Encoding Columns) const;

  void change(int64_t NewVersion, llvm::ArrayRef<TextChange> Changes, Encoding Columns);

  /// How many replacements have been made up to now.
  size_t age() const { return Forgotten + Replacements.size(); }

  /// Where a range is now that had the given bytes when the document had that age. Nothing if it
  /// was changed since, or if that was too long ago.
  std::optional<std::pair<uint32_t, uint32_t>> moved(uint32_t Begin, uint32_t End,
                                                     size_t Age) const;

private:
  void replace(size_t Begin, size_t End, llvm::StringRef With);
  void countLines();

  DocumentUri Uri;
  int64_t Version;
  std::shared_ptr<const std::string> Text;
  std::vector<size_t> LineStarts;
  bool IsAscii = true; ///< Then a column is a byte, whatever it counts.
  bool FromDisk = false;
  std::deque<Replacement> Replacements;
  size_t Forgotten = 0; ///< Replacements that are no longer in the queue.
};

} // namespace heddle::lsp

#endif
