#include "driver/run/Includers.h"

#include "clang/Basic/Diagnostic.h"
#include "clang/DependencyScanning/DependencyScanningUtils.h"
#include "clang/Tooling/DependencyScanningTool.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <map>
#include <thread>
#include <tuple>

using namespace llvm;
using namespace clang::dependencies;

namespace heddle {
namespace {

std::string realPath(StringRef Path) {
  SmallString<256> Real;
  return sys::fs::real_path(Path, Real) ? Path.str() : Real.str().str();
}

// Picks the wanted headers out of what a unit depends on.
class WantedHeaders : public DependencyConsumer {
public:
  WantedHeaders(const std::map<std::string, std::vector<std::string>> &ByRealPath,
                const std::set<std::string> &Names, StringRef Directory)
      : ByRealPath(ByRealPath), Names(Names), Directory(Directory) {}

  void handleFileDependency(StringRef Path) override {
    // Most are the system's. The look at the file system is for those of the right name alone.
    if (!Names.count(sys::path::filename(Path).str()))
      return;
    SmallString<256> Absolute(Path);
    sys::path::make_absolute(Directory, Absolute);
    if (auto Known = ByRealPath.find(realPath(Absolute)); Known != ByRealPath.end())
      Found.insert(Known->second.begin(), Known->second.end());
  }

  void handleDependencyOutputOpts(const clang::DependencyOutputOptions &) override {}
  void handlePrebuiltModuleDependency(PrebuiltModuleDep) override {}
  void handleModuleDependency(ModuleDeps) override {}
  void handleDirectModuleDependency(ModuleID) override {}
  void handleVisibleModule(std::string) override {}
  void handleContextHash(std::string) override {}

  std::set<std::string> Found;

private:
  const std::map<std::string, std::vector<std::string>> &ByRealPath;
  const std::set<std::string> &Names;
  StringRef Directory;
};

class Search {
public:
  Search(ArrayRef<std::string> Headers, const UnitOptions &Options, unsigned Jobs)
      : Options(Options), Jobs(Jobs ? Jobs : std::max(1u, std::thread::hardware_concurrency())),
        Service(ScanningMode::DependencyDirectivesScan, ScanningOutputFormat::Make) {
    for (const std::string &Header : Headers) {
      std::string Real = realPath(Header);
      Names.insert(sys::path::filename(Header).str());
      Names.insert(sys::path::filename(Real).str());
      Missing.insert(Header);
      ByRealPath[Real].push_back(Header);
    }
  }

  Includers run(ArrayRef<UnitCommand> Taken, ArrayRef<UnitCommand> Candidates) {
    std::vector<const UnitCommand *> Untried = pointers(Taken);
    while (!Missing.empty() && !Untried.empty())
      (void)tryNext(Untried);

    Includers Result;
    Untried = pointers(Candidates);
    const std::set<std::string> All = Missing;
    for (const std::string &Header : All) {
      stable_sort(Untried, [&](const UnitCommand *A, const UnitCommand *B) {
        return distance(Header, A->File) < distance(Header, B->File);
      });
      while (Missing.count(Header) && !Untried.empty())
        for (const UnitCommand *Useful : tryNext(Untried))
          Result.Units.push_back(*Useful);
    }
    Result.Orphans.assign(Missing.begin(), Missing.end());
    return Result;
  }

private:
  static std::vector<const UnitCommand *> pointers(ArrayRef<UnitCommand> Units) {
    std::vector<const UnitCommand *> Result;
    for (const UnitCommand &Unit : Units)
      Result.push_back(&Unit);
    return Result;
  }

  // Another stem counts first; then how many steps it is from folder to folder.
  static std::pair<bool, long> distance(StringRef Header, StringRef File) {
    StringRef From = sys::path::parent_path(Header), To = sys::path::parent_path(File);
    auto FromAt = sys::path::begin(From), ToAt = sys::path::begin(To);
    auto FromEnd = sys::path::end(From), ToEnd = sys::path::end(To);
    while (FromAt != FromEnd && ToAt != ToEnd && *FromAt == *ToAt)
      ++FromAt, ++ToAt;
    return {sys::path::stem(Header) != sys::path::stem(File),
            std::distance(FromAt, FromEnd) + std::distance(ToAt, ToEnd)};
  }

  // Scans a few units, which are taken off the front. Returns those that include headers that had
  // been missing. How many are scanned together does not depend on the machine, for the answer
  // must not.
  std::vector<const UnitCommand *> tryNext(std::vector<const UnitCommand *> &Untried) {
    constexpr size_t Together = 8;
    std::vector<const UnitCommand *> Batch(Untried.begin(),
                                           Untried.begin() + std::min(Together, Untried.size()));
    Untried.erase(Untried.begin(), Untried.begin() + Batch.size());
    std::vector<std::set<std::string>> Found(Batch.size());
    std::atomic<size_t> Next = 0;
    auto Work = [&] {
      for (size_t I = Next++; I < Batch.size(); I = Next++)
        Found[I] = scan(*Batch[I]);
    };
    {
      std::vector<std::jthread> Workers;
      for (size_t I = 1; I < std::min<size_t>(Jobs, Batch.size()); ++I)
        Workers.emplace_back(Work);
      Work();
    }
    std::vector<const UnitCommand *> Useful;
    for (size_t I = 0; I < Batch.size(); ++I) {
      size_t Before = Missing.size();
      for (const std::string &Header : Found[I])
        Missing.erase(Header);
      if (Missing.size() != Before)
        Useful.push_back(Batch[I]);
    }
    return Useful;
  }

  std::set<std::string> scan(const UnitCommand &Unit) {
    class NoModules : public DependencyActionController {
      std::string lookupModuleOutput(const ModuleDeps &, ModuleOutputKind) override { return ""; }
    } Controller;
    clang::IgnoringDiagConsumer Silent; // What does not compile is reported by the analysis.
    DependencyScanningWorker Worker(Service, diskWith(Options.Texts));
    WantedHeaders Consumer(ByRealPath, Names, Unit.Directory);
    (void)clang::tooling::computeDependencies(
        Worker, Unit.Directory, compilerArguments(Unit, Options), Consumer, Controller, Silent);
    return std::move(Consumer.Found);
  }

  const UnitOptions &Options;
  unsigned Jobs;
  DependencyScanningService Service;
  std::map<std::string, std::vector<std::string>> ByRealPath; // to the paths as they were given
  std::set<std::string> Names, Missing;
};

} // namespace

Includers findIncluders(ArrayRef<std::string> Headers, ArrayRef<UnitCommand> Taken,
                        ArrayRef<UnitCommand> Candidates, const UnitOptions &Options,
                        unsigned Jobs) {
  return Search(Headers, Options, Jobs).run(Taken, Candidates);
}

} // namespace heddle
