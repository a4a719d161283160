#include "driver/fix/ReplaceFiles.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <vector>

using namespace llvm;

namespace heddle {
namespace {

Error cannotWrite(StringRef Path, std::error_code Reason) {
  return createStringError(Reason, "cannot write '" + Path + "': " + Reason.message());
}

// A new text that waits beside the file it will replace. Not renamed, it disappears.
struct Staged {
  std::string Temporary, Target;
  ~Staged() {
    if (!Temporary.empty())
      (void)sys::fs::remove(Temporary);
  }
  Staged() = default;
  Staged(Staged &&Other) noexcept
      : Temporary(std::move(Other.Temporary)), Target(std::move(Other.Target)) {
    Other.Temporary.clear();
  }
  Staged &operator=(Staged &&) = delete;
};

std::error_code writeAll(raw_fd_ostream &OS, StringRef Text) {
  OS << Text;
  OS.close();
  std::error_code Problem = OS.error();
  // An error that nobody looked at ends the process when the stream is destroyed.
  OS.clear_error();
  return Problem;
}

Error writeInPlace(StringRef Path, StringRef Text) {
  std::error_code Problem;
  raw_fd_ostream OS(Path, Problem, sys::fs::CD_OpenExisting, sys::fs::FA_Write, sys::fs::OF_None);
  if (!Problem)
    Problem = writeAll(OS, Text);
  return Problem ? cannotWrite(Path, Problem) : Error::success();
}

Expected<Staged> stage(StringRef Path, StringRef Text, const sys::fs::file_status &Status) {
  SmallString<256> Target;
  if (sys::fs::real_path(Path, Target))
    Target = Path;
  // sys::fs::createUniqueFile would take a '%' in the path for a placeholder.
  std::string Temporary = (Target + ".heddle-" + Twine(sys::Process::getProcessId())).str();
  int Descriptor;
  auto Permissions =
      sys::fs::exists(Status) ? Status.permissions() : sys::fs::perms(0666 & ~sys::fs::getUmask());
  if (auto Problem = sys::fs::openFileForWrite(Temporary, Descriptor, sys::fs::CD_CreateAlways))
    return cannotWrite(Path, Problem);
  Staged Result;
  Result.Temporary = Temporary;
  Result.Target = Target.str().str();
  raw_fd_ostream OS(Descriptor, /*shouldClose=*/true);
  if (auto Problem = writeAll(OS, Text))
    return cannotWrite(Path, Problem);
  if (auto Problem = sys::fs::setPermissions(Temporary, Permissions))
    return cannotWrite(Path, Problem);
  return Result;
}

} // namespace

Error replaceFiles(const std::map<std::string, std::string> &TextOfPath) {
  std::vector<Staged> Files;
  for (const auto &[Path, Text] : TextOfPath) {
    sys::fs::file_status Status;
    (void)sys::fs::status(Path, Status);
    if (sys::fs::is_directory(Status))
      return cannotWrite(Path, std::make_error_code(std::errc::is_a_directory));
    if (sys::fs::exists(Status) && !sys::fs::is_regular_file(Status)) {
      if (Error E = writeInPlace(Path, Text))
        return E;
      continue;
    }
    Expected<Staged> File = stage(Path, Text, Status);
    if (!File)
      return File.takeError();
    Files.push_back(std::move(*File));
  }
  for (Staged &File : Files) {
    if (auto Problem = sys::fs::rename(File.Temporary, File.Target))
      return cannotWrite(File.Target, Problem);
    File.Temporary.clear();
  }
  return Error::success();
}

Error replaceFile(StringRef Path, StringRef Text) {
  return replaceFiles({{Path.str(), Text.str()}});
}

} // namespace heddle
