#include "driver/lsp/Sessions.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <thread>
#include <utility>

using namespace llvm;

namespace heddle::lsp {

// A preamble takes tens of megabytes. So many are kept, those of the files edited last.
constexpr size_t MostKept = 8;

struct Session::Work {
  explicit Work(std::shared_ptr<const Configuration> Config = nullptr)
      : Config(std::move(Config)) {}

  std::shared_ptr<const Configuration> Config;
  std::vector<UnitCommand> Commands;
  std::vector<std::unique_ptr<LiveUnit>> Units; ///< One for each command.
  std::string Remark;
  bool HasChosen = false, IsOther = false, HasKept = false;

  void choose(const std::string &Path, bool Alone) {
    UnitChoice Choice = chooseUnits(Path, *Config, Alone);
    if (Choice.Units != Commands) {
      Commands = std::move(Choice.Units);
      Units.clear();
      for (const UnitCommand &Unit : Commands)
        Units.push_back(std::make_unique<LiveUnit>(Unit, Config->Words, Config->Options));
    }
    Remark = std::move(Choice.Remark);
    IsOther = Choice.IsOther;
    HasChosen = true;
  }
};

struct Sessions::Outcome {
  UnitOutcome All; ///< Of all units together.
  std::set<std::string> Files;
  std::string Remark;
  std::vector<UnitCommand> Commands;
};

Sessions::Sessions(EventLoop &Loop, const Documents &Open,
                   std::function<void(const Session &)> Changed)
    : Loop(Loop), Open(Open), Changed(std::move(Changed)) {}

Sessions::~Sessions() {
  for (auto &[Path, Each] : ByPath)
    if (Each.Running)
      Each.Running->store(true);
}

void Sessions::configure(std::shared_ptr<const Configuration> New) {
  Config = std::move(New);
  MostAtWork = Config->User.Jobs;
  if (MostAtWork == 0)
    MostAtWork = std::max(1u, std::thread::hardware_concurrency() / 2);
  // Threads that are too many wait for work.
  if (!Pool)
    Pool.emplace(std::max(MostAtWork, std::thread::hardware_concurrency()));
  for (auto &[Path, Each] : ByPath) {
    // What was found as it was configured before is not shown with what is found now, nor is what
    // a job is about to find.
    Each.Kept = std::make_shared<Session::Work>();
    Each.Last.reset();
    Each.Failure.reset();
    touch(Each, std::chrono::milliseconds(0));
  }
  pump();
}

void Sessions::commandsChanged() {
  for (auto &[Path, Each] : ByPath) {
    Each.MustChoose = true;
    touch(Each, std::chrono::milliseconds(0));
  }
  pump();
}

void Sessions::opened(const Document &Opened) {
  Session &New = ByPath[Opened.path()];
  New.Path = Opened.path();
  New.Kept = std::make_shared<Session::Work>();
  New.LastEdit = ++Edits;
  updateCover();
  // Whoever reads the file from now on reads the editor's text.
  if (!Opened.isFromDisk())
    edited(Opened);
  touch(New, std::chrono::milliseconds(0));
  pump();
}

void Sessions::edited(const Document &Edited) {
  std::chrono::milliseconds Delay(Config->User.Debounce);
  for (auto &[Path, Each] : ByPath) {
    bool IsOwn = Path == Edited.path();
    if (IsOwn)
      Each.LastEdit = ++Edits;
    if (IsOwn || Each.Files.count(Edited.path()))
      touch(Each, Delay);
  }
  pump();
}

void Sessions::closed(const Document &Closed) {
  auto Found = ByPath.find(Closed.path());
  if (Found == ByPath.end())
    return;
  if (Found->second.Running)
    Found->second.Running->store(true);
  bool WasFromDisk = Closed.isFromDisk();
  Session Gone = std::move(Found->second);
  ByPath.erase(Found);
  updateCover();
  Changed(Gone);
  if (!WasFromDisk)
    filesChanged({Closed.path()});
}

void Sessions::filesChanged(const std::set<std::string> &Paths) {
  for (auto &[Path, Each] : ByPath)
    if (any_of(Paths, [&](const std::string &File) { return Each.Files.count(File) != 0; }))
      touch(Each, std::chrono::milliseconds(Config->User.Debounce));
  pump();
}

void Sessions::touch(Session &Each, std::chrono::milliseconds Delay) {
  Each.IsDirty = true;
  Each.Due = EventLoop::Clock::now() + Delay;
  if (Each.Running)
    Each.Running->store(true);
  if (Delay.count() > 0)
    Loop.postAt(Each.Due, [this] { pump(); });
}

void Sessions::pump() {
  if (!Config)
    return;
  while (AtWork < MostAtWork) {
    Session *Next = nullptr;
    for (auto &[Path, Each] : ByPath)
      if (Each.IsDirty && !Each.IsCovered && !Each.Running && Each.Due <= EventLoop::Clock::now() &&
          (!Next || Each.LastEdit > Next->LastEdit))
        Next = &Each;
    if (!Next)
      return;
    start(*Next);
  }
}

void Sessions::start(Session &Each) {
  Each.IsDirty = false;
  Each.Running = std::make_shared<std::atomic<bool>>(false);
  if (Each.Kept->Config != Config)
    Each.Kept = std::make_shared<Session::Work>(Config);
  Each.Kept->HasKept = true;
  UnsavedTexts Unsaved;
  std::vector<std::string> Names;
  Job New{Each.Path, Each.Kept, Each.Running, std::exchange(Each.MustChoose, false), {}};
  for (const auto &[Path, Text] : Open) {
    New.Ages[Path] = Text.age();
    if (!Text.isFromDisk() || Path == Each.Path)
      Unsaved[Path] = Text.snapshot();
    Names.push_back(Path);
  }
  ++AtWork;
  Pool->submit([this, New = std::move(New), Unsaved = std::move(Unsaved),
                Names = std::move(Names)]() mutable {
    Outcome Result = analyze(New, Unsaved, FileNames(Names, New.Kept->Config->Links));
    Loop.post([this, New = std::move(New), Result = std::move(Result)]() mutable {
      finish(New, std::move(Result));
    });
  });
}

// Runs on a worker.
Sessions::Outcome Sessions::analyze(const Job &Task, const UnsavedTexts &Unsaved,
                                    const FileNames &Names) {
  Session::Work &Kept = *Task.Kept;
  const std::string &Path = Task.Path;
  if (!Kept.HasChosen || Task.MustChoose)
    Kept.choose(Path, /*Alone=*/false);
  Outcome Result;
  while (true) {
    Result = Outcome();
    Result.All.Complete = true;
    for (const std::unique_ptr<LiveUnit> &Unit : Kept.Units) {
      UnitOutcome One = Unit->analyze(Unsaved, *Task.Cancelled);
      Names.applyTo(One);
      for (const std::string &File : Unit->files())
        Result.Files.insert(Names.of(File));
      Result.All.Complete &= One.Complete;
      if (One.Failure && !Result.All.Failure)
        Result.All.Failure = std::move(One.Failure);
      Result.All.Texts.merge(std::move(One.Texts));
      std::move(One.Findings.begin(), One.Findings.end(), std::back_inserter(Result.All.Findings));
    }
    if (!Kept.IsOther || !Result.All.Complete || Result.Files.count(Path))
      break;
    // It does not include the header after all.
    Kept.choose(Path, /*Alone=*/true);
  }
  Result.Remark = Kept.Remark;
  Result.Commands = Kept.Commands;
  return Result;
}

void Sessions::finish(const Job &Done, Outcome Result) {
  --AtWork;
  auto Found = ByPath.find(Done.Path);
  // It may have been closed, and opened again, meanwhile.
  if (Found == ByPath.end() || Found->second.Running != Done.Cancelled)
    return pump();
  Session &Each = Found->second;
  Each.Running.reset();
  bool IsDone = false;
  if (Each.Kept != Done.Kept)
    Each.IsDirty = true;
  else
    IsDone = take(Each, Done, std::move(Result));
  pump();
  if (IsDone)
    Changed(Each);
}

bool Sessions::take(Session &Each, const Job &Done, Outcome Result) {
  if (!Result.All.Complete) {
    Each.IsDirty = true;
    // Which headers were read is known even so.
    Each.Files.insert(Result.Files.begin(), Result.Files.end());
    return false;
  }
  Each.Files = std::move(Result.Files);
  Each.Remark = std::move(Result.Remark);
  Each.Failure = std::move(Result.All.Failure);
  // What was found before says nothing of a text that does not compile as it is compiled now.
  if (Each.Commands != Result.Commands)
    Each.Last.reset();
  Each.Commands = std::move(Result.Commands);
  if (!Each.Failure) {
    auto New = std::make_shared<Analysis>();
    New->Findings = std::move(Result.All.Findings);
    New->Texts = std::move(Result.All.Texts);
    New->Ages = Done.Ages;
    Each.Last = std::move(New);
  }
  updateCover();
  forgetOldest();
  return true;
}

/// A header that the unit of another open file includes needs no session of its own.
void Sessions::updateCover() {
  for (auto &[Path, Header] : ByPath) {
    if (!isHeader(Path))
      continue;
    bool IsCovered = any_of(ByPath, [&, &Path = Path](const auto &Other) {
      return !isHeader(Other.first) && Other.second.Last && Other.second.Files.count(Path);
    });
    if (IsCovered == Header.IsCovered)
      continue;
    Header.IsCovered = IsCovered;
    Header.Last.reset();
    Header.Failure.reset();
    Header.Files.clear();
    Header.IsDirty = true;
    if (Header.Running)
      Header.Running->store(true);
    if (!Header.Running)
      Header.Kept = std::make_shared<Session::Work>();
  }
}

void Sessions::forgetOldest() {
  std::vector<Session *> Keeping;
  for (auto &[Path, Each] : ByPath)
    if (Each.Kept->HasKept && !Each.Running)
      Keeping.push_back(&Each);
  if (Keeping.size() <= MostKept)
    return;
  llvm::sort(Keeping, [](Session *A, Session *B) { return A->LastEdit < B->LastEdit; });
  for (Session *Each : ArrayRef(Keeping).drop_back(MostKept)) {
    for (const std::unique_ptr<LiveUnit> &Unit : Each->Kept->Units)
      Unit->forget();
    Each->Kept->HasKept = false;
  }
}

} // namespace heddle::lsp
