// Findings as the client shows them.
#ifndef HEDDLE_DRIVER_LSP_DIAGNOSTICS_H
#define HEDDLE_DRIVER_LSP_DIAGNOSTICS_H

#include "driver/lsp/Places.h"

#include "driver/catalogue/Catalogue.h"

namespace heddle::lsp {

/// A finding in a document as it is now. Several units may see one; this is the first of them.
struct PlacedFinding {
  const Finding *What = nullptr;
  std::shared_ptr<const Analysis> From;
  Range Where;
  /// Tells it from others of the file, in what the client gives back to us.
  std::string Id;
};

/// The findings in a file, in the order of their places. Those whose text was changed since the
/// last analysis are left out.
std::vector<PlacedFinding> findingsIn(const std::string &Path,
                                      const std::map<std::string, Session> &Sessions,
                                      const Places &Where);

/// Gives where a rule's page can be read; empty if nowhere.
using PageAddress = std::function<std::string(const RuleInfo &)>;

Diagnostic diagnosticOf(const PlacedFinding &Found, const Catalogue &Rules, const Places &Where,
                        const PageAddress &Address);

/// That a file could not be analysed, told in the document that was opened. Nothing while somebody
/// is in the middle of writing: compilers tell that better.
std::optional<Diagnostic> failureOf(const Session &Of, const Places &Where);

} // namespace heddle::lsp

#endif
