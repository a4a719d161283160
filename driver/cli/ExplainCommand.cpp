#include "driver/catalogue/RuleSelection.h"
#include "driver/cli/Commands.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace heddle {
namespace {

constexpr unsigned LineWidth = 80;

// Words filled into lines; the first begins with `Lead`, the others are indented as far.
void paragraph(raw_ostream &OS, StringRef Lead, StringRef Text) {
  OS << Lead;
  unsigned Column = Lead.size();
  bool First = true;
  for (StringRef Word : split(Text, ' ')) {
    if (!First && Column + 1 + Word.size() > LineWidth) {
      OS << '\n';
      OS.indent(Lead.size());
      Column = Lead.size();
    } else if (!First) {
      OS << ' ';
      ++Column;
    }
    OS << Word;
    Column += Word.size();
    First = false;
  }
  OS << '\n';
}

void section(raw_ostream &OS, StringRef Title, ArrayRef<std::string> Paragraphs, StringRef Lead) {
  OS << '\n';
  OS.changeColor(raw_ostream::SAVEDCOLOR, true) << Title;
  OS.resetColor() << '\n';
  bool First = true;
  for (StringRef Text : Paragraphs) {
    if (!First && Lead == "  ")
      OS << '\n';
    First = false;
    paragraph(OS, Lead, Text);
  }
}

void explain(raw_ostream &OS, const RuleInfo &Rule) {
  OS.changeColor(raw_ostream::SAVEDCOLOR, true) << Rule.Id;
  OS.resetColor() << '\n';
  paragraph(OS, "", Rule.Title + ".");
  section(OS, "Why", Rule.Why, "  ");
  section(OS, "How to fix it", Rule.HowToFix, "  ");
  section(OS, "Known limits", Rule.KnownLimits, "  - ");
  OS << "\nfamily " << Rule.Family << ", severity " << spelling(Rule.Level) << ", confidence "
     << spelling(Rule.DefaultConfidence) << ", " << (Rule.Preview ? "preview" : "stable")
     << ", since " << Rule.Since << '\n';
  std::vector<std::string> Tags = Rule.Cwe;
  for (const std::string &Id : Rule.Cert)
    Tags.push_back("CERT " + Id);
  for (const std::string &Id : Rule.CoreGuidelines)
    Tags.push_back("C++ Core Guidelines " + Id);
  if (!Tags.empty())
    paragraph(OS, "", "see " + join(Tags, ", "));
  if (!Rule.Aliases.empty())
    paragraph(OS, "", "formerly " + join(Rule.Aliases, ", "));
  for (const RuleOption &O : Rule.Options)
    paragraph(OS, "", "option " + O.Name + " (" + O.Default + "): " + O.Description);
}

} // namespace

int runExplain(const CommandLine &Options, const Catalogue &Rules) {
  if (Options.Operands.empty())
    return complain(createStringError("explain which rule? 'heddle list' shows all of them."));
  bool First = true;
  for (StringRef Name : Options.Operands) {
    const RuleInfo *Rule = Rules.find(Name);
    if (!Rule)
      return complain(unknownRule(Rules, Name));
    if (!First)
      outs() << '\n';
    First = false;
    explain(outs(), *Rule);
  }
  return ExitClean;
}

} // namespace heddle
