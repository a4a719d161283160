#include "driver/output/Utf16.h"

#include "llvm/Support/ConvertUTF.h"

using namespace llvm;

namespace heddle {

void forEachUtf16Unit(StringRef Utf8, function_ref<void(uint16_t)> Visit) {
  auto *At = reinterpret_cast<const UTF8 *>(Utf8.begin());
  auto *End = reinterpret_cast<const UTF8 *>(Utf8.end());
  while (At != End) {
    UTF32 Point;
    if (*At < 0x80) {
      Visit(*At++);
    } else if (convertUTF8Sequence(&At, End, &Point, strictConversion) != conversionOK) {
      Visit(0xFFFD);
      ++At;
    } else if (Point < 0x10000) {
      Visit(Point);
    } else {
      Visit(0xD800 + ((Point - 0x10000) >> 10));
      Visit(0xDC00 + ((Point - 0x10000) & 0x3FF));
    }
  }
}

unsigned utf16Length(StringRef Utf8) {
  unsigned Length = 0;
  forEachUtf16Unit(Utf8, [&](uint16_t) { ++Length; });
  return Length;
}

} // namespace heddle
