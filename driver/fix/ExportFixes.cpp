#include "driver/fix/ExportFixes.h"

#include "driver/fix/Edits.h"
#include "driver/run/StoryNotes.h"

#include "clang/Tooling/DiagnosticsYaml.h"
#include "llvm/Support/YAMLTraits.h"

namespace tooling = clang::tooling;

namespace heddle {

static tooling::DiagnosticMessage messageAt(const FileRange &Where, const std::string &Text) {
  tooling::DiagnosticMessage Message(Text);
  Message.FilePath = Where.File;
  Message.FileOffset = Where.Begin;
  return Message;
}

std::string exportFixes(const RunResult &Run, const Catalogue &Rules, const UnsafeFixes &Unsafe,
                        const std::string &BuildDirectory) {
  tooling::TranslationUnitDiagnostics Unit;
  if (!Run.Findings.empty())
    Unit.MainSourceFile = Run.Findings.front().Primary.File;
  for (const Finding &F : Run.Findings) {
    const RuleInfo *Rule = Rules.find(F.Rule);
    bool IsError = Rule && Rule->Level == Severity::Error;
    tooling::Diagnostic D("heddle-" + F.Rule,
                          IsError ? tooling::Diagnostic::Error : tooling::Diagnostic::Warning,
                          BuildDirectory);
    D.Message = messageAt(F.Primary, F.Message);
    for (const Note &N : storyNotes(F))
      D.Notes.push_back(messageAt(N.Where, N.Message));
    if (const Fix *Chosen = chooseFix(F, Unsafe.allowed(F)))
      for (const Edit &E : allEdits(*Chosen, Run.Texts))
        // A fix that contradicts itself is no fix: what cannot be added is left out.
        llvm::consumeError(D.Message.Fix[E.Where.File].add(tooling::Replacement(
            E.Where.File, E.Where.Begin, E.Where.End - E.Where.Begin, E.Text)));
    Unit.Diagnostics.push_back(std::move(D));
  }
  std::string Result;
  llvm::raw_string_ostream OS(Result);
  llvm::yaml::Output Yaml(OS);
  Yaml << Unit;
  return Result;
}

} // namespace heddle
