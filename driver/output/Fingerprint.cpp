#include "driver/output/Fingerprint.h"

#include "driver/output/Utf16.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

#include <array>
#include <map>

using namespace llvm;

namespace heddle {

static std::string hexadecimal(uint64_t Value) { return utohexstr(Value, /*LowerCase=*/true); }

std::vector<std::string> fingerprints(const Report &What) {
  std::vector<std::string> Result;
  std::map<uint64_t, unsigned> Counts;
  for (const Finding &F : concat<const Finding>(What.Run.Findings, What.Run.Suppressed)) {
    std::string Key = F.Rule + '\0';
    if (!F.Identity.empty())
      Key += F.Identity;
    else
      Key += (relativeTo(What.Root, F.Primary.File) + "\n" +
              What.Run.Texts.lineAt(F.Primary.File, F.Primary.Begin).trim())
                 .str();
    uint64_t Hash = xxh3_64bits(Key);
    Result.push_back(hexadecimal(Hash) + ":" + std::to_string(++Counts[Hash]));
  }
  return Result;
}

namespace {

// The algorithm is fixed by what GitHub already has on record, constants included.
class RollingHash {
public:
  std::vector<std::string> run(StringRef Text) {
    Lines.fill(-1);
    for (unsigned I = 0; I < Window.size(); ++I)
      FirstPower *= 37;
    forEachUtf16Unit(Text, [&](uint16_t Unit) { character(Unit); });
    character(0xFFFF);
    for (unsigned I = 0; I < Window.size(); ++I) {
      emit();
      shift(0);
    }
    return std::move(Result);
  }

private:
  void character(uint16_t C) {
    bool AfterReturn = PreviousReturn;
    PreviousReturn = false;
    if (C == ' ' || C == '\t' || (AfterReturn && C == '\n'))
      return;
    if (C == '\r') {
      C = '\n';
      PreviousReturn = true;
    }
    emit();
    if (AtLineStart)
      Lines[Index] = LineCount++;
    AtLineStart = C == '\n';
    shift(C);
  }

  void emit() {
    if (Lines[Index] < 0)
      return;
    Result.resize(std::max<size_t>(Result.size(), Lines[Index] + 1));
    Result[Lines[Index]] = hexadecimal(Hash) + ":" + std::to_string(++Counts[Hash]);
    Lines[Index] = -1;
  }

  void shift(uint16_t C) {
    Hash = Hash * 37 + C - FirstPower * Window[Index];
    Window[Index] = C;
    Index = (Index + 1) % Window.size();
  }

  std::array<uint16_t, 100> Window = {};
  std::array<int64_t, 100> Lines; // -1: no line starts there
  uint64_t Hash = 0, FirstPower = 1;
  unsigned Index = 0;
  int64_t LineCount = 0;
  bool AtLineStart = true, PreviousReturn = false;
  std::map<uint64_t, unsigned> Counts;
  std::vector<std::string> Result;
};

} // namespace

std::vector<std::string> lineHashes(StringRef Text) { return RollingHash().run(Text); }

} // namespace heddle
