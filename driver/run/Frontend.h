// What a run over files and a unit that is open in an editor share of running Clang's front end.
// For driver/run alone.
#ifndef HEDDLE_DRIVER_RUN_FRONTEND_H
#define HEDDLE_DRIVER_RUN_FRONTEND_H

#include "driver/run/UnitRunner.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "llvm/Support/VirtualFileSystem.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace heddle {

/// Keeps the first error, as "FILE:LINE:COLUMN: MESSAGE", and drops everything else.
class FirstError : public clang::DiagnosticConsumer {
public:
  void HandleDiagnostic(clang::DiagnosticsEngine::Level Level,
                        const clang::Diagnostic &Info) override;

  std::string Text;
  FileRange Where; ///< Where it is; invalid if it has no place in a file.
};

/// What is to be done with one parse. All references outlive it.
struct UnitTask {
  const UnitCommand &Unit;
  const Vocabulary &Words;
  const UnitOptions &Options;
  const std::atomic<bool> &Cancelled;
};

/// Makes `Outcome` say that the unit could not be analysed.
void setFailure(UnitOutcome &Outcome, const UnitTask &Task, const FirstError &Error);
void setFailure(UnitOutcome &Outcome, const UnitTask &Task, std::string Message,
                std::string Advice);

void setCrashed(UnitOutcome &Outcome, const UnitTask &Task);

/// The unit's command as Clang's own options, set for parsing and nothing else. Null after an
/// error, which `Errors` has then seen.
std::shared_ptr<clang::CompilerInvocation>
createUnitInvocation(const UnitTask &Task,
                     const llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> &FS, FirstError &Errors);

/// Whether the analysis has a look at a declaration of the unit's outermost scope.
bool isLookedAt(const clang::Decl *D);

/// Whether the body may be left out because no project code is in it.
bool isSkippedBody(const clang::SourceManager &Sources, const clang::Decl *Function);

/// Yields the project's declarations that come before the first one that is parsed.
using EarlierDeclarations = std::function<std::vector<clang::Decl *>(clang::CompilerInstance &)>;

/// Parses as `CI` is set up and puts the findings into `Outcome`. With `Earlier`, only what it
/// yields and what is parsed is looked at. Returns false after an error.
bool parseAndAnalyze(clang::CompilerInstance &CI, const UnitTask &Task,
                     const EarlierDeclarations &Earlier, UnitOutcome &Outcome);

} // namespace heddle

#endif
