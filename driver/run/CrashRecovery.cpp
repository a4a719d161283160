#include "driver/run/CrashRecovery.h"

#include "driver/run/UnitAnalysis.h"

#include "clang/Basic/Stack.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/thread.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <optional>
#include <semaphore.h>
#include <set>
#include <string>
#include <sysexits.h>
#include <unistd.h>
#include <vector>

using namespace llvm;

namespace heddle {
namespace {

constexpr char CrashedBefore[] = "HEDDLE_CRASHED_BEFORE";
constexpr int SecondsForProbe = 3; // Sound, it takes microseconds.
constexpr size_t ProbeSize = 5000; // More than what a thread keeps for itself without a lock.

constexpr std::chrono::seconds TimeToStop(2);
constexpr long WaitAtATime = 100'000'000; // nanoseconds

std::atomic<bool> HasCrashed = false;
std::atomic<bool> IsLeftBehind = false;
std::set<uint64_t> KnownCrashes;
// Taken by the main thread, and given back to its part of the heap by whoever has crashed.
std::array<std::atomic<void *>, 16> OfMainHeap;

/// What it takes to start again where no memory can be had any more.
class SecondStart {
public:
  void prepare() {
    auto File = MemoryBuffer::getFileAsStream("/proc/self/cmdline");
    if (!File)
      return;
    CommandLine = (*File)->getBuffer().str();
    for (size_t At = 0; At < CommandLine.size(); At += strlen(&CommandLine[At]) + 1)
      Arguments.push_back(&CommandLine[At]);
    Arguments.push_back(nullptr);
    StringRef Given;
    for (char **Each = environ; *Each; ++Each)
      if (StringRef(*Each).consume_front(CrashedBefore))
        Given = StringRef(*Each).substr(sizeof(CrashedBefore));
      else
        Environment.push_back(*Each);
    Length = size_t(std::snprintf(Variable.data(), Variable.size(), "%s=%s", CrashedBefore,
                                  Given.str().c_str()));
    Environment.push_back(Variable.data());
    Environment.push_back(nullptr);
  }

  /// Comes back if that is not possible.
  void go(uint64_t Key) {
    constexpr size_t LengthOfKey = 17;
    if (Arguments.empty() || Length + LengthOfKey >= Variable.size())
      return;
    for (int Shift = 60; Shift >= 0; Shift -= 4)
      Variable[Length++] = "0123456789abcdef"[Key >> Shift & 15];
    Variable[Length++] = ',';
    Variable[Length] = '\0';
    execve("/proc/self/exe", Arguments.data(), Environment.data());
  }

private:
  std::string CommandLine;
  std::vector<char *> Arguments, Environment;
  std::array<char, 4096> Variable = {};
  size_t Length = 0;
};

SecondStart *Again = nullptr; // Lives as long as the process.

// A handler for a stack that is full needs a stack of its own.
class SignalStack {
public:
  SignalStack() : Memory(size_t(SIGSTKSZ) + 65536) {
    stack_t Stack = {};
    Stack.ss_sp = Memory.data();
    Stack.ss_size = Memory.size();
    sigaltstack(&Stack, &Previous);
  }
  ~SignalStack() { sigaltstack(&Previous, nullptr); }
  SignalStack(const SignalStack &) = delete;
  SignalStack &operator=(const SignalStack &) = delete;

private:
  std::vector<char> Memory;
  stack_t Previous = {};
};

/// One thread and who waits for it. After a crash, or left behind, it stays for ever.
struct DeepRun {
  explicit DeepRun(std::function<void()> Work) : Work(std::move(Work)) { sem_init(&Changed, 0, 0); }

  enum State { Running, Finished, Crashed, HeapIsSound };

  void now(State To) {
    Reached = To;
    sem_post(&Changed);
  }

  // Allocators have locks, and whoever crashes inside of one keeps its lock.
  static void probeHeap() {
    void *volatile Memory = std::malloc(ProbeSize);
    std::free(Memory);
    for (std::atomic<void *> &Each : OfMainHeap)
      if (void *Chunk = Each.exchange(nullptr))
        return std::free(Chunk);
  }

