#include "driver/run/Language.h"

#include "driver/run/Inputs.h"

#include "clang/Basic/LangStandard.h"
#include "clang/Driver/Driver.h"
#include "clang/Options/Options.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace clang::tooling;

namespace heddle {

namespace options = clang::options;
namespace types = clang::driver::types;

types::ID languageOf(StringRef Path) {
  StringRef Extension = sys::path::extension(Path);
  return Extension.consume_front(".") ? types::lookupTypeForExtension(Extension)
                                      : types::TY_INVALID;
}

static StringRef modeOf(ArrayRef<const char *> Arguments) {
  return Arguments.empty()
             ? ""
             : clang::driver::getDriverMode(Arguments.front(), Arguments.drop_front());
}

types::ID languageOf(const CompileCommand &Command, ArrayRef<std::string> Before) {
  SmallVector<const char *, 64> Arguments;
  for (const std::string &Argument : Command.CommandLine) {
    Arguments.push_back(Argument.c_str());
    if (Arguments.size() == 1)
      for (const std::string &Each : Before)
        Arguments.push_back(Each.c_str());
  }
  bool IsCl = clang::driver::IsClangCL(modeOf(Arguments));
  // Most commands leave it to the name; to take them apart would be a waste.
  if (!IsCl && none_of(Arguments, [](StringRef Argument) {
        return Argument.starts_with("-x") || Argument.starts_with("--language");
      }))
    return languageOf(Command.Filename);

  unsigned MissingIndex = 0, MissingCount = 0;
  opt::InputArgList Parsed = clang::getDriverOptTable().ParseArgs(
      ArrayRef(Arguments).drop_front(), MissingIndex, MissingCount,
      opt::Visibility(IsCl ? options::CLOption : options::ClangOption));
  if (Parsed.hasArg(options::OPT__SLASH_TP, options::OPT__SLASH_Tp))
    return types::TY_CXX;
  if (Parsed.hasArg(options::OPT__SLASH_TC, options::OPT__SLASH_Tc))
    return types::TY_C;
  std::string File = absolutePath(Command.Filename, Command.Directory);
  types::ID Said = types::TY_INVALID; // for the files behind it
  for (const opt::Arg *Each : Parsed.filtered(options::OPT_x, options::OPT_INPUT)) {
    if (Each->getOption().matches(options::OPT_x))
      Said = types::lookupTypeForTypeSpecifier(Each->getValue());
    else if (absolutePath(Each->getValue(), Command.Directory) == File)
      break;
  }
  return Said == types::TY_INVALID ? languageOf(Command.Filename) : Said;
}

static void keepLanguage(CompileCommand &Command) {
  types::ID Language = languageOf(Command.Filename);
  if (!types::isDerivedFromC(Language) || types::onlyPrecompileType(Language) ||
      languageOf(Command) != Language)
    return; // There is no telling, or somebody has said what it is.
  erase_if(Command.CommandLine, [&](StringRef Argument) {
    if (!Argument.consume_front("-std=") && !Argument.consume_front("--std="))
      return false;
    const clang::LangStandard *Standard = clang::LangStandard::getLangStandardForName(Argument);
    return Standard && Standard->isCPlusPlus() != types::isCXX(Language);
  });
  SmallVector<const char *, 64> Arguments;
  for (const std::string &Argument : Command.CommandLine)
    Arguments.push_back(Argument.c_str());
  if (modeOf(Arguments) == "g++" && types::lookupCXXTypeForCType(Language) != Language)
    Command.CommandLine.insert(Command.CommandLine.begin() + 1,
                               {"-x", types::getTypeName(Language)});
}

namespace {

class KeptLanguages : public CompilationDatabase {
public:
  KeptLanguages(std::unique_ptr<CompilationDatabase> Of, bool IsShared)
      : Of(std::move(Of)), IsShared(IsShared) {}

  std::vector<CompileCommand> getCompileCommands(StringRef Path) const override {
    std::vector<CompileCommand> Commands = Of->getCompileCommands(Path);
    for (CompileCommand &Command : Commands)
      if (IsShared || !Command.Heuristic.empty())
        keepLanguage(Command);
    return Commands;
  }
  std::vector<std::string> getAllFiles() const override { return Of->getAllFiles(); }
  std::vector<CompileCommand> getAllCompileCommands() const override {
    return Of->getAllCompileCommands();
  }

private:
  std::unique_ptr<CompilationDatabase> Of;
  bool IsShared;
};

} // namespace

std::unique_ptr<CompilationDatabase> keepLanguages(std::unique_ptr<CompilationDatabase> Of,
                                                   bool IsShared) {
  return std::make_unique<KeptLanguages>(std::move(Of), IsShared);
}

} // namespace heddle
