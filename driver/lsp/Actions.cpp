#include "driver/lsp/Actions.h"

#include "driver/fix/ApplyFixes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace heddle::lsp {
namespace {

// If all of a text is selected: nobody reads a longer menu.
constexpr size_t MostInMenu = 50;

// "source.fixAll" asks for "source.fixAll.heddle" as well.
bool isWanted(StringRef Kind, const std::vector<std::string> &Only) {
  return any_of(Only, [&](StringRef Asked) {
    StringRef Rest = Kind;
    return Asked.empty() || (Rest.consume_front(Asked) && (Rest.empty() || Rest.front() == '.'));
  });
}

bool touches(const Range &A, const Range &B) { return A.start <= B.end && B.start <= A.end; }

std::string titleOf(const Fix &Proposal) {
  std::string Title = Proposal.Title;
  if (!Title.empty())
    Title[0] = toUpper(Title[0]);
  return Proposal.Safety == FixSafety::Safe ? Title : Title + " (may change what the program does)";
}

StringRef lineBefore(StringRef Text, size_t LineStart) {
  StringRef Before = Text.take_front(LineStart);
  if (!Before.consume_back("\n"))
    return "";
  return Before.substr(Before.rfind('\n') + 1).rtrim("\r");
}

} // namespace

std::vector<CodeAction> ActionMaker::at(const ActionParams &Wanted) const {
  std::vector<CodeAction> Result;
  size_t Left = Wanted.Only.empty() || isWanted("quickfix", Wanted.Only) ? MostInMenu : 0;
  for (const PlacedFinding &Each : Findings)
    if (Left && touches(Each.Where, Wanted.Where)) {
      --Left;
      addFixes(Each, Result);
      addSuppression(Each, Result);
      CodeAction Story{"Show what the threads do", "quickfix", {}, false, {}, std::nullopt};
      Story.Diagnostics = {diagnosticOf(Each, Rules, Where, Address)};
      Story.Run = Command{
          Story.Title, StoryCommand.str(), {json::Object{{"uri", In.uri()}, {"finding", Each.Id}}}};
      Result.push_back(std::move(Story));
    }
  // Shown as a source action of the file, and made when a file is saved, if that is wanted.
  if (isWanted(FixAllKind, Wanted.Only))
    addFixAll(Result);
  return Result;
}

/// The edits that fix the findings: with `Only`, by that fix of the single one, else by their safe
/// fixes. Empty if one of the edits cannot be made in the texts as they are now.
std::vector<DocumentEdits> ActionMaker::edits(const std::vector<const PlacedFinding *> &Of,
                                              const Fix *Only) const {
  std::map<const Analysis *, std::vector<Finding>> ByAnalysis;
  for (const PlacedFinding *Each : Of) {
    Finding Copy = *Each->What;
    if (Only)
      Copy.Fixes = {*Only};
    ByAnalysis[Each->From.get()].push_back(std::move(Copy));
  }
  std::map<std::string, DocumentEdits> Result;
  for (const auto &[From, Found] : ByAnalysis) {
    FixOptions Options{{Only != nullptr, {}}, Root, {}, {}, {}, {}};
    for (const auto &[Path, Text] : Where.open()) {
      Options.Files.insert(Path);
      Options.Open.insert(Path);
    }
    FixPlan Plan = planFixes(Found, From->Texts, Options);
    if (Only && Plan.Fixed.empty())
      return {};
    for (const auto &[Path, Edits] : Plan.Edits)
      for (const Edit &E : Edits) {
        std::optional<Place> Now = Where.find(*From, E.Where);
        if (!Now)
          return {};
        DocumentEdits &Document = Result[Path];
        Document.Uri = Now->Uri;
        Document.Version = Where.version(Path);
        Document.Edits.push_back({Now->Where, E.Text});
      }
    // What another unit knows of the same texts would be edits at the same places.
    if (!Only && !Result.empty())
      break;
  }
  std::vector<DocumentEdits> Documents;
  for (auto &[Path, Each] : Result)
    Documents.push_back(std::move(Each));
  return Documents;
}

void ActionMaker::addFixes(const PlacedFinding &Found, std::vector<CodeAction> &To) const {
  bool HasPreferred = false;
  for (const Fix &Proposal : Found.What->Fixes) {
    CodeAction Action;
    Action.Title = titleOf(Proposal);
    Action.Kind = "quickfix";
    Action.Diagnostics = {diagnosticOf(Found, Rules, Where, Address)};
    Action.IsPreferred = !HasPreferred && Proposal.Safety == FixSafety::Safe;
    Action.Edits = edits({&Found}, &Proposal);
    if (Action.Edits.empty())
      continue;
    HasPreferred |= Action.IsPreferred;
    To.push_back(std::move(Action));
  }
}

void ActionMaker::addSuppression(const PlacedFinding &Found, std::vector<CodeAction> &To) const {
  StringRef Text = In.text();
  size_t LineStart = In.offsetOf({Found.Where.start.line, 0}, Where.columns());
  StringRef Before = lineBefore(Text, LineStart);
  // A comment between two lines that are one would take the second one along.
  if (Before.ends_with("\\"))
    return;
  std::string Name = "heddle-" + Found.What->Rule;
  CodeAction Action;
  Action.Title = "Suppress " + Found.What->Rule + " here";
  Action.Kind = "quickfix";
  Action.Diagnostics = {diagnosticOf(Found, Rules, Where, Address)};
  TextEdit Insert;
  size_t List = Before.find("NOLINTNEXTLINE(");
  size_t ListEnd = List == StringRef::npos ? List : Before.find(')', List);
  if (ListEnd != StringRef::npos) {
    size_t At = Before.data() - Text.data() + ListEnd;
    Insert.Where = Range(In.positionOf(At, Where.columns()));
    Insert.Text = ", " + Name;
  } else {
    StringRef Line = Text.substr(LineStart);
    StringRef Indent = Line.take_while([](char C) { return C == ' ' || C == '\t'; });
    Insert.Where = Range(In.positionOf(LineStart, Where.columns()));
    Insert.Text =
        (Indent + "// NOLINTNEXTLINE(" + Name + ")" + (Text.contains("\r\n") ? "\r\n" : "\n"))
            .str();
  }
  Action.Edits = {{In.uri(), In.version(), {std::move(Insert)}}};
  To.push_back(std::move(Action));
}

void ActionMaker::addFixAll(std::vector<CodeAction> &To) const {
  std::vector<const PlacedFinding *> All;
  for (const PlacedFinding &Each : Findings)
    All.push_back(&Each);
  CodeAction Action;
  Action.Title = "Apply all safe fixes of Heddle";
  Action.Kind = FixAllKind.str();
  Action.Edits = edits(All, nullptr);
  if (!Action.Edits.empty())
    To.push_back(std::move(Action));
}

} // namespace heddle::lsp
