// What the server says in whole pages: about a rule, and about a finding.
#ifndef HEDDLE_DRIVER_LSP_PAGES_H
#define HEDDLE_DRIVER_LSP_PAGES_H

#include "driver/catalogue/Catalogue.h"
#include "driver/run/SourceTexts.h"

#include <string>

namespace heddle::lsp {

/// The rule's page, as Markdown: what `heddle explain` tells.
std::string rulePage(const RuleInfo &Rule);

/// What each thread does, step by step with the lines of code, and what it holds, as Markdown.
/// Paths below `Root` are shown from there.
std::string storyPage(const Finding &F, const RuleInfo *Rule, const SourceTexts &Texts,
                      llvm::StringRef Root);

} // namespace heddle::lsp

#endif
