#include "driver/run/Inputs.h"

#include "driver/run/Language.h"

#include "clang/Tooling/ArgumentsAdjusters.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "clang/Tooling/JSONCompilationDatabase.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"

#include <nlohmann/json.hpp>

#include <map>
#include <memory>
#include <set>

using namespace llvm;
using namespace clang::tooling;

namespace heddle {
namespace {

using Database = std::shared_ptr<CompilationDatabase>;

constexpr StringLiteral HowToGetOne =
    "A compile database tells Heddle how each file is compiled. To get one:\n"
    "  CMake    cmake -B build -DCMAKE_EXPORT_COMPILE_COMMANDS=ON\n"
    "  Meson    meson setup build        (writes it by itself)\n"
    "  make     bear -- make\n"
    "If it lies elsewhere, name its folder with -p DIR; for single files, give the flags instead:\n"
    "  heddle FILE.cpp -- -std=c++20 -Iinclude";

constexpr StringLiteral ListsNothing =
    "the compile database lists no files\n"
    "Let the build system write it again; 'bear -- make' lists what is compiled meanwhile, so run\n"
    "'make clean' first.";

namespace types = clang::driver::types;

// Headers of both languages have the same names; a standard tells which it is.
bool areForCPlusPlus(ArrayRef<std::string> Flags) {
  auto NamesLanguage = [](StringRef Flag) { return Flag.starts_with("-x"); };
  auto IsForCPlusPlus = [](StringRef Flag) {
    return (Flag.consume_front("--std=") || Flag.consume_front("-std=")) && Flag.contains("++");
  };
  return none_of(Flags, NamesLanguage) && any_of(Flags, IsForCPlusPlus);
}

// LLVM's reader reports broken JSON as broken YAML, on stderr; so the syntax is tested here first.
Error checkSyntax(StringRef Path) {
  auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/true);
  if (!Buffer)
    return createStringError("cannot read the compile database '" + Path +
                             "': " + Buffer.getError().message());
  auto DropValues = [](int, nlohmann::json::parse_event_t, nlohmann::json &) { return false; };
  try {
    (void)nlohmann::json::parse((*Buffer)->getBuffer(), DropValues);
  } catch (const nlohmann::json::parse_error &Problem) {
    StringRef Text = Problem.what();
    return createStringError(
        Path + ": the compile database is broken: " + Text.substr(Text.find("] ") + 2) +
        "\nLet the build system write it again.");
  }
  return Error::success();
}

Expected<Database> loadJson(StringRef Path) {
  if (Error E = checkSyntax(Path))
    return std::move(E);
  std::string Message;
  auto Plain =
      JSONCompilationDatabase::loadFromFile(Path, Message, JSONCommandLineSyntax::AutoDetect);
  if (!Plain)
    return createStringError(Path + ": the compile database is broken: " + Message +
                             "\nLet the build system write it again.");
  auto Expanded = expandResponseFiles(std::move(Plain), vfs::getRealFileSystem());
  return Database(
      keepLanguages(inferTargetAndDriverMode(inferMissingCompileCommands(std::move(Expanded))),
                    /*IsShared=*/false));
}

Expected<Database> loadFlags(StringRef Path) {
  std::string Message;
  auto Result = FixedCompilationDatabase::loadFromFile(Path, Message);
  if (!Result)
    return createStringError(Path + ": " + Message);
  return Database(keepLanguages(std::move(Result), /*IsShared=*/true));
}

bool exists(StringRef Folder, StringRef Name, SmallVectorImpl<char> &Path) {
  Path.assign(Folder.begin(), Folder.end());
  sys::path::append(Path, Name);
  return sys::fs::exists(StringRef(Path.data(), Path.size()));
}

// The databases of one folder, its build folders included; the likeliest first.
std::vector<std::string> databasesIn(StringRef Folder) {
  std::vector<std::string> Result;
  SmallString<256> Path;
  if (exists(Folder, "compile_commands.json", Path))
    Result.push_back(Path.str().str());
  std::error_code Ignored;
  std::set<std::string> BuildFolders; // sorted, so that "build" comes before "build-debug"
  for (sys::fs::directory_iterator It(Folder, Ignored), End; It != End && !Ignored;
       It.increment(Ignored))
    if (sys::path::filename(It->path()).starts_with("build"))
      BuildFolders.insert(It->path());
  for (const std::string &BuildFolder : BuildFolders)
    if (exists(BuildFolder, "compile_commands.json", Path))
      Result.push_back(Path.str().str());
  if (exists(Folder, "compile_flags.txt", Path))
    Result.push_back(Path.str().str());
  return Result;
}

// Whether a database in a build folder of `Home` is about the sources in `Folder`, which is `Home`
// or lies below. A common folder of many projects may hold another project's build folder.
bool belongsTo(const CompilationDatabase &Commands, StringRef BuildFolder, StringRef Home,
               StringRef Folder) {
  SmallString<256> Marker(Home);
  sys::path::append(Marker, ".git");
  if (sys::fs::exists(Marker))
    return true;
  while (Folder != Home && sys::path::parent_path(Folder) != Home)
    Folder = sys::path::parent_path(Folder);
  return any_of(Commands.getAllCompileCommands(), [&](const CompileCommand &C) {
    std::string File = absolutePath(C.Filename, C.Directory);
    return (isBelow(File, Folder) || sys::path::parent_path(File) == Home) &&
           !isBelow(File, BuildFolder);
  });
}

class Finder {
public:
  explicit Finder(const InputRequest &Request) : Request(Request) {}

