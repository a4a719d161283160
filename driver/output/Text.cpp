#include "driver/output/Text.h"

#include "driver/output/Terminal.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;

namespace heddle {

StringRef relativeTo(StringRef Folder, StringRef Path) {
  StringRef Rest = Path;
  if (Rest.consume_front(Folder) && (Rest.consume_front("/") || Folder.ends_with("/")))
    return Rest;
  return Path;
}

namespace {

class TextWriter {
public:
  TextWriter(raw_ostream &OS, const Report &What) : OS(OS), What(What) {}

  void write(const Finding &F, const Fix *Applied) {
    const RuleInfo *Rule = What.Rules.find(F.Rule);
    Severity Level = Rule ? Rule->Level : Severity::Warning;
    place(F.Primary);
    OS.changeColor(Level == Severity::Error ? raw_ostream::RED : raw_ostream::MAGENTA, true);
    OS << spelling(Level) << ": ";
    OS.resetColor().changeColor(raw_ostream::SAVEDCOLOR, true);
    OS << printable(F.Message);
    OS.resetColor() << " [" << F.Rule << "]\n";
    source(F.Primary, /*Indent=*/0, /*Underline=*/true);
    for (const ThreadStory &Story : F.Threads)
      thread(Story);
    for (const Note &N : F.Notes) {
      OS << "  ";
      place(N.Where);
      OS << "note: " << printable(N.Message) << '\n';
      source(N.Where, 2, true);
    }
    fixes(F, Applied);
    OS << '\n';
  }

private:
  void place(const FileRange &Where) {
    OS.changeColor(raw_ostream::SAVEDCOLOR, true);
    OS << printable(relativeTo(What.WorkingDirectory, Where.File)) << ':' << Where.Line << ':'
       << Where.Column << ": ";
    OS.resetColor();
  }

  void thread(const ThreadStory &Story) {
    OS << "  ";
    OS.changeColor(raw_ostream::CYAN, true);
    OS << printable(Story.Name) << ":\n";
    OS.resetColor();
    unsigned Indent = 4;
    for (const ThreadStep &Step : Story.Steps) {
      OS.indent(Indent);
      place(Step.Where);
      OS << printable(Step.Message) << '\n';
      source(Step.Where, Indent, false);
      // Deep chains of calls would walk off the screen.
      if (Step.IsCall && Indent < 12)
        Indent += 2;
    }
    std::string Held = Story.LocksHeld.empty() ? "no lock" : join(Story.LocksHeld, ", ");
    OS.indent(4) << "holds " << printable(Held) << '\n';
  }

  void fixes(const Finding &F, const Fix *Applied) {
    for (const Fix &Proposal : F.Fixes) {
      OS << "  ";
      OS.changeColor(raw_ostream::GREEN, true);
      OS << (&Proposal == Applied ? "fixed: " : "fix: ");
      OS.resetColor();
      OS << printable(Proposal.Title);
      if (!Applied)
        OS << (Proposal.Safety == FixSafety::Safe ? " (--fix)" : " (--fix-unsafe: please review)");
      OS << '\n';
    }
  }

  void source(const FileRange &Where, unsigned Indent, bool Underline) {
    StringRef Line = What.Run.Texts.lineAt(Where.File, Where.Begin);
    if (Line.empty())
      return;
    size_t Begin = What.Run.Texts.bytesIntoLine(Where.File, Where.Begin);
    MarkedLine Shown = markedLine(Line, Begin, Begin + (Where.End - Where.Begin));
    OS.indent(Indent) << format("%5u | ", Where.Line) << Shown.Text << '\n';
    if (!Underline)
      return;
    OS.indent(Indent) << "      | " << Shown.Before;
    OS.changeColor(raw_ostream::GREEN, true);
    OS << '^' << std::string(Shown.Width - 1, '~');
    OS.resetColor() << '\n';
  }

  raw_ostream &OS;
  const Report &What;
};

} // namespace

void writeText(raw_ostream &OS, const Report &What) {
  TextWriter Writer(OS, What);
  for (size_t I = 0; I < What.Run.Findings.size(); ++I) {
    auto Applied = What.Fixed.find(I);
    Writer.write(What.Run.Findings[I], Applied == What.Fixed.end() ? nullptr : Applied->second);
  }
}

} // namespace heddle
