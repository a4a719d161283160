// Reads vocabulary files. Stricter than the schema needs to be: a word with a typing error in it
// would otherwise be silently without effect, and a finding that never comes goes unnoticed.
#include "model/vocabulary/VocabularyFile.h"

#include "model/vocabulary/JsonReader.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace heddle {
namespace {

/// The keys of an entry that depend on its effect, as a set of bits.
enum Keys : uint64_t {
  None = 0,
  Lock = 1 << 0,
  Handle = 1 << 1,
  Callable = 1 << 2,
  Arguments = 1 << 3,
  Object = 1 << 4,
  Source = 1 << 5,
  Order = 1 << 6,
  Channel = 1 << 7,
  Value = 1 << 8,
  Capacity = 1 << 9,
  Parent = 1 << 10,
  Count = 1 << 11,
  Context = 1 << 12,
  Cancel = 1 << 13,
  Shared = 1 << 14,
  Succeeds = 1 << 15,
  State = 1 << 16,
  Replacement = 1 << 17,
  Local = 1 << 18,
  OldValue = 1 << 19,
  FailureOrder = 1 << 20,
  StrongForm = 1 << 21,
  ExchangeForm = 1 << 22,
  UpdateForm = 1 << 23,
  Method = 1 << 24,
  Signal = 1 << 25,
  Faults = 1 << 26,
  Uninitialized = 1 << 28,
  AnyMode = 1 << 29,
  Does = 1 << 30,
  Bounded = 1ULL << 31,
  Cancels = 1ULL << 32,
  UntilSignal = 1ULL << 33,
  Errors = 1ULL << 40,
  Served = 1ULL << 34,
};

/// Where the value of a key goes.
template <typename T> struct KeyRow {
  StringLiteral Name;
  T CallMeaning::*Member;
  Keys Bit;
};

constexpr KeyRow<Operand> OperandKeys[] = {
    {"lock", &CallMeaning::Lock, Lock},
    {"handle", &CallMeaning::Handle, Handle},
    {"callable", &CallMeaning::Callable, Callable},
    {"arguments", &CallMeaning::Arguments, Arguments},
    {"object", &CallMeaning::Object, Object},
    {"source", &CallMeaning::Source, Source},
    {"order", &CallMeaning::Order, Order},
    {"channel", &CallMeaning::Channel, Channel},
    {"value", &CallMeaning::Value, Value},
    {"capacity", &CallMeaning::Capacity, Capacity},
    {"parent", &CallMeaning::Parent, Parent},
    {"count", &CallMeaning::Count, Count},
    {"context", &CallMeaning::Context, Context},
    {"cancel", &CallMeaning::Cancel, Cancel},
    {"expected", &CallMeaning::Expected, OldValue},
    {"failure-order", &CallMeaning::FailureOrder, FailureOrder},
    {"signal", &CallMeaning::Signal, Signal},
};

constexpr KeyRow<bool> FlagKeys[] = {
    {"shared", &CallMeaning::Shared, Shared},
    {"any-mode", &CallMeaning::AnyMode, AnyMode},
    {"bounded", &CallMeaning::Bounded, Bounded},
    {"uninitialized", &CallMeaning::Uninitialized, Uninitialized},
    {"cancels", &CallMeaning::Cancels, Cancels},
    {"served", &CallMeaning::Served, Served},
    {"until-signal", &CallMeaning::UntilSignal, UntilSignal},
};

constexpr KeyRow<std::string> TextKeys[] = {
    {"strong-form", &CallMeaning::StrongForm, StrongForm},
    {"exchange-form", &CallMeaning::ExchangeForm, ExchangeForm},
    {"update-form", &CallMeaning::UpdateForm, UpdateForm},
    {"state", &CallMeaning::State, State},
    {"replacement", &CallMeaning::Replacement, Replacement},
    {"local", &CallMeaning::Local, Local},
    {"method", &CallMeaning::Method, Method},
    {"does", &CallMeaning::Does, Does},
};

constexpr struct {
  StringLiteral Name;
  Effect What;
  uint64_t Needed, Optional;
} Effects[] = {
    {"acquire", Effect::Acquire, Lock, Shared},
    {"try-acquire", Effect::TryAcquire, Lock | Succeeds, Shared},
    {"release", Effect::Release, Lock, Shared | AnyMode},
    {"acquire-all", Effect::AcquireAll, Lock, None},
    {"none-held", Effect::NoneHeld, None, None},
    {"lock-init", Effect::LockInit, Lock, Value},
    {"lock-kind", Effect::LockKind, Object | Value, None},
    {"lock-robust", Effect::LockRobust, Object, None},
    {"guard-acquire", Effect::GuardAcquire, Lock, Shared | Source},
    {"guard-try-acquire", Effect::GuardTryAcquire, Lock, Shared | Succeeds | Source},
    {"guard-release", Effect::GuardRelease, Lock, Shared},
    {"guard-disown", Effect::GuardDisown, Lock, None},
    {"guard-owns", Effect::GuardOwns, Lock, None},
    {"guard-swap", Effect::GuardSwap, Lock | Source, None},
    {"spawn", Effect::Spawn, Callable, Arguments | Handle | Method | Served},
    {"serve", Effect::Serve, Handle, None},
    {"parallel-call", Effect::ParallelCall, Callable, Arguments},
    {"join", Effect::Join, Handle, None},
    {"detach", Effect::Detach, Handle, None},
    {"ready", Effect::Ready, None, Object | State},
    {"joinable", Effect::Joinable, Handle, None},
    {"stop-thread", Effect::StopThread, Handle, Cancels},
    {"cancellation-point", Effect::CancelPoint, None, None},
    {"hold-cancellation", Effect::HoldCancel, None, None},
    {"cleanup-push", Effect::CleanupPush, None, None},
    {"cleanup-pop", Effect::CleanupPop, None, None},
    {"thread-exit", Effect::ThreadExit, None, None},
    {"call-now", Effect::CallNow, Callable, Arguments},
    {"call-once", Effect::CallOnce, Callable, Arguments | Object},
    {"signal", Effect::Signal, Object, Count | State},
    {"wait", Effect::Wait, Object, State},
    {"signal-and-wait", Effect::SignalAndWait, Object, None},
    {"condition-wait", Effect::ConditionWait, Object | Lock, Callable | Bounded},
    {"expect", Effect::Expect, Object, Count},
    {"atomic-load", Effect::AtomicLoad, Object, Order},
    {"atomic-store", Effect::AtomicStore, Object, Order | Value | ExchangeForm | UpdateForm},
    {"atomic-update", Effect::AtomicUpdate, None,
     Object | Order | Value | OldValue | FailureOrder | StrongForm | Succeeds},
    {"memory-write", Effect::MemoryWrite, Object, Source},
    {"memory-read", Effect::MemoryRead, Object, None},
    {"allocate", Effect::Allocate, None, Arguments | Object | Uninitialized},
    {"deallocate", Effect::Deallocate, Object, None},
    {"same-value", Effect::SameValue, Object, Count},
    {"address-of", Effect::AddressOf, Object, None},
    {"pointee", Effect::Pointee, Object, None},
    {"element", Effect::Element, Object, None},
    {"destroy-elements", Effect::DestroyElements, Object, None},
    {"exchange", Effect::Exchange, Object | Source, None},
    {"replace", Effect::Replace, Object | Source, None},
    {"observe", Effect::Observe, Object, None},
    {"insert-element", Effect::InsertElement, Object, None},
    {"remove-element", Effect::RemoveElement, Object, Method},
    {"erase-element", Effect::EraseElement, Object | Source, None},
    {"let-go", Effect::LetGo, Object, None},
    {"dismiss", Effect::Dismiss, Object, None},
    {"bind", Effect::Bind, Callable, Arguments},
    {"channel-make", Effect::ChannelMake, None, Capacity},
    {"send", Effect::Send, Channel, Value | Context},
    {"try-send", Effect::TrySend, Channel, Value | Succeeds},
    {"receive", Effect::Receive, Channel, Context},
    {"try-receive", Effect::TryReceive, Channel, Succeeds},
    {"close", Effect::Close, Channel, None},
    {"select-receive", Effect::SelectReceive, Channel, Callable},
    {"select-send", Effect::SelectSend, Channel, Value | Callable},
    {"context-root", Effect::ContextRoot, None, None},
    {"context-todo", Effect::ContextTodo, None, None},
    {"context-derive", Effect::ContextDerive, Parent, None},
    {"cancel-call", Effect::CancelCall, Cancel, None},
    {"context-done", Effect::ContextDone, Context, None},
    {"semaphore-init", Effect::SemaphoreInit, Object | Count, None},
    {"semaphore-acquire", Effect::SemaphoreAcquire, Object, Count},
    {"semaphore-try-acquire", Effect::SemaphoreTryAcquire, Object | Succeeds, Count},
    {"semaphore-release", Effect::SemaphoreRelease, Object, Count},
    {"stop-request", Effect::StopRequest, Object, None},
    {"block", Effect::Block, Does, Object | Lock | Bounded | UntilSignal | State | Errors},
    {"thread-number", Effect::ThreadNumber, None, None},
    {"thread-unsafe", Effect::ThreadUnsafe, State, Replacement | Local | Shared},
    {"at-exit", Effect::AtExit, Callable, None},
    {"at-fork", Effect::AtFork, Callable, None},
    {"fork", Effect::Fork, None, None},
    {"install-handler", Effect::InstallHandler, Callable, Signal | Faults},
    {"signal-unsafe", Effect::SignalUnsafe, State, None},
    {"sets-errno", Effect::SetsErrno, None, None},
    {"errno-location", Effect::ErrnoLocation, None, None},
    {"raise-signal", Effect::RaiseSignal, None, None},
    {"block-signals", Effect::BlockSignals, None, None},
    {"abort", Effect::Abort, None, None},
    {"jump", Effect::Jump, None, None},
    {"jump-target", Effect::JumpTarget, None, None},
};

constexpr struct {
  StringLiteral Name;
  TypeRole Role;
} Roles[] = {
    {"mutex", TypeRole::Mutex},
    {"guard", TypeRole::Guard},
    {"defer-tag", TypeRole::DeferTag},
    {"adopt-tag", TypeRole::AdoptTag},
    {"try-tag", TypeRole::TryTag},
    {"thread", TypeRole::Thread},
    {"thread-id", TypeRole::ThreadId},
    {"future", TypeRole::Future},
    {"atomic", TypeRole::Atomic},
    {"smart-pointer", TypeRole::SmartPointer},
    {"container", TypeRole::Container},
    {"callable", TypeRole::Callable},
    {"reference", TypeRole::Reference},
    {"channel", TypeRole::Channel},
    {"sender", TypeRole::Sender},
    {"receiver", TypeRole::Receiver},
    {"context", TypeRole::Context},
    {"cancel", TypeRole::Cancel},
    {"deferred", TypeRole::Deferred},
    {"wait-group", TypeRole::WaitGroup},
    {"semaphore", TypeRole::Semaphore},
    {"condition", TypeRole::Condition},
    {"barrier", TypeRole::Barrier},
    {"sync-object", TypeRole::SyncObject},
    {"stop-source", TypeRole::StopSource},
    {"stop-token", TypeRole::StopToken},
    {"unit", TypeRole::Unit},
};

constexpr struct {
  StringLiteral Name;
  bool TypeMeaning::*Member;
} TypeFlags[] = {
    {"shared", &TypeMeaning::Shared},
    {"recursive", &TypeMeaning::Recursive},
    {"chosen-kind", &TypeMeaning::ChosenKind},
    {"lenient", &TypeMeaning::Lenient},
    {"joins-on-destroy", &TypeMeaning::JoinsOnDestroy},
    {"terminates-on-destroy", &TypeMeaning::TerminatesOnDestroy},
    {"stable-elements", &TypeMeaning::StableElements},
    {"stops-on-destroy", &TypeMeaning::StopsOnDestroy},
    {"single-element", &TypeMeaning::SingleElement},
    {"sole-owner", &TypeMeaning::SoleOwner},
    {"allows-atomic", &TypeMeaning::AllowsAtomic},
};

constexpr struct {
  StringLiteral Name;
  std::string TypeMeaning::*Member;
} TypeTexts[] = {
    {"header", &TypeMeaning::Header},
    {"guard-form", &TypeMeaning::GuardForm},
    {"lock-replacement", &TypeMeaning::LockReplacement},
    {"guard-replacement", &TypeMeaning::GuardReplacement},
    {"stop-test", &TypeMeaning::StopTest},
    {"stoppable-replacement", &TypeMeaning::StoppableReplacement},
    {"shared-form", &TypeMeaning::SharedForm},
    {"shared-form-header", &TypeMeaning::SharedFormHeader},
    {"exclusive-form", &TypeMeaning::ExclusiveForm},
    {"locks-by", &TypeMeaning::LocksBy},
    {"copy-form", &TypeMeaning::CopyForm},
    {"receive-end", &TypeMeaning::ReceiveEnd},
    {"deferrer", &TypeMeaning::Deferrer},
};

using Names = SmallVector<StringRef, 64>;

template <typename Table> Names namesOf(const Table &Rows) {
  Names Result;
  for (const auto &Row : Rows)
    Result.push_back(Row.Name);
  return Result;
}

class Reader : JsonReader {
public:
  explicit Reader(StringRef FileName) : JsonReader(FileName) {}