  Expected<Inputs> run() {
    if (Request.Paths.empty()) {
      if (Request.Flags)
        return createStringError("flags after '--' need the files they are for");
      if (Error E = addFolder(Request.WorkingDirectory, /*Everything=*/true))
        return std::move(E);
    }
    for (const std::string &Path : Request.Paths)
      if (Error E = addPath(Path))
        return std::move(E);
    return std::move(Result);
  }

private:
  Error addPath(StringRef Given) {
    std::string Path = absolutePath(Given, Request.WorkingDirectory);
    if (sys::fs::is_directory(Path) && !Request.Flags)
      return addFolder(Path, /*Everything=*/false);
    if (sys::fs::is_directory(Path))
      return createStringError("'" + Given +
                               "' is a folder, and flags after '--' are for files\n"
                               "Name its files, or leave '--' out: the compile "
                               "database knows which files there are.");
    // A dangling link is a unit that cannot be read, and is reported as one when its turn comes.
    sys::fs::file_status Status;
    if (std::error_code EC = sys::fs::status(Path, Status);
        EC && !Request.AreOpen && !Request.Staged.count(Path) && !sys::fs::is_symlink_file(Path))
      return createStringError(EC == std::errc::no_such_file_or_directory
                                   ? "no such file or folder: '" + Given + "'"
                                   : "cannot read '" + Given + "': " + EC.message());
    return Request.Flags ? addWithFlags(Path, Given) : addFile(Path, Given);
  }

  Error addWithFlags(StringRef Path, StringRef Given) {
    std::vector<const char *> Arguments = {"heddle", "--"};
    for (const std::string &Flag : *Request.Flags)
      Arguments.push_back(Flag.c_str());
    if (languageOf(Path) == types::TY_CHeader && areForCPlusPlus(*Request.Flags))
      Arguments.push_back("-xc++-header");
    int Count = Arguments.size();
    std::string Message;
    auto Commands = FixedCompilationDatabase::loadFromCommandLine(Count, Arguments.data(), Message,
                                                                  Request.WorkingDirectory);
    if (!Commands)
      return createStringError("the flags after '--' make no compile command: " + Message);
    return addNamed(Commands->getCompileCommands(Path), Given);
  }

