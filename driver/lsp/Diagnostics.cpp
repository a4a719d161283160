#include "driver/lsp/Diagnostics.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

#include <set>
#include <tuple>

using namespace llvm;

namespace heddle::lsp {

// Survives edits elsewhere in the file, as far as the finding's own entities tell it from others.
static std::string idOf(const Finding &F) {
  return utohexstr(xxh3_64bits(F.Rule + '\0' + F.Identity + '\0' + F.Message), /*LowerCase=*/true);
}

std::vector<PlacedFinding> findingsIn(const std::string &Path,
                                      const std::map<std::string, Session> &Sessions,
                                      const Places &Where) {
  std::vector<PlacedFinding> Result;
  std::set<std::tuple<std::string, Range, std::string>> Known;
  for (const auto &[SessionPath, Each] : Sessions) {
    if (!Each.Last)
      continue;
    for (const Finding &F : Each.Last->Findings) {
      if (F.Primary.File != Path)
        continue;
      std::optional<Place> Now = Where.findFirstLine(*Each.Last, F.Primary);
      std::string Id = idOf(F);
      if (Now && Known.emplace(F.Rule, Now->Where, Id).second)
        Result.push_back({&F, Each.Last, Now->Where, Id});
    }
  }
  stable_sort(Result, [](const PlacedFinding &A, const PlacedFinding &B) {
    return std::tie(A.Where, A.What->Rule) < std::tie(B.Where, B.What->Rule);
  });
  return Result;
}

static DiagnosticSeverity severityOf(const RuleInfo *Rule) {
  switch (Rule ? Rule->Level : Severity::Warning) {
  case Severity::Error:
    return DiagnosticSeverity::Error;
  case Severity::Warning:
    return DiagnosticSeverity::Warning;
  case Severity::Note:
    return DiagnosticSeverity::Information;
  }
  llvm_unreachable("all severities handled");
}

static void addRelated(Diagnostic &To, const Analysis &From, const Places &Where,
                       const FileRange &At, std::string Message) {
  if (std::optional<Place> Now = Where.findFirstLine(From, At))
    To.Related.push_back({Now->Uri, Now->Where, std::move(Message)});
}

Diagnostic diagnosticOf(const PlacedFinding &Found, const Catalogue &Rules, const Places &Where,
                        const PageAddress &Address) {
  const Finding &F = *Found.What;
  const RuleInfo *Rule = Rules.find(F.Rule);
  Diagnostic Result;
  Result.Where = Found.Where;
  Result.Severity = severityOf(Rule);
  Result.Code = F.Rule;
  Result.CodeHref = Rule ? Address(*Rule) : "";
  Result.Message = F.Message;
  for (const ThreadStory &Story : F.Threads)
    for (const ThreadStep &Step : Story.Steps) {
      std::string Message = Story.Name + ": " + Step.Message;
      if (&Step == &Story.Steps.back())
        Message += Story.LocksHeld.empty() ? ", holding no lock"
                                           : ", holding " + join(Story.LocksHeld, ", ");
      addRelated(Result, *Found.From, Where, Step.Where, std::move(Message));
    }
  for (const Note &N : F.Notes)
    addRelated(Result, *Found.From, Where, N.Where, N.Message);
  Result.Data = json::Object{{"finding", Found.Id}};
  return Result;
}

std::optional<Diagnostic> failureOf(const Session &Of, const Places &Where) {
  if (!Of.Failure || (Of.Last && !Of.Failure->Crashed))
    return std::nullopt;
  auto Document = Where.open().find(Of.Path);
  if (Document == Where.open().end())
    return std::nullopt;
  Diagnostic Result;
  StringRef Text = Document->second.text();
  const FileRange &At = Of.Failure->Where;
  if (At.isValid() && At.File == Of.Path && At.Begin <= Text.size())
    Result.Where = Range(Document->second.positionOf(At.Begin, Where.columns()));
  size_t Begin = Document->second.offsetOf(Result.Where.start, Where.columns());
  size_t LineEnd = std::min(Text.find_first_of("\r\n", Begin), Text.size());
  Result.Where.end = Document->second.positionOf(LineEnd, Where.columns());
  Result.Severity = DiagnosticSeverity::Information;
  Result.Code = "not-analysed";
  Result.Message =
      "Heddle cannot analyse this file: " + StringRef(Of.Failure->Message).rtrim().str();
  if (!Of.Failure->Advice.empty())
    Result.Message += "\n" + Of.Failure->Advice;
  return Result;
}

} // namespace heddle::lsp
