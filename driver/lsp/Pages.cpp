#include "driver/lsp/Pages.h"

#include "driver/output/Report.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace heddle::lsp {

static void section(raw_ostream &OS, StringRef Title, ArrayRef<std::string> Paragraphs,
                    StringRef Lead = "") {
  if (Paragraphs.empty())
    return;
  OS << "\n**" << Title << "**\n\n";
  for (StringRef Text : Paragraphs)
    OS << Lead << Text << (Lead.empty() ? "\n\n" : "\n");
}

std::string rulePage(const RuleInfo &Rule) {
  std::string Page;
  raw_string_ostream OS(Page);
  OS << "### " << Rule.Id << "\n\n" << Rule.Title << ".\n";
  section(OS, "Why", Rule.Why);
  section(OS, "How to fix it", Rule.HowToFix);
  section(OS, "Known limits", Rule.KnownLimits, "- ");
  OS << "\n---\n"
     << Rule.Family << " · " << spelling(Rule.Level) << " · " << spelling(Rule.DefaultConfidence)
     << (Rule.Preview ? " · preview" : "");
  for (const std::string &Id : Rule.Cwe)
    OS << " · " << Id;
  for (const std::string &Id : Rule.Cert)
    OS << " · CERT " << Id;
  for (const std::string &Id : Rule.CoreGuidelines)
    OS << " · C++ Core Guidelines " << Id;
  OS << '\n';
  return Page;
}

static void place(raw_ostream &OS, const FileRange &Where, StringRef Root) {
  OS << relativeTo(Root, Where.File) << ':' << Where.Line << ':' << Where.Column;
}

static void code(raw_ostream &OS, const FileRange &Where, const SourceTexts &Texts) {
  StringRef Line = Texts.lineAt(Where.File, Where.Begin).trim();
  if (!Line.empty())
    OS << "\n   ```cpp\n   " << Line << "\n   ```\n";
}

std::string storyPage(const Finding &F, const RuleInfo *Rule, const SourceTexts &Texts,
                      StringRef Root) {
  std::string Page;
  raw_string_ostream OS(Page);
  OS << "### " << F.Message << "\n\n`";
  place(OS, F.Primary, Root);
  OS << "` · " << F.Rule << "\n";
  for (const ThreadStory &Story : F.Threads) {
    OS << "\n#### " << Story.Name << "\n\n";
    unsigned Number = 0;
    for (const ThreadStep &Step : Story.Steps) {
      OS << ++Number << ". " << Step.Message << " (`";
      place(OS, Step.Where, Root);
      OS << "`)\n";
      code(OS, Step.Where, Texts);
    }
    OS << "\nHolds: ";
    if (Story.LocksHeld.empty())
      OS << "no lock";
    else
      OS << '`' << join(Story.LocksHeld, "`, `") << '`';
    OS << "\n";
  }
  if (!F.Notes.empty())
    OS << "\n#### Notes\n\n";
  for (const Note &N : F.Notes) {
    OS << "- " << N.Message << " (`";
    place(OS, N.Where, Root);
    OS << "`)\n";
    code(OS, N.Where, Texts);
  }
  if (!F.Fixes.empty())
    OS << "\n#### Fixes\n\n";
  for (const Fix &Proposal : F.Fixes)
    OS << "- " << Proposal.Title
       << (Proposal.Safety == FixSafety::Safe ? "\n" : " (may change what the program does)\n");
  if (Rule)
    section(OS, "How to fix it", Rule->HowToFix);
  return Page;
}

} // namespace heddle::lsp