  // What somebody has named is not passed over without a word.
  Error addNamed(const std::vector<CompileCommand> &Commands, StringRef Given) {
    std::vector<CompileCommand> Ours = Commands;
    erase_if(Ours, [&](const CompileCommand &Command) { return isForeign(Command); });
    if (Ours.empty())
      return createStringError(
          "'" + Given +
          "' is neither C nor C++\nHeddle knows no other language. If its name is "
          "misleading, tell the language: --extra-arg-before=-xc++");
    addCommands(Ours);
    return Error::success();
  }

  bool isForeign(const CompileCommand &Command) const {
    return !types::isDerivedFromC(languageOf(Command, Request.ArgumentsBefore));
  }

  Error addFile(StringRef Path, StringRef Given) {
    Expected<Database> Commands = databaseFor(sys::path::parent_path(Path), Given);
    if (!Commands)
      return Commands.takeError();
    std::vector<CompileCommand> Found = (*Commands)->getCompileCommands(Path);
    bool IsGuess = !Found.empty() && !Found.front().Heuristic.empty();
    if (isHeader(Path) && (Found.empty() || IsGuess)) {
      if (Error E = addHeader(Path, Commands->get()))
        return E;
      if (IsGuess && Request.AreOpen)
        addCommands(Found);
      return Error::success();
    }
    if (Found.empty())
      return createStringError("the compile database has no command for '" + Given + "'");
    if (IsGuess)
      Result.Remarks.push_back(("'" + Given + "' is not in the compile database; its flags are " +
                                Found.front().Heuristic)
                                   .str());
    return addNamed(Found, Given);
  }

  Error addHeader(StringRef Path, const CompilationDatabase *Commands) {
    Result.Headers.push_back(Path.str());
    if (HeaderDatabases.insert(Commands).second)
      for (const CompileCommand &Command : Commands->getAllCompileCommands())
        if (!isForeign(Command))
          Result.Candidates.push_back(unit(Command));
    return Error::success();
  }

  Error addFolder(StringRef Folder, bool Everything) {
    Expected<Database> Commands = databaseFor(Folder, Folder);
    if (!Commands)
      return Commands.takeError();
    std::vector<CompileCommand> All = (*Commands)->getAllCompileCommands();
    if (!Everything)
      erase_if(All, [&](const CompileCommand &C) {
        return !isBelow(absolutePath(C.Filename, C.Directory), Folder);
      });
    if (All.empty())
      return createStringError(
          Everything ? ListsNothing : "the compile database lists no file below '" + Folder + "'");
    erase_if(All, [&](const CompileCommand &Command) {
      if (!isForeign(Command))
        return false;
      Result.Foreign.insert(absolutePath(Command.Filename, Command.Directory));
      return true;
    });
    if (All.empty())
      return createStringError("the compile database lists no file in C or C++" +
                               (Everything ? "" : " below '" + Folder + "'"));
    addCommands(All);
    return Error::success();
  }

  // The database for a path in `Folder`; `Given` names the path in messages.
  Expected<Database> databaseFor(StringRef Folder, StringRef Given) {
    if (!Request.DatabasePath.empty())
      return namedDatabase();
    for (StringRef At = Folder; !At.empty(); At = sys::path::parent_path(At))
      for (const std::string &Path : databasesIn(At)) {
        Expected<Database> Commands = load(Path);
        StringRef Beside = sys::path::parent_path(Path);
        if (!Commands || Beside == At || belongsTo(**Commands, Beside, At, Folder))
          return Commands;
      }
    return createStringError("no compile database found for '" + Given + "'\n" + HowToGetOne);
  }

  Expected<Database> namedDatabase() {
    std::string Path = absolutePath(Request.DatabasePath, Request.WorkingDirectory);
    if (!sys::fs::exists(Path))
      return createStringError("no such folder: '" + Request.DatabasePath + "'\n" + HowToGetOne);
    if (!sys::fs::is_directory(Path))
      return load(Path);
    std::vector<std::string> Candidates = databasesIn(Path);
    if (Candidates.empty())
      return createStringError("no compile_commands.json in '" + Request.DatabasePath + "'\n" +
                               HowToGetOne);
    return load(Candidates.front());
  }

