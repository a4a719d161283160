#include "driver/run/CommonNames.h"

#include "driver/run/UnitAnalysis.h"

#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace heddle {

CommonNames::CommonNames(ArrayRef<UnitOutcome> Outcomes) {
  std::map<std::string, std::string> FileOf, Chosen;
  for (const UnitOutcome &Outcome : Outcomes)
    for (const std::string &Name : Outcome.Texts.paths()) {
      SmallString<256> File;
      if (FileOf.count(Name) || sys::fs::real_path(Name, File))
        continue;
      FileOf[Name] = File.str().str();
      if (auto [It, IsNew] = Chosen.try_emplace(FileOf[Name], Name); !IsNew && File == Name)
        It->second = Name;
    }
  for (const auto &[Name, File] : FileOf)
    if (const std::string &Common = Chosen[File]; Common != Name)
      Others[Name] = Common;
}

void CommonNames::use(FileRange &In) const {
  if (auto Found = Others.find(In.File); Found != Others.end())
    In.File = Found->second;
}

void CommonNames::use(Finding &In) const {
  if (Others.empty())
    return;
  forEachRange(In, [&](FileRange &Range) { use(Range); });
}

} // namespace heddle
