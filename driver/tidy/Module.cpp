// Every rule of the catalogue as heddle-<id>, for clang-tidy.
#include "driver/tidy/RuleCheck.h"

#include "clang-tidy/ClangTidyModule.h"
#include "llvm/Support/ErrorHandling.h"

namespace heddle {
namespace {

class HeddleModule : public clang::tidy::ClangTidyModule {
public:
  void addCheckFactories(clang::tidy::ClangTidyCheckFactories &Factories) override {
    llvm::Expected<Catalogue> Rules = Catalogue::builtin();
    if (!Rules) // we embed it, and the tests have read it
      llvm::report_fatal_error(Rules.takeError());
    auto Units = std::make_shared<TidyUnits>(std::move(*Rules));
    for (const RuleInfo &Rule : Units->rules().rules())
      Factories.registerCheckFactory(
          "heddle-" + Rule.Id,
          [Units, &Rule](llvm::StringRef Name, clang::tidy::ClangTidyContext *Tidy) {
            return std::make_unique<RuleCheck>(Name, Tidy, Rule, Units);
          });
  }
};

const clang::tidy::ClangTidyModuleRegistry::Add<HeddleModule> Registered("heddle-module",
                                                                         "Concurrency bugs.");

} // namespace
} // namespace heddle
