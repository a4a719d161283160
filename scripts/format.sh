#!/usr/bin/env bash
# Formats all of our C++ and C as .clang-format says; with --check, only complains.
set -euo pipefail
cd "$(dirname "$0")/.."

how=(-i)
if [[ ${1-} == --check ]]; then
  how=(--dry-run --Werror)
fi
find runtime rules model checks driver examples test -name node_modules -prune -o \
  -type f \( -name '*.h' -o -name '*.cpp' -o -name '*.c' \) -print0 |
  xargs -0 clang-format-22 "${how[@]}"
