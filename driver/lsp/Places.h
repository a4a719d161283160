// From the places of findings to places in the editor, as its texts are now.
#ifndef HEDDLE_DRIVER_LSP_PLACES_H
#define HEDDLE_DRIVER_LSP_PLACES_H

#include "driver/lsp/Sessions.h"

namespace heddle::lsp {

/// A place that the client understands.
struct Place {
  std::string Uri;
  Range Where;
};

/// Refers to the documents; valid until one of them changes.
class Places {
public:
  Places(const Documents &Open, Encoding Columns) : Open(Open), Columns(Columns) {}

  /// Where the range of an analysis is now. Nothing if its text was changed since.
  std::optional<Place> find(const Analysis &Of, const FileRange &Where) const;

  /// The URI that the client knows the file by.
  std::string uri(const std::string &Path) const;
  std::optional<int64_t> version(const std::string &Path) const;

  /// The range of a finding as it is published: in one line, so that no editor underlines a whole
  /// function.
  std::optional<Place> findFirstLine(const Analysis &Of, const FileRange &Where) const;

  const Documents &open() const { return Open; }
  Encoding columns() const { return Columns; }

private:
  const Documents &Open;
  Encoding Columns;
};

} // namespace heddle::lsp

#endif