  Expected<Database> load(const std::string &Path) {
    auto [It, Inserted] = Loaded.try_emplace(Path);
    if (Inserted) {
      auto Commands = StringRef(Path).ends_with(".txt") ? loadFlags(Path) : loadJson(Path);
      if (!Commands)
        return Commands.takeError();
      It->second = *Commands;
    }
    return It->second;
  }

  UnitCommand unit(const CompileCommand &Command) const {
    static const ArgumentsAdjuster Adjust =
        combineAdjusters(getClangStripOutputAdjuster(), getClangStripDependencyFileAdjuster());
    UnitCommand Unit;
    Unit.Directory = absolutePath(Command.Directory, Request.WorkingDirectory);
    Unit.File = absolutePath(Command.Filename, Unit.Directory);
    Unit.Arguments = Adjust(Command.CommandLine, Command.Filename);
    erase_if(Unit.Arguments, [](StringRef Argument) {
      return Argument == "-c" || Argument.starts_with("-Wp,-M") ||
             Argument.starts_with("-fdiagnostics-") || Argument.starts_with("-save-temps");
    });
    return Unit;
  }

  // Two commands with the same one have the same findings, in whichever way they name the file.
  static std::vector<std::string> identity(const UnitCommand &Unit) {
    std::vector<std::string> Result = {Unit.Directory, Unit.File};
    for (const std::string &Argument : Unit.Arguments)
      Result.push_back(!StringRef(Argument).starts_with("-") &&
                               absolutePath(Argument, Unit.Directory) == Unit.File
                           ? Unit.File
                           : Argument);
    return Result;
  }

  void addCommands(const std::vector<CompileCommand> &Commands) {
    for (const CompileCommand &Command : Commands) {
      UnitCommand Unit = unit(Command);
      if (Known.insert(identity(Unit)).second)
        Result.Units.push_back(std::move(Unit));
    }
  }

  const InputRequest &Request;
  Inputs Result;
  std::map<std::string, Database> Loaded;
  std::set<std::vector<std::string>> Known;
  std::set<const CompilationDatabase *> HeaderDatabases;
};

} // namespace

bool isSource(StringRef Path) { return isHeader(Path) || types::isDerivedFromC(languageOf(Path)); }

std::string absolutePath(StringRef Path, StringRef Directory) {
  SmallString<256> Result(Path);
  sys::path::make_absolute(Directory, Result);
  sys::path::remove_dots(Result, /*remove_dot_dot=*/true);
  return Result.str().str();
}

bool isBelow(StringRef Path, StringRef Folder) {
  return Path.consume_front(Folder) && (Folder.ends_with("/") || Path.starts_with("/"));
}

bool isHeader(StringRef Path) {
  StringRef Extension = sys::path::extension(Path).ltrim('.');
  types::ID Type = languageOf(Path);
  return (Type != types::TY_INVALID && types::onlyPrecompileType(Type)) ||
         is_contained({"inl", "ipp", "tpp", "tcc", "inc"}, Extension.lower());
}

std::set<std::string> findDatabases(const std::set<std::string> &Folders, StringRef DatabasePath) {
  if (!DatabasePath.empty() && !sys::fs::is_directory(DatabasePath))
    return {DatabasePath.str()};
  std::set<std::string> LookedAt, Result;
  auto LookAt = [&](StringRef Folder) {
    if (!LookedAt.insert(Folder.str()).second)
      return false;
    for (std::string &Path : databasesIn(Folder))
      Result.insert(std::move(Path));
    return true;
  };
  if (!DatabasePath.empty())
    LookAt(DatabasePath);
  else
    for (StringRef At : Folders)
      while (!At.empty() && LookAt(At))
        At = sys::path::parent_path(At);
  return Result;
}

Expected<Inputs> findUnits(const InputRequest &Request) { return Finder(Request).run(); }

} // namespace heddle