  Expected<VocabularyFile> read(StringRef Text) {
    Json Root;
    if (Error E = parse(Text, Root))
      return E;
    if (Error E = file({Root, ""}))
      return E;
    return std::move(Out);
  }

private:
  Error file(const Place &Root);
  Error type(StringRef Name, const Place &At);
  Error alias(StringRef Name, const Place &At);
  Error callEntry(const Place &At);
  Error effectKeys(const Place &At, uint64_t Needed, uint64_t Optional, StringRef EffectName,
                   CallMeaning &Meaning);
  Error operand(const Place &At, Operand &Result);
  Error argumentLimit(const Place &At, uint8_t &Result);
  Error parameterTests(const Place &At, bool Negated, CallMeaning &Meaning);
  Error name(const Place &At, StringRef Name);

  VocabularyFile Out;
};

Error Reader::name(const Place &At, StringRef Name) {
  StringRef Plain = Name.substr(0, Name.find("operator"));
  if (Name.empty() || Name.starts_with("::") || Name.ends_with("::") ||
      Plain.find_first_of("<>()[]* ") != StringRef::npos)
    return fail(At, "\"" + Name +
                        "\" is not a qualified name; write it without leading \"::\", template "
                        "arguments and parameters, as in \"std::vector::push_back\"");
  return Error::success();
}

Error Reader::file(const Place &Root) {
  if (Error E =
          object(Root, "a vocabulary file", {"$schema", "library", "types", "aliases", "calls"}))
    return E;
  if (std::string Library; Root.has("library"))
    if (Error E = text(Root["library"], Library))
      return E;
  for (StringRef Key : {"types", "aliases"}) {
    if (!Root.has(Key))
      continue;
    Place Entries = Root[Key];
    if (!Entries.Value.is_object())
      return fail(Entries, "must be an object with qualified names as keys");
    for (const auto &Item : Entries.Value.items()) {
      if (Error E = name(Entries, Item.key()))
        return E;
      Place At = Entries[Item.key()];
      if (Error E = Key == "types" ? type(Item.key(), At) : alias(Item.key(), At))
        return E;
    }
  }
  if (!Root.has("calls"))
    return Error::success();
  Place Calls = Root["calls"];
  if (!Calls.Value.is_array())
    return fail(Calls, "must be a list of entries, each with \"names\" and \"effect\"");
  for (size_t I = 0; I < Calls.Value.size(); ++I)
    if (Error E = callEntry(Calls[I]))
      return E;
  return Error::success();
}

Error Reader::type(StringRef Name, const Place &At) {
  Names Accepted{"role"};
  append_range(Accepted, namesOf(TypeFlags));
  append_range(Accepted, namesOf(TypeTexts));
  if (Error E = object(At, "a type", Accepted))
    return E;
  if (!At.has("role"))
    return fail(At, "needs \"role\", one of: " + join(namesOf(Roles), ", "));
  TypeMeaning &Meaning = Out.Types[Name];
  std::string Role;
  if (Error E = text(At["role"], Role))
    return E;
  const auto *Row = find_if(Roles, [&](const auto &R) { return R.Name == Role; });
  if (Row == std::end(Roles))
    return fail(At["role"],
                "unknown role \"" + Role + "\"" + acceptedInstead(Role, namesOf(Roles)));
  Meaning.Role = Row->Role;
  for (const auto &Flag : TypeFlags)
    if (At.has(Flag.Name))
      if (Error E = flag(At[Flag.Name], Meaning.*Flag.Member))
        return E;
  for (const auto &Text : TypeTexts)
    if (At.has(Text.Name))
      if (Error E = text(At[Text.Name], Meaning.*Text.Member))
        return E;
  StringRef Form = Meaning.GuardForm;
  if (!Form.empty() && !(Form.contains("{name}") && Form.contains("{lock}")))
    return fail(At["guard-form"],
                "must be a declaration with \"{name}\" and \"{lock}\" in it, as in "
                "\"std::lock_guard<{type}> {name}({lock})\"");
  StringRef Header = Meaning.Header;
  bool IsWritten = (Header.starts_with("<") && Header.ends_with(">")) ||
                   (Header.starts_with("\"") && Header.ends_with("\""));
  if (!Header.empty() && !(IsWritten && Header.size() > 2))
    return fail(At["header"], "must be written as behind #include, with its brackets or quotes");
  return Error::success();
}

Error Reader::alias(StringRef Name, const Place &At) {
  std::string &Target = Out.Aliases[Name];
  if (Error E = text(At, Target))
    return E;
  return name(At, Target);
}

Error Reader::operand(const Place &At, Operand &Result) {
  std::string Written;
  if (Error E = text(At, Written))
    return E;
  StringRef Rest = Written;
  if (Rest == "this" || Rest == "return") {
    Result.What = Rest == "this" ? Operand::Kind::This : Operand::Kind::Return;
    return Error::success();
  }
  Result.What = Rest.consume_front("*")   ? Operand::Kind::Pointee
                : Rest.consume_back("..") ? Operand::Kind::From
                                          : Operand::Kind::Argument;
  if (Rest.getAsInteger(10, Result.Index))
    return fail(At, "\"" + Written +
                        "\" names no value; write \"this\", \"return\", an argument (\"2\"), what "
                        "it points to (\"*2\") or all arguments from there on (\"2..\")");
  return Error::success();
}

Error Reader::argumentLimit(const Place &At, uint8_t &Result) {
  // 0xFF stands for "any number".
  if (!At.Value.is_number_unsigned() || At.Value.get<uint64_t>() >= 0xFF)
    return fail(At, "must be a number of arguments, from 0 to 254");
  Result = At.Value.get<uint8_t>();
  return Error::success();
}

Error Reader::parameterTests(const Place &At, bool Negated, CallMeaning &Meaning) {
  StringRef Form = "must be an object from a parameter's position to a type or a constant, as in "
                   "{\"0\": \"std::launch\"}";
  if (!At.Value.is_object() || At.Value.empty())
    return fail(At, Form);
  for (const auto &Item : At.Value.items()) {
    ParameterTest &Test = Meaning.Tests.emplace_back();
    Test.Negated = Negated;
    if (StringRef(Item.key()).getAsInteger(10, Test.Index))
      return fail(At, Form);
    if (Item.value().is_number_integer()) {
      Test.Constant = Item.value().get<int64_t>();
      continue;
    }
    if (Place Bits = At[Item.key()]; Item.value().is_object()) {
      if (Error E = object(Bits, "a test of bits", {"bits"}))
        return E;
      if (!Bits.has("bits") || !Bits["bits"].Value.is_number_integer())
        return fail(Bits, "needs \"bits\", a number");
      Test.Constant = Bits["bits"].Value.get<int64_t>();
      Test.IsBits = true;
      continue;
    }
    if (Error E = text(At[Item.key()], Test.Type))
      return E;
    if (Error E = name(At[Item.key()], Test.Type))
      return E;
  }
  return Error::success();
}

Error Reader::effectKeys(const Place &At, uint64_t Needed, uint64_t Optional, StringRef EffectName,
                         CallMeaning &Meaning) {
  Names Accepted{"names", "effect", "min-arguments", "max-arguments", "when", "unless"};
  auto Accept = [&](StringRef Name, uint64_t Bit) -> Error {
    if ((Needed | Optional) & Bit)
      Accepted.push_back(Name);
    if ((Needed & Bit) && !At.has(Name))
      return fail(At, "effect \"" + EffectName + "\" needs \"" + Name + "\"");
    return Error::success();
  };
  for (const auto &Key : OperandKeys)
    if (Error E = Accept(Key.Name, Key.Bit))
      return E;
  for (const auto &Key : FlagKeys)
    if (Error E = Accept(Key.Name, Key.Bit))
      return E;
  if (Error E = Accept("succeeds", Succeeds))
    return E;
  if (Error E = Accept("faults", Faults))
    return E;
  if (Error E = Accept("unless-error", Errors))
    return E;
  for (const auto &Key : TextKeys)
    if (Error E = Accept(Key.Name, Key.Bit))
      return E;
  if (Error E = object(At, "an entry with effect \"" + EffectName.str() + "\"", Accepted))
    return E;

  for (const auto &Key : OperandKeys)
    if (At.has(Key.Name))
      if (Error E = operand(At[Key.Name], Meaning.*Key.Member))
        return E;
  for (const auto &Key : TextKeys)
    if (At.has(Key.Name))
      if (Error E = text(At[Key.Name], Meaning.*Key.Member))
        return E;
  for (const auto &Key : FlagKeys)
    if (At.has(Key.Name))
      if (Error E = flag(At[Key.Name], Meaning.*Key.Member))
        return E;
  if (At.has("succeeds")) {
    std::string Value;
    if (Error E = text(At["succeeds"], Value))
      return E;
    if (Value != "true" && Value != "zero")
      return fail(At["succeeds"], "must be \"true\" or \"zero\": what the call returns on success");
    Meaning.SucceedsOnZero = Value == "zero";
    Meaning.Replaces = Meaning.What == Effect::AtomicUpdate;
  }
  if (At.has("unless-error"))
    return numbers(At["unless-error"], Meaning.Errors);
  if (At.has("faults"))
    return numbers(At["faults"], Meaning.Faults);
  return Error::success();
}

Error Reader::callEntry(const Place &At) {
  if (!At.Value.is_object())
    return fail(At, "must be an object with \"names\", \"effect\" and the operands of the effect");
  for (StringRef Key : {"names", "effect"})
    if (!At.has(Key))
      return fail(At, "needs \"" + Key + "\"");
  std::vector<std::string> Functions;
  if (Error E = strings(At["names"], "qualified names", Functions))
    return E;
  for (const auto &[Index, Function] : enumerate(Functions))
    if (Error E = name(At["names"].Value.is_array() ? At["names"][Index] : At["names"], Function))
      return E;
  std::string EffectName;
  if (Error E = text(At["effect"], EffectName))
    return E;
  const auto *Row = find_if(Effects, [&](const auto &R) { return R.Name == EffectName; });
  if (Row == std::end(Effects))
    return fail(At["effect"], "unknown effect \"" + EffectName + "\"" +
                                  acceptedInstead(EffectName, namesOf(Effects)));
  CallMeaning Meaning{};
  Meaning.What = Row->What;
  if (Error E = effectKeys(At, Row->Needed, Row->Optional, EffectName, Meaning))
    return E;
  if (At.has("min-arguments"))
    if (Error E = argumentLimit(At["min-arguments"], Meaning.MinArguments))
      return E;
  if (At.has("max-arguments"))
    if (Error E = argumentLimit(At["max-arguments"], Meaning.MaxArguments))
      return E;
  if (Meaning.MinArguments > Meaning.MaxArguments)
    return fail(At, "\"min-arguments\" is greater than \"max-arguments\": no call has that many");
  for (StringRef Key : {"when", "unless"})
    if (At.has(Key))
      if (Error E = parameterTests(At[Key], Key == "unless", Meaning))
        return E;
  for (const std::string &Function : Functions)
    Out.Calls[Function].push_back(Meaning);
  return Error::success();
}

} // namespace

Expected<VocabularyFile> VocabularyFile::parse(StringRef Text, StringRef Name) {
  return Reader(Name).read(Text);
}

} // namespace heddle