  void run() {
    auto Recovery = std::make_unique<CrashRecoveryContext>();
    if (Recovery->RunSafely([&] {
          SignalStack Stack;
          clang::noteBottomOfStack();
          Work();
        })) {
      Recovery.reset();
      return now(Finished);
    }
    // Its end would take apart what the crash has left half done.
    (void)Recovery.release();
    now(Crashed);
    auto *Probing = new (Storage) CrashRecoveryContext;
    if (Probing->RunSafely(probeHeap))
      now(HeapIsSound);
    for (;;)
      pause();
  }

  bool isHeapSound() {
    timespec End = {};
    clock_gettime(CLOCK_REALTIME, &End);
    End.tv_sec += SecondsForProbe;
    while (Reached != HeapIsSound)
      if (sem_timedwait(&Changed, &End) != 0 && errno != EINTR)
        return false;
    return true;
  }

  // Returns false if the work was left behind.
  bool wait(const std::atomic<bool> *Stop) {
    std::optional<std::chrono::steady_clock::time_point> Since;
    while (Reached == Running) {
      if (!Stop) {
        sem_wait(&Changed);
        continue;
      }
      timespec Until = {};
      clock_gettime(CLOCK_REALTIME, &Until);
      Until.tv_nsec += WaitAtATime;
      if (Until.tv_nsec >= 1'000'000'000) {
        Until.tv_nsec -= 1'000'000'000;
        ++Until.tv_sec;
      }
      if (sem_timedwait(&Changed, &Until) == 0 || !*Stop)
        continue;
      auto Now = std::chrono::steady_clock::now();
      if (!Since)
        Since = Now;
      else if (Now - *Since >= TimeToStop)
        return false;
    }
    return true;
  }

  std::function<void()> Work;
  sem_t Changed;
  std::atomic<State> Reached = Running;
  alignas(CrashRecoveryContext) char Storage[sizeof(CrashRecoveryContext)] = {};
};

// No memory can be had here, nor given back.
[[noreturn]] void giveUpHeap(uint64_t Key) {
  static std::atomic_flag IsLeaving = ATOMIC_FLAG_INIT;
  while (IsLeaving.test_and_set())
    pause();
  if (Again)
    Again->go(Key);
  static constexpr char Text[] = "heddle: error: a crash has made memory unusable; start again\n";
  (void)!write(STDERR_FILENO, Text, sizeof(Text) - 1);
  _exit(EX_SOFTWARE);
}

} // namespace

WorkEnd runOnDeepStack(uint64_t Key, std::function<void()> Work, const std::atomic<bool> *Stop) {
  if (KnownCrashes.count(Key))
    return WorkEnd::Crashed;
  auto Run = std::make_unique<DeepRun>(std::move(Work));
  llvm::thread Thread(std::optional<unsigned>(AnalysisStackSize), [Of = Run.get()] { Of->run(); });
  if (!Run->wait(Stop)) {
    IsLeftBehind = true;
    Thread.detach();
    (void)Run.release();
    return WorkEnd::LeftBehind;
  }
  if (Run->Reached == DeepRun::Finished) {
    Thread.join();
    sem_destroy(&Run->Changed);
    return WorkEnd::Done;
  }
  HasCrashed = true;
  if (!Run->isHeapSound())
    giveUpHeap(Key);
  Thread.detach();
  (void)Run.release();
  return WorkEnd::Crashed;
}

bool isWorkLeftBehind() { return IsLeftBehind; }

void enableCrashRecovery(AfterLostHeap What) {
  CrashRecoveryContext::Enable();
  for (int Signal : {SIGSEGV, SIGBUS}) {
    struct sigaction Action;
    sigaction(Signal, nullptr, &Action);
    Action.sa_flags |= SA_ONSTACK;
    sigaction(Signal, &Action, nullptr);
  }
  for (std::atomic<void *> &Each : OfMainHeap)
    Each = std::malloc(ProbeSize);
  if (const char *Given = std::getenv(CrashedBefore))
    for (StringRef Key : split(Given, ','))
      if (uint64_t Number = 0; !Key.getAsInteger(16, Number))
        KnownCrashes.insert(Number);
  if (What == AfterLostHeap::End)
    return;
  Again = new SecondStart;
  Again->prepare();
}

bool hasStartedAgain() { return std::getenv(CrashedBefore) != nullptr; }

int leaveWith(int ExitCode) {
  if (!HasCrashed && !IsLeftBehind)
    return ExitCode;
  outs().flush();
  errs().flush();
  _exit(ExitCode);
}

} // namespace heddle
