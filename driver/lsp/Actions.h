// What can be done about findings: their fixes, all safe fixes at once, suppression, the story.
#ifndef HEDDLE_DRIVER_LSP_ACTIONS_H
#define HEDDLE_DRIVER_LSP_ACTIONS_H

#include "driver/lsp/Diagnostics.h"

namespace heddle::lsp {

inline constexpr llvm::StringLiteral FixAllKind = "source.fixAll.heddle";
inline constexpr llvm::StringLiteral StoryCommand = "heddle.showStory";

/// What actions are made from. All references outlive it.
struct ActionMaker {
  const Document &In;
  const std::vector<PlacedFinding> &Findings; ///< Those of the document.
  const Catalogue &Rules;
  const Places &Where;
  const std::string &Root; ///< Files below it may be edited, and open ones.
  const PageAddress &Address;

  /// The actions for the findings that touch the range, of the kinds wanted. Edits of text that has
  /// changed since the analysis are not offered.
  std::vector<CodeAction> at(const ActionParams &Wanted) const;

private:
  std::vector<DocumentEdits> edits(const std::vector<const PlacedFinding *> &Of,
                                   const Fix *Only) const;
  void addFixes(const PlacedFinding &Found, std::vector<CodeAction> &To) const;
  void addSuppression(const PlacedFinding &Found, std::vector<CodeAction> &To) const;
  void addFixAll(std::vector<CodeAction> &To) const;
};

} // namespace heddle::lsp

#endif
