// What the checks of one unit share: one model and its findings, however many rules are on.
#ifndef HEDDLE_DRIVER_TIDY_TIDYUNIT_H
#define HEDDLE_DRIVER_TIDY_TIDYUNIT_H

#include "driver/catalogue/Catalogue.h"
#include "driver/run/UnitAnalysis.h"
#include "driver/tidy/FixPlan.h"
#include "model/vocabulary/Vocabulary.h"

#include "clang-tidy/ClangTidyDiagnosticConsumer.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace heddle {

/// What somebody wants of one rule.
struct RuleSettings {
  Confidence Minimum = Confidence::Likely; ///< Findings below are dropped.
  bool FixUnsafe = false;                  ///< Unsafe fixes are attached as well.
};

/// The findings of one unit. Made when its first check is, gone with its last.
class TidyUnit {
public:
  TidyUnit(clang::tidy::ClangTidyContext &Tidy, const Catalogue &Rules)
      : Tidy(Tidy), Rules(Rules) {}

  /// Asks for a rule's findings. REQUIRES: nothing was looked at yet.
  void want(const std::string &Rule, RuleSettings Settings) { Wanted[Rule] = Settings; }

  /// What the library calls mean in this unit; the first word counts.
  void setWords(std::shared_ptr<const Vocabulary> Known) {
    if (!Words)
      Words = std::move(Known);
  }

  /// All findings of the rules that were asked for, with what to do about each. Empty for a unit
  /// with errors. The first call does the work.
  llvm::ArrayRef<PlannedFinding> findings(clang::ASTContext &Context);

private:
  clang::tidy::ClangTidyContext &Tidy;
  const Catalogue &Rules;
  std::shared_ptr<const Vocabulary> Words;
  std::map<std::string, RuleSettings> Wanted;
  UnitFindings Found;
  std::optional<std::vector<PlannedFinding>> Plan; // refers to Found
};

/// Hands out the units. Lives as long as the checks' factories: one run of clang-tidy.
class TidyUnits {
public:
  explicit TidyUnits(Catalogue Rules) : Rules(std::move(Rules)) {}

  const Catalogue &rules() const { return Rules; }

  /// The unit that `Tidy` is at. Its AST would be no key: the next one may lie at the same address.
  std::shared_ptr<TidyUnit> unitOf(clang::tidy::ClangTidyContext &Tidy);

  /// Our own vocabulary and that of the files, whose names are separated by ';' or ','. A relative
  /// name is looked for in the folder of `MainFile` and those above it.
  llvm::Expected<std::shared_ptr<const Vocabulary>> words(llvm::StringRef Files,
                                                          llvm::StringRef MainFile);

private:
  Catalogue Rules;
  std::map<clang::tidy::ClangTidyContext *, std::weak_ptr<TidyUnit>> Units;
  std::map<std::string, std::shared_ptr<const Vocabulary>> Vocabularies; // by the files' paths
};

} // namespace heddle

#endif
