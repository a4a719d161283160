#!/usr/bin/env bash
# Sets everything up on Debian 12: installs packages, builds build/bin/heddle and shows what it
# finds in the example. May be run again at any time; what is there already is left alone.
#
#   scripts/setup.sh            all of it
#   scripts/setup.sh --build    packages and build, without the example
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  ca-certificates git python3                                   # the ground to stand on
  cmake ninja-build ccache clang-22                             # to build
  libclang-22-dev libclang-cpp22-dev llvm-22-dev nlohmann-json3-dev libboost-context-dev
  llvm-22-tools libclang-rt-22-dev clang-format-22 clang-tidy-22  # to test
  libomp-22-dev nodejs npm spin
  pre-commit python3-yaml lintian mandoc man-db dpkg-dev jq    # to test the integrations and packages
  libzstd-dev zlib1g-dev                                       # to link the tool that npm carries
  neovim vim vim-ale emacs-nox elpa-eglot clangd-22            # the editors that the server is tested in
)

# A package, or for those that people like to get elsewhere, its command.
is_installed() {
  case $1 in
    nodejs) command -v node >/dev/null && return ;;
    npm | git | cmake | ccache | python3) command -v "$1" >/dev/null && return ;;
    ninja-build) command -v ninja >/dev/null && return ;;
    neovim) command -v nvim >/dev/null && return ;;
    emacs-nox) command -v emacs >/dev/null && return ;;
  esac
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

install_packages() {
  local missing=() package
  for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  if ((${#missing[@]} == 0)); then
    return
  fi
  echo "== installing, which may take some minutes: ${missing[*]}"
  if ! command -v apt-get >/dev/null; then
    echo "setup: this script knows Debian 12; elsewhere, install what these packages bring." >&2
    exit 1
  fi
  local as_root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      echo "setup: not root and no sudo: let somebody install the packages above." >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update --quiet --quiet
  if ! apt-cache show clang-22 >/dev/null 2>&1; then
    echo "setup: there is no package clang-22. In Debian 12 it is in bookworm-security:" >&2
    echo "add that suite to the sources of apt and run this again." >&2
    exit 1
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --quiet --quiet --no-install-recommends "${missing[@]}" >/dev/null
}

build() {
  echo "== building"
  cmake --preset default --log-level=WARNING
  cmake --build build -j "$(nproc)"
}

show_example() {
  echo "== build/bin/heddle -p build/first-findings"
  cmake -S examples/first-findings -B build/first-findings -G Ninja --log-level=WARNING \
    -DCMAKE_CXX_COMPILER=clang++-22
  local status=0
  build/bin/heddle -p build/first-findings || status=$?
  if ((status != 1)); then
    echo "setup: findings were expected in the example, which is exit code 1, not $status." >&2
    exit 1
  fi
  echo
  echo "These were the bugs of examples/first-findings. For your own project: build/bin/heddle -p DIR,"
  echo "where DIR holds its compile_commands.json."
}

install_packages
build
if [[ ${1-} != --build ]]; then
  show_example
fi
