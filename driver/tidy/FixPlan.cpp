#include "driver/tidy/FixPlan.h"

#include "driver/fix/Edits.h"

#include "llvm/ADT/STLExtras.h"

#include <map>
#include <set>

using namespace llvm;

namespace heddle {
namespace {

// The same edit twice would be made twice, so that is in the way, too.
bool areInTheWay(const Edit &A, const Edit &B) {
  return A.Where.File == B.Where.File &&
         (A.Where.Begin == B.Where.Begin ||
          (A.Where.Begin < B.Where.End && B.Where.Begin < A.Where.End));
}

// Clang takes a space beside a text that is removed as well, even if it indents the next line. What
// is replaced by a space it leaves alone.
void keepSpacesBeside(std::vector<Edit> &Edits, const SourceTexts &Texts) {
  auto Touches = [&](const std::string &File, uint32_t Offset) {
    return any_of(Edits, [&](const Edit &E) {
      return E.Where.File == File && E.Where.Begin <= Offset && Offset <= E.Where.End;
    });
  };
  for (Edit &E : Edits) {
    FileRange &Where = E.Where;
    StringRef Text = Texts.text(Where.File).value_or("");
    if (!E.Text.empty() || Where.End >= Text.size())
      continue;
    if (Text[Where.End] == ' ' && !Touches(Where.File, Where.End + 1))
      ++Where.End;
    else if (Where.Begin > 1 && Text[Where.Begin - 1] == ' ' &&
             !Touches(Where.File, Where.Begin - 1))
      --Where.Begin;
    else
      continue;
    E.Text = " ";
  }
}

class Planner {
public:
  Planner(const UnitFindings &Found, const FixAudience &Audience)
      : Found(Found), Audience(Audience) {}

  std::vector<PlannedFinding> run() {
    std::vector<PlannedFinding> Result;
    for (const Finding &F : Found.Findings)
      Result.push_back(plan(F));
    return Result;
  }

private:
  PlannedFinding plan(const Finding &F) {
    PlannedFinding Result;
    Result.What = &F;
    Result.Proposal = chooseFix(F, /*Unsafe=*/true);
    if (!Result.Proposal ||
        (Result.Proposal->Safety == FixSafety::Unsafe && !Audience.allowsUnsafe(F)) ||
        isInTheWay(*Result.Proposal))
      return Result;
    if (Audience.isShown(F)) {
      append_range(Taken, Result.Proposal->Edits);
      Result.Edits = withoutKnownIncludes(*Result.Proposal);
    } else {
      Result.Edits = allEdits(*Result.Proposal, Found.Texts);
    }
    keepSpacesBeside(Result.Edits, Found.Texts);
    return Result;
  }

  bool isInTheWay(const Fix &Proposal) const {
    return any_of(Proposal.Edits, [&](const Edit &Mine) {
      return any_of(Taken, [&](const Edit &Other) { return areInTheWay(Mine, Other); });
    });
  }

  std::vector<Edit> withoutKnownIncludes(const Fix &Proposal) {
    std::map<std::string, Fix> PerFile;
    for (const Edit &E : Proposal.Edits)
      PerFile[E.Where.File].Edits.push_back(E);
    std::vector<Edit> Result;
    for (auto &[File, Part] : PerFile) {
      for (const std::string &Header : Proposal.Includes)
        if (Included[File].insert(Header).second)
          Part.Includes.push_back(Header);
      append_range(Result, allEdits(Part, Found.Texts));
    }
    return Result;
  }

  const UnitFindings &Found;
  const FixAudience &Audience;
  std::vector<Edit> Taken;
  std::map<std::string, std::set<std::string>> Included; // by the file
};

} // namespace

std::vector<PlannedFinding> planForTidy(const UnitFindings &Found, const FixAudience &Audience) {
  return Planner(Found, Audience).run();
}

} // namespace heddle
