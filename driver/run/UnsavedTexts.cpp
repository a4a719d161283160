#include "driver/run/UnsavedTexts.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/xxhash.h"

namespace heddle {
namespace {

class UnsavedOverDisk : public llvm::vfs::ProxyFileSystem {
public:
  explicit UnsavedOverDisk(const UnsavedTexts &Unsaved)
      : ProxyFileSystem(llvm::vfs::createPhysicalFileSystem()),
        Memory(llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>()) {
    for (const auto &[Path, Text] : Unsaved) {
      // A text's time is made from what it says: the preamble stays good as long as the headers
      // say the same.
      Memory->addFileNoOwn(Path, llvm::xxh3_64bits(*Text) & 0x3fffffff,
                           llvm::MemoryBufferRef(*Text, Path));
      llvm::sys::fs::UniqueID Id;
      if (!llvm::sys::fs::getUniqueID(Path, Id))
        OnDisk.emplace(Id, Path);
    }
  }

  std::error_code setCurrentWorkingDirectory(const llvm::Twine &Path) override {
    (void)Memory->setCurrentWorkingDirectory(Path);
    return ProxyFileSystem::setCurrentWorkingDirectory(Path);
  }

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine &Path) override {
    auto Unsaved = Memory->status(Path);
    if (Unsaved && !Unsaved->isDirectory())
      return Unsaved;
    auto Found = ProxyFileSystem::status(Path);
    if (!Found)
      return Unsaved ? Unsaved : Found;
    const std::string *Name = unsaved(*Found);
    if (!Name)
      return Found;
    Unsaved = Memory->status(*Name);
    return Unsaved ? llvm::vfs::Status::copyWithNewName(*Unsaved, Path) : Unsaved;
  }

  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>>
  openFileForRead(const llvm::Twine &Path) override {
    if (auto Unsaved = Memory->openFileForRead(Path))
      return Unsaved;
    auto Found = ProxyFileSystem::openFileForRead(Path);
    if (!Found)
      return Found;
    auto Status = (*Found)->status();
    const std::string *Name = Status ? unsaved(*Status) : nullptr;
    if (!Name)
      return Found;
    return llvm::vfs::File::getWithPath(Memory->openFileForRead(*Name), Path);
  }

private:
  const std::string *unsaved(const llvm::vfs::Status &Of) const {
    auto Found = OnDisk.find(Of.getUniqueID());
    return Found == OnDisk.end() ? nullptr : &Found->second;
  }

  llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> Memory;
  std::map<llvm::sys::fs::UniqueID, std::string> OnDisk;
};

} // namespace

llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> diskWith(const UnsavedTexts &Texts) {
  if (Texts.empty())
    return llvm::vfs::createPhysicalFileSystem();
  return llvm::makeIntrusiveRefCnt<UnsavedOverDisk>(Texts);
}

} // namespace heddle
