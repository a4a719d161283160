// Error group: several different jobs for one result; the first error cancels the others.
#include <heddle/heddle.h>

#include <cstdio>
#include <system_error>

int main() {
  heddle::error_group group(heddle::background());
  group.go([](const heddle::context &ctx) {
    // A slow job looks at its context.
    if (!heddle::sleep_for(ctx, std::chrono::hours(1)))
      std::printf("slow job: %s\n", ctx.err().message().c_str());
  });
  group.go([] { return std::make_error_code(std::errc::connection_refused); });
  try {
    group.wait();
  } catch (const std::system_error &error) {
    std::printf("%s\n", error.what());
  }
}
