// The library that clang-tidy loads. It uses nothing of LLVM's, so that every clang-tidy can load
// it, and loads the checks only into one that they were built for. Into another they could not be
// linked, or they would be, and find nothing.
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <string>

namespace {

// llvm::StringRef, as it is passed.
struct TextRef {
  const char *Data;
  size_t Size;
};
using VersionFunction = std::string (*)(TextRef);

// clang::getClangToolFullVersion(llvm::StringRef)
constexpr char VersionSymbol[] = "_ZN5clang23getClangToolFullVersionB5cxx11EN4llvm9StringRefE";
constexpr char ToolName[] = "clang-tidy";

[[noreturn]] void refuse(const std::string &Why) {
  std::fprintf(stderr, "heddle: error: %s\n", Why.c_str());
  std::fflush(nullptr);
  std::_Exit(2);
}

// "clang-tidy version 22.1.8 (…)"
std::string runningVersion() {
  auto Version = reinterpret_cast<VersionFunction>(dlsym(RTLD_DEFAULT, VersionSymbol));
  return Version ? Version({ToolName, sizeof(ToolName) - 1})
                 : "a program without Clang's libraries";
}

bool isTheRightOne(const std::string &Version) {
  size_t At = Version.find(" version " HEDDLE_LLVM_ABI ".");
  return At != std::string::npos;
}

__attribute__((constructor)) void loadChecks() {
  std::string Version = runningVersion();
  if (!isTheRightOne(Version))
    refuse("this libHeddleTidy.so is for clang-tidy " HEDDLE_LLVM_ABI " and was loaded by " +
           Version.substr(0, Version.find(" (")));
  Dl_info Here;
  char *Path = dladdr(VersionSymbol, &Here) ? realpath(Here.dli_fname, nullptr) : nullptr;
  if (!Path)
    refuse("libHeddleTidy.so does not find its own folder");
  std::string Checks = Path;
  std::free(Path);
  Checks = Checks.substr(0, Checks.rfind('/')) + "/heddle/HeddleTidyChecks.so";
  if (!dlopen(Checks.c_str(), RTLD_NOW | RTLD_LOCAL))
    refuse(std::string("cannot load the checks: ") + dlerror());
}

} // namespace
