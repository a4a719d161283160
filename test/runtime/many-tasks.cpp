// RUN: %runtime_cxx -O1 %s %runtime_lib -o %t && %t
// A hundred thousand tasks wait at the same time, each on at most 16 KiB of memory, and a few
// mappings serve them all.
#include "check.h"
#include "heddle/heddle.h"

#include <fstream>
#include <string>
#include <unistd.h>

static long resident_bytes() {
  std::ifstream file("/proc/self/statm");
  long pages = 0;
  file >> pages >> pages;
  return pages * sysconf(_SC_PAGESIZE);
}

static long mappings() {
  std::ifstream file("/proc/self/maps");
  long count = 0;
  for (std::string line; std::getline(file, line);)
    ++count;
  return count;
}

int main() {
  constexpr long count = 100'000;
  auto parked = heddle::make_channel<heddle::unit>();
  auto go_on = heddle::make_channel<heddle::unit>();
  const long before = resident_bytes();
  heddle::wait_group group;
  for (long i = 0; i < count; ++i)
    group.go([parked, go_on] {
      parked.send({});
      (void)go_on.receive();
    });
  for (long i = 0; i < count; ++i)
    (void)parked.receive();
  const long each = (resident_bytes() - before) / count;
  std::printf("%ld bytes each, %ld mappings\n", each, mappings());
  CHECK(each <= 16 * 1024);
  CHECK(mappings() < 20'000);

  go_on.close();
  group.wait();
  CHECK(heddle::leak_check().empty());

  // Their stacks serve again.
  std::atomic<long> ran = 0;
  for (long i = 0; i < count; ++i)
    group.go([&ran] { ++ran; });
  group.wait();
  CHECK(ran == count);
}
