// A rule of the catalogue as a check of clang-tidy.
#ifndef HEDDLE_DRIVER_TIDY_RULECHECK_H
#define HEDDLE_DRIVER_TIDY_RULECHECK_H

#include "driver/tidy/TidyUnit.h"

#include "clang-tidy/ClangTidyCheck.h"

#include <memory>

namespace heddle {

/// Says what the shared analysis of the unit found for one rule.
class RuleCheck : public clang::tidy::ClangTidyCheck {
public:
  RuleCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Tidy, const RuleInfo &Rule,
            std::shared_ptr<TidyUnits> Units);

  void registerMatchers(clang::ast_matchers::MatchFinder *Finder) override;
  void check(const clang::ast_matchers::MatchFinder::MatchResult &Result) override;
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Stored) override;

private:
  void say(const PlannedFinding &Planned, clang::SourceManager &Sources);
  void sayNote(const Note &N, clang::SourceManager &Sources);

  std::string Rule, MinimumText, VocabularyFiles;
  bool FixUnsafe;
  std::shared_ptr<TidyUnits> Units;
  std::shared_ptr<TidyUnit> Unit;
};

} // namespace heddle

#endif
