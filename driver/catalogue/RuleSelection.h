// Which rules a list of globs names.
#ifndef HEDDLE_DRIVER_CATALOGUE_RULESELECTION_H
#define HEDDLE_DRIVER_CATALOGUE_RULESELECTION_H

#include "driver/catalogue/Catalogue.h"

#include <set>
#include <string>

namespace heddle {

/// The ids of the rules that `Globs` selects: a comma-separated list, in which '-' before a glob
/// takes its rules away and a later glob wins over an earlier one. A list that begins with a
/// removal begins with all rules; any other begins with none; the empty list is all rules. A glob
/// is matched against "<id>", "heddle-<id>", "<family>/<id>" and the rule's aliases. One that
/// matches no rule is an error, and so is a list that leaves nothing, unless `MayBeEmpty`.
llvm::Expected<std::set<std::string>> selectRules(const Catalogue &Rules, llvm::StringRef Globs,
                                                  bool MayBeEmpty = false);

/// What is left of a list of clang-tidy's checks without those globs that match no rule of ours.
/// What is meant for one, "heddle-<id>", stays, even if there is no such rule. If something was
/// named and nothing is left, that is "-*".
std::string withoutOthersChecks(const Catalogue &Rules, llvm::StringRef Globs);

/// The error for a rule that does not exist, with the one that was probably meant.
llvm::Error unknownRule(const Catalogue &Rules, llvm::StringRef Name);

} // namespace heddle

#endif
