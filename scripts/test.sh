#!/usr/bin/env bash
# Runs every test; sets up and builds first. Each step counts as one test, and each lit test as
# one. The last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.."

passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

step() { # TITLE COMMAND...
  echo "== $1"
  local begin=$SECONDS
  if "${@:2}" >"$log" 2>&1; then
    passed=$((passed + 1))
    echo "ok ($((SECONDS - begin)) s)"
  else
    failed=$((failed + 1))
    cat "$log"
    echo "FAILED: $1"
  fi
}

finish() {
  echo "$passed passed, $failed failed"
  exit $((failed != 0))
}

tidy() {
  local root
  root=$(printf %s "$PWD" | sed 's/[][\.*^$+?(){}|]/\\&/g')
  run-clang-tidy-22 -quiet -j "$(nproc)" -p build "^$root/(runtime|rules|model|checks|driver)/.*\.cpp$"
}

rule_tests() {
  cmake --build build --target check 2>&1 | tee "$log" | grep -vE '^[0-9]+ passed, [0-9]+ failed$'
  local counts
  counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -1)
  if [[ $counts =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]] &&
    ((BASH_REMATCH[1] + BASH_REMATCH[2] > 0)); then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
  else
    failed=$((failed + 1))
    echo "FAILED: lit did not run"
  fi
}

# Shown as it goes: a clean build takes minutes.
echo "== packages and build, warnings as errors"
if scripts/setup.sh --build; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
  echo "FAILED: the build"
  finish
fi
step "validators from npm" npm ci --prefix test/tools
step "the VS Code extension's parts from npm" npm ci --ignore-scripts --prefix integrations/vscode
step "formatting (scripts/format.sh)" scripts/format.sh --check
step "documentation (scripts/generate-docs)" scripts/generate-docs --check
step "clang-tidy" tidy
step "Heddle on Heddle" build/bin/heddle -p build
echo "== lit"
rule_tests
finish
